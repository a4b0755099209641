package ledger_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// atNoon runs a test on both databases, each with a clock of its own that the test moves.
func atNoon(t *testing.T, test func(b *bank, now *clock.Fake)) {
	t.Helper()
	for name, address := range map[string]func(testing.TB) string{"sqlite": sqliteFile, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := clock.NewFake(time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC))
			d, err := db.Open(t.Context(), address(t), db.Options{Clock: now, Readers: 4, Relaxed: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(d.Close)
			if err := d.Migrate(t.Context(), tables()...); err != nil {
				t.Fatal(err)
			}
			test(newBank(t, d), now)
		})
	}
}

func sqliteFile(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "bank.db")
}

// capturing is a transfer that takes money that was held.
func capturing(from, to string, minor int64, captures ...ledger.Capture) ledger.Journal {
	j := transfer(from, to, minor)
	j.Captures = captures
	return j
}

func take(hold id.Hold, minor int64, final bool) ledger.Capture {
	return ledger.Capture{Hold: hold, Amount: yuan(minor), Final: final}
}

func TestHoldsPromiseWhatIsAvailable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(100, "acct_a")
		first := b.place("acct_a", 60, b.never())
		if first.Err != nil || first.Balance.Available() != yuan(40) {
			t.Fatalf("first hold: %+v", first)
		}
		if o := b.place("acct_a", 41, b.never()); !errors.Is(o.Err, ledger.ErrInsufficientFunds) {
			t.Errorf("held more than is available: %v", o.Err)
		}
		if o := b.post(transfer("acct_a", "acct_b", 41)); !errors.Is(o[0].Err, ledger.ErrInsufficientFunds) {
			t.Errorf("spent what is held: %v", o[0].Err)
		}
		out := b.post(
			capturing("acct_a", "acct_b", 25, take(first.Hold, 25, false)),   // a part
			capturing("acct_a", "acct_b", 36, take(first.Hold, 36, false)),   // more than is left
			capturing("acct_a", "acct_b", 30, take(first.Hold, 20, false)),   // a part, and 10 that are free
			capturing("acct_a", "acct_b", 10, take(first.Hold, 10, true)),    // the last part: 5 are let go
			capturing("acct_a", "acct_b", 5, take(first.Hold, 5, false)),     // too late
			capturing("acct_b", "acct_a", 5, take(first.Hold, 5, false)),     // of another's hold
			capturing("acct_a", "acct_b", 1, take("hold_unknown", 1, false)), // of none
		)
		for i, want := range []error{nil, ledger.ErrHoldExceeded, nil, nil, ledger.ErrHoldEnded, ledger.ErrHoldEnded, ledger.ErrHoldNotFound} {
			if !errors.Is(out[i].Err, want) {
				t.Errorf("capture %d: %v, want %v", i, out[i].Err, want)
			}
		}
		b.want("acct_a", 35, 0, 0)
		b.want("acct_b", 65, 0, 0)
		if err := b.release(first.Hold); !errors.Is(err, ledger.ErrHoldEnded) {
			t.Errorf("released a hold that had ended: %v", err)
		}
		if err := b.release("hold_unknown"); !errors.Is(err, ledger.ErrHoldNotFound) {
			t.Errorf("released no hold: %v", err)
		}
		second := b.place("acct_a", 35, b.never())
		if err := b.release(second.Hold); err != nil {
			t.Fatal(err)
		}
		b.want("acct_a", 35, 0, 0)
		b.verify()
	})
}

