package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestACheckRefusesWhatCannotBePaid(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang, hidden := b.NewPerson(apptest.Has("100.00")), b.NewPerson(), b.NewPerson()
		stopped, closed := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		stopped.Post("/accounts/"+string(stopped.Account)+"/freeze", nil).Is(http.StatusOK).Has(`"frozen":true`, `"restraint":"entry_only"`)
		closed.Post("/accounts/"+string(closed.Account)+"/close", nil, apptest.NewKey()).Is(http.StatusOK).Has(`"state":"closed"`)
		hidden.Do(http.MethodPut, "/receive", map[string]any{"discoverableByPhone": false}).Is(http.StatusOK)
		yuan := func(s string) map[string]any { return map[string]any{"amount": s, "currency": "CNY"} }
		payee := func(kind, s string) map[string]any { return map[string]any{kind: s} }
		draft := li.Draft(wang, "12.50")
		for name, tc := range map[string]struct {
			by     *apptest.Person
			body   map[string]any
			status int
			code   string
			has    string
		}{
			"more than there is":         {body: apptest.Change(draft, "amount", yuan("100.01")), status: 422, code: "ledger.insufficient_funds", has: `"available":"100.00"`},
			"nothing":                    {body: apptest.Change(draft, "amount", yuan("0")), status: 400, code: "payment.bad_amount", has: `"pointer":"/amount"`},
			"less than nothing":          {body: apptest.Change(draft, "amount", yuan("-1.00")), status: 400, code: "payment.bad_amount"},
			"a part of a fen":            {body: apptest.Change(draft, "amount", yuan("1.001")), status: 400, code: "money.too_precise", has: `"pointer":"/amount/amount"`},
			"more than money can count":  {body: apptest.Change(draft, "amount", yuan("999999999999999999")), status: 400, code: "request.bad_value"},
			"another currency":           {body: apptest.Change(draft, "amount", map[string]any{"amount": "1.00", "currency": "USD"}), status: 422, code: "ledger.currency"},
			"a currency nobody knows":    {body: apptest.Change(draft, "amount", map[string]any{"amount": "1.00", "currency": "XQQ"}), status: 400, code: "money.unknown_currency", has: `"pointer":"/amount/currency"`},
			"another name":               {body: apptest.Change(draft, "name", hidden.Name), status: 422, code: "payment.payee_name_differs", has: `"pointer":"/name"`},
			"to itself":                  {body: apptest.Change(draft, "payee", payee("accountNumber", li.Number)), status: 422, code: "payment.same_account"},
			"a number that is mistyped":  {body: apptest.Change(draft, "payee", payee("accountNumber", wang.Number[:18]+"x")), status: 400, code: "request.bad_value"},
			"a number that nobody has":   {body: apptest.Change(draft, "payee", payee("accountNumber", "6217000000000003313")), status: 404, code: "payment.payee_not_found"},
			"a phone that nobody has":    {body: apptest.Change(draft, "payee", payee("phone", "13300000000")), status: 404, code: "payment.payee_not_found"},
			"a phone that hides":         {body: apptest.Change(draft, "payee", payee("phone", hidden.Phone)), status: 404, code: "payment.payee_not_found"},
			"a closed account":           {body: apptest.Change(draft, "payee", payee("accountNumber", closed.Number)), status: 404, code: "payment.payee_not_found"},
			"no payee":                   {body: apptest.Change(draft, "payee", map[string]any{}), status: 400, code: "request.required"},
			"two payees":                 {body: apptest.Change(draft, "payee", map[string]any{"phone": wang.Phone, "accountNumber": wang.Number}), status: 400, code: "request.bad_value"},
			"an arrival of its own":      {body: apptest.Change(draft, "arrival", "soon"), status: 400, code: "request.bad_value"},
			"a memo of two lines":        {body: apptest.Change(draft, "memo", "one\ntwo"), status: 400, code: "payment.bad_memo"},
			"from another's account":     {body: apptest.Change(draft, "fromAccountId", wang.Account), status: 404, code: "deposit.account_not_found"},
			"from an account of nobody":  {body: apptest.Change(draft, "fromAccountId", id.New[id.Account](b.Time.Now())), status: 404, code: "deposit.account_not_found"},
			"from a stopped account":     {by: stopped, body: stopped.Draft(wang, "1.00"), status: 422, code: "ledger.frozen"},
			"a field that nobody knows":  {body: apptest.Change(draft, "amuont", "1"), status: 400, code: "request.unknown_field"},
			"a number instead of a text": {body: apptest.Change(draft, "amount", map[string]any{"amount": 12.5, "currency": "CNY"}), status: 400, code: "request.bad_value"},
		} {
			by := tc.by
			if by == nil {
				by = li
			}
			a := by.Post("/transfers/check", tc.body).Has(tc.has).Hasnt(`"intent"`)
			a.Hasnt(wang.Name, hidden.Name, closed.Name, wang.IDNumber, wang.Phone, hidden.Phone, hidden.Number, wang.Number)
			if a.Status != tc.status || a.Code() != tc.code || !a.Problem() {
				t.Errorf("%s: %d %s, want %d %s: %s", name, a.Status, a.Code(), tc.status, tc.code, a.Body)
			}
		}
		if booked, available := li.Balance(); booked != "100.00" || available != "100.00" {
			t.Errorf("after refusals: %s, %s", booked, available)
		}
		b.Verify()
	})
}

