package ledger

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Entry is one posted line.
type Entry struct {
	Journal      id.Journal
	Line         int // its place in the journal, from 1
	Account      string
	Number       int64 // running number within a guarded account, from 1; 0 on a summed one
	Side         Side
	Amount       money.Amount
	After        money.Amount // balance after it, on the normal side; no amount on a summed account
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
	Before  int64      // only entries with a lower number; zero: from the newest. The cursor
	Limit   int        // 1 to 500; 50 when zero
}
