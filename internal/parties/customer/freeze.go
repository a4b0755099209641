package customer

import (
	"context"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The purposes of step-ups of this room.
const (
	PurposeUnfreeze auth.Purpose = "customer.unfreeze"
	PurposeClose    auth.Purpose = "customer.close"
	PurposeExport   auth.Purpose = "customer.export"
)

// strong are the methods that lift a freeze: two factors, because who stole a phone may have read one.
func strong() []auth.Method { return []auth.Method{auth.MethodPasskey, auth.MethodPasswordAndCode} }

// Freeze stops everything that goes out, at once and with one tap: no proof is asked for, because who does harm by
// freezing gains nothing. Then all sessions end but the one that asks. Repeating it changes nothing and ends sessions
// that were opened meanwhile.
func (s *Service) Freeze(ctx context.Context, by act.By) (Customer, error) {
	c, err := s.change(ctx, by, func(tx *db.Tx, p *person) error {
		before := p.state
		if err := p.freeze(ByCustomer); err != nil || before == Frozen {
			return err
		}
		return s.frozen(ctx, tx, by, p)
	})
	if err != nil {
		return Customer{}, err
	}
	return c, s.auth.EndOtherSessions(ctx, by)
}

// BankFreeze names the customer whom the bank freezes or thaws. It is the change that a request under four eyes holds.
type BankFreeze struct {
	Customer id.Customer `json:"customer"`
}

// FreezeForBank stops everything that goes out of a customer, until the bank itself lifts it. Staff say why, and act under
// four eyes (ApprovalFreeze); the bank's own machinery may freeze at once, because waiting does harm.
// Errors: act.ErrNotApproved, ErrStaff, ErrReason, ErrClosed.
func (s *Service) FreezeForBank(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, f BankFreeze) (Customer, error) {
	if err := checkStaff(by); err != nil {
		return Customer{}, err
	}
	if by.Kind == act.Staff {
		if err := act.Approved(g, ApprovalFreeze, f); err != nil {
			return Customer{}, err
		}
	}
	by.OnBehalfOf = f.Customer
	return s.changeIn(ctx, tx, by, func(tx *db.Tx, p *person) error {
		before := p.frozenBy
		if err := p.freeze(ByBank); err != nil || before == ByBank {
			return err
		}
		return s.frozen(ctx, tx, by, p)
	})
}

func checkStaff(by act.By) error {
	switch {
	case by.Kind != act.Staff && by.Kind != act.System:
		return ErrStaff
	case by.Reason == "":
		return ErrReason
	}
	return nil
}

func (s *Service) frozen(ctx context.Context, tx *db.Tx, by act.By, p *person) error {
	err := s.publish(ctx, tx, by, p, event.CustomerFrozen{Customer: p.id, By: string(by.Kind), Reason: "customer.frozen_by_" + string(p.frozenBy)})
	if err != nil {
		return err
	}
	if err := s.record(ctx, tx, by, p.id, note{act: actFreeze}); err != nil {
		return err
	}
	return s.tell(ctx, tx, p.id, TemplateFrozen, nil)
}

// Unfreeze lifts the customer's own freeze, with two factors or a passkey. Errors: auth.ErrStepUp, ErrState, ErrFrozenByBank.
func (s *Service) Unfreeze(ctx context.Context, by act.By, proof crypto.Secret) (Customer, error) {
	return s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if err := p.thaw(); err != nil {
			return err
		}
		if err := s.auth.UseProof(ctx, tx, by, PurposeUnfreeze, proof, strong()...); err != nil {
			return err
		}
		return s.thawed(ctx, tx, by, p)
	})
}

// ThawForBank lifts a freeze of the bank, always under four eyes (ApprovalThaw).
// Errors: act.ErrNotApproved, ErrStaff, ErrReason, ErrState.
func (s *Service) ThawForBank(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, f BankFreeze) (Customer, error) {
	if err := checkStaff(by); err != nil {
		return Customer{}, err
	}
	if err := act.Approved(g, ApprovalThaw, f); err != nil {
		return Customer{}, err
	}
	by.OnBehalfOf = f.Customer
	return s.changeIn(ctx, tx, by, func(tx *db.Tx, p *person) error {
		if p.state != Frozen || p.frozenBy != ByBank {
			return ErrState.With("state", string(p.state))
		}
		p.state, p.frozenBy = p.standing(), ""
		return s.thawed(ctx, tx, by, p)
	})
}

func (s *Service) thawed(ctx context.Context, tx *db.Tx, by act.By, p *person) error {
	if err := s.publish(ctx, tx, by, p, event.CustomerThawed{Customer: p.id, By: string(by.Kind)}); err != nil {
		return err
	}
	if err := s.record(ctx, tx, by, p.id, note{act: actUnfreeze}); err != nil {
		return err
	}
	return s.tell(ctx, tx, p.id, TemplateThawed, nil)
}
