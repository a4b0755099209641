package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func planIn(account id.Account) crypto.AAD {
	return crypto.AAD{Table: "deposit_contract", Column: "name", Row: string(account)}
}

func insertContract(ctx context.Context, tx *db.Tx, c Contract) error {
	const q = `
		INSERT INTO deposit_contract
			(account, customer, linked, rollover, opened_on, early_taken, monthly, collect_on, collected, pending, breached, name, target,
			 target_on, round_to)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	_, err := tx.Exec(ctx, q, c.Account, c.Customer, c.Linked, c.Rollover, c.OpenedOn, c.EarlyTaken, c.Monthly.Minor(), c.CollectOn, c.Collected,
		c.Pending, c.Breached, c.name, c.Plan.Target.Minor(), c.Plan.TargetOn, c.Plan.RoundTo.Minor())
	return err
}

func saveContracts(ctx context.Context, tx *db.Tx, all []*Contract) error {
	const q = `
		UPDATE deposit_contract SET rollover = r.rollover, closed_on = r.closed_on, early_taken = r.early_taken, monthly = r.monthly,
		       collect_on = r.collect_on, collected = r.collected, pending = r.pending, breached = r.breached, name = r.name, target = r.target,
		       target_on = r.target_on, round_to = r.round_to
		  FROM ROWS($1: account TEXT, rollover TEXT, closed_on TEXT, early_taken BIGINT, monthly BIGINT, collect_on TEXT, collected BIGINT,
		            pending BIGINT, breached BOOLEAN, name BYTEA, target BIGINT, target_on TEXT, round_to BIGINT) AS r
		 WHERE deposit_contract.account = r.account`
	rows := db.NewRows(len(all))
	for _, c := range all {
		rows.Add(c.Account, c.Rollover, c.ClosedOn, c.EarlyTaken, c.Monthly.Minor(), c.CollectOn, c.Collected, c.Pending, c.Breached, c.name,
			c.Plan.Target.Minor(), c.Plan.TargetOn, c.Plan.RoundTo.Minor())
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

const contractColumns = `
		SELECT p.account, p.customer, p.product, p.terms_version, p.kind, p.currency, p.branch, p.state, p.period_from, p.accrued_to,
		       p.principal, p.product_sum, p.overdue_sum, p.rate, p.demand, p.accrued, p.carried, p.settles_on, p.matures_on, p.matured,
		       c.linked, c.rollover, c.opened_on, c.closed_on, c.early_taken, c.monthly, c.collect_on, c.collected, c.pending, c.breached,
		       c.name, c.target, c.target_on, c.round_to`

// contractsOf reads a customer's contracts, or one of them.
func contractsOf(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) ([]Contract, error) {
	const q = contractColumns + `
		  FROM deposit_contract c
		  JOIN deposit_position p ON p.account = c.account
		 WHERE c.customer = $1 AND ($2 = '' OR c.account = $2)
		 ORDER BY p.state DESC, c.account DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanContract, q, customer, account, 2*contractsMax)
}

// lockContracts locks contracts and their positions in the order of their ids.
func lockContracts(ctx context.Context, tx *db.Tx, accounts []string) ([]Contract, error) {
	const q = contractColumns + `
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_contract c ON c.account = r.id
		  JOIN deposit_position p ON p.account = r.id
		 ORDER BY c.account
		   FOR UPDATE OF p, c`
	return db.List(ctx, tx, scanContract, q, textRows(accounts))
}

// roundingUp lists the pots that payments from an account are rounded up into.
func roundingUp(ctx context.Context, tx *db.Tx, linked id.Account) ([]string, error) {
	const q = `SELECT account FROM deposit_contract WHERE linked = $1 AND round_to > 0 AND closed_on IS NULL ORDER BY account LIMIT 20`
	return db.List(ctx, tx, db.Value[string], q, linked)
}

func dueToCollect(ctx context.Context, tx *db.Tx, day clock.Date, after string, limit int) ([]string, error) {
	const q = `
		SELECT account FROM deposit_contract
		 WHERE account > $1 AND collect_on IS NOT NULL AND collect_on <= $2 AND closed_on IS NULL
		 ORDER BY account
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[string], q, after, day, limit)
}

func countContracts(ctx context.Context, tx *db.Tx, customer id.Customer) (int64, error) {
	const q = `SELECT count(*) FROM deposit_contract WHERE customer = $1 AND closed_on IS NULL`
	return db.One(ctx, tx, db.Value[int64], q, customer)
}

// linkedTo counts the open contracts that money goes from to an account.
func linkedTo(ctx context.Context, tx *db.Tx, account id.Account) (int64, error) {
	const q = `SELECT count(*) FROM deposit_contract WHERE linked = $1 AND closed_on IS NULL`
	return db.One(ctx, tx, db.Value[int64], q, account)
}

func eraseContracts(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	_, err := tx.Exec(ctx, `UPDATE deposit_contract SET name = NULL WHERE customer = $1`, customer)
	return err
}

func scanContract(r db.Row) (c Contract, err error) {
	p := &c.Position
	var principal, sum, overdue, accrued, carried, monthly, target, round int64
	err = r.Scan(&p.Account, &p.Customer, &p.Product, &p.TermsVersion, &p.Kind, &p.Currency, &p.Branch, &p.State, &p.PeriodFrom, &p.AccruedTo,
		&principal, &sum, &overdue, &p.Rate, &p.Demand, &accrued, &carried, &p.SettlesOn, &p.MaturesOn, &p.Matured,
		&c.Linked, &c.Rollover, &c.OpenedOn, &c.ClosedOn, &c.EarlyTaken, &monthly, &c.CollectOn, &c.Collected, &c.Pending, &c.Breached,
		&c.name, &target, &c.Plan.TargetOn, &round)
	y := p.Currency
	p.Principal, p.ProductSum, p.OverdueSum = money.New(principal, y), money.New(sum, y), money.New(overdue, y)
	p.Accrued, p.Carried = money.New(accrued, y), money.New(carried, y)
	c.Monthly, c.Plan.Target, c.Plan.RoundTo, c.Plan.Monthly = money.New(monthly, y), money.New(target, y), money.New(round, y), money.New(monthly, y)
	return c, err
}
