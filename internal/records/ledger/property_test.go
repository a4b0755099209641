package ledger_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// checks is how many sequences of acts are played on each database, unless -rapid.checks says another number.
const checks = "25"

func TestMain(m *testing.M) {
	const name = "rapid.checks"
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if !given {
		if err := flag.Set(name, checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// Random sequences of acts: after each step the ledger has what the model has, and its own books hold.
func TestRandomActsKeepEveryRule(t *testing.T) {
	t.Parallel()
	atNoon(t, func(b *bank, now *clock.Fake) {
		run := 0
		totals := map[string]int64{}
		rapid.Check(b.TB.(*testing.T), func(rt *rapid.T) {
			run++
			play := newPlay(rt, b, now, run)
			rt.Repeat(play.acts())
			for account, sum := range play.model.summed {
				totals[account] += sum
			}
			play.finish(totals)
		})
		b.verify()
	})
}

// play is one sequence of acts on accounts of its own, in a bank that other sequences used before.
type play struct {
	*rapid.T
	bank     *bank
	now      *clock.Fake
	model    *model
	accounts []string
}

func newPlay(rt *rapid.T, b *bank, now *clock.Fake, run int) *play {
	p := &play{T: rt, bank: b, now: now}
	for i := range 3 {
		p.accounts = append(p.accounts, fmt.Sprintf("acct_%05d_%d", run, i))
	}
	b.open(branch, p.accounts[:2]...)
	b.open("0002", p.accounts[2])
	p.model = newModel(p.accounts...)
	return p
}

func (p *play) acts() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"post":    p.post,
		"pay in":  p.payIn,
		"hold":    p.hold,
		"capture": p.capture,
		"release": p.release,
		"freeze":  p.freeze,
		"thaw":    p.thaw,
		"reverse": p.reverse,
		"wait":    p.wait,
		"expire":  p.expire,
		"fold":    p.fold,
		"roll":    p.roll,
		"":        p.check,
	}
}

func (p *play) account(t *rapid.T, name string) string {
	return rapid.SampledFrom(append([]string{cash(), fees(), "acct_unknown"}, p.accounts...)).Draw(t, name)
}

func (p *play) amount(t *rapid.T) int64 { return rapid.Int64Range(1, 120).Draw(t, "amount") }

// book posts journals and compares each outcome with the model's.
func (p *play) book(t *rapid.T, journals ...ledger.Journal) {
	out := p.bank.post(journals...)
	for i, o := range out {
		if broken := p.model.post(journals[i], o.Journal, p.bank.today, p.now.Now()); !agrees(o.Err, broken) {
			t.Fatalf("journal %d %+v: %v, the model says %v", i, journals[i].Lines, o.Err, broken)
		}
		if o.Err != nil {
			continue
		}
		for _, got := range o.Balances {
			if i == len(out)-1 && got.Booked.Minor() != p.model.accounts[got.Account].booked {
				t.Fatalf("outcome has %s in %s", got.Booked, got.Account)
			}
		}
	}
}

func (p *play) post(t *rapid.T) {
	var journals []ledger.Journal
	for range rapid.IntRange(1, 5).Draw(t, "journals") {
		j := transfer(p.account(t, "from"), p.account(t, "to"), p.amount(t))
		switch rapid.IntRange(0, 9).Draw(t, "shape") {
		case 0:
			j.Lines[0].Amount = yuan(p.amount(t)) // most likely unbalanced
		case 1:
			j.Lines[0].Amount, j.Lines[1].Amount = yuan(0), yuan(0)
		case 2, 3: // with a fee
			j.Lines[0].Amount = yuan(j.Lines[0].Amount.Minor() + 2)
			j.Lines = append(j.Lines, ledger.Line{Account: fees(), Side: ledger.Credit, Amount: yuan(2)})
		}
		journals = append(journals, j)
	}
	p.book(t, journals...)
}

func (p *play) payIn(t *rapid.T) {
	p.book(t, transfer(cash(), rapid.SampledFrom(p.accounts).Draw(t, "to"), 100+p.amount(t)))
}

// until draws an end: never, or some minutes from now.
func (p *play) until(t *rapid.T) time.Time {
	if minutes := rapid.IntRange(0, 60).Draw(t, "minutes"); minutes > 20 {
		return p.now.Now().Add(time.Duration(minutes) * time.Minute)
	}
	return time.Time{}
}

func (p *play) hold(t *rapid.T) {
	account := rapid.SampledFrom(p.accounts).Draw(t, "account")
	amount, until := p.amount(t), p.until(t)
	o := p.bank.place(account, amount, until)
	if broken := p.model.hold(account, amount); !agrees(o.Err, broken) {
		t.Fatalf("hold: %v, the model says %v", o.Err, broken)
	}
	if o.Err == nil {
		p.model.holds[o.Hold] = &modelHold{account: account, left: amount, expires: until}
	}
}

// drawHold draws one of the sequence's holds, ended or not.
func (p *play) drawHold(t *rapid.T) id.Hold {
	ids := slices.Sorted(maps.Keys(p.model.holds))
	if len(ids) == 0 {
		t.Skip("no holds")
	}
	return rapid.SampledFrom(ids).Draw(t, "hold")
}

func (p *play) capture(t *rapid.T) {
	hold := p.drawHold(t)
	h := p.model.holds[hold]
	amount := p.amount(t)
	j := transfer(h.account, p.account(t, "to"), amount+rapid.Int64Range(0, 3).Draw(t, "more"))
	if rapid.IntRange(0, 9).Draw(t, "wrong account") == 0 {
		j.Lines[0].Account = cash()
	}
	j.Captures = []ledger.Capture{take(hold, min(amount, max(h.left, 1)), rapid.Bool().Draw(t, "final"))}
	if rapid.IntRange(0, 4).Draw(t, "too much") == 0 {
		j.Captures[0].Amount = yuan(amount)
	}
	p.book(t, j)
}

func (p *play) release(t *rapid.T) {
	hold := p.drawHold(t)
	h := p.model.holds[hold]
	var broken []error
	if h.ended {
		broken = []error{ledger.ErrHoldEnded}
	}
	if err := p.bank.release(hold); !agrees(err, broken) {
		t.Fatalf("release: %v, the model says %v", err, broken)
	}
	h.ended = true
}

func (p *play) freeze(t *rapid.T) {
	f := ledger.Restraint{
		Account: rapid.SampledFrom(p.accounts).Draw(t, "account"), Act: "test.freeze", By: teller, ExpiresAt: p.until(t),
		Kind: rapid.SampledFrom([]ledger.RestraintKind{ledger.FrozenAmount, ledger.EntryOnly, ledger.NoEntryNoExit}).Draw(t, "kind"),
	}
	if f.Kind == ledger.FrozenAmount {
		f.Amount = yuan(p.amount(t))
	}
	p.bank.write(func(tx *db.Tx) error {
		out, err := p.bank.books.Freeze(p.bank.Context(), tx, []ledger.Restraint{f})
		if err != nil || out[0].Err != nil {
			t.Fatalf("freeze: %v, %v", out, err)
		}
		f.ID = out[0].Restraint
		return nil
	})
	p.model.freezes[f.ID] = &modelFreeze{account: f.Account, kind: f.Kind, amount: f.Amount.Minor(), expires: f.ExpiresAt}
}

func (p *play) thaw(t *rapid.T) {
	ids := slices.Sorted(maps.Keys(p.model.freezes))
	if len(ids) == 0 {
		t.Skip("nothing is frozen")
	}
	restraint := rapid.SampledFrom(ids).Draw(t, "restraint")
	f := p.model.freezes[restraint]
	var broken []error
	if f.lifted {
		broken = []error{ledger.ErrRestraintLifted}
	}
	if err := p.bank.thaw(restraint); !agrees(err, broken) {
		t.Fatalf("thaw: %v, the model says %v", err, broken)
	}
	f.lifted = true
}

func (p *play) reverse(t *rapid.T) {
	ids := slices.Sorted(maps.Keys(p.model.journals))
	if len(ids) == 0 {
		t.Skip("no journals")
	}
	original := rapid.SampledFrom(ids).Draw(t, "original")
	mirror := ledger.Journal{Reverses: original}
	for _, n := range p.model.journals[original].lines {
		n.Side = n.Side.Opposite()
		mirror.Lines = append(mirror.Lines, n)
	}
	o := p.bank.reverse(original)
	if broken := p.model.post(mirror, o.Journal, p.bank.today, p.now.Now()); !agrees(o.Err, broken) {
		t.Fatalf("reverse: %v, the model says %v", o.Err, broken)
	}
}

// wait lets time pass: holds may be over that no job has let go yet.
func (p *play) wait(t *rapid.T) {
	p.now.Advance(time.Duration(rapid.IntRange(1, 40).Draw(t, "minutes")) * time.Minute)
}

func (p *play) expire(t *rapid.T) {
	holds, freezes := p.model.expire(p.now.Now())
	if n, err := p.bank.books.ExpireHolds(p.bank.Context()); err != nil || n < holds {
		t.Fatalf("expired %d holds, %v; the model %d", n, err, holds)
	}
	if n, err := p.bank.books.ExpireRestraints(p.bank.Context()); err != nil || n < freezes {
		t.Fatalf("expired %d restraints, %v; the model %d", n, err, freezes)
	}
}

func (p *play) fold(t *rapid.T) {
	if _, err := p.bank.books.Fold(p.bank.Context()); err != nil {
		t.Fatal(err)
	}
}

func (p *play) roll(t *rapid.T) {
	p.bank.today = p.bank.today.AddDays(rapid.IntRange(1, 3).Draw(t, "days"))
	if err := p.bank.days.Roll(p.bank.Context(), p.bank.today); err != nil {
		t.Fatal(err)
	}
}

// check compares every account with the model, and lets the ledger verify itself.
func (p *play) check(t *rapid.T) {
	for name, a := range p.model.accounts {
		got := p.bank.balance(name)
		want := ledger.Balance{
			Account: name, Booked: yuan(a.booked), Held: yuan(p.model.held(name)), Frozen: yuan(p.model.frozen(name)), Number: got.Number,
		}
		switch {
		case p.model.restrained(name, ledger.NoEntryNoExit):
			want.Restraint = ledger.NoEntryNoExit
		case p.model.restrained(name, ledger.EntryOnly):
			want.Restraint = ledger.EntryOnly
		}
		if got != want || got.Available() != yuan(p.model.available(name)) || got.Number < a.entries {
			t.Fatalf("%s has %+v, the model %+v", name, got, want)
		}
	}
	report, err := p.bank.books.Verify(p.bank.Context(), ledger.Options{From: p.accounts[0], To: p.accounts[2]})
	if err != nil || report.Breach != nil || report.Accounts != 3 {
		t.Fatalf("verify: %+v, %v, %v", report, report.Breach, err)
	}
}

// finish compares what only has to be right in the end: totals, closing balances and the length of histories.
func (p *play) finish(totals map[string]int64) {
	p.bank.read(func(tx *db.Tx) error {
		ctx := p.bank.Context()
		for account, want := range totals {
			total, err := p.bank.books.TotalOf(ctx, tx, account)
			if err != nil || total.Debit.Minor()-total.Credit.Minor() != want {
				p.Fatalf("%s has %s, %v; the model %d", account, total.Balance(), err, want)
			}
		}
		for name, a := range p.model.accounts {
			for date := range a.closing {
				for _, d := range []clock.Date{date.AddDays(-1), date, date.AddDays(1)} {
					got, err := p.bank.books.BalanceAt(ctx, tx, name, d)
					if err != nil || got != money.New(a.closingAt(d), money.CNY) {
						p.Fatalf("%s had %s on %s, %v; the model %d", name, got, d, err, a.closingAt(d))
					}
				}
			}
			history, err := p.bank.books.History(ctx, tx, ledger.HistoryQuery{Account: name, Limit: 500})
			if err != nil || int64(len(history)) != a.entries {
				p.Fatalf("%s has %d entries, %v; the model %d", name, len(history), err, a.entries)
			}
		}
		return nil
	})
}
