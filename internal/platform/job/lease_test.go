package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/job"
)

func TestTheJobOfADeadNodeIsTakenOverAndItsLateWorkRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		// The first node's handler hangs; the test plays its death by putting the lease into the past.
		running, wakeUp, late := make(chan job.Job, 1), make(chan struct{}), make(chan error, 1)
		first := start(t, runner(t, d, clock.System(), job.Config{Workers: 1, Lease: time.Hour, Grace: time.Second}, job.Options{}, kinds{
			"a.work": func(_ context.Context, j job.Job) error {
				running <- j
				<-wakeUp
				ctx := context.Background()
				err := d.Write(ctx, func(tx *db.Tx) error {
					if err := j.CheckFence(ctx, tx); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, `INSERT INTO effect_row (job) VALUES ('late')`)
					return err
				})
				late <- err
				return nil
			}}))
		enqueue(t, d, first, job.Request{Kind: "a.work"})
		j := <-running
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE job_job SET leased_until = $1`, time.Now().Add(-time.Second))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		second := make(chan job.Job, 1)
		start(t, runner(t, d, clock.System(), job.Config{Lease: 30 * time.Millisecond}, job.Options{}, kinds{
			"a.work": func(_ context.Context, j job.Job) error { second <- j; return nil }}))
		if again := <-second; again.ID != j.ID || again.Attempt != 2 {
			t.Errorf("taken over: %+v", again)
		}
		close(wakeUp)
		if err := <-late; !errors.Is(err, job.ErrFenced) {
			t.Errorf("late work: %v", err)
		}
		eventually(t, "a done job", func() bool { return value[string](t, d, `SELECT state FROM job_job`) == "done" })
		if n := value[int64](t, d, `SELECT count(*) FROM effect_row`); n != 0 {
			t.Error("late work had an effect")
		}
	})
}

func TestAJobThatKillsItsNodeEveryTimeIsDeadInTheEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		r := runner(t, d, clock.System(), job.Config{Lease: 30 * time.Millisecond}, job.Options{Attempts: 3}, kinds{"a.kills": func(context.Context, job.Job) error {
			t.Error("it ran a fourth time")
			return nil
		}})
		enqueue(t, d, r, job.Request{Kind: "a.kills"})
		err := d.Write(t.Context(), func(tx *db.Tx) error { // its third node is gone
			_, err := tx.Exec(t.Context(), `UPDATE job_job SET state = 'running', attempts = 3, fence = 3, leased_until = 1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		start(t, r)
		eventually(t, "a dead job", func() bool { all, err := r.Dead(t.Context(), "", 0); return err == nil && len(all) == 1 })
		if all, _ := r.Dead(t.Context(), "", 0); all[0].Code != "job.node_lost" {
			t.Errorf("dead job %+v", all[0])
		}
	})
}

func TestALongJobKeepsItsLease(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		const lease = 1500 * time.Millisecond // enough for a crowded machine
		locked := lease * 2 / 3               // its handler has the row locked meanwhile, so that nobody can renew the lease
		if d.Kind() == "sqlite" {
			locked = lease / 4 // a transaction holds up every other, those that renew and those that take over
		}
		var ran atomic.Int64
		long := func(ctx context.Context, j job.Job) error {
			ran.Add(1)
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := j.CheckFence(ctx, tx); err != nil {
					return err
				}
				time.Sleep(locked)
				return nil
			})
			time.Sleep(lease + lease/2)
			return errors.Join(err, ctx.Err())
		}
		config := job.Config{Lease: lease}
		r := start(t, runner(t, d, clock.System(), config, job.Options{}, kinds{"a.long": long}))
		start(t, runner(t, d, clock.System(), config, job.Options{}, kinds{"a.long": long}))
		enqueue(t, d, r, job.Request{Kind: "a.long"})
		drain(t, r)
		if ran.Load() != 1 {
			t.Errorf("it ran %d times", ran.Load())
		}
	})
}

