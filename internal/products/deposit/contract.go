package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What a deposit refuses, and why.
var (
	// ErrLeast says that an amount is less than the terms ask for.
	ErrLeast = fault.New(fault.Rejected, "deposit.less_than_least")
	// ErrLeft says that less would be left than the terms ask for.
	ErrLeft = fault.New(fault.Rejected, "deposit.too_little_left")
	// ErrPartial says that no further part may be taken out before the end.
	ErrPartial = fault.New(fault.Rejected, "deposit.no_more_parts")
	// ErrWhole says that only the whole deposit can be taken out.
	ErrWhole = fault.New(fault.Rejected, "deposit.whole_only")
	// ErrRollover says that the product has no such choice for its last day.
	ErrRollover = fault.New(fault.Rejected, "deposit.no_such_rollover")
	// ErrLinked says that the current account cannot be used: it is closed, another's, of class III, or in another currency.
	ErrLinked = fault.New(fault.Rejected, "deposit.linked_account")
	// ErrAdd says that nothing can be paid in: it is no deposit of this kind, or no instalment is due.
	ErrAdd = fault.New(fault.Rejected, "deposit.nothing_to_add")
	// ErrEndOfDay says that yesterday's interest is still being counted.
	ErrEndOfDay = fault.New(fault.Busy, "deposit.day_is_being_closed").Wait(endOfDayWait)
	// ErrMany says that a customer has as many deposits as one person may.
	ErrMany = fault.New(fault.Rejected, "deposit.too_many_deposits")
	// ErrDepositsLinked says that deposits still go to the account.
	ErrDepositsLinked = fault.New(fault.Conflict, "deposit.deposits_linked")
	// ErrInterestPaid says that closing has paid the account's interest into it: it is to be moved first.
	ErrInterestPaid = fault.New(fault.Conflict, "deposit.interest_paid")
	// ErrDeposit says that there is no such deposit, or that it is another's.
	ErrDeposit = fault.New(fault.NotFound, "deposit.deposit_not_found")
)

// contractsMax is how many deposits one person may hold, closed ones aside.
const contractsMax = 200

// Contract is what a customer agreed to for a deposit that is no current account.
type Contract struct {
	Position
	Linked     id.Account // that money comes from and goes to
	Rollover   catalog.Rollover
	OpenedOn   clock.Date
	ClosedOn   clock.Date
	EarlyTaken int          // parts taken out before the end
	Monthly    money.Amount // an instalment, or a pot's standing sum; zero for none
	CollectOn  clock.Date   // when the next is collected
	Collected  int
	Pending    int  // missed instalments that may still be made up
	Breached   bool // one was missed and not made up
	Plan       Plan // of a pot

	name []byte
}

// Plan is what a pot saves towards, and how.
type Plan struct {
	Name     string       `json:"name,omitempty"`
	Target   money.Amount `json:"target,omitzero"` // zero for none
	TargetOn clock.Date   `json:"targetOn,omitzero"`
	RoundTo  money.Amount `json:"roundTo,omitzero"` // payments from the linked account are rounded up to this; zero for never
	Monthly  money.Amount `json:"monthly,omitzero"` // standing sum
	Day      int          `json:"day,omitempty"`    // of the month for it, 1 to 28
}

// Held is a contract as its holder sees it.
type Held struct {
	Contract
	Terms   catalog.Version
	Balance ledger.Balance
	// Accrued is what it would be paid at the rate of its contract up to yesterday, before tax.
	Accrued money.Amount
	// AtMaturity is the interest of the whole term, before tax; zero for what has no term. Of instalments it counts what
	// was really paid in, and that what is still to come comes on its dates.
	AtMaturity money.Amount
	// Earning explains Accrued: what counts, for how many days, at which rate.
	Earning []Part
}

// Contracts are a customer's deposits, open ones first.
func (s *Service) Contracts(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Held, error) {
	rows, err := contractsOf(ctx, tx, customer, "")
	if err != nil {
		return nil, err
	}
	return s.held(ctx, tx, rows)
}

// Contract is one deposit of a customer, or ErrDeposit.
func (s *Service) Contract(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) (Held, error) {
	rows, err := contractsOf(ctx, tx, customer, account)
	if err != nil {
		return Held{}, err
	}
	if len(rows) == 0 {
		return Held{}, ErrDeposit
	}
	all, err := s.held(ctx, tx, rows)
	if err != nil {
		return Held{}, err
	}
	return all[0], nil
}

