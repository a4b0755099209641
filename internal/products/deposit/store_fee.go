package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// dueToPay walks open current accounts for which a day was not decided yet.
func dueToPay(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT a.id
		  FROM deposit_account a
		  LEFT JOIN deposit_fee f ON f.account = a.id
		 WHERE a.id > $1 AND a.state = 'open' AND (f.charged_on IS NULL OR f.charged_on < $2)
		 ORDER BY a.id
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, after, on, limit)
}

// lockCharges locks open accounts, in their order, with what they owe.
func lockCharges(ctx context.Context, tx *db.Tx, accounts []string) ([]charge, error) {
	const q = `
		SELECT a.id, a.class, a.branch, a.currency, a.opened_at, f.charged_on, COALESCE(f.arrears, 0)
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_account a ON a.id = r.id
		  LEFT JOIN deposit_fee f ON f.account = a.id
		 WHERE a.state = 'open'
		 ORDER BY a.id
		   FOR UPDATE OF a`
	return db.List(ctx, tx, func(r db.Row) (c charge, err error) {
		var currency money.Currency
		var arrears int64
		err = r.Scan(&c.account, &c.class, &c.branch, &currency, &c.openedAt, &c.chargedOn, &arrears)
		c.arrears = money.New(arrears, currency)
		return c, err
	}, q, textRows(accounts))
}

func saveCharges(ctx context.Context, tx *db.Tx, all []*charge, on clock.Date) error {
	const q = `
		INSERT INTO deposit_fee (account, charged_on, arrears)
		SELECT r.account, r.charged_on, r.arrears
		  FROM ROWS($1: account TEXT, charged_on TEXT, arrears BIGINT) AS r
		 WHERE true
		ON CONFLICT (account) DO UPDATE SET charged_on = excluded.charged_on, arrears = excluded.arrears`
	rows := db.NewRows(len(all))
	for _, c := range all {
		rows.Add(c.account, on, c.arrears.Minor())
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}
