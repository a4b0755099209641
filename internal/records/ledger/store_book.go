package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// listEarned adds up the general ledger between two days, without what closes of a period have moved.
func listEarned(ctx context.Context, tx *db.Tx, from, to clock.Date) ([]totalRow, error) {
	const q = `
		SELECT s.account_id, CAST(SUM(s.debit) AS BIGINT), CAST(SUM(s.credit) AS BIGINT)
		  FROM (SELECT account_id, business_date AS date, debit, credit FROM ledger_total
		         UNION ALL
		        SELECT account_id, business_date, debit, credit FROM ledger_delta
		         UNION ALL
		        SELECT account_id, date, -debit, -credit FROM ledger_period) AS s
		 WHERE s.date >= $1 AND s.date <= $2
		 GROUP BY s.account_id
		 ORDER BY s.account_id`
	return db.List(ctx, tx, scanTotalRow, q, from, to)
}

// listTotalDays reads the days of a general ledger account up to one, the newest first.
func listTotalDays(ctx context.Context, tx *db.Tx, account string, until clock.Date) ([]totalDay, error) {
	const q = `
		SELECT s.business_date, CAST(SUM(s.debit) AS BIGINT), CAST(SUM(s.credit) AS BIGINT)
		  FROM (SELECT business_date, debit, credit FROM ledger_total WHERE account_id = $1
		         UNION ALL
		        SELECT business_date, debit, credit FROM ledger_delta WHERE account_id = $1) AS s
		 WHERE s.business_date <= $2
		 GROUP BY s.business_date
		 ORDER BY s.business_date DESC
		 LIMIT $3`
	last := until.String()
	if until.IsZero() {
		last = lastDate
	}
	return db.List(ctx, tx, func(r db.Row) (d totalDay, err error) {
		err = r.Scan(&d.date, &d.delta.debit, &d.delta.credit)
		return d, err
	}, q, account, last, suspenseDays)
}

func insertPeriod(ctx context.Context, tx *db.Tx, date clock.Date, journal id.Journal, lines []Line) error {
	const q = `
		INSERT INTO ledger_period (date, account_id, journal_id, debit, credit)
		SELECT $2, r.account_id, $3, r.debit, r.credit
		  FROM ROWS($1: account_id TEXT, debit BIGINT, credit BIGINT) AS r`
	rows := db.NewRows(len(lines))
	for _, n := range lines {
		if n.Side == Debit {
			rows.Add(n.Account, n.Amount.Minor(), 0)
		} else {
			rows.Add(n.Account, 0, n.Amount.Minor())
		}
	}
	_, err := tx.Exec(ctx, q, rows, date, journal)
	return err
}

// periodRow is what the close of a period moved from one account.
type periodRow struct {
	date    clock.Date
	account string
	journal id.Journal
	delta   delta
}

// listPeriods reads closes of periods before a day, the newest first.
func listPeriods(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]periodRow, error) {
	const q = `
		SELECT date, account_id, journal_id, debit, credit
		  FROM ledger_period
		 WHERE date < $1
		 ORDER BY date DESC, journal_id, account_id
		 LIMIT $2`
	until := before.String()
	if before.IsZero() {
		until = lastDate
	}
	return db.List(ctx, tx, func(r db.Row) (p periodRow, err error) {
		err = r.Scan(&p.date, &p.account, &p.journal, &p.delta.debit, &p.delta.credit)
		return p, err
	}, q, until, limit)
}

func insertManual(ctx context.Context, tx *db.Tx, journal id.Journal, approval, approvers string, corrects id.Journal) error {
	const q = `INSERT INTO ledger_manual (journal_id, approval, approvers, corrects) VALUES ($1, $2, $3, $4)`
	var corrected any
	if corrects != "" {
		corrected = string(corrects)
	}
	_, err := tx.Exec(ctx, q, journal, approval, approvers, corrected)
	return err
}

func listCorrections(ctx context.Context, tx *db.Tx, journal id.Journal, limit int) ([]id.Journal, error) {
	const q = `SELECT journal_id FROM ledger_manual WHERE corrects = $1 ORDER BY journal_id LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Journal], q, journal, limit)
}
