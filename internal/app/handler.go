package app

import (
	"context"
	"net/http"
)

// Handlers are what the listeners of a bank serve.
type Handlers struct {
	Mobile    http.Handler // the customers' app and its API
	Console   http.Handler
	Operators http.Handler // health and metrics
}

// Handle makes the handlers of an open bank, for those who bring their own listeners. They serve until the bank closes.
func Handle(ctx context.Context, b *Bank) (Handlers, error) {
	tele, err := newTelemetry(ctx, b.Config.Traces)
	if err != nil {
		return Handlers{}, err
	}
	b.onClose(tele.close)
	n := &node{bank: b, telemetry: tele}
	all, err := n.handlers()
	if err != nil {
		return Handlers{}, err
	}
	return Handlers{Mobile: all[0], Console: all[1], Operators: all[2]}, nil
}
