package once

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insertRows(ctx context.Context, tx *db.Tx, rows *db.Rows) (map[scope]string, error) {
	const q = `
		INSERT INTO once_key (principal, operation, key, body_hash, entity, made_at)
		SELECT r.principal, r.operation, r.key, r.body_hash, r.entity, r.made_at
		  FROM ROWS($1: principal TEXT, operation TEXT, key TEXT, body_hash BYTEA, entity TEXT, made_at BIGINT) AS r
		 WHERE true
		ON CONFLICT (principal, operation, key) DO NOTHING
		RETURNING principal, operation, key, entity`
	first := make(map[scope]string, rows.Len())
	err := tx.Each(ctx, func(r db.Row) error {
		var s scope
		var entity string
		err := r.Scan(&s.principal, &s.operation, &s.key, &entity)
		first[s] = entity
		return err
	}, q, rows)
	return first, err
}

func read(ctx context.Context, tx *db.Tx, rows *db.Rows, into map[scope]Key) error {
	const q = `
		SELECT k.principal, k.operation, k.key, k.body_hash, k.entity
		  FROM ROWS($1: principal TEXT, operation TEXT, key TEXT) AS r
		  JOIN once_key k ON k.principal = r.principal AND k.operation = r.operation AND k.key = r.key`
	return tx.Each(ctx, func(r db.Row) error {
		var k Key
		var body []byte
		if err := r.Scan(&k.Principal, &k.Operation, &k.Key, &body, &k.Entity); err != nil {
			return err
		}
		copy(k.Body[:], body)
		into[k.scope()] = k
		return nil
	}, q, rows)
}

func remove(ctx context.Context, tx *db.Tx, rows *db.Rows) error {
	const q = `
		DELETE FROM once_key
		 WHERE (principal, operation, key) IN (
			SELECT r.principal, r.operation, r.key FROM ROWS($1: principal TEXT, operation TEXT, key TEXT) AS r)`
	_, err := tx.Exec(ctx, q, rows)
	return err
}
