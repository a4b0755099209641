package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// dueToLook lists open current accounts that were last looked at on a day or before it, or never.
func dueToLook(ctx context.Context, tx *db.Tx, day clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT p.account
		  FROM deposit_position p
		  LEFT JOIN deposit_rest r ON r.account = p.account
		 WHERE p.account > $1 AND p.kind = 'current' AND p.state = 'open' AND (r.looked_on IS NULL OR r.looked_on <= $2)
		   AND p.period_from IS NOT NULL AND p.period_from <= $2
		 ORDER BY p.account
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, after, day, limit)
}

// readRests reads how long accounts rest; one that was never looked at was active when its interest began to count.
func readRests(ctx context.Context, tx *db.Tx, accounts []string) ([]rest, error) {
	const q = `
		SELECT p.account, p.customer, COALESCE(d.active_on, p.period_from), COALESCE(d.looked_on, p.period_from), d.dormant_on
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_position p ON p.account = r.id
		  LEFT JOIN deposit_rest d ON d.account = r.id
		 WHERE p.state = 'open'
		 ORDER BY p.account`
	return db.List(ctx, tx, func(r db.Row) (x rest, err error) {
		err = r.Scan(&x.account, &x.customer, &x.activeOn, &x.lookedOn, &x.dormantOn)
		return x, err
	}, q, textRows(accounts))
}

func saveRests(ctx context.Context, tx *db.Tx, all []rest) error {
	const q = `
		INSERT INTO deposit_rest (account, customer, active_on, looked_on, dormant_on)
		SELECT r.account, r.customer, r.active_on, r.looked_on, r.dormant_on
		  FROM ROWS($1: account TEXT, customer TEXT, active_on TEXT, looked_on TEXT, dormant_on TEXT) AS r
		 WHERE true
		ON CONFLICT (account)
		DO UPDATE SET active_on = excluded.active_on, looked_on = excluded.looked_on, dormant_on = excluded.dormant_on`
	rows := db.NewRows(len(all))
	for _, r := range all {
		rows.Add(r.account, r.customer, r.activeOn, r.lookedOn, r.dormantOn)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// paidDays are the days on which interest was credited to accounts since a day.
func paidDays(ctx context.Context, tx *db.Tx, accounts []string, from clock.Date) (map[paidDay]bool, error) {
	const q = `
		SELECT i.paid_to, i.paid_on
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_interest i ON i.account = r.id AND i.paid_to = r.id
		 WHERE i.paid_on >= $2`
	all := make(map[paidDay]bool)
	err := tx.Each(ctx, func(r db.Row) error {
		var d paidDay
		err := r.Scan(&d.account, &d.on)
		all[d] = true
		return err
	}, q, textRows(accounts), from)
	return all, err
}
