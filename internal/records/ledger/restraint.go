package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// RestraintKind says what a restraint forbids. In their order of strength: 不进不出 > 只进不出 > 金额冻结.
type RestraintKind string

// The kinds.
const (
	NoEntryNoExit RestraintKind = "no_entry_no_exit" // 不进不出: nothing in, nothing out
	EntryOnly     RestraintKind = "entry_only"       // 只进不出: nothing out
	FrozenAmount  RestraintKind = "amount"           // 金额冻结: an amount, which may exceed what is there
	Unrestrained  RestraintKind = ""
)

// Restraint is a freeze (冻结, by an authority) or a stop (止付, by the bank or the customer) on an account. Several
// may live side by side; the account's own state does not change.
type Restraint struct {
	ID        id.Freeze // made by Freeze when empty
	Account   string
	Kind      RestraintKind
	Amount    money.Amount // for FrozenAmount; otherwise none
	Act       string       // who asks and why, as a code: "deposit.emergency", "compliance.court_order"
	Reference string       // number of the order, id of the case
	By        act.By
	PlacedAt  time.Time // set by Freeze
	ExpiresAt time.Time // zero: until it is lifted
	LiftedAt  time.Time // zero while it lives
}

// FreezeOutcome is what became of a restraint.
type FreezeOutcome struct {
	Err       error
	Restraint id.Freeze
	Balance   Balance // of the account after it
}

// stronger is the stronger of two restraints on a direction.
func stronger(a, b RestraintKind) RestraintKind {
	switch {
	case a == NoEntryNoExit || b == NoEntryNoExit:
		return NoEntryNoExit
	case a == EntryOnly || b == EntryOnly:
		return EntryOnly
	}
	return Unrestrained
}

// Freeze places restraints, or refuses each alone: one outcome for each, in order. It locks the accounts in the
// order of their ids. An amount may exceed what is there: what comes in later is frozen too. Outcome errors:
// ErrBadRestraint, ErrAccountNotFound, ErrAccountClosed, ErrCurrency, ErrOverflow.
func (l *Ledger) Freeze(ctx context.Context, tx *db.Tx, restraints []Restraint) ([]FreezeOutcome, error) {
	accounts := make([]string, len(restraints))
	for i, f := range restraints {
		accounts[i] = f.Account
	}
	rows, err := lockBalances(ctx, tx, accounts)
	if err != nil {
		return nil, fmt.Errorf("lock accounts: %w", err)
	}
	outcomes := make([]FreezeOutcome, len(restraints))
	placed := make([]Restraint, 0, len(restraints))
	for i, f := range restraints {
		r := rows[f.Account]
		if outcomes[i].Err = mayFreeze(r, f, tx.Now()); outcomes[i].Err != nil {
			continue
		}
		if f.ID == "" {
			f.ID = id.New[id.Freeze](tx.Now())
		}
		r.frozen += f.Amount.Minor()
		r.restraint = stronger(r.restraint, f.Kind)
		r.changed = true
		outcomes[i].Restraint, outcomes[i].Balance = f.ID, r.balance()
		placed = append(placed, f)
	}
	if err := insertRestraints(tx, placed); err != nil {
		return nil, fmt.Errorf("place restraints: %w", err)
	}
	return outcomes, saveBalances(tx, rows)
}

func mayFreeze(r *row, f Restraint, now time.Time) error {
	switch f.Kind {
	case NoEntryNoExit, EntryOnly:
		if f.Amount.Minor() != 0 {
			return ErrBadRestraint
		}
	case FrozenAmount:
		if f.Amount.Minor() <= 0 {
			return ErrBadRestraint
		}
	default:
		return ErrBadRestraint
	}
	switch {
	case f.Act == "" || (!f.ExpiresAt.IsZero() && !f.ExpiresAt.After(now)):
		return ErrBadRestraint
	case r == nil:
		return ErrAccountNotFound
	case !r.closedAt.IsZero():
		return ErrAccountClosed
	case f.Kind == FrozenAmount && r.currency != f.Amount.Currency():
		return ErrCurrency
	case f.Amount.Minor() > frozenMax-r.frozen:
		return ErrOverflow
	}
	return nil
}

// frozenMax bounds what is frozen on one account, in minor units, so that what is available always fits.
const frozenMax = 1_000 * amountMax

// Thaw lifts restraints: one error or nil for each, in order. Errors: ErrRestraintNotFound, ErrRestraintLifted.
func (l *Ledger) Thaw(ctx context.Context, tx *db.Tx, by act.By, restraints []id.Freeze) ([]error, error) {
	return lift(ctx, tx, by.Actor, restraints)
}

// lift ends restraints under the locks of their accounts, and reads from those that remain which is the strongest.
func lift(ctx context.Context, tx *db.Tx, by string, ids []id.Freeze) ([]error, error) {
	found, err := findRestraints(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("find restraints: %w", err)
	}
	accounts := make([]string, 0, len(found))
	for _, account := range found {
		accounts = append(accounts, account)
	}
	rows, err := lockBalances(ctx, tx, accounts)
	if err != nil {
		return nil, fmt.Errorf("lock accounts: %w", err)
	}
	live, err := readLiveRestraints(ctx, tx, rows)
	if err != nil {
		return nil, fmt.Errorf("read restraints: %w", err)
	}
	outcomes := make([]error, len(ids))
	lifted := make([]id.Freeze, 0, len(ids))
	for i, restraint := range ids {
		account, known := found[restraint]
		switch _, lives := live[account][restraint]; {
		case !known:
			outcomes[i] = ErrRestraintNotFound
		case !lives:
			outcomes[i] = ErrRestraintLifted
		default:
			delete(live[account], restraint)
			lifted = append(lifted, restraint)
		}
	}
	for account, r := range rows {
		r.frozen, r.restraint, r.changed = 0, Unrestrained, true
		for _, f := range live[account] {
			r.frozen += f.amount
			r.restraint = stronger(r.restraint, f.kind)
		}
	}
	if err := markLifted(tx, lifted, by); err != nil {
		return nil, fmt.Errorf("lift restraints: %w", err)
	}
	return outcomes, saveBalances(tx, rows)
}

// ExpireRestraints lifts the restraints whose time is over, and says how many. A job runs it every minute or so.
func (l *Ledger) ExpireRestraints(ctx context.Context) (int, error) {
	return l.expire(ctx, func(tx *db.Tx) (int, error) {
		ids, err := listOverdueRestraints(ctx, tx, expiryBatch)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		errs, err := lift(ctx, tx, "expiry", ids)
		return succeeded(errs), err
	})
}

// Restraints lists the live restraints of an account, the oldest first, at most 500.
func (l *Ledger) Restraints(ctx context.Context, tx *db.Tx, account string) ([]Restraint, error) {
	all, err := listRestraints(ctx, tx, account, expiryBatch)
	if err != nil {
		return nil, fmt.Errorf("list restraints: %w", err)
	}
	return all, nil
}
