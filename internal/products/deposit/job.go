package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	reindexBatch  = 200    // accounts moved in one transaction
	reindexRounds = 50_000 // transactions of one run: ten million accounts
)

// Reindex writes the blind indexes of account numbers under the current generation, in short transactions, and says how
// many accounts there were. It runs after the index keys were rotated; until it is through, both generations are
// searched, and then the old one can be retired.
func (s *Service) Reindex(ctx context.Context) (int64, error) {
	var moved int64
	var after id.Account
	for range reindexRounds {
		var some []sealedAccount
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			var err error
			if some, err = lockAccountsAfter(ctx, tx, after, reindexBatch); err != nil {
				return err
			}
			return s.reindex(ctx, tx, some)
		})
		if err != nil {
			return moved, fmt.Errorf("reindex account numbers: %w", err)
		}
		moved += int64(len(some))
		if len(some) < reindexBatch {
			break
		}
		after = some[len(some)-1].ID
	}
	return moved, nil
}

func (s *Service) reindex(ctx context.Context, tx *db.Tx, accounts []sealedAccount) error {
	rows := db.NewRows(len(accounts))
	for _, a := range accounts {
		if a.erased() {
			continue // its index is no number's any more
		}
		h, err := s.openRow(ctx, tx, a)
		if err != nil {
			return err
		}
		rows.Add(a.ID, s.Index.Index(numberField, h.Number))
	}
	return saveNumberIndexes(tx, rows)
}
