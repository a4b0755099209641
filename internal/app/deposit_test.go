package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

func cny(yuan string) map[string]any { return map[string]any{"amount": yuan, "currency": "CNY"} }

// save checks an act on deposits and confirms it with the PIN.
func save(p *apptest.Person, act map[string]any) apptest.Answer {
	checked := p.Post("/deposits/check", act).Is(http.StatusOK)
	return p.Post("/deposits", confirmed(checked), apptest.NewKey())
}

func confirmed(checked apptest.Answer) map[string]any {
	return map[string]any{"quote": checked.At("quote"), "proof": map[string]any{"method": "pin", "pin": apptest.PIN}}
}

// nights lets days pass, one after the other, with their ends.
func nights(t *testing.T, b *apptest.Bank, days int) {
	t.Helper()
	for range days {
		b.Pass(24 * time.Hour)
		if err := b.CloseDays(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPersonSavesWithdrawsEarlyAndSeesWhatItCosts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.Has("100000.00"))
		shelf := li.Get("/deposit-products?kind=term&sort=rate&amount=100").Is(http.StatusOK).Has(`"code":"term_1y"`).Hasnt(`"notice_7d"`)
		if best := shelf.At("items.0.code"); best != "term_3y" && best != "term_5y" {
			t.Errorf("the highest rate is that of %s", best)
		}
		if first := li.Get("/deposit-products").Is(http.StatusOK).At("items.0.code"); first != "term_3m" {
			t.Errorf("the shelf begins with %s, not with the shortest term", first)
		}
		li.Get("/deposit-products?minRate=0.03").Is(http.StatusOK).Has("certificate_3y").Hasnt("term_1y")
		// 10,000.00 for a year at 1.5 %, as posted in March 2025.
		li.Post("/deposits/calculate", map[string]any{"productCode": "term_1y", "amount": cny("10000.00")}).Is(http.StatusOK).
			Has(`"interest":{"amount":"150.00"`, `"maturesOn":"2026-03-04"`)
		open := map[string]any{"act": "open", "productCode": "term_1y", "accountId": li.Account, "amount": cny("10000.00"), "rollover": "all"}
		checked := li.Post("/deposits/check", open).Is(http.StatusOK).Has(`"percent":"1.50"`)
		wrong := confirmed(checked)
		wrong["proof"] = map[string]any{"method": "pin", "pin": "000001"}
		key := apptest.NewKey()
		li.Post("/deposits", wrong, key).Refused(http.StatusUnauthorized, "auth.pin_wrong")
		li.Post("/deposits", confirmed(checked)).Is(http.StatusBadRequest) // without a key
		made := li.Post("/deposits", confirmed(checked), key).Is(http.StatusCreated)
		id := made.At("id")
		asked := map[string]any{"quote": checked.At("quote"), "proof": map[string]any{"method": "none"}}
		if same := li.Post("/deposits", asked, key).Is(http.StatusCreated).At("id"); same != id {
			t.Errorf("asked without a proof what became of %s: %s", id, same)
		}
		li.Post("/deposits", asked, apptest.NewKey()).Is(http.StatusConflict)
		if again := li.Post("/deposits", confirmed(checked), key).Is(http.StatusCreated).At("id"); again != id {
			t.Errorf("the same key made %s and %s", id, again)
		}
		if booked, _ := li.Balance(); booked != "90000.00" {
			t.Errorf("left on the account: %s", booked)
		}
		nights(t, b, 30)
		li.SignIn()
		li.Get("/interest-calendar").Is(http.StatusOK).Has(`"kind":"maturity"`, `"on":"2026-03-04"`, `"kind":"settlement"`, `"productName":"`)
		li.Get("/deposits/"+id).Is(http.StatusOK).Has(`"earning":[{"part":"term"`, `"earlyPartial":1`)
		li.Get("/home").Is(http.StatusOK).Has(`"saved":{"amount":"10000.00"`)
		li.Get("/deposit-insurance").Is(http.StatusOK).Has(`"amount":"500000.00"`)
		out := li.Post("/deposits/check", map[string]any{"act": "withdraw", "depositId": id, "amount": cny("4000.00")}).Is(http.StatusOK)
		// 30 days at 0.35 % instead of a year at 1.5 %.
		out.Has(`"interest":{"amount":"1.17"`, `"lost":{"amount":"58.83"`, `"part":"early"`)
		li.Post("/deposits", confirmed(out), apptest.NewKey()).Is(http.StatusCreated).Has(`"balance":{"amount":"6000.00"`)
		li.Get("/deposits/"+id+"/interest").Is(http.StatusOK).Has(`"days":30`, `"year":360`, `"percent":"0.35"`)
		li.Do(http.MethodPut, "/deposits/"+id+"/rollover", map[string]any{"rollover": "payout"}).Is(http.StatusOK).Has(`"rollover":"payout"`)
		// 4 to 20 March: settled on the 20th, credited on the 21st.
		if parts := li.Get("/accounts/" + string(li.Account) + "/interest").Is(http.StatusOK); strings.Count(parts.Body, `"part":"demand"`) != 1 {
			t.Errorf("interest of the account: %s", parts.Body)
		}
		b.Verify()
	})
}

func TestAPotFillsWithSmallChange(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
	pot := save(li, map[string]any{"act": "open", "productCode": "pot_1", "accountId": li.Account, "amount": cny("10.00"),
		"goal": map[string]any{"name": "自行车", "target": cny("200.00"), "roundTo": cny("10.00")}}).Is(http.StatusCreated).Has(`"name":"自行车"`).At("id")
	li.Pay(wang, "12.50").Is(http.StatusCreated)
	b.Drain()
	li.Get("/deposits/"+pot).Is(http.StatusOK).Has(`"balance":{"amount":"17.50"`, `"reachedRatio":"0.08"`)
	save(li, map[string]any{"act": "withdraw", "depositId": pot, "amount": cny("17.50"), "closes": true}).Is(http.StatusCreated).Has(`"state":"closed"`)
	b.Verify()
}
