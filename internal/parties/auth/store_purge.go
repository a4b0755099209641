package auth

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func purgeChallenges(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `DELETE FROM auth_challenge WHERE id IN (SELECT id FROM auth_challenge WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

func purgeCeremonies(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `DELETE FROM auth_ceremony WHERE id IN (SELECT id FROM auth_ceremony WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

func purgeTickets(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `DELETE FROM auth_ticket WHERE token_hash IN (SELECT token_hash FROM auth_ticket WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

func purgeProofs(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `DELETE FROM auth_proof WHERE token_hash IN (SELECT token_hash FROM auth_proof WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

func purgeSessions(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `DELETE FROM auth_session WHERE id IN (SELECT id FROM auth_session WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

func purgeCounters(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `
		DELETE FROM auth_counter
		 WHERE (kind, id) IN (
			SELECT kind, id FROM auth_counter
			 WHERE ends_at < $1 AND (locked_until IS NULL OR locked_until < $1)
			 ORDER BY ends_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

func purgeSignIns(ctx context.Context, tx *db.Tx, before string, limit int) (int64, error) {
	const q = `DELETE FROM auth_sign_in WHERE id IN (SELECT id FROM auth_sign_in WHERE id < $1 ORDER BY id LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}
