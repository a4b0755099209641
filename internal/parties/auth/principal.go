package auth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a principal is refused.
var (
	// ErrPrincipal refuses what is no id of a customer or member of staff.
	ErrPrincipal = fault.New(fault.Invalid, "auth.bad_principal")
	// ErrUnknown says that there is no such principal.
	ErrUnknown = fault.New(fault.NotFound, "auth.unknown_principal")
	// ErrState refuses a change of state that the present one does not allow.
	ErrState = fault.New(fault.Conflict, "auth.wrong_state")
	// ErrSuspended says that the bank has suspended the principal. Only who has proved himself is told.
	ErrSuspended = fault.New(fault.Denied, "auth.suspended")
)

// Principal names who can sign in: the id of a customer or of a member of staff, as text.
type Principal string

// staffPrefix is how ids of staff begin; all other principals are customers.
const staffPrefix = "stff_"

func (p Principal) kind() act.Kind {
	if strings.HasPrefix(string(p), staffPrefix) {
		return act.Staff
	}
	return act.Customer
}

// customer is the principal as a customer; empty for staff.
func (p Principal) customer() id.Customer {
	if p.kind() == act.Customer {
		return id.Customer(p)
	}
	return ""
}

// State is the state of a principal: active ⇄ suspended → closed.
type State string

// The states of a principal.
const (
	Active    State = "active"
	Suspended State = "suspended" // by the bank; the right password is told so, a wrong one is not
	Closed    State = "closed"    // for good; answers like somebody who never was
)

// principal is a row of auth_principal.
type principal struct {
	id       Principal
	state    State
	password string    // PHC text; empty when there is none
	changed  time.Time // of the last change of a factor; zero when none
}

// move changes the state, or refuses.
func (p *principal) move(to State) error {
	if p.state == Closed || (to != Active && to != Suspended && to != Closed) {
		return ErrState.With("state", string(p.state))
	}
	p.state = to
	return nil
}

// Enrolment makes a principal.
type Enrolment struct {
	Principal Principal
	Contact   Verified    // proved by CheckCode, or Vouched for
	Password  NewPassword // from HashPassword; zero for who signs in by passkey alone
}

// Enrol makes a principal in the transaction that makes the customer or member of staff, whose data key exists by
// then. It consumes the code. Errors: ErrPrincipal, ErrContactTaken, ErrCodeUsed.
func (s *Service) Enrol(ctx context.Context, tx *db.Tx, by act.By, e Enrolment) error {
	_, notCustomer := id.Parse[id.Customer](string(e.Principal))
	_, notStaff := id.Parse[id.Staff](string(e.Principal))
	if notCustomer != nil && notStaff != nil {
		return ErrPrincipal
	}
	if err := s.spend(ctx, tx, e.Contact, CodeRegister); err != nil {
		return err
	}
	if err := insertPrincipal(ctx, tx, e.Principal, e.Password.phc); err != nil {
		return fmt.Errorf("enrol %s: %w", e.Principal, err)
	}
	if err := s.setContact(ctx, tx, e.Principal, e.Contact.contact); err != nil {
		return err
	}
	return s.record(ctx, tx, entry{by: by, act: "auth.enrol", principal: e.Principal})
}

// SetState suspends, restores or closes a principal. Both of the former end all sessions; closing also removes
// contacts, factors and devices, so that the contacts are free for others. Errors: ErrUnknown, ErrState.
func (s *Service) SetState(ctx context.Context, tx *db.Tx, by act.By, who Principal, to State) error {
	if _, err := lockPINs(ctx, tx, []Principal{who}); err != nil { // before the principal, as everywhere
		return fmt.Errorf("lock PIN: %w", err)
	}
	p, err := s.lockPrincipal(ctx, tx, who)
	if err != nil {
		return err
	}
	if p.state == to {
		return nil
	}
	if err := p.move(to); err != nil {
		return err
	}
	if err := savePrincipalState(ctx, tx, p); err != nil {
		return fmt.Errorf("set state of %s: %w", who, err)
	}
	if to != Active {
		if err := s.endSessions(ctx, tx, by, ending{who, "", endedByState}); err != nil {
			return err
		}
	}
	if to == Closed {
		if err := s.removeFactors(ctx, tx, who); err != nil {
			return err
		}
	}
	return s.record(ctx, tx, entry{by: by, act: "auth.state", principal: who, detail: map[string]string{"state": string(to)}})
}

// removeFactors leaves nothing by which a closed principal could be found or could sign in.
func (s *Service) removeFactors(ctx context.Context, tx *db.Tx, who Principal) error {
	for _, remove := range []func(context.Context, *db.Tx, Principal) error{
		deleteIdentifiers, deletePasskeys, deletePIN, unbindDevices, clearPassword, deleteTickets, deleteTOTP, deleteInvitations,
	} {
		if err := remove(ctx, tx, who); err != nil {
			return fmt.Errorf("remove factors of %s: %w", who, err)
		}
	}
	return nil
}

func (s *Service) lockPrincipal(ctx context.Context, tx *db.Tx, who Principal) (principal, error) {
	p, found, err := findPrincipal(ctx, tx, who, true)
	if err != nil {
		return principal{}, fmt.Errorf("lock principal %s: %w", who, err)
	}
	if !found {
		return principal{}, ErrUnknown
	}
	return p, nil
}
