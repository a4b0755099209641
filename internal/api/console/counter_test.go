package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/customer"
)

// thisYear is a day on which all figures of the counter are in force.
func thisYear() time.Time { return time.Date(2026, time.March, 3, 2, 0, 0, 0, time.UTC) }

// meets lets a teller compare a person with his document.
func meets(x *apptest.Colleague, p *apptest.Person) apptest.Answer {
	return x.Post("/customers/"+string(p.Customer)+"/meetings", map[string]any{"name": p.Name, "idNumber": p.IDNumber, "compared": true})
}

// takesTill sets up a till and takes it with what is counted into it.
func takesTill(b *apptest.Bank, x *apptest.Colleague, pieces map[string]int64) string {
	operations := b.NewColleague(access.RoleOperations)
	till := operations.Post("/tills", map[string]any{"place": "till", "name": "one"}).Is(http.StatusOK).At("id")
	x.Post("/tills/"+till+"/open", map[string]any{"pieces": pieces}).Is(http.StatusOK)
	return till
}

func TestATellerRegistersAndServesAPersonOnTheDataOfTheApp(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{Now: thisYear()}, func(t *testing.T, b *apptest.Bank) {
		teller := b.NewColleague(access.RoleTeller)
		phone, name, idNumber := "13955667788", "周小川", apptest.IDNumber(4711)
		facts := teller.Get("/counter").Is(http.StatusOK).Has(`"necessary":true`)
		sent := teller.Post("/counter/codes", map[string]any{"contact": phone}).Is(http.StatusOK)
		consents := []map[string]any{{"purpose": "terms", "version": 1, "given": true}, {"purpose": "privacy", "version": 1, "given": true}}
		form := map[string]any{"challenge": sent.At("challenge"), "code": "000000", "password": apptest.Password, "consents": consents}
		teller.Post("/counter/customers", form).Refused(http.StatusUnprocessableEntity, "auth.code_wrong")
		form["code"] = b.Inbox(phone)
		form["consents"] = consents[:1]
		teller.Post("/counter/customers", form).Refused(http.StatusUnprocessableEntity, "customer.consent_missing")
		form["consents"] = consents
		made := teller.Post("/counter/customers", form).Is(http.StatusCreated).Has(`"registered"`)
		id := made.At("id")
		at := "/customers/" + id

		// nobody is served who was not verified and met
		open := map[string]any{"product": facts.At("products.0.code")}
		teller.Post(at+"/accounts", open, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "customer.not_met")
		meeting := map[string]any{"name": name, "idNumber": idNumber, "compared": true}
		teller.Post(at+"/meetings", meeting).Refused(http.StatusConflict, "customer.wrong_step")
		document := map[string]any{"name": name, "idNumber": idNumber, "front": apptest.Picture(60), "back": apptest.Picture(140)}
		teller.Post(at+"/verification", document).Is(http.StatusOK).Has(`"submitted"`)
		b.Drain()
		teller.Get(at + "/counter").Is(http.StatusOK).Has(`"level":2`).Hasnt(`"met"`)
		meeting["name"] = "周大川"
		teller.Post(at+"/meetings", meeting).Refused(http.StatusUnprocessableEntity, "customer.other_document")
		meeting["name"], meeting["compared"] = name, false
		teller.Post(at+"/meetings", meeting).Refused(http.StatusBadRequest, "customer.not_compared")
		meeting["compared"] = true
		teller.Post(at+"/meetings", meeting).Is(http.StatusCreated).Has(`"level":3`)

		opened := teller.Post(at+"/accounts", open, apptest.NewKey()).Is(http.StatusCreated)
		teller.Post(at+"/pin", map[string]any{"pin": "123456"}).Refused(http.StatusUnprocessableEntity, "auth.pin_weak")
		teller.Post(at+"/pin", map[string]any{"pin": "294071"}).Is(http.StatusNoContent)
		teller.Post(at+"/pin", map[string]any{"pin": "305182"}).Is(http.StatusUnauthorized) // one meeting, one PIN
		till := takesTill(b, teller, map[string]int64{})
		in := map[string]any{"account": opened.At("id"), "pieces": map[string]int64{"CNY_note_100": 5}}
		teller.Post("/tills/"+till+"/deposits", in, apptest.NewKey()).Is(http.StatusOK).Has(`"500.00"`)

		// the app shows what the counter did
		app := b.Native()
		app.Post("/sessions/password", map[string]any{"identifier": phone, "password": apptest.Password}).Is(http.StatusOK).Has(`"second_factor"`)
		page := teller.Get(at).Is(http.StatusOK).Has(`"500.00"`, `"branch"`, "customer.meet", "deposit.open", "cash.paid_in").Hasnt(phone, idNumber)
		page.Has(`"purpose":"terms","given":true`)
	})
}

