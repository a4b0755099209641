package job_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/id"
)

const patience = 20 * time.Second // more than any wait that succeeds

func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	effects := db.Migrations{Domain: "effect", Files: fstest.MapFS{"migrations/001_row.sql": {Data: []byte(`
		CREATE TABLE effect_row (
			job TEXT NOT NULL -- C1
		);`)}}}
	dbtest.Each(t, []db.Migrations{job.Migrations(), effects}, test)
}

func quick(c job.Config) job.Config {
	if c.Poll == 0 {
		c.Poll = 10 * time.Millisecond
	}
	return c
}

type kinds map[string]job.Handler

func runner(t *testing.T, d *db.DB, c clock.Clock, config job.Config, o job.Options, all kinds) *job.Runner {
	t.Helper()
	r := job.New(d, c, quick(config))
	if o.Backoff == 0 {
		o.Backoff = time.Millisecond
	}
	for name, h := range all {
		if err := r.Register(name, o, h); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func start(t *testing.T, r *job.Runner) *job.Runner {
	t.Helper()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func started(t *testing.T, d *db.DB, o job.Options, all kinds) *job.Runner {
	t.Helper()
	return start(t, runner(t, d, clock.System(), job.Config{}, o, all))
}

func enqueue(t *testing.T, d *db.DB, r *job.Runner, requests ...job.Request) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return r.Enqueue(t.Context(), tx, requests...) }); err != nil {
		t.Fatal(err)
	}
}

func drain(t *testing.T, r *job.Runner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func value[T any](t *testing.T, d *db.DB, q string, args ...any) (v T) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		v, err = db.One(t.Context(), tx, db.Value[T], q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

func ignore(context.Context, job.Job) error { return nil }

func TestAJobRunsOnceItsActIsCommitted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		type delivery struct{ Message string }
		got := make(chan job.Job, 10)
		r := started(t, d, job.Options{Attempts: 4}, kinds{"notify.send": func(_ context.Context, j job.Job) error { got <- j; return nil }})
		undone := errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(r.Enqueue(t.Context(), tx, job.Request{Kind: "notify.send", Payload: delivery{"undone"}}), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		enqueue(t, d, r, job.Request{Kind: "notify.send", Payload: delivery{"mesg_1"}, Trace: "trace"})
		drain(t, r)
		if len(got) != 1 {
			t.Fatalf("%d jobs ran", len(got))
		}
		j := <-got
		var p delivery
		if err := j.Payload(&p); err != nil || p.Message != "mesg_1" {
			t.Errorf("payload %+v, %v", p, err)
		}
		if _, err := id.Parse[id.Job](j.ID); err != nil || j.Kind != "notify.send" || j.Trace != "trace" || j.Attempt != 1 || j.Last {
			t.Errorf("job %+v", j)
		}
		if state := value[string](t, d, `SELECT state FROM job_job`); state != "done" {
			t.Errorf("state %s", state)
		}
	})
}

func TestAJobWaitsUntilItIsDue(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, db.Options{Clock: now}, []db.Migrations{job.Migrations()}, func(t *testing.T, d *db.DB) {
		now := clock.NewFake(now.Now()) // of this database's subtest alone
		var ran atomic.Int64
		r := start(t, runner(t, d, now, job.Config{}, job.Options{}, kinds{"payment.settle": func(context.Context, job.Job) error {
			ran.Add(1)
			return nil
		}}))
		enqueue(t, d, r, job.Request{Kind: "payment.settle", RunAt: now.Now().Add(2 * time.Hour)}, job.Request{Kind: "payment.settle"})
		drain(t, r)
		if n := ran.Load(); n != 1 {
			t.Fatalf("%d jobs ran, one is due", n)
		}
		now.Advance(2*time.Hour - time.Second)
		time.Sleep(50 * time.Millisecond)
		if n := ran.Load(); n != 1 {
			t.Fatalf("%d jobs ran a second before the time", n)
		}
		now.Advance(time.Second)
		eventually(t, "the job that is due now", func() bool { return ran.Load() == 2 })
	})
}

