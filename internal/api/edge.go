package api

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

type addressKey struct{}
type traceKey struct{}

// WithEdge keeps the caller's address and the trace id for the handlers.
func WithEdge(ctx context.Context, address, trace string) context.Context {
	return context.WithValue(context.WithValue(ctx, addressKey{}, address), traceKey{}, trace)
}

// AddressOf is the network address of the caller, without port.
func AddressOf(ctx context.Context) string {
	s, _ := ctx.Value(addressKey{}).(string)
	return s
}

// TraceOf is the id under which the request stands in the logs.
func TraceOf(ctx context.Context) string {
	s, _ := ctx.Value(traceKey{}).(string)
	return s
}

// Address reads the caller's address; a forwarded one counts only when a trusted proxy sent the request.
func Address(r *http.Request, trusted []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	peer, err := netip.ParseAddr(host)
	if err != nil || !within(peer, trusted) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return host
		}
		if !within(hop, trusted) {
			return hop.Unmap().String()
		}
	}
	return host
}

func within(a netip.Addr, all []netip.Prefix) bool {
	for _, p := range all {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

func (r *Router) cookieName() string       { return cookieName(r.Secure, r.Audience) }
func (r *Router) deviceCookieName() string { return cookieName(r.Secure, r.Audience+"_device") }

// cookieName carries the __Host- prefix, which makes browsers refuse the cookie unless it is secure and the host's own.
func cookieName(secure bool, audience string) string {
	if secure {
		return "__Host-tongbao_" + audience
	}
	return "tongbao_" + audience
}

// SessionCookie carries a session token; an empty token ends it.
func (r *Router) SessionCookie(token string, life time.Duration) http.Cookie {
	return r.setCookie(r.cookieName(), token, life)
}

// DeviceCookie carries the token by which a device is known again.
func (r *Router) DeviceCookie(token string, life time.Duration) http.Cookie {
	return r.setCookie(r.deviceCookieName(), token, life)
}

func (r *Router) setCookie(name, value string, life time.Duration) http.Cookie {
	c := http.Cookie{
		Name: name, Value: value, Path: "/", Secure: r.Secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(life.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// olderThan compares dotted versions; a part that is missing is 0, and what cannot be read is not older.
func olderThan(version, least string) bool {
	a, b := strings.Split(version, "."), strings.Split(least, ".")
	for i := range b {
		x, y := part(a, i), part(b, i)
		if x < 0 || y < 0 {
			return false
		}
		if x != y {
			return x < y
		}
	}
	return false
}

// part is a part of a version; -1 when it is no number.
func part(version []string, i int) int {
	if i >= len(version) {
		return 0
	}
	n, err := strconv.Atoi(version[i])
	if err != nil {
		return -1
	}
	return n
}

func writeProblem(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", p.ContentType(""))
	if p.RetryAfter > 0 {
		ctx.SetHeader("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	ctx.SetStatus(p.Status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p) // the peer may be gone
}
