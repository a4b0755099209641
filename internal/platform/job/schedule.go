package job

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// schedule enqueues a job of a kind at the times of a cron expression.
type schedule struct {
	name, spec, kind string
	times            cron.Schedule
}

// Every adds a schedule before Start: "5 0 * * *" is five past midnight in the bank's zone, "@every 1m" each minute. One
// node of the cluster enqueues the job. A run that was missed while no node was up is made up for once; a run that is
// due while the last one still waits or runs is left out. ErrSpec for an expression that cannot be read, ErrKind for
// an unknown kind.
func (r *Runner) Every(name, spec, kindName string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return ErrStarted
	}
	if _, known := r.kinds[kindName]; !known {
		return fmt.Errorf("%w: %q", ErrKind, kindName)
	}
	if !properName.MatchString(name) || strings.Contains(spec, "TZ=") { // a schedule has no zone but the bank's
		return fmt.Errorf("%w: %q %q", ErrSpec, name, spec)
	}
	times, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("%w: %q %q: %w", ErrSpec, name, spec, err)
	}
	for _, s := range r.schedules {
		if s.name == name {
			return fmt.Errorf("%w: %q is taken", ErrSpec, name)
		}
	}
	r.schedules = append(r.schedules, schedule{name, spec, kindName, times})
	return nil
}

// next is the first time of the schedule after an instant, in the bank's zone.
func (r *Runner) next(s schedule, after time.Time) time.Time {
	return s.times.Next(after.In(r.config.Zone)).UTC()
}

// saveSchedules stores what is new or changed; a schedule that stays keeps its next time.
func (r *Runner) saveSchedules(ctx context.Context) error {
	rows := db.NewRows(len(r.schedules))
	for _, s := range r.schedules {
		rows.Add(s.name, s.kind, s.spec, r.next(s, r.clock.Now()))
	}
	return r.db.Write(ctx, func(tx *db.Tx) error { return saveSchedules(ctx, tx, rows) })
}

// fire enqueues the jobs of due schedules. It looks first without a lock: most of the time nothing is due.
func (r *Runner) fire(ctx context.Context) error {
	if len(r.schedules) == 0 {
		return nil
	}
	var due []string
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = dueSchedules(ctx, tx, r.clock.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("read due schedules: %w", err)
	}
	for _, s := range r.schedules {
		for _, name := range due {
			if s.name != name {
				continue
			}
			if err := r.db.Write(ctx, func(tx *db.Tx) error { return r.fireOne(ctx, tx, s) }); err != nil {
				return fmt.Errorf("fire schedule %s: %w", s.name, err)
			}
		}
	}
	return nil
}

// fireOne enqueues the job and moves the schedule on in one transaction; another node finds the row locked or moved.
func (r *Runner) fireOne(ctx context.Context, tx *db.Tx, s schedule) error {
	now := r.clock.Now()
	at, due, err := lockSchedule(ctx, tx, s.name, now)
	if err != nil || !due {
		return err
	}
	request := Request{Kind: s.kind, Payload: Occurrence{Schedule: s.name, At: at}, Unique: "schedule:" + s.name}
	if err := r.Enqueue(ctx, tx, request); err != nil {
		return err
	}
	return moveSchedule(ctx, tx, s.name, r.next(s, now))
}

// Occurrence is the payload of a scheduled job.
type Occurrence struct {
	Schedule string    `json:"schedule"`
	At       time.Time `json:"at"` // when it was due, which may be before it runs
}
