package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sort"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

const (
	backoffMax = time.Hour
	saveWait   = 30 * time.Second // for the database to take the outcome of an attempt
	claimPause = 10 * time.Millisecond
)

var (
	// ErrFenced says that a lease was lost: somebody else has the job or the role now, and nothing may be written.
	ErrFenced = fault.New(fault.Conflict, "job.fenced")
	// errPanic says that a handler panicked.
	errPanic = fault.New(fault.Internal, "job.panicked")
	// errLost says that the node that ran the job went away.
	errLost = fault.New(fault.Internal, "job.node_lost")
	// errTimeout says that an attempt took longer than its kind allows.
	errTimeout = fault.New(fault.Internal, "job.timeout")
)

// Job is one attempt at a job, as its handler sees it.
type Job struct {
	ID      string // the same at every attempt: the idempotency key for what it sends
	Kind    string
	Trace   string
	Attempt int  // 1 for the first
	Last    bool // when it fails too, the job is dead
	RunAt   time.Time

	payload string
	fence   int64
	until   func() time.Time // end of a lease that begins now
}

// Payload reads the payload into a value. An error is final for this shape of payload, and still a failed attempt.
func (j Job) Payload(into any) error {
	if err := json.Unmarshal([]byte(j.payload), into); err != nil {
		return fmt.Errorf("read payload of %s: %w", j.Kind, err)
	}
	return nil
}

// CheckFence holds the job for the rest of tx: ErrFenced when it was given to another node or has ended. A handler
// begins the transaction with it that makes its effects, so that these happen under one lease only. It prolongs the
// lease too: a transaction that takes less than Config.Lease cannot lose it.
func (j Job) CheckFence(ctx context.Context, tx *db.Tx) error {
	held, err := lockAttempt(ctx, tx, j.ID, j.fence, j.until())
	if err != nil {
		return fmt.Errorf("check fence of %s: %w", j.ID, err)
	}
	if !held {
		return ErrFenced
	}
	return nil
}

// attempt is a job that runs on this node.
type attempt struct {
	job    Job
	cancel context.CancelCauseFunc
}

// Start begins to run jobs and schedules, until Close.
func (r *Runner) Start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return ErrStarted
	}
	if err := r.saveSchedules(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	base := context.WithoutCancel(ctx)
	claiming, stop := context.WithCancel(base)
	working, abort := context.WithCancel(base)
	renewing, leave := context.WithCancel(base)
	r.stop, r.abort, r.leave, r.started = stop, abort, leave, true
	r.claims.Go(func() { r.claimLoop(claiming, working) })
	r.claims.Go(func() { r.houseLoop(claiming) })
	r.renewals.Go(func() { r.leaseLoop(renewing) })
	r.nudge()
	return nil
}

// Close takes no more jobs, gives running ones Config.Grace to finish, then ends their contexts and gives them back
// uncounted. It returns when all have ended, or after a second Grace when a handler does not heed its context.
func (r *Runner) Close() {
	r.mu.Lock()
	stop := r.stop
	r.stop = nil
	r.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	r.claims.Wait()
	ended := make(chan struct{})
	go func() {
		r.attempts.Wait()
		close(ended)
	}()
	if !within(ended, r.config.Grace) {
		r.log.Warn("running jobs are given back")
		r.abort()
		within(ended, r.config.Grace)
	}
	r.abort()
	r.leave()
	r.renewals.Wait()
}

