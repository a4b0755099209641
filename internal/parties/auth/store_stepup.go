package auth

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insertProof(ctx context.Context, tx *db.Tx, p proof) error {
	const q = `
		INSERT INTO auth_proof (token_hash, principal, session, purpose, method, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := tx.Exec(ctx, q, p.hash, p.principal, p.session, p.purpose, p.method, p.expires)
	return err
}

// useProof consumes a proof and tells by which method it was made.
func useProof(ctx context.Context, tx *db.Tx, p proof) (Method, bool, error) {
	const q = `
		UPDATE auth_proof SET used_at = $5
		 WHERE token_hash = $1 AND principal = $2 AND session = $3 AND purpose = $4 AND used_at IS NULL AND expires_at > $5
		RETURNING method`
	return db.Find(ctx, tx, db.Value[Method], q, p.hash, p.principal, p.session, p.purpose, tx.Now())
}

// insertReverified consumes a re-verification, and says whether it was the first to do so.
func insertReverified(ctx context.Context, tx *db.Tx, r Reverified) (bool, error) {
	const q = `
		INSERT INTO auth_reverified (verification, principal, used_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (verification) DO NOTHING`
	n, err := tx.Exec(ctx, q, r.Verification, r.Principal, tx.Now())
	return n == 1, err
}
