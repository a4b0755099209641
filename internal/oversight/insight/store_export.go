package insight

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func eraseCustomer(ctx context.Context, tx *db.Tx, owner id.Customer) error {
	for _, q := range []string{
		`DELETE FROM insight_statement WHERE customer = $1`,
		`DELETE FROM insight_aside WHERE customer = $1`,
		`DELETE FROM insight_correction WHERE customer = $1`,
		`DELETE FROM insight_budget WHERE customer = $1`,
		`DELETE FROM insight_watch WHERE customer = $1`,
		`DELETE FROM insight_alert WHERE customer = $1`,
	} {
		if _, err := tx.Exec(ctx, q, owner); err != nil {
			return err
		}
	}
	return nil
}
