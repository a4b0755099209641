package mobile

import (
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/values/id"
)

// instant is a point in time; RFC 3339 on the wire.
type instant = time.Time

// object is JSON that only the browser and package auth read: what a browser's passkey functions take and give.
type object []byte

// Schema describes it as an object of any form.
func (object) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// MarshalJSON writes what it holds.
func (o object) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("{}"), nil
	}
	return o, nil
}

// UnmarshalJSON keeps what it reads.
func (o *object) UnmarshalJSON(data []byte) error {
	if o == nil {
		return errors.New("nowhere to read to")
	}
	*o = append((*o)[:0], data...)
	return nil
}

// credential is what the browser's navigator.credentials gave, by its toJSON.
type credential struct{ object }

// Schema describes it as an object of any form, because browsers add to it.
func (credential) Schema(r huma.Registry) *huma.Schema {
	s := object(nil).Schema(r)
	s.Description = "PublicKeyCredential.toJSON() of the browser"
	return s
}

func (c *credential) bytes() []byte {
	if c == nil {
		return nil
	}
	return c.object
}

// passkeyOptions are what the browser's navigator.credentials takes.
type passkeyOptions struct {
	ChallengeID string  `json:"challengeId" doc:"Goes back with the credential"`
	Options     object  `json:"options" doc:"{publicKey: ...} for navigator.credentials.create or get"`
	ExpiresAt   instant `json:"expiresAt"`
}

func newPasskeyOptions(o auth.PasskeyOptions) passkeyOptions {
	return passkeyOptions{ChallengeID: string(o.Challenge), Options: object(o.Options), ExpiresAt: o.ExpiresAt.UTC()}
}

// passkeyAnswer is what a passkey signed.
type passkeyAnswer struct {
	ChallengeID string     `json:"challengeId" maxLength:"64"`
	Credential  credential `json:"credential"`
}

func (a passkeyAnswer) answer() (auth.PasskeyAnswer, error) {
	challenge, err := parse[id.Challenge](a.ChallengeID, "/challengeId")
	return auth.PasskeyAnswer{Challenge: challenge, Credential: a.Credential.bytes()}, err
}

// contacts are the masked phone and mail address of a profile.
func contacts(p customer.Profile) (phone, email string) {
	for _, c := range p.Contacts {
		switch c.Kind {
		case auth.Phone:
			phone = c.Masked()
		case auth.Email:
			email = c.Masked()
		}
	}
	return phone, email
}

// reason is a code of the bank and its text, such as why something was refused.
type reason struct {
	Code  string `json:"code" example:"payment.warn_new_payee"`
	Title string `json:"title" doc:"In the language asked for"`
}

var _ huma.SchemaProvider = object(nil)
