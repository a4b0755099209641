package approval

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ErrPolicy refuses a policy without bands, with bands out of order, with a step that nobody could decide, or with fewer
// steps than the kind must have.
var ErrPolicy = fault.New(fault.Invalid, "approval.bad_policy")

const (
	bandsMax = 20 // of a policy
	stepsMax = 5  // of a band
	rolesMax = 20 // of a step
)

// Policy says which steps the requests of a kind need.
type Policy struct {
	Kind  string `json:"kind"`
	Bands []Band `json:"bands"`
}

// Band is what holds from an amount on, for requesters in some roles.
type Band struct {
	FromMinor int64    `json:"fromMinor"`       // of an amount in CNY; acts without an amount count as 0
	Roles     []string `json:"roles,omitempty"` // of who asks; everybody when empty
	Steps     []Step   `json:"steps"`           // none: done at once
}

// Step is one decision that a request needs.
type Step struct {
	Roles []string `json:"roles"` // any of them may decide
}

// One is the policy of a single step, whatever the amount and whoever asks.
func One(roles ...string) Policy {
	return Policy{Bands: []Band{{Steps: []Step{{Roles: roles}}}}}
}

// From adds what holds from an amount of CNY on, in minor units.
func (p Policy) From(minor int64, steps ...Step) Policy {
	p.Bands = append(slices.Clone(p.Bands), Band{FromMinor: minor, Steps: steps})
	return p
}

// By is a step that one of the roles decides.
func By(roles ...string) Step { return Step{Roles: roles} }

func (p Policy) check(least int) error {
	if len(p.Bands) == 0 || len(p.Bands) > bandsMax {
		return ErrPolicy.At("/bands")
	}
	forAll := false
	for i, b := range p.Bands {
		at := "/bands/" + strconv.Itoa(i)
		if b.FromMinor < 0 || len(b.Steps) < least || len(b.Steps) > stepsMax || len(b.Roles) > rolesMax {
			return ErrPolicy.At(at)
		}
		forAll = forAll || (b.FromMinor == 0 && len(b.Roles) == 0)
		for _, step := range b.Steps {
			if len(step.Roles) == 0 || len(step.Roles) > rolesMax || slices.Contains(step.Roles, "") {
				return ErrPolicy.At(at + "/steps")
			}
		}
	}
	if !forAll { // else somebody, or some amount, would have no band
		return ErrPolicy.At("/bands")
	}
	return nil
}

// steps are what a request needs. Of the bands that fit, the one with the most steps counts, and of those the one from the
// highest amount. An amount in another currency is not converted: it counts as the highest.
func (p Policy) steps(amount money.Amount, roles []string) []Step {
	var best *Band
	for i := range p.Bands {
		b := &p.Bands[i]
		foreign := !amount.Currency().IsZero() && amount.Currency() != money.CNY
		if !foreign && b.FromMinor > amount.Minor() {
			continue
		}
		if len(b.Roles) > 0 && !slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(b.Roles, r) }) {
			continue
		}
		if best == nil || len(b.Steps) > len(best.Steps) || (len(b.Steps) == len(best.Steps) && b.FromMinor >= best.FromMinor) {
			best = b
		}
	}
	return best.Steps // check has made sure that one fits
}

// String writes a policy in one line for a form: from 0: operations; from 5000000: operations, then risk_officer.
func (p Policy) String() string {
	bands := make([]string, len(p.Bands))
	for i, b := range p.Bands {
		steps := make([]string, len(b.Steps))
		for n, step := range b.Steps {
			steps[n] = strings.Join(step.Roles, "|")
		}
		who := ""
		if len(b.Roles) > 0 {
			who = " (" + strings.Join(b.Roles, "|") + ")"
		}
		bands[i] = fmt.Sprintf("%d%s: %s", b.FromMinor, who, strings.Join(steps, " > "))
	}
	return strings.Join(bands, "; ")
}

// PolicyInForce is a kind's policy, with its number: 0 for the one that came with the program.
type PolicyInForce struct {
	Policy
	Number int
	Least  int
}

// Policies are the policies of all kinds, by name.
func (s *Service) Policies(ctx context.Context) ([]PolicyInForce, error) {
	var all []PolicyInForce
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		kept, err := latestPolicies(ctx, tx)
		if err != nil {
			return err
		}
		all = make([]PolicyInForce, 0, len(s.kinds))
		for name, k := range s.kinds {
			p := PolicyInForce{Policy: k.Policy, Least: k.Least}
			if newer, found := kept[name]; found {
				p.Policy, p.Number = newer.Policy, newer.Number
			}
			all = append(all, p)
		}
		slices.SortFunc(all, func(a, b PolicyInForce) int { return strings.Compare(a.Kind, b.Kind) })
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list approval policies: %w", err)
	}
	return all, nil
}

func (s *Service) policy(ctx context.Context, tx *db.Tx, k Kind) (PolicyInForce, error) {
	p, found, err := latestPolicy(ctx, tx, k.Name)
	if err != nil {
		return PolicyInForce{}, fmt.Errorf("read policy of %s: %w", k.Name, err)
	}
	if !found {
		p = PolicyInForce{Policy: k.Policy}
	}
	p.Least = k.Least
	return p, nil
}

// policyKind puts the policies themselves under four eyes.
func (s *Service) policyKind() Kind {
	return Of(KindPolicy, 1, One("administrator", "compliance_officer"), Executor[Policy]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, p Policy) (Change, error) {
			k, known := s.kinds[p.Kind]
			if !known {
				return Change{}, ErrKind.At("/kind")
			}
			if err := p.check(k.Least); err != nil {
				return Change{}, err
			}
			now, err := s.policy(ctx, tx, k)
			return Change{
				Subject: p.Kind, State: now.Number,
				Fields: []Field{{Name: "approval.field.policy", Before: now.String(), After: p.String()}},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, p Policy) (string, error) {
			if err := act.Approved(g, KindPolicy, p); err != nil {
				return "", err
			}
			now, err := s.policy(ctx, tx, s.kinds[p.Kind])
			if err != nil {
				return "", err
			}
			return p.Kind, insertPolicy(ctx, tx, p, now.Number+1, by.Actor, g.Request())
		},
	})
}
