package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/values/act"
)

// openEnd hands the steps of end of day to the keeper of days, in their order.
func (b *Bank) openEnd(context.Context, Options) error {
	var err error
	if b.cutOff, err = day.ParseCutOff(b.Config.DayCutOff); err != nil {
		return fmt.Errorf("--day-cut-off %q: say 24:00, or a time from 12:00 on: %w", b.Config.DayCutOff, err)
	}
	calendar, err := clock.China()
	if err != nil {
		return err
	}
	b.End = day.NewEnd(day.EndNeeds{
		DB: b.DB, Leases: b.Jobs.Leases(), Audit: b.Audit, Calendar: calendar, Log: b.Log, Pace: b.pace,
		Steps: b.steps(), Checks: b.checks(),
	})
	return nil
}

// steps are what end of day does with a closed day. The balances of the day come before whatever reads them: what end
// of day books on customers' accounts goes into the open day, so that the closed day's are final from its cut-off.
// Tie-outs and the lock follow by themselves.
func (b *Bank) steps() []day.Step {
	return slices.Concat(
		[]day.Step{b.Ledger.ExpireStep(), b.Ledger.BalancesStep()},
		b.Deposits.Steps(),
		b.Exchange.Steps(),
		[]day.Step{b.Ledger.YearStep()},
	)
}

// checks are what must agree before a day is tied out.
func (b *Bank) checks() []day.Check {
	return slices.Concat(b.Ledger.Checks(), []day.Check{b.Deposits.AccruedCheck(), b.Exchange.PositionCheck()})
}

// RollDay cuts off business days whose time is over, in the bank's zone: customers book into the next from then on.
// End of day is CloseDays.
func (b *Bank) RollDay(ctx context.Context) error {
	due := b.Days.Due(b.Clock.Now(), b.cutOff)
	var current clock.Date
	err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		current, err = b.Days.Current(ctx, tx)
		return err
	})
	if err != nil || !current.Before(due) {
		return err
	}
	return b.Days.Roll(ctx, due)
}

const (
	closeTries = 50 // while the schedule's own run is under way
	closeWait  = 100 * time.Millisecond
)

// CloseDays rolls the day when it is time, and brings every day that is cut off to its lock. A run that is under way is
// waited for, for a while. Errors: day.ErrRunning and those of day.End.
func (b *Bank) CloseDays(ctx context.Context) error {
	if err := b.RollDay(ctx); err != nil {
		return err
	}
	err := b.End.Run(ctx)
	for n := 0; n < closeTries && errors.Is(err, day.ErrRunning) && ctx.Err() == nil; n++ {
		time.Sleep(closeWait)
		err = b.End.Run(ctx)
	}
	return err
}

const (
	endTimeout  = 4 * time.Hour // of one run; the next goes on where it stopped
	endAttempts = 1             // the schedule comes round by itself
)

// actClose is to ask for the end of days, in the audit log.
const actClose = "day.close"

// AskCloseDays has the end of days go on now, on behalf of an operator, as the
// schedule does every minute: what was repaired is tried at once, and missed days are made up.
func (b *Bank) AskCloseDays(ctx context.Context, by act.By) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := b.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		if err := b.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: actClose, Subject: today.String(), Outcome: audit.Done}}); err != nil {
			return err
		}
		return b.Jobs.Enqueue(ctx, tx, job.Request{Kind: "day.close", Trace: by.Trace})
	})
}

// planEnd registers the work of the day. Cut-off is on time whatever the end of the day before is doing.
func (b *Bank) planEnd() error {
	return errors.Join(
		b.Jobs.Register("day.roll", job.Options{Timeout: routineTimeout}, func(ctx context.Context, _ job.Job) error { return b.RollDay(ctx) }),
		b.Jobs.Every("day.roll", "* * * * *", "day.roll"),
		b.Jobs.Register("day.end", job.Options{Timeout: endTimeout, Attempts: endAttempts}, func(ctx context.Context, _ job.Job) error {
			err := b.End.Run(ctx)
			if errors.Is(err, day.ErrRunning) {
				return nil // the last minute's run, or another node's
			}
			return err
		}),
		b.Jobs.Every("day.end", "* * * * *", "day.end"),
		b.Jobs.Register("day.close", job.Options{Timeout: endTimeout, Attempts: endAttempts}, func(ctx context.Context, _ job.Job) error {
			if err := b.CloseDays(ctx); !errors.Is(err, day.ErrRunning) {
				return err
			}
			return nil
		}),
		b.Jobs.Register("day.calendar", job.Options{Timeout: routineTimeout}, func(ctx context.Context, _ job.Job) error { return b.warn(ctx) }),
		b.Jobs.Every("day.calendar", "0 9 * * *", "day.calendar"),
	)
}

// warn tells operators what will go wrong if nobody does something.
func (b *Bank) warn(context.Context) error {
	for _, w := range b.End.Warnings(b.Days.Date(b.Clock.Now())) {
		b.Log.Warn("calendar", "warning", w)
	}
	return nil
}

// pace gives the machine to customers: while payments wait for their commit, end of day rests as long as it has worked, and
// where there is one writer, two and a half times as long, so that seven tenths of the time are theirs.
func (b *Bank) pace(ctx context.Context, took time.Duration) {
	if b.Payments.Waiting() == 0 {
		return
	}
	if !b.DB.ManyWriters() {
		took = took * 5 / 2 //nolint:mnd // see above
	}
	select {
	case <-ctx.Done():
	case <-time.After(took):
	}
}

// DayStatus is what operators see of the business day.
type DayStatus struct {
	Open     clock.Date     `json:"open"`
	Ends     []day.Progress `json:"ends"` // of closed days, newest first
	Asides   []day.SetAside `json:"asides"`
	Warnings []string       `json:"warnings"`
}

const (
	statusDays   = 10
	statusAsides = 100
)

// DayStatus tells how the bank's days stand.
func (b *Bank) DayStatus(ctx context.Context) (DayStatus, error) {
	var s DayStatus
	err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s.Open, err = b.Days.Current(ctx, tx); err != nil {
			return err
		}
		if s.Ends, err = b.End.Progress(ctx, tx, statusDays); err != nil {
			return err
		}
		s.Asides, err = b.End.Asides(ctx, tx, statusAsides)
		return err
	})
	s.Warnings = b.End.Warnings(s.Open)
	return s, err
}
