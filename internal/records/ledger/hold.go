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

// HoldState is how far a hold has come.
type HoldState string

// The states: live → captured, released or expired.
const (
	Live     HoldState = "live"
	Captured HoldState = "captured" // all taken, or the last part taken and the rest let go
	Released HoldState = "released" // the rest let go by the one who placed it
	Expired  HoldState = "expired"  // the rest let go because its time was over
)

// HoldRequest asks to promise money of an account to somebody.
type HoldRequest struct {
	ID        id.Hold // made by Hold when empty
	Account   string
	Amount    money.Amount
	Act       string // what it is for: "payment.ordinary"
	Reference string // id of the business record behind it
	By        act.By
	ExpiresAt time.Time // zero: never
}

// HoldOutcome is what became of a request.
type HoldOutcome struct {
	Err     error
	Hold    id.Hold
	Balance Balance // of the account after it
}

// Hold is money of an account that is promised to somebody.
type Hold struct {
	ID        id.Hold
	Account   string
	Amount    money.Amount // as it was placed
	Left      money.Amount // what is still held; zero once it has ended
	State     HoldState
	Act       string
	Reference string
	PlacedAt  time.Time
	ExpiresAt time.Time // zero: never
	EndedAt   time.Time // zero while live
}

// hold is a hold row under the lock of its account.
type hold struct {
	id        id.Hold
	account   string
	remaining int64
	state     HoldState
	expiresAt time.Time
	endedAt   time.Time
	changed   bool
}

// over reports whether its time has passed, whether or not the job has let it go yet.
func (h *hold) over(now time.Time) bool { return !h.expiresAt.IsZero() && !h.expiresAt.After(now) }

func (h *hold) end(state HoldState, now time.Time) {
	h.remaining, h.state, h.endedAt, h.changed = 0, state, now, true
}

const (
	expiryBatch  = 500 // holds or restraints let go in one transaction
	expiryRounds = 200 // transactions of one run
)

// Hold places holds, or refuses each alone: one outcome for each, in order. It locks the accounts in the order of
// their ids. Outcome errors: ErrBadHold, ErrAccountNotFound, ErrAccountClosed, ErrCurrency, ErrFrozen,
// ErrInsufficientFunds.
func (l *Ledger) Hold(ctx context.Context, tx *db.Tx, requests []HoldRequest) ([]HoldOutcome, error) {
	accounts := make([]string, len(requests))
	for i, q := range requests {
		accounts[i] = q.Account
	}
	rows, err := lockBalances(ctx, tx, accounts)
	if err != nil {
		return nil, fmt.Errorf("lock accounts: %w", err)
	}
	outcomes := make([]HoldOutcome, len(requests))
	placed := make([]HoldRequest, 0, len(requests))
	for i, q := range requests {
		r := rows[q.Account]
		if outcomes[i].Err = mayHold(r, q, tx.Now()); outcomes[i].Err != nil {
			continue
		}
		if q.ID == "" {
			q.ID = id.New[id.Hold](tx.Now())
		}
		r.held += q.Amount.Minor()
		r.changed = true
		outcomes[i].Hold, outcomes[i].Balance = q.ID, r.balance()
		placed = append(placed, q)
	}
	if err := insertHolds(tx, placed); err != nil {
		return nil, fmt.Errorf("place holds: %w", err)
	}
	return outcomes, saveBalances(tx, rows)
}

func mayHold(r *row, q HoldRequest, now time.Time) error {
	switch {
	case q.Amount.Minor() <= 0 || q.Act == "" || (!q.ExpiresAt.IsZero() && !q.ExpiresAt.After(now)):
		return ErrBadHold
	case r == nil:
		return ErrAccountNotFound
	case !r.closedAt.IsZero():
		return ErrAccountClosed
	case r.currency != q.Amount.Currency():
		return ErrCurrency
	case r.restraint != Unrestrained:
		return ErrFrozen
	case r.available() < q.Amount.Minor():
		return ErrInsufficientFunds
	}
	return nil
}

// Release lets the rest of holds go: one error or nil for each, in order. Errors: ErrHoldNotFound, ErrHoldEnded.
func (l *Ledger) Release(ctx context.Context, tx *db.Tx, holds []id.Hold) ([]error, error) {
	return letGo(ctx, tx, holds, Released)
}

// letGo ends holds under the locks of their accounts. A hold's account never changes, so that it may be read first.
func letGo(ctx context.Context, tx *db.Tx, ids []id.Hold, state HoldState) ([]error, error) {
	before, err := readHolds(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("find holds: %w", err)
	}
	accounts := make([]string, 0, len(before))
	for _, h := range before {
		accounts = append(accounts, h.account)
	}
	rows, err := lockBalances(ctx, tx, accounts)
	if err != nil {
		return nil, fmt.Errorf("lock accounts: %w", err)
	}
	holds, err := readHolds(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	outcomes := make([]error, len(ids))
	for i, hold := range ids {
		h, ok := holds[hold]
		switch {
		case !ok:
			outcomes[i] = ErrHoldNotFound
		case h.state != Live || (state == Expired && !h.over(tx.Now())):
			outcomes[i] = ErrHoldEnded
		default:
			r := rows[h.account]
			r.held -= h.remaining
			r.changed = true
			h.end(state, tx.Now())
		}
	}
	if err := saveHolds(tx, holds); err != nil {
		return nil, fmt.Errorf("end holds: %w", err)
	}
	return outcomes, saveBalances(tx, rows)
}

// ExpireHolds lets go the holds whose time is over, and says how many. A job runs it every minute or so; until then
// the money stays held, and nobody can capture it any more.
func (l *Ledger) ExpireHolds(ctx context.Context) (int, error) {
	return l.expire(ctx, func(tx *db.Tx) (int, error) {
		ids, err := listOverdueHolds(ctx, tx, expiryBatch)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		errs, err := letGo(ctx, tx, ids, Expired)
		return succeeded(errs), err
	})
}

// succeeded counts what nobody else was faster with.
func succeeded(errs []error) int {
	n := 0
	for _, err := range errs {
		if err == nil {
			n++
		}
	}
	return n
}

// expire repeats a step, each time in a transaction of its own, until it finds nothing more to do.
func (l *Ledger) expire(ctx context.Context, step func(*db.Tx) (int, error)) (int, error) {
	total := 0
	for range expiryRounds {
		var n int
		err := l.db.Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = step(tx)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("expire: %w", err)
		}
		total += n
		if n < expiryBatch {
			break
		}
	}
	return total, nil
}

// Holds lists the live holds of an account, the oldest first, at most 500.
func (l *Ledger) Holds(ctx context.Context, tx *db.Tx, account string) ([]Hold, error) {
	holds, err := listLiveHolds(ctx, tx, account, expiryBatch)
	if err != nil {
		return nil, fmt.Errorf("list holds: %w", err)
	}
	return holds, nil
}