func TestWhatChangesBetweenCheckAndSendIsDecidedAgain(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		wang := b.NewPerson()
		refused := func(code string, change func(li, to *apptest.Person)) {
			t.Helper()
			li, to := b.NewPerson(apptest.Has("50.00")), b.NewPerson()
			checked := li.Check(to, "40.00").Is(http.StatusOK)
			change(li, to)
			key := apptest.NewKey()
			li.Send(checked, key).Refused(http.StatusUnprocessableEntity, code).Hasnt(to.Private()...)
			li.Send(checked, key).Refused(http.StatusUnprocessableEntity, code) // the key has its result
			if used := li.Used("mobile_day"); code != "ledger.insufficient_funds" && used != "0.00" {
				t.Errorf("%s: %s of the limit used", code, used)
			}
			if booked, _ := to.Balance(); booked != "0.00" {
				t.Errorf("%s: the payee has %s", code, booked)
			}
			li.Get("/transactions").Is(http.StatusOK).Hasnt(`"40.00"`)
		}
		refused("ledger.frozen", func(li, _ *apptest.Person) {
			li.Post("/accounts/"+string(li.Account)+"/freeze", nil).Is(http.StatusOK)
		})
		refused("customer.frozen", func(li, _ *apptest.Person) {
			li.Post("/me/freeze", nil).Is(http.StatusOK).Has(`"frozenBy":"customer"`)
		})
		refused("payment.payee_cannot_receive", func(_, to *apptest.Person) {
			to.Post("/accounts/"+string(to.Account)+"/close", nil, apptest.NewKey()).Is(http.StatusOK)
		})
		refused("ledger.insufficient_funds", func(li, _ *apptest.Person) {
			li.Pay(wang, "10.01").Is(http.StatusCreated)
		})
		refused("customer.frozen_by_bank", func(li, _ *apptest.Person) {
			err := b.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := b.Customers.FreezeForBank(t.Context(), tx, clerk().Because("a report"), acttest.Granted{}, customer.BankFreeze{Customer: li.Customer})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		b.Verify()
	})
}

