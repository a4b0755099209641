package auth

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insertPrincipal(ctx context.Context, tx *db.Tx, p Principal, password string) error {
	const q = `
		INSERT INTO auth_principal (id, kind, state, password, made_at)
		VALUES ($1, $2, $3, $4, $5)`
	_, err := tx.Exec(ctx, q, p, p.kind(), Active, null(password), tx.Now())
	return err
}

func findPrincipal(ctx context.Context, tx *db.Tx, p Principal, lock bool) (principal, bool, error) {
	const read = `SELECT id, state, password, factor_changed_at FROM auth_principal WHERE id = $1`
	if lock {
		return db.Find(ctx, tx, scanPrincipal, read+` FOR UPDATE`, p)
	}
	return db.Find(ctx, tx, scanPrincipal, read, p)
}

func scanPrincipal(r db.Row) (principal, error) {
	var p principal
	err := r.Scan(&p.id, &p.state, &p.password, &p.changed)
	return p, err
}

func savePrincipalState(ctx context.Context, tx *db.Tx, p principal) error {
	const q = `UPDATE auth_principal SET state = $2 WHERE id = $1`
	_, err := tx.Exec(ctx, q, p.id, p.state)
	return err
}

func savePassword(ctx context.Context, tx *db.Tx, p Principal, phc string) error {
	const q = `UPDATE auth_principal SET password = $2 WHERE id = $1`
	_, err := tx.Exec(ctx, q, p, phc)
	return err
}

// renewPassword writes a fresh hash of the same password, unless the password was changed meanwhile.
func renewPassword(ctx context.Context, tx *db.Tx, p Principal, old, phc string) error {
	const q = `UPDATE auth_principal SET password = $3 WHERE id = $1 AND password = $2`
	_, err := tx.Exec(ctx, q, p, old, phc)
	return err
}

func clearPassword(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `UPDATE auth_principal SET password = NULL WHERE id = $1`
	_, err := tx.Exec(ctx, q, p)
	return err
}

func saveFactorChanged(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `UPDATE auth_principal SET factor_changed_at = $2 WHERE id = $1`
	_, err := tx.Exec(ctx, q, p, tx.Now())
	return err
}

// listFactorChanges are the instants of changes since a time, by principal.
func listFactorChanges(ctx context.Context, tx *db.Tx, ps []Principal, since time.Time) (map[Principal]time.Time, error) {
	const q = `
		SELECT p.id, p.factor_changed_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN auth_principal p ON p.id = r.id
		 WHERE p.factor_changed_at > $2`
	rows := db.NewRows(len(ps))
	for _, p := range ps {
		rows.Add(string(p))
	}
	changed := make(map[Principal]time.Time)
	err := tx.Each(ctx, func(r db.Row) error {
		var p Principal
		var at time.Time
		err := r.Scan(&p, &at)
		changed[p] = at
		return err
	}, q, rows, since)
	return changed, err
}

// null is the argument for a text that may be missing.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
