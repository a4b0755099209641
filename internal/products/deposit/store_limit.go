package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func keyRows(keys []counterKey) *db.Rows {
	rows := db.NewRows(len(keys))
	for _, k := range keys {
		rows.Add(k.subject, k.kind, k.period)
	}
	return rows
}

// lockCounters locks the rows that exist, in the order of their keys, and reads them as they are then.
func lockCounters(ctx context.Context, tx *db.Tx, keys []counterKey, into map[counterKey]*counter) error {
	const q = `
		SELECT c.subject, c.kind, c.period, c.amount, c.times
		  FROM deposit_counter c
		  JOIN ROWS($1: subject TEXT, kind TEXT, period TEXT) AS r
		    ON c.subject = r.subject AND c.kind = r.kind AND c.period = r.period
		 ORDER BY c.subject, c.kind, c.period
		   FOR UPDATE OF c`
	return eachCounter(ctx, tx, into, q, keyRows(keys))
}

// readCounters reads without locking, to show what is left.
func readCounters(ctx context.Context, tx *db.Tx, keys []counterKey) (map[counterKey]*counter, error) {
	const q = `
		SELECT c.subject, c.kind, c.period, c.amount, c.times
		  FROM ROWS($1: subject TEXT, kind TEXT, period TEXT) AS r
		  JOIN deposit_counter c ON c.subject = r.subject AND c.kind = r.kind AND c.period = r.period`
	into := make(map[counterKey]*counter, len(keys))
	return into, eachCounter(ctx, tx, into, q, keyRows(keys))
}

func eachCounter(ctx context.Context, tx *db.Tx, into map[counterKey]*counter, q string, rows *db.Rows) error {
	return tx.Each(ctx, func(r db.Row) error {
		var k counterKey
		var c counter
		err := r.Scan(&k.subject, &k.kind, &k.period, &c.amount, &c.times)
		into[k] = &c
		return err
	}, q, rows)
}

func insertCounters(ctx context.Context, tx *db.Tx, keys []counterKey) error {
	const q = `
		INSERT INTO deposit_counter (subject, kind, period, amount, times)
		SELECT r.subject, r.kind, r.period, 0, 0
		  FROM ROWS($1: subject TEXT, kind TEXT, period TEXT) AS r
		 WHERE true
		ON CONFLICT (subject, kind, period) DO NOTHING`
	_, err := tx.Exec(ctx, q, keyRows(keys))
	return err
}

func saveCounters(tx *db.Tx, rows *db.Rows) error {
	const q = `
		UPDATE deposit_counter
		   SET amount = r.amount, times = r.times
		  FROM ROWS($1: subject TEXT, kind TEXT, period TEXT, amount BIGINT, times BIGINT) AS r
		 WHERE deposit_counter.subject = r.subject AND deposit_counter.kind = r.kind AND deposit_counter.period = r.period`
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

// deleteCountersBefore deletes counters of days and hours before a day: their periods sort as text. Years are shorter
// texts of their own kinds.
func deleteCountersBefore(ctx context.Context, tx *db.Tx, day clock.Date, limit int) (int64, error) {
	const q = `
		DELETE FROM deposit_counter
		 WHERE (subject, kind, period) IN (
			SELECT subject, kind, period
			  FROM deposit_counter
			 WHERE period < $1 AND kind NOT LIKE '%' || $2
			 LIMIT $3)`
	return tx.Exec(ctx, q, day, yearly, limit)
}

// eraseCounters deletes the counters of a customer and of his accounts, and what he allowed himself.
func eraseCounters(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const counters = `
		DELETE FROM deposit_counter
		 WHERE subject = $1 OR subject IN (SELECT id FROM deposit_account WHERE customer = $1)`
	if err := tx.Queue(counters, customer); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM deposit_own_limit WHERE customer = $1`, customer)
	return err
}
