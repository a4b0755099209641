package customer

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertExport(ctx context.Context, tx *db.Tx, customer id.Customer, e Export) error {
	const q = `INSERT INTO customer_export (id, customer_id, state, requested_at) VALUES ($1, $2, $3, $4)`
	_, err := tx.Exec(ctx, q, e.ID, customer, e.State, e.RequestedAt)
	return err
}

func saveExport(ctx context.Context, tx *db.Tx, e Export, sealed []byte) error {
	const q = `UPDATE customer_export SET state = $2, content = $3, ready_at = $4, expires_at = $5 WHERE id = $1`
	_, err := tx.Exec(ctx, q, e.ID, e.State, null(sealed), e.ReadyAt, e.ExpiresAt)
	return err
}

func listExports(ctx context.Context, tx *db.Tx, customer id.Customer, limit int) ([]Export, error) {
	const q = `
		SELECT id, state, requested_at, ready_at, expires_at
		  FROM customer_export
		 WHERE customer_id = $1
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (Export, error) {
		var e Export
		err := r.Scan(&e.ID, &e.State, &e.RequestedAt, &e.ReadyAt, &e.ExpiresAt)
		return e, err
	}, q, customer, limit)
}

func findExport(ctx context.Context, tx *db.Tx, customer id.Customer, export string) (Export, []byte, bool, error) {
	const q = `
		SELECT id, state, requested_at, ready_at, expires_at, content
		  FROM customer_export
		 WHERE id = $1 AND customer_id = $2`
	var sealed []byte
	e, found, err := db.Find(ctx, tx, func(r db.Row) (Export, error) {
		var e Export
		err := r.Scan(&e.ID, &e.State, &e.RequestedAt, &e.ReadyAt, &e.ExpiresAt, &sealed)
		return e, err
	}, q, export, customer)
	return e, sealed, found, err
}

func expireExports(ctx context.Context, tx *db.Tx) error {
	const q = `UPDATE customer_export SET state = 'expired', content = NULL WHERE state = 'ready' AND expires_at <= $1`
	_, err := tx.Exec(ctx, q, tx.Now())
	return err
}

func deleteExports(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const q = `DELETE FROM customer_export WHERE customer_id = $1`
	_, err := tx.Exec(ctx, q, customer)
	return err
}
