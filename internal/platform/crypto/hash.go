package crypto

import (
	"fmt"
	"strconv"

	"github.com/tink-crypto/tink-go/v2/prf"
)

// macSize is the length of a MAC or digest in bytes: all of HMAC-SHA256.
const macSize = 32

// MAC authenticates parts under the primary key of a hashing purpose and names that key. Keep both; a rotation
// does not touch what was written. Each part is hashed with its length, so "ab","c" and "a","bc" differ.
// It panics for a purpose that does not hash: a mistake of the program that its first run shows.
func (r *Ring) MAC(p Purpose, parts ...[]byte) (id string, mac []byte) {
	hashes := r.hashes(p)
	primary := hashes.ids[0]
	return keyID(primary), compute(hashes.set.PRFs[primary], join("mac", parts...))
}

// VerifyMAC tells in constant time whether mac is the MAC of the parts under the named key; false for a key that
// is retired or unknown.
func (r *Ring) VerifyMAC(p Purpose, id string, mac []byte, parts ...[]byte) bool {
	number, ok := parseKeyID(id)
	if !ok {
		return false
	}
	hash, ok := r.hashes(p).set.PRFs[number]
	return ok && Equal(compute(hash, join("mac", parts...)), mac)
}

// TokenHash is what the database keeps of a bearer token: enough to find it, useless to whoever reads the table.
func (r *Ring) TokenHash(token string) []byte { return r.TokenHashes(token)[0] }

// TokenHashes are the hashes of a token under all live keys, the current one first: tokens given out before a
// rotation stay valid.
func (r *Ring) TokenHashes(token string) [][]byte {
	hashes := r.hashes(Session)
	all := make([][]byte, len(hashes.ids))
	for i, id := range hashes.ids {
		all[i] = compute(hashes.set.PRFs[id], join("token", token))
	}
	return all
}

func (r *Ring) hashes(p Purpose) hashSet {
	hashes, ok := r.keys.Load().hashes[p]
	if !ok {
		panic(fmt.Sprintf("crypto: purpose %q does not hash", p))
	}
	return hashes
}

// compute runs a PRF for a full-length output, which HMAC-SHA256 can always give.
func compute(hash prf.PRF, input []byte) []byte {
	out, err := hash.ComputePRF(input, macSize)
	if err != nil {
		panic(fmt.Sprintf("crypto: hash %d bytes: %v", len(input), err))
	}
	return out
}

// keyID writes the number of a Tink key as the text that rows keep.
func keyID(number uint32) string { return fmt.Sprintf("%08x", number) }

func parseKeyID(id string) (uint32, bool) {
	number, err := strconv.ParseUint(id, 16, 32)
	return uint32(number), err == nil && len(id) == 8
}
