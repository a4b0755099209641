package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// accountRow is a balance row with its account, and what Verify works out for it.
type accountRow struct {
	row     *row
	kind    Kind // as ledger_account has it, as the next three
	code    Code
	current string // currency
	branch  string

	number    int64      // of the last entry seen
	booked    int64      // after it
	date      clock.Date // of it
	held      int64
	frozen    int64
	restraint RestraintKind
	closed    closed
}

// accounts checks every guarded account of the range.
func (v *verification) accounts(ctx context.Context) error {
	from, until := v.options.From, v.options.To
	if until == "" {
		until = afterAllIDs
	}
	for {
		done := false
		err := v.snapshot(ctx, func(tx *db.Tx) error {
			last, through, err := v.accountPage(ctx, tx, from, until)
			from, done = last+justAfter, through
			return err
		})
		if err != nil {
			return err
		}
		v.tell("accounts", v.report.Accounts)
		if done {
			return nil
		}
	}
}

// justAfter, put behind an id, sorts after it and before every other.
const justAfter = "!"

// accountPage checks accounts from one id up to another, and says where it stopped and whether it is through.
func (v *verification) accountPage(ctx context.Context, tx *db.Tx, from, until string) (string, bool, error) {
	rows, err := verifyListAccounts(ctx, tx, from, until, verifyAccounts)
	if err != nil {
		return "", false, err
	}
	done := len(rows) < verifyAccounts
	if !done {
		until = rows[len(rows)-1].row.account
	}
	page := make(map[string]*accountRow, len(rows))
	for _, r := range rows {
		page[r.row.account] = r
	}
	if err := v.startAtLockedDay(ctx, tx, page, from, until); err != nil {
		return "", false, err
	}
	if err := v.chain(ctx, tx, page, from, until); err != nil {
		return "", false, err
	}
	if err := v.closings(ctx, tx, page, from, until); err != nil {
		return "", false, err
	}
	if err := gatherHolds(ctx, tx, page, from, until); err != nil {
		return "", false, err
	}
	if err := gatherRestraints(ctx, tx, page, from, until); err != nil {
		return "", false, err
	}
	for _, r := range rows {
		if err := r.compare(); err != nil {
			return "", false, err
		}
	}
	v.report.Accounts += int64(len(rows))
	return until, done, nil
}

// startAtLockedDay takes what accounts held when a locked day closed as the start of their chains.
func (v *verification) startAtLockedDay(ctx context.Context, tx *db.Tx, page map[string]*accountRow, from, until string) error {
	since := v.options.Since.Day
	if since.IsZero() {
		return nil
	}
	for _, a := range page {
		a.date = since.AddDays(1) // nothing may be booked into a locked day
	}
	return verifyEachClosed(ctx, tx, from, until, since, func(c closingRow) error {
		a, ok := page[c.account]
		if !ok {
			return breach("closing_account", c.account, "has a closing balance of %s and no balance row", c.date)
		}
		a.number, a.booked = c.number, c.booked
		return nil
	})
}

// chain follows the running numbers and balances of the entries of each account.
func (v *verification) chain(ctx context.Context, tx *db.Tx, page map[string]*accountRow, from, until string) error {
	list := verifyEachGuardedEntry
	if !v.options.Since.Day.IsZero() {
		list = v.entriesSince
	}
	return list(ctx, tx, from, until, func(e entryRow) error {
		a, ok := page[e.account]
		if !ok {
			return breach("entry_account", e.account, "has entry %d of %s and no balance row", e.number, e.journal)
		}
		line := Line{Side: e.side}
		signed := e.amount
		if line.Side != a.row.heading.Normal {
			signed = -signed
		}
		switch {
		case e.number != a.number+1:
			return breach("entry_number", e.account, "entry %d follows entry %d", e.number, a.number)
		case e.after != a.booked+signed:
			return breach("entry_chain", e.account, "entry %d leaves %d; %d and %d make %d", e.number, e.after, a.booked, signed, a.booked+signed)
		case e.date.Before(a.date):
			return breach("entry_date", e.account, "entry %d is booked on %s, the one before on %s", e.number, e.date, a.date)
		}
		a.number, a.booked, a.date = e.number, e.after, e.date
		a.closed.add(&e, signed)
		return nil
	})
}

