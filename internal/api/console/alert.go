package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) alertRoutes() {
	r := h.router
	api.Add(r, api.Get("/alerts", "alerts", "listAlerts", "Looks that are not like work", may(access.ActionListAlerts, access.Complying, access.Inspecting)), h.alerts)
	api.Add(r, api.Post("/alerts/{id}/close", "alerts", "closeAlert", "Say what was found", may(access.ActionCloseAlert, access.Complying)), h.closeAlert)
}

func (h *handlers) alerts(ctx context.Context, in *alertQuery) (*api.Answer[api.Page[alert]], error) {
	before, err := api.Cursor[id.Alert](in.Cursor)
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, access.ActionListAlerts, in.Branch)
	if err != nil {
		return nil, err
	}
	all, err := h.Access.Alerts(ctx, scope, !in.Closed, before, in.Limit)
	return api.With(api.PageOf(api.List(all, newAlert), next(all, in.Limit, func(a access.Alert) string { return string(a.ID) })), err)
}

func (h *handlers) closeAlert(ctx context.Context, in *api.OfIDWith[alertFinding]) (*api.None, error) {
	which, err := api.ParseID[id.Alert](in.ID, "id")
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, access.ActionCloseAlert, "")
	if err != nil {
		return nil, err
	}
	return api.Done(h.Access.CloseAlert(ctx, api.By(ctx).Because(in.Body.Reason), scope, which, access.Finding(in.Body.Finding)))
}

type alertQuery struct {
	api.Paging
	InBranch
	Closed bool `query:"closed" doc:"Closed ones too"`
}

type alertFinding struct {
	Finding string `json:"finding" enum:"work,minor,breach"`
	Reason  string `json:"reason" minLength:"2" maxLength:"200"`
}

type alert struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind" enum:"many,own,relative,colleague,hours,refused"`
	Staff    string   `json:"staff"`
	Customer string   `json:"customer,omitempty"`
	Day      string   `json:"day"`
	Looks    int64    `json:"looks" doc:"Of that day until then"`
	MadeAt   instant  `json:"madeAt"`
	ClosedAt *instant `json:"closedAt,omitempty"`
	ClosedBy string   `json:"closedBy,omitempty"`
	Finding  string   `json:"finding,omitempty"`
}

func newAlert(a access.Alert) alert {
	return alert{
		ID: string(a.ID), Kind: string(a.Kind), Staff: string(a.Staff), Customer: string(a.Customer), Day: a.Day, Looks: a.Looks,
		MadeAt: a.MadeAt.UTC(), ClosedAt: api.Instant(a.ClosedAt), ClosedBy: a.ClosedBy, Finding: string(a.Finding),
	}
}
