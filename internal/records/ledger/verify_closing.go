package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// closed is what the entries of an account make of its closing balances.
type closed struct {
	days   []closingRow
	shifts []shiftRow // of the entries whose value date is another day, in their order
}

// add takes the next entry.
func (c *closed) add(e *entryRow, signed int64) {
	if n := len(c.days); n == 0 || c.days[n-1].date != e.date {
		c.days = append(c.days, closingRow{account: e.account, date: e.date})
	}
	d := &c.days[len(c.days)-1]
	d.number, d.booked = e.number, e.after
	if e.side == Debit {
		d.debit += e.amount
	} else {
		d.credit += e.amount
	}
	if e.value != e.date {
		c.shifts = append(c.shifts, shiftOf(e.account, e.journal, e.line, e.date, e.value, signed))
	}
}

// shiftOf is the row of an entry whose value date is another day. Until an entry that is valued later than it is booked
// counts, the valued balance lacks it.
func shiftOf(account string, journal id.Journal, line int64, business, value clock.Date, signed int64) shiftRow {
	s := shiftRow{journal: journal, line: line, account: account, business: business, from: value, until: business, amount: signed}
	if business.Before(value) {
		s.from, s.until, s.amount = business, value, -signed
	}
	return s
}

// closings compares the closing balances of a page of accounts with what the entries make of them. They end with the
// last day that was folded; before it none may be missing.
func (v *verification) closings(ctx context.Context, tx *db.Tx, page map[string]*accountRow, from, until string) error {
	seen := make(map[string]int, len(page)) // closing rows of each account
	err := verifyEachClosing(ctx, tx, from, until, v.options.Since.Day, func(c closingRow) error {
		a, ok := page[c.account]
		if !ok {
			return breach("closing_account", c.account, "has a closing balance of %s and no balance row", c.date)
		}
		n := seen[c.account]
		if n >= len(a.closed.days) || a.closed.days[n] != c {
			return breach("closing", c.account, "of %s is %d after entry %d; its entries say otherwise, or skip a day", c.date, c.booked, c.number)
		}
		seen[c.account]++
		k := dayOf{a.row.control, c.date.String()}
		sum := v.folded[k]
		v.folded[k] = delta{sum.debit + c.debit, sum.credit + c.credit}
		return nil
	})
	if err != nil {
		return err
	}
	kept := make(map[string]map[shiftRow]bool)
	err = verifyEachShift(ctx, tx, from, until, v.options.Since.Day, func(s shiftRow) error {
		if kept[s.account] == nil {
			kept[s.account] = make(map[shiftRow]bool)
		}
		kept[s.account][s] = true
		return nil
	})
	if err != nil {
		return err
	}
	for account, a := range page {
		if err := a.compareShifts(account, seen[account], kept[account]); err != nil {
			return err
		}
	}
	return nil
}

func (a *accountRow) compareShifts(account string, closings int, kept map[shiftRow]bool) error {
	found := 0
	for _, s := range a.closed.shifts {
		if closings == 0 || s.business.After(a.closed.days[closings-1].date) {
			continue // its day is not folded yet
		}
		if !kept[s] {
			return breach("shift", account, "line %d of %s is valued on another day, which no shift says", s.line, s.journal)
		}
		found++
	}
	if found != len(kept) {
		return breach("shift", account, "has %d shifts; its entries make %d", len(kept), found)
	}
	return nil
}

// compareControls compares what closing balances add up to with what end of day compared with the general ledger. Days
// that were being folded meanwhile are left to the next run.
func (v *verification) compareControls(ctx context.Context) error {
	return v.snapshot(ctx, func(tx *db.Tx) error {
		after, err := readControls(ctx, tx, v.options.Since.Day)
		if err != nil {
			return err
		}
		for k, sum := range after {
			if v.controls[k] == sum && v.folded[k] != sum {
				return breach("control", k.account+" on "+k.date, "debit %d, credit %d are kept; closing balances make %d, %d",
					sum.debit, sum.credit, v.folded[k].debit, v.folded[k].credit)
			}
		}
		return nil
	})
}

// records checks what stands beside journals: what the close of a year moved, and the leave of journals made by hand.
func (v *verification) records(ctx context.Context) error {
	return v.snapshot(ctx, func(tx *db.Tx) error {
		journal, found, err := verifyPeriods(ctx, tx)
		if err != nil {
			return err
		}
		if found {
			return breach("period", string(journal), "its lines are not what the close of the year says")
		}
		journal, found, err = verifyManuals(ctx, tx)
		if err != nil {
			return err
		}
		if found {
			return breach("manual", string(journal), "was made by hand, and has no approval of its own")
		}
		return nil
	})
}
