package payment_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

// together books orders in one batch and requires what each comes to: a state, or the fault that turns it away.
func (b *bank) together(orders []payment.Sent, want ...any) []payment.Result {
	b.Helper()
	results, err := b.SendTogether(b.Context(), orders)
	b.must(err)
	for i, w := range want {
		got := results[i]
		switch w := w.(type) {
		case payment.State:
			if got.Err != nil || got.Transfer.State != w {
				b.Errorf("order %d: %s, %v; want %s", i, got.Transfer.State, got.Err, w)
			}
		case *fault.Error:
			if !errors.Is(got.Err, w) {
				b.Errorf("order %d: %s, %v; want %s", i, got.Transfer.State, got.Err, w.Code())
			}
		}
	}
	b.verify()
	return results
}

func TestABatchDecidesEachOrderAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		zhao := b.holder(50_00, 1)
		sent := func(h *holder, d payment.Draft, proof payment.Proof) payment.Sent {
			o := b.order(b.check(h, d))
			o.Proof = proof
			return payment.Sent{By: h.by, Order: o}
		}
		right := byPIN(pin)
		all := []payment.Sent{
			sent(li, draft(li, wang, 0, 60_00, payment.RealTime), right),
			sent(li, draft(li, wang, 0, 60_00, payment.RealTime), right),              // the money is gone
			sent(li, draft(li, wang, 0, 30_00, payment.Ordinary), right),              // held, after all that moves at once
			sent(zhao, draft(zhao, wang, 0, 1_00, payment.RealTime), byPIN(wrongPIN)), // turned away
			sent(zhao, draft(zhao, li, 0, 50_00, payment.NextDay), right),
			sent(li, draft(li, wang, 0, 10_00, payment.RealTime), right),
			sent(li, draft(li, wang, 0, 1, payment.NextDay), right), // nothing is left
		}
		results := b.together(all, payment.Settled, ledger.ErrInsufficientFunds, payment.Delayed, auth.ErrPINWrong, payment.Delayed,
			payment.Settled, ledger.ErrInsufficientFunds)
		booked, held := b.balance(li.accounts[0])
		if booked != 30_00 || held != 30_00 {
			t.Errorf("li has %d, of which %d are held", booked, held)
		}
		if used, times := b.used(string(li.id), "mobile_day", b.today().String()); used != 100_00 || times != 3 {
			t.Errorf("%d used %d times", used, times)
		}
		again := b.together(all, payment.Settled, ledger.ErrInsufficientFunds, payment.Delayed, auth.ErrPINWrong)
		for i := range results {
			if results[i].Transfer.ID != again[i].Transfer.ID && i != 3 {
				t.Errorf("order %d repeated is %s, was %s", i, again[i].Transfer.ID, results[i].Transfer.ID)
			}
		}
		if n := b.count(`SELECT count(*) FROM auth_pin WHERE principal = $1 AND failures = 1`, zhao.id); n != 1 {
			t.Error("a wrong PIN is not counted in a batch that commits")
		}
	})
}

func TestEqualKeysAndEqualIntentsInOneBatchAreOnePayment(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		one := payment.Sent{By: li.by, Order: b.order(b.check(li, draft(li, wang, 0, 10_00, payment.RealTime)))}
		other := one // the same intent under another key
		other.Order.Key = b.key()
		results := b.together([]payment.Sent{one, one, other, one}, payment.Settled, payment.Settled, payment.ErrIntentUsed, payment.Settled)
		if results[1].Transfer.ID != results[0].Transfer.ID || results[3].Transfer.ID != results[0].Transfer.ID {
			t.Error("equal keys answered with different transfers")
		}
		if booked, _ := b.balance(li.accounts[0]); booked != 90_00 {
			t.Errorf("%d are left", booked)
		}

		// Where the first comes to nothing, the second is told to ask again, and may.
		wrong := payment.Sent{By: li.by, Order: b.order(b.check(li, draft(li, wang, 0, 20_00, payment.RealTime)))}
		wrong.Order.Proof = byPIN(wrongPIN)
		same, right := wrong, wrong
		right.Order.Key, right.Order.Proof = b.key(), byPIN(pin)
		b.together([]payment.Sent{wrong, same, right}, auth.ErrPINWrong, auth.ErrPINWrong, once.ErrRunning)
		b.together([]payment.Sent{right, same}, payment.Settled, payment.ErrIntentUsed)

		// A key that another intent of the batch has taken does not use up its own intent.
		first := payment.Sent{By: li.by, Order: b.order(b.check(li, draft(li, wang, 0, 1_00, payment.RealTime)))}
		second := payment.Sent{By: li.by, Order: b.order(b.check(li, draft(li, wang, 0, 2_00, payment.RealTime)))}
		clash := second
		clash.Order.Key = first.Order.Key
		b.together([]payment.Sent{first, clash}, payment.Settled, once.ErrReused)
		b.together([]payment.Sent{second}, payment.Settled)
	})
}

