package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Foreseen is what a new version of a product would do to the accounts that exist. Contracts with a term keep the terms and
// the rate of their first day, so that a version changes nothing for them until they are renewed; what floats follows.
type Foreseen struct {
	Contracts  int64        // open ones of the product
	Held       money.Amount // on them
	Affected   int64        // whose rate changes on the first day
	BelowLeast int64        // hold less than the new least amount: they may stay
	Renewed    int64        // whose term ends within a year of the first day: renewed, they take the new terms
	RenewedSum money.Amount // principal of those
	Month      Change       // interest of 30 days on what is held
	Year       Change       // of 365 days
}

// Change is an amount before and after.
type Change struct{ Before, After money.Amount }

const (
	foreseeSlice = 2000 // accounts that are read at once
	monthDays    = 30
	yearDays     = 365
)

// Foresee goes through the open accounts of a product, some at a time and on several views of the database: it is an
// estimate of what stands now, and takes seconds for a million accounts.
func (s *Service) Foresee(ctx context.Context, p catalog.Planned) (Foreseen, error) {
	zero := money.Zero(p.After.Terms.Currency)
	f := Foreseen{Held: zero, RenewedSum: zero, Month: Change{zero, zero}, Year: Change{zero, zero}}
	for after := ""; ; {
		var last string
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			last, err = s.foreseeSome(ctx, tx, p, after, &f)
			return err
		})
		if err != nil {
			return f, fmt.Errorf("go through the accounts of %s: %w", p.After.Product, err)
		}
		if last == "" {
			return f, f.earn(p)
		}
		after = last
	}
}

// foreseeSome counts the next accounts, and answers the last of them: none when it was the last slice.
func (s *Service) foreseeSome(ctx context.Context, tx *db.Tx, p catalog.Planned, after string, f *Foreseen) (string, error) {
	rows, err := openOfProduct(ctx, tx, p.After.Product, after, foreseeSlice)
	if err != nil {
		return "", err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.account
	}
	balances, err := s.Books.Balances(ctx, tx, ids)
	if err != nil {
		return "", err
	}
	for _, r := range rows {
		if err := f.add(p, r, balances[r.account].Booked); err != nil {
			return "", err
		}
	}
	if len(rows) < foreseeSlice {
		return "", nil
	}
	return rows[len(rows)-1].account, nil
}

// productAccount is an open account of a product.
type productAccount struct {
	account   string
	rate      interest.Rate
	maturesOn clock.Date
}

func (f *Foreseen) add(p catalog.Planned, a productAccount, held money.Amount) error {
	var err error
	f.Contracts++
	if f.Held, err = f.Held.Add(held); err != nil {
		return err
	}
	if least := p.After.Terms.Deposit.Least; p.After.Kind != catalog.Current && held.Minor() < least.Minor() {
		f.BelowLeast++
	}
	if p.After.Kind.Floats() && len(p.RatesAfter) > 0 && p.RatesAfter[0].Rate != a.rate {
		f.Affected++
	}
	if !a.maturesOn.IsZero() && a.maturesOn.Before(p.After.EffectiveFrom.AddDays(yearDays)) && !a.maturesOn.Before(p.After.EffectiveFrom) {
		f.Renewed++
		f.RenewedSum, err = f.RenewedSum.Add(held)
	}
	return err
}

// earn computes what the affected sum earns: all of it when it floats, what is renewed when it has a term.
func (f *Foreseen) earn(p catalog.Planned) error {
	sum := f.Held
	if !p.After.Kind.Floats() {
		sum = f.RenewedSum
	}
	for _, c := range []struct {
		into  *money.Amount
		rates []catalog.Posted
		days  int
	}{
		{&f.Month.Before, p.RatesBefore, monthDays}, {&f.Month.After, p.RatesAfter, monthDays},
		{&f.Year.Before, p.RatesBefore, yearDays}, {&f.Year.After, p.RatesAfter, yearDays},
	} {
		rate := catalog.Rates{p.After.Product: c.rates}.Floating(p.After.Product)
		base := p.After.Terms.Interest.DayCount.Base()
		if base == 0 {
			base = yearDays
		}
		var err error
		if *c.into, err = interest.On(sum, rate, interest.Days(c.days, base), money.HalfUp); err != nil {
			return err
		}
	}
	return nil
}
