package deposit

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ErrPlan refuses a plan that cannot be: a name of more than 20 characters, a day that not every month has, an amount
// below zero.
var ErrPlan = fault.New(fault.Invalid, "deposit.bad_plan")

const (
	planNameMax = 20 // characters
	planDayMost = 28 // a day that every month has
)

func (p Plan) check() error {
	switch {
	case utf8.RuneCountInString(p.Name) > planNameMax || strings.ContainsFunc(p.Name, unicode.IsControl):
		return ErrPlan.At("/plan/name")
	case p.Day < 0 || p.Day > planDayMost || (p.Day > 0) != p.Monthly.IsPositive():
		return ErrPlan.At("/plan/day")
	case p.Target.IsNegative() || p.RoundTo.IsNegative() || p.Monthly.IsNegative():
		return ErrPlan.At("/plan")
	}
	return nil
}

func (c *Contract) mayPlan() error {
	if c.Kind != catalog.Pot {
		return ErrDraft.At("/depositId")
	}
	return nil
}

// setPlan takes a plan: what the pot saves towards, and what comes by itself. The standing sum comes first on its day
// after today.
func (c *Contract) setPlan(p Plan, today clock.Date) {
	in := func(a money.Amount) money.Amount { return money.New(a.Minor(), c.Currency) }
	p.Target, p.RoundTo, p.Monthly = in(p.Target), in(p.RoundTo), in(p.Monthly)
	c.Plan, c.Monthly, c.CollectOn = p, p.Monthly, clock.Date{}
	if p.Day == 0 {
		return
	}
	next := today.AddDays(p.Day - today.Day())
	if !next.After(today) {
		next = next.AddMonths(1)
	}
	c.CollectOn = next
}

// RoundUps saves what payments are rounded up by: a consumer of settled transfers. What comes back, when the account
// has not enough, is left out: nobody is told that he has no small change.
func (s *Service) RoundUps() bus.Consumer {
	return event.Consumer("deposit-round-up", event.On(func(ctx context.Context, tx *db.Tx, e bus.Event, f event.TransferSettled) error {
		if f.PayerCustomer == f.PayeeCustomer || f.Channel == string(act.Batch) {
			return nil
		}
		accounts, err := roundingUp(ctx, tx, f.PayerAccount)
		if err != nil || len(accounts) == 0 {
			return err
		}
		contracts, err := lockContracts(ctx, tx, accounts)
		if err != nil {
			return err
		}
		by := act.Job("deposit.round_up")
		by.Trace = e.Trace
		var journals []ledger.Journal
		for i := range contracts {
			c := &contracts[i]
			more := change(f.Amount, c.Plan.RoundTo)
			if c.State != Open || c.Kind != catalog.Pot || !more.IsPositive() {
				continue
			}
			journals = append(journals, ledger.Journal{Act: "deposit.round_up", Reference: string(c.Account), By: by,
				Lines: (entries{}).debit(string(c.Linked), more).credit(string(c.Account), more)})
		}
		if len(journals) == 0 {
			return nil
		}
		outcomes, err := s.Daybook.Post(ctx, tx, journals)
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			if o.Err != nil && fault.KindOf(o.Err) == fault.Internal {
				return fmt.Errorf("round up: %w", o.Err)
			}
		}
		return nil
	}))
}

// change is what is missing from an amount to the next multiple of a unit.
func change(amount, unit money.Amount) money.Amount {
	if !unit.IsPositive() || unit.Currency() != amount.Currency() {
		return money.Zero(amount.Currency())
	}
	over := amount.Minor() % unit.Minor()
	if over == 0 {
		return money.Zero(amount.Currency())
	}
	return money.New(unit.Minor()-over, amount.Currency())
}

// Reached is how much of a goal is there, as a ratio with two decimals, rounded down; more than one when it is exceeded.
func (h Held) Reached() interest.Rate {
	if !h.Plan.Target.IsPositive() {
		return 0
	}
	const hundredth = 1_000_000 // of a Rate
	percent, err := h.Balance.Booked.MulFraction(100, h.Plan.Target.Minor(), money.Down)
	if err != nil {
		return 0
	}
	return interest.Rate(percent.Minor() * hundredth)
}
