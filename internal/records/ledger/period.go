package ledger

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// periodsMax bounds the accounts of closes that are read at once.
const periodsMax = 1000

// Period is the close of a period in one branch and currency: what it moved out of income and expense, into retained earnings.
type Period struct {
	Date    clock.Date // the last day of it
	Journal id.Journal
	Branch  string
	Income  money.Amount
	Expense money.Amount
	Result  money.Amount // income less expense
}

// Periods lists closes of periods that end before a day (zero: all), the newest first: of some years, as a bank with many
// branches has many in each.
func (l *Ledger) Periods(ctx context.Context, tx *db.Tx, before clock.Date) ([]Period, error) {
	rows, err := listPeriods(ctx, tx, before, periodsMax)
	if err != nil {
		return nil, fmt.Errorf("read closes of periods: %w", err)
	}
	var all []Period
	for _, r := range rows {
		o, ok := parseOwn(r.account)
		if !ok {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Journal != r.journal {
			zero := money.Zero(o.currency)
			all = append(all, Period{Date: r.date, Journal: r.journal, Branch: o.branch, Income: zero, Expense: zero, Result: zero})
		}
		p := &all[len(all)-1]
		earned := r.delta.debit - r.delta.credit // the close debits income
		p.Result = money.New(p.Result.Minor()+earned, o.currency)
		if o.heading.Class == Income {
			p.Income = money.New(p.Income.Minor()+earned, o.currency)
		} else {
			p.Expense = money.New(p.Expense.Minor()-earned, o.currency)
		}
	}
	return all, nil
}
