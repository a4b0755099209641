package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) signInRoutes() {
	r := h.router
	api.Add(r, get("/sessions", "security", "listSessions", "Where I am signed in", mine), h.sessions)
	api.Add(r, remove("/sessions/{id}", "security", "endSession", "Sign out somewhere", mine), h.endSession)
	api.Add(r, remove("/sessions", "security", "endOtherSessions", "Sign out everywhere else", mine), h.endOtherSessions)
	api.Add(r, get("/sign-ins", "security", "listSignIns", "Sign-ins and attempts at them", mine), h.signIns)
}

func (h *handlers) sessions(ctx context.Context, _ *none) (*answer[api.Page[openSession]], error) {
	all, err := h.Auth.Sessions(ctx, api.By(ctx))
	return with(api.PageOf(list(all, newOpenSession), ""), err)
}

func (h *handlers) endSession(ctx context.Context, in *OfID) (*none, error) {
	which, err := parse[id.Session](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Auth.EndSession(ctx, api.By(ctx), which))
}

func (h *handlers) endOtherSessions(ctx context.Context, _ *none) (*none, error) {
	return done(h.Auth.EndOtherSessions(ctx, api.By(ctx)))
}

func (h *handlers) signIns(ctx context.Context, in *Paging) (*answer[api.Page[signInAttempt]], error) {
	all, err := h.Auth.SignIns(ctx, api.By(ctx), in.Cursor, in.Limit)
	next := ""
	if len(all) == in.Limit {
		next = all[len(all)-1].Cursor
	}
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(all, func(a auth.Attempt) signInAttempt { return h.attempt(locale, a) }), next), err)
}

type openSession struct {
	ID        string  `json:"id"`
	Device    string  `json:"device" example:"Chrome, Android" doc:"Coarse name"`
	Network   string  `json:"network" example:"203.0.113.0/24" doc:"Coarse address at sign-in"`
	Method    string  `json:"method" enum:"password,code,password_and_code,passkey,pin,reverified" doc:"By which it was opened"`
	MadeAt    instant `json:"madeAt"`
	SeenAt    instant `json:"seenAt" doc:"Up to five minutes old"`
	ExpiresAt instant `json:"expiresAt"`
	Current   bool    `json:"current" doc:"The one that asks"`
}

func newOpenSession(x auth.Session) openSession {
	return openSession{
		ID: string(x.ID), Device: x.Name, Network: x.Network, Method: string(x.Method), MadeAt: x.MadeAt.UTC(), SeenAt: x.SeenAt.UTC(),
		ExpiresAt: x.ExpiresAt.UTC(), Current: x.Current,
	}
}

type signInAttempt struct {
	At      instant `json:"at"`
	Method  string  `json:"method" enum:"password,code,password_and_code,passkey,pin,reverified"`
	Done    bool    `json:"done" doc:"It succeeded"`
	Refusal *reason `json:"refusal,omitempty" doc:"Why it did not"`
	Device  string  `json:"device" doc:"Coarse name"`
	Network string  `json:"network" doc:"Coarse address"`
}

func (h *handlers) attempt(l i18n.Locale, a auth.Attempt) signInAttempt {
	out := signInAttempt{At: a.At.UTC(), Method: string(a.Method), Done: a.Done, Device: a.Name, Network: a.Network}
	if a.Code != "" {
		why := h.reason(l, a.Code)
		out.Refusal = &why
	}
	return out
}
