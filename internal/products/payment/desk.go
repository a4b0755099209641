package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Inspect is a transfer as the bank sees it, without what its parties wrote. Error: ErrNotFound.
func (s *Service) Inspect(ctx context.Context, tx *db.Tx, transfer id.Transfer) (Transfer, error) {
	all, err := findMany(ctx, tx, []id.Transfer{transfer})
	if err != nil {
		return Transfer{}, err
	}
	if len(all) == 0 {
		return Transfer{}, ErrNotFound
	}
	return all[0], nil
}
