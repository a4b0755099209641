package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Balance is what a guarded account holds, counted on its normal side: a deposit of 5 yuan is +5.
type Balance struct {
	Account   string
	Booked    money.Amount  // the sum of its entries
	Held      money.Amount  // promised by live holds
	Frozen    money.Amount  // frozen by live restraints; may exceed what is there
	Number    int64         // running number of its last entry; 0 when it has none
	Restraint RestraintKind // the strongest live restraint on a direction: NoEntryNoExit, EntryOnly or Unrestrained
	Closed    bool
}

// Available is what can go out: booked − held − frozen. It is negative when more is frozen than is there.
func (b Balance) Available() money.Amount {
	return money.New(b.Booked.Minor()-b.Held.Minor()-b.Frozen.Minor(), b.Booked.Currency())
}

// Balances reads guarded accounts as they stand. Unknown accounts are left out.
func (l *Ledger) Balances(ctx context.Context, tx *db.Tx, accounts []string) (map[string]Balance, error) {
	rows, err := readBalances(ctx, tx, slices.Clone(accounts))
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	return shown(rows), nil
}

// Lock locks guarded accounts in the order of their ids until tx ends, and reads them. An act that posts and holds,
// or posts twice, locks all its accounts first: else two of them could wait for each other.
func (l *Ledger) Lock(ctx context.Context, tx *db.Tx, accounts []string) (map[string]Balance, error) {
	rows, err := lockBalances(ctx, tx, slices.Clone(accounts))
	if err != nil {
		return nil, fmt.Errorf("lock accounts: %w", err)
	}
	return shown(rows), nil
}

func shown(rows map[string]*row) map[string]Balance {
	all := make(map[string]Balance, len(rows))
	for account, r := range rows {
		all[account] = r.balance()
	}
	return all
}

// BalanceAt is what a guarded account had booked at the end of a business date, read from its entries.
// Error: ErrAccountNotFound.
func (l *Ledger) BalanceAt(ctx context.Context, tx *db.Tx, account string, date clock.Date) (money.Amount, error) {
	rows, err := readBalances(ctx, tx, []string{account})
	if err != nil {
		return money.Amount{}, fmt.Errorf("read balance: %w", err)
	}
	r, ok := rows[account]
	if !ok {
		return money.Amount{}, ErrAccountNotFound
	}
	number, err := lastNumber(ctx, tx, account, r.number, date)
	if err != nil || number == 0 {
		return money.Zero(r.currency), err
	}
	after, err := readAfter(ctx, tx, account, number)
	return money.New(after, r.currency), err
}
