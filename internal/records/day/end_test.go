package day_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/values/act"
)

// work is what the steps of these tests write: one row for each item that they do.
var work fs.FS = fstest.MapFS{"migrations/001_work.sql": {Data: []byte(`
CREATE TABLE work_item (
	id TEXT NOT NULL, -- C1
	CONSTRAINT work_item_pk PRIMARY KEY (id)
);
CREATE TABLE work_done (
	date TEXT NOT NULL, -- C1
	step TEXT NOT NULL, -- C1
	item TEXT NOT NULL -- C1
);`)}}

func endTables() []db.Migrations {
	return []db.Migrations{{Domain: "work", Files: work}, job.Migrations(), day.Migrations()}
}

// diary keeps what would be audited.
type diary struct {
	mu   sync.Mutex
	acts []string
}

func (d *diary) Append(_ context.Context, _ *db.Tx, records []audit.Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range records {
		d.acts = append(d.acts, r.Act+" "+r.Subject+" "+string(r.Outcome))
	}
	return nil
}

var errBad = fault.New(fault.Rejected, "test.bad_item")

// office is a bank that has items to work through at the end of its days.
type office struct {
	*testing.T
	db     *db.DB
	days   *day.Keeper
	diary  diary
	bad    func(step, item string) bool // items whose step fails
	refuse func(step, item string) bool // items that the step answers as aside
	calls  atomic.Int64
	differ bool
}

