package crypto

import (
	"crypto/hmac"
	"crypto/sha256"
)

// indexSize is the length of a blind index in bytes. 128 bits make an accidental collision impossible in practice
// at a billion customers, and keep the index of the column small.
const indexSize = 16

// Index is the blind index of a normalised value under the current generation of the field's own key: write it
// beside the sealed value. The field is named as its column, "customer.phone".
func (r *Ring) Index(field, normalised string) []byte {
	return r.Indexes(field, normalised)[0]
}

// Indexes are the blind indexes under all live generations, the current one first: look up any of them, because
// during a rotation rows carry the old or the new one.
func (r *Ring) Indexes(field, normalised string) [][]byte {
	hashes := r.hashes(Index)
	all := make([][]byte, len(hashes.ids))
	for i, id := range hashes.ids {
		key := compute(hashes.set.PRFs[id], join("field key", field))
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(normalised))
		all[i] = mac.Sum(nil)[:indexSize]
	}
	return all
}