func TestAnIntentIsGoodOnceInItsSessionForItsPayer(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		checked, other := li.Check(wang, "10.00"), li.Check(wang, "20.00")
		order := apptest.Order(checked.At("intent"), apptest.PIN)
		li.Post("/transfers", order).Refused(http.StatusBadRequest, "request.required").Has("Idempotency-Key")
		li.Post("/transfers", order, apptest.Key("short")).Refused(http.StatusBadRequest, "request.bad_value").Hasnt("short")
		li.Post("/transfers", apptest.Order(checked.At("intent")[1:], apptest.PIN), apptest.NewKey()).Refused(http.StatusBadRequest, "payment.bad_intent")
		wang.Post("/transfers", order, apptest.NewKey()).Refused(http.StatusBadRequest, "payment.bad_intent").Hasnt(li.Private()...)
		li.Another().Post("/transfers", order, apptest.NewKey()).Refused(http.StatusConflict, "payment.intent_of_other_session")
		key := apptest.NewKey()
		first := li.Send(checked, key).Is(http.StatusCreated).Has(`"state":"settled"`)
		again := li.Send(checked, key).Is(http.StatusCreated)
		if first.Body != again.Body {
			t.Errorf("a repeated key answers %s, not %s", again.Body, first.Body)
		}
		li.Another().Post("/transfers", order, key).Is(http.StatusCreated).Has(first.At("id")) // a reinstalled app asks again
		li.Send(checked).Refused(http.StatusConflict, "payment.intent_used")
		li.Send(other, key).Refused(http.StatusUnprocessableEntity, "once.key_reused")
		b.Pass(10*time.Minute + time.Second)
		li.Send(other).Refused(http.StatusConflict, "payment.intent_expired")
		b.Time.Advance(-24 * time.Hour) // a clock that is set back makes nothing good again that was used
		li.Send(checked).Refused(http.StatusConflict, "payment.intent_used")
		b.Time.Advance(24 * time.Hour)
		b.Pass(16 * time.Minute)
		li.Send(other).Refused(http.StatusUnauthorized, "session.required") // idle for a quarter of an hour
		if booked, _ := wang.Balance(); booked != "10.00" {
			t.Errorf("wang has %s", booked)
		}
		b.Verify()
	})
}

func TestAWrongPINIsCountedLockedAndUnlockedByTime(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang, bare := b.NewPerson(apptest.Has("100.00")), b.NewPerson(), b.NewPerson(apptest.NoPIN(), apptest.Has("1.00"))
		bare.Pay(wang, "1.00").Refused(http.StatusUnprocessableEntity, "auth.pin_not_set")
		key := apptest.NewKey()
		checked := li.Check(wang, "10.00")
		guess := func(pin string) apptest.Answer {
			return li.Post("/transfers", apptest.Order(checked.At("intent"), pin), key).Hasnt(pin, apptest.PIN)
		}
		for _, left := range []string{"4", "3"} {
			guess("147036").Refused(http.StatusUnauthorized, "auth.pin_wrong").Has(`"left":"` + left + `"`)
		}
		guess(apptest.PIN).Is(http.StatusCreated) // the key was free, and a right PIN forgets the wrong ones
		checked, key = li.Check(wang, "10.00"), apptest.NewKey()
		for _, left := range []string{"4", "3", "2", "1"} {
			guess("147036").Refused(http.StatusUnauthorized, "auth.pin_wrong").Has(`"left":"` + left + `"`)
		}
		guess("147036").Refused(http.StatusForbidden, "auth.pin_locked")
		guess(apptest.PIN).Refused(http.StatusForbidden, "auth.pin_locked").Has(`"until":"2025-03-05T02:00:00Z"`)
		li.Get("/pin").Is(http.StatusOK).Has(`"locked":true`, `"triesLeft":0`)
		b.Drain()
		li.Get("/messages").Is(http.StatusOK).Has("auth.pin_locked")
		b.Pass(24*time.Hour + time.Second)
		li.SignIn()
		li.Get("/pin").Is(http.StatusOK).Has(`"locked":false`, `"triesLeft":5`)
		li.Pay(wang, "10.00").Is(http.StatusCreated)
		if booked, _ := wang.Balance(); booked != "20.00" {
			t.Errorf("wang has %s", booked)
		}
		b.Verify()
	})
}
