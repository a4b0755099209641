package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertNotice(ctx context.Context, tx *db.Tx, n NoticeGiven, customer id.Customer) error {
	const q = `INSERT INTO deposit_notice (id, account, customer, amount, due_on, state, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := tx.Exec(ctx, q, n.ID, n.Deposit, customer, n.Amount.Minor(), n.DueOn, n.State, tx.Now())
	return err
}

// noticesOf lists the open notices of a deposit from a day on.
func noticesOf(ctx context.Context, tx *db.Tx, account id.Account, from clock.Date, limit int) ([]NoticeGiven, error) {
	const q = `
		SELECT n.id, n.account, n.amount, n.due_on, n.state, p.currency
		  FROM deposit_notice n
		  JOIN deposit_position p ON p.account = n.account
		 WHERE n.account = $1 AND n.due_on >= $2 AND n.state = 'given'
		 ORDER BY n.due_on, n.id
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (n NoticeGiven, err error) {
		var minor int64
		var c money.Currency
		err = r.Scan(&n.ID, &n.Deposit, &minor, &n.DueOn, &n.State, &c)
		n.Amount = money.New(minor, c)
		return n, err
	}, q, account, from, limit)
}

func setNotice(ctx context.Context, tx *db.Tx, notice, state string) error {
	_, err := tx.Exec(ctx, `UPDATE deposit_notice SET state = $2 WHERE id = $1`, notice, state)
	return err
}

// endNotice ends an open notice of a deposit, and says whether there was one.
func endNotice(ctx context.Context, tx *db.Tx, account id.Account, notice, state string) (bool, error) {
	const q = `UPDATE deposit_notice SET state = $3 WHERE id = $1 AND account = $2 AND state = 'given'`
	n, err := tx.Exec(ctx, q, notice, account, state)
	return n == 1, err
}

func insertOffer(ctx context.Context, tx *db.Tx, o Offer) error {
	const q = `
		INSERT INTO deposit_offer (id, account, seller, buyer, price, state, expires_on, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	_, err := tx.Exec(ctx, q, o.ID, o.Deposit, o.Seller, o.Buyer, o.Price.Minor(), o.State, o.ExpiresOn, tx.Now())
	return err
}

// lapseOffers ends the offers of a certificate that nobody took in time.
func lapseOffers(ctx context.Context, tx *db.Tx, account id.Account, today clock.Date) error {
	const q = `UPDATE deposit_offer SET state = 'withdrawn' WHERE account = $1 AND state = 'open' AND expires_on < $2`
	_, err := tx.Exec(ctx, q, account, today)
	return err
}

func endOffer(ctx context.Context, tx *db.Tx, offer, state string, bought id.Account) error {
	_, err := tx.Exec(ctx, `UPDATE deposit_offer SET state = $2, bought = $3 WHERE id = $1`, offer, state, bought)
	return err
}

func offersOf(ctx context.Context, tx *db.Tx, customer id.Customer, today clock.Date, limit int) ([]Offer, error) {
	const q = `
		SELECT o.id, o.account, o.seller, o.buyer, o.price, o.state, o.expires_on, o.bought
		  FROM deposit_offer o
		 WHERE (o.buyer = $1 OR o.seller = $1) AND o.state = 'open' AND o.expires_on >= $2
		 ORDER BY o.id DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanOffer, q, customer, today, limit)
}

func findOffer(ctx context.Context, tx *db.Tx, offer string) (Offer, bool, error) {
	const q = `SELECT id, account, seller, buyer, price, state, expires_on, bought FROM deposit_offer WHERE id = $1`
	return db.Find(ctx, tx, scanOffer, q, offer)
}

func lockOffer(ctx context.Context, tx *db.Tx, offer string) (Offer, bool, error) {
	const q = `SELECT id, account, seller, buyer, price, state, expires_on, bought FROM deposit_offer WHERE id = $1 FOR UPDATE`
	return db.Find(ctx, tx, scanOffer, q, offer)
}

func scanOffer(r db.Row) (o Offer, err error) {
	var price int64
	err = r.Scan(&o.ID, &o.Deposit, &o.Seller, &o.Buyer, &price, &o.State, &o.ExpiresOn, &o.Bought)
	o.Price = money.New(price, money.CNY) // in the currency of the certificate, which look puts in its place
	return o, err
}
