package ledger

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Closing is what a guarded account held at the end of a day, and of each day after it until the next Closing.
type Closing struct {
	Date   clock.Date
	Booked money.Amount // the sum of its entries up to the day, by business date
	Valued money.Amount // the same by value date: what interest counts. Back-valued entries change it for days long closed
}

// Closings reads the closing balances of guarded accounts from one day to another, both included, as steps: the first
// is of from, and each holds until the next, so that there is no gap. An account without entries has one step at zero;
// unknown accounts are left out. Days after the last that Balances of the day has closed are as that day left them.
//
// Read it in slices of some thousand accounts: it takes two statements however many there are.
func (l *Ledger) Closings(ctx context.Context, tx *db.Tx, accounts []string, from, to clock.Date) (map[string][]Closing, error) {
	if to.Before(from) {
		return nil, fmt.Errorf("read closing balances: %s is before %s", to, from)
	}
	return readClosings(ctx, tx, accounts, from, to)
}

// Shift is an entry whose value date is not its business date. From its From until its Until (not included) the
// account's value-dated balance differs from the booked one by Amount: more or less, on the account's normal side.
type Shift struct {
	Account string
	From    clock.Date // the earlier of value date and business date
	Until   clock.Date // the later of the two
	Amount  money.Amount
}

// BackValued lists the entries that were booked on a day with an earlier value date (倒起息), by account. What was
// accrued from the days between must be recomputed: each adds Amount times the days from From to Until.
func (l *Ledger) BackValued(ctx context.Context, tx *db.Tx, accounts []string, booked clock.Date) (map[string][]Shift, error) {
	return readBackValued(ctx, tx, accounts, booked)
}
