package ledger

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ExpireStep lets go, at the end of day, the holds whose time is over.
func (l *Ledger) ExpireStep() day.Step {
	return day.Step{
		Name: "ledger.expire_holds",
		Items: func(ctx context.Context, tx *db.Tx, _ clock.Date, after string, limit int) ([]string, error) {
			return listHoldsOver(ctx, tx, after, limit)
		},
		Do: func(ctx context.Context, tx *db.Tx, _ clock.Date, items []string) ([]day.Aside, error) {
			holds := make([]id.Hold, len(items))
			for i, item := range items {
				holds[i] = id.Hold(item)
			}
			_, err := letGo(ctx, tx, holds, Expired) // one that ended meanwhile needs nothing more
			return nil, err
		},
		Size: expiryBatch,
	}
}

const foldSlice = 4000 // accounts of one transaction

// BalancesStep folds the closing balances of a day from its entries. It stands before whatever reads them: nothing
// that end of day books touches a customer's account on the closed day, so that they are final.
func (l *Ledger) BalancesStep() day.Step {
	return day.Step{
		Name: "ledger.balances",
		Items: func(ctx context.Context, tx *db.Tx, _ clock.Date, after string, limit int) ([]string, error) {
			return listGuarded(ctx, tx, after, limit)
		},
		Do:   foldBalances,
		Size: foldSlice,
	}
}

// fold gathers what entries make of closing balances.
type fold struct {
	rows     []closingRow
	shifts   []shiftRow
	controls map[dayOf]delta
	asides   []day.Aside
	broken   string // the account whose chain broke last
	start    int    // index in rows of the first row of the account being folded
	gained   []gain // of that account
}

// gain is what an entry adds under a control account.
type gain struct {
	key dayOf
	sum delta
}

// foldBalances makes the closing rows of accounts up to a day. An account whose entries do not follow from each other
// is set aside: its balance would be a guess.
func foldBalances(ctx context.Context, tx *db.Tx, date clock.Date, accounts []string) ([]day.Aside, error) {
	f := &fold{controls: make(map[dayOf]delta)}
	if err := eachUnfolded(ctx, tx, accounts, date, f.take); err != nil {
		return nil, fmt.Errorf("read entries of the day: %w", err)
	}
	f.settle()
	if len(f.rows) == 0 {
		return f.asides, nil
	}
	if err := insertClosings(tx, f.rows); err != nil {
		return nil, err
	}
	if err := insertShifts(tx, f.shifts); err != nil {
		return nil, err
	}
	return f.asides, addControls(tx, f.controls)
}

// take adds one entry; they come by account, in the order of their numbers.
func (f *fold) take(u unfolded) error {
	if u.account == f.broken {
		return nil
	}
	last := closingRow{account: u.account, number: u.folded, booked: u.before}
	if n := len(f.rows); n > f.start && f.rows[n-1].account == u.account {
		last = f.rows[n-1]
	} else {
		f.settle()
	}
	signed := u.amount
	if u.side != u.heading.Normal {
		signed = -signed
	}
	if u.number != last.number+1 || u.after != last.booked+signed {
		f.drop(u)
		return nil
	}
	if last.date != u.business {
		f.rows = append(f.rows, closingRow{account: u.account, date: u.business})
	}
	row := &f.rows[len(f.rows)-1]
	row.number, row.booked = u.number, u.after
	sum := delta{debit: u.amount}
	if u.side == Credit {
		sum = delta{credit: u.amount}
	}
	row.debit += sum.debit
	row.credit += sum.credit
	f.gained = append(f.gained, gain{dayOf{u.control, u.business.String()}, sum})
	if u.value != u.business {
		f.shifts = append(f.shifts, shiftOf(u.account, u.journal, u.line, u.business, u.value, signed))
	}
	return nil
}

// settle counts an account that is folded to its end.
func (f *fold) settle() {
	for _, g := range f.gained {
		sum := f.controls[g.key]
		f.controls[g.key] = delta{sum.debit + g.sum.debit, sum.credit + g.sum.credit}
	}
	f.gained, f.start = f.gained[:0], len(f.rows)
}

// drop leaves out an account whose chain is broken, with all that was folded of it.
func (f *fold) drop(u unfolded) {
	f.broken = u.account
	f.rows, f.gained = f.rows[:f.start], f.gained[:0]
	for len(f.shifts) > 0 && f.shifts[len(f.shifts)-1].account == u.account {
		f.shifts = f.shifts[:len(f.shifts)-1]
	}
	f.asides = append(f.asides, day.Aside{Item: u.account, Err: ErrBrokenChain.Because(fmt.Errorf("entry %d leaves %d", u.number, u.after))})
}

