package ledger

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	historyDefault = 50
	historyMax     = 500
)

// Entry is one posted line.
type Entry struct {
	Journal      id.Journal
	Line         int // its place in the journal, from 1
	Account      string
	Number       int64 // running number within a guarded account, from 1; 0 on a summed one
	Side         Side
	Amount       money.Amount
	After        money.Amount // balance after it, on the normal side; nothing on a summed account
	Act          string       // of its journal
	Reference    string       // of its journal
	BusinessDate clock.Date
	ValueDate    clock.Date
	At           time.Time
}

// HistoryQuery asks for a page of a guarded account's entries, newest first.
type HistoryQuery struct {
	Account string
	From    clock.Date // first business date; zero: from the beginning
	To      clock.Date // last business date; zero: up to now
	Before  int64      // only entries with a lower number; zero: from the newest. The next page's cursor
	Limit   int        // 1 to 500; 50 when zero
}

// History is a page of a guarded account's entries, newest first; the Number of its last one is the cursor of the
// next page. An account's business dates never go back, so that a period is found by halving its running numbers:
// a page costs the same however long the history is. An unknown account has none.
func (l *Ledger) History(ctx context.Context, tx *db.Tx, q HistoryQuery) ([]Entry, error) {
	limit := historyDefault
	if q.Limit > 0 {
		limit = min(q.Limit, historyMax)
	}
	before, after := int64(math.MaxInt64), int64(0)
	if q.Before > 0 {
		before = q.Before
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		rows, err := readBalances(ctx, tx, []string{q.Account})
		if err != nil {
			return nil, fmt.Errorf("read account: %w", err)
		}
		r, ok := rows[q.Account]
		if !ok {
			return nil, nil
		}
		if after, before, err = period(ctx, tx, q, r.number, before); err != nil {
			return nil, err
		}
	}
	entries, err := listEntries(ctx, tx, q.Account, after, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return entries, nil
}

// OwnQuery asks for a page of the entries of one of the bank's own accounts, newest first.
type OwnQuery struct {
	Account string     // a name made by Own, of a summed heading
	Before  id.Journal // with Line, the last entry of the page before; empty: from the newest. The cursor
	Line    int
	Limit   int // 1 to 500; 50 when zero
}

// OwnHistory is a page of the entries of one of the bank's own accounts, the newest journals first. Such an account
// has no running number, since nobody locks it: a page that is read while journals are booked may be joined by one
// of an older id.
func (l *Ledger) OwnHistory(ctx context.Context, tx *db.Tx, q OwnQuery) ([]Entry, error) {
	limit := historyDefault
	if q.Limit > 0 {
		limit = min(q.Limit, historyMax)
	}
	if q.Before == "" {
		q.Before = afterAllIDs
	}
	entries, err := listOwnEntries(ctx, tx, q, limit)
	if err != nil {
		return nil, fmt.Errorf("read own history: %w", err)
	}
	return entries, nil
}

// period turns dates into numbers: entries of the period lie after one and before the other.
func period(ctx context.Context, tx *db.Tx, q HistoryQuery, newest, before int64) (int64, int64, error) {
	var after int64
	var err error
	if !q.From.IsZero() {
		if after, err = lastNumber(ctx, tx, q.Account, newest, q.From.AddDays(-1)); err != nil {
			return 0, 0, err
		}
	}
	if !q.To.IsZero() {
		last, err := lastNumber(ctx, tx, q.Account, newest, q.To)
		if err != nil {
			return 0, 0, err
		}
		before = min(before, last+1)
	}
	return after, before, nil
}

// lastNumber is the number of an account's last entry up to a business date; 0 when there is none.
func lastNumber(ctx context.Context, tx *db.Tx, account string, newest int64, date clock.Date) (int64, error) {
	low, high := int64(0), newest // the answer lies between; low is known to be early enough
	for low < high {
		middle := high - (high-low)/2
		booked, err := readDate(ctx, tx, account, middle)
		if err != nil {
			return 0, fmt.Errorf("find entry %d of %s: %w", middle, account, err)
		}
		if booked.After(date) {
			high = middle - 1
		} else {
			low = middle
		}
	}
	return low, nil
}
