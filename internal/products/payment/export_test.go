package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
)

// Sent is an order and who sends it.
type Sent struct {
	By    act.By
	Order Order
}

// Result is what one order of a batch came to.
type Result struct {
	Transfer Transfer
	Err      error
}

// SealIntent seals an intent without a check.
func (s *Service) SealIntent(i Intent) string { return s.sealIntent(i) }

// SendTogether books orders in one batch, as busy times do: tests cannot make requests meet in one by chance.
func (s *Service) SendTogether(ctx context.Context, orders []Sent) ([]Result, error) {
	requests := make([]request, len(orders))
	for i, o := range orders {
		var err error
		if requests[i], err = s.request(o.By, o.Order); err != nil {
			return nil, err
		}
	}
	var results []Result
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		outcomes, err := s.sendMany(ctx, tx, requests)
		results = make([]Result, len(outcomes))
		for i, o := range outcomes {
			results[i] = Result{o.Value, o.Err}
		}
		return err
	})
	return results, err
}
