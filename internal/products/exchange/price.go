package exchange

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Price is a currency on the bank's board (外汇牌价).
type Price struct {
	Middle
	Bought Rate         // what the bank pays (现汇买入价)
	Sold   Rate         // what it asks (现汇卖出价)
	Least  money.Amount // of an exchange
	Stale  bool         // too old to quote at
	Before Rate         // the middle rate a day before; zero when none is known
}

// of is what the bank asks or pays for an exchange.
func (p Price) of(side Side) Rate {
	if side == Buy {
		return p.Sold
	}
	return p.Bought
}

// figure names a figure of a currency.
func figure(c money.Currency, what string) string {
	return "exchange." + strings.ToLower(c.Code()) + "." + what
}

// Board are the prices of all currencies that are exchanged, in the order of the codes of their products. A currency without
// a rate is left out.
func (s *Service) Board(ctx context.Context, tx *db.Tx) ([]Price, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	currencies, err := s.Currencies(ctx, tx, today)
	if err != nil {
		return nil, err
	}
	now, err := latest(ctx, tx, currencies, tx.Now())
	if err != nil {
		return nil, fmt.Errorf("newest rates: %w", err)
	}
	before, err := latest(ctx, tx, currencies, tx.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, fmt.Errorf("rates of a day before: %w", err)
	}
	var board []Price
	for _, c := range currencies {
		m, known := now[c]
		if !known {
			continue
		}
		p, err := s.price(ctx, m, tx.Now(), today)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p.Before = before[c].Middle
		board = append(board, p)
	}
	return board, nil
}

// price is what the bank asks at a middle rate.
func (s *Service) price(ctx context.Context, m Middle, now time.Time, today clock.Date) (Price, error) {
	p := Price{Middle: m}
	buys, err := s.spread(ctx, figure(m.Currency, "buy_spread_ratio"), today)
	if err != nil {
		return p, err
	}
	sells, err := s.spread(ctx, figure(m.Currency, "sell_spread_ratio"), today)
	if err != nil {
		return p, err
	}
	if p.Bought, err = m.Observed.Middle.bought(buys); err != nil {
		return p, err
	}
	if p.Sold, err = m.Observed.Middle.sold(sells); err != nil {
		return p, err
	}
	if p.Least, err = s.Rules.Amount(ctx, figure(m.Currency, "least_minor"), today); err != nil {
		return p, err
	}
	old, err := s.Rules.Duration(ctx, ruleStale, today)
	p.Stale = now.Sub(m.At) > old
	return p, err
}

func (s *Service) spread(ctx context.Context, key string, on clock.Date) (interest.Rate, error) {
	ratio, err := s.Rules.Decimal(ctx, key, on)
	if err != nil {
		return 0, err
	}
	r, err := interest.ParseRate(ratio.String())
	if err != nil {
		return 0, fmt.Errorf("figure %s: %w", key, err)
	}
	return r, nil
}

// current is the price at which a currency can be quoted now. Errors: ErrPair, ErrNoRate, ErrStale.
func (s *Service) current(ctx context.Context, tx *db.Tx, c money.Currency, today clock.Date) (Price, error) {
	offered, err := s.Accounts.Offered(ctx, c, today)
	if err != nil {
		return Price{}, err
	}
	if !offered {
		return Price{}, ErrPair
	}
	now, err := latest(ctx, tx, []money.Currency{c}, tx.Now())
	if err != nil {
		return Price{}, fmt.Errorf("newest rate: %w", err)
	}
	m, known := now[c]
	if !known {
		return Price{}, ErrNoRate
	}
	p, err := s.price(ctx, m, tx.Now(), today)
	switch {
	case missing(err):
		return p, ErrPair
	case err != nil:
		return p, err
	case p.Stale:
		return p, ErrStale.With("at", m.At.UTC().Format(time.RFC3339))
	}
	return p, nil
}

// InYuan is about how much amounts of any currencies are worth in yuan at the newest middle rates: to be shown, never booked.
// It is false when a rate is missing.
func (s *Service) InYuan(ctx context.Context, tx *db.Tx, amounts []money.Amount) (money.Amount, bool, error) {
	sum := money.Zero(money.CNY)
	var currencies []money.Currency
	for _, a := range amounts {
		currencies = append(currencies, a.Currency())
	}
	rates, err := latest(ctx, tx, currencies, tx.Now())
	if err != nil {
		return sum, false, fmt.Errorf("newest rates: %w", err)
	}
	for _, a := range amounts {
		worth := a
		if a.Currency() != money.CNY {
			m, known := rates[a.Currency()]
			if !known {
				return sum, false, nil
			}
			if worth, err = m.Observed.Middle.Worth(a, money.HalfUp); err != nil {
				return sum, false, err
			}
		}
		if sum, err = sum.Add(worth); err != nil {
			return sum, false, err
		}
	}
	return sum, true, nil
}
