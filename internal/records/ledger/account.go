package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Account is an account of the books. What it is never changes.
type Account struct {
	ID       string // the deposit account's own id, or a name made by Own
	Kind     Kind   // Open opens Guarded ones; the bank's own open themselves
	Code     Code
	Currency money.Currency
	Branch   string
	Owner    string    // the customer's id; empty for the bank's own
	OpenedAt time.Time // set by Open
}

// Open opens guarded accounts, at zero. Errors: ErrBadAccount, ErrAccountExists; nothing is opened then, and the
// transaction is lost on PostgreSQL.
func (l *Ledger) Open(ctx context.Context, tx *db.Tx, accounts []Account) error {
	opening := make([]Account, len(accounts))
	for i, a := range accounts {
		heading, known := a.Code.Heading()
		_, isOwn := parseOwn(a.ID)
		if a.ID == "" || isOwn || !known || heading.Kind != Guarded || a.Currency.IsZero() || !isBranch(a.Branch) {
			return ErrBadAccount
		}
		a.Kind, a.OpenedAt = Guarded, tx.Now()
		opening[i] = a
	}
	if err := tx.Queue(insertAccounts, accountRows(opening)); err != nil {
		return fmt.Errorf("open accounts: %w", err)
	}
	if err := insertBalances(ctx, tx, opening); err != nil {
		if db.IsUnique(err) {
			return ErrAccountExists.Because(err)
		}
		return fmt.Errorf("open accounts: %w", err)
	}
	return nil
}

// Close closes a guarded account for good. It must be at zero, without holds and restraints.
// Errors: ErrAccountNotFound, ErrAccountClosed, ErrNotZero.
func (l *Ledger) Close(ctx context.Context, tx *db.Tx, account string) error {
	rows, err := lockBalances(ctx, tx, []string{account})
	if err != nil {
		return fmt.Errorf("lock account: %w", err)
	}
	r, ok := rows[account]
	switch {
	case !ok:
		return ErrAccountNotFound
	case !r.closedAt.IsZero():
		return ErrAccountClosed
	case r.booked != 0 || r.held != 0 || r.frozen != 0 || r.restraint != Unrestrained:
		return ErrNotZero
	}
	r.closedAt, r.changed = tx.Now(), true
	return saveBalances(tx, rows)
}

// Account reads what an account is. Error: ErrAccountNotFound.
func (l *Ledger) Account(ctx context.Context, tx *db.Tx, account string) (Account, error) {
	a, found, err := findAccount(ctx, tx, account)
	if err != nil {
		return Account{}, fmt.Errorf("read account: %w", err)
	}
	if !found {
		return Account{}, ErrAccountNotFound
	}
	return a, nil
}
