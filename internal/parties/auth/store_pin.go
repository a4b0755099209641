package auth

import (
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// lockPINs locks the PINs of principals in the order of their ids, which is the one order of the bank.
func lockPINs(ctx context.Context, tx *db.Tx, principals []Principal) (map[Principal]*pin, error) {
	const q = `
		SELECT p.principal, p.salt, p.key_id, p.mac, p.failures, p.locked_at
		  FROM auth_pin p
		  JOIN ROWS($1: principal TEXT) AS r ON p.principal = r.principal
		 ORDER BY p.principal
		   FOR UPDATE OF p`
	return pins(ctx, tx, q, principals)
}

// readPINs reads without locking: to show, not to decide.
func readPINs(ctx context.Context, tx *db.Tx, principals []Principal) (map[Principal]*pin, error) {
	const q = `
		SELECT p.principal, p.salt, p.key_id, p.mac, p.failures, p.locked_at
		  FROM auth_pin p
		  JOIN ROWS($1: principal TEXT) AS r ON p.principal = r.principal`
	return pins(ctx, tx, q, principals)
}

// countPINs counts the PINs that hang on a key.
func countPINs(ctx context.Context, tx *db.Tx, key string) (int64, error) {
	const q = `SELECT count(*) FROM auth_pin WHERE key_id = $1`
	return db.One(ctx, tx, db.Value[int64], q, key)
}

func pins(ctx context.Context, tx *db.Tx, q string, principals []Principal) (map[Principal]*pin, error) {
	distinct := slices.Compact(slices.Sorted(slices.Values(principals)))
	rows := db.NewRows(len(distinct))
	for _, p := range distinct {
		rows.Add(string(p))
	}
	all := make(map[Principal]*pin, len(distinct))
	err := tx.Each(ctx, func(r db.Row) error {
		var p pin
		err := r.Scan(&p.principal, &p.salt, &p.keyID, &p.mac, &p.failures, &p.lockedAt)
		all[p.principal] = &p
		return err
	}, q, rows)
	return all, err
}

// savePINs writes what attempts have changed.
func savePINs(ctx context.Context, tx *db.Tx, all map[Principal]*pin) error {
	const q = `
		UPDATE auth_pin SET failures = r.failures, locked_at = r.locked_at, key_id = r.key_id, mac = r.mac
		  FROM ROWS($1: principal TEXT, failures BIGINT, locked_at BIGINT, key_id TEXT, mac BYTEA) AS r
		 WHERE auth_pin.principal = r.principal`
	rows := db.NewRows(len(all))
	for _, p := range all {
		if p.touched {
			rows.Add(string(p.principal), p.failures, p.lockedAt, p.keyID, p.mac)
		}
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func savePIN(ctx context.Context, tx *db.Tx, p pin) error {
	const q = `
		INSERT INTO auth_pin (principal, salt, key_id, mac, failures, set_at)
		VALUES ($1, $2, $3, $4, 0, $5)
		ON CONFLICT (principal) DO UPDATE
		SET salt = excluded.salt, key_id = excluded.key_id, mac = excluded.mac, failures = 0, locked_at = NULL, set_at = excluded.set_at`
	_, err := tx.Exec(ctx, q, p.principal, p.salt, p.keyID, p.mac, tx.Now())
	return err
}

func deletePIN(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `DELETE FROM auth_pin WHERE principal = $1`
	_, err := tx.Exec(ctx, q, p)
	return err
}
