package notify

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// orNull keeps an empty text as NULL.
func orNull[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func insertMessages(tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO notify_message (id, customer, template, category, subject, params, sent_at)
		SELECT r.id, r.customer, r.template, r.category, r.subject, r.params, r.sent_at
		  FROM ROWS($1: id TEXT, customer TEXT, template TEXT, category TEXT, subject TEXT, params BYTEA, sent_at BIGINT) AS r`
	return tx.Queue(q, rows)
}

func listNotes(ctx context.Context, tx *db.Tx, customer id.Customer, before id.Message, limit int) ([]note, error) {
	const q = `
		SELECT id, template, category, subject, params, sent_at, read_at
		  FROM notify_message
		 WHERE customer = $1 AND id < $2
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (n note, err error) {
		err = r.Scan(&n.id, &n.template, &n.category, &n.subject, &n.sealed, &n.at, &n.readAt)
		return n, err
	}, q, customer, orLast(before), limit)
}

// orLast begins at the end when no id is given: ~ sorts after all of them.
func orLast[T ~string](before T) string {
	if before == "" {
		return "~"
	}
	return string(before)
}

func countUnread(ctx context.Context, tx *db.Tx, customer id.Customer) (int64, error) {
	const q = `SELECT count(id) FROM notify_message WHERE customer = $1 AND read_at IS NULL`
	return db.One(ctx, tx, db.Value[int64], q, customer)
}

func markRead(ctx context.Context, tx *db.Tx, customer id.Customer, message id.Message) (bool, error) {
	const q = `UPDATE notify_message SET read_at = COALESCE(read_at, $3) WHERE customer = $1 AND id = $2`
	n, err := tx.Exec(ctx, q, customer, message, tx.Now())
	return n == 1, err
}

func markAllRead(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const q = `UPDATE notify_message SET read_at = $2 WHERE customer = $1 AND read_at IS NULL`
	_, err := tx.Exec(ctx, q, customer, tx.Now())
	return err
}

func readChoices(ctx context.Context, tx *db.Tx, customers []id.Customer) (choices, error) {
	rows, seen := db.NewRows(len(customers)), make(map[id.Customer]bool, len(customers))
	for _, c := range customers {
		if !seen[c] {
			seen[c] = true
			rows.Add(c)
		}
	}
	const q = `
		SELECT p.customer, p.category, p.channel, p.chosen
		  FROM ROWS($1: customer TEXT) AS r
		  JOIN notify_preference p ON p.customer = r.customer`
	made := make(choices)
	err := tx.Each(ctx, func(r db.Row) error {
		var customer id.Customer
		var c choice
		var chosen bool
		err := r.Scan(&customer, &c.category, &c.channel, &chosen)
		if made[customer] == nil {
			made[customer] = make(map[choice]bool)
		}
		made[customer][c] = chosen
		return err
	}, q, rows)
	return made, err
}

func saveChoice(ctx context.Context, tx *db.Tx, customer id.Customer, p Preference) error {
	const q = `
		INSERT INTO notify_preference (customer, category, channel, chosen, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (customer, category, channel) DO UPDATE SET chosen = excluded.chosen, changed_at = excluded.changed_at`
	_, err := tx.Exec(ctx, q, customer, p.Category, p.Channel, p.On, tx.Now())
	return err
}

func purgeMessages(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `
		DELETE FROM notify_message
		 WHERE id IN (SELECT id FROM notify_message WHERE id < $1 ORDER BY id LIMIT $2)`
	return tx.Exec(ctx, q, madeAt[id.Message](before), limit)
}

func eraseCustomer(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	for _, q := range []string{`DELETE FROM notify_message WHERE customer = $1`, `DELETE FROM notify_preference WHERE customer = $1`} {
		if err := tx.Queue(q, customer); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM notify_delivery WHERE customer = $1`, customer)
	return err
}
