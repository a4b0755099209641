package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// leaseParts is how often a lease is renewed within its time: two renewals may fail before it is lost.
const leaseParts = 3

// Lease is a role that one node at a time has, such as sealing the audit log. Its fence is higher than that of every
// holder before, so that a holder who stopped for a while and comes back too late is found out.
type Lease struct {
	Name   string
	Holder string
	Fence  int64
	Until  time.Time
}

// CheckFence holds the lease for the rest of tx: ErrFenced when somebody else has taken it since. What a holder writes,
// it writes in transactions that begin with this. Time plays no part in it: a lease that has lapsed and that nobody has
// taken is still good.
func (l Lease) CheckFence(ctx context.Context, tx *db.Tx) error {
	held, err := lockLease(ctx, tx, l)
	if err != nil {
		return fmt.Errorf("check lease %s: %w", l.Name, err)
	}
	if !held {
		return ErrFenced
	}
	return nil
}

// Leases takes and keeps roles for one node. It is safe for concurrent use.
type Leases struct {
	db    *db.DB
	node  string
	clock clock.Clock
}

// NewLeases makes the leases of a node; every node has another name. They are timed by the machine's clock.
func NewLeases(d *db.DB, node string) *Leases { return &Leases{d, node, clock.System()} }

// Leases are the leases of the runner's node.
func (r *Runner) Leases() *Leases { return r.leases }

func (s *Leases) now() time.Time { return s.clock.Now() }

// Take takes a role for a while when it is free or lapsed, and says whether it did. The node that has it may take it
// again, with a higher fence: what it did under the old one is over.
func (s *Leases) Take(ctx context.Context, role string, life time.Duration) (Lease, bool, error) {
	l := Lease{Name: role, Holder: s.node}
	var taken bool
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		now := s.now()
		l.Until = now.Add(life)
		l.Fence, taken, err = takeLease(ctx, tx, l, now)
		return err
	})
	if err != nil {
		return Lease{}, false, fmt.Errorf("take lease %s: %w", role, err)
	}
	if !taken {
		return Lease{}, false, nil
	}
	return l, true, nil
}

// Renew prolongs a lease that this node still has: ErrFenced when it was taken by another.
func (s *Leases) Renew(ctx context.Context, l Lease, life time.Duration) (Lease, error) {
	var held bool
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		l.Until = s.now().Add(life)
		held, err = renewLease(ctx, tx, l)
		return err
	})
	if err != nil {
		return l, fmt.Errorf("renew lease %s: %w", l.Name, err)
	}
	if !held {
		return l, ErrFenced
	}
	return l, nil
}

// Release gives a role up, so that another node need not wait for the lease to lapse.
func (s *Leases) Release(ctx context.Context, l Lease) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error { return releaseLease(ctx, tx, l) })
	if err != nil {
		return fmt.Errorf("release lease %s: %w", l.Name, err)
	}
	return nil
}

// Keep runs work on whichever node has the role, until ctx ends: it waits for the role, calls work, renews the lease
// while work runs, and begins again when work returns or the lease is lost. The context of work ends with the lease;
// work's transactions begin with Lease.CheckFence all the same. It returns once work has.
func (s *Leases) Keep(ctx context.Context, role string, life time.Duration, log *slog.Logger, work func(context.Context, Lease) error) {
	for ctx.Err() == nil {
		l, taken, err := s.Take(ctx, role, life)
		if err != nil && ctx.Err() == nil {
			log.Warn("a role cannot be taken", "role", role, "err", err)
		}
		if taken {
			s.hold(ctx, l, life, log, work)
		}
		pause(ctx, life/leaseParts)
	}
}

func (s *Leases) hold(ctx context.Context, l Lease, life time.Duration, log *slog.Logger, work func(context.Context, Lease) error) {
	working, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan error, 1)
	go func() {
		ended <- call(working, func(ctx context.Context, _ Job) error { return work(ctx, l) }, Job{})
	}()
	until := l.Until
	for {
		select {
		case err := <-ended:
			if err != nil && ctx.Err() == nil {
				log.Warn("a role was given up", "role", l.Name, "err", err)
			}
			free, release := context.WithTimeout(context.WithoutCancel(ctx), saveWait)
			defer release()
			if err := s.Release(free, l); err != nil {
				log.Warn("a role waits for its lease to lapse", "role", l.Name, "err", err)
			}
			return
		case <-time.After(life / leaseParts):
			renewed, err := s.Renew(working, l, life)
			if err == nil {
				until = renewed.Until
			} else if !s.now().Before(until) || errors.Is(err, ErrFenced) {
				cancel(ErrFenced)
			}
		}
	}
}

func (r *Runner) leaseEnd() time.Time { return r.leases.now().Add(r.config.Lease) }

// leaseLoop renews the leases of this node's jobs and takes over those of nodes that went away.
func (r *Runner) leaseLoop(ctx context.Context) {
	for {
		if err := r.renew(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("leases of jobs cannot be renewed", "err", err)
		}
		if n, err := r.reap(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("jobs of lost nodes cannot be taken over", "err", err)
		} else if n > 0 {
			r.log.Warn("jobs of a lost node run again", "jobs", n)
			r.nudge()
		}
		if !pause(ctx, r.config.Lease/leaseParts) {
			return
		}
	}
}

// renew prolongs the leases of running jobs, and ends the context of those that were lost.
func (r *Runner) renew(ctx context.Context) error {
	r.mu.Lock()
	mine := make(map[string]*attempt, len(r.active))
	rows := db.NewRows(len(r.active))
	for jobID, a := range r.active {
		mine[jobID] = a
		rows.Add(jobID, a.job.fence)
	}
	r.mu.Unlock()
	if len(mine) == 0 {
		return nil
	}
	var held map[string]bool
	err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
		if held, err = heldJobs(ctx, tx, rows); err != nil {
			return err
		}
		return renewJobs(ctx, tx, rows, r.leaseEnd())
	})
	if err != nil {
		return err
	}
	for jobID, a := range mine {
		if !held[jobID] { // lost, or ended meanwhile: then nobody listens
			a.cancel(ErrFenced)
		}
	}
	return nil
}

func (r *Runner) reap(ctx context.Context) (n int64, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = releaseLapsed(ctx, tx, r.leases.now(), r.clock.Now())
		return err
	})
	return n, err
}
