package console

import (
	"context"
	"encoding/base64"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The permissions of the log, which stands below package access.
const (
	actionLog   access.Permission = "audit.search"
	actionProof access.Permission = "audit.prove"
	actionState access.Permission = "audit.state"
)

func (h *handlers) auditRoutes() {
	r := h.router
	api.Add(r, api.Get("/audit", "audit", "searchAudit", "Records of the log, the newest first", mayBank(actionLog, access.Inspecting, access.Complying)), h.records)
	api.Add(r, api.Get("/audit/state", "audit", "auditState", "How far the sealed log is", mayBank(actionState, access.Inspecting, access.Complying, access.Administration)), h.auditState)
	api.Add(r, api.Get("/audit/{id}/proof", "audit", "proveRecord", "A proof that a record is in the sealed log", mayBank(actionProof, access.Inspecting, access.Complying)), h.proof)
}

func (h *handlers) records(ctx context.Context, in *auditQuery) (*api.Answer[api.Page[record]], error) {
	q := audit.Query{Limit: in.Limit}
	var err error
	if q.Before, err = api.Cursor[id.Audit](in.Cursor); err != nil {
		return nil, err
	}
	if in.Customer != "" && in.Staff != "" {
		return nil, api.ErrBadValue.At("staff")
	}
	if in.Customer != "" {
		if q.Customer, err = api.ParseID[id.Customer](in.Customer, "customer"); err != nil {
			return nil, err
		}
		if err := h.check(ctx, actionLog, access.Subject{Customer: q.Customer}); err != nil {
			return nil, err
		}
	}
	if in.Staff != "" {
		if q.Staff, err = api.ParseID[id.Staff](in.Staff, "staff"); err != nil {
			return nil, err
		}
	}
	q.From, q.To = in.From, in.To
	all, err := h.Audit.List(ctx, q)
	return api.With(api.PageOf(api.List(all, newRecord), next(all, in.Limit, func(e audit.Entry) string { return string(e.ID) })), err)
}

func (h *handlers) auditState(ctx context.Context, _ *api.None) (*api.Answer[auditState], error) {
	lag, err := h.Audit.Lag(ctx)
	return api.With(auditState{lag.Waiting, int(lag.Oldest.Seconds())}, err)
}

func (h *handlers) proof(ctx context.Context, in *api.OfID) (*api.Answer[proof], error) {
	which, err := api.ParseID[id.Audit](in.ID, "id")
	if err != nil {
		return nil, err
	}
	p, err := h.Audit.Prove(ctx, which)
	if err != nil {
		return nil, err
	}
	out := proof{Leaf: p.Leaf, Record: base64.StdEncoding.EncodeToString(p.Record), Path: []string{}, Checkpoint: p.Checkpoint}
	for _, hash := range p.Path {
		out.Path = append(out.Path, hash.String())
	}
	return api.With(out, nil)
}

type auditQuery struct {
	api.Paging
	AuditFilter
}

// AuditFilter chooses records of the log; what is absent does not narrow.
type AuditFilter struct {
	Customer string  `query:"customer" maxLength:"64" doc:"Whose matter it is"`
	Staff    string  `query:"staff" maxLength:"64" doc:"Who did it"`
	From     instant `query:"from" doc:"From this instant on"`
	To       instant `query:"to" doc:"Before this instant"`
}

type auditState struct {
	Waiting       int64 `json:"waiting" doc:"Records without a place in the log yet"`
	OldestSeconds int   `json:"oldestSeconds" doc:"Age of the oldest of them"`
}

type proof struct {
	Leaf       int64    `json:"leaf" doc:"Place of the record"`
	Record     string   `json:"record" doc:"Its canonical form, in base64"`
	Path       []string `json:"path" doc:"Hashes from the leaf to the root"`
	Checkpoint string   `json:"checkpoint" doc:"Signed size and root"`
}
