package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/products/deposit"
)

// identify runs the job that asks and restricts, and lets what it said arrive.
func identify(b *apptest.Bank, t *testing.T) {
	t.Helper()
	if _, err := b.Deposits.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Drain()
}

func TestAClassIIIAccountThatMovesMuchAsksForADocumentAndStandsStillWithoutOne(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Class(3), apptest.Level(1), apptest.Has("900.00")), b.NewPerson(apptest.Has("900.00"))
		used(t, b, string(li.Customer), deposit.ClassTurnover, "ever", 49_880)
		li.Pay(wang, "60.00").Is(http.StatusCreated)
		wang.Pay(li, "59.99").Is(http.StatusCreated)
		identify(b, t)
		li.Get("/home").Is(http.StatusOK).Has(`"verify_higher"`).Hasnt("identify")
		li.Pay(wang, "0.01").Is(http.StatusCreated)
		identify(b, t)
		li.Get("/home").Is(http.StatusOK).Has(`{"kind":"identify","until":"2025-03-11"}`).Hasnt("verify_higher")
		li.Get("/accounts/" + string(li.Account)).Is(http.StatusOK).Has(`"identification":{"state":"asked","dueOn":"2025-03-11"}`)
		li.Get("/messages").Is(http.StatusOK).Has("deposit.identify")
		wang.Get("/home").Is(http.StatusOK).Hasnt("identif")
		li.Pay(wang, "1.00").Is(http.StatusCreated)

		b.Pass(8 * 24 * time.Hour)
		identify(b, t)
		li.SignIn()
		wang.SignIn()
		checked := wang.Check(li, "1.00")
		if checked.Status == http.StatusOK {
			checked = wang.Send(checked)
		}
		checked.Refused(http.StatusUnprocessableEntity, "payment.payee_cannot_receive")
		li.Check(wang, "1.00").Refused(http.StatusUnprocessableEntity, "ledger.frozen")
		li.Post("/accounts", map[string]any{"productCode": "current_3"}, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "deposit.identification_needed")
		li.Get("/home").Is(http.StatusOK).Has(`{"kind":"identify_now"}`)
		li.Get("/accounts").Is(http.StatusOK).Has(`"state":"restricted"`, `"restraint":"no_entry_no_exit"`)
		li.Post("/accounts/"+string(li.Account)+"/unfreeze", nil, li.StepUp(string(deposit.PurposeResume))).Refused(http.StatusConflict, "deposit.stop_state")

		show(t, b, li)
		li.Get("/home").Is(http.StatusOK).Hasnt("identify")
		li.Get("/accounts").Is(http.StatusOK).Has(`"frozen":false`).Hasnt("identification", "no_entry_no_exit")
		li.Get("/messages").Is(http.StatusOK).Has("deposit.identify_restricted", "deposit.identify_released")
		li.Pay(wang, "1.00").Is(http.StatusCreated)
		b.Verify()
	})
}

// show hands in both sides of a document, and waits until the provider has answered and everybody has heard of it.
func show(t *testing.T, b *apptest.Bank, p *apptest.Person) {
	t.Helper()
	ctx := t.Context()
	_, err := b.Customers.StartVerification(ctx, p.By, p.Name, p.IDNumber)
	for side, shade := range map[customer.Side]uint8{customer.Front: 60, customer.Back: 140} {
		if err == nil {
			_, err = b.Customers.AddDocument(ctx, p.By, side, apptest.Picture(shade))
		}
	}
	if err == nil {
		_, err = b.Customers.SubmitVerification(ctx, p.By)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.Drain()
}