func TestHoldsAreRefusedAlone(t *testing.T) {
	t.Parallel()
	atNoon(t, func(b *bank, now *clock.Fake) {
		b.open(branch, "acct_a", "acct_closed", "acct_frozen")
		b.fund(10, "acct_a", "acct_frozen")
		b.freeze("acct_frozen", ledger.EntryOnly, 0)
		b.write(func(tx *db.Tx) error { return b.books.Close(b.Context(), tx, "acct_closed") })
		good := ledger.HoldRequest{Account: "acct_a", Amount: yuan(6), Act: "test.hold", By: teller}
		with := func(change func(*ledger.HoldRequest)) ledger.HoldRequest {
			q := good
			change(&q)
			return q
		}
		requests := []ledger.HoldRequest{
			good,
			good, // 4 are left
			with(func(q *ledger.HoldRequest) { q.Amount = yuan(0) }),
			with(func(q *ledger.HoldRequest) { q.Act = "" }),
			with(func(q *ledger.HoldRequest) { q.ExpiresAt = now.Now() }),
			with(func(q *ledger.HoldRequest) { q.Amount = money.New(1, money.USD) }),
			with(func(q *ledger.HoldRequest) { q.Account = "acct_x" }),
			with(func(q *ledger.HoldRequest) { q.Account = "acct_closed" }),
			with(func(q *ledger.HoldRequest) { q.Account = "acct_frozen" }),
		}
		wants := []error{
			nil, ledger.ErrInsufficientFunds, ledger.ErrBadHold, ledger.ErrBadHold, ledger.ErrBadHold,
			ledger.ErrCurrency, ledger.ErrAccountNotFound, ledger.ErrAccountClosed, ledger.ErrFrozen,
		}
		b.write(func(tx *db.Tx) error {
			out, err := b.books.Hold(b.Context(), tx, requests)
			for i, want := range wants {
				if !errors.Is(out[i].Err, want) {
					b.Errorf("request %d: %v, want %v", i, out[i].Err, want)
				}
			}
			return err
		})
		b.read(func(tx *db.Tx) error {
			holds, err := b.books.Holds(b.Context(), tx, "acct_a")
			if err != nil || len(holds) != 1 || holds[0].Left != yuan(6) || holds[0].State != ledger.Live {
				b.Errorf("holds %+v, %v", holds, err)
			}
			return nil
		})
		b.verify()
	})
}

func TestHoldsExpire(t *testing.T) {
	t.Parallel()
	atNoon(t, func(b *bank, now *clock.Fake) {
		const name = "acct_a"
		b.open(branch, name, name+"b")
		b.fund(100, name)
		short, long := b.place(name, 30, now.Now().Add(time.Hour)), b.place(name, 20, now.Now().Add(2*time.Hour))
		now.Advance(time.Hour)
		if o := b.post(capturing(name, name+"b", 30, take(short.Hold, 30, false))); !errors.Is(o[0].Err, ledger.ErrHoldEnded) {
			b.Errorf("captured after its time: %v", o[0].Err)
		}
		if o := b.post(capturing(name, name+"b", 20, take(long.Hold, 20, false))); o[0].Err != nil {
			b.Errorf("captured in time: %v", o[0].Err)
		}
		b.want(name, 80, 30, 0) // held until the job has run
		for _, want := range []int{1, 0} {
			if n, err := b.books.ExpireHolds(b.Context()); err != nil || n != want {
				b.Errorf("expired %d, %v; want %d", n, err, want)
			}
		}
		b.want(name, 80, 0, 0)
		b.verify()
	})
}

func TestRestraintsInTheirOrderOfStrength(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(100, "acct_a", "acct_b")
		hold := b.place("acct_a", 10, b.never())
		try := func(when string, in, out, captured error) {
			t.Helper()
			for name, tc := range map[string]struct {
				journal ledger.Journal
				want    error
			}{
				"in":      {transfer("acct_b", "acct_a", 1), in},
				"out":     {transfer("acct_a", "acct_b", 1), out},
				"capture": {capturing("acct_a", "acct_b", 1, take(hold.Hold, 1, false)), captured},
			} {
				if o := b.post(tc.journal); !errors.Is(o[0].Err, tc.want) {
					t.Errorf("%s, %s: %v, want %v", when, name, o[0].Err, tc.want)
				}
			}
		}
		try("free", nil, nil, nil)
		amount := b.freeze("acct_a", ledger.FrozenAmount, 1_000) // more than is there
		if amount.Err != nil || !amount.Balance.Available().IsNegative() {
			t.Errorf("frozen amount: %+v", amount)
		}
		try("an amount", nil, ledger.ErrInsufficientFunds, nil)
		only := b.freeze("acct_a", ledger.EntryOnly, 0)
		try("entry only", nil, ledger.ErrFrozen, ledger.ErrFrozen)
		none := b.freeze("acct_a", ledger.NoEntryNoExit, 0)
		try("no entry, no exit", ledger.ErrFrozen, ledger.ErrFrozen, ledger.ErrFrozen)
		b.verify()
		for _, lift := range []struct {
			restraint id.Freeze
			left      ledger.RestraintKind
			frozen    int64
		}{{none.Restraint, ledger.EntryOnly, 1_000}, {amount.Restraint, ledger.EntryOnly, 0}, {only.Restraint, ledger.Unrestrained, 0}} {
			if err := b.thaw(lift.restraint); err != nil {
				t.Fatal(err)
			}
			if got := b.balance("acct_a"); got.Restraint != lift.left || got.Frozen != yuan(lift.frozen) {
				t.Errorf("after a thaw: %+v, want %+v", got, lift)
			}
			if err := b.thaw(lift.restraint); !errors.Is(err, ledger.ErrRestraintLifted) {
				t.Errorf("lifted twice: %v", err)
			}
			b.verify()
		}
		if err := b.thaw("frez_x"); !errors.Is(err, ledger.ErrRestraintNotFound) {
			t.Errorf("lifted nothing: %v", err)
		}
		try("free again", nil, nil, nil)
	})
}

