package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

// clerk is somebody of the bank's staff.
func clerk() act.By {
	return act.By{Kind: act.Staff, Actor: "staff_01", Channel: act.Console, Branch: act.HeadOffice}
}

// reverse takes a transfer back with the leave of others.
func reverse(b *apptest.Bank, by act.By, which id.Transfer) (t payment.Transfer, err error) {
	err = b.DB.Write(b.Context(), func(tx *db.Tx) error {
		t, err = b.Payments.Reverse(b.Context(), tx, by, acttest.Granted{}, payment.TakeBack{Transfer: which})
		return err
	})
	return t, err
}

// used writes that a limit has been used already, as a year of payments would have.
func used(t *testing.T, b *apptest.Bank, subject string, kind deposit.LimitKind, period string, yuan int64) {
	t.Helper()
	uses := []deposit.Use{{Subject: subject, Kind: kind, Period: period, Amount: yuan * 100, Most: 1 << 50, Err: deposit.ErrChannelYear}}
	err := b.DB.Write(t.Context(), func(tx *db.Tx) error {
		c, err := deposit.LockCounters(t.Context(), tx, uses)
		if err != nil {
			return err
		}
		if err := c.Try(uses); err != nil {
			return err
		}
		return c.Save(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// acquainted are two people of whom the first paid the second more than a day ago.
func acquainted(b *apptest.Bank, payer, payee *apptest.Person) {
	payer.Pay(payee, "0.01").Is(http.StatusCreated)
	b.Pass(25 * time.Hour)
	payer.SignIn()
	payee.SignIn()
}

// strongly pays with the PIN and the proof of a step-up.
func strongly(p, to *apptest.Person, yuan string) apptest.Answer {
	checked := p.Check(to, yuan).Is(http.StatusOK).Has(`"pin_and_step_up"`)
	return p.Post("/transfers", map[string]any{
		"intent": checked.At("intent"), "proof": map[string]any{"method": "pin_and_step_up", "pin": apptest.PIN},
	}, apptest.NewKey(), p.StepUp("payment.send"))
}

func TestLimitsHoldToTheFen(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		rich, li := b.NewPerson(apptest.Has("900000.00")), b.NewPerson()
		two, three := b.NewPerson(apptest.Class(2)), b.NewPerson(apptest.Class(3))
		two.Fund(two.Account, "50000.00")
		refused := func(a apptest.Answer, code, has string) {
			t.Helper()
			a.Refused(http.StatusUnprocessableEntity, code).Has(has)
		}
		acquainted(b, rich, li)

		refused(rich.Check(li, "50000.01"), "limit.single", `"limit":"50000.00"`)
		for range 4 {
			strongly(rich, li, "50000.00").Is(http.StatusCreated).Has(`"state":"settled"`)
		}
		refused(rich.Check(li, "0.01"), "limit.daily", `"left":"0.00"`)
		if got := rich.Used("mobile_day"); got != "200000.00" {
			t.Errorf("used %s of the day", got)
		}
		b.Pass(24 * time.Hour) // the limit of a day ends with the day of the bank's zone
		rich.SignIn()
		two.SignIn()
		three.SignIn()
		if day, year := rich.Used("mobile_day"), rich.Used("mobile_year"); day != "0.00" || year != "200000.01" {
			t.Errorf("on the next day %s, %s", day, year)
		}
		used(t, b, string(rich.Customer), "mobile_year", "2025", 4_700_000)
		refused(rich.Check(li, "100000.00"), "limit.single", "")
		strongly(rich, li, "49999.99").Is(http.StatusCreated)
		strongly(rich, li, "50000.00").Is(http.StatusCreated)
		refused(rich.Check(li, "0.01"), "limit.yearly", `"left":"0.00"`)

		two.Pay(li, "10000.00").Is(http.StatusCreated)
		refused(two.Check(li, "0.01"), "limit.class_daily", `"left":"0.00"`)
		if got := two.Used("class_out_day"); got != "10000.00" {
			t.Errorf("class II used %s", got)
		}
		li.SignIn()
		li.Pay(two, "10000.00").Is(http.StatusCreated)
		refused(li.Check(two, "0.01"), "limit.incoming_daily", "")

		checked := li.Check(three, "0.01").Is(http.StatusOK)
		li.Pay(three, "2000.00").Is(http.StatusCreated)
		refused(li.Send(checked), "limit.class_balance", "")
		three.Pay(li, "2000.00").Is(http.StatusCreated)
		refused(three.Check(li, "0.01"), "ledger.insufficient_funds", `"available":"0.00"`)
		li.Pay(three, "2000.00").Is(http.StatusCreated)
		refused(three.Check(li, "0.01"), "limit.class_daily", `"left":"0.00"`)

		b.Pass(24 * time.Hour)
		for _, p := range []*apptest.Person{li, two, three} {
			p.SignIn()
		}
		used(t, b, string(two.Account), deposit.ClassOutYear, "2025", 190_000)
		refused(two.Check(li, "0.01"), "limit.class_yearly", `"left":"0.00"`)
		used(t, b, string(three.Account), deposit.ClassOutYear, "2025", 47_999)
		refused(three.Check(li, "1.01"), "limit.class_yearly", `"left":"1.00"`)
		three.Pay(li, "1.00").Is(http.StatusCreated)
		used(t, b, string(three.Account), deposit.ClassInYear, "2025", 96_000)
		refused(li.Check(three, "0.01"), "limit.incoming_yearly", "")
		b.Verify()
	})
}

func TestBetweenOnesOwnAccountsOnlyTheCeilingOfClassThreeCounts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.Has("300000.00"))
		two, three := *li, *li
		two.Account, two.Number = li.Open(2)
		three.Account, three.Number = li.Open(3)
		li.Check(&two, "250000.00").Is(http.StatusOK).Has(`"newPayee":false`, `"warnings":[]`)
		li.Pay(&two, "250000.00").Is(http.StatusCreated).Has(`"state":"settled"`)
		two.Pay(li, "250000.00").Is(http.StatusCreated)
		li.Pay(&three, "2000.00").Is(http.StatusCreated)
		li.Pay(&three, "0.01").Refused(http.StatusUnprocessableEntity, "limit.class_balance")
		if day := li.Used("mobile_day"); day != "0.00" {
			t.Errorf("%s of the day used", day)
		}
		b.Verify()
	})
}

