// Package day keeps the bank's business date: the accounting day into which everything is booked.
//
// The business date is not the calendar's. It is opened once, with the bank, and moves forward when the bank rolls
// it, whatever the time is: what comes in after midnight and before the roll still belongs to the old day. A day
// goes OPEN → CUTOFF → TIED_OUT → LOCKED and never back; exactly one day is open. Days on which nobody rolled (the
// bank stood still) are not skipped: each gets its place, is cut off empty, and has an end of its own.
//
//	today, err := days.Today(ctx, tx)  // in a transaction that writes: the day cannot be rolled before it ends
//	err = days.Roll(ctx, today.AddDays(1))
//	err = end.Run(ctx)                 // works off every day that is cut off, while customers book into the next
//
// Today locks the row of the open day shared, and Roll locks it alone. So Roll waits for whoever is still booking
// into the old day, and once it has committed no customer's act can be booked there: the day can be tied out. A
// correction of a day that is over is booked into the open one, with a link.
//
// End of day (End) is a list of steps that products hand in through app. Each works through its items in slices; the
// cursor moves in the slice's own transaction, under a lease whose fence the transaction checks, so that a crash
// repeats nothing and two nodes never do the same. An item that fails is set aside with its reason; the rest goes on.
// When the steps are done, checks compare what must agree; only then is the day tied out, and then locked.
//
// The bank has one zone; Date says on which calendar day an instant falls there.
package day

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "day", Files: files} }

var (
	// ErrNotOpen says that the bank has no open business day: Open has not run.
	ErrNotOpen = fault.New(fault.Internal, "day.not_open")
	// ErrBackwards refuses to roll to a day before the open one.
	ErrBackwards = fault.New(fault.Conflict, "day.backwards")
	// ErrDate refuses no date, and one so far away that it must be a slip.
	ErrDate = fault.New(fault.Invalid, "day.bad_date")
	// ErrNotCutOff says that a day is still open, or unknown: end of day has no business there.
	ErrNotCutOff = fault.New(fault.Conflict, "day.not_cut_off")
)

// State is how far a business day has come.
type State string

// The states, in their order.
const (
	Opened  State = "OPEN"     // takes bookings
	Cutoff  State = "CUTOFF"   // takes none any more; end of day is at work
	TiedOut State = "TIED_OUT" // its totals agree
	Locked  State = "LOCKED"   // final
)

// Business is one business day.
type Business struct {
	Date     clock.Date
	State    State
	OpenedAt time.Time
	CutOffAt time.Time // zero while it is open
}

// Keeper keeps the business date of one bank.
type Keeper struct {
	db   *db.DB
	zone *time.Location
}

// New is the keeper of a bank's days in its zone.
func New(d *db.DB, zone *time.Location) *Keeper { return &Keeper{db: d, zone: zone} }

// Zone is where the bank's days begin.
func (k *Keeper) Zone() *time.Location { return k.zone }

// Date is the calendar day on which an instant falls in the bank's zone.
func (k *Keeper) Date(t time.Time) clock.Date { return clock.DateOf(t, k.zone) }

// Today is the open business date, locked shared until tx ends: nobody can roll the day before that. It needs a
// transaction that writes; Current is for those that only read. Error: ErrNotOpen.
func (k *Keeper) Today(ctx context.Context, tx *db.Tx) (clock.Date, error) {
	return k.open(ctx, tx, lockShared)
}

// Current is the open business date as it stands, without a lock: to show, not to book with. Error: ErrNotOpen.
func (k *Keeper) Current(ctx context.Context, tx *db.Tx) (clock.Date, error) {
	return k.open(ctx, tx, readCurrent)
}

func (k *Keeper) open(ctx context.Context, tx *db.Tx, q string) (clock.Date, error) {
	date, found, err := db.Find(ctx, tx, db.Value[clock.Date], q)
	if err != nil {
		return clock.Date{}, fmt.Errorf("read business date: %w", err)
	}
	if !found {
		return clock.Date{}, ErrNotOpen
	}
	return date, nil
}

// Open opens the first business day of a bank. A bank that has an open day keeps it: Open may be repeated, with
// any date, and by several nodes at once. Error: ErrDate.
func (k *Keeper) Open(ctx context.Context, date clock.Date) error {
	if date.IsZero() {
		return ErrDate
	}
	return k.db.Write(ctx, func(tx *db.Tx) error {
		first, err := insertCurrent(ctx, tx, date)
		if err != nil || !first {
			return err
		}
		return insertDay(ctx, tx, date)
	})
}

// Closing says whether a day is cut off and not yet tied out, and keeps it so until tx ends: what end of day books for
// it can still go into it. False: it is tied out. Error: ErrNotCutOff.
func (k *Keeper) Closing(ctx context.Context, tx *db.Tx, date clock.Date) (bool, error) {
	state, found, err := shareDay(ctx, tx, date)
	if err != nil {
		return false, fmt.Errorf("read business day: %w", err)
	}
	if !found || state == Opened {
		return false, ErrNotCutOff.With("date", date.String())
	}
	return state == Cutoff, nil
}

// missedMax bounds the days that one Roll passes over: ten years. More is a clock that was set wrong.
const missedMax = 3660

// Roll cuts off the open day and opens a later one. It waits for every transaction that books into the old day.
// Days between are cut off as well, without entries. Rolling to the day that is open already does nothing, so that a
// job may repeat it.
// Errors: ErrDate, ErrBackwards, ErrNotOpen.
func (k *Keeper) Roll(ctx context.Context, to clock.Date) error {
	if to.IsZero() {
		return ErrDate
	}
	return k.db.Write(ctx, func(tx *db.Tx) error {
		from, err := k.open(ctx, tx, lockAlone)
		if err != nil || to == from {
			return err
		}
		if to.Before(from) {
			return ErrBackwards.With("open", from.String())
		}
		if to.Sub(from) > missedMax {
			return ErrDate
		}
		for day := from; day.Before(to); day = day.AddDays(1) {
			if err := cutOff(ctx, tx, day); err != nil {
				return err
			}
			if err := insertDay(ctx, tx, day.AddDays(1)); err != nil {
				return err
			}
		}
		return moveCurrent(ctx, tx, to)
	})
}

// List is the newest days before a date, newest first; no date starts with the newest of all.
func (k *Keeper) List(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]Business, error) {
	return listDays(ctx, tx, before, limit)
}
