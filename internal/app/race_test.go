package app_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

// race runs n requests at the same moment.
func race(n int, do func(i int) apptest.Answer) []apptest.Answer {
	var wg sync.WaitGroup
	start := make(chan struct{})
	answers := make([]apptest.Answer, n)
	for i := range n {
		wg.Go(func() {
			<-start
			answers[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return answers
}

// outcomes counts answers by status and code.
func outcomes(answers []apptest.Answer) map[string]int {
	all := make(map[string]int)
	for _, a := range answers {
		key := fmt.Sprint(a.Status)
		if code := a.Code(); code != "" {
			key += " " + code
		}
		all[key]++
	}
	return all
}

// only checks that answers are exactly these.
func only(t *testing.T, got []apptest.Answer, want map[string]int) {
	t.Helper()
	if all := outcomes(got); fmt.Sprint(all) != fmt.Sprint(want) {
		t.Errorf("answers %v, want %v", all, want)
	}
}

func TestTwoEqualKeysAtOnceAreOneTransfer(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		for round := 1; round <= 5; round++ {
			checked, key := li.Check(wang, "1.00"), apptest.NewKey()
			answers := race(8, func(int) apptest.Answer { return li.Send(checked, key) })
			only(t, answers, map[string]int{"201": 8})
			for _, a := range answers {
				if a.Body != answers[0].Body {
					t.Errorf("one key, two answers:\n%s\n%s", a.Body, answers[0].Body)
				}
			}
			has(t, wang, fmt.Sprintf("%d.00", round), fmt.Sprintf("%d.00", round))
		}
		checked := li.Check(wang, "1.00") // one intent, many keys
		only(t, race(8, func(int) apptest.Answer { return li.Send(checked) }), map[string]int{"201": 1, "409 payment.intent_used": 7})
		has(t, li, "94.00", "94.00")
		b.Verify()
	})
}

func TestOfManySpendsOfTheLastYuanOneSucceeds(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang, zhang := b.NewPerson(apptest.Has("1.00")), b.NewPerson(), b.NewPerson()
		checked := make([]apptest.Answer, 10)
		for i := range checked {
			checked[i] = li.Check([]*apptest.Person{wang, zhang}[i%2], "1.00").Is(http.StatusOK)
		}
		only(t, race(len(checked), func(i int) apptest.Answer { return li.Send(checked[i]) }),
			map[string]int{"201": 1, "422 ledger.insufficient_funds": 9})
		has(t, li, "0.00", "0.00")
		if day := li.Used("mobile_day"); day != "1.00" {
			t.Errorf("used %s of the day", day)
		}
		b.Verify()
	})
}

func TestOfSixHoldsOfAThousandOnFiveThousandFiveSucceed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("5000.00")), b.NewPerson()
		checked := make([]apptest.Answer, 6)
		for i := range checked {
			checked[i] = li.Post("/transfers/check", apptest.Change(li.Draft(wang, "1000.00"), "arrival", "ordinary")).Is(http.StatusOK)
		}
		answers := race(len(checked), func(i int) apptest.Answer { return li.Send(checked[i]) })
		only(t, answers, map[string]int{"201": 5, "422 ledger.insufficient_funds": 1})
		has(t, li, "5000.00", "0.00")
		var held []string
		for _, a := range answers {
			if a.Status == http.StatusCreated {
				held = append(held, a.At("id"))
			}
		}
		// Each is cancelled, by several fingers at once, while the job that settles what is due runs.
		b.Pass(2*time.Hour - time.Second)
		li.SignIn()
		cancelled := race(2*len(held), func(i int) apptest.Answer {
			return li.Post("/transfers/"+held[i%len(held)]+"/cancel", nil, apptest.NewKey())
		})
		only(t, cancelled, map[string]int{"200": 2 * len(held)})
		has(t, li, "5000.00", "5000.00")
		if day := li.Used("mobile_day"); day != "0.00" {
			t.Errorf("used %s of the day", day)
		}
		b.Verify()
	})
}

