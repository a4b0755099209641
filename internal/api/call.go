package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
)

// Caller is who sent a request, as the session says.
type Caller struct {
	By        act.By
	SignedIn  time.Time
	ExpiresAt time.Time
}

// Sessions finds the caller of a session token; an unknown or ended one is a fault. Where sessions are bound to their
// device, its token must come along.
type Sessions interface {
	Authenticate(ctx context.Context, token, device string) (Caller, error)
}

// Permits decides whether a caller may use a route at all; a refusal is a fault. What a route is asked about is
// decided by its handler, which knows it.
type Permits interface {
	Permit(ctx context.Context, by act.By, g Guard, purpose string) error
}

// Call is what the edge knows about the request under way.
type Call struct {
	Caller
	Locale    i18n.Locale
	Token     string // the session's, empty when public
	Device    string // the device's token, empty on a new device
	UserAgent string
	Bearer    bool   // the token came as a bearer: a native app
	Key       string // Idempotency-Key
	Proof     string // X-Tongbao-Proof
	Purpose   string // what the caller works for, of the route's purposes; empty where a route has none
}

type callKey struct{}

// CallOf is the call of a handler's context.
func CallOf(ctx context.Context) Call {
	c, _ := ctx.Value(callKey{}).(Call) // the zero call outside a request
	return c
}

// By is who acts, for the services.
func By(ctx context.Context) act.By { return CallOf(ctx).By }

// Locale reads the language that a request asks for: its own header first, then the browser's.
func Locale(r *http.Request) i18n.Locale {
	if l, ok := i18n.ParseLocale(r.Header.Get("X-Tongbao-Locale")); ok {
		return l
	}
	return i18n.Negotiate(r.Header.Get("Accept-Language"))
}

func localeOf(ctx huma.Context) i18n.Locale {
	if l, ok := i18n.ParseLocale(ctx.Header("X-Tongbao-Locale")); ok {
		return l
	}
	return i18n.Negotiate(ctx.Header("Accept-Language"))
}

// admit checks a call against the route's guard before anything else happens.
func (r *Router) admit(route Route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		call, err := r.call(ctx, route)
		if err != nil {
			r.reject(ctx, err)
			return
		}
		next(huma.WithValue(ctx, callKey{}, call))
	}
}

func (r *Router) call(ctx huma.Context, route Route) (Call, error) {
	call := Call{
		Locale: localeOf(ctx), UserAgent: clip(ctx.Header("User-Agent")), Key: ctx.Header(onceHeader),
		Proof: ctx.Header(proofHeader), Device: r.deviceToken(ctx),
	}
	call.By = act.By{Kind: act.Visitor, Channel: act.Channel(r.Audience), Branch: act.HeadOffice, Address: AddressOf(ctx.Context()), Trace: TraceOf(ctx.Context())}
	if err := r.Limits.allow(route, call.By.Address, r.token(ctx)); err != nil {
		return call, err
	}
	if route.Method != http.MethodGet {
		if err := r.ownSite(ctx); err != nil {
			return call, err
		}
	}
	if err := r.served(ctx); err != nil {
		return call, err
	}
	if err := cleanQuery(ctx.URL()); err != nil {
		return call, err
	}
	if err := route.Guard.key(call.Key); err != nil {
		return call, err
	}
	if err := r.who(ctx, route.Guard, &call); err != nil {
		return call, err
	}
	if err := r.permit(ctx, route.Guard, &call); err != nil {
		return call, err
	}
	if p := route.Guard.Proof; p != "" && p != IntentProof && call.Proof == "" {
		return call, ErrProofRequired.With("purpose", p)
	}
	return call, nil
}

// who finds the caller, where the guard wants or allows one.
func (r *Router) who(ctx huma.Context, g Guard, call *Call) error {
	if g.Public && !g.Either {
		return nil
	}
	err := r.signIn(ctx, call)
	if g.Public && fault.KindOf(err) == fault.Unauthenticated {
		call.Token = "" // nobody is signed in, and nobody has to be
		return nil
	}
	return err
}

