package insight

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func hasStatement(ctx context.Context, tx *db.Tx, owner id.Customer, m Month) (bool, error) {
	const q = `SELECT count(*) FROM insight_statement WHERE customer = $1 AND month = $2`
	n, err := db.One(ctx, tx, db.Value[int64], q, owner, m.String())
	return n > 0, err
}

// insertStatement reports false when the month has one already.
func insertStatement(ctx context.Context, tx *db.Tx, r keptRow) (bool, error) {
	const q = `
		INSERT INTO insight_statement (id, customer, month, locale, pdf, csv, totals, code, code_hash, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		    ON CONFLICT (customer, month) DO NOTHING`
	n, err := tx.Exec(ctx, q, r.id, r.customer, r.month, r.locale, r.pdf, r.csv, r.totals, r.code, r.codeHash, r.madeAt)
	return n == 1, err
}

// statementsOf lists a person's statements before a month, the newest first.
func statementsOf(ctx context.Context, tx *db.Tx, owner id.Customer, before string, limit int) ([]keptRow, error) {
	const q = `
		SELECT id, customer, month, locale, pdf, csv, totals, code, made_at
		  FROM insight_statement
		 WHERE customer = $1 AND month < $2
		 ORDER BY month DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanKept, q, owner, before, limit)
}

func statementOf(ctx context.Context, tx *db.Tx, owner id.Customer, statement id.Statement) (keptRow, bool, error) {
	const q = `
		SELECT id, customer, month, locale, pdf, csv, totals, code, made_at
		  FROM insight_statement
		 WHERE id = $2 AND customer = $1`
	return db.Find(ctx, tx, scanKept, q, owner, statement)
}

// statementByCode finds a statement by the hashes of a code under all live keys.
func statementByCode(ctx context.Context, tx *db.Tx, hashes [][]byte) (keptRow, bool, error) {
	const q = `
		SELECT s.id, s.customer, s.month, s.locale, s.pdf, s.csv, s.totals, s.code, s.made_at
		  FROM ROWS($1: code_hash BYTEA) AS h
		  JOIN insight_statement s ON s.code_hash = h.code_hash
		 LIMIT 1`
	rows := db.NewRows(len(hashes))
	for _, hash := range hashes {
		rows.Add(hash)
	}
	return db.Find(ctx, tx, scanKept, q, rows)
}

func scanKept(r db.Row) (k keptRow, err error) {
	err = r.Scan(&k.id, &k.customer, &k.month, &k.locale, &k.pdf, &k.csv, &k.totals, &k.code, &k.madeAt)
	return k, err
}

// runRow is how far a month has come.
type runRow struct {
	month       string
	after       id.Customer
	made, aside int64
	done        bool
}

func lastRun(ctx context.Context, tx *db.Tx) (runRow, bool, error) {
	const q = `SELECT month, after, made, set_aside, done_at FROM insight_run ORDER BY month DESC LIMIT 1`
	return db.Find(ctx, tx, scanRun, q)
}

// beginRun reads the row of a month, which it makes when there is none.
func beginRun(ctx context.Context, tx *db.Tx, m Month) (runRow, error) {
	const begin = `
		INSERT INTO insight_run (month, after, made, set_aside, started_at) VALUES ($1, '', 0, 0, $2)
		    ON CONFLICT (month) DO NOTHING`
	if _, err := tx.Exec(ctx, begin, m.String(), tx.Now()); err != nil {
		return runRow{}, err
	}
	const q = `SELECT month, after, made, set_aside, done_at FROM insight_run WHERE month = $1`
	return db.One(ctx, tx, scanRun, q, m.String())
}

func scanRun(r db.Row) (x runRow, err error) {
	var done time.Time
	err = r.Scan(&x.month, &x.after, &x.made, &x.aside, &done)
	x.done = !done.IsZero()
	return x, err
}

// saveRun moves the cursor on; it never goes back, whoever is late.
func saveRun(ctx context.Context, tx *db.Tx, r runRow) error {
	const q = `UPDATE insight_run SET after = $2, made = $3, set_aside = $4, done_at = $5 WHERE month = $1 AND after <= $2 AND done_at IS NULL`
	var done any
	if r.done {
		done = tx.Now()
	}
	_, err := tx.Exec(ctx, q, r.month, r.after, r.made, r.aside, done)
	return err
}

type asideRow struct {
	month    string
	customer id.Customer
}

func asides(ctx context.Context, tx *db.Tx, tries, limit int) ([]asideRow, error) {
	const q = `SELECT month, customer FROM insight_aside WHERE tries < $1 ORDER BY at, month, customer LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (a asideRow, err error) {
		err = r.Scan(&a.month, &a.customer)
		return a, err
	}, q, tries, limit)
}

func upsertAside(ctx context.Context, tx *db.Tx, m Month, customer id.Customer, code string) error {
	const q = `
		INSERT INTO insight_aside (month, customer, code, tries, at) VALUES ($1, $2, $3, 1, $4)
		    ON CONFLICT (month, customer) DO UPDATE SET code = EXCLUDED.code, tries = insight_aside.tries + 1, at = EXCLUDED.at`
	_, err := tx.Exec(ctx, q, m.String(), customer, code, tx.Now())
	return err
}

func deleteAside(ctx context.Context, tx *db.Tx, a asideRow) error {
	const q = `DELETE FROM insight_aside WHERE month = $1 AND customer = $2`
	_, err := tx.Exec(ctx, q, a.month, a.customer)
	return err
}
