package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) staffRoutes() {
	r, on := h.router, access.Administration
	list := may(access.ActionListStaff, on, access.Complying, access.Inspecting)
	api.Add(r, api.Get("/staff", "staff", "listStaff", "Who works here", list), h.staff)
	api.Add(r, api.Get("/staff/{id}", "staff", "findStaff", "One member of staff, with roles", list), h.oneStaff)
	api.Add(r, api.Created(api.Post("/staff", "staff", "inviteStaff", "Invite somebody", api.Slowly(may(access.ActionInvite, on)))), h.invite)
	api.Add(r, api.Post("/staff/{id}/suspend", "staff", "suspendStaff", "Keep somebody out for a while", may(access.ActionSuspend, on)), h.suspend)
	api.Add(r, api.Post("/staff/{id}/resume", "staff", "resumeStaff", "Let somebody in again", may(access.ActionSuspend, on)), h.resume)
	api.Add(r, api.Post("/staff/{id}/dismiss", "staff", "dismissStaff", "Somebody leaves: out at once, for good", may(access.ActionDismiss, on)), h.dismiss)
	api.Add(r, api.Created(api.Post("/staff/{id}/roles", "staff", "requestRole", "Ask for a role to be given", once(may(access.ActionAssign, on)))), h.requestRole)
	api.Add(r, api.Created(api.Post("/staff/{id}/roles/end", "staff", "requestRoleEnd", "Ask for a role to be taken back", once(may(access.ActionAssign, on)))), h.requestRoleEnd)
	api.Add(r, api.Created(api.Post("/staff/{id}/reset", "staff", "requestStaffReset", "Ask for new factors of somebody who lost his", once(may(access.ActionReset, on)))), h.requestReset)
	api.Add(r, api.Post("/staff/{id}/ties", "staff", "tieStaff", "Name a customer whom somebody may not serve", may(access.ActionTie, on)), h.tie)
	api.Add(r, api.Get("/staff/{id}/looks", "staff", "listLooks", "Masked fields that somebody revealed", may(access.ActionListAlerts, access.Complying, access.Inspecting)), h.looks)
}

func (h *handlers) staff(ctx context.Context, in *staffQuery) (*api.Answer[api.Page[staff]], error) {
	after, err := api.Cursor[id.Staff](in.Cursor)
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, access.ActionListStaff, in.Branch)
	if err != nil {
		return nil, err
	}
	all, err := h.Access.List(ctx, scope, after, in.Limit)
	return api.With(api.PageOf(api.List(all, newStaff), next(all, in.Limit, func(x access.Staff) string { return string(x.ID) })), err)
}

func (h *handlers) oneStaff(ctx context.Context, in *api.OfID) (*api.Answer[staff], error) {
	x, err := h.colleague(ctx, access.ActionListStaff, in.ID)
	return api.With(newStaff(x), err)
}

// colleague finds a member of staff within what the caller reaches, and asks whether he may do this with him.
func (h *handlers) colleague(ctx context.Context, p access.Permission, who string) (access.Staff, error) {
	member, err := api.ParseID[id.Staff](who, "id")
	if err != nil {
		return access.Staff{}, err
	}
	scope, err := h.scope(ctx, p, "")
	if err != nil {
		return access.Staff{}, err
	}
	x, err := h.Access.Find(ctx, scope, member)
	if err != nil {
		return access.Staff{}, err
	}
	return x, h.check(ctx, p, access.Subject{Staff: x.ID, Branch: x.Branch})
}

func (h *handlers) invite(ctx context.Context, in *api.Body[newStaffMember]) (*api.Answer[invitedStaff], error) {
	mail, err := auth.ParseEmail(in.Body.Mail)
	if err != nil {
		return nil, err
	}
	if err := h.check(ctx, access.ActionInvite, access.Subject{Branch: in.Body.Branch}); err != nil {
		return nil, err
	}
	hired, err := h.Access.Invite(ctx, api.By(ctx), access.NewStaff{Name: in.Body.Name, Mail: mail, IDNumber: in.Body.IDNumber, Branch: in.Body.Branch})
	return api.With(invitedStaff{newStaff(hired.Staff), hired.Sent, hired.Invitation.ExpiresAt.UTC()}, err)
}