func TestOnesOwnLimitsAreLoweredFreelyAndRaisedWithAProof(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("9000.00")), b.NewPerson()
		limits := func(single, daily, small string) map[string]any {
			yuan := func(s string) map[string]any { return map[string]any{"amount": s, "currency": "CNY"} }
			return map[string]any{"single": yuan(single), "daily": yuan(daily), "small": yuan(small)}
		}
		put := func(body map[string]any, h ...apptest.Header) apptest.Answer {
			return li.Do(http.MethodPut, "/limits", body, h...)
		}
		put(limits("1000.00", "1500.00", "0.00")).Is(http.StatusOK).Has(`"own":{"single":{"amount":"1000.00"`)
		li.Check(wang, "1000.01").Refused(http.StatusUnprocessableEntity, "limit.single").Has(`"limit":"1000.00"`)
		li.Pay(wang, "1000.00").Is(http.StatusCreated)
		li.Check(wang, "500.01").Refused(http.StatusUnprocessableEntity, "limit.daily").Has(`"left":"500.00"`)
		put(limits("1000.01", "1500.00", "0.00")).Refused(http.StatusUnauthorized, "auth.step_up_needed")
		put(limits("1000.00", "1500.00", "0.01")).Refused(http.StatusUnauthorized, "auth.step_up_needed")
		put(limits("1000.00", "1500.01", "0.00"), li.StepUp("account.resume")).Refused(http.StatusUnauthorized, "auth.step_up_needed")
		put(limits("500000.01", "1000000.00", "0.00"), li.StepUp("limits.raise")).Refused(http.StatusUnprocessableEntity, "limit.bad_own_limit").Has(`"max":"500000.00"`)
		put(limits("2000.00", "1000.00", "0.00")).Refused(http.StatusUnprocessableEntity, "limit.bad_own_limit")
		put(limits("-1.00", "1000.00", "0.00")).Refused(http.StatusUnprocessableEntity, "limit.bad_own_limit")
		put(limits("2000.00", "6000.00", "0.00"), li.StepUp("limits.raise")).Is(http.StatusOK)
		li.Pay(wang, "2000.00").Is(http.StatusCreated)
		li.Check(wang, "2000.01").Refused(http.StatusUnprocessableEntity, "limit.single")
		b.Verify()
	})
}

func TestSmallPaymentsWithoutAPINGoToKnownPayeesFiveTimesADay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang, zhang := b.NewPerson(apptest.Has("5000.00")), b.NewPerson(), b.NewPerson()
		acquainted(b, li, wang)
		yuan := func(s string) map[string]any { return map[string]any{"amount": s, "currency": "CNY"} }
		bare := func(to *apptest.Person, amount string) apptest.Answer {
			checked := li.Check(to, amount).Is(http.StatusOK)
			return li.Post("/transfers", map[string]any{"intent": checked.At("intent"), "proof": map[string]any{"method": "none"}}, apptest.NewKey())
		}
		bare(wang, "1.00").Refused(http.StatusUnauthorized, "payment.proof_needed") // never chosen
		li.Do(http.MethodPut, "/limits", map[string]any{"single": yuan("50000.00"), "daily": yuan("200000.00"), "small": yuan("200.00")},
			li.StepUp("limits.raise")).Is(http.StatusOK)
		li.Check(wang, "200.00").Is(http.StatusOK).Has(`"proofs":["none","pin","passkey"]`)
		li.Check(wang, "200.01").Is(http.StatusOK).Has(`"proofs":["pin","passkey"]`)
		li.Check(zhang, "1.00").Is(http.StatusOK).Has(`"proofs":["pin","passkey"]`)
		bare(wang, "200.01").Refused(http.StatusUnauthorized, "payment.proof_needed")
		bare(zhang, "1.00").Refused(http.StatusUnauthorized, "payment.proof_needed") // never to a new payee
		for _, amount := range []string{"200.00", "200.00", "50.00"} {
			bare(wang, amount).Is(http.StatusCreated).Has(`"state":"settled"`)
		}
		key := apptest.NewKey()
		over := li.Check(wang, "50.01")
		li.Post("/transfers", map[string]any{"intent": over.At("intent"), "proof": map[string]any{"method": "none"}}, key).
			Refused(http.StatusUnauthorized, "limit.small_needs_pin")
		li.Send(over, key).Is(http.StatusCreated) // with the PIN it goes, by the same key
		bare(wang, "0.01").Is(http.StatusCreated)
		bare(wang, "0.01").Is(http.StatusCreated)
		bare(wang, "0.01").Refused(http.StatusUnauthorized, "limit.small_needs_pin") // the sixth of the day
		b.Pass(24 * time.Hour)
		li.SignIn()
		bare(wang, "0.01").Is(http.StatusCreated)
		b.Verify()
	})
}
