package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// noteReached keeps, once for each person, that a figure was reached.
func noteReached(tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO deposit_identification (customer, state, reached_at)
		SELECT r.customer, 'reached', r.reached_at FROM ROWS($1: customer TEXT, reached_at BIGINT) AS r WHERE true
		ON CONFLICT (customer) DO NOTHING`
	return tx.Queue(q, rows)
}

func identificationOf(ctx context.Context, tx *db.Tx, customer id.Customer) (Identification, bool, error) {
	const q = `SELECT customer, state, due_on FROM deposit_identification WHERE customer = $1`
	return db.Find(ctx, tx, scanIdentification, q, customer)
}

func lockIdentification(ctx context.Context, tx *db.Tx, customer id.Customer) (Identification, bool, error) {
	const q = `SELECT customer, state, due_on FROM deposit_identification WHERE customer = $1 FOR UPDATE`
	return db.Find(ctx, tx, scanIdentification, q, customer)
}

// dueIdentifications lists those of whom something is due: to be asked, or to be restricted.
func dueIdentifications(ctx context.Context, tx *db.Tx, today clock.Date, limit int) ([]id.Customer, error) {
	const q = `
		SELECT customer FROM deposit_identification
		 WHERE state = 'reached' OR (state = 'asked' AND due_on < $1)
		 ORDER BY customer
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Customer], q, today, limit)
}

func saveIdentification(ctx context.Context, tx *db.Tx, i Identification) error {
	const q = `UPDATE deposit_identification SET state = $2, due_on = $3, ended_at = $4 WHERE customer = $1`
	_, err := tx.Exec(ctx, q, i.Customer, i.State, i.DueOn, i.ended)
	return err
}

func eraseIdentification(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	_, err := tx.Exec(ctx, `DELETE FROM deposit_identification WHERE customer = $1`, customer)
	return err
}

func scanIdentification(r db.Row) (i Identification, err error) {
	err = r.Scan(&i.Customer, &i.State, &i.DueOn)
	return i, err
}
