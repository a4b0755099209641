package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cedar-policy/cedar-go"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ErrPurpose refuses a purpose that the bank does not know.
var ErrPurpose = fault.New(fault.Invalid, "access.unknown_purpose")

// The types of what policies speak about.
const (
	typeStaff  cedar.EntityType = "Staff"
	typeRole   cedar.EntityType = "Role"
	typeAction cedar.EntityType = "Action"
	typeThing  cedar.EntityType = "Thing"
)

// Question asks whether somebody may do something.
type Question struct {
	Staff      id.Staff
	Permission Permission
	Purpose    Purpose
	About      Subject
	Amount     money.Amount // in the bank's own currency; zero when it is about no money
	At         time.Time    // now when zero
}

// Subject is what a question is about. All fields may be empty: then it is about the act as such.
type Subject struct {
	Branch    string      // code of the branch that it belongs to; empty: any where somebody has a role
	Customer  id.Customer // whom it concerns
	Staff     id.Staff    // whom it concerns
	Requester id.Staff    // who asked for what is to be decided
	Act       string      // of which kind that request is
}

// Decision is the answer.
type Decision struct {
	Allowed bool
	Reasons []string // ids of the policies that decided; none: nothing permits it
}

// Check is Decide as an error. Error: ErrDenied.
func (s *Service) Check(ctx context.Context, q Question) error {
	d, err := s.Decide(ctx, q)
	if err != nil {
		return err
	}
	if !d.Allowed {
		return ErrDenied
	}
	return nil
}

// Decide answers a question. Whoever is not active, or is not known, may do nothing. Errors: ErrBranch, ErrPurpose.
func (s *Service) Decide(ctx context.Context, q Question) (Decision, error) {
	who, roles, err := s.asked(ctx, q)
	if errors.Is(err, ErrUnknown) {
		return Decision{}, nil
	}
	if err != nil {
		return Decision{}, err
	}
	return s.decide(ctx, who, q, roles)
}

// asked finds who is asked about, and the roles that reach what it is about.
func (s *Service) asked(ctx context.Context, q Question) (*member, []Role, error) {
	if !slices.Contains(Purposes(), q.Purpose) {
		return nil, nil, ErrPurpose
	}
	who, err := s.member(ctx, q.Staff)
	if err != nil {
		return nil, nil, err
	}
	path := ""
	if q.About.Branch != "" {
		tree, err := s.tree(ctx)
		if err != nil {
			return nil, nil, err
		}
		b, found := tree[q.About.Branch]
		if !found {
			return nil, nil, ErrBranch
		}
		path = b.Path
	}
	return who, who.rolesAt(s.Days.Date(s.when(q)), path), nil
}

func (s *Service) when(q Question) time.Time {
	if q.At.IsZero() {
		return s.Clock.Now()
	}
	return q.At
}

// decide asks the policies, for somebody who has these roles.
func (s *Service) decide(ctx context.Context, who *member, q Question, roles []Role) (Decision, error) {
	set, known := s.policies.by[q.Permission]
	if who.state != Active || !known {
		return Decision{}, nil
	}
	request, things, err := s.request(ctx, who, q, roles)
	if err != nil {
		return Decision{}, err
	}
	answer, why := cedar.Authorize(set, things, request)
	if len(why.Errors) > 0 {
		return Decision{}, fmt.Errorf("policy %s: %s", why.Errors[0].PolicyID, why.Errors[0].Message)
	}
	d := Decision{Allowed: answer == cedar.Allow}
	for _, r := range why.Reasons {
		d.Reasons = append(d.Reasons, string(r.PolicyID))
	}
	slices.Sort(d.Reasons)
	return d, nil
}

// things are the two entities of a question.
type things struct{ staff, about cedar.Entity }

// Get implements cedar's EntityGetter.
func (t things) Get(uid cedar.EntityUID) (cedar.Entity, bool) {
	switch uid {
	case t.staff.UID:
		return t.staff, true
	case t.about.UID:
		return t.about, true
	}
	return cedar.Entity{}, false
}

