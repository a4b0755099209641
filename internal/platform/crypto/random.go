package crypto

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
)

// Random gives n bytes that nobody can guess.
func Random(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out) // never fails: crypto/rand stops the program instead
	return out
}

// Token gives a random text of at least the given number of bits, safe in a URL: 128 for public links, 256 for
// sessions.
func Token(bits int) string {
	return base64.RawURLEncoding.EncodeToString(Random((bits + 7) / 8))
}

// Digits gives a one-time code of n decimal digits, each equally likely.
func Digits(n int) string {
	// 250 is the largest multiple of ten in a byte; values above would favour the low digits.
	const fair = 250
	code := make([]byte, 0, n)
	for len(code) < n {
		for _, b := range Random(n) {
			if b < fair && len(code) < n {
				code = append(code, '0'+b%10)
			}
		}
	}
	return string(code)
}

// Equal compares two secrets in a time that depends on their lengths only.
func Equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
