package deposit

import (
	"context"
	"fmt"
	"slices"

	"github.com/govalues/decimal"

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

// taxRule is the share of interest that is withheld (利息税).
const taxRule = "deposit.interest.tax_ratio"

// floating are the products whose contracts follow the posted rate, in the order of their codes.
func floating(rates catalog.Rates) []string {
	var all []string
	for product, tiers := range rates {
		if tiers[0].Floats {
			all = append(all, product)
		}
	}
	slices.Sort(all)
	return all
}

// settlement is a payment of interest on its way: what it explains, and how the books take it.
type settlement struct {
	position *Position
	parts    []Part
	payment  string
	journal  id.Journal
	payout   payout
	from     clock.Date // value date of the credit
	before   Position   // when the books refuse
}

// settleMany pays the interest of a period that ends on the day (结息): at the rate of the day for the whole period,
// credited on the next day, the open one (value date: the day after the period).
func (s *Service) settleMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	l, err := s.load(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	l.keep(func(p *Position) bool { return !p.SettlesOn.IsZero() && !p.SettlesOn.After(on) })
	ratio, err := s.Rules.Decimal(ctx, taxRule, on)
	if err != nil {
		return nil, err
	}
	var all []*settlement
	l.each(func(p *Position) error {
		if p.AccruedTo != p.SettlesOn {
			return ErrUnaccrued
		}
		x, err := p.settlement(tx, ratio, string(p.Account))
		if err != nil {
			return err
		}
		p.begin(p.SettlesOn.AddDays(1))
		all = append(all, x)
		return nil
	})
	if err := s.pay(ctx, tx, l, all, act.Job("deposit.settle"), "deposit.settle"); err != nil {
		return nil, err
	}
	return l.aside, savePositions(ctx, tx, l.all)
}

// settlement takes all that is accrued off a position, to be paid to an account.
func (p *Position) settlement(tx *db.Tx, ratio decimal.Decimal, to string) (*settlement, error) {
	parts, err := p.earned(p.AccruedTo)
	if err != nil {
		return nil, err
	}
	earned, err := p.total(parts)
	if err != nil {
		return nil, err
	}
	tax, err := interest.Tax(earned, ratio)
	if err != nil {
		return nil, err
	}
	return &settlement{
		position: p, parts: parts, payment: id.Raw(tx.Now()), journal: id.New[id.Journal](tx.Now()), from: p.AccruedTo.AddDays(1), before: *p,
		payout: payout{pile: p.pile(), accrued: p.Accrued, earned: earned, tax: tax, to: to},
	}, nil
}

// pay books settlements, each alone, and keeps how they explain themselves. What the books refuse is set aside.
func (s *Service) pay(ctx context.Context, tx *db.Tx, l *slice, all []*settlement, by act.By, what string) error {
	var journals []ledger.Journal
	var booked []*settlement
	for _, x := range all {
		lines, err := x.payout.lines()
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			x.journal = ""
			continue
		}
		booked = append(booked, x)
		journals = append(journals, ledger.Journal{ID: x.journal, Act: what, Reference: string(x.position.Account), By: by, ValueDate: x.from, Lines: lines})
	}
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return err
	}
	refused := make(map[*Position]error)
	if len(journals) > 0 {
		outcomes, err := s.Daybook.Post(ctx, tx, journals)
		if err != nil {
			return err
		}
		for i, o := range outcomes {
			if o.Err != nil && fault.KindOf(o.Err) == fault.Internal {
				return fmt.Errorf("pay interest of %s: %w", booked[i].position.Account, o.Err)
			}
			if o.Err != nil {
				refused[booked[i].position] = o.Err
				*booked[i].position = booked[i].before
			}
		}
	}
	l.each(func(p *Position) error { return refused[p] })
	return s.explain(ctx, tx, all, refused, by, today)
}

// explain keeps the parts of payments, and tells of each.
func (s *Service) explain(ctx context.Context, tx *db.Tx, all []*settlement, refused map[*Position]error, by act.By, today clock.Date) error {
	var rows []Paid
	var facts []bus.Event
	for _, x := range all {
		if refused[x.position] != nil {
			continue
		}
		for i, part := range x.parts {
			tax := money.Zero(x.payout.tax.Currency())
			if i == 0 {
				tax = x.payout.tax
			}
			rows = append(rows, Paid{ID: id.Raw(tx.Now()), Payment: x.payment, Account: x.before.Account, Customer: x.before.Customer, Part: part,
				Tax: tax, PaidTo: id.Account(x.payout.to), Journal: x.journal, PaidOn: today})
		}
		if x.journal != "" {
			facts = append(facts, event.New(tx.Now(), event.Header{Subject: string(x.before.Account), BusinessDate: today, Trace: by.Trace}, event.InterestPaid{
				Account: x.before.Account, Customer: x.before.Customer, PaidTo: id.Account(x.payout.to), Journal: x.journal,
				Interest: x.payout.earned, Tax: x.payout.tax,
			}))
		}
	}
	if err := insertInterest(tx, rows); err != nil {
		return err
	}
	if len(facts) == 0 {
		return nil
	}
	return s.Events.Publish(ctx, tx, facts)
}
