package deposit

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// The account management fee (账户管理费), by dated figures: of a month for each class, and the balance from which on nothing is
// charged. It is charged at the end of a month's last day, from accounts that were there when the month began. Zero, as it
// comes with the program, charges nothing.
const (
	feeRule    = "deposit.fee.class_%d.monthly_minor"
	waivedRule = "deposit.fee.waived_minor"
	classesMax = 3
)

// charge is the fee of one account on its way.
type charge struct {
	account   id.Account
	class     int
	branch    string
	openedAt  time.Time
	chargedOn clock.Date
	arrears   money.Amount
	due       money.Amount // with the arrears
}

// fees are the fee of a month for each class on a day; absent where it is zero.
func (s *Service) fees(ctx context.Context, on clock.Date) (map[int]money.Amount, error) {
	all := make(map[int]money.Amount)
	for class := 1; class <= classesMax; class++ {
		fee, err := s.Rules.Amount(ctx, fmt.Sprintf(feeRule, class), on)
		if err != nil {
			return nil, err
		}
		if fee.IsPositive() {
			all[class] = fee
		}
	}
	return all, nil
}

// dueToPayItems lists current accounts on the last day of a month, when there are fees.
func (s *Service) dueToPayItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	if on.AddDays(1).Day() != 1 {
		return nil, nil
	}
	fees, err := s.fees(ctx, on)
	if err != nil || len(fees) == 0 {
		return nil, err
	}
	return dueToPay(ctx, tx, on, after, limit)
}

// chargeMany takes the fee of a month from accounts, with what is in arrears: all of it or nothing. What an account does not
// hold is in arrears until the end of the next month, and is not tried again before.
func (s *Service) chargeMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	due, err := s.charges(ctx, tx, on, items)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	by := act.Job("deposit.fee")
	var journals []ledger.Journal
	var booked []*charge
	for _, c := range due {
		if c.due.IsZero() {
			continue
		}
		booked = append(booked, c)
		journals = append(journals, ledger.Journal{Act: "deposit.fee", Reference: string(c.account), By: by,
			Lines: (entries{}).debit(string(c.account), c.due).credit(ledger.Own(ledger.FeeIncome, c.due.Currency(), c.branch), c.due)})
	}
	if len(journals) == 0 {
		return nil, saveCharges(ctx, tx, due, on)
	}
	outcomes, err := s.Daybook.Post(ctx, tx, journals)
	if err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		if o.Err != nil && fault.KindOf(o.Err) == fault.Internal {
			return nil, fmt.Errorf("charge %s: %w", booked[i].account, o.Err)
		}
		booked[i].arrears = money.Zero(booked[i].due.Currency())
		if o.Err != nil {
			booked[i].arrears = booked[i].due
		}
	}
	return nil, saveCharges(ctx, tx, due, on)
}

// charges reads what is due on a day. Who holds the balance that waives the fee owes only his arrears.
func (s *Service) charges(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]*charge, error) {
	fees, err := s.fees(ctx, on)
	if err != nil {
		return nil, err
	}
	waived, err := s.Rules.Amount(ctx, waivedRule, on)
	if err != nil {
		return nil, err
	}
	found, err := lockCharges(ctx, tx, items)
	if err != nil {
		return nil, fmt.Errorf("lock fees: %w", err)
	}
	held, err := s.Daybook.Closings(ctx, tx, items, on, on)
	if err != nil {
		return nil, fmt.Errorf("closing balances: %w", err)
	}
	begin := on.AddDays(1).AddMonths(-1)
	var due []*charge
	for i := range found {
		c := &found[i]
		fee, pays := fees[c.class]
		if !pays || fee.Currency() != c.arrears.Currency() || !c.chargedOn.Before(on) || !clock.DateOf(c.openedAt, s.Days.Zone()).Before(begin) {
			continue
		}
		if steps := held[string(c.account)]; len(steps) > 0 && steps[len(steps)-1].Booked.Minor() >= waived.Minor() {
			fee = money.Zero(fee.Currency())
		}
		if c.due, err = c.arrears.Add(fee); err != nil {
			return nil, err
		}
		due = append(due, c)
	}
	return due, nil
}
