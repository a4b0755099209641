package auth

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// lockCounters makes the rows that are missing and locks all, in the order of the tallies, which are sorted.
func lockCounters(ctx context.Context, tx *db.Tx, tallies []tally) ([]counter, error) {
	const add = `
		INSERT INTO auth_counter (kind, id, used, ends_at)
		SELECT r.kind, r.id, 0, r.now
		  FROM ROWS($1: kind TEXT, id BYTEA, now BIGINT) AS r
		 WHERE true
		 ORDER BY r.kind, r.id
		ON CONFLICT (kind, id) DO NOTHING`
	rows := db.NewRows(len(tallies))
	for _, t := range tallies {
		rows.Add(t.kind, t.id, tx.Now())
	}
	if _, err := tx.Exec(ctx, add, rows); err != nil {
		return nil, err
	}
	const lock = `SELECT kind, id, used, ends_at, locked_until FROM auth_counter WHERE kind = $1 AND id = $2 FOR UPDATE`
	counters := make([]counter, 0, len(tallies))
	for _, t := range tallies {
		c, err := db.One(ctx, tx, scanCounter, lock, t.kind, t.id)
		if err != nil {
			return nil, err
		}
		counters = append(counters, c)
	}
	return counters, nil
}

func scanCounter(r db.Row) (counter, error) {
	var c counter
	err := r.Scan(&c.kind, &c.id, &c.used, &c.ends, &c.locked)
	return c, err
}

func saveCounters(ctx context.Context, tx *db.Tx, counters []counter) error {
	const q = `
		UPDATE auth_counter SET used = r.used, ends_at = r.ends_at, locked_until = r.locked_until
		  FROM ROWS($1: kind TEXT, id BYTEA, used BIGINT, ends_at BIGINT, locked_until BIGINT) AS r
		 WHERE auth_counter.kind = r.kind AND auth_counter.id = r.id`
	rows := db.NewRows(len(counters))
	for _, c := range counters {
		rows.Add(c.kind, c.id, c.used, c.ends, c.locked)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func deleteCounter(ctx context.Context, tx *db.Tx, kind string, key []byte) error {
	const q = `DELETE FROM auth_counter WHERE kind = $1 AND id = $2`
	_, err := tx.Exec(ctx, q, kind, key)
	return err
}

func lowerCounter(ctx context.Context, tx *db.Tx, kind string, key []byte) error {
	const q = `UPDATE auth_counter SET used = used - 1 WHERE kind = $1 AND id = $2 AND used > 0`
	_, err := tx.Exec(ctx, q, kind, key)
	return err
}

// readLock is until when a counter is closed; zero when it is not.
func readLock(ctx context.Context, tx *db.Tx, kind string, key []byte) (time.Time, error) {
	const q = `SELECT locked_until FROM auth_counter WHERE kind = $1 AND id = $2`
	until, _, err := db.Find(ctx, tx, db.Value[time.Time], q, kind, key)
	return until, err
}
