package access

import (
	"context"
	"fmt"

	"github.com/cedar-policy/cedar-go"
)

// Explanation says why a question is answered as it is.
type Explanation struct {
	Decision
	State      State     // of who is asked about
	Roles      []Role    // that reach what the question is about
	Considered []Weighed // every policy that speaks of the permission
}

// Weighed is a policy and whether it applies to a question.
type Weighed struct {
	Policy
	Applies bool
}

// Explain answers a question as Decide does, and shows every policy that had a say: "may X do Y to Z, and why?".
// Errors: ErrUnknown, ErrBranch, ErrPurpose.
func (s *Service) Explain(ctx context.Context, q Question) (Explanation, error) {
	who, roles, err := s.asked(ctx, q)
	if err != nil {
		return Explanation{}, err
	}
	d, err := s.decide(ctx, who, q, roles)
	if err != nil {
		return Explanation{}, err
	}
	out := Explanation{Decision: d, State: who.state, Roles: roles}
	set, known := s.policies.by[q.Permission]
	if !known {
		return out, nil
	}
	request, things, err := s.request(ctx, who, q, roles)
	if err != nil {
		return Explanation{}, err
	}
	for name, rule := range set.All() {
		_, why := cedar.Authorize(cedar.PolicyMap{name: rule}, things, request)
		if len(why.Errors) > 0 {
			return Explanation{}, fmt.Errorf("policy %s: %s", name, why.Errors[0].Message)
		}
		out.Considered = append(out.Considered, Weighed{*s.policies.byName[string(name)], len(why.Reasons) > 0})
	}
	return out, nil
}
