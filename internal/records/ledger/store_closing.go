package ledger

import (
	"cmp"
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func readClosings(ctx context.Context, tx *db.Tx, accounts []string, from, to clock.Date) (map[string][]Closing, error) {
	const q = `
		SELECT r.id, b.currency, c.date, c.booked
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_balance b ON b.account_id = r.id
		  LEFT JOIN ledger_closing c ON c.account_id = r.id AND c.date <= $3
		   AND c.date >= COALESCE((SELECT MAX(x.date) FROM ledger_closing x WHERE x.account_id = r.id AND x.date <= $2), '')
		 ORDER BY r.id, c.date`
	all := make(map[string][]Closing, len(accounts))
	err := tx.Each(ctx, func(r db.Row) error {
		var account string
		var currency money.Currency
		var date clock.Date
		var booked int64
		if err := r.Scan(&account, &currency, &date, &booked); err != nil {
			return err
		}
		amount := money.New(booked, currency)
		steps := all[account]
		if len(steps) == 0 && !date.IsZero() && date.After(from) {
			steps = append(steps, Closing{from, money.Zero(currency), money.Zero(currency)}) // before its first entry
		}
		if date.IsZero() || date.Before(from) {
			date = from
		}
		all[account] = append(steps, Closing{date, amount, amount})
		return nil
	}, q, idRows(accounts), from, to)
	if err != nil {
		return nil, err
	}
	shifts, err := readShifts(ctx, tx, accounts, from, to)
	for account, list := range shifts {
		all[account] = shifted(all[account], list, from, to)
	}
	return all, err
}

// shifted applies shifts to steps that are booked balances only.
func shifted(steps []Closing, shifts []Shift, from, to clock.Date) []Closing {
	for _, s := range shifts {
		for _, d := range []clock.Date{s.From, s.Until} {
			if d.After(from) && !d.After(to) {
				steps = split(steps, d)
			}
		}
	}
	for i := range steps {
		valued := steps[i].Booked.Minor()
		for _, s := range shifts {
			if !steps[i].Date.Before(s.From) && steps[i].Date.Before(s.Until) {
				valued += s.Amount.Minor()
			}
		}
		steps[i].Valued = money.New(valued, steps[i].Booked.Currency())
	}
	return steps
}

// split lets a step begin on a day.
func split(steps []Closing, on clock.Date) []Closing {
	at, found := slices.BinarySearchFunc(steps, on, func(c Closing, d clock.Date) int { return c.Date.Compare(d) })
	if found || at == 0 {
		return steps
	}
	step := steps[at-1]
	step.Date = on
	return slices.Insert(steps, at, step)
}

func readShifts(ctx context.Context, tx *db.Tx, accounts []string, from, to clock.Date) (map[string][]Shift, error) {
	const q = `
		SELECT s.account_id, b.currency, s.from_date, s.until_date, s.amount
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_shift s ON s.account_id = r.id
		  JOIN ledger_balance b ON b.account_id = r.id
		 WHERE s.until_date > $2 AND s.from_date <= $3
		 ORDER BY s.account_id, s.journal_id, s.line`
	return shiftRows(ctx, tx, q, idRows(accounts), from, to)
}

func readBackValued(ctx context.Context, tx *db.Tx, accounts []string, booked clock.Date) (map[string][]Shift, error) {
	const q = `
		SELECT s.account_id, b.currency, s.from_date, s.until_date, s.amount
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_shift s ON s.account_id = r.id
		  JOIN ledger_balance b ON b.account_id = r.id
		 WHERE s.until_date = $2 AND s.business_date = $2
		 ORDER BY s.account_id, s.journal_id, s.line`
	return shiftRows(ctx, tx, q, idRows(accounts), booked)
}

func shiftRows(ctx context.Context, tx *db.Tx, q string, args ...any) (map[string][]Shift, error) {
	all := make(map[string][]Shift)
	err := tx.Each(ctx, func(r db.Row) error {
		var s Shift
		var currency money.Currency
		var amount int64
		if err := r.Scan(&s.Account, &currency, &s.From, &s.Until, &amount); err != nil {
			return err
		}
		s.Amount = money.New(amount, currency)
		all[s.Account] = append(all[s.Account], s)
		return nil
	}, q, args...)
	return all, err
}

func idRows(ids []string) *db.Rows {
	rows := db.NewRows(len(ids))
	for _, one := range ids {
		rows.Add(one)
	}
	return rows
}

// listGuarded lists guarded accounts in the order of their ids.
func listGuarded(ctx context.Context, tx *db.Tx, after string, limit int) ([]string, error) {
	const q = `SELECT account_id FROM ledger_balance WHERE account_id > $1 ORDER BY account_id LIMIT $2`
	return db.List(ctx, tx, db.Value[string], q, after, limit)
}

// unfolded is an entry of a closed day that no closing balance counts yet.
type unfolded struct {
	account  string
	heading  Heading
	control  string
	folded   int64 // number of the last entry that is folded
	before   int64 // booked after it
	number   int64
	journal  id.Journal
	line     int64
	side     Side
	amount   int64
	after    int64
	business clock.Date
	value    clock.Date
}

// eachUnfolded reads the entries up to a day that accounts have gained since they were folded last, in their order.
func eachUnfolded(ctx context.Context, tx *db.Tx, accounts []string, until clock.Date, take func(unfolded) error) error {
	const q = `
		SELECT e.account_id, l.code, l.currency, l.branch, l.folded, l.booked, e.number, e.journal_id, e.line, e.side,
		       e.amount, e.balance_after, e.business_date, e.value_date
		  FROM (SELECT b.account_id, b.code, b.currency, b.branch, b.number, COALESCE(c.number, 0) AS folded,
		               COALESCE(c.booked, 0) AS booked
		          FROM ROWS($1: id TEXT) AS r
		          JOIN ledger_balance b ON b.account_id = r.id
		          LEFT JOIN ledger_closing c ON c.account_id = r.id
		           AND c.date = (SELECT MAX(x.date) FROM ledger_closing x WHERE x.account_id = r.id)) AS l
		  JOIN ledger_entry e ON e.account_id = l.account_id AND e.number > l.folded
		 WHERE l.number > l.folded AND e.number IS NOT NULL AND e.business_date <= $2
		 ORDER BY e.account_id, e.number`
	return tx.Each(ctx, func(r db.Row) error {
		var u unfolded
		var code Code
		var currency money.Currency
		var branch string
		err := r.Scan(&u.account, &code, &currency, &branch, &u.folded, &u.before, &u.number, &u.journal, &u.line, &u.side,
			&u.amount, &u.after, &u.business, &u.value)
		if err != nil {
			return err
		}
		u.heading, _ = code.Heading()
		u.control = Own(code, currency, branch)
		return take(u)
	}, q, idRows(accounts), until)
}

// closingRow is a row of ledger_closing.
type closingRow struct {
	account        string
	date           clock.Date
	number, booked int64
	debit, credit  int64
}

func insertClosings(tx *db.Tx, all []closingRow) error {
	const q = `
		INSERT INTO ledger_closing (account_id, date, number, booked, debit, credit)
		SELECT r.account_id, r.date, r.number, r.booked, r.debit, r.credit
		  FROM ROWS($1: account_id TEXT, date TEXT, number BIGINT, booked BIGINT, debit BIGINT, credit BIGINT) AS r`
	rows := db.NewRows(len(all))
	for _, c := range all {
		rows.Add(c.account, c.date, c.number, c.booked, c.debit, c.credit)
	}
	return tx.Queue(q, rows)
}

// shiftRow is a row of ledger_shift.
type shiftRow struct {
	journal               id.Journal
	line                  int64
	account               string
	business, from, until clock.Date
	amount                int64
}

func insertShifts(tx *db.Tx, all []shiftRow) error {
	if len(all) == 0 {
		return nil
	}
	const q = `
		INSERT INTO ledger_shift (journal_id, line, account_id, business_date, from_date, until_date, amount)
		SELECT r.journal_id, r.line, r.account_id, r.business_date, r.from_date, r.until_date, r.amount
		  FROM ROWS($1: journal_id TEXT, line BIGINT, account_id TEXT, business_date TEXT, from_date TEXT, until_date TEXT, amount BIGINT) AS r`
	rows := db.NewRows(len(all))
	for _, s := range all {
		rows.Add(string(s.journal), s.line, s.account, s.business, s.from, s.until, s.amount)
	}
	return tx.Queue(q, rows)
}

// addControls adds to what closing balances make under control accounts.
func addControls(tx *db.Tx, sums map[dayOf]delta) error {
	const q = `
		INSERT INTO ledger_control (account_id, date, debit, credit)
		SELECT r.account_id, r.date, r.debit, r.credit
		  FROM ROWS($1: account_id TEXT, date TEXT, debit BIGINT, credit BIGINT) AS r
		 WHERE true
		ON CONFLICT (account_id, date)
		DO UPDATE SET debit = ledger_control.debit + excluded.debit, credit = ledger_control.credit + excluded.credit`
	keys := make([]dayOf, 0, len(sums))
	for k := range sums {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b dayOf) int { return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.date, b.date)) })
	rows := db.NewRows(len(keys))
	for _, k := range keys {
		rows.Add(k.account, k.date, sums[k].debit, sums[k].credit)
	}
	return tx.Queue(q, rows)
}

// sumControls adds up closing balances under each control account, up to a day.
func sumControls(ctx context.Context, tx *db.Tx, until clock.Date) (map[string]delta, error) {
	const q = `
		SELECT account_id, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)
		  FROM ledger_control
		 WHERE date <= $1
		 GROUP BY account_id`
	rows, err := db.List(ctx, tx, scanTotalRow, q, until)
	sums := make(map[string]delta, len(rows))
	for _, r := range rows {
		sums[r.account] = r.delta
	}
	return sums, err
}

// listHoldsOver lists live holds whose time is over, in the order of their ids.
func listHoldsOver(ctx context.Context, tx *db.Tx, after string, limit int) ([]string, error) {
	const q = `
		SELECT id
		  FROM ledger_hold
		 WHERE state = 'live' AND expires_at <= $1 AND id > $2
		 ORDER BY id
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, tx.Now(), after, limit)
}
