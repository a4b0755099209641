package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

// A person opens an account in dollars, buys some with yuan over the wire, and sees both; end of day values the bank's
// position, and everything holds.
func TestCurrenciesAreExchangedOverTheWire(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson(apptest.Has("5.00"))
		li.Get("/home").Is(http.StatusOK).Hasnt(`"approximate"`)
		board := li.Get("/exchange/rates").Is(http.StatusOK).Has(`"simulated":true`, `"stale":false`, `"currency":"USD"`, `"currency":"JPY"`)
		if board.At("items.0.currency") != "EUR" {
			t.Errorf("the board begins with %s", board.At("items.0.currency"))
		}
		one := li.Exchanged()
		li.Get("/exchanges/"+one).Is(http.StatusOK).Has(`"side":"buy"`, `"received":{"amount":"10.00","currency":"USD"}`, `"purpose":"travel"`)
		li.Get("/exchanges").Is(http.StatusOK).Has(one)
		wang.Get("/exchanges").Is(http.StatusOK).Hasnt(one)
		li.Get("/home").Is(http.StatusOK).Has(`"approximate"`, `"currency":"USD"`)
		li.Get("/exchange/allowances").Is(http.StatusOK).Has(`"kind":"buy_year"`, `"used":{"amount":"10.00","currency":"USD"}`)
		li.Get("/exchange/rate-history?currency=USD&span=day").Is(http.StatusOK).Has(`"source":"simulator"`)
		li.Get("/exchange/rate-history?currency=CHF").Refused(http.StatusUnprocessableEntity, "exchange.no_pair")
		li.Get("/account-products").Is(http.StatusOK).Has("currency_usd", "current_1")

		dollars := ""
		for _, path := range []string{"items.0", "items.1"} {
			if a := li.Get("/accounts"); a.At(path+".currency") == "USD" {
				dollars = a.At(path + ".id")
			}
		}
		draft := map[string]any{"fromAccountId": li.Account, "toAccountId": dollars, "amount": map[string]any{"amount": "20.00", "currency": "USD"}, "purpose": "study"}
		wang.Post("/exchange/check", draft).Refused(http.StatusNotFound, "deposit.account_not_found")
		quote := li.Post("/exchange/check", draft).Is(http.StatusOK).Has(`"seconds":60`)
		proof := map[string]any{"quote": quote.At("quote"), "proof": map[string]any{"method": "pin", "pin": "000000"}}
		li.Post("/exchanges", proof, apptest.NewKey()).Refused(http.StatusUnauthorized, "auth.pin_wrong")
		b.Time.Advance(61 * time.Second)
		proof["proof"] = map[string]any{"method": "pin", "pin": apptest.PIN}
		li.Post("/exchanges", proof, apptest.NewKey()).Refused(http.StatusConflict, "exchange.quote_expired")
		// Payments are in yuan: the dollars pay nobody, and the account takes nothing in.
		li.Post("/transfers/check", map[string]any{"fromAccountId": dollars, "payee": map[string]any{"accountNumber": wang.Number},
			"amount": map[string]any{"amount": "1.00", "currency": "CNY"}, "arrival": "real_time"}).Is(http.StatusUnprocessableEntity)

		b.Pass(24 * time.Hour)
		if err := b.CloseDays(t.Context()); err != nil {
			t.Fatal(err)
		}
		li.SignIn()
		li.Post("/exchange/check", draft).Refused(http.StatusUnprocessableEntity, "exchange.stale_rate")
		if n, err := b.Exchange.Refresh(t.Context()); err != nil || n != 5 {
			t.Errorf("%d rates, %v", n, err)
		}
		li.Post("/exchange/check", draft).Is(http.StatusOK)
		b.Verify()
	})
}
