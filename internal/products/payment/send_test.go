package payment_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

func TestMoneyArrivesAtOnceAndEveryCounterMoves(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 2)
		checked := b.check(li, draft(li, wang, 0, 12_50, payment.RealTime))
		if !slices.Contains(checked.Warnings, payment.WarnNewPayee) || !checked.ArrivesAt.IsZero() || checked.Intent.PayerView.Name != "王小明" {
			t.Errorf("checked: %+v", checked)
		}
		sent, err := b.Send(t.Context(), li.by, b.order(checked))
		b.must(err)
		if sent.State != payment.Settled || sent.Journal == "" || sent.Hold != "" || sent.SettledAt.IsZero() {
			t.Errorf("sent: %+v", sent)
		}
		from, _ := b.balance(li.accounts[0])
		to, _ := b.balance(wang.accounts[0])
		if from != 87_50 || to != 12_50 {
			t.Errorf("balances %d and %d", from, to)
		}
		today := b.today().String()
		for _, c := range []struct {
			subject string
			kind    deposit.LimitKind
			period  string
		}{
			{string(li.id), "mobile_day", today}, {string(li.id), "mobile_year", "2026"},
			{string(wang.accounts[0].ID), deposit.ClassInDay, today}, {string(wang.accounts[0].ID), deposit.ClassInYear, "2026"},
		} {
			if used, times := b.used(c.subject, c.kind, c.period); used != 12_50 || times != 1 {
				t.Errorf("%s: %d in %d", c.kind, used, times)
			}
		}
		for _, who := range []*holder{li, wang} {
			seen, err := b.Transfer(t.Context(), who.by, sent.ID)
			if b.must(err); seen.Outgoing != (who == li) || seen.Name != "王小明" {
				t.Errorf("seen: %+v", seen)
			}
		}
		if n := b.count(`SELECT count(*) FROM audit_record WHERE act = 'payment.send' AND outcome = 'done'`); n != 1 {
			t.Errorf("%d audit records", n)
		}
		b.verify()
	})
}

func TestARepeatedKeyAnswersTheFirstResult(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		order := b.order(b.check(li, draft(li, wang, 0, 60_00, payment.RealTime)))
		first, err := b.Send(t.Context(), li.by, order)
		b.must(err)
		order.Proof = byPIN(wrongPIN) // not looked at any more
		again, err := b.Send(t.Context(), li.by, order)
		if b.must(err); again.ID != first.ID || again.State != payment.Settled {
			t.Errorf("again: %+v", again)
		}

		// A refusal is a result as well, and stays one when it could pass now.
		checked := b.check(li, draft(li, wang, 0, 40_00, payment.RealTime))
		b.paid(li, draft(li, wang, 0, 30_00, payment.RealTime))
		order = b.order(checked)
		_, refusal := b.Send(t.Context(), li.by, order)
		refused(t, refusal, ledger.ErrInsufficientFunds)
		b.endow(li.accounts[0].ID, 1000_00)
		_, err = b.Send(t.Context(), li.by, order)
		if refused(t, err, ledger.ErrInsufficientFunds); err.Error() != refusal.Error() || fault.KindOf(err) != fault.KindOf(refusal) {
			t.Errorf("%v, at first %v", err, refusal)
		}
		order.Key = b.key()
		_, err = b.Send(t.Context(), li.by, order)
		refused(t, err, payment.ErrIntentUsed)

		// The key of another intent says so, and leaves that intent usable.
		other := b.check(li, draft(li, wang, 0, 5_00, payment.RealTime))
		_, err = b.Send(t.Context(), li.by, payment.Order{Key: order.Key, Intent: other.Token, Proof: byPIN(pin)})
		b.must(err) // the key was given back: that intent came to nothing under it
		next := b.check(li, draft(li, wang, 0, 6_00, payment.RealTime))
		_, err = b.Send(t.Context(), li.by, payment.Order{Key: order.Key, Intent: next.Token, Proof: byPIN(pin)})
		refused(t, err, once.ErrReused)
		_, err = b.Send(t.Context(), li.by, b.order(next))
		b.must(err)
		b.verify()
	})
}

