package sim_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

const repeatsMost = 50

// again does an act until the bank has answered. Already is what it answers when an earlier try was done, unheard.
func (s *sim) again(already error, do func() error) error {
	s.Helper()
	unheard := false
	for range repeatsMost {
		err := do()
		switch {
		case errors.Is(err, db.ErrOutcomeUnknown):
			unheard = true
			s.lost++
		case errors.Is(err, db.ErrBusy) || errors.Is(err, errSimulated):
			s.lost++
		case unheard && already != nil && errors.Is(err, already):
			return nil
		default:
			return err
		}
	}
	s.Fatalf("no answer in %d tries", repeatsMost)
	return nil
}

// pay checks and sends; the key is sometimes sent again though it was answered.
func (s *sim) pay() {
	from, to := s.account(), s.account()
	minor := s.amount()
	arrival := []payment.Arrival{payment.RealTime, payment.RealTime, payment.RealTime, payment.Ordinary, payment.NextDay}[s.chance.IntN(5)]
	var checked payment.Checked
	err := s.again(nil, func() (err error) {
		checked, err = s.payments.Check(s.ctx, from.holder.by, payment.Draft{From: from.id, To: payment.PayeeRef{Number: to.number}, Amount: yuan(minor), Arrival: arrival})
		return err
	})
	if err != nil {
		s.refused("check", err)
		return
	}
	s.between() // what was checked need not be true any more
	order := payment.Order{Key: s.key(), Intent: checked.Token, Proof: payment.Proof{Method: auth.MethodPIN, PIN: pin}}
	reasons := s.reasons(from, to, minor)
	var first payment.Seen
	err = s.again(nil, func() (err error) {
		first, err = s.payments.Send(s.ctx, from.holder.by, order)
		return err
	})
	for range s.chance.IntN(3) {
		var second payment.Seen
		repeated := s.again(nil, func() (err error) {
			second, err = s.payments.Send(s.ctx, from.holder.by, order)
			return err
		})
		if fault.CodeOf(repeated) != fault.CodeOf(err) || err == nil && (second.ID != first.ID || second.State != first.State) {
			s.Fatalf("one key, two answers: %s %v and %s %v", first.State, err, second.State, repeated)
		}
	}
	if err != nil {
		s.justified(err, reasons)
		return
	}
	for code, holds := range reasons {
		// What arrives later is held although nothing may arrive now, and looked at again then.
		if later := first.State != payment.Settled && code == "payment.payee_cannot_receive" && !to.closed; holds && !later {
			s.Fatalf("%d from %s to %s was accepted against %s", minor, from.id, to.id, code)
		}
	}
	s.consume(from, to, s.today(), minor)
	t := &transfer{Transfer: first.Transfer, from: from, to: to}
	s.transfers = append(s.transfers, t)
	s.facts[string(t.State)]++
	if t.State == payment.Settled {
		if arrival != payment.RealTime {
			s.Fatalf("%s arrived at once", arrival)
		}
		s.move(t)
		return
	}
	from.held += minor
}

// key is the next idempotency key.
func (s *sim) key() string {
	s.keys++
	return fmt.Sprintf("key-%d", s.keys)
}

// move moves the money of a settled transfer.
func (s *sim) move(t *transfer) {
	t.from.booked -= t.Amount.Minor()
	t.to.booked += t.Amount.Minor()
}

// passing are answers that are no result; the model cannot know them, and nothing may have happened.
var passing = map[string]bool{"payment.stronger_proof_needed": true, "payment.intent_expired": true, "payment.try_again": true}

// justified requires that the model knows the reason of a refusal.
func (s *sim) justified(err error, reasons map[string]bool) {
	s.Helper()
	code := fault.CodeOf(err)
	if !passing[code] && !reasons[code] {
		s.Fatalf("refused with %v, and there is no such reason", err)
	}
	s.refusals[code]++
}

// refused requires a refusal by a rule.
func (s *sim) refused(what string, err error) {
	s.Helper()
	if fault.KindOf(err) == fault.Internal {
		s.Fatalf("%s: %v", what, err)
	}
	s.refusals[fault.CodeOf(err)]++
}

func (s *sim) cancel() {
	t := s.transfer(payment.Delayed)
	if t == nil {
		return
	}
	key := s.key()
	err := s.again(nil, func() error {
		_, err := s.payments.Cancel(s.ctx, t.from.holder.by, t.ID, key)
		return err
	})
	if due := !s.clock.Now().Before(t.DueAt); due != (err != nil) {
		s.Fatalf("cancelled when due is %v: %v", due, err)
	}
	if err == nil {
		s.drop(t, payment.Cancelled)
	}
}

