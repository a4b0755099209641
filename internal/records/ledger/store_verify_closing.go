package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// verifyEachClosing reads closing balances of the days after one.
func verifyEachClosing(ctx context.Context, tx *db.Tx, from, until string, since clock.Date, take func(closingRow) error) error {
	const q = `
		SELECT account_id, date, number, booked, debit, credit
		  FROM ledger_closing
		 WHERE account_id >= $1 AND account_id <= $2 AND date > $3
		 ORDER BY account_id, date`
	return tx.Each(ctx, closingRows(take), q, from, until, since.String())
}

// verifyEachClosed reads the last closing balance of each account up to a day.
func verifyEachClosed(ctx context.Context, tx *db.Tx, from, until string, day clock.Date, take func(closingRow) error) error {
	const q = `
		SELECT c.account_id, c.date, c.number, c.booked, c.debit, c.credit
		  FROM ledger_balance b
		  JOIN ledger_closing c ON c.account_id = b.account_id
		   AND c.date = (SELECT MAX(x.date) FROM ledger_closing x WHERE x.account_id = b.account_id AND x.date <= $3)
		 WHERE b.account_id >= $1 AND b.account_id <= $2`
	return tx.Each(ctx, closingRows(take), q, from, until, day)
}

func closingRows(take func(closingRow) error) func(db.Row) error {
	return func(r db.Row) error {
		var c closingRow
		if err := r.Scan(&c.account, &c.date, &c.number, &c.booked, &c.debit, &c.credit); err != nil {
			return err
		}
		return take(c)
	}
}

// verifyEachShift reads the shifts that were booked after a day.
func verifyEachShift(ctx context.Context, tx *db.Tx, from, until string, since clock.Date, take func(shiftRow) error) error {
	const q = `
		SELECT journal_id, line, account_id, business_date, from_date, until_date, amount
		  FROM ledger_shift
		 WHERE account_id >= $1 AND account_id <= $2 AND business_date > $3`
	return tx.Each(ctx, func(r db.Row) error {
		var s shiftRow
		if err := r.Scan(&s.journal, &s.line, &s.account, &s.business, &s.from, &s.until, &s.amount); err != nil {
			return err
		}
		return take(s)
	}, q, from, until, since.String())
}

// readControls reads what end of day kept of closing balances, of the days after one.
func readControls(ctx context.Context, tx *db.Tx, since clock.Date) (map[dayOf]delta, error) {
	const q = `SELECT account_id, date, debit, credit FROM ledger_control WHERE date > $1`
	all := make(map[dayOf]delta)
	err := tx.Each(ctx, func(r db.Row) error {
		var k dayOf
		var d delta
		err := r.Scan(&k.account, &k.date, &d.debit, &d.credit)
		all[k] = d
		return err
	}, q, since.String())
	return all, err
}

// verifyPeriods finds a close of the year whose journal does not have the line that it says, or says less than it has.
func verifyPeriods(ctx context.Context, tx *db.Tx) (id.Journal, bool, error) {
	const q = `
		SELECT p.journal_id
		  FROM ledger_period p
		 WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e
		                    WHERE e.journal_id = p.journal_id AND e.account_id = p.account_id AND e.business_date = p.date
		                      AND e.amount = p.debit + p.credit AND (e.side = 'debit') = (p.debit > 0))
		 LIMIT 1`
	return db.Find(ctx, tx, db.Value[id.Journal], q)
}

// verifyManuals finds an approval without its journal, or one whose journal was not made by hand.
func verifyManuals(ctx context.Context, tx *db.Tx) (id.Journal, bool, error) {
	const q = `
		SELECT m.journal_id
		  FROM ledger_manual m
		  LEFT JOIN ledger_journal j ON j.id = m.journal_id
		 WHERE j.id IS NULL OR j.act <> $1
		 LIMIT 1`
	return db.Find(ctx, tx, db.Value[id.Journal], q, ActManual)
}
