package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) approvalRoutes() {
	r, all := h.router, access.Purposes()
	api.Add(r, api.Get("/approvals", "approvals", "listApprovals", "Requests that wait for me", may(approval.ActionView, all...)), h.approvals)
	api.Add(r, api.Get("/approvals/mine", "approvals", "listMyApprovals", "What I asked for", may(approval.ActionView, all...)), h.myApprovals)
	api.Add(r, api.Get("/approvals/{id}", "approvals", "findApproval", "One request, before and after", may(approval.ActionView, all...)), h.approval)
	api.Add(r, api.Post("/approvals/{id}/decision", "approvals", "decideApproval", "Agree or refuse; the last one who agrees has it done", may(access.ActionApprove, all...)), h.decideApproval)
	api.Add(r, api.Post("/approvals/{id}/withdraw", "approvals", "withdrawApproval", "Take a request of mine back", may(approval.ActionView, all...)), h.withdrawApproval)
	file := api.Get("/approvals/{id}/file", "approvals", "approvalFile", "The copy of personal data that a request of mine made", api.Slowly(may(customer.ActionExport, access.Complying)))
	file.Produces = zipType
	api.Add(r, file, h.approvalFile)
	h.delegationRoutes()
}

func (h *handlers) approvals(ctx context.Context, in *api.Paging) (*api.Answer[api.Page[approvalRequest]], error) {
	after, err := api.Cursor[id.Approval](in.Cursor)
	if err != nil {
		return nil, err
	}
	all, more, err := h.Approvals.Todo(ctx, api.By(ctx), after, in.Limit)
	return api.With(api.PageOf(api.List(all, h.newApproval(ctx)), string(more)), err)
}

