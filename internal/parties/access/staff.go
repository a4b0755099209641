package access

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which staff are refused.
var (
	// ErrUnknown says that there is no such member of staff, or that he is out of reach.
	ErrUnknown = fault.New(fault.NotFound, "access.unknown_staff")
	// ErrName wants a name of at most sixty characters.
	ErrName = fault.New(fault.Invalid, "access.bad_name")
	// ErrState refuses a change that the state does not allow.
	ErrState = fault.New(fault.Conflict, "access.wrong_state")
	// ErrSelf refuses to change one's own account.
	ErrSelf = fault.New(fault.Denied, "access.own_account")
)

const (
	staffNameMost = 60 // characters
	pageMost      = 100
)

// State is where a member of staff stands: invited → active ⇄ suspended → left.
type State string

// The states of staff.
const (
	Invited   State = "invited"   // has not chosen a password yet
	Active    State = "active"    // works here
	Suspended State = "suspended" // may come back
	Left      State = "left"      // for good
)

// Staff is a member of staff.
type Staff struct {
	ID     id.Staff
	Name   string
	Branch string // code
	State  State
	MadeAt time.Time
	LeftAt time.Time // zero while employed
	Roles  []Assignment
	path   string
	sealed []byte
	person []byte
}

func (x Staff) place() crypto.AAD {
	return crypto.AAD{Table: "access_staff", Column: "name", Row: string(x.ID)}
}

// NewStaff is somebody who is to work for the bank.
type NewStaff struct {
	Name     string
	Mail     auth.Contact // where the invitation goes
	IDNumber string       // of the person, so that two accounts of one person are known as such; may be empty
	Branch   string
}

// Hired is a member of staff who can now accept the invitation.
type Hired struct {
	Staff
	Invitation auth.Invitation
	Sent       bool // it went out by mail; otherwise somebody must hand it over
}

// Invite makes an account without any role, and its invitation. Errors: ErrName, ErrBranch, auth.ErrContactTaken.
func (s *Service) Invite(ctx context.Context, by act.By, n NewStaff) (Hired, error) {
	var hired Hired
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		hired, err = s.hire(ctx, tx, by, n)
		return err
	})
	return hired, err
}

func (s *Service) hire(ctx context.Context, tx *db.Tx, by act.By, n NewStaff) (Hired, error) {
	n.Name = strings.TrimSpace(n.Name)
	if size := utf8.RuneCountInString(n.Name); size == 0 || size > staffNameMost || strings.ContainsFunc(n.Name, func(r rune) bool { return r < ' ' }) {
		return Hired{}, ErrName.At("/name")
	}
	branch, found, err := findBranch(ctx, tx, n.Branch)
	if err != nil {
		return Hired{}, fmt.Errorf("read branch: %w", err)
	}
	if !found || !branch.ClosedAt.IsZero() {
		return Hired{}, ErrBranch.At("/branch")
	}
	x := Staff{ID: id.New[id.Staff](tx.Now()), Name: n.Name, Branch: branch.Code, State: Invited, MadeAt: tx.Now(), path: branch.Path}
	if n.IDNumber != "" {
		x.person = s.Ring.Index("access.person", strings.ToUpper(strings.TrimSpace(n.IDNumber)))
	}
	if x.sealed, err = s.Vault.SealText(ctx, tx, vault.Bank, x.place(), x.Name); err != nil {
		return Hired{}, fmt.Errorf("seal name: %w", err)
	}
	if err := insertStaff(ctx, tx, x); err != nil {
		return Hired{}, fmt.Errorf("keep staff: %w", err)
	}
	invitation, err := s.Auth.Invite(ctx, tx, by, auth.Principal(x.ID), n.Mail)
	if err != nil {
		return Hired{}, err
	}
	sent, err := s.send(ctx, tx, x.ID, invitation)
	if err != nil {
		return Hired{}, err
	}
	tx.AfterCommit(s.seen.forgetAll)
	return Hired{x, invitation, sent}, s.record(ctx, tx, by, note{act: string(ActionInvite), subject: string(x.ID), detail: map[string]string{"branch": x.Branch}})
}

// Joined makes an invited member of staff active; it joins the transaction in which he accepts.
func (s *Service) Joined(ctx context.Context, tx *db.Tx, who id.Staff) error {
	x, err := s.lock(ctx, tx, who)
	if err != nil {
		return err
	}
	if x.State != Invited && x.State != Active { // active: after a reset of his factors
		return ErrState.With("state", string(x.State))
	}
	return s.save(ctx, tx, who, Active)
}

// Suspend keeps somebody out until he is let in again. His sessions end. Errors: ErrUnknown, ErrSelf, ErrState.
func (s *Service) Suspend(ctx context.Context, by act.By, who id.Staff) error {
	return s.move(ctx, by, who, change{ActionSuspend, Suspended, auth.Suspended, []State{Active}})
}

// Resume lets somebody in again. Errors: ErrUnknown, ErrSelf, ErrState.
func (s *Service) Resume(ctx context.Context, by act.By, who id.Staff) error {
	return s.move(ctx, by, who, change{ActionSuspend, Active, auth.Active, []State{Suspended}})
}

// Dismiss ends an account for good, at once: sessions, factors and roles end in the same transaction.
// Errors: ErrUnknown, ErrSelf, ErrState.
func (s *Service) Dismiss(ctx context.Context, by act.By, who id.Staff) error {
	return s.move(ctx, by, who, change{ActionDismiss, Left, auth.Closed, []State{Invited, Active, Suspended}})
}

// change is a change of state.
type change struct {
	act  Permission
	to   State
	auth auth.State
	from []State
}

