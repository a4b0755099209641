package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// unsettledOf lists a payer's orders that moved no money, the latest first.
func unsettledOf(ctx context.Context, tx *db.Tx, payer id.Customer, limit int) ([]Transfer, error) {
	const q = `
		SELECT id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small,
		       channel, branch, actor, device, session, address, trace, intent, journal, hold, payer_view, payee_view,
		       ordered_on, made_at, due_at, settled_at, ended_at, reversal
		  FROM payment_transfer
		 WHERE payer = $1 AND state IN ('delayed', 'held', 'refused', 'cancelled')
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, scanTransfer, q, payer, limit)
}

func findReceiving(ctx context.Context, tx *db.Tx, customer id.Customer) (Receiving, bool, error) {
	const q = `SELECT code, discoverable FROM payment_receiving WHERE customer = $1`
	return db.Find(ctx, tx, func(r db.Row) (x Receiving, err error) {
		err = r.Scan(&x.Code, &x.Discoverable)
		return x, err
	}, q, customer)
}

func eraseCustomer(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	for _, q := range []string{
		`DELETE FROM payment_payee WHERE customer = $1`,
		`DELETE FROM payment_relation WHERE customer = $1`,
		`DELETE FROM payment_receiving WHERE customer = $1`,
		`DELETE FROM payment_receipt WHERE customer = $1`,
	} {
		if err := tx.Queue(q, customer); err != nil {
			return err
		}
	}
	const places = `
		UPDATE payment_transfer SET device = '', session = '', address = '', payer_view = NULL
		 WHERE payer = $1`
	_, err := tx.Exec(ctx, places, customer)
	return err
}
