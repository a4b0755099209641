package notify

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertDeliveries(tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO notify_delivery (id, message, customer, owner, channel, template, content, state, attempts, expires_at, made_at)
		SELECT r.id, r.message, r.customer, r.owner, r.channel, r.template, r.content, r.state, 0, r.expires_at, r.made_at
		  FROM ROWS($1: id TEXT, message TEXT, customer TEXT, owner TEXT, channel TEXT, template TEXT, content BYTEA,
		            state TEXT, expires_at BIGINT, made_at BIGINT) AS r`
	return tx.Queue(q, rows)
}

func findDelivery(ctx context.Context, tx *db.Tx, of id.Delivery) (delivery, bool, error) {
	const q = `
		SELECT id, message, customer, owner, channel, template, content, state, attempts, expires_at
		  FROM notify_delivery
		 WHERE id = $1`
	return db.Find(ctx, tx, func(r db.Row) (d delivery, err error) {
		err = r.Scan(&d.id, &d.message, &d.customer, &d.owner, &d.channel, &d.template, &d.sealed, &d.state, &d.attempts, &d.expires)
		return d, err
	}, q, of)
}

// endAttempt keeps what came of an attempt; once it is over, the content goes.
func endAttempt(ctx context.Context, tx *db.Tx, of id.Delivery, e ending) error {
	const again = `UPDATE notify_delivery SET attempts = attempts + 1, reason = $2 WHERE id = $1 AND state = 'pending'`
	const over = `
		UPDATE notify_delivery SET attempts = attempts + 1, reason = $2, state = $3, content = NULL, done_at = $4
		 WHERE id = $1 AND state = 'pending'`
	var err error
	if e.state == Pending {
		_, err = tx.Exec(ctx, again, of, orNull(e.reason))
	} else {
		_, err = tx.Exec(ctx, over, of, orNull(e.reason), e.state, tx.Now())
	}
	return err
}

// report keeps what a gateway says about a message that was sent; the last word counts.
func report(ctx context.Context, tx *db.Tx, of id.Delivery, s State, reason string) error {
	const q = `
		UPDATE notify_delivery SET state = $2, reason = $3
		 WHERE id = $1 AND channel = 'sms' AND state IN ('sent', 'undelivered')`
	_, err := tx.Exec(ctx, q, of, s, orNull(reason))
	return err
}

func listDeliveries(ctx context.Context, tx *db.Tx, customer id.Customer, before id.Delivery, limit int) ([]Delivery, error) {
	const q = `
		SELECT id, message, channel, template, state, reason, attempts, made_at, done_at
		  FROM notify_delivery
		 WHERE customer = $1 AND id < $2
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (d Delivery, err error) {
		err = r.Scan(&d.ID, &d.Message, &d.Channel, &d.Template, &d.State, &d.Reason, &d.Attempts, &d.At, &d.Ended)
		return d, err
	}, q, customer, orLast(before), limit)
}

func purgeDeliveries(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `
		DELETE FROM notify_delivery
		 WHERE id IN (SELECT id FROM notify_delivery WHERE id < $1 ORDER BY id LIMIT $2)`
	return tx.Exec(ctx, q, madeAt[id.Delivery](before), limit)
}

func insertCopy(tx *db.Tx, key string, c Copy) error {
	const q = `
		INSERT INTO notify_outbox_demo (id, channel, recipient, title, body, code, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	return tx.Queue(q, key, c.Channel, c.To, orNull(c.Title), c.Text, orNull(c.Code), c.At)
}

func listCopies(ctx context.Context, tx *db.Tx, to, abroad string, limit int) ([]Copy, error) {
	const columns = `SELECT sent_at, channel, recipient, title, body, code FROM notify_outbox_demo `
	const latest = columns + `ORDER BY id DESC LIMIT $1`
	const of = columns + `WHERE recipient IN ($2, $3) ORDER BY id DESC LIMIT $1`
	scan := func(r db.Row) (c Copy, err error) {
		err = r.Scan(&c.At, &c.Channel, &c.To, &c.Title, &c.Text, &c.Code)
		return c, err
	}
	if to == "" {
		return db.List(ctx, tx, scan, latest, limit)
	}
	return db.List(ctx, tx, scan, of, limit, to, abroad)
}

func purgeCopies(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `
		DELETE FROM notify_outbox_demo
		 WHERE id IN (SELECT id FROM notify_outbox_demo WHERE sent_at < $1 ORDER BY id LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}
