package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a role is refused.
var (
	// ErrRole says that there is no such role.
	ErrRole = fault.New(fault.Invalid, "access.unknown_role")
	// ErrSpan refuses a last day before the first, or before today.
	ErrSpan = fault.New(fault.Invalid, "access.bad_span")
	// ErrAssignment says that there is no such assignment, or that it was taken back.
	ErrAssignment = fault.New(fault.NotFound, "access.unknown_assignment")
)

// Assignment is a role that somebody has, at a branch and below it.
type Assignment struct {
	ID      id.Assignment
	Staff   id.Staff
	Role    Role
	Branch  string
	First   clock.Date
	Last    clock.Date // zero: open end
	MadeBy  string
	MadeAt  time.Time
	EndedAt time.Time // zero unless it was taken back
}

// RoleChange is a role to be given, or an assignment to be taken back: exactly one of Role and Ends is set. It is the
// exact change that a request under four eyes holds, so it is written as JSON.
type RoleChange struct {
	Staff  id.Staff      `json:"staff"`
	Role   Role          `json:"role,omitempty"`
	Branch string        `json:"branch,omitempty"`
	First  clock.Date    `json:"first,omitzero"` // today when none
	Last   clock.Date    `json:"last,omitzero"`  // open end when none
	Ends   id.Assignment `json:"ends,omitempty"`
}

// CheckRole refuses a change that could not be carried out as things stand. Errors: ErrRole, ErrSpan, ErrBranch,
// ErrUnknown, ErrState, ErrAssignment, ErrSelf.
func (s *Service) CheckRole(ctx context.Context, tx *db.Tx, by act.By, c RoleChange) error {
	if by.Actor == string(c.Staff) {
		return ErrSelf
	}
	x, found, err := findStaff(ctx, tx, c.Staff)
	if err != nil {
		return fmt.Errorf("read staff: %w", err)
	}
	if !found {
		return ErrUnknown
	}
	if c.Ends != "" {
		return s.checkEnd(ctx, tx, c)
	}
	today := s.Days.Date(tx.Now())
	switch {
	case !slices.Contains(Roles(), c.Role):
		return ErrRole.At("/role")
	case x.State == Left:
		return ErrState.With("state", string(x.State))
	case !c.Last.IsZero() && (c.Last.Before(c.First) || c.Last.Before(today)):
		return ErrSpan.At("/last")
	}
	branch, found, err := findBranch(ctx, tx, c.Branch)
	if err != nil {
		return fmt.Errorf("read branch: %w", err)
	}
	if !found || !branch.ClosedAt.IsZero() {
		return ErrBranch.At("/branch")
	}
	return nil
}

func (s *Service) checkEnd(ctx context.Context, tx *db.Tx, c RoleChange) error {
	a, found, err := findAssignment(ctx, tx, c.Ends)
	if err != nil {
		return fmt.Errorf("read role: %w", err)
	}
	if !found || a.Staff != c.Staff || !a.EndedAt.IsZero() {
		return ErrAssignment
	}
	return nil
}

// Assign carries out a change that was approved as string(ActionAssign), in the transaction of the last decision. Who
// it is about may do at once what is given. Errors: act.ErrNotApproved and those of CheckRole.
func (s *Service) Assign(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c RoleChange) (Assignment, error) {
	if err := act.Approved(g, string(ActionAssign), c); err != nil {
		return Assignment{}, err
	}
	return s.assign(ctx, tx, by, c)
}

// Appoint gives a role without approval: only the machine itself does that, where a bank begins and has nobody yet who
// could agree (tongbao staff create, the demo). Errors: act.ErrNotApproved and those of CheckRole.
func (s *Service) Appoint(ctx context.Context, by act.By, c RoleChange) (Assignment, error) {
	if by.Kind != act.System || by.Session != "" {
		return Assignment{}, act.ErrNotApproved
	}
	var given Assignment
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		given, err = s.assign(ctx, tx, by, c)
		return err
	})
	return given, err
}

func (s *Service) assign(ctx context.Context, tx *db.Tx, by act.By, c RoleChange) (Assignment, error) {
	if err := s.CheckRole(ctx, tx, by, c); err != nil {
		return Assignment{}, err
	}
	if _, err := s.lock(ctx, tx, c.Staff); err != nil {
		return Assignment{}, err
	}
	tx.AfterCommit(s.seen.forgetAll)
	if c.Ends != "" {
		n, err := endAssignment(ctx, tx, c.Ends)
		if err != nil {
			return Assignment{}, fmt.Errorf("end role: %w", err)
		}
		if n == 0 {
			return Assignment{}, ErrAssignment
		}
		return Assignment{ID: c.Ends, Staff: c.Staff, EndedAt: tx.Now()},
			s.record(ctx, tx, by, note{act: string(ActionAssign), subject: string(c.Staff), detail: map[string]string{"ends": string(c.Ends)}})
	}
	if c.First.IsZero() {
		c.First = s.Days.Date(tx.Now())
	}
	a := Assignment{
		ID: id.New[id.Assignment](tx.Now()), Staff: c.Staff, Role: c.Role, Branch: c.Branch, First: c.First, Last: c.Last,
		MadeBy: by.Actor, MadeAt: tx.Now(),
	}
	if err := insertAssignment(ctx, tx, a); err != nil {
		return Assignment{}, fmt.Errorf("keep role: %w", err)
	}
	return a, s.record(ctx, tx, by, note{act: string(ActionAssign), subject: string(c.Staff), detail: map[string]string{
		"role": string(c.Role), "branch": c.Branch, "first": c.First.String(), "last": c.Last.String(),
	}})
}

// Member is somebody as the room of approvals needs to know him.
type Member struct {
	Person string // the human being: two accounts of one person have the same
	Roles  []Role // that reach a branch
	Active bool
}

// MemberAt is somebody with the roles that reach a branch; all his roles when it is empty. Whoever is not known is not
// active.
func (s *Service) MemberAt(ctx context.Context, who id.Staff, branch string) (Member, error) {
	m, roles, err := s.asked(ctx, Question{Staff: who, Purpose: Administration, About: Subject{Branch: branch}})
	if errors.Is(err, ErrUnknown) {
		return Member{}, nil
	}
	if err != nil {
		return Member{}, err
	}
	return Member{Person: cmp.Or(m.person, string(m.id)), Roles: roles, Active: m.state == Active}, nil
}

// RolesOf are the roles that somebody has today anywhere, in the order of Roles.
func (s *Service) RolesOf(ctx context.Context, who id.Staff) ([]Role, error) {
	m, err := s.member(ctx, who)
	if err != nil {
		return nil, err
	}
	has := m.rolesAt(s.Days.Date(s.Clock.Now()), "")
	var all []Role
	for _, r := range Roles() {
		if slices.Contains(has, r) {
			all = append(all, r)
		}
	}
	return all, nil
}
