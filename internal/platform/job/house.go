package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrNotDead says that there is no such dead job: perhaps somebody else has had it run again.
var ErrNotDead = fault.New(fault.NotFound, "job.not_dead")

const (
	purgeEvery = time.Hour
	purgeBatch = 1000 // rows of one transaction
	pageMax    = 200
	drainStep  = 20 * time.Millisecond
)

// The states of a job.
const (
	waiting = "waiting"
	running = "running"
	done    = "done"
	dead    = "dead"
)

// Failed is a dead job, for the person who must look at it.
type Failed struct {
	ID       string
	Kind     string
	Payload  string // JSON of ids and codes
	Code     string // of the last failure; the log has its words
	Trace    string
	Attempts int
	MadeAt   time.Time
	EndedAt  time.Time
}

// Dead lists dead jobs in the order of their ids, after one of them. A limit of zero, or above 200, means 200.
func (r *Runner) Dead(ctx context.Context, after string, limit int) ([]Failed, error) {
	if limit <= 0 || limit > pageMax {
		limit = pageMax
	}
	var all []Failed
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = listDead(ctx, tx, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list dead jobs: %w", err)
	}
	return all, nil
}

// Retry lets a dead job run again now, with all its attempts: ErrNotDead when it is not dead, and when a live job has
// its unique key already.
func (r *Runner) Retry(ctx context.Context, id string) error {
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		found, err := reviveJob(ctx, tx, id, r.clock.Now())
		if err == nil && !found {
			err = ErrNotDead
		}
		if err == nil {
			tx.AfterCommit(r.nudge)
		}
		return err
	})
	if db.IsUnique(err) {
		return ErrNotDead.Because(errors.New("a live job has the same unique key"))
	}
	return err
}

// Count is how many jobs of a kind are in a state.
type Count struct {
	Kind, State string
	Jobs        int64
	Oldest      time.Time // when the earliest of them was or is due
}

// Counts counts jobs that are not done, by kind and state, for metrics and for the console.
func (r *Runner) Counts(ctx context.Context) ([]Count, error) {
	var all []Count
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = countJobs(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return all, nil
}

// Drain waits until no job is due and none runs: for tools that end when their work is done, and for tests.
func (r *Runner) Drain(ctx context.Context) error {
	for {
		counts, err := r.Counts(ctx)
		if err != nil {
			return err
		}
		busy := false
		for _, c := range counts {
			busy = busy || c.State == running || c.State == waiting && !c.Oldest.After(r.clock.Now())
		}
		if !busy {
			return nil
		}
		r.nudge()
		if !pause(ctx, drainStep) {
			return ctx.Err()
		}
	}
}

// Purge deletes jobs that were done longer ago than Config.Keep, in short transactions, and says how many. It runs every
// hour by itself. Dead jobs stay until somebody deals with them.
func (r *Runner) Purge(ctx context.Context) (int64, error) {
	var total int64
	for {
		var n int64
		err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = deleteDone(ctx, tx, r.clock.Now().Add(-r.config.Keep), purgeBatch)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("purge done jobs: %w", err)
		}
		total += n
		if n < purgeBatch {
			return total, nil
		}
	}
}

// houseLoop fires schedules and purges.
func (r *Runner) houseLoop(ctx context.Context) {
	purge := r.leases.now().Add(purgeEvery)
	for {
		if err := r.fire(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("schedules wait", "err", err)
		}
		if now := r.leases.now(); !now.Before(purge) {
			purge = now.Add(purgeEvery)
			if _, err := r.Purge(ctx); err != nil && ctx.Err() == nil {
				r.log.Warn("done jobs cannot be purged", "err", err)
			}
		}
		if !pause(ctx, r.config.Poll) {
			return
		}
	}
}
