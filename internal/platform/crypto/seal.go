package crypto

import (
	"encoding/binary"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// AAD tells where a sealed value stands. A value opens only with the same AAD, so nobody who can write to the
// database can move a sealed value to another row, column or table.
type AAD struct {
	Table, Column, Row string
}

func (a AAD) bytes() []byte { return join("field", a.Table, a.Column, a.Row) }

// Seal encrypts a value that belongs to no customer, for a sealing purpose.
// It panics for a purpose that cannot seal: a mistake of the program that its first run shows.
func (r *Ring) Seal(p Purpose, plain []byte, aad AAD) []byte {
	return r.seal(p, plain, aad.bytes())
}

// Open decrypts what Seal made with the same purpose and AAD, under any live key; ErrSealed otherwise.
func (r *Ring) Open(p Purpose, sealed []byte, aad AAD) ([]byte, error) {
	return r.open(p, sealed, aad.bytes())
}

func (r *Ring) seal(p Purpose, plain, bound []byte) []byte {
	sealed, err := r.aead(p).Encrypt(plain, bound)
	if err != nil {
		panic(fmt.Sprintf("crypto: seal %d bytes for %q: %v", len(plain), p, err)) // only beyond 64 GiB
	}
	return sealed
}

func (r *Ring) open(p Purpose, sealed, bound []byte) ([]byte, error) {
	plain, err := r.aead(p).Decrypt(sealed, bound)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func (r *Ring) aead(p Purpose) tink.AEAD {
	primitive, ok := r.keys.Load().aeads[p]
	if !ok {
		panic(fmt.Sprintf("crypto: purpose %q does not seal", p))
	}
	return primitive
}

// join concatenates parts with their lengths in front, so that no two lists of parts give the same bytes.
// The label keeps the uses of one key apart.
func join[T ~string | ~[]byte](label string, parts ...T) []byte {
	size := 4 + len(label)
	for _, part := range parts {
		size += 4 + len(part)
	}
	out := make([]byte, 0, size)
	out = binary.BigEndian.AppendUint32(out, uint32(len(label)))
	out = append(out, label...)
	for _, part := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}
