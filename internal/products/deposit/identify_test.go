package deposit_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// moves counts a movement as a payment does, and gives it back when it is told to.
func (b *bank) moves(minor int64, back bool, accounts ...deposit.Account) {
	b.Helper()
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		today, err := b.days.Current(b.Context(), tx)
		b.must(err)
		amount := money.New(minor, money.CNY)
		uses, err := b.Turnover(b.Context(), amount, today, accounts...)
		b.must(err)
		if back {
			return deposit.GiveBack(b.Context(), tx, deposit.TurnoverCounters(amount, accounts...))
		}
		counters, err := deposit.LockCounters(b.Context(), tx, uses)
		b.must(err)
		b.must(counters.Try(uses))
		return counters.Save(tx)
	}))
}

// identifies runs the job, which must take so many steps.
func (b *bank) identifies(want int) {
	b.Helper()
	n, err := b.Identify(b.Context())
	b.must(err)
	if n != want {
		b.Errorf("the job took %d steps, not %d", n, want)
	}
}

// asked is what the bank asks of a person now.
func (b *bank) asked(who id.Customer) (state deposit.IdentificationState, dueOn string) {
	b.Helper()
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		i, asks, err := b.Identification(b.Context(), tx, who)
		if asks {
			state, dueOn = i.State, i.DueOn.String()
		}
		return err
	}))
	return state, dueOn
}

// verifies raises a person's level and tells deposit so, as the bus does.
func (b *bank) verifies(who id.Customer, level customer.Level) {
	b.Helper()
	b.levels[who] = level
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		e := event.New(tx.Now(), event.Header{Subject: string(who)}, event.CustomerVerified{Customer: who, Level: "any"})
		return b.Documents().Handle(b.Context(), tx, e)
	}))
}

func (b *bank) saidTo(who id.Customer, templates ...string) {
	b.Helper()
	var said []string
	for _, n := range b.told {
		if n.Customer == who {
			said = append(said, n.Template)
		}
	}
	if len(said) != len(templates) {
		b.Fatalf("told %v, not %v", said, templates)
	}
	for i := range said {
		if said[i] != templates[i] {
			b.Errorf("told %v, not %v", said, templates)
		}
	}
}

func (b *bank) nextDays(n int) {
	b.Helper()
	for range n {
		b.clock.Advance(24 * time.Hour)
		b.must(b.roll())
	}
}

func TestWhoMovesMuchThroughClassIIIShowsADocumentOrStandsStill(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelNumber)
		first, second := b.opened(by, 3), b.opened(by, 3)
		b.must(b.pay(first.ID, 500_00))
		b.moves(20_000_00, false, first)
		b.moves(14_999_99, false, first, second) // between both: out of one and into the other
		b.identifies(0)
		if state, _ := b.asked(by.Customer()); state != "" {
			t.Errorf("below the figure the bank asks: %s", state)
		}
		b.moves(1, false, second)
		b.moves(1, false, second)
		b.identifies(1)
		b.identifies(0)
		if state, due := b.asked(by.Customer()); state != deposit.IdentifyAsked || due != "2026-09-17" {
			t.Errorf("at the figure: %s until %s", state, due)
		}
		b.saidTo(by.Customer(), "deposit.identify")
		b.must(b.pay(first.ID, -1)) // while there is time, nothing stands still

		b.nextDays(7)
		b.identifies(0) // the last day counts
		b.must(b.pay(first.ID, -1))
		b.must(b.Stop(t.Context(), by, second.ID)) // the holder's own
		b.nextDays(1)
		b.identifies(1)
		b.identifies(0)
		for _, minor := range []int64{1, -1} {
			if err := b.pay(first.ID, minor); !errors.Is(err, ledger.ErrFrozen) {
				t.Errorf("%d after the last day: %v", minor, err)
			}
		}
		if err := b.Resume(t.Context(), by, first.ID, "good"); !errors.Is(err, deposit.ErrStopped) {
			t.Errorf("the holder lifts what the bank restricted: %v", err)
		}
		if _, err := b.open(by, 3); !errors.Is(err, deposit.ErrIdentify) {
			t.Errorf("one more class III account: %v", err)
		}
		b.verifies(by.Customer(), customer.LevelNumber) // by number again: no document
		if state, _ := b.asked(by.Customer()); state != deposit.IdentifyRestricted {
			t.Errorf("without a document: %s", state)
		}

		b.verifies(by.Customer(), customer.LevelDocument)
		b.verifies(by.Customer(), customer.LevelFace) // the next fact of the same verification
		b.identifies(0)
		if state, _ := b.asked(by.Customer()); state != "" {
			t.Errorf("identified, and asked: %s", state)
		}
		b.must(b.pay(first.ID, 1))
		if err := b.pay(second.ID, -1); !errors.Is(err, ledger.ErrFrozen) {
			t.Errorf("the holder's own stop was lifted too: %v", err)
		}
		b.opened(by, 3)
		b.moves(50_000_00, false, first)
		b.identifies(0) // once is enough
		b.saidTo(by.Customer(), "deposit.identify", "deposit.identify_restricted", "deposit.identify_released")
	})
}

func TestADocumentInTimeIsTheEndOfIt(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		late, known := b.person(customer.LevelNumber), b.person(customer.LevelDocument)
		account, seen := b.opened(late, 3), b.opened(known, 3)
		b.moves(50_000_00, false, account)
		b.moves(50_000_00, false, seen)
		b.identifies(2)
		b.verifies(late.Customer(), customer.LevelDocument)
		b.nextDays(9)
		b.identifies(0)
		b.must(errors.Join(b.pay(account.ID, 1), b.pay(seen.ID, 1)))
		b.saidTo(late.Customer(), "deposit.identify")
		b.saidTo(known.Customer()) // his document was seen before: he is asked for nothing
	})
}

func TestOnlyWhatClassIIIReallyMovedCounts(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		other, third := b.opened(by, 1), b.opened(by, 3)
		b.levels[by.Customer()] = customer.LevelNumber
		b.moves(60_000_00, false, other) // class I: without a figure
		b.moves(30_000_00, false, other, third)
		b.moves(30_000_00, true, other, third) // cancelled, refused, or reversed
		b.moves(49_999_99, false, third)
		b.identifies(0)
		b.moves(1, false, third)
		b.identifies(1)
	})
}

func TestWhatWasAskedForGoesWithThePerson(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelNumber)
		b.moves(50_000_00, false, b.opened(by, 3))
		b.identifies(1)
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, data, err := b.Export(t.Context(), tx, by.Customer())
			b.must(err)
			contains(t, data, `"documentAskedFor":{"state":"asked","dueOn":"2026-09-17"}`)
			return b.Erase(t.Context(), tx, by.Customer())
		}))
		if state, _ := b.asked(by.Customer()); state != "" {
			t.Errorf("after erasure: %s", state)
		}
		b.verifies(act.Person("cust_nobody", act.Mobile).Customer(), customer.LevelFace) // of whom nothing was asked
	})
}

func contains(t *testing.T, data any, want string) {
	t.Helper()
	text, err := json.Marshal(data)
	if err != nil || !strings.Contains(string(text), want) {
		t.Errorf("%s has no %s (%v)", text, want, err)
	}
}
