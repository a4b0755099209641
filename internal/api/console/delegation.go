package console

import (
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// delegationRoutes are who decides while somebody is away, and what needs whose approval.
func (h *handlers) delegationRoutes() {
	r, all := h.router, access.Purposes()
	delegate := may(approval.ActionDelegate, all...)
	api.Add(r, api.Post("/approvals/decisions", "approvals", "decideApprovals", "Decide several requests, each for itself", may(access.ActionApprove, all...)), h.decideApprovals)
	api.Add(r, api.Get("/approvals/delegations", "approvals", "listDelegations", "Who decides in my place, and in whose place I do", delegate), h.delegations)
	api.Add(r, api.Created(api.Post("/approvals/delegations", "approvals", "delegate", "Let a deputy decide while I am away", delegate)), h.delegate)
	api.Add(r, api.Post("/approvals/delegations/{id}/end", "approvals", "endDelegation", "I am back: end a delegation of mine", delegate), h.endDelegation)
	api.Add(r, api.Get("/approvals/deputies", "approvals", "listDeputies", "Colleagues who could decide in my place", delegate), h.deputies)
	read := mayBank(approval.ActionPolicies, access.Administration, access.Complying, access.Inspecting)
	api.Add(r, api.Get("/approvals/policies", "approvals", "listApprovalPolicies", "Which acts need whose approval, by amount and role", read), h.approvalPolicies)
	change := mayBank(approval.ActionChangePolicy, access.Administration, access.Complying)
	api.Add(r, api.Created(api.Post("/approvals/policies", "approvals", "proposeApprovalPolicy", "Ask for another policy of an act", once(change))), h.proposeApprovalPolicy)
}

func (h *handlers) decideApprovals(ctx context.Context, in *api.Body[manyDecisions]) (*api.Answer[decidedMany], error) {
	all := make([]approval.Decision, len(in.Body.Requests))
	for i, r := range in.Body.Requests {
		which, err := api.ParseID[id.Approval](r.ID, "/requests")
		if err != nil {
			return nil, err
		}
		all[i] = approval.Decision{Request: which, Agree: in.Body.Agree, Reason: in.Body.Reason, Hash: r.Hash, Step: r.Step}
	}
	outcomes, err := h.Approvals.DecideMany(ctx, api.By(ctx).Because(in.Body.Reason), all)
	if err != nil {
		return nil, err
	}
	out := decidedMany{Outcomes: make([]decidedOne, len(outcomes))}
	for i, o := range outcomes {
		out.Outcomes[i] = decidedOne{ID: in.Body.Requests[i].ID, State: string(o.Request.State)}
		code := o.Request.Code
		if o.Err != nil {
			if code = fault.CodeOf(o.Err); fault.KindOf(o.Err) == fault.Internal {
				return nil, o.Err // told once, at the edge; what was decided before it stands
			}
		}
		if code != "" {
			w := h.word(ctx, code)
			out.Outcomes[i].Why = &w
		}
	}
	return api.With(out, nil)
}

func (h *handlers) delegations(ctx context.Context, _ *api.None) (*api.Answer[delegationList], error) {
	all, err := h.Approvals.Delegations(ctx, api.By(ctx))
	return api.With(delegationList{api.List(all, newDelegation)}, err)
}

func (h *handlers) delegate(ctx context.Context, in *api.Body[delegationIn]) (*api.Answer[delegation], error) {
	deputy, err := api.ParseID[id.Staff](in.Body.Deputy, "/deputy")
	if err != nil {
		return nil, err
	}
	first, err := api.ParseDate(in.Body.First, "/first")
	if err != nil {
		return nil, err
	}
	last, err := api.ParseDate(in.Body.Last, "/last")
	if err != nil {
		return nil, err
	}
	d, err := h.Approvals.Delegate(ctx, api.By(ctx), deputy, first, last)
	return api.With(newDelegation(d), err)
}

func (h *handlers) endDelegation(ctx context.Context, in *api.OfID) (*api.None, error) {
	which, err := api.ParseID[id.Delegation](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return api.Done(h.Approvals.Return(ctx, api.By(ctx), which))
}

// deputies are active colleagues within reach who decide about something; access has no list by role, so the caller's part
// of the bank is read by pages.
func (h *handlers) deputies(ctx context.Context, in *staffQuery) (*api.Answer[api.Page[deputy]], error) {
	after, err := api.Cursor[id.Staff](in.Cursor)
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, approval.ActionDelegate, in.Branch)
	if err != nil {
		return nil, err
	}
	all, err := h.Access.List(ctx, scope, after, in.Limit)
	if err != nil {
		return nil, err
	}
	cursor := next(all, in.Limit, func(x access.Staff) string { return string(x.ID) })
	all = slices.DeleteFunc(all, func(x access.Staff) bool { return x.State != access.Active || x.ID == self(ctx) || len(x.Roles) == 0 })
	return api.With(api.PageOf(api.List(all, newDeputy), cursor), nil)
}

func (h *handlers) approvalPolicies(ctx context.Context, _ *api.None) (*api.Answer[kindPolicies], error) {
	all, err := h.Approvals.Policies(ctx)
	return api.With(kindPolicies{api.List(all, h.newKindPolicy(ctx))}, err)
}

func (h *handlers) proposeApprovalPolicy(ctx context.Context, in *api.Body[policyProposal]) (*api.Answer[request], error) {
	p := approval.Policy{Kind: in.Body.Kind, Bands: make([]approval.Band, len(in.Body.Bands))}
	for i, b := range in.Body.Bands {
		p.Bands[i] = approval.Band{FromMinor: b.FromMinor, Roles: b.Roles, Steps: api.List(b.Steps, func(s approvalStep) approval.Step { return approval.Step(s) })}
	}
	return h.ask(ctx, approval.KindPolicy, in.Body.Reason, p)
}

type manyDecisions struct {
	Agree    bool          `json:"agree"`
	Reason   string        `json:"reason,omitempty" maxLength:"200" doc:"Needed to refuse"`
	Requests []seenRequest `json:"requests" minItems:"1" maxItems:"100"`
}

type seenRequest struct {
	ID   string `json:"id" maxLength:"64"`
	Hash string `json:"hash" minLength:"1" maxLength:"128"`
	Step int    `json:"step" minimum:"0" maximum:"20"`
}

type decidedMany struct {
	Outcomes []decidedOne `json:"outcomes" doc:"In the order of the requests"`
}

type decidedOne struct {
	ID    string `json:"id"`
	State string `json:"state,omitempty" doc:"Of the request; missing when the decision was not taken"`
	Why   *word  `json:"why,omitempty" doc:"Why it was not taken, or why the act could not be done any more"`
}

type delegationIn struct {
	Deputy string `json:"deputy" maxLength:"64"`
	First  string `json:"first" format:"date"`
	Last   string `json:"last" format:"date"`
}

type delegationList struct {
	Delegations []delegation `json:"delegations"`
}

type delegation struct {
	ID      string   `json:"id"`
	Absent  string   `json:"absent"`
	Deputy  string   `json:"deputy"`
	First   string   `json:"first"`
	Last    string   `json:"last"`
	EndedAt *instant `json:"endedAt,omitempty" doc:"Before its last day"`
}

func newDelegation(d approval.Delegation) delegation {
	return delegation{string(d.ID), string(d.Absent), string(d.Deputy), d.FirstDay.String(), d.LastDay.String(), api.Instant(d.EndedAt)}
}

type deputy struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Branch string   `json:"branch"`
	Roles  []string `json:"roles"`
}

