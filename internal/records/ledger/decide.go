package ledger

import (
	"math"
	"time"

	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// amountMax bounds one line, in minor units: 10^15 are ten million million yuan. It keeps the sum of a journal's
// lines, and the day's sums of the general ledger, within an int64.
const amountMax = 1_000_000_000_000_000

// row is a locked balance row. Amounts are minor units on the account's normal side.
type row struct {
	account   string
	heading   Heading
	currency  money.Currency
	branch    string
	control   string // its general ledger account
	booked    int64
	held      int64
	frozen    int64
	number    int64
	restraint RestraintKind
	closedAt  time.Time
	changed   bool
}

// balance is the row as others see it.
func (r *row) balance() Balance {
	return Balance{
		Account: r.account, Number: r.number, Restraint: r.restraint, Closed: !r.closedAt.IsZero(),
		Booked: money.New(r.booked, r.currency), Held: money.New(r.held, r.currency), Frozen: money.New(r.frozen, r.currency),
	}
}

func (r *row) available() int64 { return r.booked - r.held - r.frozen }

// signed is a line's amount as the balance sees it: more on the account's normal side, less on the other.
func (r *row) signed(n *Line) int64 {
	if n.Side == r.heading.Normal {
		return n.Amount.Minor()
	}
	return -n.Amount.Minor()
}

// posting is a line with the account that it names.
type posting struct {
	Line
	row    *row // nil on a summed account
	branch string
}

// effect is all that one journal does to one guarded account.
type effect struct {
	row     *row
	in, out int64
	taken   int64 // of its holds, by captures
	let     int64 // of its holds, let go by final captures
}

// settle lets go what captures took out of the account's holds.
func (e *effect) settle() {
	e.row.held -= e.taken + e.let
	e.row.changed = true
}

// decide finds the accounts of a journal, works out what it would do to each, and says why it may not.
func (b *batch) decide(j *Journal) error {
	b.lines, b.effects = b.lines[:0], b.effects[:0]
	for i := range j.Lines {
		if err := b.resolve(&j.Lines[i]); err != nil {
			return err
		}
	}
	if j.Reverses != "" {
		if err := b.mayReverse(j); err != nil {
			return err
		}
	}
	for i := range j.Captures {
		if err := b.mayCapture(j, i); err != nil {
			return err
		}
	}
	for i := range b.effects {
		if err := b.effects[i].allowed(); err != nil {
			return err
		}
	}
	return b.bridge()
}

// resolve finds the account of a line.
func (b *batch) resolve(n *Line) error {
	if o, ok := b.owns[n.Account]; ok {
		if o.currency != n.Amount.Currency() {
			return ErrCurrency
		}
		b.lines = append(b.lines, posting{Line: *n, branch: o.branch})
		return nil
	}
	r, ok := b.balances[n.Account]
	if !ok {
		return ErrAccountNotFound
	}
	if !r.closedAt.IsZero() {
		return ErrAccountClosed
	}
	if r.currency != n.Amount.Currency() {
		return ErrCurrency
	}
	b.lines = append(b.lines, posting{Line: *n, row: r, branch: r.branch})
	return b.effect(r).add(r.signed(n))
}

// effect is that of the present journal on an account. Journals have few accounts: a scan is faster than a map.
func (b *batch) effect(r *row) *effect {
	for i := range b.effects {
		if b.effects[i].row == r {
			return &b.effects[i]
		}
	}
	b.effects = append(b.effects, effect{row: r})
	return &b.effects[len(b.effects)-1]
}

// add counts a line's amount as in or out. Amounts and lines are bounded, so that their sum is.
func (e *effect) add(signed int64) error {
	if signed < 0 {
		e.out -= signed
		return nil
	}
	e.in += signed
	if e.in > math.MaxInt64-e.row.booked {
		return ErrOverflow
	}
	return nil
}

// allowed applies the account's restraint and its floor. What does not lower the available balance passes the floor:
// money that was held before a freeze goes to the one it was promised to.
func (e *effect) allowed() error {
	r := e.row
	if (e.out > 0 && r.restraint != Unrestrained) || (e.in > 0 && r.restraint == NoEntryNoExit) {
		return ErrFrozen
	}
	if e.taken > e.out {
		return ErrBadJournal // captures more than it debits
	}
	change := e.in - e.out + e.taken + e.let
	if change < 0 && r.available()+change < 0 {
		return ErrInsufficientFunds
	}
	return nil
}

// mayCapture checks a capture against its hold, and counts it as an effect on the hold's account.
func (b *batch) mayCapture(j *Journal, at int) error {
	c := j.Captures[at]
	for _, other := range j.Captures[:at] {
		if other.Hold == c.Hold {
			return ErrBadJournal
		}
	}
	h, ok := b.holds[c.Hold]
	if !ok {
		return ErrHoldNotFound
	}
	r, ok := b.balances[h.account]
	if !ok {
		return ErrHoldNotFound // of an account that is not locked here, or of another's
	}
	if h.state != Live || h.over(b.now) {
		return ErrHoldEnded
	}
	if c.Amount.Minor() <= 0 || c.Amount.Currency() != r.currency {
		return ErrBadJournal
	}
	if c.Amount.Minor() > h.remaining {
		return ErrHoldExceeded
	}
	e := b.effect(r)
	e.taken += c.Amount.Minor()
	if c.Final {
		e.let += h.remaining - c.Amount.Minor()
	}
	return nil
}

// mayReverse requires that a journal mirrors its original line by line, and that nothing has reversed that yet.
func (b *batch) mayReverse(j *Journal) error {
	original := b.originals[j.Reverses]
	switch {
	case original == nil || len(original.entries) == 0:
		return ErrJournalNotFound
	case original.by != "":
		return ErrAlreadyReversed
	case original.reversal || len(original.entries) != len(j.Lines):
		return ErrNotReversible
	}
	for i, e := range original.entries {
		n := &j.Lines[i]
		if e.account != n.Account || e.side != n.Side.Opposite() || e.amount != n.Amount.Minor() {
			return ErrNotReversible
		}
	}
	return nil
}

// part is what a branch is short of in a currency: debits less credits.
type part struct {
	branch   string
	currency money.Currency
	sum      int64
}

// bridge balances each branch's books by itself: where a journal spans branches it adds the lines by which they owe
// each other (系统内往来). The journal balances in each currency, so those lines do as well.
func (b *batch) bridge() error {
	var kept [4]part
	parts := kept[:0]
	for i := range b.lines {
		parts = addPart(parts, &b.lines[i])
	}
	for _, p := range parts {
		if p.sum == 0 {
			continue
		}
		if !isBranch(p.branch) {
			return ErrBadJournal
		}
		side, size := Credit, p.sum
		if p.sum < 0 {
			side, size = Debit, -p.sum
		}
		line := Line{Account: Own(InterBranch, p.currency, p.branch), Side: side, Amount: money.New(size, p.currency)}
		b.lines = append(b.lines, posting{Line: line, branch: p.branch})
	}
	return nil
}

func addPart(parts []part, p *posting) []part {
	amount := p.Amount.Minor()
	if p.Side == Credit {
		amount = -amount
	}
	for i := range parts {
		if parts[i].branch == p.branch && parts[i].currency == p.Amount.Currency() {
			parts[i].sum += amount
			return parts
		}
	}
	return append(parts, part{p.branch, p.Amount.Currency(), amount})
}

// sumOf is debits less credits in a currency.
func sumOf(lines []Line, currency money.Currency) int64 {
	var sum int64
	for i := range lines {
		if lines[i].Amount.Currency() != currency {
			continue
		}
		if lines[i].Side == Debit {
			sum += lines[i].Amount.Minor()
		} else {
			sum -= lines[i].Amount.Minor()
		}
	}
	return sum
}

// was is a journal that others want to take back.
type was struct {
	entries  []mirrored
	reversal bool       // it takes another back itself
	by       id.Journal // what took it back, before or within this batch
	claimed  id.Journal // whose claim on it stands in the database since this batch
}

// mirrored is a line of such a journal.
type mirrored struct {
	account string
	side    Side
	amount  int64
}
