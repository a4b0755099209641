package insight

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func correctionsOf(ctx context.Context, tx *db.Tx, owner id.Customer) (corrections, error) {
	const q = `SELECT scope, subject, category FROM insight_correction WHERE customer = $1`
	all := make(corrections)
	err := tx.Each(ctx, func(r db.Row) error {
		var key correctionKey
		var c Category
		if err := r.Scan(&key.scope, &key.subject, &c); err != nil {
			return err
		}
		all[key] = c
		return nil
	}, q, owner)
	return all, err
}

func upsertCorrection(ctx context.Context, tx *db.Tx, owner id.Customer, about correctionKey, c Category) error {
	const q = `
		INSERT INTO insight_correction (customer, scope, subject, category, made_at) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT (customer, scope, subject) DO UPDATE SET category = EXCLUDED.category, made_at = EXCLUDED.made_at`
	_, err := tx.Exec(ctx, q, owner, about.scope, about.subject, c, tx.Now())
	return err
}

func deleteCorrection(ctx context.Context, tx *db.Tx, owner id.Customer, about correctionKey) error {
	const q = `DELETE FROM insight_correction WHERE customer = $1 AND scope = $2 AND subject = $3`
	_, err := tx.Exec(ctx, q, owner, about.scope, about.subject)
	return err
}

func budgetsOf(ctx context.Context, tx *db.Tx, owner id.Customer) ([]Budget, error) {
	const q = `SELECT category, amount, currency FROM insight_budget WHERE customer = $1 ORDER BY category`
	return db.List(ctx, tx, func(r db.Row) (b Budget, err error) {
		var minor int64
		var c money.Currency
		err = r.Scan(&b.Category, &minor, &c)
		b.Amount = money.New(minor, c)
		return b, err
	}, q, owner)
}

func upsertBudget(ctx context.Context, tx *db.Tx, owner id.Customer, c Category, most money.Amount) error {
	const q = `
		INSERT INTO insight_budget (customer, category, amount, currency, set_at) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT (customer, category) DO UPDATE SET amount = EXCLUDED.amount, currency = EXCLUDED.currency, set_at = EXCLUDED.set_at`
	_, err := tx.Exec(ctx, q, owner, c, most.Minor(), most.Currency(), tx.Now())
	return err
}

func deleteBudget(ctx context.Context, tx *db.Tx, owner id.Customer, c Category) error {
	const q = `DELETE FROM insight_budget WHERE customer = $1 AND category = $2`
	_, err := tx.Exec(ctx, q, owner, c)
	return err
}

// watch puts a person with a budget on the list of those to compare.
func watch(ctx context.Context, tx *db.Tx, owner id.Customer) error {
	const q = `INSERT INTO insight_watch (customer, stale) VALUES ($1, TRUE) ON CONFLICT (customer) DO UPDATE SET stale = TRUE`
	_, err := tx.Exec(ctx, q, owner)
	return err
}

// markStale puts a person on the list if he has ever had a budget.
func markStale(ctx context.Context, tx *db.Tx, owner id.Customer) error {
	const q = `UPDATE insight_watch SET stale = TRUE WHERE customer = $1 AND stale = FALSE`
	_, err := tx.Exec(ctx, q, owner)
	return err
}

func unmarkStale(ctx context.Context, tx *db.Tx, owner id.Customer) error {
	const q = `UPDATE insight_watch SET stale = FALSE WHERE customer = $1`
	_, err := tx.Exec(ctx, q, owner)
	return err
}

func staleWatches(ctx context.Context, tx *db.Tx, limit int) ([]id.Customer, error) {
	const q = `SELECT customer FROM insight_watch WHERE stale = TRUE ORDER BY customer LIMIT $1`
	return db.List(ctx, tx, db.Value[id.Customer], q, limit)
}

// insertAlert reports whether it was not told before.
func insertAlert(ctx context.Context, tx *db.Tx, owner id.Customer, m Month, c Category, l Level) (bool, error) {
	const q = `
		INSERT INTO insight_alert (customer, month, category, level, at) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT (customer, month, category, level) DO NOTHING`
	n, err := tx.Exec(ctx, q, owner, m.String(), c, l, tx.Now())
	return n == 1, err
}

// forgetAlerts lets a changed budget be told about again.
func forgetAlerts(ctx context.Context, tx *db.Tx, owner id.Customer, c Category) error {
	const q = `DELETE FROM insight_alert WHERE customer = $1 AND category = $2`
	_, err := tx.Exec(ctx, q, owner, c)
	return err
}
