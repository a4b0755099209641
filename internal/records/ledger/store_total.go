package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// takeDeltas removes rows that no other fold has, and adds them up.
func takeDeltas(ctx context.Context, tx *db.Tx, limit int) (map[dayOf]delta, int, error) {
	const q = `
		DELETE FROM ledger_delta
		 WHERE id IN (SELECT id FROM ledger_delta ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING account_id, business_date, debit, credit`
	sums := make(map[dayOf]delta)
	n := 0
	err := tx.Each(ctx, func(r db.Row) error {
		var k dayOf
		var d delta
		if err := r.Scan(&k.account, &k.date, &d.debit, &d.credit); err != nil {
			return err
		}
		n++
		sum := sums[k]
		sums[k] = delta{sum.debit + d.debit, sum.credit + d.credit}
		return nil
	}, q, limit)
	return sums, n, err
}

func addTotals(ctx context.Context, tx *db.Tx, keys []dayOf, sums map[dayOf]delta) error {
	const q = `
		INSERT INTO ledger_total (account_id, business_date, debit, credit)
		SELECT r.account_id, r.business_date, r.debit, r.credit
		  FROM ROWS($1: account_id TEXT, business_date TEXT, debit BIGINT, credit BIGINT) AS r
		 WHERE true
		ON CONFLICT (account_id, business_date)
		DO UPDATE SET debit = ledger_total.debit + excluded.debit, credit = ledger_total.credit + excluded.credit`
	rows := db.NewRows(len(keys))
	for _, k := range keys {
		rows.Add(k.account, k.date, sums[k].debit, sums[k].credit)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// sumTotal adds what is folded and what is not in one statement, so that a fold in between cannot hide a row.
func sumTotal(ctx context.Context, tx *db.Tx, account string) (delta, error) {
	const q = `
		SELECT CAST(COALESCE(SUM(s.debit), 0) AS BIGINT), CAST(COALESCE(SUM(s.credit), 0) AS BIGINT)
		  FROM (SELECT debit, credit FROM ledger_total WHERE account_id = $1
		         UNION ALL
		        SELECT debit, credit FROM ledger_delta WHERE account_id = $1) AS s`
	return db.One(ctx, tx, scanDelta, q, account)
}

func scanDelta(r db.Row) (d delta, err error) {
	err = r.Scan(&d.debit, &d.credit)
	return d, err
}

// totalRow is the sum of one general ledger account.
type totalRow struct {
	account string
	delta   delta
}

func listTotals(ctx context.Context, tx *db.Tx, on clock.Date) ([]totalRow, error) {
	const q = `
		SELECT s.account_id, CAST(SUM(s.debit) AS BIGINT), CAST(SUM(s.credit) AS BIGINT)
		  FROM (SELECT account_id, business_date, debit, credit FROM ledger_total
		         UNION ALL
		        SELECT account_id, business_date, debit, credit FROM ledger_delta) AS s
		 WHERE s.business_date <= $1
		 GROUP BY s.account_id
		 ORDER BY s.account_id`
	until := on.String()
	if on.IsZero() {
		until = lastDate
	}
	return db.List(ctx, tx, scanTotalRow, q, until)
}

// lastDate is later than every date as text.
const lastDate = "9999-12-32"

func scanTotalRow(r db.Row) (t totalRow, err error) {
	err = r.Scan(&t.account, &t.delta.debit, &t.delta.credit)
	return t, err
}

// sumBalances adds up the balance rows under each control account.
func sumBalances(ctx context.Context, tx *db.Tx) (map[string]int64, error) {
	const q = `
		SELECT code, currency, branch, CAST(SUM(booked) AS BIGINT)
		  FROM ledger_balance
		 GROUP BY code, currency, branch`
	sums := make(map[string]int64)
	err := tx.Each(ctx, func(r db.Row) error {
		var code Code
		var currency money.Currency
		var branch string
		var sum int64
		if err := r.Scan(&code, &currency, &branch, &sum); err != nil {
			return err
		}
		sums[Own(code, currency, branch)] = sum
		return nil
	}, q)
	return sums, err
}