func newOffice(t *testing.T, d *db.DB, items int) *office {
	t.Helper()
	o := &office{T: t, db: d, days: day.New(d, time.UTC)}
	if err := o.days.Open(t.Context(), date(t, "2026-11-20")); err != nil {
		t.Fatal(err)
	}
	o.write(func(tx *db.Tx) error {
		rows := db.NewRows(items)
		for i := range items {
			rows.Add(fmt.Sprintf("item_%05d", i))
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO work_item (id) SELECT r.id FROM ROWS($1: id TEXT) AS r`, rows)
		return err
	})
	return o
}

func (o *office) write(fn func(tx *db.Tx) error) {
	o.Helper()
	if err := o.db.Write(o.Context(), fn); err != nil {
		o.Fatal(err)
	}
}

func (o *office) roll(to string) {
	o.Helper()
	if err := o.days.Roll(o.Context(), date(o.T, to)); err != nil {
		o.Fatal(err)
	}
}

// step writes a row for each item, and fails for the bad ones.
func (o *office) step(name string) day.Step {
	return day.Step{
		Name: name, Size: 64,
		Items: func(ctx context.Context, tx *db.Tx, _ clock.Date, after string, limit int) ([]string, error) {
			return db.List(ctx, tx, db.Value[string], `SELECT id FROM work_item WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
		},
		Do: func(ctx context.Context, tx *db.Tx, date clock.Date, items []string) (refused []day.Aside, err error) {
			o.calls.Add(1)
			rows := db.NewRows(len(items))
			for _, item := range items {
				if o.refuse != nil && o.refuse(name, item) {
					refused = append(refused, day.Aside{Item: item, Err: errBad})
					continue
				}
				rows.Add(item)
			}
			const q = `INSERT INTO work_done (date, step, item) SELECT $2, $3, r.item FROM ROWS($1: item TEXT) AS r`
			if _, err := tx.Exec(ctx, q, rows, date, name); err != nil {
				return nil, err
			}
			for _, item := range items { // after the write, which must not stay
				if o.bad != nil && o.bad(name, item) {
					return nil, errBad
				}
			}
			return refused, nil
		},
	}
}

// once is a step without items.
func (o *office) once(name string) day.Step {
	return day.Step{Name: name, Once: func(ctx context.Context, tx *db.Tx, date clock.Date) error {
		_, err := tx.Exec(ctx, `INSERT INTO work_done (date, step, item) VALUES ($1, $2, 'all')`, date, name)
		return err
	}}
}

func (o *office) end(d *db.DB, node string) *day.End {
	return day.NewEnd(day.EndNeeds{
		DB: d, Leases: job.NewLeases(d, node), Audit: &o.diary,
		Steps: []day.Step{o.step("test.first"), o.step("test.second"), o.once("test.once")},
		Checks: []day.Check{{Name: "test.check", Run: func(context.Context, *db.Tx, clock.Date) ([]day.Difference, error) {
			if o.differ {
				return []day.Difference{{Subject: "account", Detail: "5 and 6"}}, nil
			}
			return nil, nil
		}}},
	})
}

// worked counts the rows of a step on a day, and fails when an item was done twice.
func (o *office) worked(on, step string) int {
	o.Helper()
	var items []string
	err := o.db.Read(o.Context(), func(tx *db.Tx) (err error) {
		items, err = db.List(o.Context(), tx, db.Value[string], `SELECT item FROM work_done WHERE date = $1 AND step = $2 ORDER BY item`, date(o.T, on), step)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	if n := len(slices.Compact(slices.Clone(items))); n != len(items) {
		o.Errorf("%s of %s: %d items were done %d times", step, on, n, len(items))
	}
	return len(items)
}

func (o *office) progress(e *day.End) map[string]day.Progress {
	o.Helper()
	byDate := make(map[string]day.Progress)
	err := o.db.Read(o.Context(), func(tx *db.Tx) error {
		all, err := e.Progress(o.Context(), tx, 100)
		for _, p := range all {
			byDate[p.Date.String()] = p
		}
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return byDate
}

func TestEndOfDayDoesEachStepOfEachMissedDayOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, 300)
		e := o.end(d, "a")
		if err := e.Run(t.Context()); err != nil {
			t.Fatalf("nothing is closed: %v", err)
		}
		o.roll("2026-11-23")
		for range 2 { // the second run finds nothing
			if err := e.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, on := range []string{"2026-11-20", "2026-11-21", "2026-11-22"} {
			for step, want := range map[string]int{"test.first": 300, "test.second": 300, "test.once": 1} {
				if got := o.worked(on, step); got != want {
					t.Errorf("%s of %s did %d", step, on, got)
				}
			}
			p := o.progress(e)[on]
			if p.State != day.Locked || p.LockedAt.IsZero() || p.TiedOutAt.IsZero() || len(p.Steps) != 3 || p.Steps[1].Done != 300 ||
				p.Steps[1].State != day.Done || len(p.Checks) != 1 || p.Problem != "" {
				t.Errorf("%s: %+v", on, p)
			}
		}
		if len(o.diary.acts) != 6 || o.diary.acts[0] != "day.tied_out 2026-11-20 done" || o.diary.acts[1] != "day.locked 2026-11-20 done" {
			t.Errorf("audited %q", o.diary.acts)
		}
	})
}

func TestItemThatFailsIsSetAsideAndRetried(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, 200)
		o.bad = func(step, item string) bool {
			return step == "test.first" && (item == "item_00077" || item == "item_00199")
		}
		o.refuse = func(step, item string) bool { return step == "test.second" && item == "item_00003" }
		e := o.end(d, "a")
		o.roll("2026-11-21")
		if err := e.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if first, second := o.worked("2026-11-20", "test.first"), o.worked("2026-11-20", "test.second"); first != 198 || second != 197 {
			t.Errorf("did %d and %d", first, second)
		}
		asides := o.asides(e)
		want := []string{"test.first item_00077 test.bad_item", "test.first item_00199 test.bad_item", "test.second item_00003 test.bad_item",
			"test.second item_00077 day.set_aside_before", "test.second item_00199 day.set_aside_before"}
		if !slices.Equal(asides, want) {
			t.Errorf("set aside %q", asides)
		}
		if p := o.progress(e)["2026-11-20"]; p.State != day.Locked || p.Steps[0].Aside != 2 || p.Steps[1].Aside != 3 {
			t.Errorf("%+v", p)
		}
		o.retries(e)
	})
}

