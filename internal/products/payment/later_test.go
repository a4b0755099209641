package payment_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
)

// state reads a transfer as it stands.
func (b *bank) state(h *holder, t payment.Transfer) payment.Transfer {
	b.Helper()
	seen, err := b.Transfer(b.Context(), h.by, t.ID)
	b.must(err)
	return seen.Transfer
}

// settleDue runs the job and requires how many transfers it looked at.
func (b *bank) settleDue(want int) {
	b.Helper()
	n, err := b.SettleDue(b.Context())
	if b.must(err); n != want {
		b.Errorf("%d transfers were due, not %d", n, want)
	}
}

// nextDay moves clock and business date forward.
func (b *bank) nextDay() {
	b.Helper()
	b.clock.Advance(24 * time.Hour)
	b.must(b.days.Roll(b.Context(), b.today()))
}

// unused requires that every counter of two parties stands at zero on a day.
func (b *bank) unused(day string, from, to *holder) {
	b.Helper()
	for _, c := range []struct {
		subject string
		kind    deposit.LimitKind
		period  string
	}{
		{string(from.id), "mobile_day", day}, {string(from.id), "mobile_year", "2026"}, {string(from.accounts[0].ID), deposit.ClassOutDay, day},
		{string(to.accounts[0].ID), deposit.ClassInDay, day}, {string(to.accounts[0].ID), deposit.ClassInYear, "2026"},
	} {
		if used, times := b.used(c.subject, c.kind, c.period); used != 0 || times != 0 {
			b.Errorf("%s: %d used %d times", c.kind, used, times)
		}
	}
}

func TestADelayedTransferIsHeldAndArrivesWhenDue(t *testing.T) {
	t.Parallel()
	for arrival, wait := range map[payment.Arrival]time.Duration{payment.Ordinary: 2 * time.Hour, payment.NextDay: 24 * time.Hour} {
		t.Run(string(arrival), func(t *testing.T) {
			t.Parallel()
			onBanks(t, func(t *testing.T, b *bank) {
				li, wang := b.holder(100_00, 2), b.holder(0, 2)
				sent := b.paid(li, draft(li, wang, 0, 40_00, arrival))
				if sent.State != payment.Delayed || !sent.DueAt.Equal(b.clock.Now().Add(wait)) || !sent.CancellableUntil().Equal(sent.DueAt) {
					t.Errorf("sent: %+v", sent)
				}
				if booked, held := b.balance(li.accounts[0]); booked != 100_00 || held != 40_00 {
					t.Errorf("booked %d, held %d", booked, held)
				}
				if _, err := b.Transfer(t.Context(), wang.by, sent.ID); err == nil {
					t.Error("the payee sees a transfer that may still be cancelled")
				}
				b.clock.Advance(wait - time.Second)
				b.settleDue(0)
				b.clock.Advance(time.Second)
				b.settleDue(1)
				b.settleDue(0)
				booked, held := b.balance(li.accounts[0])
				if to, _ := b.balance(wang.accounts[0]); booked != 60_00 || held != 0 || to != 40_00 {
					t.Errorf("booked %d, held %d, payee %d", booked, held, to)
				}
				if got := b.state(li, sent); got.State != payment.Settled || got.Journal == "" || got.SettledAt.IsZero() {
					t.Errorf("settled: %+v", got)
				}
				_, err := b.Cancel(t.Context(), li.by, sent.ID, b.key())
				refused(t, err, payment.ErrState)
				b.verify()
			})
		})
	}
}

