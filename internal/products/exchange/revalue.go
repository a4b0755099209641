package exchange

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Steps are what exchange does at the end of a day: each position is valued at the day's last middle rate. A currency is an
// item; its id is the code. A currency without a fresh rate is set aside; when that is retried, the newest rate of then is
// taken. A valuation counts all exchanges since the one before it.
func (s *Service) Steps() []day.Step {
	return []day.Step{{Name: actRevalue, Items: tradedAfter, Do: s.revalueMany}}
}

// tradedAfter lists the currencies that were ever exchanged, by code.
func tradedAfter(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	return traded(ctx, tx, on, after, limit)
}

func (s *Service) revalueMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	var aside []day.Aside
	for _, code := range items { // never more than there are currencies
		c, err := money.ParseCurrency(code)
		if err != nil {
			return nil, err
		}
		err = s.revalue(ctx, tx, on, c)
		switch {
		case err == nil:
		case isRateMissing(err):
			aside = append(aside, day.Aside{Item: code, Err: err})
		default:
			return nil, fmt.Errorf("revalue %s: %w", code, err)
		}
	}
	return aside, nil
}

// revalue values the position in one currency, unless that or a later day was valued before.
func (s *Service) revalue(ctx context.Context, tx *db.Tx, on clock.Date, c money.Currency) error {
	st, err := s.standing(ctx, tx, c, on)
	if err != nil || !st.since.Before(on) {
		return err
	}
	m, err := s.closing(ctx, tx, c, on)
	if err != nil {
		return err
	}
	v := Valuation{Currency: c, On: on, Position: st.position, Middle: m.Observed.Middle, RateAt: m.At, Cost: st.cost}
	if v.Value, err = v.Middle.Worth(v.Position, money.HalfUp); err != nil {
		return err
	}
	if v.Change, err = v.Value.Sub(v.Cost); err != nil {
		return err
	}
	if !v.Change.IsZero() {
		v.Journal = id.New[id.Journal](tx.Now())
		outcomes, err := s.Books.Post(ctx, tx, []ledger.Journal{v.journal(act.Job(actRevalue))})
		if err != nil {
			return err
		}
		if outcomes[0].Err != nil {
			return fmt.Errorf("book revaluation: %w", outcomes[0].Err)
		}
	}
	return insertValuation(ctx, tx, v)
}

// standing is what a position and its cost add up to.
type standing struct {
	since    clock.Date // of the last valuation; zero for none
	position money.Amount
	cost     money.Amount
}

// standing adds to the last valuation what was exchanged after it, up to a day (zero: up to now).
func (s *Service) standing(ctx context.Context, tx *db.Tx, c money.Currency, through clock.Date) (standing, error) {
	st := standing{position: money.Zero(c), cost: money.Zero(money.CNY)}
	v, found, err := lastValuation(ctx, tx, c)
	if err != nil {
		return st, fmt.Errorf("last valuation: %w", err)
	}
	if found {
		st.since, st.position, st.cost = v.On, v.Position, v.Value
	}
	sums, err := exchangedAfter(ctx, tx, c, st.since, through)
	if err != nil {
		return st, fmt.Errorf("exchanges since: %w", err)
	}
	for _, sum := range sums {
		amount, value := sum.amount, sum.value
		if sum.side == Buy { // the customer's: the bank gave it away
			amount, value = -amount, -value
		}
		if st.position, err = st.position.Add(money.New(amount, c)); err != nil {
			return st, err
		}
		if st.cost, err = st.cost.Add(money.New(value, money.CNY)); err != nil {
			return st, err
		}
	}
	return st, nil
}

// closing is the last middle rate of a day or, when that is too old, the newest one that is not. Errors: ErrNoRate, ErrStale.
func (s *Service) closing(ctx context.Context, tx *db.Tx, c money.Currency, on clock.Date) (Middle, error) {
	old, err := s.Rules.Duration(ctx, ruleRevalue, on)
	if err != nil {
		return Middle{}, err
	}
	refused := ErrNoRate.With("currency", c.Code())
	for _, until := range []time.Time{on.AddDays(1).Midnight(s.Days.Zone()).Add(-time.Microsecond), tx.Now()} {
		rates, err := latest(ctx, tx, []money.Currency{c}, until)
		if err != nil {
			return Middle{}, fmt.Errorf("closing rate: %w", err)
		}
		m, known := rates[c]
		if known && until.Sub(m.At) <= old {
			return m, nil
		}
		if known {
			refused = ErrStale.With("currency", c.Code()).With("at", m.At.UTC().Format(time.RFC3339))
		}
	}
	return Middle{}, refused
}

// PositionCheck compares the positions that exchanges and valuations add up to with the ledger's position accounts, in each
// currency, and what they cost with the one in yuan (外汇敞口总分核对). Both change in one transaction.
func (s *Service) PositionCheck() day.Check {
	return day.Check{Name: "exchange.position", Run: func(ctx context.Context, tx *db.Tx, _ clock.Date) ([]day.Difference, error) {
		return s.differences(ctx, tx)
	}}
}

func (s *Service) differences(ctx context.Context, tx *db.Tx) ([]day.Difference, error) {
	totals, err := s.Books.TrialBalance(ctx, tx, clock.Date{})
	if err != nil {
		return nil, err
	}
	booked := make(map[string]int64) // long is more than zero
	for _, t := range totals {
		if t.Heading.Code == ledger.CurrencyPosition {
			booked[t.Account] = -t.Balance().Minor()
		}
	}
	all, err := s.Standings(ctx, tx)
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]int64, len(all)+1)
	for _, p := range all {
		wanted[position(p.Currency)] += p.Position.Minor()
		wanted[position(money.CNY)] -= p.Cost.Minor()
	}
	var found []day.Difference
	for account, minor := range wanted {
		if booked[account] != minor {
			found = append(found, day.Difference{Subject: account, Detail: fmt.Sprintf("exchanges %d, books %d", minor, booked[account])})
		}
		delete(booked, account)
	}
	for account, minor := range booked {
		if minor != 0 {
			found = append(found, day.Difference{Subject: account, Detail: fmt.Sprintf("exchanges 0, books %d", minor)})
		}
	}
	return found, nil
}
