package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// suspenseDays bounds the days on which a suspense account moved: ten years.
const suspenseDays = 3660

// suspense are the headings where money waits for its owner or its reason. It should not wait long.
var suspense = []Code{SuspenseAsset, SuspenseLiability}

// Suspense is what waits in one suspense account, by age. The oldest is taken to leave first.
type Suspense struct {
	Account string
	Heading Heading
	Branch  string
	Balance money.Amount
	Parts   []Aged // the oldest first; they add up to the balance
}

// Aged is a part of a balance and the day that it came in.
type Aged struct {
	Since  clock.Date
	Amount money.Amount
}

// Age is how many days the oldest part has waited on a day.
func (s Suspense) Age(on clock.Date) int {
	if len(s.Parts) == 0 {
		return 0
	}
	return on.Sub(s.Parts[0].Since)
}

// Suspended lists the suspense accounts that are not at zero at the end of a business date, with the age of what waits
// there. A balance on the wrong side of its heading is shown as it is, without an age: something left twice.
func (l *Ledger) Suspended(ctx context.Context, tx *db.Tx, on clock.Date) ([]Suspense, error) {
	totals, err := l.TrialBalance(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	var all []Suspense
	for _, t := range totals {
		if !slices.Contains(suspense, t.Heading.Code) || t.Balance().IsZero() {
			continue
		}
		days, err := listTotalDays(ctx, tx, t.Account, on)
		if err != nil {
			return nil, fmt.Errorf("read the days of %s: %w", t.Account, err)
		}
		all = append(all, Suspense{
			Account: t.Account, Heading: t.Heading, Branch: t.Branch, Balance: t.Balance(),
			Parts: aged(days, t.Heading.Normal, t.Balance()),
		})
	}
	return all, nil
}

// totalDay is what a general ledger account gathered on one day.
type totalDay struct {
	date  clock.Date
	delta delta
}

// aged finds when a balance came in, from days in falling order: what left took the oldest, so that what is still there
// is the newest.
func aged(days []totalDay, normal Side, balance money.Amount) []Aged {
	var parts []Aged
	left := balance.Minor()
	for _, d := range days {
		if left <= 0 {
			break
		}
		in := d.delta.debit
		if normal == Credit {
			in = d.delta.credit
		}
		if in = min(in, left); in > 0 {
			parts = append(parts, Aged{d.date, money.New(in, balance.Currency())})
			left -= in
		}
	}
	slices.Reverse(parts)
	return parts
}
