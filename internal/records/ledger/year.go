package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// actClose is the act of the journals that close a year.
const actClose = "ledger.close_year"

// YearStep closes the year's income and expense into retained earnings, as the last thing that is booked for the 31st
// of December (年终结转). On other days it does nothing.
func (l *Ledger) YearStep() day.Step {
	return day.Step{Name: actClose, Once: func(ctx context.Context, tx *db.Tx, date clock.Date) error {
		if date.Month() != time.December || date.Day() != 31 {
			return nil
		}
		return l.closePeriod(ctx, tx, date)
	}}
}

// closePeriod moves what stands under income and expense at the end of a closed day to retained earnings: one journal
// for each branch and currency. Statements still tell what was earned, see ProfitAndLoss.
func (l *Ledger) closePeriod(ctx context.Context, tx *db.Tx, date clock.Date) error {
	totals, err := l.TrialBalance(ctx, tx, date)
	if err != nil {
		return err
	}
	var journals []Journal
	var moved [][]Total
	for _, t := range totals {
		if (t.Heading.Class != Income && t.Heading.Class != Expense) || t.Balance().IsZero() {
			continue
		}
		i := 0
		for i < len(moved) && (moved[i][0].Branch != t.Branch || moved[i][0].Debit.Currency() != t.Debit.Currency()) {
			i++
		}
		if i == len(moved) {
			moved = append(moved, nil)
		}
		moved[i] = append(moved[i], t)
	}
	for _, list := range moved {
		journals = append(journals, closing(list, date))
	}
	if len(journals) == 0 {
		return nil
	}
	outcomes, err := l.Post(ctx, tx, journals)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o.Err != nil {
			return fmt.Errorf("close the year in branch %s: %w", moved[i][0].Branch, o.Err)
		}
		if err := insertPeriod(ctx, tx, date, o.Journal, journals[i].Lines[:len(moved[i])]); err != nil {
			return err
		}
	}
	return nil
}

// closing is the journal that brings accounts of one branch and currency to zero.
func closing(totals []Total, date clock.Date) Journal {
	branch, currency := totals[0].Branch, totals[0].Debit.Currency()
	by := act.Job(actClose)
	by.Branch = branch
	j := Journal{Act: actClose, Reference: date.String(), By: by, ClosedDay: date}
	var profit int64
	for _, t := range totals {
		net := t.Credit.Minor() - t.Debit.Minor()
		profit += net
		j.Lines = append(j.Lines, lineOf(t.Account, net, currency))
	}
	if profit != 0 {
		j.Lines = append(j.Lines, lineOf(Own(RetainedEarnings, currency, branch), -profit, currency))
	}
	return j
}

// lineOf debits an account, or credits it when the amount is negative.
func lineOf(account string, debit int64, currency money.Currency) Line {
	if debit < 0 {
		return Line{account, Credit, money.New(-debit, currency)}
	}
	return Line{account, Debit, money.New(debit, currency)}
}
