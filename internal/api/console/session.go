package console

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// errCredential refuses what is no answer of a browser's passkey.
var errCredential = fault.New(fault.Invalid, "console.bad_credential")

func (h *handlers) sessionRoutes() {
	r := h.router
	api.Add(r, api.Post("/invitations/look", "session", "lookAtInvitation", "What an invitation is about", anyone), h.invited)
	api.Add(r, api.Created(api.Post("/invitations/accept", "session", "acceptInvitation", "Choose a password, add the authenticator, sign in", anyone)), h.accept)
	api.Add(r, api.Post("/sessions/password", "session", "signInByPassword", "First factor: the password", anyone), h.signIn)
	api.Add(r, api.Post("/sessions/passkey-options", "session", "secondFactorPasskeyOptions", "What the browser asks a passkey for", anyone), h.passkeyOptions)
	api.Add(r, api.Post("/sessions/second-factor", "session", "signInSecondFactor", "Second factor: authenticator or passkey", anyone), h.secondFactor)
	api.Add(r, api.Get("/session", "session", "session", "Who am I, where, and what may I do", myself), h.session)
	api.Add(r, api.Remove("/session", "session", "signOut", "Sign out", myself), h.signOut)
}

func (h *handlers) invited(ctx context.Context, in *api.Body[invitationToken]) (*api.Answer[invitation], error) {
	i, err := h.Auth.Invited(ctx, crypto.Secret(in.Body.Token))
	return api.With(invitation{Mail: i.Mail, Secret: i.Secret.Reveal(), Link: i.Link.Reveal(), ExpiresAt: i.ExpiresAt.UTC()}, err)
}

func (h *handlers) accept(ctx context.Context, in *api.Body[acceptance]) (*signInAnswer, error) {
	a := auth.Acceptance{Token: crypto.Secret(in.Body.Token), Password: crypto.Secret(in.Body.Password), Code: crypto.Secret(in.Body.Code)}
	signed, err := h.Auth.Accept(ctx, api.By(ctx), client(ctx), a, func(tx *db.Tx, who auth.Principal) error {
		return h.Access.Joined(ctx, tx, id.Staff(who))
	})
	if err != nil {
		return nil, err
	}
	return h.signedIn(ctx, auth.SignIn{Session: &signed, DeviceToken: signed.DeviceToken})
}

func (h *handlers) signIn(ctx context.Context, in *api.Body[passwordSignIn]) (*signInAnswer, error) {
	s, err := h.Auth.SignInByPassword(ctx, api.By(ctx), client(ctx), in.Body.Mail, crypto.Secret(in.Body.Password))
	if err != nil {
		return nil, err
	}
	return h.signedIn(ctx, s)
}

func (h *handlers) passkeyOptions(ctx context.Context, in *api.Body[ticketOnly]) (*api.Answer[passkeyOptions], error) {
	o, err := h.Auth.SecondFactorPasskeyOptions(ctx, api.By(ctx), client(ctx), crypto.Secret(in.Body.Ticket))
	return api.With(passkeyOptions{string(o.Challenge), string(o.Options)}, err)
}

func (h *handlers) secondFactor(ctx context.Context, in *api.Body[secondFactor]) (*signInAnswer, error) {
	f, err := in.Body.factor()
	if err != nil {
		return nil, err
	}
	s, err := h.Auth.CompleteSignIn(ctx, api.By(ctx), client(ctx), auth.SecondFactor{Ticket: crypto.Secret(in.Body.Ticket), Factor: f})
	if err != nil {
		return nil, err
	}
	return h.signedIn(ctx, s)
}

const deviceLife = 400 * 24 * time.Hour // the longest that browsers keep a cookie

// signedIn sets the cookies of a sign-in that is complete, or asks for the second factor.
func (h *handlers) signedIn(ctx context.Context, s auth.SignIn) (*signInAnswer, error) {
	var out signInAnswer
	if s.DeviceToken != "" {
		out.Cookies = append(out.Cookies, h.router.DeviceCookie(s.DeviceToken.Reveal(), deviceLife))
	}
	if s.Session == nil {
		p := s.Pending
		out.Body = signInResult{Status: "second_factor", Ticket: p.Ticket.Reveal(), ExpiresAt: api.Instant(p.ExpiresAt)}
		for _, m := range p.Methods {
			out.Body.Methods = append(out.Body.Methods, string(m))
		}
		return &out, nil
	}
	x := s.Session.Session
	branch, err := h.Access.Desk(ctx, id.Staff(x.Principal))
	if err != nil {
		return nil, err
	}
	by := x.Identify(api.By(ctx))
	by.Branch = branch
	me, err := h.me(ctx, by, x.ExpiresAt)
	if err != nil {
		return nil, err
	}
	out.Body = signInResult{Status: "signed_in", Session: &me}
	out.Cookies = append(out.Cookies, h.router.SessionCookie(s.Session.Token.Reveal(), x.ExpiresAt.Sub(h.Clock.Now())))
	return &out, nil
}

