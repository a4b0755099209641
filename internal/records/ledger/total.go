package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	foldBatch  = 5000 // rows folded in one transaction
	foldRounds = 1000 // transactions of one run
)

// Total is what a general ledger account has gathered.
type Total struct {
	Account string // a name made by Own
	Heading Heading
	Branch  string
	Debit   money.Amount // sum of all debits
	Credit  money.Amount // sum of all credits
}

// Balance is the total on the heading's normal side.
func (t Total) Balance() money.Amount {
	net := t.Debit.Minor() - t.Credit.Minor()
	if t.Heading.Normal == Credit {
		net = -net
	}
	return money.New(net, t.Debit.Currency())
}

// Fold adds what batches of journals have gathered to the totals by day, and says how many rows it took away. It
// changes no total: TotalOf and TrialBalance count what is folded and what is not. A job runs it every minute or so;
// several nodes may, each takes rows that no other has.
func (l *Ledger) Fold(ctx context.Context) (int, error) {
	folded := 0
	for range foldRounds {
		var n int
		err := l.db.Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = foldOnce(ctx, tx)
			return err
		})
		if err != nil {
			return folded, fmt.Errorf("fold totals: %w", err)
		}
		folded += n
		if n < foldBatch {
			break
		}
	}
	return folded, nil
}

// dayOf is one general ledger account on one day.
type dayOf struct {
	account string
	date    string
}

func foldOnce(ctx context.Context, tx *db.Tx) (int, error) {
	sums, n, err := takeDeltas(ctx, tx, foldBatch)
	if err != nil || n == 0 {
		return 0, err
	}
	keys := make([]dayOf, 0, len(sums))
	for k := range sums {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b dayOf) int { // in one order, so that two folds never wait for each other
		if c := strings.Compare(a.account, b.account); c != 0 {
			return c
		}
		return strings.Compare(a.date, b.date)
	})
	return n, addTotals(ctx, tx, keys, sums)
}

// TotalOf is what one of the bank's own accounts, or a control account, has gathered. An account that was never
// posted to has nothing. Error: ErrAccountNotFound, for a name that Own does not make.
func (l *Ledger) TotalOf(ctx context.Context, tx *db.Tx, account string) (Total, error) {
	o, ok := parseOwn(account)
	if !ok {
		return Total{}, ErrAccountNotFound
	}
	d, err := sumTotal(ctx, tx, account)
	if err != nil {
		return Total{}, fmt.Errorf("read total: %w", err)
	}
	return o.total(account, d), nil
}

func (o own) total(account string, d delta) Total {
	return Total{
		Account: account, Heading: o.heading, Branch: o.branch,
		Debit: money.New(d.debit, o.currency), Credit: money.New(d.credit, o.currency),
	}
}

// TrialBalance lists every general ledger account that was ever posted to, with what it had gathered at the end of
// a business date (zero: up to now), ordered by account. In each currency and branch debits equal credits.
func (l *Ledger) TrialBalance(ctx context.Context, tx *db.Tx, on clock.Date) ([]Total, error) {
	sums, err := listTotals(ctx, tx, on)
	if err != nil {
		return nil, fmt.Errorf("read totals: %w", err)
	}
	totals := make([]Total, 0, len(sums))
	for _, s := range sums {
		o, ok := parseOwn(s.account)
		if !ok {
			return nil, fmt.Errorf("general ledger account %s has no such name", s.account)
		}
		totals = append(totals, o.total(s.account, s.delta))
	}
	return totals, nil
}

// ControlTotal compares two ways to the same sum: what the general ledger gathered from entries under a heading, and
// what the balance rows of its accounts add up to.
type ControlTotal struct {
	Account  string       // the control account
	Entries  money.Amount // from entries, by way of the general ledger
	Balances money.Amount // from balance rows
}

// Agrees reports whether both ways lead to the same sum.
func (c ControlTotal) Agrees() bool { return c.Entries == c.Balances }

// ControlTotals compares, for each control account, the general ledger with the balance rows. Read it on one view of
// the database: in a Read, or under a roll of the day.
func (l *Ledger) ControlTotals(ctx context.Context, tx *db.Tx) ([]ControlTotal, error) {
	totals, err := l.TrialBalance(ctx, tx, clock.Date{})
	if err != nil {
		return nil, err
	}
	balances, err := sumBalances(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("add up balances: %w", err)
	}
	var all []ControlTotal
	for _, t := range totals {
		if t.Heading.Kind != Guarded {
			continue
		}
		c := ControlTotal{Account: t.Account, Entries: t.Balance(), Balances: money.New(balances[t.Account], t.Debit.Currency())}
		delete(balances, t.Account)
		all = append(all, c)
	}
	for account, sum := range balances { // accounts under a heading that no entry has ever reached
		o, ok := parseOwn(account)
		if !ok {
			return nil, fmt.Errorf("control account %s has no such name", account)
		}
		all = append(all, ControlTotal{Account: account, Entries: money.Zero(o.currency), Balances: money.New(sum, o.currency)})
	}
	slices.SortFunc(all, func(a, b ControlTotal) int { return strings.Compare(a.Account, b.Account) })
	return all, nil
}
