package outbound

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// States of a short message, as gateways report them.
const (
	Delivered   = "delivered"
	Undelivered = "undelivered"
)

// Report is what a gateway tells about a message that it took over. It may come twice, late, or never.
type Report struct {
	ID        string    `json:"id"`        // of the delivery
	Reference string    `json:"reference"` // of the gateway
	State     string    `json:"state"`     // Delivered or Undelivered
	Code      string    `json:"code,omitempty"`
	At        time.Time `json:"at"`
}

// Reports receives delivery reports: a handler to mount where the gateway was told to call.
type Reports struct {
	credential Credential
	now        func() time.Time
	log        *slog.Logger
	take       func(context.Context, Report) error
}

// NewReports passes each report that the gateway signed to take, which must bear repetition. When take fails the
// gateway is asked to call again.
func NewReports(credential Credential, now func() time.Time, log *slog.Logger, take func(context.Context, Report) error) *Reports {
	return &Reports{credential: credential, now: now, log: log, take: take}
}

// ServeHTTP answers 204 for a report that was taken.
func (h *Reports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxGatewayBody))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if !h.credential.signed(r, body, h.now()) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var report Report
	if json.Unmarshal(body, &report) != nil || report.ID == "" || (report.State != Delivered && report.State != Undelivered) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	report.Code = safeCode(report.Code)
	if err := h.take(r.Context(), report); err != nil {
		h.log.ErrorContext(r.Context(), "delivery report not taken", "delivery", report.ID, "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
