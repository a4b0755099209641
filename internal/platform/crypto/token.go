package crypto

import (
	"encoding/base64"
	"strings"
)

// maxToken bounds a token in characters before it is decoded: the sealed intent of a hundred transfers with the longest
// memos is half of it. What stands in a URL is bounded by its route.
const maxToken = 160 << 10

// SealToken seals a small value into text that a client may carry and cannot read or change: a cursor, a payment
// intent. It opens only with the same purpose and the same bounds: what the token is good for ("payment.transfers")
// or tied to (a session id). The plain value should carry its own expiry.
func (r *Ring) SealToken(p Purpose, plain []byte, bounds ...string) string {
	return base64.RawURLEncoding.EncodeToString(r.seal(p, plain, tokenBound(p, bounds)))
}

// OpenToken gives back what SealToken sealed; ErrSealed for anything else.
func (r *Ring) OpenToken(p Purpose, token string, bounds ...string) ([]byte, error) {
	// One value has one text: package base64 skips line breaks, and only Strict refuses spare bits at the end.
	if len(token) > maxToken || strings.IndexByte(token, '\r') >= 0 || strings.IndexByte(token, '\n') >= 0 {
		return nil, ErrSealed
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, ErrSealed
	}
	return r.open(p, sealed, tokenBound(p, bounds))
}

func tokenBound(p Purpose, bounds []string) []byte {
	return join("token", append([]string{string(p)}, bounds...)...)
}
