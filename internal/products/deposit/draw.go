package deposit

import (
	"context"
	"fmt"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// drawing is how money is taken out.
type drawing struct {
	closes bool   // a pot is closed with it
	notice string // notice was given for it
}

// withdrawal is money on its way out of a deposit, and what it earned.
type withdrawal struct {
	amount money.Amount
	parts  []Part
	payout payout
	closes bool
	from   clock.Date // value date; the business date when zero
}

// withdrawal decides what a contract pays when an amount is taken out on a day, and takes it off the position: nothing
// is booked yet. Errors: ErrClosed, ledger.ErrInsufficientFunds, ErrWhole, ErrPartial, ErrLeast, ErrLeft, ErrEndOfDay.
func (s *Service) withdrawal(ctx context.Context, tx *db.Tx, c *Contract, amount money.Amount, on clock.Date, how drawing) (withdrawal, error) {
	if c.State != Open {
		return withdrawal{}, ErrClosed
	}
	v, err := s.Catalog.Version(ctx, tx, c.Product, c.TermsVersion)
	if err != nil {
		return withdrawal{}, err
	}
	c.terms = v.Terms
	rates, err := s.Catalog.Rates(ctx, tx, on)
	if err != nil {
		return withdrawal{}, err
	}
	ratio, err := s.Rules.Decimal(ctx, taxRule, on)
	if err != nil {
		return withdrawal{}, err
	}
	demand := rates.Floating(c.terms.Deposit.Demand)
	var w withdrawal
	if c.terms.Interest.Method == catalog.ByContract {
		if c.Kind == catalog.Notice {
			c.Rate = rates.Floating(c.Product)
		}
		w, err = c.drawContract(amount, on, demand, how.notice != "")
	} else {
		w, err = s.drawSums(ctx, tx, c, amount, on, demand, how.closes)
	}
	if err != nil {
		return w, err
	}
	w.payout.to = string(c.Linked)
	w.payout.tax, err = interest.Tax(w.payout.earned, ratio)
	return w, err
}

// drawContract takes an amount off a deposit by contract.
func (c *Contract) drawContract(amount money.Amount, on clock.Date, demand interest.Rate, noticed bool) (withdrawal, error) {
	left := money.New(c.Principal.Minor()-amount.Minor(), c.Currency)
	terms := c.terms.Deposit
	early := c.MaturesOn.IsZero() || on.Before(c.MaturesOn)
	switch {
	case left.IsNegative():
		return withdrawal{}, ledger.ErrInsufficientFunds.At("/amount").With("available", c.Principal.String())
	case left.IsZero():
	case early && terms.EarlyPartial != catalog.AnyNumber && c.EarlyTaken >= terms.EarlyPartial:
		return withdrawal{}, ErrPartial
	case amount.Minor() < terms.LeastOut.Minor():
		return withdrawal{}, ErrLeast.At("/amount").With("least", terms.LeastOut.String())
	case left.Minor() < terms.LeastLeft.Minor():
		return withdrawal{}, ErrLeft.At("/amount").With("least", terms.LeastLeft.String())
	}
	parts, err := c.drawn(amount, on, demand, noticed)
	if err != nil {
		return withdrawal{}, err
	}
	paid, err := c.take(amount, parts)
	if early && !left.IsZero() {
		c.EarlyTaken++
	}
	return withdrawal{amount: amount, parts: parts, payout: paid, closes: left.IsZero()}, err
}

// drawSums takes an amount off a deposit by product sum: interest is paid only when it is closed.
func (s *Service) drawSums(ctx context.Context, tx *db.Tx, c *Contract, amount money.Amount, on clock.Date, demand interest.Rate, closes bool) (withdrawal, error) {
	balances, err := s.Books.Balances(ctx, tx, []string{string(c.Account)})
	if err != nil {
		return withdrawal{}, err
	}
	booked := balances[string(c.Account)].Booked
	zero := money.Zero(c.Currency)
	amount = money.New(amount.Minor(), c.Currency)
	w := withdrawal{amount: amount, payout: payout{pile: c.pile(), accrued: zero, earned: zero, tax: zero}}
	switch {
	case amount.Minor() > booked.Minor():
		return w, ledger.ErrInsufficientFunds.At("/amount").With("available", booked.String())
	case (c.Kind == catalog.Instalment || closes) && amount.Minor() != booked.Minor():
		return w, ErrWhole.At("/amount").With("all", booked.String())
	case c.Kind == catalog.Pot && !closes:
		return w, nil
	}
	if c.next(on.AddDays(-1)).Before(on) && c.opens(on.AddDays(-1)) {
		return w, ErrEndOfDay
	}
	w.closes = true
	if w.parts, err = c.drawnSum(on, demand); err != nil {
		return w, err
	}
	if w.payout.earned, err = c.total(w.parts); err != nil {
		return w, err
	}
	w.payout.accrued = c.Accrued
	c.ProductSum, c.OverdueSum, c.Accrued, c.Carried = zero, zero, zero, zero
	return w, err
}

// draw books a withdrawal, keeps how its interest explains itself, and closes the contract that it empties. The caller
// saves the contract.
func (s *Service) draw(ctx context.Context, tx *db.Tx, by act.By, c *Contract, w withdrawal, what string, today clock.Date) error {
	lines, err := w.payout.lines()
	if err != nil {
		return err
	}
	lines = append((entries{}).debit(string(c.Account), w.amount).credit(string(c.Linked), w.amount), lines...)
	if len(lines) > 0 {
		j := ledger.Journal{ID: id.New[id.Journal](tx.Now()), Act: what, Reference: string(c.Account), By: by, ValueDate: w.from, Lines: lines}
		outcomes, err := s.Daybook.Post(ctx, tx, []ledger.Journal{j})
		if err != nil {
			return err
		}
		if outcomes[0].Err != nil {
			return outcomes[0].Err
		}
		if err := s.keepParts(tx, c, w, j.ID, today); err != nil {
			return err
		}
	}
	if w.closes {
		if err := s.Books.Close(ctx, tx, string(c.Account)); err != nil {
			return notClosed(err)
		}
		c.State, c.ClosedOn, c.CollectOn, c.Matured = Closed, today, clock.Date{}, !c.MaturesOn.IsZero()
	}
	return s.fact(ctx, tx, by, string(c.Account), today, event.DepositDrawn{
		Deposit: c.Account, Customer: c.Customer, Product: c.Product, Amount: w.amount, Closed: w.closes,
	})
}

func (s *Service) keepParts(tx *db.Tx, c *Contract, w withdrawal, journal id.Journal, today clock.Date) error {
	rows := make([]Paid, len(w.parts))
	payment := id.Raw(tx.Now())
	for i, part := range w.parts {
		tax := money.Zero(c.Currency)
		if i == 0 {
			tax = w.payout.tax
		}
		rows[i] = Paid{ID: id.Raw(tx.Now()), Payment: payment, Account: c.Account, Customer: c.Customer, Part: part, Tax: tax, PaidTo: c.Linked,
			Journal: journal, PaidOn: today}
	}
	return insertInterest(tx, rows)
}

// settleClosing pays what a current account has earned when it is closed, at the rate of the day: into another account
// of its holder, or else into itself, and then it is not empty. It says whether the account can be closed now.
func (s *Service) settleClosing(ctx context.Context, tx *db.Tx, by act.By, a Account) (bool, error) {
	rows, err := lockPositions(ctx, tx, []string{string(a.ID)})
	if err != nil || len(rows) == 0 {
		return true, err
	}
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return false, err
	}
	p := &rows[0]
	v, err := s.Catalog.Version(ctx, tx, p.Product, p.TermsVersion)
	if err != nil {
		return false, err
	}
	p.terms = v.Terms
	if p.PeriodFrom.IsZero() || p.PeriodFrom == today || p.AccruedTo.IsZero() {
		p.State = Closed // no day of it was counted
		return true, savePositions(ctx, tx, []*Position{p})
	}
	if p.AccruedTo.Before(today.AddDays(-1)) {
		return false, ErrEndOfDay
	}
	rates, err := s.Catalog.Rates(ctx, tx, today)
	if err != nil {
		return false, err
	}
	ratio, err := s.Rules.Decimal(ctx, taxRule, today)
	if err != nil {
		return false, err
	}
	return s.payClosing(ctx, tx, by, p, rates.Floating(p.Product), ratio)
}

func (s *Service) payClosing(ctx context.Context, tx *db.Tx, by act.By, p *Position, rate interest.Rate, ratio decimal.Decimal) (bool, error) {
	to, found, err := receivingBeside(ctx, tx, p.Customer, p.Account, p.Currency)
	if err != nil {
		return false, err
	}
	if !found {
		to.ID = p.Account
	}
	accrued := p.Accrued
	p.Rate = rate
	x, err := p.settlement(tx, ratio, string(to.ID))
	if err != nil {
		return false, err
	}
	x.payout.accrued, x.from = accrued, clock.Date{}
	l := &slice{all: []*Position{p}}
	if err := s.pay(ctx, tx, l, []*settlement{x}, by, "deposit.settle"); err != nil {
		return false, err
	}
	if len(l.aside) > 0 {
		return false, l.aside[0].Err
	}
	empty := found || !x.payout.earned.IsPositive()
	p.begin(p.AccruedTo.AddDays(1))
	if empty {
		p.State = Closed
	}
	if err := savePositions(ctx, tx, []*Position{p}); err != nil {
		return false, fmt.Errorf("close position: %w", err)
	}
	return empty, nil
}
