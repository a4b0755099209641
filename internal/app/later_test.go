package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

// arriving pays with another arrival than at once.
func arriving(p, to *apptest.Person, yuan, arrival string) apptest.Answer {
	return p.Send(p.Post("/transfers/check", apptest.Change(p.Draft(to, yuan), "arrival", arrival)))
}

// has checks what an account holds and what of it is free.
func has(t *testing.T, p *apptest.Person, booked, available string) {
	t.Helper()
	if b, a := p.Balance(); b != booked || a != available {
		t.Errorf("booked %s, available %s; want %s, %s", b, a, booked, available)
	}
}

func TestOrdinaryAndNextDayPaymentsHoldAtOnceAndArriveLater(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		sooner := arriving(li, wang, "10.00", "ordinary").Is(http.StatusCreated).
			Has(`"state":"delayed"`, `"dueAt":"2025-03-04T04:00:00Z"`, `"cancellableUntil":"2025-03-04T04:00:00Z"`, `"hasReceipt":false`)
		later := arriving(li, wang, "20.00", "next_day").Is(http.StatusCreated).Has(`"dueAt":"2025-03-05T02:00:00Z"`)
		gone := arriving(li, wang, "30.00", "ordinary").Is(http.StatusCreated)
		has(t, li, "100.00", "40.00")
		has(t, wang, "0.00", "0.00")
		if day := li.Used("mobile_day"); day != "60.00" {
			t.Errorf("used %s of the day", day)
		}
		li.Check(wang, "40.01").Refused(http.StatusUnprocessableEntity, "ledger.insufficient_funds").Has(`"available":"40.00"`)
		li.Post("/accounts/"+string(li.Account)+"/close", nil, apptest.NewKey()).Refused(http.StatusConflict, "deposit.account_not_empty")
		li.Get("/transfers/"+sooner.At("id")+"/receipt.pdf").Refused(http.StatusConflict, "payment.receipt_too_early")

		wang.Post("/transfers/"+gone.At("id")+"/cancel", nil, apptest.NewKey()).Refused(http.StatusNotFound, "payment.not_found") // only its payer
		li.Post("/transfers/"+gone.At("id")+"/cancel", nil, apptest.NewKey()).Is(http.StatusOK).Has(`"state":"cancelled"`).Hasnt("cancellableUntil")
		li.Post("/transfers/"+gone.At("id")+"/cancel", nil, apptest.NewKey()).Is(http.StatusOK).Has(`"state":"cancelled"`) // the same answer again
		has(t, li, "100.00", "70.00")
		if day, year := li.Used("mobile_day"), li.Used("mobile_year"); day != "30.00" || year != "30.00" {
			t.Errorf("after cancelling, used %s of the day and %s of the year", day, year)
		}

		b.Pass(2*time.Hour - time.Second)
		b.Settle()
		has(t, li, "100.00", "70.00")
		b.Pass(time.Second)
		li.SignIn()
		li.Post("/transfers/"+sooner.At("id")+"/cancel", nil, apptest.NewKey()).Refused(http.StatusConflict, "payment.wrong_state") // due: too late
		b.Settle()
		has(t, li, "90.00", "70.00")
		has(t, wang, "10.00", "10.00")
		li.Get("/transfers/"+sooner.At("id")).Is(http.StatusOK).Has(`"state":"settled"`, `"settledAt":"2025-03-04T04:00:00Z"`, `"hasReceipt":true`)
		li.Post("/transfers/"+sooner.At("id")+"/cancel", nil, apptest.NewKey()).Refused(http.StatusConflict, "payment.wrong_state")
		b.Pass(22 * time.Hour)
		b.Settle()
		b.Settle() // what is settled is not settled again
		has(t, li, "70.00", "70.00")
		has(t, wang, "30.00", "30.00")
		li.SignIn()
		li.Get("/transfers/" + later.At("id")).Is(http.StatusOK).Has(`"state":"settled"`)
		li.Get("/messages").Is(http.StatusOK).Has("payment.delayed", "payment.cancelled", "payment.paid")
		b.Verify()
	})
}

