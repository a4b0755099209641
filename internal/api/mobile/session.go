package mobile

import (
	"context"
	"net/http"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) sessionRoutes() {
	r, guard := h.router, slowly(anyone)
	api.Add(r, post("/sessions/password", "session", "signInByPassword", "Sign in by password", guard), h.signInByPassword)
	api.Add(r, post("/sessions/code", "session", "signInByCode", "Sign in by a code", guard), h.signInByCode)
	api.Add(r, post("/sessions/passkey-options", "session", "signInPasskeyOptions", "What the browser asks a passkey for", guard), h.signInPasskeyOptions)
	api.Add(r, post("/sessions/passkey", "session", "signInByPasskey", "Sign in by passkey", guard), h.signInByPasskey)
	api.Add(r, post("/sessions/second-factor", "session", "signInSecondFactor", "Complete a sign-in on a new device", guard), h.signInSecondFactor)
	api.Add(r, get("/session", "session", "session", "Who am I", myself), h.session)
	api.Add(r, remove("/session", "session", "signOut", "Sign out", myself), h.signOut)
}

func (h *handlers) signInByPassword(ctx context.Context, in *signInInput[passwordSignIn]) (*signInAnswer, error) {
	return h.signIn(ctx, in.Token)(h.Auth.SignInByPassword(ctx, api.By(ctx), client(ctx), in.Body.Identifier, crypto.Secret(in.Body.Password)))
}

func (h *handlers) signInByCode(ctx context.Context, in *signInInput[CodeAnswer]) (*signInAnswer, error) {
	code, err := in.Body.answer(auth.CodeSignIn)
	if err != nil {
		return nil, err
	}
	return h.signIn(ctx, in.Token)(h.Auth.SignInByCode(ctx, api.By(ctx), client(ctx), code))
}

func (h *handlers) signInPasskeyOptions(ctx context.Context, in *struct{ Body *ticketOnly }) (*answer[passkeyOptions], error) {
	if in.Body == nil || in.Body.Ticket == "" {
		options, err := h.Auth.SignInPasskeyOptions(ctx, api.By(ctx), client(ctx))
		return with(newPasskeyOptions(options), err)
	}
	options, err := h.Auth.SecondFactorPasskeyOptions(ctx, api.By(ctx), client(ctx), crypto.Secret(in.Body.Ticket))
	return with(newPasskeyOptions(options), err)
}

func (h *handlers) signInByPasskey(ctx context.Context, in *signInInput[passkeyAnswer]) (*signInAnswer, error) {
	passkey, err := in.Body.answer()
	if err != nil {
		return nil, err
	}
	return h.signIn(ctx, in.Token)(h.Auth.SignInByPasskey(ctx, api.By(ctx), client(ctx), passkey))
}

func (h *handlers) signInSecondFactor(ctx context.Context, in *signInInput[secondFactor]) (*signInAnswer, error) {
	factor, err := in.Body.factor()
	if err != nil {
		return nil, err
	}
	return h.signIn(ctx, in.Token)(h.Auth.CompleteSignIn(ctx, api.By(ctx), client(ctx), auth.SecondFactor{Ticket: crypto.Secret(in.Body.Ticket), Factor: factor}))
}

// signIn writes what came of a sign-in.
func (h *handlers) signIn(ctx context.Context, token string) func(auth.SignIn, error) (*signInAnswer, error) {
	return func(s auth.SignIn, err error) (*signInAnswer, error) {
		if err != nil {
			return nil, err
		}
		return h.signedIn(ctx, s, token)
	}
}

// signedIn sets the cookies, or puts the tokens into the body for a native app that asked so.
func (h *handlers) signedIn(ctx context.Context, s auth.SignIn, token string) (*signInAnswer, error) {
	var out signInAnswer
	native := token == nativeToken
	if s.DeviceToken != "" {
		if native {
			out.Body.DeviceToken = s.DeviceToken.Reveal()
		} else {
			out.Cookies = append(out.Cookies, h.router.DeviceCookie(s.DeviceToken.Reveal(), deviceLife))
		}
	}
	if s.Session == nil {
		out.Body.pending(*s.Pending)
		return &out, nil
	}
	by := s.Session.Session.Identify(api.By(ctx))
	session, err := h.sessionOf(ctx, by, s.Session.Session.ExpiresAt)
	if err != nil {
		return nil, err
	}
	out.Body.Status, out.Body.Session = "signed_in", &session
	if native {
		out.Body.Token = s.Session.Token.Reveal()
		return &out, nil
	}
	life := s.Session.Session.ExpiresAt.Sub(h.Clock.Now())
	out.Cookies = append(out.Cookies, h.router.SessionCookie(s.Session.Token.Reveal(), life))
	return &out, nil
}

func (h *handlers) session(ctx context.Context, _ *none) (*answer[session], error) {
	return with(h.sessionOf(ctx, api.By(ctx), api.CallOf(ctx).ExpiresAt))
}

func (h *handlers) sessionOf(ctx context.Context, by act.By, expires time.Time) (session, error) {
	p, err := h.Customers.Profile(ctx, by)
	if err != nil {
		return session{}, err
	}
	return newSession(p, expires), nil
}

