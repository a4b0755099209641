package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
)

// actionReport is the permission to have what the audit log says leave the bank.
const actionReport access.Permission = "audit.export"

func (h *handlers) reportRoutes() {
	route := api.Get("/audit/report.pdf", "audit", "auditReport", "The audit report of a month as a signed paper", api.Slowly(mayBank(actionReport, access.Inspecting, access.Complying)))
	route.Produces = "application/pdf"
	api.Add(h.router, route, h.auditReport)
}

func (h *handlers) auditReport(ctx context.Context, in *monthOf) (*reportOut, error) {
	content, err := h.Compliance.AuditReport(ctx, api.By(ctx), in.Month, api.CallOf(ctx).Locale)
	if err != nil {
		return nil, err
	}
	return &reportOut{Type: "application/pdf", Disposition: `attachment; filename="audit-` + in.Month + `.pdf"`, Sniff: "nosniff", Body: content}, nil
}

type monthOf struct {
	Month string `query:"month" required:"true" pattern:"^[0-9]{4}-[0-9]{2}$" maxLength:"7" example:"2026-11"`
}

type reportOut struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Sniff       string `header:"X-Content-Type-Options"`
	Body        []byte
}