func TestCashAndTransfersAtTheCounterWantThePersonAndThePIN(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{Now: thisYear()}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
		teller := b.NewColleague(access.RoleTeller)
		at := "/customers/" + string(li.Customer)
		till := takesTill(b, teller, map[string]int64{"CNY_note_100": 10})
		out := map[string]any{"account": li.Account, "pieces": map[string]int64{"CNY_note_100": 2}, "pin": apptest.PIN}
		teller.Post("/tills/"+till+"/withdrawals", out, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "customer.not_met")
		check := map[string]any{"from": li.Account, "number": wang.Number, "name": wang.Name, "amount": map[string]any{"amount": "30.00", "currency": "CNY"}}
		teller.Post(at+"/transfer-checks", check).Refused(http.StatusUnprocessableEntity, "customer.not_met")
		meets(teller, li).Is(http.StatusCreated)

		out["pin"] = "000000"
		key := apptest.NewKey()
		teller.Post("/tills/"+till+"/withdrawals", out, key).Refused(http.StatusUnauthorized, "auth.pin_wrong")
		out["pin"] = apptest.PIN
		paid := teller.Post("/tills/"+till+"/withdrawals", out, key).Is(http.StatusOK).Has(`"200.00"`)
		teller.Post("/tills/"+till+"/withdrawals", out, key).Is(http.StatusOK).Has(paid.At("id")) // once
		slip := teller.Get("/cash/movements/" + paid.At("id") + "/slip.pdf").Is(http.StatusOK)
		if !strings.HasPrefix(slip.Body, "%PDF-") {
			t.Error("the slip is no PDF")
		}

		check["name"] = "别人"
		teller.Post(at+"/transfer-checks", check).Is(http.StatusUnprocessableEntity)
		check["name"] = wang.Name
		checked := teller.Post(at+"/transfer-checks", check).Is(http.StatusOK).Has("叁拾元").Hasnt(wang.Name, wang.Number)
		key = apptest.NewKey()
		teller.Post(at+"/transfers", map[string]any{"intent": checked.At("intent"), "pin": "000000"}, key).Refused(http.StatusUnauthorized, "auth.pin_wrong")
		sent := teller.Post(at+"/transfers", map[string]any{"intent": checked.At("intent"), "pin": apptest.PIN}, key).Is(http.StatusCreated).Has(`"settled"`, `"branch"`)
		receipt := teller.Get(at + "/transfers/" + sent.At("id") + "/receipt.pdf").Is(http.StatusOK)
		if !strings.HasPrefix(receipt.Body, "%PDF-") {
			t.Error("the receipt is no PDF")
		}
		li.Get("/transfers/" + sent.At("id")).Is(http.StatusOK).Has(`"30.00"`) // online it is the same transfer
		if booked, _ := li.Balance(); booked != "770.00" {
			t.Errorf("%s are left", booked)
		}

		// blind: a teller does not read what should be in a till
		teller.Get("/tills").Is(http.StatusOK).Has(`"open"`).Hasnt(`"amount"`, `"pieces"`)
		b.NewColleague(access.RoleOperations).Get("/tills").Is(http.StatusOK).Has(`"800.00"`)
		teller.Post("/tills/"+till+"/close", map[string]any{"pieces": map[string]int64{"CNY_note_100": 7}}).Is(http.StatusOK).Has(`"short"`, `"800.00"`, `"700.00"`)

		// another teller did not meet him, and half an hour later nobody has
		other := b.NewColleague(access.RoleTeller)
		other.Post(at+"/transfer-checks", check).Refused(http.StatusUnprocessableEntity, "customer.not_met")
		b.Time.Advance(14 * time.Minute)
		teller.Get(at + "/counter").Is(http.StatusOK).Has(`"met"`)
		b.Time.Advance(14 * time.Minute)
		teller.Get(at + "/counter").Is(http.StatusOK).Has(`"met"`)
		b.Time.Advance(3 * time.Minute)
		teller.Post(at+"/transfer-checks", check).Refused(http.StatusUnprocessableEntity, "customer.not_met")
		b.Verify()
	})
}