func TestCloseLetsJobsFinishAndGivesBackThoseThatDoNot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		begun := make(chan struct{}, 2)
		r := start(t, runner(t, d, clock.System(), job.Config{Grace: 100 * time.Millisecond}, job.Options{Attempts: 1}, kinds{
			"a.short": func(context.Context, job.Job) error {
				begun <- struct{}{}
				time.Sleep(20 * time.Millisecond)
				return nil
			},
			"a.long": func(ctx context.Context, _ job.Job) error {
				begun <- struct{}{}
				<-ctx.Done()
				return ctx.Err()
			},
		}))
		enqueue(t, d, r, job.Request{Kind: "a.short"}, job.Request{Kind: "a.long"})
		<-begun
		<-begun
		r.Close()
		if state := value[string](t, d, `SELECT state FROM job_job WHERE kind = 'a.short'`); state != "done" {
			t.Errorf("the short one is %s", state)
		}
		if state := value[string](t, d, `SELECT state FROM job_job WHERE kind = 'a.long'`); state != "waiting" {
			t.Errorf("the long one is %s", state)
		}
		if n := value[int64](t, d, `SELECT attempts FROM job_job WHERE kind = 'a.long'`); n != 0 {
			t.Errorf("the attempt that Close cut short counts: %d", n)
		}
	})
}

func TestARoleHasOneHolderAndEachHolderAHigherFence(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		a, b := job.NewLeases(d, "a"), job.NewLeases(d, "b")
		take := func(s *job.Leases, life time.Duration) (job.Lease, bool) {
			t.Helper()
			l, taken, err := s.Take(t.Context(), "audit.sealer", life)
			if err != nil {
				t.Fatal(err)
			}
			return l, taken
		}
		check := func(l job.Lease) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return l.CheckFence(t.Context(), tx) })
		}
		first, taken := take(a, time.Hour)
		if !taken || first.Fence != 1 || check(first) != nil {
			t.Fatalf("first %+v, %v, %v", first, taken, check(first))
		}
		if l, taken := take(b, time.Hour); taken {
			t.Errorf("a held role was taken: %+v", l)
		}
		if _, err := a.Renew(t.Context(), first, 0); err != nil { // it lapses at once
			t.Error(err)
		}
		if err := check(first); err != nil {
			t.Errorf("lapsed, and nobody else has it: %v", err)
		}
		second, taken := take(b, time.Hour)
		if !taken || second.Fence != 2 {
			t.Errorf("second %+v, %v", second, taken)
		}
		if err := check(first); !errors.Is(err, job.ErrFenced) {
			t.Errorf("the late holder's write: %v", err)
		}
		if _, err := a.Renew(t.Context(), first, time.Hour); !errors.Is(err, job.ErrFenced) {
			t.Errorf("the late holder's renewal: %v", err)
		}
		if err := a.Release(t.Context(), first); err != nil || check(second) != nil {
			t.Errorf("the late holder's release: %v; then the holder: %v", err, check(second))
		}
		if err := b.Release(t.Context(), second); err != nil {
			t.Error(err)
		}
		if third, taken := take(a, time.Hour); !taken || third.Fence != 3 {
			t.Errorf("third %+v, %v", third, taken)
		}
	})
}

func TestKeepWorksOnOneNodeAndMovesWhenItFails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		const life = 500 * time.Millisecond
		ctx, cancel := context.WithCancel(t.Context())
		var at, most atomic.Int64
		works, ended := make(chan job.Lease, 100), make(chan struct{}, 2)
		for _, node := range []string{"a", "b"} {
			go func() {
				job.NewLeases(d, node).Keep(ctx, "audit.sealer", life, slog.New(slog.DiscardHandler), func(ctx context.Context, l job.Lease) error {
					most.Store(max(most.Load(), at.Add(1)))
					defer at.Add(-1)
					works <- l
					if l.Fence == 1 {
						panic("the first holder fails")
					}
					<-ctx.Done()
					return nil
				})
				ended <- struct{}{}
			}()
		}
		first, second := <-works, <-works
		if first.Fence != 1 || second.Fence != 2 {
			t.Errorf("fences %d, %d", first.Fence, second.Fence)
		}
		time.Sleep(2 * life) // it is renewed meanwhile
		err := d.Write(t.Context(), func(tx *db.Tx) error { return second.CheckFence(t.Context(), tx) })
		if err != nil || len(works) != 0 {
			t.Errorf("the lease was not kept: %v, %d others", err, len(works))
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { // somebody else takes it, for as long as it takes to notice
			_, err := tx.Exec(t.Context(), `UPDATE job_lease SET holder = 'c', fence = 9, held_until = $1`, time.Now().Add(2*life))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if third := <-works; third.Fence != 10 {
			t.Errorf("third %+v", third)
		}
		cancel()
		<-ended
		<-ended
		if most.Load() != 1 {
			t.Errorf("%d worked at the same time", most.Load())
		}
	})
}