func TestWhoIsRefusedForAnothersSakeMayAskAgain(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang, third := b.holder(100_00, 1), b.holder(0, 1), b.holder(0, 3)
		rich := b.holder(5000_00, 1)
		b.must(b.deposits.SetOwnLimits(t.Context(), li.by, deposit.OwnLimits{Single: 900_00, Daily: 1000_00}, ""))
		b.endow(li.accounts[0].ID, 1000_00)
		large := payment.Sent{By: li.by, Order: b.order(b.check(li, draft(li, wang, 0, 900_00, payment.RealTime)))}
		small := payment.Sent{By: li.by, Order: b.order(b.check(li, draft(li, wang, 0, 150_00, payment.RealTime)))}
		b.endow(li.accounts[0].ID, 1) // and then most of it goes at the counter
		li.by.Channel = "branch"
		b.paid(li, draft(li, rich, 0, 400_00, payment.RealTime))
		// The large one uses the day's limit up and then lacks money: the small one is not told that the limit is reached.
		b.together([]payment.Sent{large, small}, ledger.ErrInsufficientFunds, payment.ErrAgain)
		b.together([]payment.Sent{small}, payment.Settled)

		// The same under the ceiling of a class III account.
		poor := b.holder(1500_00, 1)
		void := payment.Sent{By: poor.by, Order: b.order(b.check(poor, draft(poor, third, 0, 1500_00, payment.RealTime)))}
		full := payment.Sent{By: rich.by, Order: b.order(b.check(rich, draft(rich, third, 0, 1000_00, payment.RealTime)))}
		b.paid(poor, draft(poor, rich, 0, 1_00, payment.RealTime))
		b.together([]payment.Sent{void, full}, ledger.ErrInsufficientFunds, payment.ErrAgain)
		b.together([]payment.Sent{full}, payment.Settled)
	})
}

func TestACeilingHoldsOverSeveralCreditsOfABatch(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rich, third := b.holder(5000_00, 1), b.holder(0, 3)
		var all []payment.Sent
		for _, minor := range []int64{900_00, 900_00, 900_00, 200_00} {
			all = append(all, payment.Sent{By: rich.by, Order: b.order(b.check(rich, draft(rich, third, 0, minor, payment.RealTime)))})
		}
		b.together(all, payment.Settled, payment.Settled, deposit.ErrBalance, payment.Settled)
		if booked, _ := b.balance(third.accounts[0]); booked != 2000_00 {
			t.Errorf("holds %d", booked)
		}
		if used, _ := b.used(string(third.accounts[0].ID), deposit.ClassInDay, b.today().String()); used != 2000_00 {
			t.Errorf("%d came in", used)
		}
	})
}

// race runs acts at once and counts how many succeed.
func race(n int, do func(i int) error) int64 {
	var ok atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			if do(i) == nil {
				ok.Add(1)
			}
		})
	}
	close(start)
	wg.Wait()
	return ok.Load()
}

func TestOfTwoHundredSpendsOfTheLastYuanOneSucceeds(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(1_00, 1), b.holder(0, 1)
		const n = 200
		orders := make([]payment.Order, n)
		for i := range orders {
			orders[i] = b.order(b.check(li, draft(li, wang, 0, 1_00, payment.RealTime)))
		}
		if ok := race(n, func(i int) error {
			_, err := b.Send(t.Context(), li.by, orders[i])
			return err
		}); ok != 1 {
			t.Errorf("%d payments of one yuan", ok)
		}
		if booked, _ := b.balance(wang.accounts[0]); booked != 1_00 {
			t.Errorf("payee has %d", booked)
		}
		if used, times := b.used(string(li.id), "mobile_day", b.today().String()); used != 1_00 || times != 1 {
			t.Errorf("%d used %d times", used, times)
		}
		b.verify()
	})
}

func TestEqualKeysAtOnceAreOnePayment(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		order := b.order(b.check(li, draft(li, wang, 0, 10_00, payment.RealTime)))
		var ids sync.Map
		if ok := race(50, func(int) error {
			sent, err := b.Send(t.Context(), li.by, order)
			ids.Store(sent.ID, true)
			return err
		}); ok != 50 {
			t.Errorf("%d answers", ok)
		}
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		if booked, _ := b.balance(li.accounts[0]); n != 1 || booked != 90_00 {
			t.Errorf("%d transfers, %d left", n, booked)
		}
		b.verify()
	})
}

func TestManyPayOneAccountWithoutLosingAFen(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		const payers, each = 10, 10
		shop := b.holder(0, 1)
		var holders []*holder
		for range payers {
			holders = append(holders, b.holder(100_00, 1))
		}
		orders := make([]payment.Order, payers*each)
		for i := range orders {
			h := holders[i%payers]
			orders[i] = b.order(b.check(h, draft(h, shop, 0, 7_77, payment.RealTime)))
		}
		if ok := race(len(orders), func(i int) error {
			_, err := b.Send(t.Context(), holders[i%payers].by, orders[i])
			return err
		}); ok != payers*each {
			t.Errorf("%d payments", ok)
		}
		if booked, _ := b.balance(shop.accounts[0]); booked != 7_77*payers*each {
			t.Errorf("shop has %d", booked)
		}
		b.verify()
	})
}

func TestOfFiftyGuessedPINsAtOnceFiveAreTried(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		const n = 50
		intents := make([]payment.Checked, n) // one each: equal ones would not even be tried
		for i := range intents {
			intents[i] = b.check(li, draft(li, wang, 0, 1_00, payment.RealTime))
		}
		var wrong, locked atomic.Int64
		race(n, func(i int) error {
			_, err := b.Send(t.Context(), li.by, payment.Order{Key: b.key(), Intent: intents[i].Token, Proof: byPIN(wrongPIN)})
			switch {
			case errors.Is(err, auth.ErrPINWrong):
				wrong.Add(1)
			case errors.Is(err, auth.ErrPINLocked):
				locked.Add(1)
			}
			return err
		})
		_, err := b.Send(t.Context(), li.by, b.order(intents[0]))
		refused(t, err, auth.ErrPINLocked)
		if wrong.Load() != 4 || locked.Load() != n-4 {
			t.Errorf("%d were wrong, %d locked", wrong.Load(), locked.Load())
		}
	})
}
