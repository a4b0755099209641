// Package ledger keeps the bank's books: every yuan the bank holds or owes, and how it came there.
//
// A Journal is one bookkeeping act: a balanced set of lines (account, side, amount) that sums to zero in each
// currency and in each branch. Once posted it is there for good; the database itself refuses to change or remove
// it. A mistake is corrected by a new journal that mirrors it and is linked to it, once.
//
// There are two kinds of account. A Guarded account has a floor: a customer's deposit may not go below zero. Its
// balance row is locked while a journal is decided, in the order of ids, and each of its entries carries the
// account's running number and the balance after it. A Summed account (fees, cash, clearing) has no floor and is
// never locked, so that the fee account of a busy bank is not a queue; what it holds is folded from its entries.
//
// What a customer can spend is available = booked − held − frozen:
//
//   - booked is the sum of the account's entries;
//   - held is promised to somebody: a Hold lives until it is captured, released, or expires;
//   - frozen is what a court, the bank or the customer has frozen. A Restraint freezes an amount, or all that goes
//     out (只进不出), or everything (不进不出); the strongest live one decides.
//
// Post takes a slice and answers each journal alone, in order, so that hundreds of payments share one commit:
//
//	outcomes, err := books.Post(ctx, tx, []ledger.Journal{{
//		ID: id.New[id.Journal](tx.Now()), Act: "payment.transfer", Reference: string(transfer), By: by,
//		Lines: []ledger.Line{
//			{Account: payer, Side: ledger.Debit, Amount: amount},  // a deposit is the bank's debt: a debit lowers it
//			{Account: payee, Side: ledger.Credit, Amount: amount},
//		},
//	}})
//
// It only ever joins a transaction: money cannot move without its business record in the same commit.
//
// The chart of accounts is one list in code (Chart). The bank's own accounts follow from it: Own(code, currency,
// branch) names one, and it is opened when it is first posted to. Each guarded account belongs to a code of the
// chart, its control account: the general ledger adds up entries under it, the balance rows are added up beside it,
// and the two must agree (ControlTotals). Verify recomputes everything from the entries.
package ledger

import (
	"context"
	"embed"
	"sync"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "ledger", Files: files} }

// Days tells the open business date and keeps it open until tx ends (day.Keeper).
type Days interface {
	Today(ctx context.Context, tx *db.Tx) (clock.Date, error)

	// Closing says whether a day is cut off and not yet tied out, and keeps it so until tx ends. It fails for a day
	// that is open or not there.
	Closing(ctx context.Context, tx *db.Tx, date clock.Date) (bool, error)
}

// Ledger is the books of one bank. It is safe for concurrent use.
type Ledger struct {
	db   *db.DB
	days Days

	mu     sync.RWMutex
	opened map[string]bool // own accounts that a commit has opened: never more than the chart has
}

// New is the books kept in a database. The database is used by Fold, ExpireHolds, ExpireRestraints and Verify
// alone; everything else joins the caller's transaction.
func New(d *db.DB, days Days) *Ledger {
	return &Ledger{db: d, days: days, opened: make(map[string]bool)}
}