func TestADelayedPaymentIsRefusedWhenDueIfSomethingIsInTheWay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		type order struct {
			payer *apptest.Person
			id    string
			code  string
		}
		var orders []order
		wait := func(code string, change func(li, to *apptest.Person)) {
			li, to := b.NewPerson(apptest.Has("50.00")), b.NewPerson()
			orders = append(orders, order{li, arriving(li, to, "40.00", "ordinary").Is(http.StatusCreated).At("id"), code})
			change(li, to)
		}
		wait("customer.frozen", func(li, _ *apptest.Person) { li.Post("/me/freeze", nil).Is(http.StatusOK) })
		wait("ledger.frozen", func(li, _ *apptest.Person) {
			li.Post("/accounts/"+string(li.Account)+"/freeze", nil).Is(http.StatusOK)
		})
		wait("payment.payee_cannot_receive", func(_, to *apptest.Person) {
			to.Post("/accounts/"+string(to.Account)+"/close", nil, apptest.NewKey()).Is(http.StatusOK)
		})
		b.Pass(2*time.Hour + time.Minute)
		b.Settle()
		for _, o := range orders {
			o.payer.SignIn()
			o.payer.Get("/transfers/"+o.id).Is(http.StatusOK).Has(`"state":"refused"`, o.code).Hasnt(o.payer.Private()...)
			has(t, o.payer, "50.00", "50.00")
			if day := o.payer.Used("mobile_day"); day != "0.00" {
				t.Errorf("%s: used %s of the day", o.code, day)
			}
			o.payer.Get("/messages").Is(http.StatusOK).Has("payment.failed")
		}
		b.Verify()
	})
}

func TestScreeningAsksForMoreDelaysAndHolds(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang, zhang := b.NewPerson(apptest.Has("900000.00")), b.NewPerson(), b.NewPerson()
		acquainted(b, li, wang)
		zhang.SignIn()

		checked := li.Check(wang, "20000.00").Is(http.StatusOK).Has(`"proofs":["passkey","pin_and_step_up"]`)
		strong := map[string]any{"intent": checked.At("intent"), "proof": map[string]any{"method": "pin_and_step_up", "pin": apptest.PIN}}
		key, proof := apptest.NewKey(), li.StepUp("payment.send")
		li.Send(checked, key).Refused(http.StatusUnauthorized, "payment.stronger_proof_needed")
		li.Post("/transfers", strong, key).Refused(http.StatusUnauthorized, "auth.step_up_needed")
		li.Post("/transfers", strong, key, li.StepUp("pin.change")).Refused(http.StatusUnauthorized, "auth.step_up_needed")
		li.Post("/transfers", strong, key, wang.StepUp("payment.send")).Refused(http.StatusUnauthorized, "auth.step_up_needed")
		li.Post("/transfers", strong, key, proof).Is(http.StatusCreated).Has(`"state":"settled"`)
		again := li.Check(wang, "20000.00")
		strong["intent"] = again.At("intent")
		li.Post("/transfers", strong, apptest.NewKey(), proof).Refused(http.StatusUnauthorized, "auth.step_up_needed") // a proof serves once

		delayed := li.Send(li.Check(zhang, "50000.00").Has("payment.warn_delayed_by_screening")).Is(http.StatusCreated).
			Has(`"state":"delayed"`, `"dueAt":"2025-03-06T03:00:00Z"`)
		li.Post("/transfers/"+delayed.At("id")+"/cancel", nil, apptest.NewKey()).Is(http.StatusOK).Has(`"state":"cancelled"`)
		has(t, li, "879999.99", "879999.99")

		yuan := func(s string) map[string]any { return map[string]any{"amount": s, "currency": "CNY"} }
		li.Do(http.MethodPut, "/limits", map[string]any{"single": yuan("300000.00"), "daily": yuan("900000.00"), "small": yuan("0.00")},
			li.StepUp("limits.raise")).Is(http.StatusOK)
		hold := func() id.Transfer {
			held := li.Send(li.Check(zhang, "200000.00").Has("payment.warn_review")).Is(http.StatusCreated).Has(`"state":"held"`).Hasnt("dueAt", "cancellableUntil")
			li.Post("/transfers/"+held.At("id")+"/cancel", nil, apptest.NewKey()).Refused(http.StatusConflict, "payment.wrong_state")
			return id.Transfer(held.At("id"))
		}
		let, refuse := hold(), hold()
		has(t, li, "879999.99", "479999.99")
		b.Pass(48 * time.Hour)
		b.Settle() // nothing held settles by itself
		li.SignIn()
		zhang.SignIn()
		has(t, li, "879999.99", "479999.99")
		if _, err := b.Payments.Release(t.Context(), li.By.Because("please"), let, true); fault.CodeOf(err) != "payment.staff_only" {
			t.Errorf("a customer releases: %v", err)
		}
		for which, allow := range map[id.Transfer]bool{let: true, refuse: false} {
			if _, err := b.Payments.Release(t.Context(), clerk(), which, allow); fault.CodeOf(err) != "payment.reason_needed" {
				t.Errorf("without a reason: %v", err)
			}
			if _, err := b.Payments.Release(t.Context(), clerk().Because("called the payer"), which, allow); err != nil {
				t.Error(err)
			}
			if _, err := b.Payments.Release(t.Context(), clerk().Because("again"), which, allow); fault.CodeOf(err) != "payment.wrong_state" {
				t.Errorf("twice: %v", err)
			}
		}
		li.Get("/transfers/" + string(let)).Is(http.StatusOK).Has(`"state":"settled"`)
		li.Get("/transfers/"+string(refuse)).Is(http.StatusOK).Has(`"state":"refused"`, "payment.refused_by_screening")
		has(t, li, "679999.99", "679999.99")
		has(t, zhang, "200000.00", "200000.00")
		b.Verify()
	})
}

