package app_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestWhoAsksTooOftenIsToldToWait(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{RateScale: 0.2})
	li, wang := b.NewPerson(apptest.Has("10.00")), b.NewPerson()
	question := map[string]any{"payee": map[string]any{"accountNumber": wang.Number}}
	var refused apptest.Answer
	for range 20 {
		if refused = li.Post("/payees/resolve", question); refused.Status != http.StatusOK {
			break
		}
	}
	refused.Refused(http.StatusTooManyRequests, "request.too_many")
	if wait, err := strconv.Atoi(refused.Header.Get("Retry-After")); err != nil || wait < 1 {
		t.Errorf("wait %q", refused.Header.Get("Retry-After"))
	}
	li.Get("/accounts").Is(http.StatusOK) // reading goes on
}

func TestLookUpsByPhoneAreExactMaskedAndCounted(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(), b.NewPerson()
		ask := func(phone string) apptest.Answer {
			return li.Post("/payees/resolve", map[string]any{"payee": map[string]any{"phone": phone}}).Hasnt(wang.Private()...).Hasnt(wang.Number, string(wang.Customer))
		}
		ask(wang.Phone).Is(http.StatusOK).Has(apptest.Mask(wang.Name))
		ask(wang.Phone[:10]).Refused(http.StatusBadRequest, "auth.bad_phone")
		for range 8 { // unknown ones count too
			ask("13300000000").Refused(http.StatusNotFound, "payment.payee_not_found")
		}
		ask(wang.Phone).Refused(http.StatusTooManyRequests, "payment.too_many_lookups").Has(`"retryAfter":`)
		li.Another().Post("/payees/resolve", map[string]any{"payee": map[string]any{"phone": wang.Phone}}).Refused(http.StatusTooManyRequests, "payment.too_many_lookups")
	})
}
