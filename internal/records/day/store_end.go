package day

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// oldestUnlocked is the oldest day that is cut off and not locked.
func oldestUnlocked(ctx context.Context, tx *db.Tx) (clock.Date, bool, error) {
	const q = `SELECT date FROM day_business WHERE state IN ('CUTOFF', 'TIED_OUT') ORDER BY date LIMIT 1`
	return db.Find(ctx, tx, db.Value[clock.Date], q)
}

// moveState brings a day forward by one state, under a lock that waits for whoever still books into it.
func moveState(ctx context.Context, tx *db.Tx, date clock.Date, to State) (bool, error) {
	const q = `UPDATE day_business SET state = $2 WHERE date = $1 AND state = $3`
	from := Cutoff
	if to == Locked {
		from = TiedOut
	}
	n, err := tx.Exec(ctx, q, date, string(to), string(from))
	return n == 1, err
}

func beginEnd(ctx context.Context, tx *db.Tx, date clock.Date) error {
	const q = `
		INSERT INTO day_end (date, began_at, problem, detail) VALUES ($1, $2, '', '')
		ON CONFLICT (date) DO UPDATE SET problem = '', detail = ''`
	_, err := tx.Exec(ctx, q, date, tx.Now())
	return err
}

func saveProblem(ctx context.Context, tx *db.Tx, date clock.Date, code, detail string) error {
	const q = `UPDATE day_end SET problem = $2, detail = $3 WHERE date = $1`
	_, err := tx.Exec(ctx, q, date, code, detail)
	return err
}

func endReached(ctx context.Context, tx *db.Tx, date clock.Date, to State) error {
	q := `UPDATE day_end SET tied_out_at = $2 WHERE date = $1`
	if to == Locked {
		q = `UPDATE day_end SET locked_at = $2 WHERE date = $1`
	}
	_, err := tx.Exec(ctx, q, date, tx.Now())
	return err
}

func insertSteps(ctx context.Context, tx *db.Tx, date clock.Date, steps []Step) error {
	const q = `
		INSERT INTO day_step (date, name, place, state, cursor, done, aside)
		SELECT $2, r.name, r.place, 'waiting', '', 0, 0
		  FROM ROWS($1: name TEXT, place BIGINT) AS r
		 WHERE true
		ON CONFLICT (date, name) DO NOTHING`
	if len(steps) == 0 {
		return nil
	}
	rows := db.NewRows(len(steps))
	for i, s := range steps {
		rows.Add(s.Name, i+1)
	}
	_, err := tx.Exec(ctx, q, rows, date)
	return err
}

func lockStep(ctx context.Context, tx *db.Tx, date clock.Date, name string) (progress, error) {
	const q = `SELECT state, cursor, place, done, aside FROM day_step WHERE date = $1 AND name = $2 FOR UPDATE`
	return db.One(ctx, tx, func(r db.Row) (p progress, err error) {
		err = r.Scan(&p.state, &p.cursor, &p.place, &p.done, &p.aside)
		return p, err
	}, q, date, name)
}

func saveStep(ctx context.Context, tx *db.Tx, date clock.Date, name string, p progress) error {
	const q = `
		UPDATE day_step
		   SET state = $3, cursor = $4, done = $5, aside = $6, started_at = COALESCE(started_at, $7),
		       ended_at = CASE WHEN $3 = 'done' THEN $7 ELSE NULL END
		 WHERE date = $1 AND name = $2`
	n, err := tx.Exec(ctx, q, date, name, string(p.state), p.cursor, p.done, p.aside, tx.Now())
	if err == nil && n != 1 {
		err = fmt.Errorf("step %s of %s is gone", name, date)
	}
	return err
}

func insertAsides(ctx context.Context, tx *db.Tx, date clock.Date, step string, place int, asides []Aside) error {
	if len(asides) == 0 {
		return nil
	}
	const q = `
		INSERT INTO day_aside (date, step, item, place, code, detail, attempts, at)
		SELECT $2, $3, r.item, $4, r.code, r.detail, 1, $5
		  FROM ROWS($1: item TEXT, code TEXT, detail TEXT) AS r
		 WHERE true
		ON CONFLICT (date, step, item) DO NOTHING`
	rows := db.NewRows(len(asides))
	for _, a := range asides {
		rows.Add(a.Item, fault.CodeOf(a.Err), a.Err.Error())
	}
	_, err := tx.Exec(ctx, q, rows, date, step, place, tx.Now())
	return err
}

// openAsides are the items that are set aside: few, or end of day stops.
func openAsides(ctx context.Context, tx *db.Tx) (map[string]bool, error) {
	const q = `SELECT DISTINCT item FROM day_aside WHERE resolved_at IS NULL`
	items, err := db.List(ctx, tx, db.Value[string], q)
	open := make(map[string]bool, len(items))
	for _, item := range items {
		open[item] = true
	}
	return open, err
}

func listAsides(ctx context.Context, tx *db.Tx, limit int) ([]SetAside, error) {
	const q = `
		SELECT date, step, item, place, code, detail, attempts
		  FROM day_aside
		 WHERE resolved_at IS NULL
		 ORDER BY date, place, item
		 LIMIT $1`
	return db.List(ctx, tx, func(r db.Row) (a SetAside, err error) {
		err = r.Scan(&a.Date, &a.Step, &a.Item, &a.place, &a.Code, &a.Detail, &a.Attempts)
		return a, err
	}, q, limit)
}

