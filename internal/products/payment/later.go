package payment

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	dueBatch   = 200 // transfers settled in one transaction
	dueBatches = 500 // of one run; the rest waits for the next
)

// dueJob is who settles what is due.
const dueJob = "payment.due"

// SettleDue settles delayed transfers whose time has come, and says how many. It checks freezes, accounts and ceilings
// again; what cannot be settled any more is refused, its hold released and its limits given back. Should a batch fail
// as a whole, its transfers are settled one by one, so that one that cannot be read does not keep the others waiting.
func (s *Service) SettleDue(ctx context.Context) (int, error) {
	total := 0
	for range dueBatches {
		n, err := s.settleDue(ctx, dueBatch)
		if err != nil {
			alone, err := s.settleAlone(ctx, err)
			return total + alone, err
		}
		total += n
		if n < dueBatch {
			break
		}
	}
	return total, nil
}

func (s *Service) settleDue(ctx context.Context, most int) (int, error) {
	n := 0
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		due, err := lockDue(ctx, tx, tx.Now(), most)
		if err != nil {
			return err
		}
		n = len(due)
		return s.settle(ctx, tx, act.Job(dueJob), today, due)
	})
	return n, err
}

// settleAlone settles one batch of due transfers, each in a transaction of its own, and joins what went wrong.
func (s *Service) settleAlone(ctx context.Context, failed error) (int, error) {
	var due []id.Transfer
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		due, err = listDue(ctx, tx, tx.Now(), dueBatch)
		return err
	})
	if err != nil {
		return 0, errors.Join(failed, err)
	}
	n := 0
	failures := []error{fmt.Errorf("settle %d transfers together: %w", len(due), failed)}
	for _, which := range due {
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			today, err := s.Days.Today(ctx, tx)
			if err != nil {
				return err
			}
			t, found, err := lockTransfer(ctx, tx, which)
			if err != nil || !found || t.State != Delayed {
				return err
			}
			return s.settle(ctx, tx, act.Job(dueJob), today, []Transfer{t})
		})
		if err != nil {
			failures = append(failures, fmt.Errorf("settle %s: %w", which, err))
			continue
		}
		n++
	}
	return n, errors.Join(failures...)
}

// Cancel takes a delayed transfer of the caller's back before it is due. Repeating it, by whatever key, answers the first
// result; one key is good for one transfer. Errors: ErrNotFound, ErrState, once.ErrKey, once.ErrReused.
func (s *Service) Cancel(ctx context.Context, by act.By, transfer id.Transfer, key string) (Transfer, error) {
	k := once.Key{
		Principal: string(by.Customer()), Operation: cancelOperation, Key: key, Body: sha256.Sum256([]byte(transfer)), Entity: string(transfer),
	}
	if err := k.Check(); err != nil {
		return Transfer{}, err
	}
	var t Transfer
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		claims, err := once.Claimed(ctx, tx, []once.Key{k})
		if err != nil {
			return err
		}
		if claims[0].Err != nil {
			return claims[0].Err
		}
		var found bool
		if t, found, err = lockForPayer(ctx, tx, by.Customer(), transfer); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if t.State == Cancelled {
			return nil
		}
		if err := t.cancel(tx.Now()); err != nil {
			return err
		}
		if err := s.giveBack(ctx, tx, t); err != nil {
			return err
		}
		if err := s.release(ctx, tx, []Transfer{t}); err != nil {
			return err
		}
		return s.keep(ctx, tx, by, today, t, actCancel)
	})
	return t, err
}

// consumed lists the counters that a transfer has moved, on the day of its order.
func consumed(t Transfer, payer, payee deposit.Account) []deposit.Use {
	turnover := deposit.TurnoverCounters(t.Amount, payer, payee)
	if t.Payer == t.Payee {
		return turnover
	}
	out := deposit.Outgoing{Account: payer, Amount: t.Amount, Channel: t.By.Channel, Small: t.Small}
	uses := append(deposit.OutCounters(out, t.OrderedOn), deposit.InCounters(deposit.Incoming{Account: payee, Amount: t.Amount}, t.OrderedOn)...)
	return append(uses, turnover...)
}

// giveBack gives the limits of a transfer, the payer's and the payee's, back to the day of its order.
func (s *Service) giveBack(ctx context.Context, tx *db.Tx, t Transfer) error {
	accounts, err := s.Accounts.Accounts(ctx, tx, []id.Account{t.PayerAccount, t.PayeeAccount})
	if err != nil {
		return err
	}
	if err := deposit.GiveBack(ctx, tx, consumed(t, accounts[t.PayerAccount], accounts[t.PayeeAccount])); err != nil {
		return fmt.Errorf("give limits of %s back: %w", t.ID, err)
	}
	return nil
}

// release lets the money of transfers go that will not move.
func (s *Service) release(ctx context.Context, tx *db.Tx, transfers []Transfer) error {
	if len(transfers) == 0 {
		return nil
	}
	holds := make([]id.Hold, len(transfers))
	for i, t := range transfers {
		holds[i] = t.Hold
	}
	outcomes, err := s.Books.Release(ctx, tx, holds)
	if err != nil {
		return err
	}
	for i, err := range outcomes {
		if err != nil {
			return fmt.Errorf("release hold of %s: %w", transfers[i].ID, err)
		}
	}
	return nil
}

// keep writes a changed transfer with its record and its event.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by act.By, today clock.Date, t Transfer, what string) error {
	if err := updateTransfer(tx, t); err != nil {
		return err
	}
	return s.tell(ctx, tx, by, today, []told{{what, t}})
}
