package auth

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertTicket(ctx context.Context, tx *db.Tx, t ticket) error {
	const q = `
		INSERT INTO auth_ticket (token_hash, principal, method, device_hash, network, audience, tries, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`
	_, err := tx.Exec(ctx, q, t.hash, t.principal, t.method, t.device, t.network, t.audience, t.expires)
	return err
}

func lockTicket(ctx context.Context, tx *db.Tx, hash []byte) (ticket, bool, error) {
	const q = `
		SELECT token_hash, principal, method, device_hash, network, audience, tries, expires_at, used_at
		  FROM auth_ticket
		 WHERE token_hash = $1
		   FOR UPDATE`
	return db.Find(ctx, tx, func(r db.Row) (ticket, error) {
		var t ticket
		err := r.Scan(&t.hash, &t.principal, &t.method, &t.device, &t.network, &t.audience, &t.tries, &t.expires, &t.used)
		return t, err
	}, q, hash)
}

func countTicket(ctx context.Context, tx *db.Tx, t ticket) error {
	const q = `UPDATE auth_ticket SET tries = tries + 1 WHERE token_hash = $1`
	_, err := tx.Exec(ctx, q, t.hash)
	return err
}

func useTicket(ctx context.Context, tx *db.Tx, t ticket) (int64, error) {
	const q = `UPDATE auth_ticket SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL`
	return tx.Exec(ctx, q, t.hash, tx.Now())
}

func deleteTickets(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `DELETE FROM auth_ticket WHERE principal = $1 AND used_at IS NULL`
	_, err := tx.Exec(ctx, q, p)
	return err
}

func insertSignIn(tx *db.Tx, p Principal, a Attempt) error {
	const q = `
		INSERT INTO auth_sign_in (id, principal, at, method, code, name, network)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	return tx.Queue(q, id.Raw(a.At), p, a.At, a.Method, null(a.Code), a.Name, a.Network)
}

func listSignIns(ctx context.Context, tx *db.Tx, p Principal, before string, limit int) ([]Attempt, error) {
	const q = `
		SELECT id, at, method, code, name, network
		  FROM auth_sign_in
		 WHERE principal = $1 AND id < $2
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (Attempt, error) {
		var a Attempt
		err := r.Scan(&a.Cursor, &a.At, &a.Method, &a.Code, &a.Name, &a.Network)
		a.Done = a.Code == ""
		return a, err
	}, q, p, before, limit)
}