func TestCancellingGivesEverythingBackToTheDayOfTheOrder(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 2), b.holder(0, 2)
		ordered := b.today().String()
		sent := b.paid(li, draft(li, wang, 0, 40_00, payment.NextDay))
		b.clock.Advance(16 * time.Hour) // past midnight in Shanghai
		b.must(b.days.Roll(t.Context(), b.today()))
		b.paid(li, draft(li, wang, 0, 1_00, payment.RealTime))
		_, err := b.Cancel(t.Context(), wang.by, sent.ID, b.key())
		refused(t, err, payment.ErrNotFound)
		for range 2 {
			cancelled, err := b.Cancel(t.Context(), li.by, sent.ID, b.key())
			if b.must(err); cancelled.State != payment.Cancelled {
				t.Errorf("cancelled: %+v", cancelled)
			}
		}
		if used, times := b.used(string(li.id), "mobile_day", ordered); used != 0 || times != 0 {
			t.Errorf("day of the order: %d used %d times", used, times)
		}
		if used, _ := b.used(string(li.id), "mobile_day", b.today().String()); used != 1_00 {
			t.Errorf("day of cancelling: %d used", used)
		}
		if used, _ := b.used(string(wang.accounts[0].ID), deposit.ClassInYear, "2026"); used != 1_00 {
			t.Errorf("payee's year: %d used", used)
		}
		if booked, held := b.balance(li.accounts[0]); booked != 99_00 || held != 0 {
			t.Errorf("booked %d, held %d", booked, held)
		}
		b.clock.Advance(24 * time.Hour)
		b.settleDue(0)
		b.verify()
	})
}

func TestWhatCannotBeSettledAnyMoreIsRefusedAndLetGo(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		payee int
		spoil func(b *bank, li, wang *holder)
		want  *fault.Error
		left  int64
	}{
		"the payer was frozen": {payee: 2, want: customer.ErrFrozen, left: 100_00, spoil: func(b *bank, li, _ *holder) {
			b.write(func(tx *db.Tx) error {
				_, err := tx.Exec(b.Context(), `UPDATE customer_person SET state = 'frozen', frozen_by = 'customer' WHERE id = $1`, li.id)
				return err
			})
		}},
		"the payer's account was stopped": {payee: 2, want: ledger.ErrFrozen, left: 100_00, spoil: func(b *bank, li, _ *holder) {
			b.must(b.deposits.Stop(b.Context(), li.by, li.accounts[0].ID))
		}},
		"the payee's account was closed": {payee: 2, want: payment.ErrPayeeClosed, left: 100_00, spoil: func(b *bank, _, wang *holder) {
			b.must(b.deposits.CloseAccount(b.Context(), wang.by, wang.accounts[0].ID, ""))
		}},
		"the payee of class III holds more by now": {payee: 3, want: deposit.ErrBalance, left: 100_00, spoil: func(b *bank, _, wang *holder) {
			b.endow(wang.accounts[0].ID, 1970_00)
		}},
	}
	onBanks(t, func(t *testing.T, b *bank) {
		for name, tc := range cases {
			t.Run(name, func(t *testing.T) {
				b := b.in(t)
				li, wang := b.holder(100_00, 2), b.holder(0, tc.payee)
				order := b.order(b.check(li, draft(li, wang, 0, 40_00, payment.Ordinary)))
				sent, err := b.Send(t.Context(), li.by, order)
				b.must(err)
				tc.spoil(b, li, wang)
				b.clock.Advance(2 * time.Hour)
				b.settleDue(1)
				got := b.state(li, sent.Transfer)
				if got.State != payment.Refused || got.Refusal != tc.want.Code() || got.Journal != "" {
					t.Errorf("%+v", got)
				}
				if booked, held := b.balance(li.accounts[0]); booked != tc.left || held != 0 {
					t.Errorf("booked %d, held %d", booked, held)
				}
				b.unused(sent.OrderedOn.String(), li, wang)
				again, err := b.Send(t.Context(), li.by, order) // accepted then; what became of it is no refusal of the order
				if err != nil || again.ID != sent.ID || again.State != payment.Refused {
					t.Errorf("repeated: %s %s, %v", again.ID, again.State, err)
				}
				b.verify()
			})
		}
	})
}

func TestManyDueTransfersShareACeiling(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rich, third := b.holder(10_000_00, 1), b.holder(0, 3)
		var sent []payment.Transfer
		for range 3 {
			sent = append(sent, b.paid(rich, draft(rich, third, 0, 900_00, payment.Ordinary)))
			b.clock.Advance(time.Minute)
		}
		b.clock.Advance(2 * time.Hour)
		b.settleDue(3)
		for i, want := range []payment.State{payment.Settled, payment.Settled, payment.Refused} {
			if got := b.state(rich, sent[i]); got.State != want {
				t.Errorf("%d: %s", i, got.State)
			}
		}
		if used, _ := b.used(string(third.accounts[0].ID), deposit.ClassInDay, b.today().String()); used != 1800_00 {
			t.Errorf("%d came in", used)
		}
		b.verify()
	})
}

func TestATransferThatCannotBeReadKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		broken := b.paid(li, draft(li, wang, 0, 10_00, payment.Ordinary))
		whole := b.paid(li, draft(li, wang, 0, 20_00, payment.Ordinary))
		b.write(func(tx *db.Tx) error { // its hold is gone, as no act of the bank leaves it
			_, err := tx.Exec(t.Context(), `UPDATE payment_transfer SET hold = 'hold_of_nobody', payee_account = 'acct_of_nobody' WHERE id = $1`, broken.ID)
			return err
		})
		b.clock.Advance(2 * time.Hour)
		n, err := b.SettleDue(t.Context())
		if n != 1 || err == nil {
			t.Errorf("%d settled, %v", n, err)
		}
		if got := b.state(li, whole); got.State != payment.Settled {
			t.Errorf("the other one is %s", got.State)
		}
	})
}

func TestStaffReverseATransferOnceWithAReason(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 2), b.holder(0, 2)
		sent := b.paid(li, draft(li, wang, 0, 40_00, payment.RealTime))
		ordered := b.today().String()
		b.nextDay()
		_, err := b.reverse(li.by, sent.ID)
		refused(t, err, payment.ErrStaffOnly)
		_, err = b.reverse(staff().Because(""), sent.ID)
		refused(t, err, payment.ErrReason)
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := b.Reverse(t.Context(), tx, staff(), nil, payment.TakeBack{Transfer: sent.ID})
			refused(t, err, act.ErrNotApproved)
			shown, err := b.Reversible(t.Context(), tx, payment.TakeBack{Transfer: sent.ID})
			if shown.ID != sent.ID {
				t.Errorf("shown %+v", shown)
			}
			return err
		}))
		back, err := b.reverse(staff(), sent.ID)
		if b.must(err); back.State != payment.Reversed || back.Reversal == "" {
			t.Errorf("%+v", back)
		}
		_, err = b.reverse(staff(), sent.ID)
		refused(t, err, payment.ErrState)
		if booked, _ := b.balance(li.accounts[0]); booked != 100_00 {
			t.Errorf("payer has %d", booked)
		}
		b.unused(ordered, li, wang)

		spent := b.paid(li, draft(li, wang, 0, 40_00, payment.RealTime))
		b.paid(wang, draft(wang, li, 0, 40_00, payment.RealTime))
		_, err = b.reverse(staff(), spent.ID)
		refused(t, err, ledger.ErrInsufficientFunds)
		if got := b.state(li, spent); got.State != payment.Settled {
			t.Errorf("after a reversal that failed: %s", got.State)
		}
		if used, _ := b.used(string(li.id), "mobile_day", b.today().String()); used != 40_00 {
			t.Errorf("%d used after a reversal that failed", used)
		}
		b.verify()
	})
}

