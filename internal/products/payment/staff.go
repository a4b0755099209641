package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrReason asks staff why.
var ErrReason = fault.New(fault.Invalid, "payment.reason_needed")

// staffOnly refuses whoever is not staff, and staff who do not say why.
func staffOnly(by act.By) error {
	if by.Kind != act.Staff {
		return ErrStaffOnly
	}
	if by.Reason == "" {
		return ErrReason.At("/reason")
	}
	return nil
}

// Reverse books a settled transfer back, by a new journal that mirrors the first. Only staff do this, with a reason.
// Errors: ErrStaffOnly, ErrReason, ErrNotFound, ErrState, and what the books refuse (the payee has spent the money).
func (s *Service) Reverse(ctx context.Context, by act.By, transfer id.Transfer) (Transfer, error) {
	return s.decide(ctx, by, transfer, func(ctx context.Context, tx *db.Tx, t *Transfer) error {
		if t.State != Settled {
			return ErrState
		}
		journal, err := s.Books.Reversal(ctx, tx, t.Journal)
		if err != nil {
			return err
		}
		journal = bookReversal(*t, journal, by)
		outcomes, err := s.Books.Post(ctx, tx, []ledger.Journal{journal})
		if err != nil {
			return err
		}
		if outcomes[0].Err != nil {
			return outcomes[0].Err
		}
		if err := t.reverse(journal.ID, tx.Now()); err != nil {
			return err
		}
		return s.keep(ctx, tx, by, *t, "payment.reverse")
	})
}

// Release lets a held transfer go on, or refuses it. Only staff do this, with a reason.
func (s *Service) Release(ctx context.Context, by act.By, transfer id.Transfer, allow bool) (Transfer, error) {
	return s.decide(ctx, by, transfer, func(ctx context.Context, tx *db.Tx, t *Transfer) error {
		if t.State != Held {
			return ErrState
		}
		one := []Transfer{*t}
		var err error
		if allow {
			err = s.settle(ctx, tx, by, one)
		} else {
			err = s.finish(ctx, tx, by, one, []string{ErrScreened.Code()})
		}
		*t = one[0]
		return err
	})
}

func (s *Service) decide(ctx context.Context, by act.By, transfer id.Transfer, do func(context.Context, *db.Tx, *Transfer) error) (Transfer, error) {
	if err := staffOnly(by); err != nil {
		return Transfer{}, err
	}
	var t Transfer
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.Days.Today(ctx, tx); err != nil {
			return err
		}
		var found bool
		var err error
		if t, found, err = lockTransfer(ctx, tx, transfer); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		return do(ctx, tx, &t)
	})
	return t, err
}
