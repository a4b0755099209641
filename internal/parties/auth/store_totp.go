package auth

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func upsertTOTP(ctx context.Context, tx *db.Tx, t totp) error {
	const q = `
		INSERT INTO auth_totp (principal, secret, last_step, made_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (principal) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, made_at = excluded.made_at`
	_, err := tx.Exec(ctx, q, t.principal, t.sealed, t.last, tx.Now())
	return err
}

func lockTOTP(ctx context.Context, tx *db.Tx, who Principal) (totp, bool, error) {
	const q = `SELECT principal, secret, last_step FROM auth_totp WHERE principal = $1 FOR UPDATE`
	return db.Find(ctx, tx, func(r db.Row) (totp, error) {
		var t totp
		err := r.Scan(&t.principal, &t.sealed, &t.last)
		return t, err
	}, q, who)
}

func hasTOTP(ctx context.Context, tx *db.Tx, who Principal) (bool, error) {
	const q = `SELECT count(*) FROM auth_totp WHERE principal = $1`
	n, err := db.One(ctx, tx, db.Value[int64], q, who)
	return n > 0, err
}

func saveTOTPStep(ctx context.Context, tx *db.Tx, t totp) error {
	const q = `UPDATE auth_totp SET last_step = $2 WHERE principal = $1`
	_, err := tx.Exec(ctx, q, t.principal, t.last)
	return err
}

func deleteTOTP(ctx context.Context, tx *db.Tx, who Principal) error {
	const q = `DELETE FROM auth_totp WHERE principal = $1`
	_, err := tx.Exec(ctx, q, who)
	return err
}

// upsertInvitation replaces an earlier invitation of the same person.
func upsertInvitation(ctx context.Context, tx *db.Tx, i invitation) error {
	const q = `
		INSERT INTO auth_invitation (token_hash, principal, secret, tries, expires_at)
		VALUES ($1, $2, $3, 0, $4)
		ON CONFLICT (principal) DO UPDATE
		   SET token_hash = excluded.token_hash, secret = excluded.secret, tries = 0, expires_at = excluded.expires_at`
	_, err := tx.Exec(ctx, q, i.hash, i.principal, i.sealed, i.expires)
	return err
}

func lockInvitation(ctx context.Context, tx *db.Tx, hash []byte) (invitation, bool, error) {
	const q = `SELECT token_hash, principal, secret, tries, expires_at FROM auth_invitation WHERE token_hash = $1 FOR UPDATE`
	return db.Find(ctx, tx, func(r db.Row) (invitation, error) {
		var i invitation
		err := r.Scan(&i.hash, &i.principal, &i.sealed, &i.tries, &i.expires)
		return i, err
	}, q, hash)
}

func countInvitation(ctx context.Context, tx *db.Tx, i invitation) error {
	const q = `UPDATE auth_invitation SET tries = tries + 1 WHERE token_hash = $1`
	_, err := tx.Exec(ctx, q, i.hash)
	return err
}

func deleteInvitations(ctx context.Context, tx *db.Tx, who Principal) error {
	const q = `DELETE FROM auth_invitation WHERE principal = $1`
	_, err := tx.Exec(ctx, q, who)
	return err
}

func purgeInvitations(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `DELETE FROM auth_invitation WHERE token_hash IN (SELECT token_hash FROM auth_invitation WHERE expires_at < $1 LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}
