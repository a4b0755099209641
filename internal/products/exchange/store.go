package exchange

import (
	"context"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// insertRates keeps rates; one that another node kept first stays.
func insertRates(ctx context.Context, tx *db.Tx, rates []Observed, source string, zone *time.Location) error {
	const q = `
		INSERT INTO exchange_rate (currency, at, day, middle, source, kept_at)
		SELECT r.currency, r.at, r.day, r.middle, r.source, r.kept_at
		  FROM ROWS($1: currency TEXT, at BIGINT, day TEXT, middle BIGINT, source TEXT, kept_at BIGINT) AS r
		 WHERE true
		ON CONFLICT (currency, at) DO NOTHING`
	rows := db.NewRows(len(rates))
	for _, r := range rates {
		rows.Add(r.Currency.Code(), r.At, clock.DateOf(r.At, zone), int64(r.Middle), source, tx.Now())
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// latest reads the newest rates of currencies that are not later than an instant.
func latest(ctx context.Context, tx *db.Tx, currencies []money.Currency, until time.Time) (map[money.Currency]Middle, error) {
	const q = `
		SELECT x.currency, x.at, x.middle, x.source
		  FROM ROWS($1: currency TEXT) AS r
		  JOIN exchange_rate x ON x.currency = r.currency
		 WHERE x.at = (SELECT max(o.at) FROM exchange_rate o WHERE o.currency = r.currency AND o.at <= $2)`
	rows := db.NewRows(len(currencies))
	wanted := slices.Clone(currencies)
	slices.Sort(wanted)
	for _, c := range slices.Compact(wanted) {
		rows.Add(c.Code())
	}
	all := make(map[money.Currency]Middle, len(currencies))
	if len(currencies) == 0 {
		return all, nil
	}
	err := tx.Each(ctx, func(r db.Row) error {
		m, err := scanMiddle(r)
		all[m.Currency] = m
		return err
	}, q, rows, until)
	return all, err
}

// ratesAfter reads the rates of a currency since an instant, the oldest first; the newest when there are more.
func ratesAfter(ctx context.Context, tx *db.Tx, c money.Currency, since time.Time, limit int) ([]Middle, error) {
	const q = `
		SELECT currency, at, middle, source
		  FROM exchange_rate
		 WHERE currency = $1 AND at > $2
		 ORDER BY at DESC
		 LIMIT $3`
	all, err := db.List(ctx, tx, scanMiddle, q, c.Code(), since, limit)
	slices.Reverse(all)
	return all, err
}

// closes reads the last rate of each of so many days up to one, the oldest first. Each day is one look into the index.
func closes(ctx context.Context, tx *db.Tx, c money.Currency, last clock.Date, days int) ([]Middle, error) {
	const q = `
		SELECT x.currency, x.at, x.middle, x.source
		  FROM ROWS($1: day TEXT) AS r
		  JOIN exchange_rate x ON x.currency = $2
		   AND x.at = (SELECT max(o.at) FROM exchange_rate o WHERE o.currency = $2 AND o.day = r.day)
		 ORDER BY x.at`
	rows := db.NewRows(days)
	for i := range days {
		rows.Add(last.AddDays(i - days + 1))
	}
	return db.List(ctx, tx, scanMiddle, q, rows, c.Code())
}

func scanMiddle(r db.Row) (m Middle, err error) {
	err = r.Scan(&m.Currency, &m.At, &m.Observed.Middle, &m.Source)
	return m, err
}

func insertExchange(ctx context.Context, tx *db.Tx, by act.By, x Exchange) error {
	const q = `
		INSERT INTO exchange_trade (id, customer, from_account, to_account, side, currency, amount, yuan, price, middle, rate_at, value, spread,
			dollars, purpose, journal, day, actor, channel, device, session, trace, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`
	_, err := tx.Exec(ctx, q, x.ID, x.Customer, x.From, x.To, x.Side, x.Amount.Currency().Code(), x.Amount.Minor(), x.Yuan.Minor(), int64(x.Price),
		int64(x.Middle), x.RateAt, x.Value.Minor(), x.Spread.Minor(), x.Dollars.Minor(), x.Purpose, x.Journal, x.On, by.Actor, by.Channel,
		by.Device, by.Session, by.Trace, x.At)
	return err
}

func exchangeOf(ctx context.Context, tx *db.Tx, who id.Customer, which id.Exchange) (Exchange, bool, error) {
	const q = `
		SELECT id, customer, from_account, to_account, side, currency, amount, yuan, price, middle, rate_at, value, spread, dollars, purpose,
			journal, day, at
		  FROM exchange_trade
		 WHERE id = $2 AND customer = $1`
	return db.Find(ctx, tx, scanExchange, q, who, which)
}

// exchangesOf reads a page of a customer's exchanges, the newest first.
func exchangesOf(ctx context.Context, tx *db.Tx, who id.Customer, before id.Exchange, limit int) ([]Exchange, error) {
	const q = `
		SELECT id, customer, from_account, to_account, side, currency, amount, yuan, price, middle, rate_at, value, spread, dollars, purpose,
			journal, day, at
		  FROM exchange_trade
		 WHERE customer = $1 AND ($2 = '' OR id < $2)
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanExchange, q, who, string(before), limit)
}

func scanExchange(r db.Row) (x Exchange, err error) {
	var c money.Currency
	var amount, yuan, value, spread, dollars int64
	err = r.Scan(&x.ID, &x.Customer, &x.From, &x.To, &x.Side, &c, &amount, &yuan, &x.Price, &x.Middle, &x.RateAt, &value, &spread, &dollars,
		&x.Purpose, &x.Journal, &x.On, &x.At)
	x.Amount, x.Yuan = money.New(amount, c), money.New(yuan, money.CNY)
	x.Value, x.Spread, x.Dollars = money.New(value, money.CNY), money.New(spread, money.CNY), money.New(dollars, money.USD)
	return x, err
}

// traded lists the currencies that were exchanged up to a day (zero: ever), by code.
func traded(ctx context.Context, tx *db.Tx, through clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT r.currency
		  FROM ROWS($1: currency TEXT) AS r
		 WHERE r.currency > $2 AND EXISTS (SELECT 1 FROM exchange_trade x WHERE x.currency = r.currency AND ($3 = '' OR x.day <= $3))
		 ORDER BY r.currency
		 LIMIT $4`
	rows := db.NewRows(currencies)
	for _, c := range money.Currencies() {
		rows.Add(c.Code())
	}
	return db.List(ctx, tx, db.Value[string], q, rows, after, through.String(), limit)
}

// sum is what was exchanged on one side.
type sum struct {
	side          Side
	amount, value int64
}

// exchangedAfter adds up what was exchanged of a currency on days after one, up to another (zero: up to now).
func exchangedAfter(ctx context.Context, tx *db.Tx, c money.Currency, after, through clock.Date) ([]sum, error) {
	const q = `
		SELECT side, CAST(sum(amount) AS BIGINT), CAST(sum(value) AS BIGINT)
		  FROM exchange_trade
		 WHERE currency = $1 AND day > $2 AND ($3 = '' OR day <= $3)
		 GROUP BY side`
	return db.List(ctx, tx, func(r db.Row) (s sum, err error) {
		err = r.Scan(&s.side, &s.amount, &s.value)
		return s, err
	}, q, c.Code(), after.String(), through.String())
}

func insertValuation(ctx context.Context, tx *db.Tx, v Valuation) error {
	const q = `
		INSERT INTO exchange_valuation (currency, day, position, middle, rate_at, cost, value, journal, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	_, err := tx.Exec(ctx, q, v.Currency.Code(), v.On, v.Position.Minor(), int64(v.Middle), v.RateAt, v.Cost.Minor(), v.Value.Minor(), v.Journal, tx.Now())
	return err
}

func lastValuation(ctx context.Context, tx *db.Tx, c money.Currency) (Valuation, bool, error) {
	all, err := valuationsOf(ctx, tx, c, clock.Date{}, 1)
	if err != nil || len(all) == 0 {
		return Valuation{}, false, err
	}
	return all[0], true, nil
}

func valuationsOf(ctx context.Context, tx *db.Tx, c money.Currency, before clock.Date, limit int) ([]Valuation, error) {
	const q = `
		SELECT currency, day, position, middle, rate_at, cost, value, journal
		  FROM exchange_valuation
		 WHERE currency = $1 AND ($2 = '' OR day < $2)
		 ORDER BY day DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanValuation, q, c.Code(), before.String(), limit)
}

func scanValuation(r db.Row) (v Valuation, err error) {
	var position, cost, value int64
	err = r.Scan(&v.Currency, &v.On, &position, &v.Middle, &v.RateAt, &cost, &value, &v.Journal)
	v.Position, v.Cost, v.Value = money.New(position, v.Currency), money.New(cost, money.CNY), money.New(value, money.CNY)
	v.Change = money.New(value-cost, money.CNY)
	return v, err
}
