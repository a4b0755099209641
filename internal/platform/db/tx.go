package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Tx is a transaction. It belongs to one goroutine.
type Tx struct {
	session session
	*translator
	now     time.Time
	queued  []statement
	reading bool // rows of a query are being read
	after   []func()
}

// Now is the instant of the transaction: the same for every row that it writes.
func (t *Tx) Now() time.Time { return t.now }

// AfterCommit asks for f to run once the transaction is durable; it is dropped when that never happens.
func (t *Tx) AfterCommit(f func()) { t.after = append(t.after, f) }

// Exec runs a statement and says how many rows it touched.
func (t *Tx) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	parts, err := t.translate(q, args)
	if err != nil {
		return 0, err
	}
	var touched int64
	for _, p := range parts {
		n, err := t.session.run(ctx, t.take(), p.text, p.args)
		if err != nil {
			return 0, explain(err, p.text)
		}
		touched += n
	}
	return touched, nil
}

// Queue promises a write whose outcome nobody needs before the commit. Queued writes travel with the next
// statement, in order, in one round trip; an error of theirs is that statement's, or the commit's.
func (t *Tx) Queue(q string, args ...any) error {
	parts, err := t.translate(q, args)
	if err != nil {
		return err
	}
	t.queued = append(t.queued, parts...)
	if !t.reading { // else it would write to what is being read
		t.queued = t.session.start(t.queued)
	}
	return nil
}

// Each runs a query and calls scan for every row.
func (t *Tx) Each(ctx context.Context, scan func(Row) error, q string, args ...any) error {
	parts, err := t.translate(q, args)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := t.each(ctx, scan, p); err != nil {
			return explain(err, p.text)
		}
	}
	return nil
}

func (t *Tx) each(ctx context.Context, scan func(Row) error, p statement) error {
	c, err := t.session.query(ctx, t.take(), p.text, p.args)
	if err != nil {
		return err
	}
	t.reading = true
	defer func() {
		t.reading = false
		c.close()
	}()
	r := &row{c: c}
	for c.Next() {
		if err := scan(r); err != nil {
			return err
		}
	}
	return c.Err()
}

func (t *Tx) take() []statement {
	q := t.queued
	t.queued = nil
	return q
}

// Row is a row being read.
type Row interface {
	// Scan copies the columns; *time.Time reads microseconds, and NULL becomes the zero value of any type.
	Scan(dest ...any) error
}

// row is the cursor's present row. What wraps the destinations is made for the first row and used for all: batches read
// hundreds of rows, and most of their garbage was this.
type row struct {
	c       cursor
	readers []reader
	targets []any
}

func (r *row) Scan(dest ...any) error {
	if len(r.targets) != len(dest) {
		r.readers, r.targets = make([]reader, len(dest)), make([]any, len(dest))
	}
	for i, d := range dest {
		if s, ok := d.(sql.Scanner); ok {
			r.targets[i] = s
			continue
		}
		r.readers[i].dest = d
		r.targets[i] = &r.readers[i]
	}
	return r.c.Scan(r.targets...)
}

// List reads all rows of a query that is limited by itself.
func List[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), q string, args ...any) ([]T, error) {
	var all []T
	err := tx.Each(ctx, func(r Row) error {
		one, err := scan(r)
		if err == nil {
			all = append(all, one)
		}
		return err
	}, q, args...)
	return all, err
}

// Find reads the first row of a query, and says whether there was one.
func Find[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), q string, args ...any) (T, bool, error) {
	all, err := List(ctx, tx, scan, q, args...)
	if err != nil || len(all) == 0 {
		var none T
		return none, false, err
	}
	return all[0], true, nil
}

// One reads the first row of a query, and fails with ErrNotFound when there is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), q string, args ...any) (T, error) {
	v, found, err := Find(ctx, tx, scan, q, args...)
	if err == nil && !found {
		err = ErrNotFound
	}
	return v, err
}

// Value scans a row of one column.
func Value[T any](r Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// explain adds the first words of the statement, which hold no values, so that a log says which one failed.
func explain(err error, text string) error {
	const shown = 60
	words := compact(text)
	if len(words) > shown {
		words = words[:shown]
	}
	return fmt.Errorf("%s: %w", words, err)
}