func TestAFailedJobIsTriedAgainAndThenIsDeadUntilSomebodyRetries(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		var mended atomic.Bool
		var attempts atomic.Int64
		r := started(t, d, job.Options{Attempts: 3}, kinds{
			"a.refused": func(_ context.Context, j job.Job) error {
				attempts.Add(1)
				if mended.Load() {
					return nil
				}
				if j.Last != (j.Attempt == 3) {
					t.Errorf("attempt %d: last is %v", j.Attempt, j.Last)
				}
				return fault.New(fault.Rejected, "sms.refused")
			},
			"a.panics": func(context.Context, job.Job) error { panic("a mistake") },
			"a.once": func(_ context.Context, j job.Job) error {
				if j.Attempt == 1 {
					return errors.New("a network hiccup")
				}
				return nil
			},
		})
		enqueue(t, d, r, job.Request{Kind: "a.refused", Trace: "trace"}, job.Request{Kind: "a.panics"}, job.Request{Kind: "a.once"})
		eventually(t, "two dead jobs", func() bool { all, err := r.Dead(t.Context(), "", 0); return err == nil && len(all) == 2 })
		all, err := r.Dead(t.Context(), "", 1)
		if err != nil || len(all) != 1 {
			t.Fatalf("first page %+v, %v", all, err)
		}
		rest, err := r.Dead(t.Context(), all[0].ID, 0)
		if err != nil || len(rest) != 1 {
			t.Fatalf("second page %+v, %v", rest, err)
		}
		byKind := map[string]job.Failed{all[0].Kind: all[0], rest[0].Kind: rest[0]}
		refused := byKind["a.refused"]
		if refused.Code != "sms.refused" || refused.Attempts != 3 || refused.Trace != "trace" || refused.EndedAt.IsZero() || attempts.Load() != 3 {
			t.Errorf("dead job %+v after %d attempts", refused, attempts.Load())
		}
		if p := byKind["a.panics"]; p.Code != "job.panicked" {
			t.Errorf("after a panic: %+v", p)
		}
		eventually(t, "the job that failed once", func() bool {
			return value[string](t, d, `SELECT state FROM job_job WHERE kind = 'a.once'`) == "done"
		})

		mended.Store(true)
		if err := r.Retry(t.Context(), refused.ID); err != nil {
			t.Fatal(err)
		}
		drain(t, r)
		if attempts.Load() != 4 {
			t.Errorf("%d attempts", attempts.Load())
		}
		if err := r.Retry(t.Context(), refused.ID); !errors.Is(err, job.ErrNotDead) {
			t.Errorf("retry of a done job: %v", err)
		}
		counts, err := r.Counts(t.Context())
		if err != nil || len(counts) != 1 || counts[0].State != "dead" || counts[0].Kind != "a.panics" || counts[0].Jobs != 1 {
			t.Errorf("counts %+v, %v", counts, err)
		}
	})
}

func TestAnAttemptEndsWithItsTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		r := started(t, d, job.Options{Attempts: 1, Timeout: 20 * time.Millisecond}, kinds{"a.slow": func(ctx context.Context, _ job.Job) error {
			<-ctx.Done()
			return ctx.Err()
		}})
		enqueue(t, d, r, job.Request{Kind: "a.slow"})
		eventually(t, "a dead job", func() bool { all, err := r.Dead(t.Context(), "", 0); return err == nil && len(all) == 1 })
		if all, _ := r.Dead(t.Context(), "", 0); all[0].Code != "job.timeout" {
			t.Errorf("dead job %+v", all[0])
		}
	})
}

func TestOneUniqueKeyIsOneLiveJob(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		r := runner(t, d, clock.System(), job.Config{}, job.Options{Attempts: 1}, kinds{
			"a.sweep": ignore, "a.other": ignore, "a.fails": func(context.Context, job.Job) error { return errors.New("no") },
		})
		sweep := job.Request{Kind: "a.sweep", Unique: "cust_1"}
		other := job.Request{Kind: "a.other", Unique: "cust_1"}
		enqueue(t, d, r, sweep, sweep, other, job.Request{Kind: "a.sweep", Unique: "cust_2"}, job.Request{Kind: "a.sweep"}, job.Request{Kind: "a.sweep"})
		enqueue(t, d, r, sweep, other)
		if n := value[int64](t, d, `SELECT count(*) FROM job_job`); n != 5 {
			t.Errorf("%d jobs, not 5", n)
		}
		start(t, r)
		drain(t, r)
		enqueue(t, d, r, sweep) // the first is done: the key is free
		drain(t, r)
		if n := value[int64](t, d, `SELECT count(*) FROM job_job WHERE state = 'done'`); n != 6 {
			t.Errorf("%d jobs were done, not 6", n)
		}

		later := job.Request{Kind: "a.fails", Unique: "k", RunAt: time.Now().Add(time.Hour)}
		enqueue(t, d, r, job.Request{Kind: "a.fails", Unique: "k"})
		eventually(t, "a dead job", func() bool { all, err := r.Dead(t.Context(), "", 0); return err == nil && len(all) == 1 })
		enqueue(t, d, r, later)
		all, _ := r.Dead(t.Context(), "", 0)
		if err := r.Retry(t.Context(), all[0].ID); !errors.Is(err, job.ErrNotDead) {
			t.Errorf("retry beside a live job: %v", err)
		}
	})
}

