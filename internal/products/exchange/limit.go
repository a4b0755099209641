package exchange

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What a person exchanges is counted in US dollars beside his other limits: in a day both ways together, and in a calendar
// year buying and selling apart, as the foreign exchange administration does.
const (
	countDay      deposit.LimitKind = "exchange_day"
	countBuyYear  deposit.LimitKind = "exchange_buy_year"
	countSellYear deposit.LimitKind = "exchange_sell_year"

	ruleDay       = "exchange.limit.daily_minor"
	ruleQuotaBuy  = "exchange.quota.buy_yearly_minor"
	ruleQuotaSell = "exchange.quota.sell_yearly_minor"
)

// Allowance is how much of a limit is used.
type Allowance struct {
	Kind string // day, buy_year or sell_year
	Most money.Amount
	Used money.Amount
	Left money.Amount
}

// uses are the counters that an exchange moves.
func (s *Service) uses(ctx context.Context, who id.Customer, side Side, dollars money.Amount, on clock.Date) ([]deposit.Use, error) {
	year, key := countBuyYear, ruleQuotaBuy
	if side == Sell {
		year, key = countSellYear, ruleQuotaSell
	}
	daily, err := s.Rules.Amount(ctx, ruleDay, on)
	if err != nil {
		return nil, err
	}
	quota, err := s.Rules.Amount(ctx, key, on)
	if err != nil {
		return nil, err
	}
	use := func(kind deposit.LimitKind, period string, most money.Amount, err *fault.Error) deposit.Use {
		return deposit.Use{Subject: string(who), Kind: kind, Period: period, Amount: dollars.Minor(), Most: most.Minor(),
			Err: err.At("/amount").With("limit", most.String())}
	}
	return []deposit.Use{
		use(countDay, on.String(), daily, ErrDay),
		use(year, strconv.Itoa(on.Year()), quota, ErrQuota),
	}, nil
}

// mayYet says what the limits would say, without consuming them.
func (s *Service) mayYet(ctx context.Context, tx *db.Tx, who id.Customer, t Terms, today clock.Date) error {
	uses, err := s.uses(ctx, who, t.Side, t.Dollars, today)
	if err != nil {
		return err
	}
	counters, err := deposit.PeekCounters(ctx, tx, uses)
	if err != nil {
		return err
	}
	return counters.Try(uses) // on a copy that is never saved
}

// consume uses the limits up.
func (s *Service) consume(ctx context.Context, tx *db.Tx, who id.Customer, t Terms, today clock.Date) error {
	uses, err := s.uses(ctx, who, t.Side, t.Dollars, today)
	if err != nil {
		return err
	}
	counters, err := deposit.LockCounters(ctx, tx, uses)
	if err != nil {
		return err
	}
	if err := counters.Try(uses); err != nil {
		return err
	}
	return counters.Save(tx)
}

// Allowances are what a customer may still exchange, in US dollars.
func (s *Service) Allowances(ctx context.Context, tx *db.Tx, who id.Customer) ([]Allowance, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	nothing := money.Zero(money.USD)
	buying, err := s.uses(ctx, who, Buy, nothing, today)
	if err != nil {
		return nil, err
	}
	selling, err := s.uses(ctx, who, Sell, nothing, today)
	if err != nil {
		return nil, err
	}
	uses := append(buying, selling[1])
	counters, err := deposit.PeekCounters(ctx, tx, uses)
	if err != nil {
		return nil, fmt.Errorf("counters of exchanges: %w", err)
	}
	all := make([]Allowance, len(uses))
	for i, kind := range []string{"day", "buy_year", "sell_year"} {
		used, _ := counters.Used(uses[i])
		all[i] = Allowance{kind, money.New(uses[i].Most, money.USD), money.New(used, money.USD), money.New(counters.Left(uses[i]), money.USD)}
	}
	return all, nil
}
