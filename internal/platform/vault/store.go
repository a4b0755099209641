package vault

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// insertKey stores a key, and says whether the owner had none before.
func insertKey(ctx context.Context, tx *db.Tx, owner string, wrapped []byte) (bool, error) {
	const q = `
		INSERT INTO vault_key (owner, wrapped, made_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (owner) DO NOTHING`
	n, err := tx.Exec(ctx, q, owner, wrapped, tx.Now())
	return n == 1, err
}

func findKey(ctx context.Context, tx *db.Tx, owner string) (stored, bool, error) {
	const q = `SELECT owner, wrapped, made_at, destroyed_at FROM vault_key WHERE owner = $1`
	return db.Find(ctx, tx, scanKey, q, owner)
}

func readKeys(ctx context.Context, tx *db.Tx, owners *db.Rows) ([]stored, error) {
	const q = `
		SELECT k.owner, k.wrapped, k.made_at, k.destroyed_at
		  FROM ROWS($1: owner TEXT) AS r
		  JOIN vault_key k ON k.owner = r.owner`
	return db.List(ctx, tx, scanKey, q, owners)
}

func lockKey(ctx context.Context, tx *db.Tx, owner string) (stored, error) {
	const q = `SELECT owner, wrapped, made_at, destroyed_at FROM vault_key WHERE owner = $1 FOR UPDATE`
	k, found, err := db.Find(ctx, tx, scanKey, q, owner)
	if err == nil && !found {
		err = fmt.Errorf("%w: %s", ErrNoKey, owner)
	}
	return k, err
}

// destroyKey leaves the row, so that the owner can never be given a new key by mistake.
func destroyKey(ctx context.Context, tx *db.Tx, owner string) error {
	const q = `UPDATE vault_key SET wrapped = NULL, destroyed_at = $2 WHERE owner = $1`
	_, err := tx.Exec(ctx, q, owner, tx.Now())
	return err
}

func lockKeysAfter(ctx context.Context, tx *db.Tx, after string, limit int) ([]stored, error) {
	const q = `
		SELECT owner, wrapped, made_at, destroyed_at
		  FROM vault_key
		 WHERE owner > $1 AND destroyed_at IS NULL
		 ORDER BY owner
		 LIMIT $2
		   FOR UPDATE`
	return db.List(ctx, tx, scanKey, q, after, limit)
}

func replaceKeys(ctx context.Context, tx *db.Tx, rows *db.Rows) error {
	const q = `
		UPDATE vault_key SET wrapped = r.wrapped
		  FROM ROWS($1: owner TEXT, wrapped BYTEA) AS r
		 WHERE vault_key.owner = r.owner`
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func scanKey(r db.Row) (stored, error) {
	var k stored
	err := r.Scan(&k.owner, &k.wrapped, &k.madeAt, &k.destroyedAt)
	return k, err
}
