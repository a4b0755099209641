package insight

import (
	"cmp"
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	trendMonths = 12
	partiesMost = 10 // each way; the rest is one sum
)

// Analysis is what came and went in a month, and in the months before it.
type Analysis struct {
	Month      Month
	Currency   money.Currency
	In, Out    payment.Sum
	Categories []CategorySum // each way, the largest first
	Parties    []PartySum    // each way, the largest first, the rest as one
	Trend      []MonthSum    // twelve months, the oldest first, this one last
	Currencies []money.Currency
}

// CategorySum is what a category took or brought.
type CategorySum struct {
	Category  Category
	Direction payment.Direction
	payment.Sum
}

// PartySum is what one party took or brought.
type PartySum struct {
	Direction payment.Direction
	Like      string // a transaction with the party, to ask for the others; empty for what has no party
	Name      string // masked; empty for the rest
	Account   string // masked
	Rest      bool   // all parties that are not named, and what has none
	payment.Sum
}

// MonthSum is what came and went in a month.
type MonthSum struct {
	Month   Month
	In, Out payment.Sum
}

// Analysis sums up a person's month in a currency, with the eleven months before it. Errors: ErrMonth, payment.ErrTooManyLines.
func (s *Service) Analysis(ctx context.Context, by act.By, m Month, c money.Currency) (Analysis, error) {
	var a Analysis
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, last, err := s.span(ctx, tx, m)
		if err != nil {
			return err
		}
		all, err := s.moves(ctx, tx, by.Customer(), m.Add(1-trendMonths).First(), last)
		if err != nil {
			return err
		}
		a, err = analyse(all, m, c)
		return err
	})
	return a, err
}

func analyse(all []Move, m Month, c money.Currency) (Analysis, error) {
	zero := payment.Sum{Amount: money.Zero(c)}
	a := Analysis{Month: m, Currency: c, In: zero, Out: zero}
	for i := range trendMonths {
		a.Trend = append(a.Trend, MonthSum{Month: m.Add(i + 1 - trendMonths), In: zero, Out: zero})
	}
	parties := tally[partyKey]{currency: c}
	categories := tally[categoryKey]{currency: c}
	for _, move := range all {
		if !slices.Contains(a.Currencies, move.Amount.Currency()) {
			a.Currencies = append(a.Currencies, move.Amount.Currency())
		}
		if !move.counts(c) {
			continue
		}
		at := slices.IndexFunc(a.Trend, func(t MonthSum) bool { return t.Month == MonthOf(move.BusinessDate) })
		if at < 0 {
			continue
		}
		if err := a.Trend[at].add(move); err != nil {
			return a, err
		}
		if a.Trend[at].Month != m {
			continue
		}
		if err := categories.add(categoryKey{move.Direction, move.Category}, move); err != nil {
			return a, err
		}
		if err := parties.add(partyKey{move.Direction, string(move.Peer)}, move); err != nil {
			return a, err
		}
	}
	this := a.Trend[trendMonths-1]
	a.In, a.Out = this.In, this.Out
	for _, row := range categories.largest() {
		a.Categories = append(a.Categories, CategorySum{row.key.category, row.key.direction, row.sum})
	}
	var err error
	a.Parties, err = named(parties.largest(), c)
	slices.SortFunc(a.Currencies, func(x, y money.Currency) int { return cmp.Compare(x.Code(), y.Code()) })
	return a, err
}

func (t *MonthSum) add(m Move) error {
	if m.Direction == payment.In {
		return t.In.Add(m.Amount)
	}
	return t.Out.Add(m.Amount)
}

type categoryKey struct {
	direction payment.Direction
	category  Category
}

type partyKey struct {
	direction payment.Direction
	peer      string
}

// tally adds up moves under keys, in the order of their first.
type tally[K comparable] struct {
	currency money.Currency
	rows     []tallied[K]
	at       map[K]int
}

type tallied[K comparable] struct {
	key   K
	sum   payment.Sum
	first Move
}

func (t *tally[K]) add(key K, m Move) error {
	i, known := t.at[key]
	if !known {
		if t.at == nil {
			t.at = make(map[K]int)
		}
		i = len(t.rows)
		t.at[key] = i
		t.rows = append(t.rows, tallied[K]{key: key, sum: payment.Sum{Amount: money.Zero(t.currency)}, first: m})
	}
	return t.rows[i].sum.Add(m.Amount)
}

// largest are the rows, the largest sum first.
func (t *tally[K]) largest() []tallied[K] {
	slices.SortStableFunc(t.rows, func(a, b tallied[K]) int { return cmp.Compare(b.sum.Amount.Minor(), a.sum.Amount.Minor()) })
	return t.rows
}

// named names the largest parties each way and adds up the rest.
func named(rows []tallied[partyKey], c money.Currency) ([]PartySum, error) {
	var all []PartySum
	for _, direction := range []payment.Direction{payment.Out, payment.In} {
		rest := PartySum{Direction: direction, Rest: true, Sum: payment.Sum{Amount: money.Zero(c)}}
		shown := 0
		for _, row := range rows {
			if row.key.direction != direction {
				continue
			}
			if shown < partiesMost && row.key.peer != "" {
				shown++
				all = append(all, PartySum{Direction: direction, Like: row.first.ID, Name: row.first.Counterparty,
					Account: row.first.CounterpartyAccount, Sum: row.sum})
				continue
			}
			var err error
			if rest.Amount, err = rest.Amount.Add(row.sum.Amount); err != nil {
				return nil, err
			}
			rest.Count += row.sum.Count
		}
		if rest.Count > 0 {
			all = append(all, rest)
		}
	}
	return all, nil
}
