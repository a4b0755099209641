package day

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// Step is one thing that end of day does with a closed day: for each of its items (an account, a hold), or once.
// Products bring their steps; app hands them in, in order. A step is either Items and Do, or Once.
//
// A step runs while customers book into the next day. It works on the closed date: it reads what the closed day left
// (ledger.Closings), and what it books for the closed day says so (ledger.Journal.ClosedDay). It has no effect outside
// tx, since a slice may be repeated, and no clock but date.
type Step struct {
	Name string // "deposit.accrue": it is stored, so it never changes

	// Items lists at most limit items after a cursor ("" at first), in the order of their ids, and says by returning
	// fewer that they are the last. It must be cheap: one statement that walks an index.
	Items func(ctx context.Context, tx *db.Tx, date clock.Date, after string, limit int) ([]string, error)

	// Do does the step for items, in few statements however many there are. What it refuses to do for single ones it
	// answers as Aside, and does the rest. An error undoes the slice: it is then repeated in halves until the item
	// that fails stands alone and is set aside. Do is also what a retry calls, perhaps days later, with one item: it
	// must do nothing for an item and a date that it has done.
	Do func(ctx context.Context, tx *db.Tx, date clock.Date, items []string) ([]Aside, error)

	// Once does the whole step in one short transaction.
	Once func(ctx context.Context, tx *db.Tx, date clock.Date) error

	// Size is how many items are done in one transaction; 0 means 2,000.
	Size int
}

// Aside is an item that end of day could not do. It does not stop the bank: the item is left out of the later steps
// of its day, shown to operators with the reason, and retried by the next end of day, or when they ask for it.
type Aside struct {
	Item string
	Err  error // its code is kept, and its text for engineers
}

// Check compares two ways to the same sum once all steps are done. It reads on one view of the database; a day is tied
// out only when no check finds a difference.
type Check struct {
	Name string // "ledger.control"
	Run  func(ctx context.Context, tx *db.Tx, date clock.Date) ([]Difference, error)
}

// Difference is what a check found: two ways to a sum that do not lead to the same.
type Difference struct {
	Subject string // the account
	Detail  string // what each way led to; ids and sums only
}
