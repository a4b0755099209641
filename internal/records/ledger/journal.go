package ledger

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// linesMax bounds the lines of one journal.
const linesMax = 1000

// Line is one line of a journal.
type Line struct {
	Account string
	Side    Side
	Amount  money.Amount // more than zero
}

// Capture takes money that was held: the journal debits the hold's account by at least as much.
type Capture struct {
	Hold   id.Hold
	Amount money.Amount
	Final  bool // lets the rest of the hold go; without it the rest stays held
}

// Journal is one bookkeeping act, before it is posted.
type Journal struct {
	ID        id.Journal // made by Post when empty
	Act       string     // what was done: "payment.transfer"
	Reference string     // id of the business record that it books
	By        act.By
	ValueDate clock.Date // from which interest counts; the business date when zero
	Lines     []Line
	Captures  []Capture
	Reverses  id.Journal // the journal that this one takes back; see Reversal

	// ClosedDay says that end of day books this for a day that is cut off: accruals, fees earned, the close of a
	// period. Such a journal touches none but the bank's own accounts, and all journals of one Post have the same.
	// It is booked into that day until the day is tied out, and after that into the open day, valued back. What end
	// of day books on customers' accounts leaves it empty: it goes into the open day, with a value date.
	ClosedDay clock.Date
}

// Outcome is what became of one journal.
type Outcome struct {
	Err          error      // why it was refused; nothing of it was booked then
	Journal      id.Journal // its id
	BusinessDate clock.Date // the day that it was booked into
	At           time.Time
	Balances     []Balance // of its guarded accounts, in the order of its lines, as they are after it
}