func within(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// claimLoop takes due jobs while there are free workers.
func (r *Runner) claimLoop(ctx, working context.Context) {
	slots := make(chan struct{}, r.config.Workers)
	for ctx.Err() == nil {
		free := r.config.Workers - len(slots)
		claimed, err := r.claim(ctx, free)
		if err != nil && ctx.Err() == nil {
			r.log.Warn("jobs cannot be claimed", "err", err)
		}
		for _, j := range claimed {
			slots <- struct{}{} // never waits: no more was claimed than is free
			r.attempts.Go(func() {
				r.attempt(working, j)
				<-slots
				r.nudge()
			})
		}
		if len(claimed) > 0 {
			pause(ctx, claimPause)
			continue
		}
		timer := time.NewTimer(r.config.Poll)
		select {
		case <-r.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// claim takes at most limit due jobs of known kinds under this node's lease.
func (r *Runner) claim(ctx context.Context, limit int) ([]Job, error) {
	if limit == 0 || len(r.kinds) == 0 {
		return nil, nil
	}
	known := db.NewRows(len(r.kinds))
	for label := range r.kinds {
		known.Add(label)
	}
	var claimed []Job
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		due, err := lockDue(ctx, tx, known, r.clock.Now(), limit)
		if err != nil {
			return err
		}
		// SQLite may have answered in several parts, each within the limit.
		sort.SliceStable(due, func(a, b int) bool { return due[a].RunAt.Before(due[b].RunAt) })
		claimed = nil
		rows := db.NewRows(limit)
		for _, j := range due[:min(limit, len(due))] {
			most := r.kinds[j.Kind].options.Attempts
			if j.Attempt >= most { // its node went away in the last attempt
				if err := buryJob(ctx, tx, j.ID, fault.CodeOf(errLost), r.clock.Now()); err != nil {
					return err
				}
				continue
			}
			j.Attempt++
			j.fence++
			j.Last, j.until = j.Attempt == most, r.leaseEnd
			claimed = append(claimed, j)
			rows.Add(j.ID)
		}
		return takeJobs(ctx, tx, rows, r.config.Node, r.leaseEnd())
	})
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return claimed, nil
}

// attempt runs one job and stores what came of it.
func (r *Runner) attempt(ctx context.Context, j Job) {
	k := r.kinds[j.Kind]
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.mu.Lock()
	r.active[j.ID] = &attempt{j, cancel}
	r.mu.Unlock()
	limited, release := context.WithTimeoutCause(ctx, k.options.Timeout, errTimeout)
	err := call(limited, k.handle, j)
	if err != nil && limited.Err() != nil {
		err = fmt.Errorf("%w: %w", context.Cause(limited), err)
	}
	release()
	aborted := err != nil && ctx.Err() != nil && !errors.Is(err, ErrFenced)
	r.mu.Lock()
	delete(r.active, j.ID)
	r.mu.Unlock()
	r.settle(ctx, j, k.options, err, aborted)
}

// call turns a panic into a failure: one job must not take the node down.
func call(ctx context.Context, handle Handler, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errPanic.Because(fmt.Errorf("%v\n%s", p, debug.Stack()))
		}
	}()
	return handle(ctx, j)
}

// settle stores the outcome of an attempt, unless its lease was lost.
func (r *Runner) settle(ctx context.Context, j Job, o Options, failure error, aborted bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveWait)
	defer cancel()
	var held bool
	err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
		now := r.clock.Now()
		switch {
		case failure == nil:
			held, err = endJob(ctx, tx, j, done, "", now)
		case aborted: // the node is stopping: the job goes back as if it had not begun
			held, err = returnJob(ctx, tx, j, j.Attempt-1, "", now)
		case j.Last:
			held, err = endJob(ctx, tx, j, dead, fault.CodeOf(failure), now)
		default:
			held, err = returnJob(ctx, tx, j, j.Attempt, fault.CodeOf(failure), now.Add(backoff(o.Backoff, j.Attempt)))
		}
		return err
	})
	who := []any{"job", j.ID, "kind", j.Kind, "attempt", j.Attempt}
	switch {
	case err != nil: // the lease lapses, and the job runs again
		r.log.Error("outcome of a job cannot be stored", append(who, "err", err)...)
	case !held:
		r.log.Warn("job was taken over while it ran", who...)
	case failure != nil && j.Last && !aborted:
		r.log.Error("job is dead", append(who, "err", failure)...)
	case failure != nil:
		r.log.Warn("job failed, runs again", append(who, "err", failure)...)
	}
}

// backoff is the time before the attempt after the nth, with up to a quarter more by chance.
func backoff(first time.Duration, n int) time.Duration {
	d := first
	for ; n > 1 && d < backoffMax; n-- {
		d *= 2
	}
	d = min(d, backoffMax)
	return d + d/4*time.Duration(crypto.Random(1)[0])/256
}

// pause waits, and reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
