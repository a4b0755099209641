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

// TakeBack asks for a settled transfer to be taken back. It is the change that a request under four eyes holds.
type TakeBack struct {
	Transfer id.Transfer `json:"transfer"`
}

// Reversible is the transfer that a request would take back. Errors: ErrNotFound, ErrState.
func (s *Service) Reversible(ctx context.Context, tx *db.Tx, r TakeBack) (Transfer, error) {
	found, err := findMany(ctx, tx, []id.Transfer{r.Transfer})
	switch {
	case err != nil:
		return Transfer{}, err
	case len(found) == 0:
		return Transfer{}, ErrNotFound
	case found[0].State != Settled:
		return Transfer{}, ErrState
	}
	return found[0], nil
}

// Reverse books a settled transfer back, by a new journal that mirrors the first, and gives the limits of both parties
// back. Only staff do this, with a reason and under four eyes (ApprovalReverse). A payer's account of class III may then
// hold more than its class allows: it is his own money that comes back. Errors: act.ErrNotApproved, ErrStaffOnly,
// ErrReason, ErrNotFound, ErrState, and what the books refuse (the payee has spent the money).
func (s *Service) Reverse(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, r TakeBack) (Transfer, error) {
	if err := staffOnly(by); err != nil {
		return Transfer{}, err
	}
	if err := act.Approved(g, ApprovalReverse, r); err != nil {
		return Transfer{}, err
	}
	return s.decideIn(ctx, tx, r.Transfer, func(ctx context.Context, tx *db.Tx, today clock.Date, t *Transfer) error {
		return s.reverse(ctx, tx, by, today, t)
	})
}

func (s *Service) reverse(ctx context.Context, tx *db.Tx, by act.By, today clock.Date, t *Transfer) error {
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

// decision is what staff do with a transfer, under the lock of its row.
type decision func(ctx context.Context, tx *db.Tx, today clock.Date, t *Transfer) error

func (s *Service) decide(ctx context.Context, by act.By, transfer id.Transfer, do decision) (Transfer, error) {
	if err := staffOnly(by); err != nil {
		return Transfer{}, err
	}
	var t Transfer
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		t, err = s.decideIn(ctx, tx, transfer, do)
		return err
	})
	return t, err
}

func (s *Service) decideIn(ctx context.Context, tx *db.Tx, transfer id.Transfer, do decision) (Transfer, error) {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return Transfer{}, err
	}
	t, found, err := lockTransfer(ctx, tx, transfer)
	if err != nil {
		return Transfer{}, err
	}
	if !found {
		return Transfer{}, ErrNotFound
	}
	err = do(ctx, tx, today, &t)
	return t, err
}