func (s *Service) held(ctx context.Context, tx *db.Tx, rows []Contract) ([]Held, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = string(r.Account)
	}
	balances, err := s.Books.Balances(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	all := make([]Held, len(rows))
	for i, r := range rows {
		if all[i], err = s.hold(ctx, tx, r, balances[string(r.Account)]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) hold(ctx context.Context, tx *db.Tx, c Contract, balance ledger.Balance) (Held, error) {
	v, err := s.Catalog.Version(ctx, tx, c.Product, c.TermsVersion)
	if err != nil {
		return Held{}, fmt.Errorf("terms of %s: %w", c.Account, err)
	}
	c.terms = v.Terms
	if c.Plan.Name, err = s.Vault.OpenText(ctx, tx, string(c.Customer), planIn(c.Account), c.name); err != nil {
		return Held{}, fmt.Errorf("open name of a goal: %w", err)
	}
	h := Held{Contract: c, Terms: v, Balance: balance, Accrued: c.Position.Accrued, AtMaturity: money.Zero(c.Currency)}
	if c.State != Open {
		return h, nil
	}
	if !c.AccruedTo.IsZero() {
		if h.Earning, err = c.earned(c.AccruedTo); err != nil {
			return h, err
		}
	}
	switch {
	case c.MaturesOn.IsZero():
	case c.Kind == catalog.Instalment:
		h.AtMaturity, err = c.expected(balance.Booked)
	default:
		h.AtMaturity, err = c.atMaturity()
	}
	return h, err
}

// expected is the interest of a whole instalment plan as it stands: what is there stays, and what is still to be collected
// comes on its dates.
func (c *Contract) expected(booked money.Amount) (money.Amount, error) {
	sum := c.ProductSum
	more := func(amount money.Amount, from clock.Date) error {
		days := c.MaturesOn.Sub(from)
		if days <= 0 {
			return nil
		}
		units, err := amount.MulFraction(int64(days), 1, money.Down)
		if err == nil {
			sum, err = sum.Add(units)
		}
		return err
	}
	if err := more(booked, c.next(c.PeriodFrom)); err != nil {
		return sum, err
	}
	for plan := *c; !plan.CollectOn.IsZero(); plan.advance(true) {
		if err := more(plan.due(), plan.CollectOn); err != nil {
			return sum, err
		}
	}
	part, err := c.sumPart(c.kindOf(), sum, c.PeriodFrom, c.MaturesOn, c.Rate)
	return part.Interest, err
}

// atMaturity is the interest of the whole term of what is there.
func (p *Position) atMaturity() (money.Amount, error) {
	part, err := p.contractPart(PartTerm, p.Principal, p.PeriodFrom, p.MaturesOn, p.Rate, p.terms.Interest.DayCount)
	return part.Interest, err
}

// Interest lists what was paid on a customer's account or deposit, part by part, the newest first. Error: ErrNotFound.
func (s *Service) Interest(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account, before string, limit int) ([]Paid, error) {
	p, found, err := findPosition(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	if !found || p.Customer != customer {
		return nil, ErrNotFound
	}
	if before == "" {
		before = afterAll
	}
	return interestOf(ctx, tx, customer, account, before, limit)
}

// afterAll sorts after every id.
const afterAll = "~"

// take changes what is left of a principal when a part of it leaves on a day, and says what the part earned and how much
// of what had been accrued goes with it.
func (p *Position) take(amount money.Amount, parts []Part) (payout, error) {
	var err error
	if p.Principal, err = p.Principal.Sub(amount); err != nil {
		return payout{}, err
	}
	change, err := p.recount()
	if err != nil {
		return payout{}, err
	}
	earned := money.Zero(p.Currency)
	for _, part := range parts {
		if earned, err = earned.Add(part.Interest); err != nil {
			return payout{}, err
		}
	}
	released, err := change.Neg()
	return payout{pile: p.pile(), accrued: released, earned: earned, tax: money.Zero(p.Currency)}, err
}

// drawn is what a part of a deposit by contract earns when it is taken out on a day: before the end the demand rate, or
// with notice the notice rate; from the end on the term's rate, and the demand rate for the days since.
func (p *Position) drawn(amount money.Amount, on clock.Date, demand interest.Rate, noticed bool) ([]Part, error) {
	switch {
	case noticed:
		part, err := p.contractPart(PartNotice, amount, p.PeriodFrom, on, p.Rate, p.terms.Interest.DayCount)
		return []Part{part}, err
	case p.MaturesOn.IsZero() || on.Before(p.MaturesOn):
		part, err := p.contractPart(PartEarly, amount, p.PeriodFrom, on, demand, interest.Actual360)
		return []Part{part}, err
	}
	main, err := p.contractPart(PartTerm, amount, p.PeriodFrom, p.MaturesOn, p.Rate, p.terms.Interest.DayCount)
	if err != nil || on == p.MaturesOn {
		return []Part{main}, err
	}
	overdue, err := p.contractPart(PartOverdue, amount, p.MaturesOn, on, demand, interest.Actual360)
	return []Part{main, overdue}, err
}

// drawnSum is what a deposit by product sum earns when it is closed on a day: a pot what it has earned, an instalment
// plan before its end the demand rate for all of it.
func (p *Position) drawnSum(on clock.Date, demand interest.Rate) ([]Part, error) {
	if p.Kind == catalog.Instalment && on.Before(p.MaturesOn) {
		part, err := p.sumPart(PartEarly, p.ProductSum, p.PeriodFrom, on, demand)
		return []Part{part}, err
	}
	q := *p
	if p.Kind == catalog.Instalment {
		q.Demand = demand
	}
	return q.earned(on.AddDays(-1))
}
