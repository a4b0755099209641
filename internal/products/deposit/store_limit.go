package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// lockUsages locks the rows that exist, in the order of their subjects, and reads them as they are then.
func lockUsages(ctx context.Context, tx *db.Tx, subjects []string, into map[string]*usage) error {
	const q = `
		SELECT u.subject, u.counters
		  FROM deposit_usage u
		  JOIN ROWS($1: subject TEXT) AS r ON u.subject = r.subject
		 ORDER BY u.subject
		   FOR UPDATE OF u`
	return eachUsage(ctx, tx, into, q, subjects)
}

// readUsages reads without locking, to show what is left.
func readUsages(ctx context.Context, tx *db.Tx, subjects []string, into map[string]*usage) error {
	const q = `
		SELECT u.subject, u.counters
		  FROM ROWS($1: subject TEXT) AS r
		  JOIN deposit_usage u ON u.subject = r.subject`
	return eachUsage(ctx, tx, into, q, subjects)
}

func eachUsage(ctx context.Context, tx *db.Tx, into map[string]*usage, q string, subjects []string) error {
	return tx.Each(ctx, func(r db.Row) error {
		var subject, counters string
		if err := r.Scan(&subject, &counters); err != nil {
			return err
		}
		u, err := parseUsage(counters)
		into[subject] = u
		return err
	}, q, subjectRows(subjects))
}

func subjectRows(subjects []string) *db.Rows {
	rows := db.NewRows(len(subjects))
	for _, s := range subjects {
		rows.Add(s)
	}
	return rows
}

func insertUsages(ctx context.Context, tx *db.Tx, subjects []string) error {
	const q = `
		INSERT INTO deposit_usage (subject, counters)
		SELECT r.subject, '' FROM ROWS($1: subject TEXT) AS r WHERE true
		ON CONFLICT (subject) DO NOTHING`
	_, err := tx.Exec(ctx, q, subjectRows(subjects))
	return err
}

func saveUsages(tx *db.Tx, rows *db.Rows) error {
	const q = `
		UPDATE deposit_usage SET counters = r.counters
		  FROM ROWS($1: subject TEXT, counters TEXT) AS r
		 WHERE deposit_usage.subject = r.subject`
	return tx.Queue(q, rows)
}

func ownLimits(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]OwnLimits, error) {
	const q = `
		SELECT o.customer, o.single, o.daily, o.small
		  FROM ROWS($1: customer TEXT) AS r
		  JOIN deposit_own_limit o ON o.customer = r.customer`
	rows := db.NewRows(len(customers))
	for _, c := range customers {
		rows.Add(c)
	}
	all := make(map[id.Customer]OwnLimits)
	err := tx.Each(ctx, func(r db.Row) error {
		var c id.Customer
		own := OwnLimits{Set: true}
		err := r.Scan(&c, &own.Single, &own.Daily, &own.Small)
		all[c] = own
		return err
	}, q, rows)
	return all, err
}

func saveOwnLimits(ctx context.Context, tx *db.Tx, customer id.Customer, own OwnLimits) error {
	const q = `
		INSERT INTO deposit_own_limit (customer, single, daily, small, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (customer) DO UPDATE SET single = EXCLUDED.single, daily = EXCLUDED.daily, small = EXCLUDED.small, changed_at = EXCLUDED.changed_at`
	_, err := tx.Exec(ctx, q, customer, own.Single, own.Daily, own.Small, tx.Now())
	return err
}

// eraseCounters deletes the counters of a customer and of his accounts, and what he allowed himself.
func eraseCounters(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const counters = `
		DELETE FROM deposit_usage
		 WHERE subject = $1 OR subject IN (SELECT id FROM deposit_account WHERE customer = $1)`
	if err := tx.Queue(counters, customer); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM deposit_own_limit WHERE customer = $1`, customer)
	return err
}