func TestOnlyStaffReverseAndTheReceiptSaysSo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		paid := li.Pay(wang, "60.00").Is(http.StatusCreated)
		which := id.Transfer(paid.At("id"))
		receipt := li.Post("/transfers/"+string(which)+"/receipt", nil).Is(http.StatusCreated)
		code := receipt.At("code")
		if len(code) < 20 || strings.Contains(receipt.At("verifyUrl"), string(which)) || !strings.HasSuffix(receipt.At("verifyUrl"), code) {
			t.Errorf("link %s", receipt.Body)
		}
		li.Post("/transfers/"+string(which)+"/reverse", nil).Refused(http.StatusNotFound, "request.no_such_route")
		for _, by := range []struct {
			who  string
			code string
		}{{"customer", "payment.staff_only"}, {"staff", "payment.reason_needed"}} {
			act := li.By.Because("mine")
			if by.who == "staff" {
				act = clerk()
			}
			if _, err := reverse(b, act, which); fault.CodeOf(err) != by.code {
				t.Errorf("%s reverses: %v", by.who, err)
			}
		}
		before, err := b.Payments.PublicReceipt(t.Context(), code)
		if err != nil || before.Reversed {
			t.Errorf("%+v, %v", before, err)
		}
		stranger := b.Native()
		page := func() apptest.Answer {
			return stranger.Get("/r/"+code).Hasnt(li.Private()...).Hasnt(wang.Private()...).Hasnt(string(which), li.Number, wang.Number)
		}
		if a := page().Is(http.StatusOK).Has("60.00", apptest.Mask(li.Name), apptest.Mask(wang.Name)).Hasnt("eversed"); a.Header.Get("Referrer-Policy") != "no-referrer" ||
			!strings.Contains(a.Header.Get("X-Robots-Tag"), "noindex") || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers of the public page: %v", a.Header)
		}
		stranger.Get("/r/" + missing(code)).Is(http.StatusNotFound).Hasnt("60.00")
		stranger.Get("/r/" + string(which)).Is(http.StatusNotFound)
		wang.Pay(li, "1.00").Is(http.StatusCreated)
		if _, err := reverse(b, clerk().Because("a mistake"), which); fault.CodeOf(err) != "ledger.insufficient_funds" {
			t.Errorf("reversing what is spent: %v", err)
		}
		li.Pay(wang, "1.00").Is(http.StatusCreated)
		if _, err := reverse(b, clerk().Because("a mistake"), which); err != nil {
			t.Fatal(err)
		}
		if _, err := reverse(b, clerk().Because("again"), which); fault.CodeOf(err) != "payment.wrong_state" {
			t.Errorf("twice: %v", err)
		}
		has(t, li, "100.00", "100.00")
		has(t, wang, "0.00", "0.00")
		after, err := b.Payments.PublicReceipt(t.Context(), code)
		if err != nil || !after.Reversed || after.Payer.Name == li.Name && after.Payee.Name == wang.Name {
			t.Errorf("%+v, %v", after, err)
		}
		for _, p := range []*apptest.Person{li, wang} {
			p.Get("/transfers/"+string(which)).Is(http.StatusOK).Has(`"state":"reversed"`).Hasnt("a mistake", "staff_01")
			p.Get("/transactions").Is(http.StatusOK).Has(`"kind":"reversal"`, `"reversed":true`)
			if paper, err := b.Payments.ReceiptPDF(t.Context(), p.By, which, i18n.ZhHans); err != nil || len(paper) < 1000 {
				t.Errorf("paper: %d bytes, %v", len(paper), err)
			}
		}
		page().Is(http.StatusOK).Has("eversed", "60.00").Hasnt("a mistake", "staff_01")
		b.Drain()
		wang.Get("/messages").Is(http.StatusOK).Has("payment.reversed")
		li.Do(http.MethodDelete, "/transfers/"+string(which)+"/receipt", nil).Is(http.StatusNoContent)
		if _, err := b.Payments.PublicReceipt(t.Context(), code); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a closed link: %v", err)
		}
		page().Is(http.StatusNotFound).Hasnt("60.00")
		b.Verify()
	})
}
