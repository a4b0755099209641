package deposit_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func refused(t *testing.T, err error, want *fault.Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Code())
	}
}

func TestAnAccountIsOpenedForWhoIsKnownWellEnough(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		for class, level := range map[int]customer.Level{1: customer.LevelFace, 2: customer.LevelDocument, 3: customer.LevelNumber} {
			by := b.person(level - 1)
			_, err := b.open(by, class)
			refused(t, err, deposit.ErrLevel)
			b.levels[by.Customer()] = level
			a := b.opened(by, class)
			h := b.holding(by, a.ID)
			if err := deposit.CheckNumber(h.Number); err != nil || !strings.HasSuffix(h.Number, a.Tail) || h.State != deposit.Open || a.TermsVersion != 1 {
				t.Errorf("class %d: %+v, %v", class, h, err)
			}
			if !b.found(h.Number) {
				t.Errorf("class %d is not found by its number", class)
			}
		}
		by := b.person(customer.LevelFace)
		_, err := b.Open(t.Context(), by, deposit.Opening{Customer: by.Customer(), Product: "gold"})
		refused(t, err, catalog.ErrNoProduct)
	})
}

func TestOfManyOpeningsAtOnceNoMoreSucceedThanTheLawAllows(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		for class, most := range map[int]int64{1: 1, 2: 5, 3: 5} {
			by := b.person(customer.LevelFace)
			var ok, other atomic.Int64
			var wg sync.WaitGroup
			for range 12 {
				wg.Go(func() {
					switch _, err := b.open(by, class); {
					case err == nil:
						ok.Add(1)
					case !errors.Is(err, deposit.ErrCount):
						other.Add(1)
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if ok.Load() != most || other.Load() != 0 {
				t.Errorf("class %d: %d opened, %d failed otherwise", class, ok.Load(), other.Load())
			}
		}
	})
}

func TestOnlyAnEmptyAccountIsClosedAndMakesRoom(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, stranger := b.person(customer.LevelFace), b.person(customer.LevelFace)
		a := b.opened(by, 1)
		number := b.holding(by, a.ID).Number
		refused(t, b.CloseAccount(t.Context(), stranger, a.ID, ""), deposit.ErrNotFound)
		b.must(b.pay(a.ID, 5))
		refused(t, b.CloseAccount(t.Context(), by, a.ID, ""), deposit.ErrNotEmpty)
		var hold id.Hold
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			out, err := b.books.Hold(t.Context(), tx, []ledger.HoldRequest{{Account: string(a.ID), Amount: money.New(5, money.CNY), Act: "test.hold", By: by}})
			hold = out[0].Hold
			return errors.Join(err, out[0].Err)
		}))
		refused(t, b.CloseAccount(t.Context(), by, a.ID, ""), deposit.ErrNotEmpty)
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.books.Release(t.Context(), tx, []id.Hold{hold})
			return err
		}))
		b.must(b.pay(a.ID, -5))
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			refused(t, b.Tied(t.Context(), tx, by.Customer()), deposit.ErrOpenAccounts)
			return nil
		}))
		b.must(b.CloseAccount(t.Context(), by, a.ID, ""))
		refused(t, b.CloseAccount(t.Context(), by, a.ID, ""), deposit.ErrClosed)
		refused(t, b.Stop(t.Context(), by, a.ID), deposit.ErrClosed)
		if b.found(number) || b.holding(by, a.ID).State != deposit.Closed {
			t.Error("a closed account is found for payments")
		}
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error { return b.Tied(t.Context(), tx, by.Customer()) }))
		b.opened(by, 1)
	})
}

func TestAStopIsTheHoldersAndLeavesOthersRestraintsAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		a := b.opened(by, 1)
		b.must(b.pay(a.ID, 100))
		refused(t, b.Resume(t.Context(), by, a.ID, "good"), deposit.ErrStopped)
		b.must(b.Stop(t.Context(), by, a.ID))
		refused(t, b.Stop(t.Context(), by, a.ID), deposit.ErrStopped)
		refused(t, b.pay(a.ID, -1), ledger.ErrFrozen)
		b.must(b.pay(a.ID, 1)) // money still comes in
		var court id.Freeze
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			out, err := b.books.Freeze(t.Context(), tx, []ledger.Restraint{{Account: string(a.ID), Kind: ledger.NoEntryNoExit, Act: "compliance.court", By: act.Job("test")}})
			court = out[0].Restraint
			return errors.Join(err, out[0].Err)
		}))
		refused(t, b.Resume(t.Context(), by, a.ID, "bad"), auth.ErrStepUp)
		b.must(b.Resume(t.Context(), by, a.ID, "good"))
		if h := b.holding(by, a.ID); !h.Frozen() || h.Balance.Restraint != ledger.NoEntryNoExit {
			t.Errorf("the court's restraint is gone: %q", h.Balance.Restraint)
		}
		b.must(b.Stop(t.Context(), by, a.ID)) // beside the court's
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			errs, err := b.books.Thaw(t.Context(), tx, act.Job("test"), []id.Freeze{court})
			return errors.Join(append(errs, err)...)
		}))
		refused(t, b.pay(a.ID, -1), ledger.ErrFrozen)
		b.must(b.Resume(t.Context(), by, a.ID, "good"))
		b.must(b.pay(a.ID, -1))
	})
}

func TestOfManyStopsAtOnceOneIsLaid(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		a := b.opened(by, 1)
		var ok atomic.Int64
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if b.Stop(t.Context(), by, a.ID) == nil {
					ok.Add(1)
				}
			})
		}
		wg.Wait()
		if ok.Load() != 1 {
			t.Errorf("%d stops", ok.Load())
		}
	})
}

func TestANicknameIsTheHoldersAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, stranger := b.person(customer.LevelFace), b.person(customer.LevelFace)
		a := b.opened(by, 1)
		b.must(b.Rename(t.Context(), by, a.ID, "买房的钱"))
		for name, err := range map[string]error{
			"too long":     b.Rename(t.Context(), by, a.ID, strings.Repeat("字", 21)),
			"a line break": b.Rename(t.Context(), by, a.ID, "a\nb"),
			"a zero":       b.Rename(t.Context(), by, a.ID, "a\x00"),
		} {
			if !errors.Is(err, deposit.ErrNickname) {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused(t, b.Rename(t.Context(), stranger, a.ID, "x"), deposit.ErrNotFound)
		if h := b.holding(by, a.ID); h.Nickname != "买房的钱" {
			t.Errorf("nickname %q", h.Nickname)
		}
		b.must(b.Rename(t.Context(), by, a.ID, ""))
		if h := b.holding(by, a.ID); h.Nickname != "" {
			t.Errorf("nickname %q", h.Nickname)
		}
	})
}

func TestNumbersAreFoundWhileTheIndexKeyIsRotated(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		old := b.holding(by, b.opened(by, 1).ID).Number
		b.index.generations = []string{"2:", "1:"}
		fresh := b.holding(by, b.opened(by, 2).ID).Number
		if !b.found(old) || !b.found(fresh) {
			t.Error("a number is not found between two generations")
		}
		if n, err := b.Reindex(t.Context()); err != nil || n != 2 {
			t.Errorf("%d moved, %v", n, err)
		}
		b.index.generations = []string{"2:"}
		if !b.found(old) || !b.found(fresh) {
			t.Error("a number is not found after the old generation was retired")
		}
	})
}