func (s *Service) move(ctx context.Context, by act.By, who id.Staff, c change) error {
	if by.Actor == string(who) {
		return ErrSelf
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := s.lock(ctx, tx, who)
		if err != nil {
			return err
		}
		if x.State == c.to {
			return nil
		}
		if !isOne(x.State, c.from) {
			return ErrState.With("state", string(x.State))
		}
		if err := s.Auth.SetState(ctx, tx, by, auth.Principal(who), c.auth); err != nil {
			return err
		}
		if c.to == Left {
			if err := endAssignments(ctx, tx, who); err != nil {
				return fmt.Errorf("end roles: %w", err)
			}
		}
		if err := s.save(ctx, tx, who, c.to); err != nil {
			return err
		}
		return s.record(ctx, tx, by, note{act: string(c.act), subject: string(who), detail: map[string]string{"state": string(c.to)}})
	})
}

func isOne(s State, of []State) bool {
	for _, o := range of {
		if s == o {
			return true
		}
	}
	return false
}

// NewFactors is the change that Reset makes.
type NewFactors struct {
	Staff id.Staff `json:"staff"`
}

// Reset takes all factors of somebody away, ends his sessions and invites him anew by mail, in the transaction that
// was approved as string(ActionReset). Errors: act.ErrNotApproved, ErrUnknown, ErrSelf, ErrState.
func (s *Service) Reset(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c NewFactors) (auth.Invitation, error) {
	if err := act.Approved(g, string(ActionReset), c); err != nil {
		return auth.Invitation{}, err
	}
	who := c.Staff
	if by.Actor == string(who) {
		return auth.Invitation{}, ErrSelf
	}
	x, err := s.lock(ctx, tx, who)
	if err != nil {
		return auth.Invitation{}, err
	}
	if x.State == Left || x.State == Suspended {
		return auth.Invitation{}, ErrState.With("state", string(x.State))
	}
	invitation, err := s.Auth.InviteAgain(ctx, tx, by, auth.Principal(who))
	if err != nil {
		return auth.Invitation{}, err
	}
	if _, err := s.send(ctx, tx, who, invitation); err != nil {
		return auth.Invitation{}, err
	}
	return invitation, s.record(ctx, tx, by, note{act: string(ActionReset), subject: string(who)})
}

// lock reads somebody and keeps others from changing him until the transaction ends. Error: ErrUnknown.
func (s *Service) lock(ctx context.Context, tx *db.Tx, who id.Staff) (Staff, error) {
	x, found, err := lockStaff(ctx, tx, who)
	if err != nil {
		return Staff{}, fmt.Errorf("lock staff: %w", err)
	}
	if !found {
		return Staff{}, ErrUnknown
	}
	return x, nil
}

func (s *Service) save(ctx context.Context, tx *db.Tx, who id.Staff, to State) error {
	if err := saveState(ctx, tx, who, to); err != nil {
		return fmt.Errorf("save state of staff: %w", err)
	}
	tx.AfterCommit(s.seen.forgetAll)
	return nil
}

// Find is one member of staff within a scope, with his roles. Error: ErrUnknown.
func (s *Service) Find(ctx context.Context, in Scope, who id.Staff) (Staff, error) {
	var x Staff
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		row, found, err := findStaff(ctx, tx, who)
		if err != nil {
			return err
		}
		if !found || !in.Reaches(row.path) {
			return ErrUnknown
		}
		all, err := s.opened(ctx, tx, []Staff{row})
		if err == nil {
			x = all[0]
		}
		return err
	})
	return x, err
}

// List is the staff of a scope, in the order in which they came, after one (none: from the first).
func (s *Service) List(ctx context.Context, in Scope, after id.Staff, limit int) ([]Staff, error) {
	var all []Staff
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := listStaff(ctx, tx, in, after, min(max(limit, 1), pageMost))
		if err != nil {
			return err
		}
		all, err = s.opened(ctx, tx, rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list staff: %w", err)
	}
	return all, nil
}

// opened opens the names of staff and adds their roles.
func (s *Service) opened(ctx context.Context, tx *db.Tx, all []Staff) ([]Staff, error) {
	ids := make([]id.Staff, len(all))
	for i := range all {
		ids[i] = all[i].ID
		var err error
		if all[i].Name, err = s.Vault.OpenText(ctx, tx, vault.Bank, all[i].place(), all[i].sealed); err != nil {
			return nil, fmt.Errorf("open name: %w", err)
		}
	}
	roles, err := listAssignments(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	for i := range all {
		all[i].Roles = roles[all[i].ID]
	}
	return all, nil
}

// Names are the names of staff by id, for lists that show who did something. Who is unknown is missing.
func (s *Service) Names(ctx context.Context, tx *db.Tx, of []id.Staff) (map[id.Staff]string, error) {
	names := make(map[id.Staff]string, len(of))
	for _, who := range of {
		if _, known := names[who]; known {
			continue
		}
		row, found, err := findStaff(ctx, tx, who)
		if err != nil {
			return nil, fmt.Errorf("read staff: %w", err)
		}
		if !found {
			continue
		}
		if names[who], err = s.Vault.OpenText(ctx, tx, vault.Bank, row.place(), row.sealed); err != nil {
			return nil, fmt.Errorf("open name: %w", err)
		}
	}
	return names, nil
}

// Desk is the branch from which an active member of staff acts. Errors: ErrUnknown, auth.ErrSession when he is not active.
func (s *Service) Desk(ctx context.Context, who id.Staff) (string, error) {
	m, err := s.member(ctx, who)
	if err != nil {
		return "", err
	}
	if m.state != Active {
		return "", auth.ErrSession
	}
	return m.branch, nil
}
