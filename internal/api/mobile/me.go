package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) meRoutes() {
	r := h.router
	api.Add(r, get("/me", "me", "me", "What the bank knows of me", myself), h.me)
	api.Add(r, patch("/me", "me", "changeMe", "Change nickname or language", myself), h.changeMe)
	api.Add(r, get("/me/access-log", "me", "accessLog", "Who looked at my data", myself), h.accessLog)
	api.Add(r, post("/me/freeze", "me", "freezeMe", "Stop everything that goes out, at once", myself), h.freezeMe)
	api.Add(r, post("/me/unfreeze", "me", "unfreezeMe", "Lift my own freeze", proven(myself, customer.PurposeUnfreeze)), h.unfreezeMe)
	api.Add(r, post("/me/close", "me", "closeMe", "Begin to leave the bank", proven(myself, customer.PurposeClose)), h.closeMe)
	api.Add(r, post("/me/stay", "me", "stayMe", "Take leaving back", myself), h.stayMe)
	api.Add(r, get("/me/exports", "me", "listExports", "Copies of my data", myself), h.exports)
	api.Add(r, created(post("/me/exports", "me", "requestExport", "Ask for a copy of my data", myself)), h.requestExport)
	file := get("/me/exports/{id}/data.zip", "me", "exportFile", "A copy of my data", proven(mine, customer.PurposeExport))
	file.Produces = zipType
	api.Add(r, file, h.exportFile)
}

func (h *handlers) me(ctx context.Context, _ *none) (*answer[me], error) {
	p, err := h.Customers.Profile(ctx, api.By(ctx))
	return with(newMe(p), err)
}

func (h *handlers) changeMe(ctx context.Context, in *body[meChange]) (*answer[me], error) {
	change := customer.ProfileChange{Nickname: in.Body.Nickname}
	if in.Body.Locale != "" {
		locale, _ := i18n.ParseLocale(in.Body.Locale) // the schema knows only the bank's
		change.Locale = &locale
	}
	p, err := h.Customers.ChangeProfile(ctx, api.By(ctx), change)
	return with(newMe(p), err)
}

func (h *handlers) accessLog(ctx context.Context, in *Paging) (*answer[api.Page[access]], error) {
	before, err := cursor[id.Access](in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Customers.AccessLog(ctx, api.By(ctx), before, in.Limit)
	next := ""
	if len(all) == in.Limit {
		next = string(all[len(all)-1].ID)
	}
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(all, func(a customer.Access) access { return h.access(locale, a) }), next), err)
}

func (h *handlers) freezeMe(ctx context.Context, _ *none) (*answer[me], error) {
	_, err := h.Customers.Freeze(ctx, api.By(ctx))
	return h.meAfter(ctx, err)
}

func (h *handlers) unfreezeMe(ctx context.Context, _ *none) (*answer[me], error) {
	_, err := h.Customers.Unfreeze(ctx, api.By(ctx), proof(ctx))
	return h.meAfter(ctx, err)
}

func (h *handlers) closeMe(ctx context.Context, _ *none) (*answer[me], error) {
	_, err := h.Customers.Close(ctx, api.By(ctx), proof(ctx))
	return h.meAfter(ctx, err)
}

func (h *handlers) stayMe(ctx context.Context, _ *none) (*answer[me], error) {
	_, err := h.Customers.Stay(ctx, api.By(ctx))
	return h.meAfter(ctx, err)
}

// meAfter shows the customer as an act left him.
func (h *handlers) meAfter(ctx context.Context, err error) (*answer[me], error) {
	if err != nil {
		return nil, err
	}
	return h.me(ctx, nil)
}

func (h *handlers) exports(ctx context.Context, _ *none) (*answer[api.Page[export]], error) {
	all, err := h.Customers.Exports(ctx, api.By(ctx))
	return with(api.PageOf(list(all, newExport), ""), err)
}

func (h *handlers) requestExport(ctx context.Context, _ *none) (*answer[export], error) {
	e, err := h.Customers.RequestExport(ctx, api.By(ctx))
	return with(newExport(e), err)
}