// drop ends a transfer whose money was held and does not move.
func (s *sim) drop(t *transfer, state payment.State) {
	t.State = state
	s.facts[string(state)]++
	t.from.held -= t.Amount.Minor()
	s.consume(t.from, t.to, t.OrderedOn, -t.Amount.Minor())
}

// settle settles what is due, and requires a reason for each that was refused and none for each that was not.
func (s *sim) settle() {
	if err := s.again(nil, func() error {
		_, err := s.payments.SettleDue(s.ctx)
		return err
	}); err != nil {
		s.Fatalf("settle what is due: %v", err)
	}
	coming := make(map[*account]int64)
	for _, t := range s.transfers {
		if t.State == payment.Delayed && !s.clock.Now().Before(t.DueAt) {
			coming[t.to] += t.Amount.Minor()
		}
	}
	for _, t := range s.transfers {
		if t.State == payment.Delayed && !s.clock.Now().Before(t.DueAt) {
			s.ended(t, coming[t.to])
		}
	}
}

// ended reads what became of a transfer whose money was held.
func (s *sim) ended(t *transfer, coming int64) {
	var now payment.Seen
	err := s.again(nil, func() (err error) {
		now, err = s.payments.Transfer(s.ctx, t.from.holder.by, t.ID)
		return err
	})
	s.must(err)
	minor := t.Amount.Minor()
	switch now.State {
	case payment.Settled:
		for code, holds := range s.hindered(t.from, t.to, minor, 0) {
			// What left an account in the same run may have made room below its ceiling.
			if holds && code != "limit.class_balance" {
				s.Fatalf("%s was settled against %s", t.ID, code)
			}
		}
		t.State = payment.Settled
		s.facts[string(payment.Settled)]++
		t.from.held -= minor
		s.move(t)
	case payment.Refused:
		if !s.hindered(t.from, t.to, minor, coming)[now.Refusal] {
			s.Fatalf("%s was refused with %s, and there is no such reason", t.ID, now.Refusal)
		}
		s.refusals["due "+now.Refusal]++
		s.drop(t, payment.Refused)
	default:
		s.Fatalf("%s is due, and %s", t.ID, now.State)
	}
}

func clerk() act.By {
	return act.By{Kind: act.Staff, Actor: "staff_01", Channel: act.Console, Branch: act.HeadOffice, Reason: "a simulated day"}
}

// look is a person of the bank looking at a held transfer.
func (s *sim) look() {
	t := s.transfer(payment.Held)
	if t == nil {
		return
	}
	allow := s.chance.IntN(2) == 0
	err := s.again(payment.ErrState, func() error {
		_, err := s.payments.Release(s.ctx, clerk(), t.ID, allow)
		return err
	})
	s.must(err)
	if !allow {
		s.drop(t, payment.Refused)
		return
	}
	s.ended(t, 0)
}

func (s *sim) reverse() {
	t := s.transfer(payment.Settled)
	if t == nil {
		return
	}
	err := s.again(payment.ErrState, func() error {
		return s.d.Write(s.ctx, func(tx *db.Tx) error {
			_, err := s.payments.Reverse(s.ctx, tx, clerk(), acttest.Granted{}, payment.TakeBack{Transfer: t.ID})
			return err
		})
	})
	minor := t.Amount.Minor()
	switch {
	case err == nil && minor > t.to.available():
		s.Fatalf("%s was reversed, and %s has %d", t.ID, t.to.id, t.to.available())
	case err == nil:
		t.State = payment.Reversed
		s.facts[string(payment.Reversed)]++
		t.from.booked += minor
		t.to.booked -= minor
		s.consume(t.from, t.to, t.OrderedOn, -minor)
	case errors.Is(err, ledger.ErrInsufficientFunds) && minor <= t.to.available():
		s.Fatalf("%s has %d, and reversing %d is refused", t.to.id, t.to.available(), minor)
	case errors.Is(err, ledger.ErrFrozen) && !t.to.frozen() && !t.from.barred():
		s.Fatalf("reversing %s: nothing is frozen", t.ID)
	case errors.Is(err, ledger.ErrAccountClosed) && !t.to.closed && !t.from.closed:
		s.Fatalf("reversing %s: nothing is closed", t.ID)
	default:
		s.refused("reverse", err)
	}
}

