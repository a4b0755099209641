package app_test

import (
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// town is a bank whose people do things at random. It knows what the bank should hold: what came in from outside.
type town struct {
	t      *rapid.T
	bank   *apptest.Bank
	people []*apptest.Person
	sent   []sent
	inside *int64 // fen that came in from outside, in all towns before too
	steps  int
}

type sent struct {
	by    *apptest.Person
	which string
}

func (w *town) anybody(label string) *apptest.Person {
	return rapid.SampledFrom(w.people).Draw(w.t, label)
}

// answered checks that an answer is a success or a refusal by a rule, never a failure.
func (w *town) answered(a apptest.Answer) apptest.Answer {
	if a.Status == 0 || a.Status >= http.StatusInternalServerError {
		w.t.Fatalf("%s: %d %s", a.What, a.Status, a.Body)
	}
	return a
}

func (w *town) pay() {
	from, to := w.anybody("payer"), w.anybody("payee")
	fen := rapid.Int64Range(1, 30_000).Draw(w.t, "fen")
	arrival := rapid.SampledFrom([]string{"real_time", "real_time", "ordinary", "next_day"}).Draw(w.t, "arrival")
	draft := apptest.Change(from.Draft(to, money.New(fen, money.CNY).String()), "arrival", arrival)
	checked := w.answered(from.Post("/transfers/check", draft))
	if checked.Status != http.StatusOK {
		return
	}
	times := rapid.IntRange(1, 3).Draw(w.t, "times") // impatient people press again
	key := apptest.NewKey()
	answers := race(times, func(int) apptest.Answer {
		return from.Post("/transfers", apptest.Order(checked.At("intent"), apptest.PIN), key)
	})
	for _, a := range answers {
		w.answered(a)
		if a.Body != answers[0].Body && a.Status == http.StatusCreated {
			w.t.Fatalf("one key, two answers: %s and %s", a.Body, answers[0].Body)
		}
	}
	if which := answers[0].At("id"); which != "" {
		w.sent = append(w.sent, sent{from, which})
	}
}

func (w *town) cancel() {
	if len(w.sent) > 0 {
		s := rapid.SampledFrom(w.sent).Draw(w.t, "transfer")
		w.answered(s.by.Post("/transfers/"+s.which+"/cancel", nil, apptest.NewKey()))
	}
}

func (w *town) reverse() {
	if len(w.sent) == 0 {
		return
	}
	s := rapid.SampledFrom(w.sent).Draw(w.t, "transfer")
	_, err := reverse(w.bank, clerk().Because("at random"), id.Transfer(s.which))
	if err != nil && fault.KindOf(err) == fault.Internal {
		w.t.Fatalf("reverse: %v", err)
	}
}

func (w *town) settle() {
	if _, err := w.bank.Payments.SettleDue(w.bank.Context()); err != nil {
		w.t.Fatalf("settle: %v", err)
	}
}

func (w *town) wait() {
	w.bank.Pass(time.Duration(rapid.IntRange(1, 30).Draw(w.t, "hours")) * time.Hour)
	for _, p := range w.people {
		p.SignIn()
	}
}

func (w *town) fund() {
	p := w.anybody("lucky")
	fen := rapid.Int64Range(1, 50_000).Draw(w.t, "fen")
	if w.account(p).At("state") == "open" {
		p.Fund(p.Account, money.New(fen, money.CNY).String())
		*w.inside += fen
	}
}

func (w *town) stop() {
	p := w.anybody("holder")
	w.answered(p.Post("/accounts/"+string(p.Account)+"/freeze", nil))
}

func (w *town) resume() {
	p := w.anybody("holder")
	if w.account(p).At("frozen") == "true" {
		w.answered(p.Post("/accounts/"+string(p.Account)+"/unfreeze", nil, p.StepUp("account.resume"))).Is(http.StatusOK)
	}
}

func (w *town) closeAndOpen() {
	p := w.anybody("holder")
	if w.answered(p.Post("/accounts/"+string(p.Account)+"/close", nil, apptest.NewKey())).Status == http.StatusOK {
		p.Account, p.Number = p.Open(1)
	}
}

func (w *town) account(p *apptest.Person) apptest.Answer {
	return w.answered(p.Get("/accounts/" + string(p.Account)))
}

// check holds every rule of the books after a step.
func (w *town) check(*rapid.T) {
	ctx := w.bank.Context()
	report, err := w.bank.Ledger.Verify(ctx, ledger.Options{})
	if err != nil || report.Breach != nil {
		w.t.Fatalf("the books: %v, %v", err, report.Breach)
	}
	var total, worst, held, open int64
	err = w.bank.DB.Read(ctx, func(tx *db.Tx) error {
		for _, q := range []struct {
			to    *int64
			query string
		}{
			{&total, `SELECT CAST(coalesce(sum(booked), 0) AS BIGINT) FROM ledger_balance`},
			{&worst, `SELECT CAST(coalesce(min(booked - held - frozen), 0) AS BIGINT) FROM ledger_balance`},
			{&held, `SELECT CAST(coalesce(sum(held), 0) AS BIGINT) FROM ledger_balance`},
			{&open, `SELECT CAST(coalesce(sum(amount + fee), 0) AS BIGINT) FROM payment_transfer WHERE state IN ('delayed', 'held')`},
		} {
			if *q.to, err = db.One(ctx, tx, db.Value[int64], q.query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if total != *w.inside {
		w.t.Fatalf("people hold %d fen, %d came in", total, *w.inside)
	}
	if worst < 0 {
		w.t.Fatalf("an account has %d fen available", worst)
	}
	if held != open {
		w.t.Fatalf("%d fen are held, for transfers of %d", held, open)
	}
	w.steps++
}

func TestWhateverPeopleDoTheBooksHold(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		people := make([]*apptest.Person, 4)
		for i := range people {
			people[i] = b.NewPerson()
		}
		inside, steps := int64(0), 0
		rapid.Check(t, func(rt *rapid.T) {
			w := &town{t: rt, bank: b, people: people, inside: &inside}
			w.wait()
			for range 2 {
				w.fund()
			}
			act := func(f func()) func(*rapid.T) { return func(*rapid.T) { f() } }
			rt.Repeat(map[string]func(*rapid.T){
				"": w.check, "pay": act(w.pay), "pay again": act(w.pay), "cancel": act(w.cancel), "reverse": act(w.reverse), "settle": act(w.settle), "wait": act(w.wait),
				"fund": act(w.fund), "stop": act(w.stop), "resume": act(w.resume), "close and open": act(w.closeAndOpen),
			})
			steps += w.steps
		})
		if transfers(t, b, "settled") == 0 {
			t.Errorf("no transfer was settled in %d steps: the walk proves nothing", steps)
		}
		for _, state := range []string{"cancelled", "reversed"} { // chance may leave one of them out
			t.Logf("%d of %d steps %s a transfer", transfers(t, b, state), steps, state)
		}
		b.Verify()
	})
}

// transfers counts those of a state.
func transfers(t *testing.T, b *apptest.Bank, state string) (n int64) {
	t.Helper()
	err := b.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], `SELECT CAST(count(*) AS BIGINT) FROM payment_transfer WHERE state = $1`, state)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
