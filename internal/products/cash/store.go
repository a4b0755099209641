package cash

import (
	"context"
	"maps"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertTill(ctx context.Context, tx *db.Tx, t Till) error {
	const q = `
		INSERT INTO cash_till (id, branch, place, name, currency, state, teller, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	_, err := tx.Exec(ctx, q, t.ID, t.Branch, t.Place, t.Name, t.Currency.Code(), t.State, t.Teller, tx.Now())
	return err
}

func updateTill(ctx context.Context, tx *db.Tx, t Till) error {
	const q = `UPDATE cash_till SET state = $2, teller = $3, opened_at = $4, counted_at = $5 WHERE id = $1`
	_, err := tx.Exec(ctx, q, t.ID, t.State, t.Teller, t.OpenedAt, t.CountedAt)
	return err
}

func scanTill(r db.Row) (t Till, err error) {
	err = r.Scan(&t.ID, &t.Branch, &t.Place, &t.Name, &t.Currency, &t.State, &t.Teller, &t.OpenedAt, &t.CountedAt)
	return t, err
}

func findTill(ctx context.Context, tx *db.Tx, till id.Till) (Till, bool, error) {
	const q = `
		SELECT id, branch, place, name, currency, state, teller, opened_at, counted_at
		  FROM cash_till
		 WHERE id = $1`
	return db.Find(ctx, tx, scanTill, q, till)
}

// lockTills locks tills in the order of their ids.
func lockTills(ctx context.Context, tx *db.Tx, tills []id.Till) (map[id.Till]Till, error) {
	const q = `
		SELECT t.id, t.branch, t.place, t.name, t.currency, t.state, t.teller, t.opened_at, t.counted_at
		  FROM cash_till t
		  JOIN ROWS($1: id TEXT) AS r ON t.id = r.id
		 ORDER BY t.id
		   FOR UPDATE OF t`
	rows := db.NewRows(len(tills))
	for _, t := range tills {
		rows.Add(t)
	}
	all := make(map[id.Till]Till, len(tills))
	err := tx.Each(ctx, func(r db.Row) error {
		t, err := scanTill(r)
		all[t.ID] = t
		return err
	}, q, rows)
	return all, err
}

func tillsOf(ctx context.Context, tx *db.Tx, branch string) ([]Till, error) {
	const q = `
		SELECT id, branch, place, name, currency, state, teller, opened_at, counted_at
		  FROM cash_till
		 WHERE branch = $1
		 ORDER BY place DESC, name, id
		 LIMIT 500`
	return db.List(ctx, tx, scanTill, q, branch)
}

func tillOfTeller(ctx context.Context, tx *db.Tx, teller id.Staff) (Till, bool, error) {
	const q = `
		SELECT id, branch, place, name, currency, state, teller, opened_at, counted_at
		  FROM cash_till
		 WHERE teller = $1 AND state = 'open'
		 ORDER BY place, id
		 LIMIT 1`
	return db.Find(ctx, tx, scanTill, q, teller)
}

func stockOf(ctx context.Context, tx *db.Tx, till id.Till) (Pieces, error) {
	stock := make(Pieces)
	err := tx.Each(ctx, func(r db.Row) error {
		var code string
		var n int64
		err := r.Scan(&code, &n)
		stock[code] = n
		return err
	}, `SELECT denomination, pieces FROM cash_stock WHERE till = $1 AND pieces > 0`, till)
	return stock, err
}

func saveStock(ctx context.Context, tx *db.Tx, till id.Till, stock Pieces) error {
	const q = `
		INSERT INTO cash_stock (till, denomination, pieces)
		SELECT r.till, r.denomination, r.pieces FROM ROWS($1: till TEXT, denomination TEXT, pieces BIGINT) AS r
		 WHERE true
		ON CONFLICT (till, denomination) DO UPDATE SET pieces = EXCLUDED.pieces`
	rows := db.NewRows(len(stock))
	for _, code := range slices.Sorted(maps.Keys(stock)) {
		rows.Add(till, code, stock[code])
	}
	if rows.Len() == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func insertMovement(ctx context.Context, tx *db.Tx, m Movement, by act.By) error {
	const q = `
		INSERT INTO cash_movement
			(id, kind, till, other, account, customer, amount, currency, large, journal, day, branch, teller, device, session, trace, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	_, err := tx.Exec(ctx, q, m.ID, m.Kind, m.Till, m.Other, m.Account, m.Customer, m.Amount.Minor(), m.Amount.Currency().Code(), m.Large, m.Journal,
		m.On, m.Branch, m.Teller, by.Device, by.Session, by.Trace, m.At)
	if err != nil {
		return err
	}
	const pieces = `
		INSERT INTO cash_piece (movement, denomination, pieces)
		SELECT r.movement, r.denomination, r.pieces FROM ROWS($1: movement TEXT, denomination TEXT, pieces BIGINT) AS r`
	rows := db.NewRows(len(m.Pieces))
	for _, code := range slices.Sorted(maps.Keys(m.Pieces)) {
		if m.Pieces[code] != 0 {
			rows.Add(m.ID, code, m.Pieces[code])
		}
	}
	_, err = tx.Exec(ctx, pieces, rows)
	return err
}

func movement(ctx context.Context, tx *db.Tx, which id.Cash) (Movement, error) {
	const q = `
		SELECT id, kind, till, other, account, customer, amount, currency, large, journal, day, branch, teller, at
		  FROM cash_movement
		 WHERE id = $1`
	m, err := db.One(ctx, tx, scanMovement, q, which)
	if err != nil {
		return m, err
	}
	all, err := withPieces(ctx, tx, []Movement{m})
	if err != nil {
		return m, err
	}
	return all[0], nil
}

// findMovement is a movement that may not be there.
func findMovement(ctx context.Context, tx *db.Tx, which id.Cash) (Movement, bool, error) {
	const q = `
		SELECT id, kind, till, other, account, customer, amount, currency, large, journal, day, branch, teller, at
		  FROM cash_movement
		 WHERE id = $1`
	m, found, err := db.Find(ctx, tx, scanMovement, q, which)
	if err != nil || !found {
		return m, false, err
	}
	all, err := withPieces(ctx, tx, []Movement{m})
	if err != nil {
		return m, false, err
	}
	return all[0], true, nil
}

func movementsOf(ctx context.Context, tx *db.Tx, till id.Till, before id.Cash, limit int) ([]Movement, error) {
	const q = `
		SELECT id, kind, till, other, account, customer, amount, currency, large, journal, day, branch, teller, at
		  FROM cash_movement
		 WHERE (till = $1 OR other = $1) AND id < $2
		 ORDER BY id DESC
		 LIMIT $3`
	if before == "" {
		before = "cash`" // after every id: ` follows _
	}
	all, err := db.List(ctx, tx, scanMovement, q, till, before, limit)
	if err != nil {
		return nil, err
	}
	return withPieces(ctx, tx, all)
}

const exportMost = 10_000

func movementsAbout(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Movement, error) {
	const q = `
		SELECT id, kind, till, other, account, customer, amount, currency, large, journal, day, branch, teller, at
		  FROM cash_movement
		 WHERE customer = $1 AND customer <> ''
		 ORDER BY id
		 LIMIT $2`
	all, err := db.List(ctx, tx, scanMovement, q, customer, exportMost)
	if err != nil {
		return nil, err
	}
	return withPieces(ctx, tx, all)
}

func scanMovement(r db.Row) (m Movement, err error) {
	var minor int64
	var currency money.Currency
	err = r.Scan(&m.ID, &m.Kind, &m.Till, &m.Other, &m.Account, &m.Customer, &minor, &currency, &m.Large, &m.Journal, &m.On, &m.Branch, &m.Teller, &m.At)
	m.Amount = money.New(minor, currency)
	return m, err
}

func withPieces(ctx context.Context, tx *db.Tx, all []Movement) ([]Movement, error) {
	const q = `
		SELECT p.movement, p.denomination, p.pieces
		  FROM ROWS($1: movement TEXT) AS r
		  JOIN cash_piece p ON p.movement = r.movement`
	if len(all) == 0 {
		return nil, nil
	}
	rows, at := db.NewRows(len(all)), make(map[id.Cash]int, len(all))
	for i := range all {
		all[i].Pieces = make(Pieces)
		at[all[i].ID] = i
		rows.Add(all[i].ID)
	}
	err := tx.Each(ctx, func(r db.Row) error {
		var m id.Cash
		var code string
		var n int64
		err := r.Scan(&m, &code, &n)
		if err == nil {
			all[at[m]].Pieces[code] = n
		}
		return err
	}, q, rows)
	return all, err
}
