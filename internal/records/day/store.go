package day

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

const (
	readCurrent = `SELECT date FROM day_current WHERE one = 'bank'`
	lockShared  = readCurrent + ` FOR SHARE`
	lockAlone   = readCurrent + ` FOR UPDATE`
)

// lastDate is later than every date as text.
const lastDate = "9999-12-32"

// insertCurrent reports whether this was the bank's first day.
func insertCurrent(ctx context.Context, tx *db.Tx, date clock.Date) (bool, error) {
	const q = `INSERT INTO day_current (one, date) VALUES ('bank', $1) ON CONFLICT (one) DO NOTHING`
	n, err := tx.Exec(ctx, q, date)
	return n == 1, err
}

func moveCurrent(ctx context.Context, tx *db.Tx, to clock.Date) error {
	const q = `UPDATE day_current SET date = $1 WHERE one = 'bank'`
	_, err := tx.Exec(ctx, q, to)
	return err
}

func insertDay(ctx context.Context, tx *db.Tx, date clock.Date) error {
	const q = `INSERT INTO day_business (date, state, opened_at) VALUES ($1, 'OPEN', $2)`
	_, err := tx.Exec(ctx, q, date, tx.Now())
	return err
}

func cutOff(ctx context.Context, tx *db.Tx, date clock.Date) error {
	const q = `UPDATE day_business SET state = 'CUTOFF', cut_off_at = $2 WHERE date = $1 AND state = 'OPEN'`
	n, err := tx.Exec(ctx, q, date, tx.Now())
	if err == nil && n != 1 {
		err = fmt.Errorf("business day %s is current and not open", date)
	}
	return err
}

// shareDay reads a day's state and keeps it until tx ends.
func shareDay(ctx context.Context, tx *db.Tx, date clock.Date) (State, bool, error) {
	const q = `SELECT state FROM day_business WHERE date = $1 FOR SHARE`
	return db.Find(ctx, tx, db.Value[State], q, date)
}

func listDays(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]Business, error) {
	const q = `
		SELECT date, state, opened_at, cut_off_at
		  FROM day_business
		 WHERE date < $1
		 ORDER BY date DESC
		 LIMIT $2`
	until := before.String()
	if before.IsZero() {
		until = lastDate
	}
	return db.List(ctx, tx, scanDay, q, until, limit)
}

func scanDay(r db.Row) (b Business, err error) {
	err = r.Scan(&b.Date, &b.State, &b.OpenedAt, &b.CutOffAt)
	return b, err
}
