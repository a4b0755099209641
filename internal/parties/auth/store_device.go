package auth

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func findDevice(ctx context.Context, tx *db.Tx, p Principal, hash []byte, seenSince time.Time) (id.Device, bool, error) {
	const q = `
		SELECT id FROM auth_device
		 WHERE token_hash = $1 AND principal = $2 AND unbound_at IS NULL AND seen_at > $3`
	return db.Find(ctx, tx, db.Value[id.Device], q, hash, p, seenSince)
}

func listDevices(ctx context.Context, tx *db.Tx, p Principal, seenSince time.Time, limit int) ([]Device, error) {
	const q = `
		SELECT id, name, made_at, seen_at
		  FROM auth_device
		 WHERE principal = $1 AND unbound_at IS NULL AND seen_at > $2
		 ORDER BY seen_at DESC, id DESC
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (Device, error) {
		var d Device
		err := r.Scan(&d.ID, &d.Name, &d.MadeAt, &d.SeenAt)
		return d, err
	}, q, p, seenSince, limit)
}

func insertDevice(ctx context.Context, tx *db.Tx, device id.Device, p Principal, hash []byte, name string) error {
	const q = `
		INSERT INTO auth_device (id, principal, token_hash, name, made_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $5)`
	_, err := tx.Exec(ctx, q, device, p, hash, name, tx.Now())
	return err
}

// moveDevices gives the devices of other principals under an old token a fresh one.
func moveDevices(ctx context.Context, tx *db.Tx, except Principal, old, fresh []byte) error {
	const q = `UPDATE auth_device SET token_hash = $3 WHERE token_hash = $1 AND principal <> $2`
	_, err := tx.Exec(ctx, q, old, except, fresh)
	return err
}

func touchDevice(tx *db.Tx, device id.Device, name string) error {
	const q = `UPDATE auth_device SET seen_at = $2, name = $3 WHERE id = $1`
	return tx.Queue(q, device, tx.Now(), name)
}

func unbindDevice(ctx context.Context, tx *db.Tx, p Principal, device id.Device) (int64, error) {
	const q = `UPDATE auth_device SET unbound_at = $3 WHERE principal = $1 AND id = $2 AND unbound_at IS NULL`
	return tx.Exec(ctx, q, p, device, tx.Now())
}

func unbindDevices(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `UPDATE auth_device SET unbound_at = $2 WHERE principal = $1 AND unbound_at IS NULL`
	_, err := tx.Exec(ctx, q, p, tx.Now())
	return err
}
