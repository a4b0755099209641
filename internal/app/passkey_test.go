package app_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/auth/authtest"
)

const passkeySite = "http://localhost:8080"

func withPasskeys() apptest.Options {
	return apptest.Options{Settings: func(c *app.Config) { c.PublicURL = passkeySite }}
}

// options are what a browser gets for its authenticator.
func options(a apptest.Answer) []byte {
	var body struct {
		Options json.RawMessage `json:"options"`
	}
	_ = json.Unmarshal([]byte(a.Body), &body) // an answer that is none has no options, and fails below
	return body.Options
}

// signed is the body of an answer to options.
func signed(asked apptest.Answer, credential []byte) map[string]any {
	return map[string]any{"challengeId": asked.At("challengeId"), "credential": json.RawMessage(credential)}
}

// passkey gives a person a passkey over HTTP.
func passkey(t *testing.T, p *apptest.Person) *authtest.Authenticator {
	t.Helper()
	key := authtest.New(t, "localhost", passkeySite)
	asked := p.Post("/passkeys/options", nil).Is(http.StatusOK)
	p.Post("/passkeys", signed(asked, key.Create(options(asked)))).Refused(http.StatusUnauthorized, "stepup.required")
	asked = p.Post("/passkeys/options", nil).Is(http.StatusOK)
	p.Post("/passkeys", signed(asked, key.Create(options(asked))), p.StepUpStrongly("passkeys.change")).Is(http.StatusCreated).Has(`"synced":true`)
	return key
}

// byPasskey is an order that a passkey proves: it signs the hash of the intent.
func byPasskey(p *apptest.Person, key *authtest.Authenticator, intent string) map[string]any {
	asked := p.Post("/transfers/passkey-options", map[string]any{"intent": intent}).Is(http.StatusOK)
	proof := signed(asked, key.Get(options(asked)))
	proof["method"] = "passkey"
	return map[string]any{"intent": intent, "proof": proof}
}

func TestAPasskeySignsInOnANewDeviceAndStepsUp(t *testing.T) {
	t.Parallel()
	apptest.Each(t, withPasskeys(), func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson()
		key := passkey(t, li)
		fresh := b.Native()
		asked := fresh.Post("/sessions/passkey-options", map[string]any{}).Is(http.StatusOK).Hasnt(li.Private()...)
		body := signed(asked, key.Get(options(asked)))
		in := fresh.Post("/sessions/passkey", body).Is(http.StatusOK).Has(`"status":"signed_in"`)
		fresh.Post("/sessions/passkey", body).Refused(http.StatusUnprocessableEntity, "auth.passkey_refused") // an answer serves once
		fresh.Token = in.At("token")
		fresh.Get("/session").Is(http.StatusOK)

		asked = li.Post("/step-ups/passkey-options", map[string]any{"purpose": "password.change"}).Is(http.StatusOK)
		factor := signed(asked, key.Get(options(asked)))
		factor["method"], factor["purpose"] = "passkey", "phone.change"
		li.Post("/step-ups", factor).Refused(http.StatusUnprocessableEntity, "auth.passkey_refused").Hasnt(`"proof"`) // for another purpose
		asked = li.Post("/step-ups/passkey-options", map[string]any{"purpose": "password.change"}).Is(http.StatusOK)
		factor = signed(asked, key.Get(options(asked)))
		factor["method"], factor["purpose"] = "passkey", "password.change"
		proof := li.Post("/step-ups", factor).Is(http.StatusCreated).At("proof")
		li.Post("/password", map[string]any{"newPassword": "another harbour 28"}, apptest.Proof(proof)).Is(http.StatusNoContent)
		fresh.Get("/session").Refused(http.StatusUnauthorized, "session.required")
		b.Verify()
	})
}

func TestAPasskeyPaysByTheHashOfTheIntent(t *testing.T) {
	t.Parallel()
	apptest.Each(t, withPasskeys(), func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("90000.00")), b.NewPerson()
		key := passkey(t, li)
		b.Pass(25 * time.Hour) // limits are reduced for a day after a new passkey
		li.SignIn()
		small, other := li.Check(wang, "12.50").Is(http.StatusOK), li.Check(wang, "99.00").Is(http.StatusOK)
		order := byPasskey(li, key, small.At("intent"))
		crossed := apptest.Change(order, "intent", other.At("intent"))
		li.Post("/transfers", crossed, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "auth.passkey_refused").Hasnt(`"state"`) // it signed another hash
		order = byPasskey(li, key, small.At("intent"))
		once := apptest.NewKey()
		paid := li.Post("/transfers", order, once).Is(http.StatusCreated).Has(`"state":"settled"`, `"amount":"12.50"`).At("id")
		li.Post("/transfers", order, once).Is(http.StatusCreated).Has(paid)
		li.Post("/transfers", order, apptest.NewKey()).Refused(http.StatusConflict, "payment.intent_used")

		thief := authtest.New(t, "localhost", passkeySite)
		thief.ID, thief.Handle = key.ID, key.Handle
		li.Post("/transfers", byPasskey(li, thief, other.At("intent")), apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "auth.passkey_refused")
		elsewhere := authtest.New(t, "localhost", "http://localhost.evil.example")
		elsewhere.Key, elsewhere.ID, elsewhere.Handle, elsewhere.Counter = key.Key, key.ID, key.Handle, key.Counter
		li.Post("/transfers", byPasskey(li, elsewhere, other.At("intent")), apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "auth.passkey_refused")

		b.Pass(time.Hour)
		li.SignIn()
		large := li.Check(wang, "20000.00").Is(http.StatusOK).Has(`"proofs":["passkey","pin_and_step_up"]`) // a PIN alone is too weak
		li.Send(large).Refused(http.StatusUnauthorized, "payment.stronger_proof_needed")
		li.Post("/transfers", byPasskey(li, key, large.At("intent")), apptest.NewKey()).Is(http.StatusCreated).Has(`"amount":"20000.00"`)
		has(t, li, "69987.50", "69987.50")
		b.Verify()
	})
}
