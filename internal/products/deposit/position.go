package deposit

import (
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Position is what earns interest, and how far it has come: one for each current account and each deposit.
//
// accrued is always the interest from PeriodFrom to the end of AccruedTo, and the ledger's accrued interest is the sum
// of all positions'. Whoever changes one books the difference in the same transaction.
type Position struct {
	Account      id.Account
	Customer     id.Customer
	Product      string
	TermsVersion int
	Kind         catalog.Kind
	Currency     money.Currency
	Branch       string
	State        State
	PeriodFrom   clock.Date    // first day of what is accrued
	AccruedTo    clock.Date    // last day that was accrued
	Principal    money.Amount  // that earns by contract
	ProductSum   money.Amount  // balances of days added up, by product sum
	OverdueSum   money.Amount  // the same after the term
	Rate         interest.Rate // of the term, or as posted when it floats
	Demand       interest.Rate // of overdue days
	Accrued      money.Amount
	Carried      money.Amount // the part of Accrued that corrects settled periods
	SettlesOn    clock.Date
	MaturesOn    clock.Date
	Matured      bool // what was agreed for the last day is done

	terms catalog.Terms
}

// Parts of interest, as they are explained.
const (
	PartTerm       = "term"       // at the rate of the contract
	PartOverdue    = "overdue"    // after the term, at the demand rate
	PartEarly      = "early"      // taken before the end, at the demand rate
	PartNotice     = "notice"     // at the notice rate of the day
	PartDemand     = "demand"     // of a current account or a pot
	PartCorrection = "correction" // of a settled period, after an entry that was valued back into it
)

// Part is a part of a payment of interest: what it counts on, for how long, at which rate.
type Part struct {
	Kind       string
	From, To   clock.Date // the first day that counts, and the first that no longer does
	Days, Base int64
	Principal  money.Amount // by contract
	ProductSum money.Amount // by product sum
	Rate       interest.Rate
	Interest   money.Amount
}

// opens reports whether the position earns on a day: open, and begun.
func (p *Position) opens(on clock.Date) bool {
	return p.State == Open && (p.PeriodFrom.IsZero() || !p.PeriodFrom.After(on))
}

// next is the first day that is not accrued yet, on the way to a day.
func (p *Position) next(through clock.Date) clock.Date {
	switch {
	case !p.AccruedTo.IsZero():
		return p.AccruedTo.AddDays(1)
	case !p.PeriodFrom.IsZero():
		return p.PeriodFrom
	}
	return through // an account older than its position begins with the first end of day
}

// kindOf is how the interest of the term itself is called.
func (p *Position) kindOf() string {
	switch p.Kind {
	case catalog.Current, catalog.Pot:
		return PartDemand
	case catalog.Notice:
		return PartNotice
	}
	return PartTerm
}

// earned is the interest from the first day of the period to the end of a day, part by part. By product sum it counts
// the sums as they stand, which must reach that day.
func (p *Position) earned(through clock.Date) ([]Part, error) {
	end := through.AddDays(1)
	if p.PeriodFrom.IsZero() || !end.After(p.PeriodFrom) {
		return nil, nil
	}
	if p.terms.Interest.Method == catalog.ByProductSum {
		return p.bySum(end)
	}
	return p.byContract(end)
}

func (p *Position) byContract(end clock.Date) ([]Part, error) {
	last := end
	if !p.MaturesOn.IsZero() && end.After(p.MaturesOn) {
		last = p.MaturesOn
	}
	main, err := p.contractPart(p.kindOf(), p.Principal, p.PeriodFrom, last, p.Rate, p.terms.Interest.DayCount)
	if err != nil || last == end {
		return []Part{main}, err
	}
	overdue, err := p.contractPart(PartOverdue, p.Principal, last, end, p.Demand, interest.Actual360)
	return []Part{main, overdue}, err
}

// contractPart is what a principal earns between two dates.
func (p *Position) contractPart(kind string, principal money.Amount, from, to clock.Date, rate interest.Rate, count interest.DayCount) (Part, error) {
	f, err := count.Fraction(from, to)
	if err != nil {
		return Part{}, fmt.Errorf("interest of %s: %w", p.Account, err)
	}
	earned, err := interest.On(principal, rate, f, p.terms.Interest.Rounding)
	if err != nil {
		return Part{}, fmt.Errorf("interest of %s: %w", p.Account, err)
	}
	return Part{kind, from, to, f.Num, f.Den, principal, money.Zero(p.Currency), rate, earned}, nil
}

func (p *Position) bySum(end clock.Date) ([]Part, error) {
	last := end
	if !p.MaturesOn.IsZero() && end.After(p.MaturesOn) {
		last = p.MaturesOn
	}
	main, err := p.sumPart(p.kindOf(), p.ProductSum, p.PeriodFrom, last, p.Rate)
	if err != nil || last == end {
		return []Part{main}, err
	}
	overdue, err := p.sumPart(PartOverdue, p.OverdueSum, last, end, p.Demand)
	return []Part{main, overdue}, err
}

// sumPart is what a product sum earns: each unit of it one day's interest.
func (p *Position) sumPart(kind string, sum money.Amount, from, to clock.Date, rate interest.Rate) (Part, error) {
	base := p.terms.Interest.DayCount.Base()
	earned, err := interest.On(sum, rate, interest.Days(1, base), p.terms.Interest.Rounding)
	if err != nil {
		return Part{}, fmt.Errorf("interest of %s: %w", p.Account, err)
	}
	return Part{kind, from, to, int64(to.Sub(from)), int64(base), money.Zero(p.Currency), sum, rate, earned}, nil
}

// total adds parts, and what is carried from settled periods.
func (p *Position) total(parts []Part) (money.Amount, error) {
	sum := p.Carried
	for _, part := range parts {
		var err error
		if sum, err = sum.Add(part.Interest); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// recount brings Accrued to what is earned by the end of AccruedTo, and says by how much it changed.
func (p *Position) recount() (money.Amount, error) {
	total := p.Carried
	if !p.AccruedTo.IsZero() {
		parts, err := p.earned(p.AccruedTo)
		if err != nil {
			return money.Amount{}, err
		}
		if total, err = p.total(parts); err != nil {
			return money.Amount{}, err
		}
	}
	change, err := interest.Due(total, p.Accrued)
	p.Accrued = total
	return change, err
}

// begin starts a new period on a day: nothing is earned yet.
func (p *Position) begin(from clock.Date) {
	zero := money.Zero(p.Currency)
	p.PeriodFrom, p.AccruedTo = from, from.AddDays(-1)
	p.ProductSum, p.OverdueSum, p.Accrued, p.Carried = zero, zero, zero, zero
	if day := p.terms.Interest.SettleDay; day > 0 {
		p.SettlesOn = interest.SettlementDay(from, day)
	}
}

// add counts a balance that stood for so many days, in the term or after it.
func (p *Position) add(balance money.Amount, from clock.Date, days int) error {
	for day := range days {
		sum := &p.ProductSum
		if !p.MaturesOn.IsZero() && !from.AddDays(day).Before(p.MaturesOn) {
			sum = &p.OverdueSum
		}
		var err error
		if *sum, err = sum.Add(balance); err != nil {
			return err
		}
	}
	return nil
}