func TestAScheduleRunsOncePerTimeInTheWholeCluster(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		zone, err := clock.Zone("Asia/Shanghai")
		if err != nil {
			t.Fatal(err)
		}
		now := clock.NewFake(time.Date(2126, 11, 22, 15, 59, 0, 0, time.UTC)) // a minute before midnight in Shanghai, ahead of the database's clock
		got := make(chan job.Occurrence, 10)
		var nodes []*job.Runner
		for range 3 {
			r := runner(t, d, now, job.Config{Zone: zone}, job.Options{}, kinds{"deposit.accrue": func(_ context.Context, j job.Job) error {
				var o job.Occurrence
				err := j.Payload(&o)
				got <- o
				return err
			}})
			if err := r.Every("deposit.interest", "5 0 * * *", "deposit.accrue"); err != nil {
				t.Fatal(err)
			}
			nodes = append(nodes, start(t, r))
		}
		quiet := func(when string) {
			t.Helper()
			time.Sleep(60 * time.Millisecond)
			drain(t, nodes[0])
			if len(got) != 0 {
				t.Fatalf("it ran %s", when)
			}
		}
		quiet("a minute before midnight")
		now.Set(time.Date(2126, 11, 22, 16, 5, 0, 0, time.UTC))
		o := <-got
		if o.Schedule != "deposit.interest" || !o.At.Equal(now.Now()) {
			t.Errorf("occurrence %+v", o)
		}
		quiet("a second time")
		now.Set(time.Date(2126, 11, 26, 3, 0, 0, 0, time.UTC)) // no node was up for days: made up for once
		if o := <-got; !o.At.Equal(time.Date(2126, 11, 23, 16, 5, 0, 0, time.UTC)) {
			t.Errorf("occurrence %+v", o)
		}
		quiet("once for each missed day")
		if next := value[time.Time](t, d, `SELECT next_at FROM job_schedule`); !next.Equal(time.Date(2126, 11, 26, 16, 5, 0, 0, time.UTC)) {
			t.Errorf("next at %v", next)
		}
	})
}

func TestAChangedScheduleTakesItsNewTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		now := clock.NewFake(time.Date(2126, 11, 22, 6, 0, 0, 0, time.UTC))
		next := func(spec string) time.Time {
			r := runner(t, d, now, job.Config{}, job.Options{}, kinds{"a.work": ignore})
			if err := r.Every("nightly", spec, "a.work"); err != nil {
				t.Fatal(err)
			}
			start(t, r)
			r.Close()
			return value[time.Time](t, d, `SELECT next_at FROM job_schedule`)
		}
		first := next("0 7 * * *")
		now.Advance(time.Minute)
		if again := next("0 7 * * *"); !again.Equal(first) {
			t.Errorf("an unchanged schedule moved from %v to %v", first, again)
		}
		if moved := next("30 8 * * *"); !moved.Equal(time.Date(2126, 11, 22, 8, 30, 0, 0, time.UTC)) {
			t.Errorf("moved to %v", moved)
		}
	})
}

func TestWhatIsNotAScheduleIsRefused(t *testing.T) {
	t.Parallel()
	r := runner(t, dbtest.SQLite(t), clock.System(), job.Config{}, job.Options{}, kinds{"a.work": ignore})
	if err := r.Every("nightly", "0 1 * * *", "a.work"); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		name, spec, kind string
		want             error
	}{
		"a taken name":        {"nightly", "0 2 * * *", "a.work", job.ErrSpec},
		"a bad name":          {"Night ly", "0 2 * * *", "a.work", job.ErrSpec},
		"no expression":       {"other", "", "a.work", job.ErrSpec},
		"a bad expression":    {"other", "61 * * * *", "a.work", job.ErrSpec},
		"a zone of its own":   {"other", "CRON_TZ=UTC 0 1 * * *", "a.work", job.ErrSpec},
		"a kind that is none": {"other", "0 1 * * *", "a.unknown", job.ErrKind},
	} {
		if err := r.Every(tc.name, tc.spec, tc.kind); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
