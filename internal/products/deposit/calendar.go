package deposit

import (
	"context"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Coming is something that a customer's deposits bring on a day.
type Coming struct {
	On       clock.Date
	Kind     string // maturity, settlement, collection or notice
	Account  id.Account
	Product  string
	Amount   money.Amount // principal, instalment, or what notice was given for; zero for a settlement
	Interest money.Amount // before tax, at today's rates; of a settlement what is accrued so far
	Rollover catalog.Rollover
	Terms    catalog.Version
}

// Kinds of what comes.
const (
	ComesMaturity   = "maturity"
	ComesSettlement = "settlement"
	ComesCollection = "collection"
	ComesNotice     = "notice"
)

// Calendar is what a customer's accounts and deposits bring from today on, by day.
func (s *Service) Calendar(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Coming, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	positions, err := positionsOf(ctx, tx, customer)
	if err != nil {
		return nil, err
	}
	var all []Coming
	for _, p := range positions {
		if !p.SettlesOn.IsZero() {
			v, err := s.Catalog.Version(ctx, tx, p.Product, p.TermsVersion)
			if err != nil {
				return nil, err
			}
			all = append(all, Coming{Terms: v, On: p.SettlesOn.AddDays(1), Kind: ComesSettlement, Account: p.Account, Product: p.Product,
				Amount: money.Zero(p.Currency), Interest: p.Accrued})
		}
	}
	contracts, err := s.Contracts(ctx, tx, customer)
	if err != nil {
		return nil, err
	}
	for _, h := range contracts {
		if h.State != Open {
			continue
		}
		if !h.MaturesOn.IsZero() && !h.MaturesOn.Before(today) {
			all = append(all, Coming{Terms: h.Terms, On: h.MaturesOn, Kind: ComesMaturity, Account: h.Account, Product: h.Product, Amount: h.Balance.Booked,
				Interest: h.AtMaturity, Rollover: h.Rollover})
		}
		if !h.CollectOn.IsZero() {
			all = append(all, Coming{Terms: h.Terms, On: h.CollectOn, Kind: ComesCollection, Account: h.Account, Product: h.Product, Amount: h.due(), Interest: money.Zero(h.Currency)})
		}
		if h.Kind != catalog.Notice {
			continue
		}
		given, err := noticesOf(ctx, tx, h.Account, today, noticesMax)
		if err != nil {
			return nil, err
		}
		for _, n := range given {
			all = append(all, Coming{Terms: h.Terms, On: n.DueOn, Kind: ComesNotice, Account: h.Account, Product: h.Product, Amount: n.Amount, Interest: money.Zero(h.Currency)})
		}
	}
	slices.SortStableFunc(all, func(a, b Coming) int { return a.On.Compare(b.On) })
	return all, nil
}

// Insurance is what deposit insurance covers of what a customer holds: principal and interest together, up to a sum for
// each person and bank (存款保险条例 arts. 5, 19).
type Insurance struct {
	Cover      money.Amount // at most
	PayoutDays int64        // working days
	Held       money.Amount // all deposits, with what they have earned
	Covered    money.Amount
	Beyond     money.Amount // above the cover
}

// Insurance counts what a customer holds against the cover.
func (s *Service) Insurance(ctx context.Context, tx *db.Tx, customer id.Customer) (Insurance, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return Insurance{}, err
	}
	cover, err := s.Rules.Amount(ctx, "deposit.insurance.cover_minor", today)
	if err != nil {
		return Insurance{}, err
	}
	days, err := s.Rules.Int(ctx, "deposit.insurance.payout_days", today)
	if err != nil {
		return Insurance{}, err
	}
	positions, err := positionsOf(ctx, tx, customer)
	if err != nil {
		return Insurance{}, err
	}
	ids := make([]string, len(positions))
	for i, p := range positions {
		ids[i] = string(p.Account)
	}
	balances, err := s.Books.Balances(ctx, tx, ids)
	if err != nil {
		return Insurance{}, fmt.Errorf("balances: %w", err)
	}
	held := money.Zero(cover.Currency())
	for _, p := range positions {
		if p.Currency != cover.Currency() {
			continue // foreign currency is counted when the bank quotes it
		}
		for _, more := range []money.Amount{balances[string(p.Account)].Booked, p.Accrued} {
			if held, err = held.Add(more); err != nil {
				return Insurance{}, err
			}
		}
	}
	out := Insurance{Cover: cover, PayoutDays: days, Held: held, Covered: held, Beyond: money.Zero(cover.Currency())}
	if held.Minor() > cover.Minor() {
		out.Covered = cover
		out.Beyond, err = held.Sub(cover)
	}
	return out, err
}

// Calculation is what a deposit would bring.
type Calculation struct {
	Version   catalog.Version
	Rate      interest.Rate
	Amount    money.Amount // of an instalment plan each month's
	PaidIn    money.Amount // in all
	Interest  money.Amount // of the whole term, before tax; of a deposit without a term for a year at today's rate
	Tax       money.Amount
	MaturesOn clock.Date
}

// Calculate says what an amount of a product would bring, opened today. Errors: catalog.ErrNoProduct, ErrLeast,
// catalog.ErrNoRate.
func (s *Service) Calculate(ctx context.Context, tx *db.Tx, by act.By, product string, amount money.Amount) (Calculation, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return Calculation{}, err
	}
	v, err := s.Catalog.InForce(ctx, tx, product, today)
	if err != nil {
		return Calculation{}, err
	}
	if v.Kind == catalog.Current {
		return Calculation{}, catalog.ErrNoProduct.At("/productCode")
	}
	if amount.Currency() != v.Terms.Currency || amount.Minor() < v.Terms.Deposit.Least.Minor() {
		return Calculation{}, ErrLeast.At("/amount").With("least", v.Terms.Deposit.Least.String())
	}
	rates, err := s.Catalog.Rates(ctx, tx, today)
	if err != nil {
		return Calculation{}, err
	}
	rate, found := rates.For(product, amount)
	if !found {
		return Calculation{}, catalog.ErrNoRate.At("/amount")
	}
	zero := money.Zero(v.Terms.Currency)
	c := Contract{Monthly: zero, OpenedOn: today, Position: Position{Customer: by.Customer(), Product: product, Kind: v.Kind, Currency: v.Terms.Currency,
		State: Open, Principal: zero, Rate: rate, terms: v.Terms}}
	c.begin(today)
	c.arrange(Draft{Amount: amount, Plan: Plan{Target: zero, RoundTo: zero, Monthly: zero}}, today)
	out := Calculation{Version: v, Rate: rate, Amount: amount, PaidIn: amount, MaturesOn: c.MaturesOn}
	if err := c.bring(&out); err != nil {
		return out, err
	}
	ratio, err := s.Rules.Decimal(ctx, taxRule, today)
	if err != nil {
		return out, err
	}
	out.Tax, err = interest.Tax(out.Interest, ratio)
	return out, err
}

// bring fills in the interest of a whole term, or of a year.
func (c *Contract) bring(out *Calculation) error {
	var err error
	switch c.Kind {
	case catalog.Term, catalog.Certificate:
		out.Interest, err = c.atMaturity()
	case catalog.Instalment:
		if out.PaidIn, err = out.Amount.MulFraction(int64(c.terms.Deposit.Months), 1, money.Down); err == nil {
			out.Interest, err = c.planned()
		}
	default:
		const year = 12
		var part Part
		part, err = c.contractPart(c.kindOf(), out.Amount, c.PeriodFrom, c.PeriodFrom.AddMonths(year), c.Rate, c.terms.Interest.DayCount)
		out.Interest = part.Interest
	}
	return err
}
