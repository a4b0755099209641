package payment_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

// checks is how many sequences of acts are played on each database, unless -rapid.checks says another number.
const checks = "8"

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

// Random sequences of acts: after each step accounts and counters stand where a plain model has them, no limit of a law
// is passed, and in the end the books hold.
func TestRandomActsKeepBooksAndCounters(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rapid.Check(t, func(rt *rapid.T) {
			p := newPlay(rt, b)
			rt.Repeat(map[string]func(*rapid.T){
				"pay one": p.payOne, "pay many": p.payMany, "cancel": p.cancel, "wait": p.wait, "reverse": p.reverse, "stop": p.stop, "": p.check,
			})
			b.verify()
		})
	})
}

// play is one sequence of acts of three people, one of each class of account.
type play struct {
	*rapid.T
	b         *bank
	people    []*holder
	stopped   map[int]bool
	returned  bool // a reversal gave a payer his money back, past the ceiling if need be
	transfers map[id.Transfer]payment.Transfer
	booked    map[id.Account]int64
	held      map[id.Account]int64
	counters  map[deposit.Use]int64 // by subject, kind and period alone
}

func newPlay(rt *rapid.T, b *bank) *play {
	p := &play{
		T: rt, b: b, stopped: map[int]bool{}, transfers: map[id.Transfer]payment.Transfer{},
		booked: map[id.Account]int64{}, held: map[id.Account]int64{}, counters: map[deposit.Use]int64{},
	}
	for class, minor := range []int64{30_000_00, 15_000_00, 1500_00} {
		h := b.holder(minor, class+1)
		p.people = append(p.people, h)
		p.booked[h.accounts[0].ID] = minor
	}
	for _, from := range p.people {
		for _, to := range p.people {
			if from != to {
				b.acquainted(from, to.accounts[0])
			}
		}
	}
	return p
}

func (p *play) class(account id.Account) deposit.Account {
	for _, h := range p.people {
		if h.accounts[0].ID == account {
			return h.accounts[0]
		}
	}
	panic("no such account")
}

// move applies what a transfer did to money and counters, or with a sign of -1 takes it back.
func (p *play) move(t payment.Transfer, sign int64) {
	out := deposit.Outgoing{Account: p.class(t.PayerAccount), Amount: t.Amount, Channel: t.By.Channel, Small: t.Small}
	uses := append(deposit.OutCounters(out, t.OrderedOn), deposit.InCounters(deposit.Incoming{Account: p.class(t.PayeeAccount), Amount: t.Amount}, t.OrderedOn)...)
	for _, u := range uses {
		p.counters[deposit.Use{Subject: u.Subject, Kind: u.Kind, Period: u.Period}] += sign * u.Amount
	}
}

func (p *play) settle(t payment.Transfer, sign int64) {
	p.booked[t.PayerAccount] -= sign * t.Amount.Minor()
	p.booked[t.PayeeAccount] += sign * t.Amount.Minor()
}

// came takes what an order came to into the model.
func (p *play) came(t payment.Transfer, err error) {
	if err != nil {
		if kind := fault.KindOf(err); kind != fault.Rejected && kind != fault.Busy && kind != fault.Unauthenticated {
			p.Fatalf("an order failed: %v", err)
		}
		return
	}
	if _, known := p.transfers[t.ID]; known {
		p.Fatalf("%s came twice", t.ID)
	}
	p.transfers[t.ID] = t
	p.move(t, 1)
	switch t.State {
	case payment.Settled:
		p.settle(t, 1)
	case payment.Delayed, payment.Held:
		p.held[t.PayerAccount] += t.Amount.Minor()
	default:
		p.Fatalf("a new transfer is %s", t.State)
	}
}

// draw makes an order that passes its check.
func (p *play) draw(label string) (payment.Sent, bool) {
	from := rapid.IntRange(0, 2).Draw(p.T, "from"+label)
	to := (from + rapid.IntRange(1, 2).Draw(p.T, "to"+label)) % 3
	minor := rapid.SampledFrom([]int64{1, 99_99, 400_00, 800_00, 2000_00, 7000_00}).Draw(p.T, "minor"+label)
	arrival := rapid.SampledFrom([]payment.Arrival{payment.RealTime, payment.RealTime, payment.Ordinary, payment.NextDay}).Draw(p.T, "arrival"+label)
	h := p.people[from]
	c, err := p.b.Check(p.b.Context(), h.by, draft(h, p.people[to], 0, minor, arrival))
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			p.Fatalf("check: %v", err)
		}
		return payment.Sent{}, false
	}
	o := p.b.order(c)
	if !slices.Contains(c.Ways, auth.MethodPIN) {
		o.Proof = payment.Proof{Method: payment.MethodStrong, PIN: pin, StepUp: p.b.stepUp(h, payment.PurposeStrong, auth.MethodPassword)}
	}
	return payment.Sent{By: h.by, Order: o}, true
}

func (p *play) payOne(*rapid.T) {
	if s, ok := p.draw(""); ok {
		t, err := p.b.Send(p.b.Context(), s.By, s.Order)
		p.came(t.Transfer, err)
	}
}

