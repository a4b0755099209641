package app_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

// consents are all that the bank asks, as GET /config lists them.
func consents() []map[string]any {
	var all []map[string]any
	for _, purpose := range []string{"terms", "privacy", "biometrics"} {
		all = append(all, map[string]any{"purpose": purpose, "version": 1, "given": true})
	}
	return all
}

func TestAPersonRegistersVerifiesOpensReceivesPaysAndGetsAReceipt(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		wang := b.NewPerson(apptest.Has("5000.00"))
		for way, c := range map[string]*apptest.Client{"13711110001": b.Native(), "13711110002": b.Browser()} {
			li := newcomer{t: t, bank: b, Client: c, phone: way, id: apptest.IDNumber(500 + len(way+c.Locale))}
			if c.Browser {
				li.id = apptest.IDNumber(700)
			}
			li.register()
			li.verify()
			li.choosePIN()
			li.receiveAndPay(wang)
		}
		b.Verify()
	})
}

// newcomer is somebody on his first day, who does everything over HTTP.
type newcomer struct {
	*apptest.Client
	t         *testing.T
	bank      *apptest.Bank
	phone, id string
	account   string
	number    string
}

func (n *newcomer) private() []string {
	return []string{n.phone, n.id, apptest.Password, `"` + apptest.PIN + `"`}
}

func (n *newcomer) register() {
	n.t.Helper()
	n.Get("/session").Refused(http.StatusUnauthorized, "session.required")
	sent := n.Post("/codes", map[string]any{"purpose": "register", "phone": n.phone}).Is(http.StatusCreated).Has(`137****`).Hasnt(n.phone)
	challenge, code := sent.At("challengeId"), n.bank.Inbox(n.phone)
	sent.Hasnt(code)
	body := map[string]any{"challengeId": challenge, "code": "000000", "password": apptest.Password, "consents": consents(), "locale": "en"}
	if code != "000000" {
		n.Post("/registrations", body).Refused(http.StatusUnprocessableEntity, "auth.code_wrong").Hasnt(n.private()...)
	}
	body["code"] = code
	n.Post("/registrations", apptest.Change(body, "consents", consents()[:1])).Hasnt(n.private()...).Refused(http.StatusUnprocessableEntity, "customer.consent_missing")
	done := n.Post("/registrations", body).Is(http.StatusCreated).Has(`"status":"signed_in"`, `"level":0`, `"state":"registered"`).Hasnt(n.private()...)
	if n.Browser {
		done.Hasnt(`"token"`, `"deviceToken"`)
		if len(n.Cookies()) != 2 {
			n.t.Errorf("cookies %v", n.Cookies())
		}
	} else {
		n.Token, n.Device = done.At("token"), done.At("deviceToken")
	}
	n.Post("/registrations", body).Refused(http.StatusUnprocessableEntity, "auth.code_used")
	n.Get("/session").Is(http.StatusOK).Has(`"level":0`, `137****`).Hasnt(n.private()...)
}

func (n *newcomer) verify() {
	n.t.Helper()
	n.Post("/accounts", map[string]any{"productCode": "current_1"}, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "deposit.verification_needed")
	n.Post("/verification", map[string]any{"name": "欧阳晓", "idNumber": n.id[:17] + "A"}).Refused(http.StatusBadRequest, "request.bad_value").Hasnt(n.id[:17])
	n.Post("/verification/submit", nil).Refused(http.StatusConflict, "customer.no_verification")
	n.Post("/verification", map[string]any{"name": "欧阳晓", "idNumber": n.id}).Is(http.StatusCreated).Has(`"state":"started"`).Hasnt(n.private()...)
	for side, shade := range map[string]uint8{"front": 60, "back": 140} {
		n.Post("/verification/documents", map[string]any{"side": side, "image": base64.StdEncoding.EncodeToString(apptest.Picture(shade))}).Is(http.StatusOK).Hasnt(n.private()...)
	}
	n.Post("/verification/face", map[string]any{"image": base64.StdEncoding.EncodeToString(apptest.Picture(220))}).Is(http.StatusOK).Has(`"hasFace":true`)
	n.Post("/verification/submit", nil).Is(http.StatusOK).Has(`"state":"submitted"`)
	n.bank.Drain()
	n.Get("/verification").Is(http.StatusOK).Has(`"state":"passed"`, `"level":3`).Hasnt(n.private()...)
	n.Get("/me").Is(http.StatusOK).Has(`"state":"active"`, `欧*晓`).Hasnt(append(n.private(), "欧阳晓")...)
	opened := n.Post("/accounts", map[string]any{"productCode": "current_1"}, apptest.NewKey()).Is(http.StatusCreated).
		Has(`"class":1`, `"state":"open"`, `"booked":{"amount":"0.00","currency":"CNY"}`)
	n.account, n.number = opened.At("id"), opened.At("number")
	n.Post("/accounts", map[string]any{"productCode": "current_1"}, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "deposit.too_many_accounts")
}

