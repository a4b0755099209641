package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Position is what stands under a heading, over all branches or in one, on the side that a statement shows it.
type Position struct {
	Heading Heading
	Amount  money.Amount
}

// BalanceSheet is what the bank has and owes in one currency at the end of a day (资产负债表).
type BalanceSheet struct {
	Currency    money.Currency
	On          clock.Date
	Assets      []Position // debit balances; common headings that stand in debit are among them
	Liabilities []Position // credit balances; common headings that stand in credit are among them
	Equity      []Position
	Profit      money.Amount // income less expense that no close of a period has moved to equity yet
	Total       money.Amount // of the assets
}

// Balances reports whether assets equal liabilities, equity and profit.
func (s BalanceSheet) Balances() bool {
	sum := s.Profit.Minor()
	for _, p := range slices.Concat(s.Liabilities, s.Equity) {
		sum += p.Amount.Minor()
	}
	return sum == s.Total.Minor()
}

// BalanceSheets draws up a balance sheet for each currency at the end of a business date (zero: as it stands), of one
// branch or, when that is empty, of the bank.
func (l *Ledger) BalanceSheets(ctx context.Context, tx *db.Tx, on clock.Date, branch string) ([]BalanceSheet, error) {
	totals, err := l.TrialBalance(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	var sheets []BalanceSheet
	for _, g := range group(totals, branch) {
		if len(sheets) == 0 || sheets[len(sheets)-1].Currency != g.currency {
			zero := money.Zero(g.currency)
			sheets = append(sheets, BalanceSheet{Currency: g.currency, On: on, Profit: zero, Total: zero})
		}
		sheets[len(sheets)-1].add(g)
	}
	return sheets, nil
}

// add puts a heading where its class and its balance belong.
func (s *BalanceSheet) add(g heading) {
	debit := g.debit - g.credit
	switch g.heading.Class {
	case Income, Expense:
		s.Profit = money.New(s.Profit.Minor()-debit, s.Currency)
	case Equity:
		s.Equity = append(s.Equity, Position{g.heading, money.New(-debit, s.Currency)})
	case Liability:
		s.Liabilities = append(s.Liabilities, Position{g.heading, money.New(-debit, s.Currency)})
	case Common:
		if debit < 0 {
			s.Liabilities = append(s.Liabilities, Position{g.heading, money.New(-debit, s.Currency)})
			return
		}
		fallthrough
	default:
		s.Assets = append(s.Assets, Position{g.heading, money.New(debit, s.Currency)})
		s.Total = money.New(s.Total.Minor()+debit, s.Currency)
	}
}

// ProfitAndLoss is what the bank earned and spent in one currency over some days (利润表).
type ProfitAndLoss struct {
	Currency money.Currency
	From, To clock.Date
	Income   []Position
	Expense  []Position
	Result   money.Amount // income less expense
}

// ProfitAndLoss draws up income and expense for each currency from one business date to another, both included, of one
// branch or of the bank. What the close of a period moved to equity is not counted: a year can be read after its close.
func (l *Ledger) ProfitAndLoss(ctx context.Context, tx *db.Tx, from, to clock.Date, branch string) ([]ProfitAndLoss, error) {
	rows, err := listEarned(ctx, tx, from, to)
	if err != nil {
		return nil, fmt.Errorf("read income and expense: %w", err)
	}
	var totals []Total
	for _, r := range rows {
		if o, ok := parseOwn(r.account); ok && (o.heading.Class == Income || o.heading.Class == Expense) {
			totals = append(totals, o.total(r.account, r.delta))
		}
	}
	var all []ProfitAndLoss
	for _, g := range group(totals, branch) {
		if len(all) == 0 || all[len(all)-1].Currency != g.currency {
			all = append(all, ProfitAndLoss{Currency: g.currency, From: from, To: to, Result: money.Zero(g.currency)})
		}
		p := &all[len(all)-1]
		earned := g.credit - g.debit
		p.Result = money.New(p.Result.Minor()+earned, g.currency)
		if g.heading.Class == Income {
			p.Income = append(p.Income, Position{g.heading, money.New(earned, g.currency)})
		} else {
			p.Expense = append(p.Expense, Position{g.heading, money.New(-earned, g.currency)})
		}
	}
	return all, nil
}

// heading is what one heading gathered in one currency.
type heading struct {
	heading       Heading
	currency      money.Currency
	debit, credit int64
}

// group adds up totals by currency and heading, in that order.
func group(totals []Total, branch string) []heading {
	var all []heading
	for _, t := range totals {
		if branch == "" || t.Branch == branch {
			all = append(all, heading{t.Heading, t.Debit.Currency(), t.Debit.Minor(), t.Credit.Minor()})
		}
	}
	slices.SortStableFunc(all, func(a, b heading) int {
		return cmp.Or(cmp.Compare(a.currency.Code(), b.currency.Code()), cmp.Compare(a.heading.Code, b.heading.Code))
	})
	sums := all[:0]
	for _, h := range all {
		if n := len(sums); n > 0 && sums[n-1].currency == h.currency && sums[n-1].heading.Code == h.heading.Code {
			sums[n-1].debit += h.debit
			sums[n-1].credit += h.credit
			continue
		}
		sums = append(sums, h)
	}
	return sums
}