func newDeputy(x access.Staff) deputy {
	return deputy{string(x.ID), x.Name, x.Branch, api.List(x.Roles, func(a access.Assignment) string { return string(a.Role) })}
}

type kindPolicies struct {
	Policies []kindPolicy `json:"policies"`
}

type kindPolicy struct {
	Kind   string       `json:"kind"`
	Name   word         `json:"name"`
	Number int          `json:"number" doc:"0 for the one that came with the program"`
	Least  int          `json:"least" doc:"Steps that no policy may go below"`
	Bands  []policyBand `json:"bands"`
}

type policyBand struct {
	FromMinor int64          `json:"fromMinor" minimum:"0" doc:"From this amount of CNY on, in minor units"`
	Roles     []string       `json:"roles,omitempty" maxItems:"20" doc:"Of who asks; everybody when missing"`
	Steps     []approvalStep `json:"steps" maxItems:"5" doc:"None: done at once"`
}

type policyProposal struct {
	Kind   string       `json:"kind" maxLength:"64"`
	Bands  []policyBand `json:"bands" minItems:"1" maxItems:"20"`
	Reason string       `json:"reason" minLength:"2" maxLength:"200"`
}

func (h *handlers) newKindPolicy(ctx context.Context) func(approval.PolicyInForce) kindPolicy {
	return func(p approval.PolicyInForce) kindPolicy {
		bands := api.List(p.Bands, func(b approval.Band) policyBand {
			return policyBand{b.FromMinor, b.Roles, api.List(b.Steps, func(s approval.Step) approvalStep { return approvalStep(s) })}
		})
		return kindPolicy{p.Kind, h.word(ctx, "approval.kind."+p.Kind), p.Number, p.Least, bands}
	}
}
