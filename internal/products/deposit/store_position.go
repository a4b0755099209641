package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertPosition(ctx context.Context, tx *db.Tx, p Position) error {
	return insertPositions(ctx, tx, []Position{p})
}

func insertPositions(ctx context.Context, tx *db.Tx, all []Position) error {
	const q = `
		INSERT INTO deposit_position
			(account, customer, product, terms_version, kind, currency, branch, state, period_from, accrued_to, principal, product_sum,
			 overdue_sum, rate, demand, accrued, carried, settles_on, matures_on, matured)
		SELECT r.account, r.customer, r.product, r.terms_version, r.kind, r.currency, r.branch, r.state, r.period_from, r.accrued_to, r.principal,
		       r.product_sum, r.overdue_sum, r.rate, r.demand, r.accrued, r.carried, r.settles_on, r.matures_on, r.matured
		  FROM ROWS($1: account TEXT, customer TEXT, product TEXT, terms_version BIGINT, kind TEXT, currency TEXT, branch TEXT, state TEXT,
		            period_from TEXT, accrued_to TEXT, principal BIGINT, product_sum BIGINT, overdue_sum BIGINT, rate BIGINT, demand BIGINT,
		            accrued BIGINT, carried BIGINT, settles_on TEXT, matures_on TEXT, matured BOOLEAN) AS r`
	rows := db.NewRows(len(all))
	for i := range all {
		p := &all[i]
		rows.Add(p.Account, p.Customer, p.Product, p.TermsVersion, p.Kind, p.Currency.Code(), p.Branch, p.State, p.PeriodFrom, p.AccruedTo,
			p.Principal.Minor(), p.ProductSum.Minor(), p.OverdueSum.Minor(), p.Rate, p.Demand, p.Accrued.Minor(), p.Carried.Minor(),
			p.SettlesOn, p.MaturesOn, p.Matured)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// lockPositions locks positions in the order of their accounts; unknown ones are left out.
func lockPositions(ctx context.Context, tx *db.Tx, accounts []string) ([]Position, error) {
	const q = `
		SELECT p.account, p.customer, p.product, p.terms_version, p.kind, p.currency, p.branch, p.state, p.period_from, p.accrued_to,
		       p.principal, p.product_sum, p.overdue_sum, p.rate, p.demand, p.accrued, p.carried, p.settles_on, p.matures_on, p.matured
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_position p ON p.account = r.id
		 ORDER BY p.account
		   FOR UPDATE OF p`
	return db.List(ctx, tx, scanPosition, q, textRows(accounts))
}

func positionsOf(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Position, error) {
	const q = `
		SELECT p.account, p.customer, p.product, p.terms_version, p.kind, p.currency, p.branch, p.state, p.period_from, p.accrued_to,
		       p.principal, p.product_sum, p.overdue_sum, p.rate, p.demand, p.accrued, p.carried, p.settles_on, p.matures_on, p.matured
		  FROM deposit_position p
		 WHERE p.customer = $1 AND p.state = 'open'
		 ORDER BY p.account
		 LIMIT $2`
	return db.List(ctx, tx, scanPosition, q, customer, contractsMax+accountsMax)
}

func findPosition(ctx context.Context, tx *db.Tx, account id.Account) (Position, bool, error) {
	const q = `
		SELECT p.account, p.customer, p.product, p.terms_version, p.kind, p.currency, p.branch, p.state, p.period_from, p.accrued_to,
		       p.principal, p.product_sum, p.overdue_sum, p.rate, p.demand, p.accrued, p.carried, p.settles_on, p.matures_on, p.matured
		  FROM deposit_position p
		 WHERE p.account = $1`
	return db.Find(ctx, tx, scanPosition, q, account)
}

func savePositions(ctx context.Context, tx *db.Tx, all []*Position) error {
	const q = `
		UPDATE deposit_position SET state = r.state, period_from = r.period_from, accrued_to = r.accrued_to, principal = r.principal,
		       product_sum = r.product_sum, overdue_sum = r.overdue_sum, rate = r.rate, demand = r.demand, accrued = r.accrued,
		       carried = r.carried, settles_on = r.settles_on, matures_on = r.matures_on, matured = r.matured
		  FROM ROWS($1: account TEXT, state TEXT, period_from TEXT, accrued_to TEXT, principal BIGINT, product_sum BIGINT, overdue_sum BIGINT,
		            rate BIGINT, demand BIGINT, accrued BIGINT, carried BIGINT, settles_on TEXT, matures_on TEXT, matured BOOLEAN) AS r
		 WHERE deposit_position.account = r.account`
	rows := db.NewRows(len(all))
	for _, p := range all {
		rows.Add(p.Account, p.State, p.PeriodFrom, p.AccruedTo, p.Principal.Minor(), p.ProductSum.Minor(), p.OverdueSum.Minor(),
			p.Rate, p.Demand, p.Accrued.Minor(), p.Carried.Minor(), p.SettlesOn, p.MaturesOn, p.Matured)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// dueToAccrue lists open positions that a day has not been accrued for.
func dueToAccrue(ctx context.Context, tx *db.Tx, day clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT account FROM deposit_position
		 WHERE account > $1 AND state = 'open' AND (accrued_to IS NULL OR accrued_to < $2) AND (period_from IS NULL OR period_from <= $2)
		 ORDER BY account
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, after, day, limit)
}

// dueToReprice lists open positions of a product whose rate is not the posted one.
func dueToReprice(ctx context.Context, tx *db.Tx, product string, rate interest.Rate, after string, limit int) ([]string, error) {
	const q = `
		SELECT account FROM deposit_position
		 WHERE account > $1 AND state = 'open' AND product = $2 AND rate <> $3
		 ORDER BY account
		 LIMIT $4`
	return db.List(ctx, tx, db.Value[string], q, after, product, rate, limit)
}

// dueToSettle walks the accounts in their order, whatever the database thinks of it: on a day of settlement nearly all are
// due, and to sort them anew for each slice would cost the square of their number.
func dueToSettle(ctx context.Context, tx *db.Tx, day clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT account FROM deposit_position
		 WHERE account > $1 AND state = 'open' AND settles_on IS NOT NULL AND settles_on <= $2
		 ORDER BY account
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, after, day, limit)
}

func dueToMature(ctx context.Context, tx *db.Tx, day clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT account FROM deposit_position
		 WHERE account > $1 AND state = 'open' AND matured = FALSE AND matures_on IS NOT NULL AND matures_on <= $2
		 ORDER BY account
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, after, day, limit)
}

// accruedSums adds up what all positions have accrued.
func accruedSums(ctx context.Context, tx *db.Tx) (piles, error) {
	const q = `
		SELECT kind, currency, branch, CAST(sum(accrued) AS BIGINT)
		  FROM deposit_position
		 WHERE accrued <> 0
		 GROUP BY kind, currency, branch`
	all := make(piles)
	err := tx.Each(ctx, func(r db.Row) error {
		var k pile
		var minor int64
		if err := r.Scan(&k.kind, &k.currency, &k.branch, &minor); err != nil {
			return err
		}
		all[k] = money.New(minor, k.currency)
		return nil
	}, q)
	return all, err
}

// Paid is a part of a payment of interest that was made.
type Paid struct {
	ID       string
	Payment  string // parts paid together share it
	Account  id.Account
	Customer id.Customer
	Part
	Tax     money.Amount
	PaidTo  id.Account
	Journal id.Journal
	PaidOn  clock.Date
}

func insertInterest(tx *db.Tx, all []Paid) error {
	if len(all) == 0 {
		return nil
	}
	const q = `
		INSERT INTO deposit_interest (id, payment, account, customer, part, first_day, last_day, days, base, principal, product_sum, rate,
		       interest, tax, paid_to, journal, paid_on, at)
		SELECT r.id, r.payment, r.account, r.customer, r.part, r.first_day, r.last_day, r.days, r.base, r.principal, r.product_sum, r.rate,
		       r.interest, r.tax, r.paid_to, r.journal, r.paid_on, r.at
		  FROM ROWS($1: id TEXT, payment TEXT, account TEXT, customer TEXT, part TEXT, first_day TEXT, last_day TEXT, days BIGINT, base BIGINT,
		            principal BIGINT, product_sum BIGINT, rate BIGINT, interest BIGINT, tax BIGINT, paid_to TEXT, journal TEXT, paid_on TEXT, at BIGINT) AS r`
	rows := db.NewRows(len(all))
	for _, i := range all {
		rows.Add(i.ID, i.Payment, i.Account, i.Customer, i.Kind, i.From, i.To, i.Days, i.Base, i.Principal.Minor(), i.ProductSum.Minor(), i.Rate,
			i.Interest.Minor(), i.Tax.Minor(), i.PaidTo, i.Journal, i.PaidOn, tx.Now())
	}
	return tx.Queue(q, rows)
}

func interestOf(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account, before string, limit int) ([]Paid, error) {
	const q = `
		SELECT i.id, i.payment, i.account, i.customer, i.part, i.first_day, i.last_day, i.days, i.base, i.principal, i.product_sum, i.rate,
		       i.interest, i.tax, i.paid_to, i.journal, i.paid_on, p.currency
		  FROM deposit_interest i
		  JOIN deposit_position p ON p.account = i.account
		 WHERE i.customer = $1 AND i.account = $2 AND i.id < $3
		 ORDER BY i.id DESC
		 LIMIT $4`
	return db.List(ctx, tx, scanPaid, q, customer, account, before, limit)
}

// settledAfter reads what was paid for periods that end after a day, the oldest first.
func settledAfter(ctx context.Context, tx *db.Tx, account id.Account, day clock.Date, limit int) ([]Paid, error) {
	const q = `
		SELECT i.id, i.payment, i.account, i.customer, i.part, i.first_day, i.last_day, i.days, i.base, i.principal, i.product_sum, i.rate,
		       i.interest, i.tax, i.paid_to, i.journal, i.paid_on, p.currency
		  FROM deposit_interest i
		  JOIN deposit_position p ON p.account = i.account
		 WHERE i.account = $1 AND i.last_day > $2
		 ORDER BY i.id
		 LIMIT $3`
	return db.List(ctx, tx, scanPaid, q, account, day, limit)
}

func scanPaid(r db.Row) (p Paid, err error) {
	var principal, sum, earned, tax int64
	var c money.Currency
	err = r.Scan(&p.ID, &p.Payment, &p.Account, &p.Customer, &p.Kind, &p.From, &p.To, &p.Days, &p.Base, &principal, &sum, &p.Rate,
		&earned, &tax, &p.PaidTo, &p.Journal, &p.PaidOn, &c)
	p.Principal, p.ProductSum, p.Interest, p.Tax = money.New(principal, c), money.New(sum, c), money.New(earned, c), money.New(tax, c)
	return p, err
}

func scanPosition(r db.Row) (p Position, err error) {
	var principal, sum, overdue, accrued, carried int64
	err = r.Scan(&p.Account, &p.Customer, &p.Product, &p.TermsVersion, &p.Kind, &p.Currency, &p.Branch, &p.State, &p.PeriodFrom, &p.AccruedTo,
		&principal, &sum, &overdue, &p.Rate, &p.Demand, &accrued, &carried, &p.SettlesOn, &p.MaturesOn, &p.Matured)
	c := p.Currency
	p.Principal, p.ProductSum, p.OverdueSum = money.New(principal, c), money.New(sum, c), money.New(overdue, c)
	p.Accrued, p.Carried = money.New(accrued, c), money.New(carried, c)
	return p, err
}

func textRows(all []string) *db.Rows {
	rows := db.NewRows(len(all))
	for _, one := range all {
		rows.Add(one)
	}
	return rows
}

// openOfProduct walks the open accounts of a product.
func openOfProduct(ctx context.Context, tx *db.Tx, product, after string, limit int) ([]productAccount, error) {
	const q = `
		SELECT account, rate, matures_on FROM deposit_position
		 WHERE account > $1 AND state = 'open' AND product = $2
		 ORDER BY account
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (a productAccount, err error) {
		err = r.Scan(&a.account, &a.rate, &a.maturesOn)
		return a, err
	}, q, after, product, limit)
}
