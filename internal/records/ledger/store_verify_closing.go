package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func verifyEachClosing(ctx context.Context, tx *db.Tx, from, until string, take func(closingRow) error) error {
	const q = `
		SELECT account_id, date, number, booked, debit, credit
		  FROM ledger_closing
		 WHERE account_id >= $1 AND account_id <= $2
		 ORDER BY account_id, date`
	return tx.Each(ctx, func(r db.Row) error {
		var c closingRow
		if err := r.Scan(&c.account, &c.date, &c.number, &c.booked, &c.debit, &c.credit); err != nil {
			return err
		}
		return take(c)
	}, q, from, until)
}

func verifyEachShift(ctx context.Context, tx *db.Tx, from, until string, take func(shiftRow) error) error {
	const q = `
		SELECT journal_id, line, account_id, business_date, from_date, until_date, amount
		  FROM ledger_shift
		 WHERE account_id >= $1 AND account_id <= $2`
	return tx.Each(ctx, func(r db.Row) error {
		var s shiftRow
		if err := r.Scan(&s.journal, &s.line, &s.account, &s.business, &s.from, &s.until, &s.amount); err != nil {
			return err
		}
		return take(s)
	}, q, from, until)
}

func readControls(ctx context.Context, tx *db.Tx) (map[dayOf]delta, error) {
	const q = `SELECT account_id, date, debit, credit FROM ledger_control`
	all := make(map[dayOf]delta)
	err := tx.Each(ctx, func(r db.Row) error {
		var k dayOf
		var d delta
		err := r.Scan(&k.account, &k.date, &d.debit, &d.credit)
		all[k] = d
		return err
	}, q)
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
