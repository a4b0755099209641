package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Source tells middle rates. The adapters are in package feed. Every adapter that makes its rates up is called Simulated,
// and people are told so.
type Source interface {
	// Name is kept with each rate: "simulator", or the host or file that told it.
	Name() string
	// Rates are the rates of some currencies that it knows at an instant, in any order, the newest few hundred days at most.
	Rates(ctx context.Context, at time.Time, currencies []money.Currency) ([]Observed, error)
}

// Simulated is the name of a source that makes its rates up.
const Simulated = "simulator"

// Observed is a middle rate as a source told it.
type Observed struct {
	Currency money.Currency
	At       time.Time // when it was so
	Middle   Rate
}

// Middle is a middle rate that was kept.
type Middle struct {
	Observed
	Source string
}

const (
	observedMax = 10_000          // rates of one answer
	futureMost  = 5 * time.Minute // a source's clock may be ahead by so much
)

const (
	ruleStale   = "exchange.rate.stale_minutes"
	ruleJump    = "exchange.rate.jump_ratio"
	ruleRevalue = "exchange.rate.revalue_hours"
)

// Refresh asks the source and keeps what is new, and says how many rates that were. A rate from the future, and one too far
// from the one before it, is not taken: the rate then grows old, and nothing is quoted at it. Errors: ErrSource, ErrJump.
func (s *Service) Refresh(ctx context.Context) (int, error) {
	if s.Source == nil {
		return 0, nil
	}
	var offered []money.Currency
	var today clock.Date
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if today, err = s.Days.Current(ctx, tx); err != nil {
			return err
		}
		offered, err = s.Currencies(ctx, tx, today)
		return err
	})
	if err != nil || len(offered) == 0 {
		return 0, err
	}
	told, err := s.Source.Rates(ctx, s.Clock.Now(), offered) // before the transaction: it may be a network away
	if err != nil {
		return 0, ErrSource.Because(fmt.Errorf("ask %s: %w", s.Source.Name(), err))
	}
	if len(told) > observedMax {
		return 0, ErrSource.Because(fmt.Errorf("%s told %d rates", s.Source.Name(), len(told)))
	}
	kept := 0
	var jumped error
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		kept, jumped, err = s.keep(ctx, tx, told, offered, today)
		return err
	})
	return kept, errors.Join(err, jumped)
}

// keep writes the rates that are newer than what there is, each currency by itself and in the order of time.
func (s *Service) keep(ctx context.Context, tx *db.Tx, told []Observed, wanted []money.Currency, today clock.Date) (int, error, error) {
	ratio, err := s.Rules.Decimal(ctx, ruleJump, today)
	if err != nil {
		return 0, nil, err
	}
	jump, err := interest.ParseRate(ratio.String())
	if err != nil {
		return 0, nil, err
	}
	last, err := latest(ctx, tx, wanted, tx.Now())
	if err != nil {
		return 0, nil, fmt.Errorf("newest rates: %w", err)
	}
	fresh, jumped := sift(told, wanted, last, jump, s.Clock.Now().Add(futureMost))
	if len(fresh) == 0 {
		return 0, jumped, nil
	}
	return len(fresh), jumped, insertRates(ctx, tx, fresh, s.Source.Name(), s.Days.Zone())
}

// Currencies are those that the bank exchanges on a day: an account in them is sold and they are offered.
func (s *Service) Currencies(ctx context.Context, tx *db.Tx, on clock.Date) ([]money.Currency, error) {
	sold, err := s.Products.List(ctx, tx, catalog.Current, on)
	if err != nil {
		return nil, fmt.Errorf("accounts that are sold: %w", err)
	}
	var all []money.Currency
	for _, v := range sold {
		c := v.Terms.Currency
		if c == money.CNY {
			continue
		}
		offered, err := s.Accounts.Offered(ctx, c, on)
		if err != nil {
			return nil, err
		}
		if offered {
			all = append(all, c)
		}
	}
	return all, nil
}

// missing says whether a figure is one that nobody has set: then the currency is not exchanged.
func missing(err error) bool {
	return errors.Is(err, rule.ErrUnknown) || errors.Is(err, rule.ErrNotInForce)
}