func TestRestraintsAreRefusedAndExpire(t *testing.T) {
	t.Parallel()
	atNoon(t, func(b *bank, now *clock.Fake) {
		const name = "acct_a"
		b.open(branch, name, name+"_closed")
		b.write(func(tx *db.Tx) error { return b.books.Close(b.Context(), tx, name+"_closed") })
		good := ledger.Restraint{Account: name, Kind: ledger.FrozenAmount, Amount: yuan(5), Act: "test.freeze", By: teller, ExpiresAt: now.Now().Add(time.Hour)}
		with := func(change func(*ledger.Restraint)) ledger.Restraint {
			f := good
			change(&f)
			return f
		}
		restraints := []ledger.Restraint{
			good,
			with(func(f *ledger.Restraint) { f.Kind, f.Amount = ledger.EntryOnly, money.Amount{} }),
			with(func(f *ledger.Restraint) { f.Kind = ledger.EntryOnly }),
			with(func(f *ledger.Restraint) { f.Kind = "x" }),
			with(func(f *ledger.Restraint) { f.Amount = yuan(-1) }),
			with(func(f *ledger.Restraint) { f.Act = "" }),
			with(func(f *ledger.Restraint) { f.ExpiresAt = now.Now() }),
			with(func(f *ledger.Restraint) { f.Amount = money.New(5, money.USD) }),
			with(func(f *ledger.Restraint) { f.Account = "acct_x" }),
			with(func(f *ledger.Restraint) { f.Account += "_closed" }),
			with(func(f *ledger.Restraint) { f.Amount = yuan(1 << 62) }),
		}
		wants := []error{
			nil, nil, ledger.ErrBadRestraint, ledger.ErrBadRestraint, ledger.ErrBadRestraint, ledger.ErrBadRestraint,
			ledger.ErrBadRestraint, ledger.ErrCurrency, ledger.ErrAccountNotFound, ledger.ErrAccountClosed, ledger.ErrOverflow,
		}
		b.write(func(tx *db.Tx) error {
			out, err := b.books.Freeze(b.Context(), tx, restraints)
			for i, want := range wants {
				if !errors.Is(out[i].Err, want) {
					b.Errorf("restraint %d: %v, want %v", i, out[i].Err, want)
				}
			}
			return err
		})
		b.read(func(tx *db.Tx) error {
			all, err := b.books.Restraints(b.Context(), tx, name)
			if err != nil || len(all) != 2 || all[0].PlacedAt.IsZero() || !all[0].LiftedAt.IsZero() {
				b.Errorf("restraints %+v, %v", all, err)
			}
			return nil
		})
		now.Advance(time.Hour)
		if n, err := b.books.ExpireRestraints(b.Context()); err != nil || n != 2 {
			b.Errorf("expired %d, %v", n, err)
		}
		if got := b.balance(name); got.Restraint != ledger.Unrestrained || !got.Frozen.IsZero() {
			b.Errorf("after their time: %+v", got)
		}
		b.verify()
	})
}
