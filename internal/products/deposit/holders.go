package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Holders are customers who have or had an account, in the order of their ids, after one of them: for work that comes
// round to each. It takes at most limit of them, and the next page begins after the last.
func (s *Service) Holders(ctx context.Context, tx *db.Tx, after id.Customer, limit int) ([]id.Customer, error) {
	all, err := holdersAfter(ctx, tx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read holders: %w", err)
	}
	return all, nil
}

// interestMost bounds the parts of one answer of InterestPaid: some thousand deposits that each pay monthly.
const interestMost = 20_000

// InterestPaid lists what was paid to a customer on all accounts and deposits from one business date to another, both
// included, part by part, the oldest first.
func (s *Service) InterestPaid(ctx context.Context, tx *db.Tx, customer id.Customer, from, to clock.Date) ([]Paid, error) {
	all, err := interestPaid(ctx, tx, customer, from, to, interestMost)
	if err != nil {
		return nil, fmt.Errorf("read interest of %s: %w", customer, err)
	}
	return all, nil
}