func (h *handlers) exportFile(ctx context.Context, in *OfID) (*file, error) {
	content, err := h.Customers.ExportFile(ctx, api.By(ctx), in.ID, proof(ctx))
	return attached(zipType, "tongbao-data.zip", content, err)
}

const zipType = "application/zip"

// file is an answer that is saved rather than shown.
type file struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Sniff       string `header:"X-Content-Type-Options"`
	Body        []byte
}

// attached answers with a file. The name is the program's own, in ASCII.
func attached(kind, name string, content []byte, err error) (*file, error) {
	if err != nil {
		return nil, err
	}
	return &file{Type: kind, Disposition: `attachment; filename="` + name + `"`, Sniff: "nosniff", Body: content}, nil
}

type me struct {
	ID       string   `json:"id"`
	State    string   `json:"state" enum:"registered,active,frozen,closing,closed"`
	Level    int      `json:"level" minimum:"0" maximum:"3" doc:"0 registered, 1 name and number, 2 document, 3 face"`
	Nickname string   `json:"nickname,omitempty"`
	Name     string   `json:"name,omitempty" example:"王*明" doc:"Real name, masked"`
	IDNumber string   `json:"idNumber,omitempty" example:"1****************0" doc:"Masked"`
	Phone    string   `json:"phone,omitempty" doc:"Masked"`
	Email    string   `json:"email,omitempty" doc:"Masked"`
	Locale   string   `json:"locale" enum:"zh-Hans,zh-Hant,en"`
	FrozenBy string   `json:"frozenBy,omitempty" enum:"customer,bank" doc:"Who froze, and so who may lift it"`
	ClosesAt *instant `json:"closesAt,omitempty" doc:"When a customer who is leaving is gone"`
	MadeAt   instant  `json:"madeAt" doc:"Of the registration"`
}

func newMe(p customer.Profile) me {
	phone, email := contacts(p)
	return me{
		ID: string(p.ID), State: string(p.State), Level: int(p.Level), Nickname: p.Nickname, Name: p.Name.Masked(), IDNumber: p.IDNumber,
		Phone: phone, Email: email, Locale: string(p.Locale), FrozenBy: string(p.FrozenBy), ClosesAt: api.Instant(p.ClosesAt), MadeAt: p.MadeAt.UTC(),
	}
}

type meChange struct {
	Nickname *string `json:"nickname,omitempty" maxLength:"40" nullable:"false" doc:"How the app greets; empty takes it away"`
	Locale   string  `json:"locale,omitempty" enum:"zh-Hans,zh-Hant,en" doc:"Of messages"`
}

type access struct {
	ID      string  `json:"id"`
	At      instant `json:"at"`
	By      string  `json:"by" enum:"customer,staff,system" doc:"What kind of person looked"`
	Purpose reason  `json:"purpose" doc:"Why"`
	Fields  reason  `json:"fields" doc:"At what"`
}

func (h *handlers) access(l i18n.Locale, a customer.Access) access {
	return access{ID: string(a.ID), At: a.At.UTC(), By: string(a.Kind), Purpose: h.reason(l, a.Purpose), Fields: h.reason(l, a.Fields)}
}

// reason writes a code with its text.
func (h *handlers) reason(l i18n.Locale, code string) reason {
	return reason{Code: code, Title: h.Texts.Text(l, code, nil)}
}

type export struct {
	ID          string   `json:"id"`
	State       string   `json:"state" enum:"requested,ready,expired"`
	RequestedAt instant  `json:"requestedAt"`
	ReadyAt     *instant `json:"readyAt,omitempty"`
	ExpiresAt   *instant `json:"expiresAt,omitempty" doc:"Then the file is deleted"`
}

func newExport(e customer.Export) export {
	return export{
		ID: e.ID, State: string(e.State), RequestedAt: e.RequestedAt.UTC(), ReadyAt: api.Instant(e.ReadyAt), ExpiresAt: api.Instant(e.ExpiresAt),
	}
}