func (v *verification) entriesSince(ctx context.Context, tx *db.Tx, from, until string, take func(entryRow) error) error {
	return verifyEachEntrySince(ctx, tx, from, until, v.options.Since.Day, take)
}

func gatherHolds(ctx context.Context, tx *db.Tx, page map[string]*accountRow, from, until string) error {
	return verifyEachLiveHold(ctx, tx, from, until, func(account string, remaining int64) error {
		a, ok := page[account]
		if !ok {
			return breach("hold_account", account, "has a live hold and no balance row")
		}
		a.held += remaining
		return nil
	})
}

func gatherRestraints(ctx context.Context, tx *db.Tx, page map[string]*accountRow, from, until string) error {
	return verifyEachLiveRestraint(ctx, tx, from, until, func(account string, f restrained) error {
		a, ok := page[account]
		if !ok {
			return breach("restraint_account", account, "has a live restraint and no balance row")
		}
		a.frozen += f.amount
		a.restraint = stronger(a.restraint, f.kind)
		return nil
	})
}

// compare compares the balance row with what entries, holds and restraints made of it.
func (a *accountRow) compare() error {
	r := a.row
	switch {
	case a.kind != Guarded || a.code != r.heading.Code || a.current != r.currency.Code() || a.branch != r.branch:
		return breach("account_facts", r.account, "its balance row is of %s, %s, %s; the account is %s of %s, %s, %s",
			r.heading.Code, r.currency, r.branch, a.kind, a.code, a.current, a.branch)
	case r.number != a.number:
		return breach("balance_row", r.account, "counts %d entries, and there are %d", r.number, a.number)
	case r.booked != a.booked:
		return breach("balance_row", r.account, "has %d booked; its entries make %d", r.booked, a.booked)
	case r.held != a.held:
		return breach("held", r.account, "has %d held; its live holds make %d", r.held, a.held)
	case r.frozen != a.frozen:
		return breach("frozen", r.account, "has %d frozen; its live restraints make %d", r.frozen, a.frozen)
	case r.restraint != a.restraint:
		return breach("restraint", r.account, "is restrained %q; its live restraints make %q", r.restraint, a.restraint)
	case r.booked < 0 || r.held < 0 || r.held > r.booked:
		return breach("floor", r.account, "has %d booked and %d held", r.booked, r.held)
	case !r.closedAt.IsZero() && (r.booked != 0 || r.held != 0 || r.frozen != 0):
		return breach("closed", r.account, "is closed with %d booked, %d held, %d frozen", r.booked, r.held, r.frozen)
	}
	return nil
}

// holdRow is a hold with what journals took of it.
type holdRow struct {
	id        id.Hold
	amount    int64
	remaining int64
	state     HoldState
	taken     int64
}

// holds checks that what is left of each hold is what journals have not taken, and that none was taken twice.
func (v *verification) holds(ctx context.Context) error {
	after := ""
	for {
		n := 0
		err := v.snapshot(ctx, func(tx *db.Tx) error {
			rows, err := verifyListHolds(ctx, tx, after, verifyJournals)
			for _, h := range rows {
				wrong := h.taken > h.amount || (h.state == Live && h.remaining != h.amount-h.taken) || (h.state != Live && h.remaining != 0)
				if wrong {
					return breach("hold", string(h.id), "of %d is %s with %d left; journals took %d", h.amount, h.state, h.remaining, h.taken)
				}
				after = string(h.id)
			}
			n = len(rows)
			return err
		})
		if err != nil {
			return err
		}
		v.report.Holds += int64(n)
		v.tell("holds", v.report.Holds)
		if n < verifyJournals {
			return nil
		}
	}
}
