package auth

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrReset refuses to reset factors without a reason, or of somebody who is not staff.
var ErrReset = fault.New(fault.Denied, "auth.reset_refused")

// KindReset is the kind of act under which the factors of a customer are reset.
const KindReset = "customer.reset_factors"

const templateReset = "auth.factors_reset"

// FactorReset names the customer whose factors are to be taken away. It is the change that a request under four eyes holds.
type FactorReset struct {
	Customer id.Customer `json:"customer"`
}

// ResetFactors takes password, PIN, passkeys and known devices of a customer away, who has lost them or gave them to a
// thief, and ends all his sessions. Phone and mail address stay: by them, his document and his face he chooses new factors.
// His limits are reduced as after any change of a factor. Errors: act.ErrNotApproved, ErrReset, ErrUnknown, ErrState.
func (s *Service) ResetFactors(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, r FactorReset) error {
	if err := act.Approved(g, KindReset, r); err != nil {
		return err
	}
	who := Principal(r.Customer)
	if by.Kind != act.Staff || by.Reason == "" || who.kind() != act.Customer {
		return ErrReset
	}
	if _, err := lockPINs(ctx, tx, []Principal{who}); err != nil { // before the principal, as everywhere
		return fmt.Errorf("lock PIN: %w", err)
	}
	p, err := s.lockPrincipal(ctx, tx, who)
	if err != nil {
		return err
	}
	if p.state == Closed {
		return ErrState
	}
	for _, remove := range []func(context.Context, *db.Tx, Principal) error{
		deletePasskeys, deletePIN, unbindDevices, clearPassword, deleteTickets, saveFactorChanged,
	} {
		if err := remove(ctx, tx, who); err != nil {
			return fmt.Errorf("reset factors of %s: %w", who, err)
		}
	}
	if err := s.EndAllSessions(ctx, tx, by, who); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, who, notify.Notice{Template: templateReset}); err != nil {
		return err
	}
	f := event.FactorChanged{Principal: string(who), Factor: "all", Change: "removed", Proof: "approval"}
	if err := s.publish(ctx, tx, by, who, f); err != nil {
		return err
	}
	return s.record(ctx, tx, entry{by: by, act: "auth.reset_factors", principal: who, detail: map[string]string{"request": g.Request()}})
}

// Resettable says what ResetFactors would take away: the factors of a principal in a state. Error: ErrUnknown.
func (s *Service) Resettable(ctx context.Context, tx *db.Tx, r FactorReset) (State, error) {
	p, found, err := findPrincipal(ctx, tx, Principal(r.Customer), false)
	if err != nil {
		return "", fmt.Errorf("read principal: %w", err)
	}
	if !found || p.id.kind() != act.Customer {
		return "", ErrUnknown
	}
	return p.state, nil
}
