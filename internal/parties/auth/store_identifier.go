package auth

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func findIdentifier(ctx context.Context, tx *db.Tx, kind ContactKind, blind []byte) (Principal, bool, error) {
	const q = `SELECT principal FROM auth_identifier WHERE kind = $1 AND blind = $2`
	return db.Find(ctx, tx, db.Value[Principal], q, kind, blind)
}

func listIdentifiers(ctx context.Context, tx *db.Tx, p Principal) ([]identifier, error) {
	const q = `
		SELECT principal, kind, blind, sealed
		  FROM auth_identifier
		 WHERE principal = $1
		 ORDER BY kind DESC` // phone before email; a principal has one of each
	return db.List(ctx, tx, scanIdentifier, q, p)
}

func lockIdentifiersAfter(ctx context.Context, tx *db.Tx, after identifier, limit int) ([]identifier, error) {
	const q = `
		SELECT principal, kind, blind, sealed
		  FROM auth_identifier
		 WHERE (principal, kind) > ($1, $2)
		 ORDER BY principal, kind
		 LIMIT $3
		   FOR UPDATE`
	return db.List(ctx, tx, scanIdentifier, q, after.principal, after.kind, limit)
}

func upsertIdentifier(ctx context.Context, tx *db.Tx, i identifier) error {
	const q = `
		INSERT INTO auth_identifier (principal, kind, blind, sealed, verified_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (principal, kind) DO UPDATE
		SET blind = excluded.blind, sealed = excluded.sealed, verified_at = excluded.verified_at`
	_, err := tx.Exec(ctx, q, i.principal, i.kind, i.blind, i.sealed, tx.Now())
	return err
}

func reindexIdentifier(ctx context.Context, tx *db.Tx, i identifier) error {
	const q = `UPDATE auth_identifier SET blind = $3 WHERE principal = $1 AND kind = $2`
	return tx.Queue(q, i.principal, i.kind, i.blind)
}

func deleteIdentifiers(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `DELETE FROM auth_identifier WHERE principal = $1`
	_, err := tx.Exec(ctx, q, p)
	return err
}

func scanIdentifier(r db.Row) (identifier, error) {
	var i identifier
	err := r.Scan(&i.principal, &i.kind, &i.blind, &i.sealed)
	return i, err
}