func TestFiveHundredGuessesOfAPINAtOnceGetFiveTries(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		const guesses, payments = 500, 50
		li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
		checked := make([]string, payments)
		for i := range checked {
			checked[i] = li.Check(wang, "1.00").Is(http.StatusOK).At("intent")
		}
		answers := race(guesses, func(i int) apptest.Answer {
			return li.Post("/transfers", apptest.Order(checked[i%payments], fmt.Sprintf("%06d", 300_000+i)), apptest.NewKey())
		})
		tried := 0
		for what, n := range outcomes(answers) {
			switch what {
			case "401 auth.pin_wrong":
				tried += n
			case "403 auth.pin_locked", "409 payment.intent_used", "409 once.running", "503 batch.busy": // in the way of a guess that came first
			default:
				t.Errorf("%d answers %s", n, what)
			}
		}
		if tried != 4 { // the fifth locks
			t.Errorf("%d guesses were told to be wrong: %v", tried, outcomes(answers))
		}
		li.Get("/pin").Is(http.StatusOK).Has(`"locked":true`)
		li.Send(li.Check(wang, "1.00")).Refused(http.StatusForbidden, "auth.pin_locked")

		// Guesses through different payments and through the step-up share one count.
		wang.Fund(wang.Account, "10.00")
		intents := make([]string, 20)
		for i := range intents {
			intents[i] = wang.Check(li, "0.01").Is(http.StatusOK).At("intent")
		}
		mixed := race(2*len(intents), func(i int) apptest.Answer {
			if i%2 == 0 {
				return wang.Post("/transfers", apptest.Order(intents[i/2], "300111"), apptest.NewKey())
			}
			return wang.Post("/step-ups", map[string]any{"purpose": "limits.raise", "method": "pin", "pin": "300111"})
		})
		if n := outcomes(mixed)["401 auth.pin_wrong"]; n != 4 {
			t.Errorf("two ways together got %d tries: %v", n, outcomes(mixed))
		}
		has(t, li, "1000.00", "1000.00")
		b.Verify()
	})
}

func TestOfManyOpeningsOfAClassOneAccountOneSucceeds(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.NoAccount())
		only(t, race(6, func(int) apptest.Answer {
			return li.Post("/accounts", map[string]any{"productCode": "current_1"}, apptest.NewKey())
		}),
			map[string]int{"201": 1, "422 deposit.too_many_accounts": 5})
		only(t, race(9, func(int) apptest.Answer {
			return li.Post("/accounts", map[string]any{"productCode": "current_2"}, apptest.NewKey())
		}),
			map[string]int{"201": 5, "422 deposit.too_many_accounts": 4})
		b.Verify()
	})
}

func TestOneIDNumberMakesOneCustomer(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		people := []*apptest.Person{b.NewPerson(apptest.Level(0), apptest.NoPIN()), b.NewPerson(apptest.Level(0), apptest.NoPIN()), b.NewPerson(apptest.Level(0), apptest.NoPIN())}
		body := map[string]any{"name": "欧阳晓", "idNumber": apptest.IDNumber(777)}
		for _, p := range people {
			p.Post("/verification", body).Is(http.StatusCreated)
		}
		race(len(people), func(i int) apptest.Answer { return people[i].Post("/verification/submit", nil) })
		b.Drain()
		passed := 0
		for _, p := range people {
			a := p.Get("/verification").Is(http.StatusOK).Hasnt(apptest.IDNumber(777), "欧阳晓")
			for _, other := range people {
				if other != p {
					a.Hasnt(string(other.Customer), other.Phone)
				}
			}
			switch {
			case a.At("state") == "passed" && a.At("level") == "1":
				passed++
			case a.At("state") == "passed" || a.At("level") != "0":
				t.Errorf("neither known nor refused: %s", a.Body)
			}
		}
		if passed != 1 {
			t.Errorf("%d customers with one ID number", passed)
		}
		b.Verify()
	})
}