// Checks are the tie-outs of the books: debits equal credits; the closing balances of all days add up to what the
// general ledger gathered from journals, on each side; and balance rows do so as they stand now.
func (l *Ledger) Checks() []day.Check {
	return []day.Check{
		{Name: "ledger.trial_balance", Run: l.checkTrialBalance},
		{Name: "ledger.closing", Run: l.checkClosings},
		{Name: "ledger.control", Run: l.checkControls},
	}
}

func (l *Ledger) checkTrialBalance(ctx context.Context, tx *db.Tx, date clock.Date) ([]day.Difference, error) {
	totals, err := l.TrialBalance(ctx, tx, date)
	if err != nil {
		return nil, err
	}
	net := make(map[string]int64)
	for _, t := range totals {
		net[t.Debit.Currency().Code()+" in "+t.Branch] += t.Debit.Minor() - t.Credit.Minor()
	}
	var found []day.Difference
	for book, sum := range net {
		if sum != 0 {
			found = append(found, day.Difference{Subject: book, Detail: fmt.Sprintf("debits less credits are %d", sum)})
		}
	}
	return found, nil
}

// checkClosings compares the closing balances of all days up to one with the general ledger.
func (l *Ledger) checkClosings(ctx context.Context, tx *db.Tx, date clock.Date) ([]day.Difference, error) {
	totals, err := listTotals(ctx, tx, date)
	if err != nil {
		return nil, err
	}
	folded, err := sumControls(ctx, tx, date)
	if err != nil {
		return nil, err
	}
	var found []day.Difference
	differ := func(account string, general, closings delta) {
		found = append(found, day.Difference{Subject: account, Detail: fmt.Sprintf(
			"the general ledger has debit %d, credit %d; closing balances %d, %d", general.debit, general.credit, closings.debit, closings.credit)})
	}
	for _, t := range totals {
		if o, ok := parseOwn(t.account); !ok || o.heading.Kind != Guarded {
			continue
		}
		if folded[t.account] != t.delta {
			differ(t.account, t.delta, folded[t.account])
		}
		delete(folded, t.account)
	}
	for account, sum := range folded {
		differ(account, delta{}, sum)
	}
	return found, nil
}

func (l *Ledger) checkControls(ctx context.Context, tx *db.Tx, _ clock.Date) ([]day.Difference, error) {
	controls, err := l.ControlTotals(ctx, tx)
	var found []day.Difference
	for _, c := range controls {
		if !c.Agrees() {
			found = append(found, day.Difference{Subject: c.Account, Detail: fmt.Sprintf(
				"entries make %d, balance rows %d", c.Entries.Minor(), c.Balances.Minor())})
		}
	}
	return found, err
}

// Subledger is a room's own record of what stands under headings of the bank's own accounts, such as interest accrued
// by account. It must explain them in full (应计利息总分核对).
type Subledger struct {
	Name  string // of the check: "deposit.accrued_interest"
	Codes []Code
	// Sums adds up, by own account, what the room has. On the heading's normal side; accounts at zero may be left out.
	Sums func(ctx context.Context, tx *db.Tx) (map[string]money.Amount, error)
}

// Explained is the check that a room's records add up to the general ledger, as both stand on one view: the room
// writes them with the journal, so that they agree at every moment and not at the end of a day alone.
func (l *Ledger) Explained(s Subledger) day.Check {
	return day.Check{Name: s.Name, Run: func(ctx context.Context, tx *db.Tx, _ clock.Date) ([]day.Difference, error) {
		sums, err := s.Sums(ctx, tx)
		if err != nil {
			return nil, err
		}
		totals, err := l.TrialBalance(ctx, tx, clock.Date{})
		if err != nil {
			return nil, err
		}
		return s.compare(totals, sums), nil
	}}
}

func (s Subledger) compare(totals []Total, sums map[string]money.Amount) []day.Difference {
	var found []day.Difference
	rest := make(map[string]int64, len(sums))
	for account, sum := range sums {
		rest[account] = sum.Minor()
	}
	for _, t := range totals {
		for _, code := range s.Codes {
			if t.Heading.Code != code {
				continue
			}
			if rest[t.Account] != t.Balance().Minor() {
				found = append(found, day.Difference{Subject: t.Account, Detail: fmt.Sprintf(
					"the general ledger has %d, the accounts make %d", t.Balance().Minor(), rest[t.Account])})
			}
			delete(rest, t.Account)
		}
	}
	for account, sum := range rest {
		if sum != 0 {
			found = append(found, day.Difference{Subject: account, Detail: fmt.Sprintf("the general ledger has nothing, the accounts make %d", sum)})
		}
	}
	return found
}
