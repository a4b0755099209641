package crypto

import (
	"encoding/binary"
	"time"
)

const (
	// SortableAlphabet holds the characters of a sortable key: Crockford's base 32 in lower case.
	SortableAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	// SortableSize is the length of a sortable key.
	SortableSize = sortableTime + sortableChance

	sortableTime   = 11 // 55 bits of microseconds
	sortableChance = 15 // 75 bits of chance
)

// SortableKey makes a key that nobody else makes: what is made at a later instant sorts later, in Go and in both
// databases. Typed ids (values/id) and the rows of platform rooms are named by it. It is unique, not secret.
func SortableKey(now time.Time) string {
	const half = 12 // characters from the first eight random bytes
	chance := Random(16)
	var out [SortableSize]byte
	base32(out[:sortableTime], uint64(now.UnixMicro()))
	base32(out[sortableTime:sortableTime+half], binary.BigEndian.Uint64(chance[:8]))
	base32(out[sortableTime+half:], binary.BigEndian.Uint64(chance[8:]))
	return string(out[:])
}

// base32 writes the low bits of v, five to a character.
func base32(dst []byte, v uint64) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = SortableAlphabet[v&31]
		v >>= 5
	}
}
