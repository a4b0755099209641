package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) policyRoutes() {
	r, all := h.router, []access.Purpose{access.Administration, access.Complying, access.Inspecting}
	api.Add(r, api.Get("/policies", "policies", "listPolicies", "All policies as they stand", mayBank(access.ActionPolicies, all...)), h.policies)
	api.Add(r, api.Post("/policies/try", "policies", "tryPolicies", "May X do Y to Z, and why?", mayBank(access.ActionTry, all...)), h.tryPolicies)
}

func (h *handlers) policies(context.Context, *api.None) (*api.Answer[policyList], error) {
	out := policyList{Policies: api.List(h.Access.Policies(), newPolicy)}
	for _, p := range h.Access.Permissions() {
		out.Permissions = append(out.Permissions, string(p))
	}
	for _, p := range access.Purposes() {
		out.Purposes = append(out.Purposes, string(p))
	}
	for _, r := range access.Roles() {
		out.Roles = append(out.Roles, string(r))
	}
	return api.With(out, nil)
}

func (h *handlers) tryPolicies(ctx context.Context, in *api.Body[question]) (*api.Answer[explanation], error) {
	q, err := in.Body.question()
	if err != nil {
		return nil, err
	}
	e, err := h.Access.Explain(ctx, q)
	if err != nil {
		return nil, err
	}
	out := explanation{Allowed: e.Allowed, Reasons: append([]string{}, e.Reasons...), State: string(e.State)}
	for _, role := range e.Roles {
		out.Roles = append(out.Roles, string(role))
	}
	for _, w := range e.Considered {
		out.Considered = append(out.Considered, weighed{newPolicy(w.Policy), w.Applies})
	}
	return api.With(out, nil)
}

type policyList struct {
	Policies    []policy `json:"policies"`
	Permissions []string `json:"permissions"`
	Purposes    []string `json:"purposes"`
	Roles       []string `json:"roles"`
}

type policy struct {
	ID      string `json:"id" example:"teller.serve"`
	File    string `json:"file"`
	Forbids bool   `json:"forbids"`
	Text    string `json:"text" doc:"In the Cedar language, with its comment"`
}

func newPolicy(p access.Policy) policy { return policy{p.ID, p.File, p.Forbids, p.Text} }

type question struct {
	Staff      string     `json:"staff" maxLength:"64"`
	Permission string     `json:"permission" maxLength:"64" example:"customer.view"`
	Purpose    string     `json:"purpose" maxLength:"32" example:"service"`
	Branch     string     `json:"branch,omitempty" maxLength:"6"`
	Customer   string     `json:"customer,omitempty" maxLength:"64"`
	Requester  string     `json:"requester,omitempty" maxLength:"64" doc:"Who asked for what is to be decided"`
	Act        string     `json:"act,omitempty" maxLength:"64" doc:"Of which kind that request is"`
	Amount     *api.Money `json:"amount,omitempty"`
	At         *instant   `json:"at,omitempty" doc:"Now when it is missing"`
}

func (q question) question() (access.Question, error) {
	who, err := api.ParseID[id.Staff](q.Staff, "/staff")
	if err != nil {
		return access.Question{}, err
	}
	out := access.Question{
		Staff: who, Permission: access.Permission(q.Permission), Purpose: access.Purpose(q.Purpose),
		About: access.Subject{Branch: q.Branch, Customer: id.Customer(q.Customer), Requester: id.Staff(q.Requester), Act: q.Act},
	}
	if q.Amount != nil {
		var a money.Amount
		if a, err = q.Amount.Parse("/amount"); err != nil {
			return access.Question{}, err
		}
		out.Amount = a
	}
	if q.At != nil {
		out.At = *q.At
	}
	return out, nil
}

type explanation struct {
	Allowed    bool      `json:"allowed"`
	Reasons    []string  `json:"reasons" doc:"Ids of the policies that decided; none: nothing permits it"`
	State      string    `json:"state" doc:"Of the member of staff: only who is active may do anything"`
	Roles      []string  `json:"roles" doc:"That reach what the question is about"`
	Considered []weighed `json:"considered" doc:"Every policy that speaks of the permission"`
}

type weighed struct {
	Policy  policy `json:"policy"`
	Applies bool   `json:"applies"`
}
