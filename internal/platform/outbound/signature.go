package outbound

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The bank and its gateway sign their requests to each other with a shared key:
//
//	Authorization: HMAC-SHA256 key=<id>,time=<Unix seconds>,signature=<hex>
//
// over method, path, time and the SHA-256 of the body, each on a line.
const signatureScheme = "HMAC-SHA256 "

// maxSkew is how far the clocks of the two may differ; an older request is a replay.
const maxSkew = 5 * time.Minute

// Credential is the key that the bank shares with a gateway.
type Credential struct {
	ID  string
	Key []byte
}

// String names the key only.
func (c Credential) String() string { return "credential " + c.ID }

// GoString names the key only.
func (c Credential) GoString() string { return c.String() }

// sign puts the signature of a request into its header.
func (c Credential) sign(r *http.Request, body []byte, now time.Time) {
	stamp := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Authorization", fmt.Sprintf("%skey=%s,time=%s,signature=%s",
		signatureScheme, c.ID, stamp, hex.EncodeToString(c.mac(r, body, stamp))))
}

// signed tells whether a request carries this key's signature and is fresh.
func (c Credential) signed(r *http.Request, body []byte, now time.Time) bool {
	text, found := strings.CutPrefix(r.Header.Get("Authorization"), signatureScheme)
	if !found {
		return false
	}
	var id, stamp, signature string
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "key":
			id = value
		case "time":
			stamp = value
		case "signature":
			signature = value
		}
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id != c.ID || now.Sub(time.Unix(seconds, 0)).Abs() > maxSkew {
		return false
	}
	got, err := hex.DecodeString(signature)
	return err == nil && hmac.Equal(got, c.mac(r, body, stamp))
}

func (c Credential) mac(r *http.Request, body []byte, stamp string) []byte {
	sum := sha256.Sum256(body)
	mac := hmac.New(sha256.New, c.Key)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%s", r.Method, r.URL.EscapedPath(), stamp, hex.EncodeToString(sum[:]))
	return mac.Sum(nil)
}
