package ledger_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
)

var errKilled = errors.New("killed")

// The books' own steps of end of day die at each point of their transactions in turn. The next run finishes the day,
// and in the end everything that was folded is folded once.
func TestFoldOfADayThatDiesAnywhereIsFinishedOnce(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") },
		"postgres": func(t *testing.T) string { return dbtest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, address(t))
		})
	}
}

func dieEverywhere(t *testing.T, address string) {
	t.Helper()
	var left atomic.Int64 // points until it dies
	var kill atomic.Pointer[context.CancelFunc]
	left.Store(-1)
	d, err := db.Open(t.Context(), address, db.Options{Relaxed: true, Fault: func(db.Point) error {
		if left.Add(-1) != 0 {
			return nil
		}
		(*kill.Load())()
		return errKilled
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if err := d.Migrate(t.Context(), endTables()...); err != nil {
		t.Fatal(err)
	}
	b := newBank(t, d)
	b.open(branch, "acct_a", "acct_b", "acct_c")
	b.fund(100_000, "acct_a")
	b.roll()
	for point := int64(1); ; point++ {
		b.mustPost(transfer("acct_a", "acct_b", point), valued("acct_b", "acct_c", 1, b.today.AddDays(-1)))
		b.roll()
		ctx, stop := context.WithCancel(t.Context())
		kill.Store(&stop)
		left.Store(point)
		err := b.end().Run(ctx)
		through := err == nil && left.Load() > 0
		left.Store(-1)
		stop()
		if err := b.end().Run(t.Context()); err != nil {
			t.Fatalf("after a death at point %d: %v", point, err)
		}
		if through {
			if point < 40 {
				t.Errorf("an end of day has only %d points", point)
			}
			break
		}
	}
	b.verify()
}
