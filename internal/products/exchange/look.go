package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	pageMost   = 100 // exchanges of a page
	currencies = 200 // more than ISO 4217 has
	pointsMost = 400 // of a chart
)

func isRateMissing(err error) bool { return errors.Is(err, ErrNoRate) || errors.Is(err, ErrStale) }

// Exchange is one exchange of the caller's, or ErrNotFound.
func (s *Service) Exchange(ctx context.Context, by act.By, which id.Exchange) (Exchange, error) {
	var x Exchange
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		x, err = s.find(ctx, tx, by.Customer(), which)
		return err
	})
	return x, err
}

func (s *Service) find(ctx context.Context, tx *db.Tx, who id.Customer, which id.Exchange) (Exchange, error) {
	x, found, err := exchangeOf(ctx, tx, who, which)
	if err == nil && !found {
		err = ErrNotFound
	}
	return x, err
}

// List are the caller's exchanges, the newest first, before one (none: from the newest).
func (s *Service) List(ctx context.Context, by act.By, before id.Exchange, limit int) ([]Exchange, error) {
	if limit <= 0 || limit > pageMost {
		limit = pageMost
	}
	var all []Exchange
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = exchangesOf(ctx, tx, by.Customer(), before, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list exchanges: %w", err)
	}
	return all, nil
}

// Span is how far back a chart of rates goes.
type Span string

// The spans: a day shows every rate that was kept, the others the last of each day.
const (
	SpanDay     Span = "day"
	SpanMonth   Span = "month"
	SpanQuarter Span = "quarter"
	SpanYear    Span = "year"
)

func (p Span) days() int {
	switch p {
	case SpanMonth:
		return 31
	case SpanQuarter:
		return 92
	case SpanYear:
		return 366
	}
	return 1
}

// History are middle rates of a currency up to now, the oldest first. Error: ErrPair for a currency that is not offered.
func (s *Service) History(ctx context.Context, c money.Currency, span Span) ([]Middle, error) {
	var all []Middle
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		if offered, err := s.Accounts.Offered(ctx, c, today); err != nil || !offered || c == money.CNY {
			return errors.Join(err, ErrPair)
		}
		if span == SpanDay || span == "" {
			all, err = ratesAfter(ctx, tx, c, tx.Now().Add(-24*time.Hour), pointsMost)
			return err
		}
		all, err = closes(ctx, tx, c, clock.DateOf(tx.Now(), s.Days.Zone()), span.days())
		return err
	})
	return all, err
}

// Standing is a position as it is now.
type Standing struct {
	Currency money.Currency
	Position money.Amount // more than zero: the bank is long
	Cost     money.Amount // in yuan, since the last valuation at its value
	Valued   clock.Date   // the day of that; zero for none
	Middle   Middle       // the newest rate; zero for none
	Value    money.Amount // in yuan at that rate
	Result   money.Amount // Value less Cost: what the next valuation would book
}

// Standings are the positions in all currencies that were ever exchanged, by code.
func (s *Service) Standings(ctx context.Context, tx *db.Tx) ([]Standing, error) {
	codes, err := traded(ctx, tx, clock.Date{}, "", currencies)
	if err != nil {
		return nil, fmt.Errorf("currencies that were exchanged: %w", err)
	}
	all := make([]Standing, 0, len(codes))
	for _, code := range codes {
		c, err := money.ParseCurrency(code)
		if err != nil {
			return nil, err
		}
		p, err := s.standingNow(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (s *Service) standingNow(ctx context.Context, tx *db.Tx, c money.Currency) (Standing, error) {
	st, err := s.standing(ctx, tx, c, clock.Date{})
	if err != nil {
		return Standing{}, err
	}
	p := Standing{Currency: c, Position: st.position, Cost: st.cost, Valued: st.since, Value: st.cost, Result: money.Zero(money.CNY)}
	rates, err := latest(ctx, tx, []money.Currency{c}, tx.Now())
	if err != nil {
		return p, err
	}
	m, known := rates[c]
	if !known {
		return p, nil
	}
	p.Middle = m
	if p.Value, err = m.Observed.Middle.Worth(p.Position, money.HalfUp); err != nil {
		return p, err
	}
	p.Result, err = p.Value.Sub(p.Cost)
	return p, err
}

// Valuations are those of a currency, the newest first, before a day (zero: from the newest).
func (s *Service) Valuations(ctx context.Context, tx *db.Tx, c money.Currency, before clock.Date, limit int) ([]Valuation, error) {
	if limit <= 0 || limit > pageMost {
		limit = pageMost
	}
	return valuationsOf(ctx, tx, c, before, limit)
}

// Export is what the room keeps about a customer: his exchanges.
func (s *Service) Export(ctx context.Context, tx *db.Tx, who id.Customer) (name string, data any, err error) {
	type exported struct {
		ID       id.Exchange  `json:"id"`
		Side     Side         `json:"side"`
		From     id.Account   `json:"from"`
		To       id.Account   `json:"to"`
		Paid     money.Amount `json:"paid"`
		Received money.Amount `json:"received"`
		Price    string       `json:"price"`
		Purpose  string       `json:"purpose,omitempty"`
		On       string       `json:"on"`
	}
	out := []exported{}
	for before := id.Exchange(""); ; {
		page, err := exchangesOf(ctx, tx, who, before, pageMost)
		if err != nil {
			return "", nil, fmt.Errorf("export exchanges: %w", err)
		}
		for _, x := range page {
			out = append(out, exported{x.ID, x.Side, x.From, x.To, x.Paid(), x.Received(), x.Price.String(), x.Purpose, x.On.String()})
		}
		if len(page) < pageMost {
			return "exchange", out, nil
		}
		before = page[len(page)-1].ID
	}
}

// Erase has nothing to do: exchanges hold ids and amounts, which the books keep as well.
func (s *Service) Erase(context.Context, *db.Tx, id.Customer) error { return nil }