func (h *handlers) signOut(ctx context.Context, _ *none) (*cookiesOnly, error) {
	by := api.By(ctx)
	if err := h.Auth.EndSession(ctx, by, by.Session); err != nil {
		return nil, err
	}
	return &cookiesOnly{Cookies: []http.Cookie{h.router.SessionCookie("", 0)}}, nil
}

const (
	nativeToken = "bearer"
	deviceLife  = 400 * 24 * time.Hour // the longest that browsers keep a cookie
)

type signInInput[T any] struct {
	Token string `header:"X-Tongbao-Token" enum:"bearer" doc:"A native app says bearer: the tokens come in the body, and no cookie is set"`
	Body  T
}

type cookiesOnly struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
}

type signInAnswer struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
	Body    signInResult
}

type passwordSignIn struct {
	Identifier string `json:"identifier" minLength:"1" maxLength:"254" example:"13800138000" doc:"Phone number or mail address"`
	Password   string `json:"password" minLength:"1" maxLength:"256" format:"password"`
}

type ticketOnly struct {
	Ticket string `json:"ticket,omitempty" maxLength:"512" doc:"Of a sign-in that waits for its second factor; without it, any passkey of the bank"`
}

type secondFactor struct {
	Ticket string `json:"ticket" minLength:"1" maxLength:"512" doc:"What the first factor answered"`
	Factor
}

// signInResult says how far a sign-in came: signed_in has a session, second_factor a ticket and what may complete it.
type signInResult struct {
	Status             string   `json:"status" enum:"signed_in,second_factor"`
	Session            *session `json:"session,omitempty" doc:"When signed in"`
	Token              string   `json:"token,omitempty" doc:"The session's, for native apps"`
	DeviceToken        string   `json:"deviceToken,omitempty" doc:"To be kept and sent as X-Tongbao-Device, for native apps"`
	Ticket             string   `json:"ticket,omitempty" doc:"Half a sign-in: goes with the second factor"`
	Methods            []string `json:"methods,omitempty" enum:"password,code,passkey" doc:"One of these is the second factor"`
	ChallengeID        string   `json:"challengeId,omitempty" doc:"Of the code that was sent at once"`
	SentTo             string   `json:"sentTo,omitempty" doc:"Where the code went, masked"`
	ResendAfterSeconds int      `json:"resendAfterSeconds,omitempty"`
	ExpiresAt          *instant `json:"expiresAt,omitempty" doc:"Of the ticket"`
}

func (r *signInResult) pending(p auth.Pending) {
	r.Status, r.Ticket, r.ExpiresAt = "second_factor", p.Ticket.Reveal(), api.Instant(p.ExpiresAt)
	r.Methods = list(p.Methods, func(m auth.Method) string { return string(m) })
	if p.Sent != nil {
		r.ChallengeID, r.SentTo, r.ResendAfterSeconds = string(p.Sent.Challenge), p.Sent.To, seconds(p.Sent.ResendAfter)
	}
}

type session struct {
	Customer  string  `json:"customer" doc:"Id of the customer"`
	State     string  `json:"state" enum:"registered,active,frozen,closing,closed"`
	Level     int     `json:"level" minimum:"0" maximum:"3" doc:"0 registered, 1 name and number, 2 document, 3 face"`
	Nickname  string  `json:"nickname,omitempty"`
	Name      string  `json:"name,omitempty" example:"王*明" doc:"Real name, masked; absent until verified"`
	Phone     string  `json:"phone,omitempty" example:"138****8000" doc:"Masked"`
	Email     string  `json:"email,omitempty" doc:"Masked"`
	Locale    string  `json:"locale" enum:"zh-Hans,zh-Hant,en" doc:"Of messages"`
	ExpiresAt instant `json:"expiresAt" doc:"Whatever happens; idleness ends it earlier"`
}

func newSession(p customer.Profile, expires time.Time) session {
	phone, email := contacts(p)
	return session{
		Customer: string(p.ID), State: string(p.State), Level: int(p.Level), Nickname: p.Nickname, Name: p.Name.Masked(),
		Phone: phone, Email: email, Locale: string(p.Locale), ExpiresAt: expires.UTC(),
	}
}

// Factor is one attempt to prove oneself.
type Factor struct {
	Method      string      `json:"method" enum:"password,code,password_and_code,passkey,pin" doc:"Which of the fields below count"`
	Password    string      `json:"password,omitempty" maxLength:"256" format:"password"`
	PIN         string      `json:"pin,omitempty" maxLength:"6" pattern:"^[0-9]{6}$" format:"password" doc:"Payment PIN"`
	Code        string      `json:"code,omitempty" maxLength:"12" pattern:"^[0-9]+$"`
	ChallengeID string      `json:"challengeId,omitempty" maxLength:"64" doc:"Of the code or of the passkey"`
	Credential  *credential `json:"credential,omitempty" doc:"Of a passkey"`
}

func (f Factor) factor() (auth.Factor, error) {
	out := auth.Factor{
		Method: auth.Method(f.Method), Password: crypto.Secret(f.Password), PIN: crypto.Secret(f.PIN), Code: crypto.Secret(f.Code),
		Credential: f.Credential.bytes(),
	}
	if f.ChallengeID == "" {
		return out, nil
	}
	var err error
	out.Challenge, err = parse[id.Challenge](f.ChallengeID, "/challengeId")
	return out, err
}
