package bus

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// message is an event on its way from the outbox.
type message struct {
	id, kind, body string
}

func queueOutbox(tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO bus_outbox (id, type, body, made_at)
		SELECT r.id, r.type, r.body, r.made_at
		  FROM ROWS($1: id TEXT, type TEXT, body TEXT, made_at BIGINT) AS r`
	return tx.Queue(q, rows)
}

func claimOutbox(ctx context.Context, tx *db.Tx, limit int, until time.Time) ([]message, error) {
	const q = `
		UPDATE bus_outbox SET claimed_until = $2
		 WHERE id IN (
			SELECT id FROM bus_outbox WHERE claimed_until IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING id, type, body`
	return db.List(ctx, tx, func(r db.Row) (message, error) {
		var m message
		err := r.Scan(&m.id, &m.kind, &m.body)
		return m, err
	}, q, limit, until)
}

func deleteOutbox(ctx context.Context, tx *db.Tx, ids *db.Rows) error {
	const q = `DELETE FROM bus_outbox WHERE id IN (SELECT r.id FROM ROWS($1: id TEXT) AS r)`
	_, err := tx.Exec(ctx, q, ids)
	return err
}

func releaseOutbox(ctx context.Context, tx *db.Tx, ids *db.Rows) error {
	const q = `
		UPDATE bus_outbox SET claimed_until = NULL
		 WHERE id IN (SELECT r.id FROM ROWS($1: id TEXT) AS r)`
	_, err := tx.Exec(ctx, q, ids)
	return err
}

// recoverOutbox gives back what a relay claimed that stopped before it could delete it.
func recoverOutbox(ctx context.Context, tx *db.Tx, now time.Time) (int64, error) {
	const q = `UPDATE bus_outbox SET claimed_until = NULL WHERE claimed_until < $1`
	return tx.Exec(ctx, q, now)
}

// insertConsumed marks events as applied, and returns those that were not yet.
func insertConsumed(ctx context.Context, tx *db.Tx, rows *db.Rows) (map[string]bool, error) {
	const q = `
		INSERT INTO bus_consumed (consumer, event, at)
		SELECT r.consumer, r.event, r.at
		  FROM ROWS($1: consumer TEXT, event TEXT, at BIGINT) AS r
		 WHERE true
		ON CONFLICT (consumer, event) DO NOTHING
		RETURNING event`
	fresh := make(map[string]bool, rows.Len())
	err := tx.Each(ctx, func(r db.Row) error {
		var event string
		err := r.Scan(&event)
		fresh[event] = true
		return err
	}, q, rows)
	return fresh, err
}

// advance moves the position of a consumer on a subject forward, and reports false when it was there or beyond.
func advance(ctx context.Context, tx *db.Tx, consumer, subject string, sequence int64) (bool, error) {
	const q = `
		INSERT INTO bus_position (consumer, subject, sequence)
		VALUES ($1, $2, $3)
		ON CONFLICT (consumer, subject) DO UPDATE SET sequence = excluded.sequence
		 WHERE bus_position.sequence < excluded.sequence`
	n, err := tx.Exec(ctx, q, consumer, subject, sequence)
	return n == 1, err
}

type seen struct {
	event string
	at    time.Time
}

// oldestConsumed reads what a consumer saw first: ids sort by time.
func oldestConsumed(ctx context.Context, tx *db.Tx, consumer string, limit int) ([]seen, error) {
	const q = `SELECT event, at FROM bus_consumed WHERE consumer = $1 ORDER BY event LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (seen, error) {
		var s seen
		err := r.Scan(&s.event, &s.at)
		return s, err
	}, q, consumer, limit)
}

func deleteConsumed(ctx context.Context, tx *db.Tx, consumer, upTo string) error {
	const q = `DELETE FROM bus_consumed WHERE consumer = $1 AND event <= $2`
	_, err := tx.Exec(ctx, q, consumer, upTo)
	return err
}

func saveDeadLetter(ctx context.Context, tx *db.Tx, l DeadLetter, body string) error {
	const q = `
		INSERT INTO bus_dead_letter (consumer, event, type, body, code, attempts, failed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (consumer, event) DO UPDATE
		   SET code = excluded.code, attempts = excluded.attempts, failed_at = excluded.failed_at`
	_, err := tx.Exec(ctx, q, l.Consumer, l.Event, l.Type, body, l.Code, l.Attempts, l.FailedAt)
	return err
}

func listDeadLetters(ctx context.Context, tx *db.Tx, p Page) ([]DeadLetter, error) {
	const q = `
		SELECT consumer, event, type, code, attempts, failed_at
		  FROM bus_dead_letter
		 WHERE (consumer, event) > ($1, $2)
		 ORDER BY consumer, event
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (DeadLetter, error) {
		var l DeadLetter
		err := r.Scan(&l.Consumer, &l.Event, &l.Type, &l.Code, &l.Attempts, &l.FailedAt)
		return l, err
	}, q, p.AfterConsumer, p.AfterEvent, p.Limit)
}

func lockDeadLetter(ctx context.Context, tx *db.Tx, consumer, event string) (string, int64, error) {
	const q = `SELECT body, attempts FROM bus_dead_letter WHERE consumer = $1 AND event = $2 FOR UPDATE`
	type row struct {
		body     string
		attempts int64
	}
	l, err := db.One(ctx, tx, func(r db.Row) (row, error) {
		var l row
		err := r.Scan(&l.body, &l.attempts)
		return l, err
	}, q, consumer, event)
	return l.body, l.attempts, err
}

func deleteDeadLetter(ctx context.Context, tx *db.Tx, consumer, event string) (bool, error) {
	const q = `DELETE FROM bus_dead_letter WHERE consumer = $1 AND event = $2`
	n, err := tx.Exec(ctx, q, consumer, event)
	return n == 1, err
}

// waiting counts what the relay has not yet handed over, and says since when the oldest waits.
func waiting(ctx context.Context, tx *db.Tx) (count int64, oldest time.Time, err error) {
	const q = `SELECT count(*), min(made_at) FROM bus_outbox WHERE claimed_until IS NULL`
	err = tx.Each(ctx, func(r db.Row) error { return r.Scan(&count, &oldest) }, q)
	return count, oldest, err
}

func countDeadLetters(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], `SELECT count(*) FROM bus_dead_letter`)
}
