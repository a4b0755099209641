package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

const payeesShown = 500 // the most that a book can hold, see rule payment.payee.most_count

func payeesOf(ctx context.Context, tx *db.Tx, owner id.Customer) ([]payeeRow, error) {
	const q = `
		SELECT p.id, p.name, p.number, p.nickname, p.made_at, l.last_at
		  FROM payment_payee p
		  LEFT JOIN payment_relation l ON l.customer = p.customer AND l.payee_account = p.payee_account
		 WHERE p.customer = $1
		 ORDER BY COALESCE(l.last_at, p.made_at) DESC, p.id
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (p payeeRow, err error) {
		err = r.Scan(&p.ID, &p.name, &p.number, &p.nickname, &p.MadeAt, &p.PaidAt)
		return p, err
	}, q, owner, payeesShown)
}

func countPayees(ctx context.Context, tx *db.Tx, owner id.Customer) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], `SELECT count(*) FROM payment_payee WHERE customer = $1`, owner)
}

func insertPayee(ctx context.Context, tx *db.Tx, owner id.Customer, a deposit.Account, p payeeRow) error {
	const q = `
		INSERT INTO payment_payee (id, customer, payee, payee_account, name, number, nickname, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	_, err := tx.Exec(ctx, q, p.ID, owner, a.Customer, a.ID, p.name, p.number, p.nickname, p.MadeAt)
	return err
}

func setPayeeNickname(ctx context.Context, tx *db.Tx, owner id.Customer, payee id.Payee, sealed []byte) (int64, error) {
	return tx.Exec(ctx, `UPDATE payment_payee SET nickname = $3 WHERE id = $2 AND customer = $1`, owner, payee, sealed)
}

func deletePayee(ctx context.Context, tx *db.Tx, owner id.Customer, payee id.Payee) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM payment_payee WHERE id = $2 AND customer = $1`, owner, payee)
}

func bookAccount(ctx context.Context, tx *db.Tx, owner id.Customer, payee id.Payee) (id.Account, bool, error) {
	const q = `SELECT payee_account FROM payment_payee WHERE id = $2 AND customer = $1`
	return db.Find(ctx, tx, db.Value[id.Account], q, owner, payee)
}

func ensureReceiving(ctx context.Context, tx *db.Tx, customer id.Customer, code string) error {
	const q = `
		INSERT INTO payment_receiving (customer, code, discoverable, made_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (customer) DO NOTHING`
	_, err := tx.Exec(ctx, q, customer, code, true, tx.Now())
	return err
}

func receiving(ctx context.Context, tx *db.Tx, customer id.Customer) (Receiving, error) {
	const q = `SELECT code, discoverable FROM payment_receiving WHERE customer = $1`
	return db.One(ctx, tx, func(r db.Row) (x Receiving, err error) {
		err = r.Scan(&x.Code, &x.Discoverable)
		return x, err
	}, q, customer)
}

func setDiscoverable(ctx context.Context, tx *db.Tx, customer id.Customer, yes bool) error {
	_, err := tx.Exec(ctx, `UPDATE payment_receiving SET discoverable = $2 WHERE customer = $1`, customer, yes)
	return err
}

func undiscoverable(ctx context.Context, tx *db.Tx, customer id.Customer) (bool, error) {
	const q = `SELECT 1 FROM payment_receiving WHERE customer = $1 AND NOT discoverable`
	_, hidden, err := db.Find(ctx, tx, db.Value[int64], q, customer)
	return hidden, err
}

func receiverOf(ctx context.Context, tx *db.Tx, code string) (id.Customer, bool, error) {
	return db.Find(ctx, tx, db.Value[id.Customer], `SELECT customer FROM payment_receiving WHERE code = $1`, code)
}
