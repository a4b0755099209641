package auth

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertSession(ctx context.Context, tx *db.Tx, x Session, hash []byte) error {
	const q = `
		INSERT INTO auth_session (id, principal, kind, audience, token_hash, device, name, network, method, made_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	_, err := tx.Exec(ctx, q, x.ID, x.Principal, x.Kind, x.Audience, hash, x.Device, x.Name, x.Network, x.Method,
		x.MadeAt, x.SeenAt, x.ExpiresAt)
	return err
}

func findSession(ctx context.Context, tx *db.Tx, hash []byte) (Session, bool, error) {
	const q = `
		SELECT id, principal, kind, audience, device, name, network, method, made_at, seen_at, expires_at, ended_at
		  FROM auth_session
		 WHERE token_hash = $1`
	return db.Find(ctx, tx, scanSession, q, hash)
}

func listSessions(ctx context.Context, tx *db.Tx, p Principal, now time.Time, limit int) ([]Session, error) {
	const q = `
		SELECT id, principal, kind, audience, device, name, network, method, made_at, seen_at, expires_at, ended_at
		  FROM auth_session
		 WHERE principal = $1 AND ended_at IS NULL AND expires_at > $2
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanSession, q, p, now, limit)
}

func scanSession(r db.Row) (Session, error) {
	var x Session
	err := r.Scan(&x.ID, &x.Principal, &x.Kind, &x.Audience, &x.Device, &x.Name, &x.Network, &x.Method,
		&x.MadeAt, &x.SeenAt, &x.ExpiresAt, &x.endedAt)
	return x, err
}

func touchSession(tx *db.Tx, session id.Session) error {
	const q = `UPDATE auth_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2 AND ended_at IS NULL`
	return tx.Queue(q, session, tx.Now())
}

func endSession(ctx context.Context, tx *db.Tx, p Principal, session id.Session) (int64, error) {
	const q = `UPDATE auth_session SET ended_at = $3 WHERE principal = $1 AND id = $2 AND ended_at IS NULL`
	return tx.Exec(ctx, q, p, session, tx.Now())
}

// endSessions ends the sessions of a principal but one, and says how many.
func endSessions(ctx context.Context, tx *db.Tx, p Principal, except id.Session) (int64, error) {
	const q = `UPDATE auth_session SET ended_at = $3 WHERE principal = $1 AND id <> $2 AND ended_at IS NULL`
	return tx.Exec(ctx, q, p, except, tx.Now())
}

func endDeviceSessions(ctx context.Context, tx *db.Tx, p Principal, device id.Device) (int64, error) {
	const q = `UPDATE auth_session SET ended_at = $3 WHERE principal = $1 AND device = $2 AND ended_at IS NULL`
	return tx.Exec(ctx, q, p, device, tx.Now())
}
