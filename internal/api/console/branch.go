package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
)

func (h *handlers) branchRoutes() {
	r := h.router
	api.Add(r, api.Get("/branches", "branches", "listBranches", "The branches that I reach", may(access.ActionListBranches, access.Purposes()...)), h.branches)
	api.Add(r, api.Created(api.Post("/branches", "branches", "openBranch", "Open a branch", may(access.ActionOpenBranch, access.Administration))), h.openBranch)
}

func (h *handlers) branches(ctx context.Context, _ *api.None) (*api.Answer[api.Page[branch]], error) {
	scope, err := h.scope(ctx, access.ActionListBranches, "")
	if err != nil {
		return nil, err
	}
	all, err := h.Access.Branches(ctx, scope)
	return api.With(api.PageOf(api.List(all, newBranch), ""), err)
}

func (h *handlers) openBranch(ctx context.Context, in *api.Body[newBranchIn]) (*api.Answer[branch], error) {
	if err := h.check(ctx, access.ActionOpenBranch, access.Subject{Branch: in.Body.Parent}); err != nil {
		return nil, err
	}
	b, err := h.Access.OpenBranch(ctx, api.By(ctx), access.NewBranch{Code: in.Body.Code, Parent: in.Body.Parent, Name: in.Body.Name})
	return api.With(newBranch(b), err)
}

type newBranchIn struct {
	Code   string `json:"code" pattern:"^[0-9]{4,6}$"`
	Parent string `json:"parent" pattern:"^[0-9]{4,6}$"`
	Name   string `json:"name" minLength:"1" maxLength:"60"`
}

type branch struct {
	Code     string   `json:"code"`
	Parent   string   `json:"parent,omitempty"`
	Path     string   `json:"path" doc:"Codes from the head office down"`
	Name     string   `json:"name"`
	ClosedAt *instant `json:"closedAt,omitempty"`
}

func newBranch(b access.Branch) branch {
	return branch{b.Code, b.Parent, b.Path, b.Name, api.Instant(b.ClosedAt)}
}
