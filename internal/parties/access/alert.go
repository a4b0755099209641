package access

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which closing an alert is refused.
var (
	// ErrAlert says that there is no such alert, or that it was closed.
	ErrAlert = fault.New(fault.NotFound, "access.unknown_alert")
	// ErrFinding wants to know what was found.
	ErrFinding = fault.New(fault.Invalid, "access.unknown_finding")
)

// AlertKind says what about a look is not like work.
type AlertKind string

// The kinds of alerts.
const (
	AlertMany      AlertKind = "many"      // more looks in a day than work needs
	AlertOwn       AlertKind = "own"       // at one's own data, as staff
	AlertRelative  AlertKind = "relative"  // at a relative's
	AlertColleague AlertKind = "colleague" // at a colleague's
	AlertHours     AlertKind = "hours"     // while the bank is closed
	AlertRefused   AlertKind = "refused"   // at what the policies do not allow
)

// Finding is what compliance found out about an alert.
type Finding string

// The findings.
const (
	FindingWork   Finding = "work"   // it was work
	FindingMinor  Finding = "minor"  // it should not have been; the person was told
	FindingBreach Finding = "breach" // a breach; further steps follow elsewhere
)

// Alert tells compliance of a look that is not like work.
type Alert struct {
	ID       id.Alert
	Kind     AlertKind
	Staff    id.Staff
	Customer id.Customer // empty when it is about many
	Day      string
	Looks    int64 // of that day until then
	MadeAt   time.Time
	ClosedAt time.Time // zero while it is open
	ClosedBy string
	Finding  Finding
}

// finding is what the room noticed.
type finding struct {
	kind     AlertKind
	customer id.Customer
	looks    int64
}

// watch raises alerts about a look that was allowed.
func (s *Service) watch(ctx context.Context, tx *db.Tx, by act.By, m *member, l Look, used int64) error {
	var all []finding
	unusual, err := s.Rules.Int(ctx, "access.look.unusual_count", s.Days.Date(tx.Now()))
	if err != nil {
		return fmt.Errorf("read rule: %w", err)
	}
	if used >= unusual {
		all = append(all, finding{kind: AlertMany, looks: used})
	}
	colleague, err := isStaff(ctx, tx, l.Customer)
	if err != nil {
		return fmt.Errorf("read ties: %w", err)
	}
	if colleague {
		all = append(all, finding{kind: AlertColleague, customer: l.Customer, looks: used})
	}
	open, err := s.officeHours(ctx, tx.Now())
	if err != nil {
		return err
	}
	if !open {
		all = append(all, finding{kind: AlertHours, looks: used})
	}
	for _, f := range all {
		if err := s.alert(ctx, tx, by, m, f); err != nil {
			return err
		}
	}
	return nil
}

// complianceMost is how many compliance officers are written to about one alert.
const complianceMost = 20

// alert keeps an alert once a day for each kind and customer, and writes to compliance about a new one.
func (s *Service) alert(ctx context.Context, tx *db.Tx, by act.By, m *member, f finding) error {
	today := s.Days.Date(tx.Now())
	a := Alert{ID: id.New[id.Alert](tx.Now()), Kind: f.kind, Staff: m.id, Customer: f.customer, Day: today.String(), Looks: f.looks, MadeAt: tx.Now()}
	n, err := insertAlert(ctx, tx, a, m.path)
	if err != nil {
		return fmt.Errorf("keep alert: %w", err)
	}
	if n == 0 {
		return nil
	}
	officers, err := listHolders(ctx, tx, RoleComplianceOfficer, today, complianceMost)
	if err != nil {
		return fmt.Errorf("find compliance: %w", err)
	}
	for _, officer := range officers {
		if officer == m.id {
			continue // nobody is warned of himself
		}
		if _, err := s.write(ctx, tx, officer, TemplateAlert, string(a.ID)); err != nil {
			return err
		}
	}
	return s.record(ctx, tx, by, note{act: actAlert, subject: string(a.ID), of: f.customer, detail: map[string]string{"kind": string(f.kind), "staff": string(m.id)}})
}

// Alerts are those about the staff of a scope, the newest first, before one (none: from the newest).
func (s *Service) Alerts(ctx context.Context, in Scope, open bool, before id.Alert, limit int) ([]Alert, error) {
	var all []Alert
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listAlerts(ctx, tx, in, open, before, min(max(limit, 1), pageMost))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	return all, nil
}

// AlertTally is how many alerts of a kind there were, by what was found.
type AlertTally struct {
	Kind    AlertKind
	Finding Finding // empty while they are open
	Alerts  int64
}

// AlertTallies counts the alerts of all the bank from a day on and before another.
func (s *Service) AlertTallies(ctx context.Context, tx *db.Tx, from, to clock.Date) ([]AlertTally, error) {
	all, err := tallyAlerts(ctx, tx, from, to)
	if err != nil {
		return nil, fmt.Errorf("count alerts: %w", err)
	}
	return all, nil
}

// CloseAlert says what was found. The reason stands in by. Errors: ErrFinding, ErrReason, ErrAlert, ErrSelf.
func (s *Service) CloseAlert(ctx context.Context, by act.By, in Scope, a id.Alert, f Finding) error {
	if f != FindingWork && f != FindingMinor && f != FindingBreach {
		return ErrFinding.At("/finding")
	}
	if by.Reason == "" {
		return ErrReason.At("/reason")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		found, ok, err := findAlert(ctx, tx, in, a)
		if err != nil {
			return fmt.Errorf("read alert: %w", err)
		}
		if !ok {
			return ErrAlert
		}
		if string(found.Staff) == by.Actor {
			return ErrSelf
		}
		n, err := closeAlert(ctx, tx, a, by.Actor, f)
		if err != nil {
			return fmt.Errorf("close alert: %w", err)
		}
		if n == 0 {
			return ErrAlert
		}
		return s.record(ctx, tx, by, note{act: string(ActionCloseAlert), subject: string(a), detail: map[string]string{"finding": string(f)}})
	})
}