func (p *play) payMany(*rapid.T) {
	var all []payment.Sent
	for i := range rapid.IntRange(2, 6).Draw(p.T, "orders") {
		if s, ok := p.draw(fmt.Sprint(" ", i)); ok {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return
	}
	results, err := p.b.SendTogether(p.b.Context(), all)
	p.b.must(err)
	for _, r := range results {
		p.came(r.Transfer, r.Err)
	}
}

// some is a transfer in a state, drawn in an order that replays.
func (p *play) some(state payment.State) (payment.Transfer, bool) {
	var ids []id.Transfer
	for which, t := range p.transfers {
		if t.State == state {
			ids = append(ids, which)
		}
	}
	if len(ids) == 0 {
		return payment.Transfer{}, false
	}
	slices.Sort(ids)
	return p.transfers[rapid.SampledFrom(ids).Draw(p.T, "transfer")], true
}

func (p *play) payer(t payment.Transfer) *holder {
	return p.people[slices.IndexFunc(p.people, func(h *holder) bool { return h.id == t.Payer })]
}

func (p *play) cancel(*rapid.T) {
	t, ok := p.some(payment.Delayed)
	if !ok {
		return
	}
	got, err := p.b.Cancel(p.b.Context(), p.payer(t).by, t.ID, p.b.key())
	p.b.must(err)
	p.transfers[t.ID] = got
	p.held[t.PayerAccount] -= t.Amount.Minor()
	p.move(t, -1)
}

// wait lets time pass, sometimes over midnight, and settles what is due.
func (p *play) wait(*rapid.T) {
	p.b.clock.Advance(time.Duration(rapid.IntRange(1, 26).Draw(p.T, "hours")) * time.Hour)
	p.b.must(p.b.days.Roll(p.b.Context(), p.b.today()))
	_, err := p.b.SettleDue(p.b.Context())
	p.b.must(err)
	for which, t := range p.transfers {
		if t.State != payment.Delayed {
			continue
		}
		got := p.b.state(p.payer(t), t)
		if due := !t.DueAt.After(p.b.clock.Now()); due == (got.State == payment.Delayed) {
			p.Fatalf("%s is due at %s and %s at %s", which, t.DueAt, got.State, p.b.clock.Now())
		}
		p.transfers[which] = got
		switch got.State {
		case payment.Settled:
			p.held[t.PayerAccount] -= t.Amount.Minor()
			p.settle(t, 1)
		case payment.Refused:
			p.held[t.PayerAccount] -= t.Amount.Minor()
			p.move(t, -1)
		}
	}
}

func (p *play) reverse(*rapid.T) {
	t, ok := p.some(payment.Settled)
	if !ok {
		return
	}
	got, err := p.b.reverse(staff(), t.ID)
	if err != nil {
		if fault.KindOf(err) != fault.Rejected {
			p.Fatalf("reverse: %v", err)
		}
		return
	}
	p.transfers[t.ID] = got
	p.returned = true
	p.settle(t, -1)
	p.move(t, -1)
}

func (p *play) stop(*rapid.T) {
	i := rapid.IntRange(0, 2).Draw(p.T, "whose")
	h := p.people[i]
	if p.stopped[i] {
		p.b.must(p.b.deposits.Resume(p.b.Context(), h.by, h.accounts[0].ID, p.b.stepUp(h, deposit.PurposeResume, auth.MethodPassword)))
	} else {
		p.b.must(p.b.deposits.Stop(p.b.Context(), h.by, h.accounts[0].ID))
	}
	p.stopped[i] = !p.stopped[i]
}

// most are the limits of the law that the play may come near.
var most = map[int]map[deposit.LimitKind]int64{
	2: {deposit.ClassOutDay: 10_000_00, deposit.ClassInDay: 10_000_00},
	3: {deposit.ClassOutDay: 2_000_00, deposit.ClassInDay: 5_000_00},
}

func (p *play) check(*rapid.T) {
	for _, h := range p.people {
		a := h.accounts[0]
		booked, held := p.b.balance(a)
		if booked != p.booked[a.ID] || held != p.held[a.ID] {
			p.Fatalf("class %d: booked %d held %d, the model has %d and %d", a.Class, booked, held, p.booked[a.ID], p.held[a.ID])
		}
		if booked-held < 0 {
			p.Fatalf("class %d: %d available", a.Class, booked-held)
		}
		if a.Class == 3 && booked > 2000_00 && !p.returned {
			p.Fatalf("class III holds %d", booked)
		}
		for kind, limit := range most[a.Class] {
			if used, _ := p.b.used(string(a.ID), kind, p.b.today().String()); used > limit {
				p.Fatalf("class %d: %s used %d of %d", a.Class, kind, used, limit)
			}
		}
	}
	today := p.b.today().String()
	for u, want := range p.counters {
		if !strings.HasPrefix(today, u.Period) {
			continue // of days and years gone by only the latest is kept
		}
		if got, _ := p.b.used(u.Subject, u.Kind, u.Period); got != want {
			p.Fatalf("%s of %s in %s: %d, the model has %d", u.Kind, u.Subject, u.Period, got, want)
		}
	}
}