func (n *newcomer) choosePIN() {
	n.t.Helper()
	n.Get("/pin").Is(http.StatusOK).Has(`"set":false`)
	n.Post("/pin", map[string]any{"pin": apptest.PIN}).Refused(http.StatusUnauthorized, "stepup.required")
	prove := func(password string) apptest.Answer {
		return n.Post("/step-ups", map[string]any{"purpose": "pin.change", "method": "password", "password": password})
	}
	prove("not the password").Refused(http.StatusUnauthorized, "auth.wrong_credentials").Hasnt("not the password")
	proof := apptest.Proof(prove(apptest.Password).Is(http.StatusCreated).At("proof"))
	for _, weak := range []string{"123456", "888888", n.id[8:14]} {
		n.Post("/pin", map[string]any{"pin": weak}, proof).Refused(http.StatusUnprocessableEntity, "auth.pin_weak").Hasnt(weak)
	}
	n.Post("/pin", map[string]any{"pin": apptest.PIN}, proof).Is(http.StatusNoContent)
	n.Post("/pin", map[string]any{"pin": "147036"}, proof).Refused(http.StatusUnauthorized, "auth.step_up_needed")
	n.Get("/pin").Is(http.StatusOK).Has(`"set":true`, `"triesLeft":5`).Hasnt(apptest.PIN)
}

func (n *newcomer) receiveAndPay(wang *apptest.Person) {
	n.t.Helper()
	secret := append(n.private(), wang.Private()...)
	draft := apptest.Change(wang.Draft(wang, "300.00"), "payee", map[string]any{"accountNumber": n.number})
	wang.Send(wang.Post("/transfers/check", draft)).Is(http.StatusCreated).Has(`"state":"settled"`).Hasnt(append(secret, "欧阳晓")...)
	n.Get("/home").Is(http.StatusOK).Has(`300.00`).Hasnt(secret...)
	pay := map[string]any{
		"fromAccountId": n.account, "payee": map[string]any{"accountNumber": wang.Number}, "amount": map[string]any{"amount": "12.50", "currency": "CNY"},
		"arrival": "real_time", "memo": "noodles", "name": wang.Name,
	}
	checked := n.Post("/transfers/check", pay).Is(http.StatusOK).
		Has(`"capitals":"人民币壹拾贰元伍角整"`, `"fee":{"amount":"0.00"`, `"newPayee":true`, `"payment.warn_new_payee"`, `"proofs":["pin","passkey"]`).Hasnt(secret...)
	done := n.Post("/transfers", apptest.Order(checked.At("intent"), apptest.PIN), apptest.NewKey()).Is(http.StatusCreated).
		Has(`"state":"settled"`, `"direction":"out"`, `"amount":{"amount":"12.50","currency":"CNY"}`, `"memo":"noodles"`, `"hasReceipt":true`).Hasnt(secret...)
	which := done.At("id")
	receipt := n.Post("/transfers/"+which+"/receipt", nil).Is(http.StatusCreated).Hasnt(secret...)
	n.Get("/transfers/" + which + "/receipt.pdf").Is(http.StatusOK).Has("%PDF-")
	if receipt.At("code") == "" || receipt.At("code") == which {
		n.t.Errorf("code of the receipt: %s", receipt.Body)
	}
	n.Get("/transactions").Is(http.StatusOK).Has(`"12.50"`, `"300.00"`, `"balanceAfter":{"amount":"287.50"`).Hasnt(secret...)
	n.Get("/transactions.csv").Is(http.StatusOK).Has("noodles", "287.50").Hasnt(secret...)
	n.bank.Drain()
	n.Get("/messages").Is(http.StatusOK).Has("payment.received", "payment.paid", "300.00").Hasnt(secret...)
	wang.Get("/messages").Is(http.StatusOK).Has("payment.received", "12.50").Hasnt(append(secret, "欧阳晓")...)
}
