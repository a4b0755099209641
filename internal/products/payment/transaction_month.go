package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Month is what came and went in a month of business dates.
type Month struct {
	Month    string // 2026-11
	Currency money.Currency
	In, Out  Sum
}

const monthLength = len("2026-11")

// Months sums the transactions that a filter chooses by month, the latest first; months without any are left out. What
// moves between the caller's own accounts counts for an account, and not for all of them together: no money came or
// went. A filter without dates covers the longest period of a statement. Errors: as Transactions, ErrPeriod, ErrTooManyLines.
func (s *Service) Months(ctx context.Context, by act.By, f Filter) ([]Month, error) {
	if err := f.validate(); err != nil {
		return nil, err
	}
	f.Limit, f.Cursor = 0, ""
	var months []Month
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := s.bounded(ctx, tx, period{f.From, f.To})
		if err != nil {
			return err
		}
		f.From, f.To = p.from, p.to
		sc, err := s.newScan(ctx, tx, by.Customer(), f)
		if err != nil {
			return err
		}
		if err := sc.mustBeShort(ctx, tx, p); err != nil {
			return err
		}
		months = nil
		return sc.each(ctx, tx, func(t Transaction) error {
			if f.Account == "" && t.Own {
				return nil
			}
			return addMonth(&months, t)
		})
	})
	return months, err
}

// addMonth counts a transaction, which come newest first, in its month.
func addMonth(months *[]Month, t Transaction) error {
	name, currency := t.BusinessDate.String()[:monthLength], t.Amount.Currency()
	at := -1
	for i, m := range *months {
		if m.Month == name && m.Currency == currency {
			at = i
		}
	}
	if at < 0 {
		zero := Sum{Amount: money.Zero(currency)}
		*months = append(*months, Month{Month: name, Currency: currency, In: zero, Out: zero})
		at = len(*months) - 1
	}
	if t.Direction == In {
		return (*months)[at].In.Add(t.Amount)
	}
	return (*months)[at].Out.Add(t.Amount)
}