func TestNobodyServesHimselfAtTheCounter(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{Now: thisYear()})
	li := b.NewPerson(apptest.Has("100.00"))
	admin, teller := b.NewColleague(access.RoleAdministrator), b.NewColleague(access.RoleTeller)
	admin.Post("/staff/"+string(teller.ID)+"/ties", map[string]any{"customer": li.Customer, "kind": "self"}).Is(http.StatusNoContent)
	meets(teller, li).Refused(http.StatusForbidden, "access.denied")
	wish := map[string]any{"name": "王二小", "document": "户口簿 1", "reason": "更名"}
	teller.Post("/customers/"+string(li.Customer)+"/name", wish, apptest.NewKey()).Refused(http.StatusForbidden, "access.denied")
	if _, err := b.Customers.Meet(t.Context(), li.By, customer.Meeting{}); err == nil {
		t.Error("a customer met himself")
	}
}

func TestCashComesFromTheCentralBankThroughTheVaultToATill(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{Now: thisYear()}, func(t *testing.T, b *apptest.Bank) {
		operations, second := b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleOperations)
		keeper, teller := b.NewColleague(access.RoleTeller), b.NewColleague(access.RoleTeller)
		vault := operations.Post("/tills", map[string]any{"place": "vault", "name": "vault"}).Is(http.StatusOK).At("id")
		operations.Post("/tills", map[string]any{"place": "vault", "name": "other"}).Refused(http.StatusConflict, "cash.taken")
		notes := func(n int64) map[string]int64 { return map[string]int64{"CNY_note_100": n} }
		asked := operations.Post("/tills/"+vault+"/deliveries", map[string]any{"pieces": notes(100), "reference": "PBC 7", "reason": "for the week"}, apptest.NewKey()).Is(http.StatusOK)
		decide(second, asked.At("id"), true, "").Is(http.StatusOK).Has(`"executed"`)
		keeper.Post("/tills/"+vault+"/open", map[string]any{"pieces": notes(100)}).Is(http.StatusOK).Has(`"expected":{"amount":"10000.00"`)
		till := takesTill(b, teller, map[string]int64{})
		teller.Post("/tills/"+vault+"/hand-overs", map[string]any{"to": till, "pieces": notes(30)}).Is(http.StatusOK).Has(`"3000.00"`)
		teller.Post("/tills/"+till+"/hand-overs", map[string]any{"to": vault, "pieces": notes(31)}).Refused(http.StatusUnprocessableEntity, "cash.not_in_till")
		teller.Post("/tills/"+till+"/hand-overs", map[string]any{"to": vault, "pieces": notes(10)}).Is(http.StatusOK)
		teller.Post("/tills/"+till+"/count", map[string]any{"pieces": map[string]int64{"CNY_note_50": 40}}).Is(http.StatusOK).Has(`"swapped"`)
		operations.Get("/tills/"+vault+"/movements").Is(http.StatusOK).Has("cash.kind.delivered", "cash.kind.hand_over")
		b.Verify()
	})
}