func TestScreeningDelaysHoldsAndAsksForMore(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rich, known, fresh := b.holder(9_000_000_00, 1), b.holder(0, 1), b.holder(0, 1)
		b.acquainted(rich, known.accounts[0])
		b.must(b.deposits.SetOwnLimits(t.Context(), rich.by, deposit.OwnLimits{Single: 500_000_00, Daily: 1_000_000_00},
			b.stepUp(rich, deposit.PurposeLimits, auth.MethodPassword)))

		// A large amount to somebody never paid before arrives a day later, also when two hours were chosen.
		for _, arrival := range []payment.Arrival{payment.RealTime, payment.Ordinary} {
			c := b.check(rich, draft(rich, fresh, 0, 50_000_00, arrival))
			day := b.clock.Now().Add(24 * time.Hour)
			if !slices.Contains(c.Warnings, payment.WarnDelay) || !c.ArrivesAt.Equal(day) {
				t.Errorf("%s: %v, arrives %s", arrival, c.Warnings, c.ArrivesAt)
			}
			sent, err := b.Send(t.Context(), rich.by, b.order(c))
			if b.must(err); sent.State != payment.Delayed || !sent.DueAt.Equal(day) || sent.Screening != "screen.new_payee_large" {
				t.Errorf("%s: %+v", arrival, sent)
			}
		}

		// A very large one waits for a person, who lets it go on or not.
		for _, allow := range []bool{true, false} {
			c := b.check(rich, draft(rich, fresh, 0, 200_000_00, payment.RealTime))
			if !slices.Contains(c.Warnings, payment.WarnReview) {
				t.Errorf("warnings %v", c.Warnings)
			}
			held, err := b.Send(t.Context(), rich.by, b.order(c))
			if b.must(err); held.State != payment.Held {
				t.Errorf("%+v", held)
			}
			_, err = b.Cancel(t.Context(), rich.by, held.ID, b.key())
			refused(t, err, payment.ErrState)
			_, err = b.Release(t.Context(), rich.by, held.ID, true)
			refused(t, err, payment.ErrStaffOnly)
			before, _ := b.used(string(rich.id), "mobile_day", b.today().String())
			got, err := b.Release(t.Context(), staff(), held.ID, allow)
			b.must(err)
			after, _ := b.used(string(rich.id), "mobile_day", b.today().String())
			if allow && (got.State != payment.Settled || before != after) || !allow && (got.State != payment.Refused || before-after != 200_000_00) {
				t.Errorf("allow %v: %s, used %d then %d", allow, got.State, before, after)
			}
		}

		// A large one to a known payee wants a second factor; a PIN twice is none.
		c := b.check(rich, draft(rich, known, 0, 20_000_00, payment.RealTime))
		order := b.order(c)
		_, err := b.Send(t.Context(), rich.by, order)
		refused(t, err, payment.ErrStrongNeeded)
		for _, method := range []auth.Method{auth.MethodPIN, auth.MethodPassword} {
			order.Proof = payment.Proof{Method: payment.MethodStrong, PIN: pin, StepUp: b.stepUp(rich, payment.PurposeStrong, method)}
			_, err = b.Send(t.Context(), rich.by, order)
			if method == auth.MethodPIN {
				refused(t, err, auth.ErrStepUp)
			} else {
				b.must(err)
			}
		}

		// From 300,000 a day on the payer is reminded.
		c = b.check(rich, draft(rich, known, 0, 20_000_00, payment.NextDay))
		if !slices.Contains(c.Warnings, payment.WarnLarge) {
			t.Errorf("warnings %v", c.Warnings)
		}
		b.verify()
	})
}

func TestScreeningLooksAtThePace(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, known := b.holder(100_000_00, 1), b.holder(0, 1)
		b.acquainted(li, known.accounts[0])
		for range 20 {
			b.paid(li, draft(li, known, 0, 1_00, payment.RealTime))
		}
		_, err := b.pay(li, draft(li, known, 0, 1_00, payment.RealTime))
		refused(t, err, payment.ErrStrongNeeded)
		b.clock.Advance(time.Hour)
		b.paid(li, draft(li, known, 0, 1_00, payment.RealTime))

		// Together with what was paid today, more than 50,000.00 wants a second factor, whatever each amount is.
		for range 4 {
			b.paid(li, draft(li, known, 0, 12_494_75, payment.RealTime))
		}
		_, err = b.pay(li, draft(li, known, 0, 1, payment.RealTime))
		refused(t, err, payment.ErrStrongNeeded)

		// The eleventh stranger of a day waits for a person.
		b.nextDay()
		var last payment.Transfer
		for range 11 {
			stranger := b.holder(0, 1)
			last = b.paid(li, draft(li, stranger, 0, 1_00, payment.RealTime))
		}
		if last.State != payment.Held || last.Screening != "screen.many_new_payees" {
			t.Errorf("%s, %s", last.State, last.Screening)
		}
		b.verify()
	})
}
