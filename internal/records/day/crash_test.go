package day_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/day"
)

// fuse kills a node at a chosen point of its transactions: before one begins, before a statement, before the commit,
// or behind it.
type fuse struct {
	left atomic.Int64 // points until it blows; it never does when this is below zero from the start
	kill atomic.Pointer[context.CancelFunc]
}

// node starts again under its name: the lease of another would have to lapse first.
const node = "node"

var errKilled = errors.New("killed")

func (f *fuse) fault(db.Point) error {
	if f.left.Add(-1) != 0 {
		return nil
	}
	if kill := f.kill.Load(); kill != nil {
		(*kill)()
	}
	return errKilled
}

// A node dies at its first point, then at its second, and so on through a whole end of day. Whoever comes after it
// finishes that day, and nothing was done twice.
func TestEndOfDayThatDiesAnywhereIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	eachWithFuse(t, func(t *testing.T, d *db.DB, f *fuse) {
		o := newOffice(t, d, 150)
		o.bad = func(step, item string) bool { return step == "test.first" && item == "item_00070" }
		today, points := date(t, "2026-11-20"), 0
		for through := false; !through; points++ {
			closed := today
			today = today.AddDays(1)
			f.left.Store(-1)
			o.roll(today.String())
			through = o.runUntil(f, int64(points+1))
			f.left.Store(-1)
			if err := o.end(d, node).Run(t.Context()); err != nil {
				t.Fatalf("after a death at point %d: %v", points+1, err)
			}
			o.closed(closed, points+1)
			o.forget()
		}
		if points < 60 {
			t.Errorf("an end of day has only %d points", points)
		}
	})
}

// eachWithFuse runs a test on each database, with a fuse of its own.
func eachWithFuse(t *testing.T, test func(t *testing.T, d *db.DB, f *fuse)) {
	t.Helper()
	for name, address := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") },
		"postgres": func(t *testing.T) string { return dbtest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fuse{}
			f.left.Store(-1)
			d, err := db.Open(t.Context(), address(t), db.Options{Relaxed: true, Fault: f.fault})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(d.Close)
			if err := d.Migrate(t.Context(), endTables()...); err != nil {
				t.Fatal(err)
			}
			test(t, d, f)
		})
	}
}

// runUntil runs an end of day that dies at a point, and says whether it came through before.
func (o *office) runUntil(f *fuse, point int64) bool {
	ctx, kill := context.WithCancel(o.Context())
	defer kill()
	f.kill.Store(&kill)
	f.left.Store(point)
	err := o.end(o.db, node).Run(ctx)
	return err == nil && f.left.Load() > 0
}

func (o *office) closed(on clock.Date, point int) {
	o.Helper()
	first, second, once := o.worked(on.String(), "test.first"), o.worked(on.String(), "test.second"), o.worked(on.String(), "test.once")
	if first != 149 || second != 149 || once != 1 {
		o.Fatalf("after a death at point %d: %d, %d and %d were done", point, first, second, once)
	}
	if p := o.progress(o.end(o.db, "reader"))[on.String()]; p.State != day.Locked || p.Steps[0].Done != 149 || p.Steps[0].Aside != 1 {
		o.Fatalf("after a death at point %d: %+v", point, p)
	}
}

// forget does by hand what was set aside, so that the next day sets it aside anew.
func (o *office) forget() {
	o.write(func(tx *db.Tx) error {
		_, err := tx.Exec(o.Context(), `UPDATE day_aside SET resolved_at = $1`, tx.Now())
		return err
	})
}
