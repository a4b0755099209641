package deposit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What accounts in other currencies are refused for.
var (
	// ErrCurrencyOffer says that the bank opens no accounts in the currency now.
	ErrCurrencyOffer = fault.New(fault.Rejected, "deposit.currency_not_offered")
	// ErrHomeFirst says that an account in another currency stands beside one of class I in yuan, which is missing.
	ErrHomeFirst = fault.New(fault.Rejected, "deposit.home_account_first")
)

// The classes of 银发〔2016〕261号 are of accounts in yuan. An account in another currency is kept like one of class I, which
// asks for the highest verification: one for each person and currency, without limits of a class, beside his account of
// class I in yuan. It takes part in exchanges between own accounts alone; payments are in yuan.

// Offered says whether accounts in a currency are opened on a day: always in yuan, and as the rule row of the currency says.
func (s *Service) Offered(ctx context.Context, currency money.Currency, on clock.Date) (bool, error) {
	if currency == money.CNY {
		return true, nil
	}
	offered, err := s.Rules.Bool(ctx, "deposit.currency."+strings.ToLower(currency.Code())+"_offered", on)
	if errors.Is(err, rule.ErrUnknown) || errors.Is(err, rule.ErrNotInForce) {
		return false, nil // a currency that nobody has decided to offer
	}
	return offered, err
}

func (s *Service) mayOpenCurrency(ctx context.Context, tx *db.Tx, who id.Customer, currency money.Currency, today clock.Date) error {
	offered, err := s.Offered(ctx, currency, today)
	if err != nil {
		return fmt.Errorf("offered currencies: %w", err)
	}
	if !offered {
		return ErrCurrencyOffer.At("/productCode")
	}
	home, err := countOfClass(ctx, tx, who, 1, money.CNY)
	if err == nil && home == 0 {
		err = ErrHomeFirst.At("/productCode")
	}
	return err
}