// resolve marks an item as done, for a transaction that now does it.
func resolve(ctx context.Context, tx *db.Tx, k AsideKey) (bool, error) {
	const q = `
		UPDATE day_aside
		   SET resolved_at = $4, at = $4, attempts = attempts + 1
		 WHERE date = $1 AND step = $2 AND item = $3 AND resolved_at IS NULL`
	n, err := tx.Exec(ctx, q, k.Date, k.Step, k.Item, tx.Now())
	return n == 1, err
}

func failAgain(ctx context.Context, tx *db.Tx, k AsideKey, code, detail string) error {
	const q = `
		UPDATE day_aside
		   SET code = $4, detail = $5, at = $6, attempts = attempts + 1
		 WHERE date = $1 AND step = $2 AND item = $3 AND resolved_at IS NULL`
	_, err := tx.Exec(ctx, q, k.Date, k.Step, k.Item, code, detail, tx.Now())
	return err
}

func saveCheck(ctx context.Context, tx *db.Tx, date clock.Date, name string, differences int, detail string) error {
	const q = `
		INSERT INTO day_check (date, name, differences, detail, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (date, name) DO UPDATE SET differences = excluded.differences, detail = excluded.detail, at = excluded.at`
	_, err := tx.Exec(ctx, q, date, name, differences, detail, tx.Now())
	return err
}

// findEnd reads a closed day.
func findEnd(ctx context.Context, tx *db.Tx, date clock.Date) (Progress, bool, error) {
	const q = `
		SELECT b.date, b.state, e.began_at, e.tied_out_at, e.locked_at, COALESCE(e.problem, ''), COALESCE(e.detail, '')
		  FROM day_business b
		  LEFT JOIN day_end e ON e.date = b.date
		 WHERE b.date = $1 AND b.state <> 'OPEN'`
	return db.Find(ctx, tx, scanEnd, q, date)
}

// endsBetween reads the ends of closed days: the caller bounds their number.
func endsBetween(ctx context.Context, tx *db.Tx, from, to clock.Date) ([]Progress, error) {
	const q = `
		SELECT b.date, b.state, e.began_at, e.tied_out_at, e.locked_at, COALESCE(e.problem, ''), COALESCE(e.detail, '')
		  FROM day_business b
		  JOIN day_end e ON e.date = b.date
		 WHERE b.date >= $1 AND b.date <= $2
		 ORDER BY b.date`
	return db.List(ctx, tx, scanEnd, q, from, to)
}

func countUnlocked(ctx context.Context, tx *db.Tx) (int, error) {
	const q = `SELECT count(*) FROM day_business WHERE state IN ('CUTOFF', 'TIED_OUT')`
	n, err := db.One(ctx, tx, db.Value[int64], q)
	return int(n), err
}

// usualItems are how many items the steps of the last locked day before a date did.
func usualItems(ctx context.Context, tx *db.Tx, before clock.Date) (map[string]int, error) {
	const q = `
		SELECT name, done + aside FROM day_step
		 WHERE date = (SELECT max(date) FROM day_business WHERE date < $1 AND state = 'LOCKED')`
	all := make(map[string]int)
	err := tx.Each(ctx, func(r db.Row) error {
		var name string
		var n int
		err := r.Scan(&name, &n)
		all[name] = n
		return err
	}, q, before)
	return all, err
}

func scanEnd(r db.Row) (p Progress, err error) {
	err = r.Scan(&p.Date, &p.State, &p.BeganAt, &p.TiedOutAt, &p.LockedAt, &p.Problem, &p.Detail)
	return p, err
}

// listEnds lists closed days, newest first.
func listEnds(ctx context.Context, tx *db.Tx, limit int) ([]Progress, error) {
	const q = `
		SELECT b.date, b.state, e.began_at, e.tied_out_at, e.locked_at, COALESCE(e.problem, ''), COALESCE(e.detail, '')
		  FROM day_business b
		  LEFT JOIN day_end e ON e.date = b.date
		 WHERE b.state <> 'OPEN'
		 ORDER BY b.date DESC
		 LIMIT $1`
	return db.List(ctx, tx, scanEnd, q, limit)
}

func listSteps(ctx context.Context, tx *db.Tx, date clock.Date) ([]StepProgress, error) {
	const q = `SELECT name, state, done, aside, started_at, ended_at FROM day_step WHERE date = $1 ORDER BY place, name`
	return db.List(ctx, tx, func(r db.Row) (s StepProgress, err error) {
		err = r.Scan(&s.Name, &s.State, &s.Done, &s.Aside, &s.StartedAt, &s.EndedAt)
		return s, err
	}, q, date)
}

func listChecks(ctx context.Context, tx *db.Tx, date clock.Date) ([]CheckProgress, error) {
	const q = `SELECT name, differences, detail, at FROM day_check WHERE date = $1 ORDER BY name`
	return db.List(ctx, tx, func(r db.Row) (c CheckProgress, err error) {
		err = r.Scan(&c.Name, &c.Differences, &c.Detail, &c.At)
		return c, err
	}, q, date)
}
