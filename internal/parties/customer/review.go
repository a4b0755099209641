package customer

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a decision about a case is refused.
var (
	// ErrCase says that there is no such case, or that it has been decided.
	ErrCase = fault.New(fault.NotFound, "customer.no_case")
	// ErrReason wants to know why.
	ErrReason = fault.New(fault.Invalid, "customer.reason_needed")
	// ErrStaff says that only staff may do this.
	ErrStaff = fault.New(fault.Denied, "customer.staff_only")
)

// Case is a verification that waits for a person. It holds no personal data: to open it is another act, which is
// recorded in the customer's access log.
type Case struct {
	ID          id.Verification
	Customer    id.Customer
	HomeBranch  string
	Step        Step
	Reason      string // code: why the provider did not decide
	SubmittedAt time.Time
}

// Cases lists what waits for a person in a part of the bank, the oldest first, after a case (none: from the oldest).
func (s *Service) Cases(ctx context.Context, in access.Scope, after id.Verification, limit int) ([]Case, error) {
	var all []Case
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listCases(ctx, tx, in, after, page(limit))
		return err
	})
	return all, err
}

// Decide answers the open question of a case in the provider's place: the step is agreed to, and the next one goes to
// the provider, or the verification is refused. Staff say why. Errors: ErrStaff, ErrReason, ErrCase.
func (s *Service) Decide(ctx context.Context, by act.By, v id.Verification, agree bool) error {
	switch {
	case by.Kind != act.Staff:
		return ErrStaff
	case by.Reason == "":
		return ErrReason
	}
	q, waiting, err := s.question(ctx, v)
	if err != nil {
		return err
	}
	if !waiting || q.state != ManualReview {
		return ErrCase
	}
	decided := false
	err = s.underWay(ctx, q, func(tx *db.Tx, p *person, row *verification) error {
		if row.state != ManualReview {
			return nil
		}
		decided = true
		looked := Access{Customer: p.id, Purpose: AccessReview, Fields: FieldsIdentity}
		if err := s.LogAccess(ctx, tx, by, []Access{looked}); err != nil {
			return err
		}
		if !agree {
			return s.refuse(ctx, tx, by, row, ErrNotVerified, ErrNotVerified)
		}
		again, err := s.agreed(ctx, tx, by, p, row)
		if err != nil || !again {
			return err
		}
		return s.askLater(ctx, tx, row.id, time.Time{})
	})
	if err == nil && !decided {
		err = ErrCase
	}
	return err
}
