package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) passkeyRoutes() {
	r := h.router
	api.Add(r, get("/passkeys", "security", "listPasskeys", "My passkeys", mine), h.passkeys)
	api.Add(r, post("/passkeys/options", "security", "addPasskeyOptions", "What the browser makes a passkey from", slowly(myself)), h.addPasskeyOptions)
	api.Add(r, created(post("/passkeys", "security", "addPasskey", "Keep a passkey that the browser made", proven(myself, auth.PurposePasskeys))), h.addPasskey)
	api.Add(r, remove("/passkeys/{id}", "security", "removePasskey", "Remove a passkey", proven(mine, auth.PurposePasskeys)), h.removePasskey)
}

func (h *handlers) passkeys(ctx context.Context, _ *none) (*answer[api.Page[passkey]], error) {
	all, err := h.Auth.Passkeys(ctx, api.By(ctx))
	return with(api.PageOf(list(all, newPasskey), ""), err)
}

func (h *handlers) addPasskeyOptions(ctx context.Context, _ *none) (*answer[passkeyOptions], error) {
	options, err := h.Auth.AddPasskeyOptions(ctx, api.By(ctx))
	return with(newPasskeyOptions(options), err)
}

func (h *handlers) addPasskey(ctx context.Context, in *body[passkeyAnswer]) (*answer[passkey], error) {
	made, err := in.Body.answer()
	if err != nil {
		return nil, err
	}
	p, err := h.Auth.AddPasskey(ctx, api.By(ctx), client(ctx), evidence(ctx), made)
	return with(newPasskey(p), err)
}

func (h *handlers) removePasskey(ctx context.Context, in *OfID) (*none, error) {
	which, err := parse[id.Passkey](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Auth.RemovePasskey(ctx, api.By(ctx), client(ctx), evidence(ctx), which))
}

type passkey struct {
	ID     string   `json:"id"`
	Name   string   `json:"name" example:"Chrome, Android" doc:"Of the device that made it"`
	MadeAt instant  `json:"madeAt"`
	UsedAt *instant `json:"usedAt,omitempty"`
	Synced bool     `json:"synced" doc:"A provider keeps it on several devices"`
}

func newPasskey(p auth.Passkey) passkey {
	return passkey{ID: string(p.ID), Name: p.Name, MadeAt: p.MadeAt.UTC(), UsedAt: api.Instant(p.UsedAt), Synced: p.Synced}
}