func (h *handlers) suspend(ctx context.Context, in *api.OfIDWith[because]) (*api.None, error) {
	x, err := h.colleague(ctx, access.ActionSuspend, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Done(h.Access.Suspend(ctx, api.By(ctx).Because(in.Body.Reason), x.ID))
}

func (h *handlers) resume(ctx context.Context, in *api.OfIDWith[because]) (*api.None, error) {
	x, err := h.colleague(ctx, access.ActionSuspend, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Done(h.Access.Resume(ctx, api.By(ctx).Because(in.Body.Reason), x.ID))
}

func (h *handlers) dismiss(ctx context.Context, in *api.OfIDWith[because]) (*api.None, error) {
	x, err := h.colleague(ctx, access.ActionDismiss, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Done(h.Access.Dismiss(ctx, api.By(ctx).Because(in.Body.Reason), x.ID))
}

func (h *handlers) requestRole(ctx context.Context, in *api.OfIDWith[roleRequest]) (*api.Answer[request], error) {
	x, err := h.colleague(ctx, access.ActionAssign, in.ID)
	if err != nil {
		return nil, err
	}
	if err := h.check(ctx, access.ActionAssign, access.Subject{Staff: x.ID, Branch: in.Body.Branch}); err != nil {
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
	c := access.RoleChange{Staff: x.ID, Role: access.Role(in.Body.Role), Branch: in.Body.Branch, First: first, Last: last}
	return h.ask(ctx, string(access.ActionAssign), in.Body.Reason, c)
}

func (h *handlers) requestRoleEnd(ctx context.Context, in *api.OfIDWith[roleEnd]) (*api.Answer[request], error) {
	x, err := h.colleague(ctx, access.ActionAssign, in.ID)
	if err != nil {
		return nil, err
	}
	which, err := api.ParseID[id.Assignment](in.Body.Assignment, "/assignment")
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, string(access.ActionAssign), in.Body.Reason, access.RoleChange{Staff: x.ID, Ends: which})
}

func (h *handlers) requestReset(ctx context.Context, in *api.OfIDWith[because]) (*api.Answer[request], error) {
	x, err := h.colleague(ctx, access.ActionReset, in.ID)
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, string(access.ActionReset), in.Body.Reason, access.NewFactors{Staff: x.ID})
}

// ask puts an act before those who must agree to it.
func (h *handlers) ask(ctx context.Context, kind, reason string, change any) (*api.Answer[request], error) {
	r, err := h.Approvals.Submit(ctx, api.By(ctx).Because(reason), approval.Proposal{Kind: kind, Params: change, Key: api.CallOf(ctx).Key})
	return api.With(request{string(r.ID), string(r.State), r.Result, api.Instant(r.ExpiresAt)}, err)
}

func (h *handlers) tie(ctx context.Context, in *api.OfIDWith[tie]) (*api.None, error) {
	x, err := h.colleague(ctx, access.ActionTie, in.ID)
	if err != nil {
		return nil, err
	}
	who, err := api.ParseID[id.Customer](in.Body.Customer, "/customer")
	if err != nil {
		return nil, err
	}
	return api.Done(h.Access.Tie(ctx, api.By(ctx), x.ID, access.Tie{Customer: who, Kind: access.TieKind(in.Body.Kind)}))
}

func (h *handlers) looks(ctx context.Context, in *ofStaff) (*api.Answer[api.Page[look]], error) {
	x, err := h.colleague(ctx, access.ActionListAlerts, in.ID)
	if err != nil {
		return nil, err
	}
	before, err := api.Cursor[id.Look](in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Access.Looks(ctx, x.ID, before, in.Limit)
	return api.With(api.PageOf(api.List(all, newLook), next(all, in.Limit, func(l access.Seen) string { return string(l.ID) })), err)
}

type staffQuery struct {
	api.Paging
	InBranch
}

type ofStaff struct {
	api.OfID
	api.Paging
}

type because struct {
	Reason string `json:"reason" minLength:"2" maxLength:"200" doc:"Why; it is kept"`
}

type newStaffMember struct {
	Name     string `json:"name" minLength:"1" maxLength:"60"`
	Mail     string `json:"mail" minLength:"3" maxLength:"254" doc:"Where the invitation goes, and the name to sign in by"`
	IDNumber string `json:"idNumber,omitempty" maxLength:"18" doc:"Of the person: two accounts of one person do not agree with each other"`
	Branch   string `json:"branch" pattern:"^[0-9]{4,6}$"`
}

type invitedStaff struct {
	Staff     staff   `json:"staff"`
	Sent      bool    `json:"sent" doc:"The invitation went out by mail. If not, the bank sends no mail: tongbao staff create prints links"`
	ExpiresAt instant `json:"expiresAt" doc:"Of the invitation"`
}

type roleRequest struct {
	Role   string `json:"role" enum:"administrator,teller,service_agent,operations,credit_officer,risk_officer,compliance_officer,product_manager,marketing,auditor,inspector"`
	Branch string `json:"branch" pattern:"^[0-9]{4,6}$"`
	First  string `json:"first,omitempty" format:"date" doc:"Today when it is missing"`
	Last   string `json:"last,omitempty" format:"date" doc:"Open end when it is missing"`
	Reason string `json:"reason" minLength:"2" maxLength:"200"`
}

type roleEnd struct {
	Assignment string `json:"assignment" maxLength:"64"`
	Reason     string `json:"reason" minLength:"2" maxLength:"200"`
}

type tie struct {
	Customer string `json:"customer" maxLength:"64"`
	Kind     string `json:"kind" enum:"self,relative"`
}

// request is an act that waits for others to agree, or was done because it needed nobody.
type request struct {
	ID        string   `json:"id"`
	State     string   `json:"state" example:"waiting"`
	Result    string   `json:"result,omitempty" doc:"Id of what it made, when it is done"`
	ExpiresAt *instant `json:"expiresAt,omitempty"`
}

type staff struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Branch string       `json:"branch"`
	State  string       `json:"state" enum:"invited,active,suspended,left"`
	Since  instant      `json:"since"`
	LeftAt *instant     `json:"leftAt,omitempty"`
	Roles  []assignment `json:"roles"`
}

type assignment struct {
	ID     string      `json:"id"`
	Role   string      `json:"role"`
	Branch string      `json:"branch"`
	First  clock.Date  `json:"first"`
	Last   *clock.Date `json:"last,omitempty" doc:"Open end when it is missing"`
}

func newStaff(x access.Staff) staff {
	return staff{
		ID: string(x.ID), Name: x.Name, Branch: x.Branch, State: string(x.State), Since: x.MadeAt.UTC(), LeftAt: api.Instant(x.LeftAt),
		Roles: api.List(x.Roles, newAssignment),
	}
}

func newAssignment(a access.Assignment) assignment {
	out := assignment{ID: string(a.ID), Role: string(a.Role), Branch: a.Branch, First: a.First}
	if !a.Last.IsZero() {
		out.Last = &a.Last
	}
	return out
}

type look struct {
	ID       string  `json:"id"`
	Customer string  `json:"customer"`
	Field    string  `json:"field"`
	Reason   string  `json:"reason"`
	Note     string  `json:"note"`
	At       instant `json:"at"`
}

func newLook(l access.Seen) look {
	return look{string(l.ID), string(l.Customer), string(l.Field), string(l.Reason), l.Note, l.At.UTC()}
}
