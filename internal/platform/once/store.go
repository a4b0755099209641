package once

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insertRows(ctx context.Context, tx *db.Tx, rows *db.Rows) (map[scope]string, error) {
	const q = `
		INSERT INTO once_claim (scope, operation, key, body_hash, entity, made_at)
		SELECT r.scope, r.operation, r.key, r.body_hash, r.entity, r.made_at
		  FROM ROWS($1: scope BYTEA, operation TEXT, key TEXT, body_hash BYTEA, entity TEXT, made_at BIGINT) AS r
		 WHERE true
		ON CONFLICT (scope) DO NOTHING
		RETURNING scope, entity`
	first := make(map[scope]string, rows.Len())
	err := tx.Each(ctx, func(r db.Row) error {
		var of []byte
		var entity string
		if err := r.Scan(&of, &entity); err != nil {
			return err
		}
		first[scope(of)] = entity
		return nil
	}, q, rows)
	return first, err
}

func read(ctx context.Context, tx *db.Tx, rows *db.Rows, into map[scope]original) error {
	const q = `
		SELECT c.scope, c.body_hash, c.entity
		  FROM ROWS($1: scope BYTEA) AS r
		  JOIN once_claim c ON c.scope = r.scope`
	return tx.Each(ctx, func(r db.Row) error {
		var of, body []byte
		var o original
		if err := r.Scan(&of, &body, &o.entity); err != nil {
			return err
		}
		copy(o.body[:], body)
		into[scope(of)] = o
		return nil
	}, q, rows)
}

func remove(ctx context.Context, tx *db.Tx, rows *db.Rows) error {
	const q = `DELETE FROM once_claim WHERE scope IN (SELECT r.scope FROM ROWS($1: scope BYTEA) AS r)`
	_, err := tx.Exec(ctx, q, rows)
	return err
}