func TestWhatIsNoResultLeavesTheKeyFree(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(b *bank, li *holder, o *payment.Order)
		want  *fault.Error
		after func(b *bank, li *holder, o *payment.Order) // what makes it good
	}{
		"a wrong PIN": {
			spoil: func(_ *bank, _ *holder, o *payment.Order) { o.Proof = byPIN(wrongPIN) }, want: auth.ErrPINWrong,
			after: func(_ *bank, _ *holder, o *payment.Order) { o.Proof = byPIN(pin) },
		},
		"no PIN, where one is needed": {
			spoil: func(_ *bank, _ *holder, o *payment.Order) { o.Proof = payment.Proof{Method: payment.MethodNone} }, want: payment.ErrProofNeeded,
			after: func(_ *bank, _ *holder, o *payment.Order) { o.Proof = byPIN(pin) },
		},
		"a proof of no known kind": {
			spoil: func(_ *bank, _ *holder, o *payment.Order) { o.Proof = payment.Proof{Method: "charm"} }, want: payment.ErrProofNeeded,
			after: func(_ *bank, _ *holder, o *payment.Order) { o.Proof = byPIN(pin) },
		},
		"an intent of another session": {
			spoil: func(_ *bank, li *holder, _ *payment.Order) { li.by.Session += "x" }, want: payment.ErrIntentSession,
			after: func(_ *bank, li *holder, _ *payment.Order) { li.by.Session = li.by.Session[:len(li.by.Session)-1] },
		},
		"an intent that is over": {
			spoil: func(b *bank, _ *holder, _ *payment.Order) { b.clock.Advance(11 * time.Minute) }, want: payment.ErrIntentExpired,
			after: func(b *bank, _ *holder, _ *payment.Order) { b.clock.Advance(-11 * time.Minute) },
		},
		"an intent that was changed": {
			spoil: func(_ *bank, _ *holder, o *payment.Order) { o.Intent = o.Intent[:len(o.Intent)-2] + "AA" }, want: payment.ErrIntent,
			after: func(_ *bank, _ *holder, o *payment.Order) {},
		},
		"a key of the wrong form": {
			spoil: func(_ *bank, _ *holder, o *payment.Order) { o.Key = "a b" }, want: once.ErrKey,
			after: func(_ *bank, _ *holder, o *payment.Order) { o.Key = "good" },
		},
	}
	onBanks(t, func(t *testing.T, b *bank) {
		for name, tc := range cases {
			t.Run(name, func(t *testing.T) {
				b := b.in(t)
				li, wang := b.holder(100_00, 1), b.holder(0, 1)
				order := b.order(b.check(li, draft(li, wang, 0, 10_00, payment.RealTime)))
				good := order.Intent
				tc.spoil(b, li, &order)
				_, err := b.Send(t.Context(), li.by, order)
				refused(t, err, tc.want)
				if n := b.count(`SELECT count(*) FROM payment_transfer WHERE payer = $1`, li.id); n != 0 {
					t.Errorf("%d transfers", n)
				}
				if used, _ := b.used(string(li.id), "mobile_day", b.today().String()); used != 0 {
					t.Errorf("%d used", used)
				}
				tc.after(b, li, &order)
				order.Intent = good
				if _, err := b.Send(t.Context(), li.by, order); err != nil {
					t.Errorf("then: %v", err)
				}
			})
		}
	})
}

func TestRulesRefuseAndKeepTheRefusal(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		payee int // class
		minor int64
		spoil func(b *bank, li, wang *holder)
		want  *fault.Error
	}{
		"a payer who is frozen": {payee: 1, minor: 10_00, want: customer.ErrFrozen, spoil: func(b *bank, li, _ *holder) {
			b.write(func(tx *db.Tx) error {
				_, err := tx.Exec(b.Context(), `UPDATE customer_person SET state = 'frozen', frozen_by = 'customer' WHERE id = $1`, li.id)
				return err
			})
		}},
		"an account that its holder has stopped": {payee: 1, minor: 10_00, want: ledger.ErrFrozen, spoil: func(b *bank, li, _ *holder) {
			b.must(b.deposits.Stop(b.Context(), li.by, li.accounts[0].ID))
		}},
		"a payee's account that is closed": {payee: 1, minor: 10_00, want: payment.ErrPayeeClosed, spoil: func(b *bank, _, wang *holder) {
			b.must(b.deposits.CloseAccount(b.Context(), wang.by, wang.accounts[0].ID, ""))
		}},
		"a payee's account that takes nothing, in other words than the payer's own": {payee: 1, minor: 10_00, want: payment.ErrPayeeClosed, spoil: func(b *bank, _, wang *holder) {
			b.write(func(tx *db.Tx) error {
				out, err := b.books.Freeze(b.Context(), tx, []ledger.Restraint{{Account: string(wang.accounts[0].ID), Kind: ledger.NoEntryNoExit, Act: "test.court", By: staff()}})
				return errors.Join(err, out[0].Err)
			})
		}},
		"a payee of class III who would hold too much": {payee: 3, minor: 600_00, want: deposit.ErrBalance, spoil: func(b *bank, _, wang *holder) {
			b.endow(wang.accounts[0].ID, 1500_00)
		}},
		"a day's limit that the payer has lowered since": {payee: 1, minor: 500_00, want: deposit.ErrSingle, spoil: func(b *bank, li, _ *holder) {
			b.must(b.deposits.SetOwnLimits(b.Context(), li.by, deposit.OwnLimits{Single: 499_99, Daily: 499_99}, ""))
		}},
	}
	onBanks(t, func(t *testing.T, b *bank) {
		for name, tc := range cases {
			t.Run(name, func(t *testing.T) {
				b := b.in(t)
				li, wang := b.holder(1000_00, 1), b.holder(0, tc.payee)
				b.acquainted(li, wang.accounts[0])
				order := b.order(b.check(li, draft(li, wang, 0, tc.minor, payment.RealTime)))
				tc.spoil(b, li, wang)
				for range 2 {
					_, err := b.Send(t.Context(), li.by, order)
					refused(t, err, tc.want)
					if fault.KindOf(err) != fault.Rejected {
						t.Errorf("kind %v", fault.KindOf(err))
					}
				}
				if n := b.count(`SELECT count(*) FROM payment_transfer WHERE payer = $1 AND state = 'refused' AND refusal = $2 AND journal IS NULL AND payee_view IS NULL`, li.id, tc.want.Code()); n != 1 {
					t.Errorf("%d refused transfers", n)
				}
				if used, times := b.used(string(li.id), "mobile_day", b.today().String()); used != 0 || times != 0 {
					t.Errorf("%d used %d times", used, times)
				}
				b.verify()
			})
		}
	})
}