func (o *office) asides(e *day.End) []string {
	o.Helper()
	var texts []string
	err := o.db.Read(o.Context(), func(tx *db.Tx) error {
		all, err := e.Asides(o.Context(), tx, 100)
		for _, a := range all {
			texts = append(texts, a.Step+" "+a.Item+" "+a.Code)
		}
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return texts
}

// retries repairs the items: one by hand, the rest with the next day.
func (o *office) retries(e *day.End) {
	o.Helper()
	on := date(o.T, "2026-11-20")
	clerk := act.By{Kind: act.Staff, Actor: "stff_1"}
	bad := day.AsideKey{Date: on, Step: "test.first", Item: "item_00077"}
	if err := e.Retry(o.Context(), clerk, bad); !errors.Is(err, errBad) {
		o.Errorf("retried what still fails: %v", err)
	}
	o.bad = func(step, item string) bool { return item == "item_00199" }
	o.refuse = nil
	if err := e.Retry(o.Context(), clerk, bad); err != nil {
		o.Error(err)
	}
	if err := e.Retry(o.Context(), clerk, bad); !errors.Is(err, day.ErrAsideNotFound) {
		o.Errorf("retried twice: %v", err)
	}
	o.roll("2026-11-22")
	if err := e.Run(o.Context()); err != nil {
		o.Fatal(err)
	}
	if first, second := o.worked("2026-11-20", "test.first"), o.worked("2026-11-20", "test.second"); first != 199 || second != 199 {
		o.Errorf("after the repair %d and %d", first, second)
	}
	for _, a := range o.asides(e) { // what is still broken waits on both days
		if a != "test.first item_00199 test.bad_item" && a != "test.second item_00199 day.set_aside_before" && a != "test.first item_00199 day.set_aside_before" {
			o.Errorf("set aside %q", a)
		}
	}
}

func TestStepThatFailsForEverythingStops(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, 1500)
		o.refuse = func(step, _ string) bool { return step == "test.second" }
		e := o.end(d, "a")
		o.roll("2026-11-21")
		if err := e.Run(t.Context()); !errors.Is(err, day.ErrTooManyAside) {
			t.Fatalf("ran to %v", err)
		}
		if p := o.progress(e)["2026-11-20"]; p.State != day.Cutoff || p.Problem != "day.too_many_aside" {
			t.Errorf("%+v", p)
		}
	})
}

func TestDayWhoseTotalsDifferStaysCutOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, 10)
		o.differ = true
		e := o.end(d, "a")
		o.roll("2026-11-22")
		for range 2 {
			if err := e.Run(t.Context()); !errors.Is(err, day.ErrNotTiedOut) {
				t.Fatalf("tied out: %v", err)
			}
		}
		p := o.progress(e)["2026-11-20"]
		if p.State != day.Cutoff || p.Problem != "day.not_tied_out" || p.Checks[0].Differences != 1 || p.Checks[0].Detail != "account: 5 and 6" {
			t.Errorf("%+v", p)
		}
		if o.worked("2026-11-21", "test.first") != 0 {
			t.Error("the day after began before the one before was tied out")
		}
		o.write(func(tx *db.Tx) error { // what end of day books can still go into it
			if takes, err := o.days.Closing(t.Context(), tx, date(t, "2026-11-20")); err != nil || !takes {
				t.Errorf("takes %v, %v", takes, err)
			}
			if _, err := o.days.Closing(t.Context(), tx, date(t, "2026-11-22")); !errors.Is(err, day.ErrNotCutOff) {
				t.Errorf("an open day: %v", err)
			}
			return nil
		})
		o.differ = false
		if err := e.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := o.progress(e)["2026-11-21"]; p.State != day.Locked || p.Problem != "" {
			t.Errorf("%+v", p)
		}
	})
}

func TestTwoNodesNeverDoTheSame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, 800)
		o.roll("2026-11-23")
		var together sync.WaitGroup
		var ran atomic.Int64
		for node := range 4 {
			together.Go(func() {
				e := o.end(d, fmt.Sprint("node_", node%3)) // two are one node that was asked twice
				for range 40 {
					err := e.Run(t.Context())
					if err == nil {
						ran.Add(1)
					} else if !errors.Is(err, day.ErrRunning) && !errors.Is(err, job.ErrFenced) {
						t.Errorf("node %d: %v", node, err)
					}
				}
			})
		}
		together.Wait()
		if ran.Load() == 0 {
			t.Fatal("nobody ran")
		}
		e := o.end(d, "last")
		if err := e.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, on := range []string{"2026-11-20", "2026-11-21", "2026-11-22"} {
			if first, once := o.worked(on, "test.first"), o.worked(on, "test.once"); first != 800 || once != 1 {
				t.Errorf("%s: %d and %d", on, first, once)
			}
		}
	})
}

func TestWarnsBeforeTheCalendarEnds(t *testing.T) {
	t.Parallel()
	calendar, err := clock.ParseCalendar("year 2026\nnotice https://example.org\n")
	if err != nil {
		t.Fatal(err)
	}
	e := day.NewEnd(day.EndNeeds{Calendar: calendar})
	if got := e.Warnings(date(t, "2026-11-01")); got != nil {
		t.Errorf("warned of a year that is known: %q", got)
	}
	if got := e.Warnings(date(t, "2026-11-02")); len(got) != 1 {
		t.Errorf("60 days before an unknown year: %q", got)
	}
}
