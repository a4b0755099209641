package approval

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a delegation is refused.
var (
	// ErrDelegation refuses one without days, of the past, or longer than the bank allows.
	ErrDelegation = fault.New(fault.Invalid, "approval.bad_delegation")
	// ErrDeputy refuses a deputy who is not active staff, or is the same person.
	ErrDeputy = fault.New(fault.Rejected, "approval.bad_deputy")
	// ErrLoop refuses a deputy in whose place, on one of the days, the absent person himself decides by way of others.
	ErrLoop = fault.New(fault.Conflict, "approval.delegation_loop")
	// ErrNoDelegation says that there is no such delegation of the caller's that could end.
	ErrNoDelegation = fault.New(fault.NotFound, "approval.no_delegation")
)

const (
	ruleAbsence    = "approval.delegation.most_days"
	delegationsMax = 200 // read at once
)

// Delegation lets a deputy decide in somebody's place. A deputy decides with the roles of who is away, never about his own
// requests or about those of who is away, and cannot hand it on.
type Delegation struct {
	ID       id.Delegation
	Absent   id.Staff
	Deputy   id.Staff
	FirstDay clock.Date
	LastDay  clock.Date
	MadeAt   time.Time
	EndedAt  time.Time // before its last day; zero if it was not
}

// Delegate lets a deputy decide in the caller's place from one day to another. Errors: ErrStaff, ErrDelegation, ErrDeputy, ErrLoop.
func (s *Service) Delegate(ctx context.Context, by act.By, deputy id.Staff, first, last clock.Date) (Delegation, error) {
	if by.Kind != act.Staff {
		return Delegation{}, ErrStaff
	}
	var made Delegation
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		made = Delegation{
			ID: id.New[id.Delegation](tx.Now()), Absent: id.Staff(by.Actor), Deputy: deputy, FirstDay: first, LastDay: last, MadeAt: tx.Now(),
		}
		if err := s.mayDelegate(ctx, tx, made); err != nil {
			return err
		}
		if err := insertDelegation(ctx, tx, made); err != nil {
			return fmt.Errorf("keep delegation: %w", err)
		}
		return s.noteDelegation(ctx, tx, by, made, actDelegate)
	})
	return made, err
}

func (s *Service) mayDelegate(ctx context.Context, tx *db.Tx, d Delegation) error {
	today := s.Days.Date(tx.Now())
	most, err := s.Rules.Int(ctx, ruleAbsence, today)
	if err != nil {
		return err
	}
	if d.FirstDay.IsZero() || d.FirstDay.Before(today) || d.LastDay.Before(d.FirstDay) || int64(d.LastDay.Sub(d.FirstDay)) >= most {
		return ErrDelegation.With("days", strconv.FormatInt(most, 10))
	}
	absent, err := s.Staff.Member(ctx, tx, d.Absent, "")
	if err != nil {
		return err
	}
	deputy, err := s.Staff.Member(ctx, tx, d.Deputy, "")
	if err != nil {
		return err
	}
	switch {
	case !absent.Active:
		return ErrStaff
	case !deputy.Active || deputy.Person == absent.Person:
		return ErrDeputy.At("/deputy")
	}
	if err := lockDelegations(ctx, tx); err != nil { // two halves of a loop are not made at once
		return fmt.Errorf("lock delegations: %w", err)
	}
	return s.noLoop(ctx, tx, d)
}

// noLoop follows whom the deputy has named in his turn. A chain would not be followed when deciding, but a ring of people
// who stand for each other shows that nobody is there.
func (s *Service) noLoop(ctx context.Context, tx *db.Tx, d Delegation) error {
	seen := []id.Staff{d.Deputy}
	for i := 0; i < len(seen) && len(seen) < delegationsMax; i++ {
		next, err := deputiesOf(ctx, tx, seen[i], d.FirstDay, d.LastDay)
		if err != nil {
			return fmt.Errorf("follow delegations: %w", err)
		}
		for _, deputy := range next {
			if deputy == d.Absent {
				return ErrLoop
			}
			if !slices.Contains(seen, deputy) {
				seen = append(seen, deputy)
			}
		}
	}
	return nil
}

// Return ends a delegation of the caller's before its last day. Error: ErrNoDelegation.
func (s *Service) Return(ctx context.Context, by act.By, delegation id.Delegation) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		ended, err := endDelegation(ctx, tx, delegation, id.Staff(by.Actor))
		if err != nil {
			return fmt.Errorf("end delegation: %w", err)
		}
		if !ended {
			return ErrNoDelegation
		}
		return s.noteDelegation(ctx, tx, by, Delegation{ID: delegation, Absent: id.Staff(by.Actor)}, actReturn)
	})
}

// Delegations are those that the caller gave and was given, the latest first.
func (s *Service) Delegations(ctx context.Context, by act.By) ([]Delegation, error) {
	var all []Delegation
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = delegationsOf(ctx, tx, id.Staff(by.Actor))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list delegations: %w", err)
	}
	return all, nil
}

func (s *Service) noteDelegation(ctx context.Context, tx *db.Tx, by act.By, d Delegation, what string) error {
	detail := map[string]string{"absent": string(d.Absent)}
	if d.Deputy != "" {
		detail["deputy"], detail["from"], detail["to"] = string(d.Deputy), d.FirstDay.String(), d.LastDay.String()
	}
	return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: string(d.ID), Outcome: audit.Done, Detail: detail}})
}
