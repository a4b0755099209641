package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
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

// Reverse books a settled transfer back, by a new journal that mirrors the first, and gives the limits of both parties
// back. Only staff do this, with a reason. A payer's account of class III may then hold more than its class allows: it
// is his own money that comes back.
// Errors: ErrStaffOnly, ErrReason, ErrNotFound, ErrState, and what the books refuse (the payee has spent the money).
func (s *Service) Reverse(ctx context.Context, by act.By, transfer id.Transfer) (Transfer, error) {
	return s.decide(ctx, by, transfer, func(ctx context.Context, tx *db.Tx, today clock.Date, t *Transfer) error {
		if t.State != Settled {
			return ErrState
		}
		if err := s.giveBack(ctx, tx, *t); err != nil { // counters are locked before accounts
			return err
		}
		journal, err := s.Books.Reversal(ctx, tx, t.Journal)
		if err != nil {
			return err
		}
		journal.Act, journal.Reference, journal.By = actReverse, string(t.ID), by
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
		return s.keep(ctx, tx, by, today, *t, actReverse)
	})
}

// Release lets a held transfer go on, or refuses it. Only staff do this, with a reason.
// Errors: ErrStaffOnly, ErrReason, ErrNotFound, ErrState. A transfer that can no longer be settled comes back refused.
func (s *Service) Release(ctx context.Context, by act.By, transfer id.Transfer, allow bool) (Transfer, error) {
	return s.decide(ctx, by, transfer, func(ctx context.Context, tx *db.Tx, today clock.Date, t *Transfer) error {
		if t.State != Held {
			return ErrState
		}
		if !allow {
			return s.refuseHeld(ctx, tx, by, today, t, ErrScreened.Code())
		}
		one := []Transfer{*t}
		err := s.settle(ctx, tx, by, today, one)
		*t = one[0]
		return err
	})
}

func (s *Service) decide(ctx context.Context, by act.By, transfer id.Transfer, do func(context.Context, *db.Tx, clock.Date, *Transfer) error) (Transfer, error) {
	if err := staffOnly(by); err != nil {
		return Transfer{}, err
	}
	var t Transfer
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		var found bool
		if t, found, err = lockTransfer(ctx, tx, transfer); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		return do(ctx, tx, today, &t)
	})
	return t, err
}
