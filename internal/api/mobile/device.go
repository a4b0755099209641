package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) deviceRoutes() {
	r := h.router
	api.Add(r, get("/devices", "security", "listDevices", "Devices that the bank knows as mine", mine), h.devices)
	api.Add(r, remove("/devices/{id}", "security", "removeDevice", "Make a device unknown again; its sessions end", mine), h.removeDevice)
}

func (h *handlers) devices(ctx context.Context, _ *none) (*answer[api.Page[device]], error) {
	all, err := h.Auth.Devices(ctx, api.By(ctx))
	return with(api.PageOf(list(all, newDevice), ""), err)
}

func (h *handlers) removeDevice(ctx context.Context, in *OfID) (*none, error) {
	which, err := parse[id.Device](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Auth.UnbindDevice(ctx, api.By(ctx), which))
}

type device struct {
	ID      string  `json:"id"`
	Name    string  `json:"name" example:"Chrome, Android"`
	MadeAt  instant `json:"madeAt" doc:"Known since"`
	SeenAt  instant `json:"seenAt"`
	Current bool    `json:"current" doc:"The one that asks"`
}

func newDevice(d auth.Device) device {
	return device{ID: string(d.ID), Name: d.Name, MadeAt: d.MadeAt.UTC(), SeenAt: d.SeenAt.UTC(), Current: d.Current}
}
