package ledger_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

// together runs fn n times at once.
func together(n int, fn func(i int)) {
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			fn(i)
		})
	}
	close(begin)
	all.Wait()
}

func TestTheLastYuanIsSpentOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(5, "acct_a")
		var spent, refused atomic.Int64
		together(40, func(int) {
			switch err := b.post(transfer("acct_a", "acct_b", 1))[0].Err; {
			case err == nil:
				spent.Add(1)
			case errors.Is(err, ledger.ErrInsufficientFunds):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
		if spent.Load() != 5 || refused.Load() != 35 {
			t.Errorf("%d spent, %d refused", spent.Load(), refused.Load())
		}
		b.want("acct_a", 0, 0, 0)
		b.want("acct_b", 5, 0, 0)
		b.verify()
	})
}

func TestSixHoldsOfOneThousandOnFiveThousand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		b.fund(5_000, "acct_a")
		var placed atomic.Int64
		together(6, func(int) {
			if o := b.place("acct_a", 1_000, b.never()); o.Err == nil {
				placed.Add(1)
			} else if !errors.Is(o.Err, ledger.ErrInsufficientFunds) {
				t.Error(o.Err)
			}
		})
		if placed.Load() != 5 {
			t.Errorf("placed %d", placed.Load())
		}
		b.want("acct_a", 5_000, 5_000, 0)
		b.verify()
	})
}

// One hold is captured, released and expires at the same time: one of them wins, and the money is where it says.
func TestOneHoldEndsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(100, "acct_a")
		for range 10 {
			hold := b.place("acct_a", 10, b.never())
			before := b.balance("acct_b").Booked
			var captured, released atomic.Int64
			together(8, func(i int) {
				var err error
				if i%2 == 0 {
					if err = b.post(capturing("acct_a", "acct_b", 10, take(hold.Hold, 10, false)))[0].Err; err == nil {
						captured.Add(1)
					}
				} else if err = b.release(hold.Hold); err == nil {
					released.Add(1)
				}
				if err != nil && !errors.Is(err, ledger.ErrHoldEnded) {
					t.Error(err)
				}
			})
			if captured.Load()+released.Load() != 1 {
				t.Errorf("captured %d times, released %d times", captured.Load(), released.Load())
			}
			if got := b.balance("acct_b").Booked.Minor() - before.Minor(); got != 10*captured.Load() {
				t.Errorf("%d arrived", got)
			}
			b.fund(10*captured.Load()+1, "acct_a")
		}
		b.verify()
	})
}

// Payments in both directions between the same accounts, in batches whose accounts come in any order, do not wait
// for each other for ever; a roll of the day and folds go on beside them.
func TestBatchesInAllDirections(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		accounts := names(8)
		b.open(branch, accounts[:4]...)
		b.open("0002", accounts[4:]...)
		b.fund(1_000, accounts...)
		together(12, func(n int) {
			for round := range 8 {
				if n == 0 {
					if _, err := b.books.Fold(t.Context()); err != nil {
						t.Error(err)
					}
					continue
				}
				if n == 1 {
					if err := b.days.Roll(t.Context(), b.today.AddDays(round)); err != nil {
						t.Error(err)
					}
					continue
				}
				var journals []ledger.Journal
				for i := range 20 {
					journals = append(journals, transfer(accounts[(n+i*round)%8], accounts[(n+i*round+1+i%7)%8], int64(i+1)))
				}
				b.post(journals...)
			}
		})
		var sum int64
		for _, a := range accounts {
			sum += b.balance(a).Booked.Minor()
		}
		if sum != 8_000 {
			t.Errorf("the accounts have %d together", sum)
		}
		b.verify()
	})
}

func TestJournalIsReversedOnceByMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		for range 5 {
			original := b.post(transfer(cash(), fees(), 10))[0] // no account is locked: only the claim stands between them
			if original.Err != nil {
				t.Fatal(original.Err)
			}
			var reversed atomic.Int64
			together(6, func(int) {
				if o := b.reverse(original.Journal); o.Err == nil {
					reversed.Add(1)
				} else if !errors.Is(o.Err, ledger.ErrAlreadyReversed) {
					t.Error(o.Err)
				}
			})
			if reversed.Load() != 1 {
				t.Errorf("reversed %d times", reversed.Load())
			}
		}
		b.read(func(tx *db.Tx) error {
			total, err := b.books.TotalOf(t.Context(), tx, fees())
			if err != nil || !total.Balance().IsZero() {
				t.Errorf("fees are %s, %v", total.Balance(), err)
			}
			return nil
		})
		b.verify()
	})
}
