package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Terms end at the beginning of a day: the end of the day before does what was agreed.
func dueToMatureItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	return dueToMature(ctx, tx, on.AddDays(1), after, limit)
}

// matureMany does what was agreed for the last day of terms (到期): nothing, pay out, or begin a new term at the rate
// that is posted then.
func (s *Service) matureMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	contracts, err := lockContracts(ctx, tx, items)
	if err != nil {
		return nil, fmt.Errorf("lock contracts: %w", err)
	}
	by := act.Job("deposit.mature")
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return nil, err
	}
	var aside []day.Aside
	var kept []*Contract
	var facts []bus.Event
	for i := range contracts {
		c := &contracts[i]
		if c.State != Open || c.Matured || c.MaturesOn.IsZero() || c.MaturesOn.After(on.AddDays(1)) {
			continue
		}
		rollover := c.Rollover
		ended := c.MaturesOn
		if err := s.mature(ctx, tx, by, c, today); err != nil {
			if fault.KindOf(err) == fault.Internal {
				return nil, err
			}
			aside = append(aside, day.Aside{Item: string(c.Account), Err: err})
			continue
		}
		kept = append(kept, c)
		facts = append(facts, event.New(tx.Now(), event.Header{Subject: string(c.Account), BusinessDate: ended, Trace: by.Trace}, event.DepositMatured{
			Deposit: c.Account, Customer: c.Customer, Product: c.Product, Rollover: string(rollover),
		}))
	}
	if len(kept) == 0 {
		return aside, nil
	}
	if err := s.saveContracts(ctx, tx, kept); err != nil {
		return nil, err
	}
	return aside, s.Events.Publish(ctx, tx, facts)
}

// saveContracts keeps contracts and their positions.
func (s *Service) saveContracts(ctx context.Context, tx *db.Tx, all []*Contract) error {
	positions := make([]*Position, len(all))
	for i, c := range all {
		positions[i] = &c.Position
	}
	if err := savePositions(ctx, tx, positions); err != nil {
		return err
	}
	return saveContracts(ctx, tx, all)
}

// mature does what was agreed with one contract. What the books refuse leaves it as it is.
func (s *Service) mature(ctx context.Context, tx *db.Tx, by act.By, c *Contract, today clock.Date) error {
	v, err := s.Catalog.Version(ctx, tx, c.Product, c.TermsVersion)
	if err != nil {
		return err
	}
	c.terms = v.Terms
	switch {
	case c.Rollover == catalog.StayPut:
		c.Matured = true
		return nil
	case c.AccruedTo.Before(c.MaturesOn.AddDays(-1)):
		return ErrUnaccrued
	case c.Rollover == catalog.PayOut:
		before := *c
		err := s.payOut(ctx, tx, by, c, today)
		if err != nil {
			*c = before
		}
		return err
	}
	return s.rollOver(ctx, tx, by, c)
}

// payOut closes a contract at its end: all of it to the linked account.
func (s *Service) payOut(ctx context.Context, tx *db.Tx, by act.By, c *Contract, today clock.Date) error {
	all := c.Principal
	if c.terms.Interest.Method == catalog.ByProductSum {
		balances, err := s.Books.Balances(ctx, tx, []string{string(c.Account)})
		if err != nil {
			return err
		}
		all = balances[string(c.Account)].Booked
	}
	d, err := s.withdrawal(ctx, tx, c, all, c.MaturesOn, drawing{})
	if err != nil {
		return err
	}
	d.from = c.MaturesOn
	return s.draw(ctx, tx, by, c, d, "deposit.mature", today)
}

// rollOver begins a new term: for the principal, its interest going to the linked account, or for both.
func (s *Service) rollOver(ctx context.Context, tx *db.Tx, by act.By, c *Contract) error {
	to := string(c.Linked)
	if c.Rollover == catalog.RollAll {
		to = string(c.Account)
	}
	begins := c.MaturesOn
	version, err := s.Catalog.InForce(ctx, tx, c.Product, begins)
	if err != nil {
		return err
	}
	rates, err := s.Catalog.Rates(ctx, tx, begins)
	if err != nil {
		return err
	}
	ratio, err := s.Rules.Decimal(ctx, taxRule, begins)
	if err != nil {
		return err
	}
	p := c.Position
	p.AccruedTo = begins.AddDays(-1)
	accrued := c.Accrued
	x, err := p.settlement(tx, ratio, to)
	if err != nil {
		return err
	}
	x.payout.accrued = accrued // days of the new term that were accrued meanwhile go back to the expense
	l := &slice{all: []*Position{&p}}
	if err := s.pay(ctx, tx, l, []*settlement{x}, by, "deposit.roll_over"); err != nil {
		return err
	}
	if len(l.aside) > 0 {
		return l.aside[0].Err
	}
	if c.Rollover == catalog.RollAll {
		net, err := x.payout.earned.Sub(x.payout.tax)
		if err != nil {
			return err
		}
		if p.Principal, err = p.Principal.Add(net); err != nil {
			return err
		}
	}
	rate, found := rates.For(c.Product, p.Principal)
	if !found {
		return catalog.ErrNoRate
	}
	p.TermsVersion, p.terms, p.Rate = version.Number, version.Terms, rate
	p.MaturesOn = interest.Maturity(begins, version.Terms.Deposit.Months)
	p.Demand = rates.Floating(version.Terms.Deposit.Demand)
	p.begin(begins)
	c.Position, c.EarlyTaken = p, 0
	return nil
}

