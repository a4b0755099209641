package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
)

func (h *handlers) receiveRoutes() {
	api.Add(h.router, get("/receive", "receive", "receive", "How I take payments: my QR, and whether my phone number finds me", myself), h.receive)
	api.Add(h.router, put("/receive", "receive", "setReceive", "Say whether my phone number finds me", myself), h.setReceive)
}

func (h *handlers) receive(ctx context.Context, _ *none) (*answer[receiving], error) {
	r, err := h.Payments.Receiving(ctx, api.By(ctx))
	return with(receiving{Payload: r.Address, ReceivingChange: ReceivingChange{r.Discoverable}}, err)
}

func (h *handlers) setReceive(ctx context.Context, in *body[ReceivingChange]) (*answer[receiving], error) {
	if err := h.Payments.SetDiscoverable(ctx, api.By(ctx), in.Body.DiscoverableByPhone); err != nil {
		return nil, err
	}
	return h.receive(ctx, nil)
}

// ReceivingChange is what a person may choose about taking payments.
type ReceivingChange struct {
	DiscoverableByPhone bool `json:"discoverableByPhone" doc:"Who knows my phone number can pay me by it"`
}

type receiving struct {
	Payload string `json:"payload" doc:"What the QR says"`
	ReceivingChange
}