func TestClassesLimitWhatGoesOutAndComesIn(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rich, second, third := b.holder(100_000_00, 1), b.holder(0, 2), b.holder(0, 3)
		b.acquainted(rich, second.accounts[0])
		b.paid(rich, draft(rich, second, 0, 9_999_99, payment.RealTime))
		_, err := b.Check(t.Context(), rich.by, draft(rich, second, 0, 2, payment.RealTime))
		refused(t, err, deposit.ErrIncomingDay)
		b.paid(rich, draft(rich, second, 0, 1, payment.RealTime))

		b.paid(second, draft(second, third, 0, 2000_00, payment.RealTime))
		_, err = b.pay(second, draft(second, third, 0, 1, payment.RealTime))
		refused(t, err, deposit.ErrBalance)
		b.paid(third, draft(third, rich, 0, 2000_00, payment.RealTime))
		b.endow(third.accounts[0].ID, 1)
		_, err = b.Check(t.Context(), third.by, draft(third, rich, 0, 1, payment.RealTime))
		refused(t, err, deposit.ErrClassDay)

		// The next day begins anew.
		b.clock.Advance(24 * time.Hour)
		b.must(b.days.Roll(t.Context(), b.today()))
		b.paid(third, draft(third, rich, 0, 1, payment.RealTime))
		b.verify()
	})
}

func TestOwnAccountsAreOutsideTheCountersButNotTheCeiling(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li := b.holder(500_000_00, 1, 2, 3)
		b.paid(li, draft(li, li, 1, 60_000_00, payment.RealTime)) // above every limit of the app and of class II
		for _, kind := range []deposit.LimitKind{"mobile_day", "pace_hour"} {
			if used, times := b.used(string(li.id), kind, b.today().String()); used != 0 || times != 0 {
				t.Errorf("%s: %d %d", kind, used, times)
			}
		}
		b.paid(li, draft(li, li, 2, 2000_00, payment.RealTime))
		_, err := b.pay(li, draft(li, li, 2, 1, payment.RealTime))
		refused(t, err, deposit.ErrBalance)
		_, err = b.Check(t.Context(), li.by, draft(li, li, 0, 1, payment.RealTime))
		refused(t, err, payment.ErrSelf)
		b.verify()
	})
}

func TestSmallPaymentsNeedNoPINWithinTheirAllowance(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang, zhao := b.holder(10_000_00, 1), b.holder(0, 1), b.holder(0, 1)
		b.acquainted(li, wang.accounts[0])
		b.must(b.deposits.SetOwnLimits(t.Context(), li.by, deposit.OwnLimits{Single: 5000_00, Daily: 5000_00, Small: 200_00},
			b.stepUp(li, deposit.PurposeLimits, auth.MethodPassword)))
		silent := func(to *holder, minor int64) error {
			c := b.check(li, draft(li, to, 0, minor, payment.RealTime))
			if to == wang && minor <= 200_00 && !slices.Contains(c.Ways, payment.MethodNone) {
				t.Errorf("%d: ways %v", minor, c.Ways)
			}
			_, err := b.Send(t.Context(), li.by, payment.Order{Key: b.key(), Intent: c.Token, Proof: payment.Proof{Method: payment.MethodNone}})
			return err
		}
		b.must(silent(wang, 200_00))
		refused(t, silent(wang, 200_01), payment.ErrProofNeeded)
		refused(t, silent(zhao, 1_00), payment.ErrProofNeeded)
		b.must(silent(wang, 200_00))
		refused(t, silent(wang, 100_01), deposit.ErrSmall) // 500.00 a day
		b.must(silent(wang, 100_00))
		refused(t, silent(wang, 1), deposit.ErrSmall)
		b.paid(li, draft(li, wang, 0, 1, payment.RealTime))
		if used, _ := b.used(string(li.id), "mobile_day", b.today().String()); used != 500_01 {
			t.Errorf("%d used", used)
		}
	})
}