// permit asks whether the caller may use a route with a permission: for the purpose that he states or, when he states
// none, for the first of the route's that his roles allow.
func (r *Router) permit(ctx huma.Context, g Guard, call *Call) error {
	if g.Permission == "" {
		return nil
	}
	if r.Permits == nil || len(g.Purposes) == 0 {
		return fmt.Errorf("permission %s without anybody who decides it", g.Permission)
	}
	purposes := g.Purposes
	if stated := ctx.Header(purposeHeader); stated != "" {
		if !slices.Contains(purposes, stated) {
			return ErrBadValue.At(purposeHeader)
		}
		purposes = []string{stated}
	}
	var denied error
	for _, call.Purpose = range purposes {
		denied = r.Permits.Permit(ctx.Context(), call.By, g, call.Purpose)
		if fault.KindOf(denied) != fault.Denied {
			return denied // allowed, or nobody can say
		}
	}
	return denied
}

// signIn finds the session of the request's token. Whatever is wrong with it, the app has one thing to do.
func (r *Router) signIn(ctx huma.Context, call *Call) error {
	call.Token = r.token(ctx)
	call.Bearer = bearer(ctx) != ""
	if call.Token == "" {
		return ErrNoSession
	}
	caller, err := r.Sessions.Authenticate(ctx.Context(), call.Token, call.Device)
	if fault.KindOf(err) == fault.Unauthenticated {
		return ErrNoSession.Because(err)
	}
	if err != nil {
		return err
	}
	address, trace := call.By.Address, call.By.Trace
	call.Caller = caller
	call.By.Address, call.By.Trace = address, trace
	call.By.Channel = act.Channel(r.Audience)
	return nil
}

// token is the session's: a bearer for native apps, else the cookie.
func (r *Router) token(ctx huma.Context) string {
	if t := bearer(ctx); t != "" {
		return clip(t)
	}
	return r.cookie(ctx, r.cookieName())
}

func bearer(ctx huma.Context) string {
	t, _ := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	if t == ctx.Header("Authorization") {
		return "" // another scheme, which browsers send of themselves
	}
	return t
}

func (r *Router) deviceToken(ctx huma.Context) string {
	if t := ctx.Header("X-Tongbao-Device"); t != "" {
		return clip(t)
	}
	return r.cookie(ctx, r.deviceCookieName())
}

func (r *Router) cookie(ctx huma.Context, name string) string {
	c, err := huma.ReadCookie(ctx, name)
	if err != nil {
		return ""
	}
	return clip(c.Value)
}

// ownSite refuses unsafe requests that another site made a browser send: it cannot set the client header, and a
// browser says where the request comes from.
func (r *Router) ownSite(ctx huma.Context) error {
	if bearer(ctx) != "" {
		return nil // a browser never sends one of itself
	}
	if !strings.HasPrefix(ctx.Header("X-Tongbao-Client"), r.Audience+"/") {
		return ErrCrossSite
	}
	if site := ctx.Header("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return ErrCrossSite
	}
	if origin := ctx.Header("Origin"); origin != "" && !r.ownOrigin(origin, ctx.Host()) {
		return ErrCrossSite
	}
	return nil
}

func (r *Router) ownOrigin(origin, host string) bool {
	for _, o := range r.Origins {
		if o == origin {
			return true
		}
	}
	return origin == "https://"+host || origin == "http://"+host
}

// served refuses clients that are too old to be understood.
func (r *Router) served(ctx huma.Context) error {
	version, ok := strings.CutPrefix(ctx.Header("X-Tongbao-Client"), r.Audience+"/")
	if ok && olderThan(version, r.Client) {
		return ErrTooOld
	}
	return nil
}

func (r *Router) reject(ctx huma.Context, err error) {
	p := r.Problems.problem(err, localeOf(ctx), TraceOf(ctx.Context()))
	writeProblem(ctx, p)
}

// key checks the idempotency key of a route that is done once.
func (g Guard) key(sent string) error {
	if !g.Once {
		return nil
	}
	if sent == "" {
		return ErrRequired.At(onceHeader)
	}
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}
	if len(sent) < onceLeast || len(sent) > onceMost || strings.ContainsFunc(sent, odd) {
		return ErrBadValue.At(onceHeader)
	}
	return nil
}

// cleanQuery refuses in a query what strictJSON refuses in a body.
func cleanQuery(u url.URL) error {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return ErrMalformed.At("query")
	}
	for _, all := range values {
		if len(all) > 1 {
			return ErrDuplicate.At("query")
		}
		if !cleanText(all[0]) {
			return ErrText.At("query")
		}
	}
	if !cleanText(u.Path) {
		return ErrText
	}
	return nil
}

// clip bounds a header that is kept.
func clip(s string) string {
	const longest = 512
	if len(s) > longest {
		return s[:longest]
	}
	return s
}
