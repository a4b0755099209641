package auth

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertChallenge(ctx context.Context, tx *db.Tx, c challenge) error {
	const q = `
		INSERT INTO auth_challenge (id, purpose, kind, sealed, principal, bound, key_id, mac, tries, made_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)`
	_, err := tx.Exec(ctx, q, c.id, c.purpose, c.kind, c.sealed, null(string(c.principal)), null(c.bound), c.keyID, c.mac,
		tx.Now(), c.expires)
	return err
}

func lockChallenge(ctx context.Context, tx *db.Tx, which id.Challenge) (challenge, bool, error) {
	const q = `
		SELECT id, purpose, kind, sealed, principal, bound, key_id, mac, tries, expires_at, used_at
		  FROM auth_challenge
		 WHERE id = $1
		   FOR UPDATE`
	return db.Find(ctx, tx, func(r db.Row) (challenge, error) {
		var c challenge
		err := r.Scan(&c.id, &c.purpose, &c.kind, &c.sealed, &c.principal, &c.bound, &c.keyID, &c.mac, &c.tries, &c.expires, &c.used)
		return c, err
	}, q, which)
}

func saveTries(tx *db.Tx, c challenge) error {
	const q = `UPDATE auth_challenge SET tries = $2 WHERE id = $1`
	return tx.Queue(q, c.id, c.tries)
}

func useChallenge(ctx context.Context, tx *db.Tx, which id.Challenge) (int64, error) {
	const q = `UPDATE auth_challenge SET used_at = $2 WHERE id = $1 AND used_at IS NULL`
	return tx.Exec(ctx, q, which, tx.Now())
}
