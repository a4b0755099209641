// Package day keeps the bank's business date: the accounting day into which everything is booked.
//
// The business date is not the calendar's. It is opened once, with the bank, and moves forward when the bank rolls
// it, whatever the time is: what comes in after midnight and before the roll still belongs to the old day. A day
// goes OPEN → CUTOFF → TIED_OUT → LOCKED and never back; exactly one day is open.
//
//	today, err := days.Today(ctx, tx)  // in a transaction that writes: the day cannot be rolled before it ends
//	err = days.Roll(ctx, today.AddDays(1))
//
// Today locks the row of the open day shared, and Roll locks it alone. So Roll waits for whoever is still booking
// into the old day, and once it has committed nothing can be booked there: the day can be tied out. A correction of
// a day that is over is booked into the open one, with a link.
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
	// ErrDate refuses no date.
	ErrDate = fault.New(fault.Invalid, "day.bad_date")
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

// Roll cuts off the open day and opens a later one. It waits for every transaction that books into the old day.
// Days may be skipped. Rolling to the day that is open already does nothing, so that a job may repeat it.
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
		if err := cutOff(ctx, tx, from); err != nil {
			return err
		}
		if err := insertDay(ctx, tx, to); err != nil {
			return err
		}
		return moveCurrent(ctx, tx, to)
	})
}

// List is the newest days before a date, newest first; no date starts with the newest of all.
func (k *Keeper) List(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]Business, error) {
	return listDays(ctx, tx, before, limit)
}