func TestManyJobsOnTwoNodesRunOnceEach(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		const jobs = 400
		handle := func(ctx context.Context, j job.Job) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				if err := j.CheckFence(ctx, tx); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO effect_row (job) VALUES ($1)`, j.ID)
				return err
			})
		}
		nodes := []*job.Runner{started(t, d, job.Options{}, kinds{"a.work": handle}), started(t, d, job.Options{}, kinds{"a.work": handle})}
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				requests := make([]job.Request, jobs/4)
				for n := range requests {
					requests[n] = job.Request{Kind: "a.work", Payload: fmt.Sprint(n)}
				}
				enqueue(t, d, nodes[i%2], requests...)
			})
		}
		wg.Wait()
		drain(t, nodes[0])
		if n := value[int64](t, d, `SELECT count(*) FROM effect_row`); n != jobs {
			t.Errorf("%d effects of %d jobs", n, jobs)
		}
		if n := value[int64](t, d, `SELECT count(DISTINCT job) FROM effect_row`); n != jobs {
			t.Errorf("%d of %d jobs had an effect", n, jobs)
		}
	})
}

func TestAKindThatThisNodeDoesNotKnowIsLeftForOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		newer := runner(t, d, clock.System(), job.Config{}, job.Options{}, kinds{"a.old": ignore, "a.new": ignore})
		enqueue(t, d, newer, job.Request{Kind: "a.new"}, job.Request{Kind: "a.old"})
		started(t, d, job.Options{}, kinds{"a.old": ignore})
		eventually(t, "the known job", func() bool {
			return value[string](t, d, `SELECT state FROM job_job WHERE kind = 'a.old'`) == "done"
		})
		if state := value[string](t, d, `SELECT state FROM job_job WHERE kind = 'a.new'`); state != "waiting" {
			t.Errorf("the unknown one is %s", state)
		}
	})
}

func TestDoneJobsArePurgedAndDeadOnesStay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		now := clock.NewFake(time.Now())
		r := start(t, runner(t, d, now, job.Config{Keep: 24 * time.Hour}, job.Options{Attempts: 1}, kinds{
			"a.good": ignore, "a.bad": func(context.Context, job.Job) error { return errors.New("no") },
		}))
		now.Advance(time.Minute) // past the database's own clock
		enqueue(t, d, r, job.Request{Kind: "a.good"}, job.Request{Kind: "a.bad"})
		drain(t, r)
		if n, err := r.Purge(t.Context()); n != 0 || err != nil {
			t.Errorf("purged %d at once, %v", n, err)
		}
		now.Advance(25 * time.Hour)
		if n, err := r.Purge(t.Context()); n != 1 || err != nil {
			t.Errorf("purged %d, %v", n, err)
		}
		if kind := value[string](t, d, `SELECT kind FROM job_job`); kind != "a.bad" {
			t.Errorf("%s is left", kind)
		}
	})
}

func TestWhatIsNotAJobIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, job.Migrations())
	r := runner(t, d, clock.System(), job.Config{}, job.Options{}, kinds{"a.known": ignore})
	for name, tc := range map[string]struct {
		job.Request
		want error
	}{
		"an unknown kind":       {job.Request{Kind: "a.unknown"}, job.ErrKind},
		"a payload of channels": {job.Request{Kind: "a.known", Payload: make(chan int)}, job.ErrPayload},
		"a huge payload":        {job.Request{Kind: "a.known", Payload: make([]int, 64<<10)}, job.ErrPayload},
	} {
		err := d.Write(t.Context(), func(tx *db.Tx) error { return r.Enqueue(t.Context(), tx, tc.Request) })
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for kind, h := range map[string]job.Handler{"a.known": ignore, "a.nothing": nil, "": ignore, "A b": ignore} {
		if err := r.Register(kind, job.Options{}, h); !errors.Is(err, job.ErrKind) {
			t.Errorf("register %q: %v", kind, err)
		}
	}
}

func TestStartAndCloseLeaveNothingBehind(t *testing.T) {
	d := dbtest.SQLite(t, job.Migrations())
	before := goleak.IgnoreCurrent()
	var ran atomic.Int64
	r := runner(t, d, clock.System(), job.Config{}, job.Options{}, kinds{"a.work": func(context.Context, job.Job) error { ran.Add(1); return nil }})
	if err := r.Every("tick", "@every 1h", "a.work"); err != nil {
		t.Fatal(err)
	}
	start(t, r)
	if err := r.Start(t.Context()); !errors.Is(err, job.ErrStarted) {
		t.Errorf("second start: %v", err)
	}
	if err := r.Register("a.late", job.Options{}, ignore); !errors.Is(err, job.ErrStarted) {
		t.Errorf("late kind: %v", err)
	}
	if err := r.Every("late", "@every 1h", "a.work"); !errors.Is(err, job.ErrStarted) {
		t.Errorf("late schedule: %v", err)
	}
	enqueue(t, d, r, job.Request{Kind: "a.work"}, job.Request{Kind: "a.work"})
	drain(t, r)
	r.Close()
	r.Close() // again: no harm
	if ran.Load() != 2 {
		t.Errorf("%d jobs ran", ran.Load())
	}
	goleak.VerifyNone(t, before)
}