// request writes a question in the words of the policies; policies/README.md lists them.
func (s *Service) request(ctx context.Context, who *member, q Question, roles []Role) (cedar.Request, things, error) {
	at := s.when(q)
	band, err := s.band(ctx, q.Amount, at)
	if err != nil {
		return cedar.Request{}, things{}, err
	}
	open, err := s.officeHours(ctx, at)
	if err != nil {
		return cedar.Request{}, things{}, err
	}
	same, err := s.samePerson(ctx, who, q.About.Requester)
	if err != nil {
		return cedar.Request{}, things{}, err
	}
	self, err := s.samePerson(ctx, who, q.About.Staff)
	if err != nil {
		return cedar.Request{}, things{}, err
	}
	parents := make([]cedar.EntityUID, len(roles))
	for i, r := range roles {
		parents[i] = cedar.NewEntityUID(typeRole, cedar.String(r))
	}
	staff := cedar.Entity{UID: cedar.NewEntityUID(typeStaff, cedar.String(who.id)), Parents: cedar.NewEntityUIDSet(parents...)}
	tie := who.tie(q.About.Customer)
	about := cedar.Entity{UID: cedar.NewEntityUID(typeThing, "it"), Attributes: cedar.NewRecord(cedar.RecordMap{
		"own":        cedar.Boolean(tie == TieSelf),
		"relative":   cedar.Boolean(tie == TieRelative),
		"self":       cedar.Boolean(self),
		"ownRequest": cedar.Boolean(same),
		"act":        cedar.String(q.About.Act),
	})}
	return cedar.Request{
		Principal: staff.UID, Action: cedar.NewEntityUID(typeAction, cedar.String(q.Permission)), Resource: about.UID,
		Context: cedar.NewRecord(cedar.RecordMap{
			"purpose": cedar.String(q.Purpose), "band": cedar.String(band), "officeHours": cedar.Boolean(open),
		}),
	}, things{staff, about}, nil
}

// The bands of amounts.
const (
	bandNone   = "none"
	bandSmall  = "small"
	bandMedium = "medium"
	bandLarge  = "large"
)

// band says how much an amount is for the bank.
func (s *Service) band(ctx context.Context, a money.Amount, at time.Time) (string, error) {
	if a.IsZero() {
		return bandNone, nil
	}
	for _, b := range []struct{ name, key string }{{bandLarge, "access.band.large_minor"}, {bandMedium, "access.band.medium_minor"}} {
		least, err := s.Rules.Amount(ctx, b.key, s.Days.Date(at))
		if err != nil {
			return "", fmt.Errorf("read rule %s: %w", b.key, err)
		}
		if a.Currency() != least.Currency() || a.Minor() >= least.Minor() {
			return b.name, nil // of another currency nobody knows how much it is, so it counts as much
		}
	}
	return bandSmall, nil
}

// officeHours says whether the bank's people are at work at an instant.
func (s *Service) officeHours(ctx context.Context, at time.Time) (bool, error) {
	on := s.Days.Date(at)
	opens, err := s.Rules.Duration(ctx, "access.office.opens_minutes", on)
	if err != nil {
		return false, fmt.Errorf("read office hours: %w", err)
	}
	closes, err := s.Rules.Duration(ctx, "access.office.closes_minutes", on)
	if err != nil {
		return false, fmt.Errorf("read office hours: %w", err)
	}
	local := at.In(s.Days.Zone())
	since := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	return since >= opens && since < closes, nil
}

// samePerson reports whether two accounts are one person's: the same account, or the same ID number.
func (s *Service) samePerson(ctx context.Context, who *member, other id.Staff) (bool, error) {
	if other == "" || other == who.id {
		return other == who.id, nil
	}
	x, err := s.member(ctx, other)
	if errors.Is(err, ErrUnknown) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return x.person != "" && x.person == who.person, nil
}