func (h *handlers) session(ctx context.Context, _ *api.None) (*api.Answer[me], error) {
	return api.With(h.me(ctx, api.By(ctx), api.CallOf(ctx).ExpiresAt))
}

func (h *handlers) signOut(ctx context.Context, _ *api.None) (*cookiesOnly, error) {
	by := api.By(ctx)
	if err := h.Auth.EndSession(ctx, by, by.Session); err != nil {
		return nil, err
	}
	return &cookiesOnly{Cookies: []http.Cookie{h.router.SessionCookie("", 0)}}, nil
}

// me is all that the console needs to draw itself for somebody.
func (h *handlers) me(ctx context.Context, by act.By, expires time.Time) (me, error) {
	who := id.Staff(by.Actor)
	granted, err := h.Access.Granted(ctx, who)
	if err != nil {
		return me{}, err
	}
	x, err := h.Access.Find(ctx, access.Scope{Path: "/"}, who)
	if err != nil {
		return me{}, err
	}
	left, err := h.Access.Left(ctx, who)
	if err != nil {
		return me{}, err
	}
	return me{
		Staff: newStaff(x), ExpiresAt: expires.UTC(), LooksLeft: left, Bank: h.Facts.Bank, Demo: h.Facts.Demo,
		Permissions: api.List(granted, func(g access.Granted) permission {
			return permission{string(g.Permission), string(g.Purpose), g.Branch}
		}),
	}, nil
}

type cookiesOnly struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
}

type signInAnswer struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
	Body    signInResult
}

type signInResult struct {
	Status    string   `json:"status" enum:"signed_in,second_factor"`
	Session   *me      `json:"session,omitempty"`
	Ticket    string   `json:"ticket,omitempty" doc:"To send along with the second factor"`
	Methods   []string `json:"methods,omitempty" doc:"One of these is the second factor: totp, passkey"`
	ExpiresAt *instant `json:"expiresAt,omitempty" doc:"Of the ticket"`
}

type invitationToken struct {
	Token string `json:"token" minLength:"1" maxLength:"128" doc:"What stands behind the # of the link"`
}

type invitation struct {
	Mail      string  `json:"mail" doc:"Masked"`
	Secret    string  `json:"secret" doc:"To type into the authenticator app"`
	Link      string  `json:"link" doc:"The same as otpauth address, for a QR code"`
	ExpiresAt instant `json:"expiresAt"`
}

type acceptance struct {
	Token    string `json:"token" minLength:"1" maxLength:"128"`
	Password string `json:"password" minLength:"1" maxLength:"256" format:"password"`
	Code     string `json:"code" pattern:"^[0-9]{6}$" doc:"That the authenticator app shows"`
}

type passwordSignIn struct {
	Mail     string `json:"mail" minLength:"1" maxLength:"254" example:"lin@bank.example"`
	Password string `json:"password" minLength:"1" maxLength:"256" format:"password"`
}

type ticketOnly struct {
	Ticket string `json:"ticket" minLength:"1" maxLength:"128"`
}

type passkeyOptions struct {
	ChallengeID string `json:"challengeId"`
	Options     string `json:"options" doc:"JSON for navigator.credentials.get"`
}

type secondFactor struct {
	Ticket      string `json:"ticket" minLength:"1" maxLength:"128"`
	Method      string `json:"method" enum:"totp,passkey"`
	Code        string `json:"code,omitempty" pattern:"^[0-9]{6}$" doc:"Of the authenticator app"`
	ChallengeID string `json:"challengeId,omitempty" maxLength:"64" doc:"Of the passkey"`
	Credential  string `json:"credential,omitempty" maxLength:"16384" doc:"The browser's PublicKeyCredential as JSON"`
}

func (f secondFactor) factor() (auth.Factor, error) {
	if f.Method == string(auth.MethodTOTP) {
		return auth.Factor{Method: auth.MethodTOTP, Code: crypto.Secret(f.Code)}, nil
	}
	challenge, err := api.ParseID[id.Challenge](f.ChallengeID, "/challengeId")
	if err != nil {
		return auth.Factor{}, err
	}
	if !json.Valid([]byte(f.Credential)) {
		return auth.Factor{}, errCredential.At("/credential")
	}
	return auth.Factor{Method: auth.MethodPasskey, Challenge: challenge, Credential: []byte(f.Credential)}, nil
}

type me struct {
	Staff       staff        `json:"staff"`
	Permissions []permission `json:"permissions" doc:"All that the roles of today allow"`
	LooksLeft   int64        `json:"looksLeft" doc:"Masked fields that may still be revealed today"`
	Bank        string       `json:"bank"`
	Demo        bool         `json:"demo"`
	ExpiresAt   instant      `json:"expiresAt" doc:"The session ends then, and earlier when it is idle"`
}

type permission struct {
	Name    string `json:"name" example:"customer.view"`
	Purpose string `json:"purpose" example:"service"`
	Branch  string `json:"branch" example:"0200" doc:"The highest branch where it holds; those below are included"`
}