func (s *sim) stop() {
	a := s.account()
	err := s.again(deposit.ErrStopped, func() error { return s.deposits.Stop(s.ctx, a.holder.by, a.id) })
	if refused := a.closed || a.stopped; refused != (err != nil) {
		s.Fatalf("stop of %s (closed %v, stopped %v): %v", a.id, a.closed, a.stopped, err)
	}
	a.stopped = a.stopped || err == nil
}

func (s *sim) resume() {
	a := s.accountThat(func(a *account) bool { return a.stopped && !a.closed })
	if a == nil || s.chance.IntN(10) == 0 {
		a = s.account() // which may not be stopped: then it is refused
	}
	var proof deposit.Proof
	s.calm(func() { proof = s.stepUp(a.holder.by) })
	err := s.again(deposit.ErrStopped, func() error { return s.deposits.Resume(s.ctx, a.holder.by, a.id, proof) })
	if refused := a.closed || !a.stopped; refused != (err != nil) {
		s.Fatalf("resume of %s (closed %v, stopped %v): %v", a.id, a.closed, a.stopped, err)
	}
	if err == nil {
		a.stopped = false
	}
}

// freeze is an order of an authority.
func (s *sim) freeze() {
	a := s.account()
	if a.closed || len(a.restraints) > 1 {
		return
	}
	kind, amount := ledger.FrozenAmount, 1+s.chance.Int64N(2_000_00)
	switch s.chance.IntN(4) {
	case 0:
		kind, amount = ledger.EntryOnly, noExit
	case 1:
		kind, amount = ledger.NoEntryNoExit, noEntry
	}
	r := ledger.Restraint{ID: id.New[id.Freeze](s.clock.Now()), Account: string(a.id), Kind: kind, Act: "test.order", Reference: "order", By: clerk()}
	if amount > 0 {
		r.Amount = yuan(amount)
	}
	s.unkeyed(func(tx *db.Tx) error {
		outcomes, err := s.books.Freeze(s.ctx, tx, []ledger.Restraint{r})
		if err != nil {
			return err
		}
		return outcomes[0].Err
	})
	a.restraints = append(a.restraints, restraint{r.ID, amount})
}

func (s *sim) thaw() {
	a := s.accountThat(func(a *account) bool { return len(a.restraints) > 0 })
	if a == nil {
		return
	}
	which := s.chance.IntN(len(a.restraints))
	s.unkeyed(func(tx *db.Tx) error {
		outcomes, err := s.books.Thaw(s.ctx, tx, clerk(), []id.Freeze{a.restraints[which].id})
		if err != nil {
			return err
		}
		return outcomes[0]
	})
	a.restraints = slices.Delete(a.restraints, which, which+1)
}

// unkeyed does what has no way to be repeated, while nothing is lost.
func (s *sim) unkeyed(do func(tx *db.Tx) error) {
	s.Helper()
	s.calm(func() { s.must(s.d.Write(s.ctx, do)) })
}

// closeOne closes an account, or learns why not; now and then another is opened in its place.
func (s *sim) closeOne() {
	a := s.account()
	key := s.key()
	err := s.again(deposit.ErrClosed, func() error { return s.deposits.CloseAccount(s.ctx, a.holder.by, a.id, key) })
	if refused := a.closed || a.booked != 0 || a.held != 0 || a.restrained(); refused != (err != nil) {
		s.Fatalf("closing %s, which has %d, %d of it held, restrained %v: %v", a.id, a.booked, a.held, a.restrained(), err)
	}
	if err == nil {
		a.closed = true
		s.calm(func() { s.open(a.holder, a.class) })
	}
}

// wait lets time pass, and the day roll.
func (s *sim) wait() {
	s.clock.Advance(time.Duration(1+s.chance.IntN(14)) * time.Hour)
	s.calm(func() {
		today := s.today()
		var open bool
		s.must(s.d.Read(s.ctx, func(tx *db.Tx) error {
			current, err := s.days.Current(s.ctx, tx)
			open = !current.Before(today)
			return err
		}))
		if !open {
			s.must(s.days.Roll(s.ctx, today))
		}
	})
}

// fund is money from outside the bank.
func (s *sim) fund() {
	a := s.account()
	if a.barred() {
		return
	}
	minor := s.amount()
	s.calm(func() { s.must(s.endow(a.id, minor)) })
	a.booked += minor
}
