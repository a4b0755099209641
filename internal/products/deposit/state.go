package deposit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// close moves an open account to closed.
func (a *Account) close(now time.Time) error {
	if a.State != Open {
		return ErrClosed
	}
	a.State, a.ClosedAt = Closed, now
	return nil
}

// CloseAccount closes an account of the caller's that holds nothing. Repeating the key finds it closed already.
// Errors: ErrNotFound, ErrClosed, ErrNotEmpty, once.ErrKey, once.ErrReused.
func (s *Service) CloseAccount(ctx context.Context, by act.By, account id.Account, key string) error {
	var left error
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		left = nil
		row, found, err := accountOf(ctx, tx, by.Customer(), account)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		this := id.New[id.Account](tx.Now()) // names this use of the key, and no account
		if first, err := claim(ctx, tx, by.Customer(), closeOperation, key, string(account), this); err != nil || first != this {
			return err
		}
		if err := row.close(tx.Now()); err != nil {
			return err
		}
		empty, err := s.settled(ctx, tx, by, row.Account)
		if err != nil {
			return err
		}
		if !empty {
			left = ErrInterestPaid
			return once.Release(ctx, tx, []once.Key{{Principal: string(row.Customer), Operation: closeOperation, Key: key}})
		}
		if err := s.Books.Close(ctx, tx, string(account)); err != nil { // locks: of two closings one finds it closed
			return notClosed(err)
		}
		if err := setClosed(ctx, tx, row.Account); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, row.Account, actClose); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, row.Account, event.AccountClosed{Account: account, Customer: row.Customer})
	})
	return errors.Join(err, left)
}

// settled pays the interest of an account that is about to be closed, and says whether nothing is on it then. It refuses
// what could not be closed anyway: money is on it, or deposits go to it.
func (s *Service) settled(ctx context.Context, tx *db.Tx, by act.By, a Account) (bool, error) {
	balances, err := s.Books.Balances(ctx, tx, []string{string(a.ID)})
	if err != nil {
		return false, fmt.Errorf("balance: %w", err)
	}
	if !balances[string(a.ID)].Booked.IsZero() {
		return false, ErrNotEmpty
	}
	deposits, err := linkedTo(ctx, tx, a.ID)
	if err != nil {
		return false, err
	}
	if deposits > 0 {
		return false, ErrDepositsLinked
	}
	return s.settleClosing(ctx, tx, by, a)
}

// notClosed says why the books do not close an account.
func notClosed(err error) error {
	switch {
	case errors.Is(err, ledger.ErrNotZero):
		return ErrNotEmpty
	case errors.Is(err, ledger.ErrAccountClosed):
		return ErrClosed
	}
	return fmt.Errorf("close account in the books: %w", err)
}

// Stop forbids money to leave an account of the caller's, at once (止付); money may still arrive. What others have
// forbidden stands beside it. Errors: ErrNotFound, ErrClosed, ErrStopped.
func (s *Service) Stop(ctx context.Context, by act.By, account id.Account) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.Restrainer.Lock(ctx, tx, []string{string(account)}); err != nil { // so that two stops are one
			return err
		}
		a, live, err := s.stops(ctx, tx, by, account)
		if err != nil {
			return err
		}
		if len(live) > 0 {
			return ErrStopped
		}
		outcomes, err := s.Restrainer.Freeze(ctx, tx, []ledger.Restraint{{
			Account: string(account), Kind: ledger.EntryOnly, Act: actStop, Reference: string(account), By: by,
		}})
		if err != nil {
			return err
		}
		if outcomes[0].Err != nil {
			return outcomes[0].Err
		}
		if err := s.note(ctx, tx, by, a, actStop); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, a, event.AccountFrozen{
			Account: account, Customer: a.Customer, Freeze: outcomes[0].Restraint, Kind: string(ledger.EntryOnly), By: string(by.Kind),
		})
	})
}

// Resume lifts the caller's own stop, after a step-up. What others froze stays. Errors: ErrNotFound, ErrStopped, and
// what the proof may be refused with.
func (s *Service) Resume(ctx context.Context, by act.By, account id.Account, proof Proof) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, live, err := s.stops(ctx, tx, by, account)
		if err != nil {
			return err
		}
		if len(live) == 0 {
			return ErrStopped
		}
		if err := s.Prover.UseProof(ctx, tx, by, PurposeResume, proof); err != nil { // before the lock of the account
			return err
		}
		outcomes, err := s.Restrainer.Thaw(ctx, tx, by, live)
		if err != nil {
			return err
		}
		for _, err := range outcomes {
			if errors.Is(err, ledger.ErrRestraintLifted) {
				return ErrStopped // another device was faster
			}
			if err != nil {
				return err
			}
		}
		if err := s.note(ctx, tx, by, a, actResume); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, a, event.AccountThawed{Account: account, Customer: a.Customer, Freeze: live[0], By: string(by.Kind)})
	})
}

// stops finds an open account of the caller's and the live stops that its holder asked for.
func (s *Service) stops(ctx context.Context, tx *db.Tx, by act.By, account id.Account) (Account, []id.Freeze, error) {
	row, found, err := accountOf(ctx, tx, by.Customer(), account)
	if err != nil {
		return Account{}, nil, err
	}
	if !found {
		return Account{}, nil, ErrNotFound
	}
	if row.State != Open {
		return Account{}, nil, ErrClosed
	}
	all, err := s.Restrainer.Restraints(ctx, tx, string(account))
	if err != nil {
		return Account{}, nil, err
	}
	var live []id.Freeze
	for _, r := range all {
		if r.Act == actStop && r.LiftedAt.IsZero() {
			live = append(live, r.ID)
		}
	}
	return row.Account, live, nil
}

// Tied keeps a customer with open accounts from leaving the bank: ErrOpenAccounts says so.
func (s *Service) Tied(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	rows, err := accountsOf(ctx, tx, customer)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.State == Open {
			return ErrOpenAccounts
		}
	}
	deposits, err := countContracts(ctx, tx, customer)
	if err == nil && deposits > 0 {
		err = ErrOpenAccounts
	}
	return err
}