// Sums that were agreed for a day are collected when it begins.
func dueToCollectItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	return dueToCollect(ctx, tx, on.AddDays(1), after, limit)
}

// collectMany takes instalments and standing sums from the linked accounts. What an account does not hold is missed: the
// next date moves on all the same. One missed instalment can be made up until the next is due; after that the plan takes
// none any more, and earns for what there is.
func (s *Service) collectMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	contracts, err := lockContracts(ctx, tx, items)
	if err != nil {
		return nil, fmt.Errorf("lock contracts: %w", err)
	}
	by := act.Job("deposit.collect")
	var kept []*Contract
	var journals []ledger.Journal
	for i := range contracts {
		c := &contracts[i]
		if c.State != Open || c.CollectOn.IsZero() || c.CollectOn.After(on.AddDays(1)) {
			continue
		}
		kept = append(kept, c)
		journals = append(journals, ledger.Journal{Act: "deposit.add", Reference: string(c.Account), By: by,
			Lines: (entries{}).debit(string(c.Linked), c.due()).credit(string(c.Account), c.due())})
	}
	if len(kept) == 0 {
		return nil, nil
	}
	outcomes, err := s.Daybook.Post(ctx, tx, journals)
	if err != nil {
		return nil, err
	}
	var facts []bus.Event
	for i, o := range outcomes {
		c := kept[i]
		if o.Err != nil && fault.KindOf(o.Err) == fault.Internal {
			return nil, fmt.Errorf("collect for %s: %w", c.Account, o.Err)
		}
		c.advance(o.Err == nil)
		if o.Err != nil {
			facts = append(facts, event.New(tx.Now(), event.Header{Subject: string(c.Account), BusinessDate: o.BusinessDate, Trace: by.Trace}, event.InstalmentMissed{
				Deposit: c.Account, Customer: c.Customer, Product: c.Product, Code: fault.CodeOf(o.Err),
			}))
		}
	}
	if err := saveContracts(ctx, tx, kept); err != nil {
		return nil, err
	}
	if len(facts) == 0 {
		return nil, nil
	}
	return nil, s.Events.Publish(ctx, tx, facts)
}

// due is what a contract collects on its date: with a missed instalment, that one too (次月补存).
func (c *Contract) due() money.Amount {
	return money.New(c.Monthly.Minor()*int64(1+c.Pending), c.Currency)
}

// advance moves a contract to its next date, after the sum of this one was taken or missed.
func (c *Contract) advance(taken bool) {
	if taken {
		c.Collected += 1 + c.Pending
		c.Pending = 0
	}
	if c.Kind != catalog.Instalment {
		c.CollectOn = c.CollectOn.AddMonths(1)
		return
	}
	if !taken {
		c.Pending++
		c.Breached = c.Pending > 1
	}
	months := 1
	for !c.OpenedOn.AddMonths(months).After(c.CollectOn) {
		months++
	}
	c.CollectOn = c.OpenedOn.AddMonths(months)
	if c.Breached || !c.CollectOn.Before(c.MaturesOn) {
		c.CollectOn = clock.Date{}
	}
}

const (
	idleRule  = "deposit.dormant.idle_months"
	lookEvery = 30 // days between two looks at an account
)

// dueToSleepItems lists current accounts that were not looked at for a month.
func (s *Service) dueToSleepItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	return dueToLook(ctx, tx, on.AddDays(-lookEvery), after, limit)
}

// sleepMany marks accounts dormant on which nobody but the bank has moved money for so long (不动户), and wakes those on
// which somebody has.
func (s *Service) sleepMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	months, err := s.Rules.Int(ctx, idleRule, on)
	if err != nil {
		return nil, err
	}
	rests, err := readRests(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	from := on.AddMonths(-int(months)).AddDays(-lookEvery)
	steps, err := s.Daybook.Closings(ctx, tx, items, from, on)
	if err != nil {
		return nil, fmt.Errorf("closing balances: %w", err)
	}
	own, err := paidDays(ctx, tx, items, from)
	if err != nil {
		return nil, err
	}
	by := act.Job("deposit.dormant")
	var facts []bus.Event
	for i := range rests {
		r := &rests[i]
		for n, step := range steps[string(r.account)] {
			if n > 0 && !own[paidDay{r.account, step.Date}] && step.Date.After(r.activeOn) {
				r.activeOn = step.Date
			}
		}
		rested := r.activeOn.AddMonths(int(months)).Before(on)
		if rested && r.dormantOn.IsZero() {
			r.dormantOn = on
			facts = append(facts, event.New(tx.Now(), event.Header{Subject: string(r.account), BusinessDate: on, Trace: by.Trace},
				event.AccountDormant{Account: r.account, Customer: r.customer}))
		}
		if !rested {
			r.dormantOn = clock.Date{}
		}
		r.lookedOn = on
	}
	if err := saveRests(ctx, tx, rests); err != nil || len(facts) == 0 {
		return nil, err
	}
	return nil, s.Events.Publish(ctx, tx, facts)
}

// rest is how long an account has not been used.
type rest struct {
	account   id.Account
	customer  id.Customer
	activeOn  clock.Date
	lookedOn  clock.Date
	dormantOn clock.Date
}

// paidDay is a day on which the bank itself moved an account.
type paidDay struct {
	account id.Account
	on      clock.Date
}
