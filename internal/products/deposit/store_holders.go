package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func holdersAfter(ctx context.Context, tx *db.Tx, after id.Customer, limit int) ([]id.Customer, error) {
	const q = `SELECT DISTINCT customer FROM deposit_account WHERE customer > $1 ORDER BY customer LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Customer], q, after, limit)
}

func interestPaid(ctx context.Context, tx *db.Tx, customer id.Customer, from, to clock.Date, limit int) ([]Paid, error) {
	const q = `
		SELECT i.id, i.payment, i.account, i.customer, i.part, i.first_day, i.last_day, i.days, i.base, i.principal, i.product_sum, i.rate,
		       i.interest, i.tax, i.paid_to, i.journal, i.paid_on, p.currency
		  FROM deposit_interest i
		  JOIN deposit_position p ON p.account = i.account
		 WHERE i.customer = $1 AND i.paid_on >= $2 AND i.paid_on <= $3
		 ORDER BY i.id
		 LIMIT $4`
	return db.List(ctx, tx, scanPaid, q, customer, from, to, limit)
}