func (h *handlers) myApprovals(ctx context.Context, in *api.Paging) (*api.Answer[api.Page[approvalRequest]], error) {
	before, err := api.Cursor[id.Approval](in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Approvals.Mine(ctx, api.By(ctx), before, in.Limit)
	cursor := next(all, in.Limit, func(r approval.Request) string { return string(r.ID) })
	return api.With(api.PageOf(api.List(all, h.newApproval(ctx)), cursor), err)
}

func (h *handlers) approval(ctx context.Context, in *api.OfID) (*api.Answer[approvalRequest], error) {
	which, err := api.ParseID[id.Approval](in.ID, "id")
	if err != nil {
		return nil, err
	}
	r, err := h.Approvals.Find(ctx, api.By(ctx), which, false)
	return api.With(h.newApproval(ctx)(r), err)
}

func (h *handlers) decideApproval(ctx context.Context, in *api.OfIDWith[approvalDecision]) (*api.Answer[approvalRequest], error) {
	which, err := api.ParseID[id.Approval](in.ID, "id")
	if err != nil {
		return nil, err
	}
	d := approval.Decision{Request: which, Agree: in.Body.Agree, Reason: in.Body.Reason, Hash: in.Body.Hash, Step: in.Body.Step}
	r, err := h.Approvals.Decide(ctx, api.By(ctx).Because(in.Body.Reason), d)
	return api.With(h.newApproval(ctx)(r), err)
}

func (h *handlers) withdrawApproval(ctx context.Context, in *api.OfID) (*api.Answer[approvalRequest], error) {
	which, err := api.ParseID[id.Approval](in.ID, "id")
	if err != nil {
		return nil, err
	}
	r, err := h.Approvals.Withdraw(ctx, api.By(ctx), which)
	return api.With(h.newApproval(ctx)(r), err)
}

// approvalFile hands out the copy that an approved export made, to who asked for it and to nobody else.
func (h *handlers) approvalFile(ctx context.Context, in *api.OfID) (*fileOut, error) {
	which, err := api.ParseID[id.Approval](in.ID, "id")
	if err != nil {
		return nil, err
	}
	r, err := h.Approvals.Find(ctx, api.By(ctx), which, false)
	if err != nil {
		return nil, err
	}
	if r.Kind != customer.ApprovalExport || r.State != approval.Executed || r.Requester != self(ctx) {
		return nil, approval.ErrNotFound
	}
	if err := h.check(ctx, customer.ActionExport, access.Subject{Customer: r.Customer, Branch: r.Branch}); err != nil {
		return nil, err
	}
	by := api.By(ctx).Because(r.Reason)
	by.OnBehalfOf = r.Customer
	content, err := h.Customers.BankCopyFile(ctx, by, r.Customer, r.Result)
	return attached(zipType, "copy.zip", content, err)
}

type approvalDecision struct {
	Agree  bool   `json:"agree"`
	Hash   string `json:"hash" minLength:"1" maxLength:"128" doc:"Of the request as it was shown: nobody agrees to something else"`
	Step   int    `json:"step" minimum:"0" maximum:"20" doc:"Likewise"`
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"Needed to refuse"`
}

type approvalRequest struct {
	ID        string           `json:"id"`
	Kind      string           `json:"kind" example:"payment.reverse"`
	Subject   string           `json:"subject"`
	Customer  string           `json:"customer,omitempty"`
	Branch    string           `json:"branch"`
	Requester string           `json:"requester"`
	Reason    string           `json:"reason"`
	State     string           `json:"state"`
	Why       *word            `json:"why,omitempty" doc:"Why it was overtaken or failed"`
	Step      int              `json:"step" doc:"Steps decided so far"`
	Steps     []approvalStep   `json:"steps"`
	Hash      string           `json:"hash" doc:"To send along with a decision"`
	Fields    []approvalField  `json:"fields" doc:"Before and after"`
	MadeAt    instant          `json:"madeAt"`
	ExpiresAt *instant         `json:"expiresAt,omitempty"`
	EndedAt   *instant         `json:"endedAt,omitempty"`
	Decisions []approvalTaken  `json:"decisions" doc:"Those taken so far, when the request is looked at alone"`
	Effects   []approvalEffect `json:"effects" doc:"What the change would have done last month, when its kind foresees that"`
	File      bool             `json:"file" doc:"What it made is a file that whoever asked may fetch"`
}

type approvalTaken struct {
	Step      int     `json:"step"`
	Staff     string  `json:"staff"`
	InPlaceOf string  `json:"inPlaceOf,omitempty" doc:"Who was away"`
	Agree     bool    `json:"agree"`
	Reason    string  `json:"reason,omitempty"`
	At        instant `json:"at"`
}

type approvalEffect struct {
	Name   word   `json:"name"`
	Of     int64  `json:"of" doc:"How many there were"`
	Count  int64  `json:"count" doc:"How many would have been otherwise"`
	Amount string `json:"amount,omitempty"`
}

type approvalStep struct {
	Roles []string `json:"roles" doc:"Any of them may decide"`
}

type approvalField struct {
	Name   word   `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func (h *handlers) newApproval(ctx context.Context) func(approval.Request) approvalRequest {
	return func(r approval.Request) approvalRequest {
		out := approvalRequest{
			ID: string(r.ID), Kind: r.Kind, Subject: r.Subject, Customer: string(r.Customer), Branch: r.Branch, Requester: string(r.Requester),
			Reason: r.Reason, State: string(r.State), Step: r.Step, Hash: r.Hash, MadeAt: r.MadeAt.UTC(), ExpiresAt: api.Instant(r.ExpiresAt),
			EndedAt: api.Instant(r.EndedAt),
			Steps:   api.List(r.Steps, func(s approval.Step) approvalStep { return approvalStep(s) }),
			Fields:  api.List(r.Fields, func(f approval.Field) approvalField { return approvalField{h.word(ctx, f.Name), f.Before, f.After} }),
		}
		out.Decisions = api.List(r.Taken, func(t approval.Taken) approvalTaken {
			return approvalTaken{t.Step, string(t.Staff), string(t.InPlaceOf), t.Agree, t.Reason, t.At.UTC()}
		})
		out.Effects = api.List(r.Effects, func(e approval.Effect) approvalEffect {
			return approvalEffect{h.word(ctx, e.Name), e.Of, e.Count, e.Amount}
		})
		out.File = r.Kind == customer.ApprovalExport && r.State == approval.Executed && r.Requester == self(ctx)
		if r.Code != "" {
			w := h.word(ctx, r.Code)
			out.Why = &w
		}
		return out
	}
}
