package day

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
)

var (
	// ErrRunning says that end of day is under way on this node or another.
	ErrRunning = fault.New(fault.Conflict, "day.running")
	// ErrTooManyAside stops a step that fails for so many items that the step is wrong and not they.
	ErrTooManyAside = fault.New(fault.Internal, "day.too_many_aside")
	// ErrNotTiedOut says that a check found a difference: the day stays cut off until it is explained.
	ErrNotTiedOut = fault.New(fault.Internal, "day.not_tied_out")
	// ErrAsideNotFound says that no such item is set aside.
	ErrAsideNotFound = fault.New(fault.NotFound, "day.aside_not_found")
)

// errEarlier is the reason of an item that an earlier step has set aside.
var errEarlier = fault.New(fault.Conflict, "day.set_aside_before")

const (
	sliceDefault = 2000             // items of one transaction
	asideMax     = 1000             // items that one step may set aside in a day
	role         = "day.end"        // of the lease
	leaseLife    = 15 * time.Second // a dead node's work is taken over after that
	tryMax       = 5                // attempts at a slice that the database has no room for
	tryWait      = 200 * time.Millisecond
)

// Auditor keeps who did what (audit.Log).
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// EndNeeds are the parts of an End.
type EndNeeds struct {
	DB     *db.DB
	Leases *job.Leases
	Audit  Auditor
	Steps  []Step  // in their order
	Checks []Check // when the steps are done
	Log    *slog.Logger

	// Calendar is asked early whether it knows the days to come; see Warnings.
	Calendar *clock.Calendar

	// Pace is told after each slice how long it took, and waits as long as customers need the machine. Nil: no wait.
	Pace func(ctx context.Context, took time.Duration)
}

// End is the end of the bank's days. It is safe for concurrent use.
type End struct {
	EndNeeds
	running sync.Mutex // on this node; the lease is for all
}

// NewEnd makes the end of day of a bank.
func NewEnd(n EndNeeds) *End {
	if n.Log == nil {
		n.Log = slog.New(slog.DiscardHandler)
	}
	if n.Pace == nil {
		n.Pace = func(context.Context, time.Duration) {}
	}
	return &End{EndNeeds: n}
}

// run is one run of End, under its lease.
type run struct {
	*End
	lease job.Lease
	until time.Time // when the lease is to be renewed
}

// Run works off every day that is cut off, the oldest first, until each is locked. It goes on where the last run
// stopped, however that ended. It first retries what earlier days have set aside.
// Errors: ErrRunning; ErrNotTiedOut, ErrTooManyAside and what a step reports leave the day for operators, who see it
// in Progress; the next run tries again.
func (e *End) Run(ctx context.Context) error {
	if !e.running.TryLock() {
		return ErrRunning
	}
	defer e.running.Unlock()
	lease, taken, err := e.Leases.Take(ctx, role, leaseLife)
	if err != nil {
		return err
	}
	if !taken {
		return ErrRunning
	}
	r := &run{End: e, lease: lease, until: lease.Until.Add(-leaseLife / 2)}
	defer func() {
		if err := e.Leases.Release(context.WithoutCancel(ctx), r.lease); err != nil {
			e.Log.Warn("end of day waits for its lease to lapse", "err", err)
		}
	}()
	return r.days(ctx)
}

func (r *run) days(ctx context.Context) error {
	for ctx.Err() == nil {
		var date clock.Date
		var found bool
		err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
			date, found, err = oldestUnlocked(ctx, tx)
			return err
		})
		if err != nil || !found {
			return err
		}
		if err := r.day(ctx, date); err != nil {
			r.Log.Error("end of day has stopped", "date", date.String(), "err", err)
			return errors.Join(err, r.complain(ctx, date, err))
		}
		r.Log.Info("day locked", "date", date.String())
	}
	return ctx.Err()
}

// day brings one day from cut-off to its lock.
func (r *run) day(ctx context.Context, date clock.Date) error {
	if err := r.prepare(ctx, date); err != nil {
		return fmt.Errorf("prepare the end of %s: %w", date, err)
	}
	if err := r.retryOpen(ctx, date); err != nil {
		return fmt.Errorf("retry what was set aside: %w", err)
	}
	for i := range r.Steps {
		if err := r.step(ctx, date, &r.Steps[i]); err != nil {
			return fmt.Errorf("step %s of %s: %w", r.Steps[i].Name, date, err)
		}
	}
	if err := r.tieOut(ctx, date); err != nil {
		return err
	}
	return r.write(ctx, func(tx *db.Tx) error { return r.advance(ctx, tx, date, Locked) })
}

// prepare lists the steps of a day. A step that is new in this program gets its place; one that is gone keeps its row.
func (r *run) prepare(ctx context.Context, date clock.Date) error {
	return r.write(ctx, func(tx *db.Tx) error {
		if err := beginEnd(ctx, tx, date); err != nil {
			return err
		}
		return insertSteps(ctx, tx, date, r.Steps)
	})
}

// complain leaves the reason why a day stands still; what the database itself refused is in the log alone.
func (r *run) complain(ctx context.Context, date clock.Date, why error) error {
	if ctx.Err() != nil || fault.KindOf(why) == fault.Busy {
		return nil
	}
	return r.write(ctx, func(tx *db.Tx) error { return saveProblem(ctx, tx, date, fault.CodeOf(why), why.Error()) })
}

// write runs fn in a transaction of this run: one that somebody else has taken the lease from ends here.
func (r *run) write(ctx context.Context, fn func(tx *db.Tx) error) error {
	if err := r.renew(ctx); err != nil {
		return err
	}
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		if err := r.lease.CheckFence(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

// renew prolongs the lease in time. It is machine time: leases are.
func (r *run) renew(ctx context.Context) error {
	if clock.System().Now().Before(r.until) {
		return nil
	}
	lease, err := r.Leases.Renew(ctx, r.lease, leaseLife)
	if err != nil {
		return err
	}
	r.lease, r.until = lease, lease.Until.Add(-leaseLife/2)
	return nil
}
