package app

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"

	"go.opentelemetry.io/otel/trace"

	"github.com/tongbao/tongbao/internal/api"
)

// contentPolicy lets a page load only what this very host serves: no inline script, no foreign frame, no plug-in.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// edge is the outermost handler of a listener: headers, the caller's address, a trace id, and a net under panics.
type edge struct {
	next    http.Handler
	trusted []netip.Prefix
	tls     bool
	log     *slog.Logger
	crashed func(w http.ResponseWriter, r *http.Request) // answers for a handler that panicked before it wrote anything
}

// ServeHTTP answers one request.
func (e *edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.headers(w.Header())
	id := traceID(r)
	w.Header().Set("X-Trace-Id", id)
	inner := r.WithContext(api.WithEdge(r.Context(), api.Address(r, e.trusted), id))
	out := &answering{ResponseWriter: w}
	defer func() {
		r.Pattern = inner.Pattern // the route, by which metrics and spans name the request
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler { //nolint:errorlint // the value that net/http documents
			panic(p)
		}
		e.log.Error("panic in a handler", slog.String("trace", id), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		if out.began {
			panic(http.ErrAbortHandler) // half an answer must not look like a whole one
		}
		e.crashed(w, inner)
	}()
	e.next.ServeHTTP(out, inner)
}

// answering knows whether an answer has begun.
type answering struct {
	http.ResponseWriter
	began bool
}

// WriteHeader implements http.ResponseWriter.
func (a *answering) WriteHeader(status int) {
	a.began = true
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answering) Write(b []byte) (int, error) {
	a.began = true
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection: bodies are read against a deadline.
func (a *answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (e *edge) headers(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), camera=(self), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()")
	if e.tls {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// traceID is OpenTelemetry's when a span is under way, else made up.
func traceID(r *http.Request) string {
	if s := trace.SpanContextFromContext(r.Context()); s.HasTraceID() {
		return s.TraceID().String()
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// isAPI tells requests of programs from those of pages.
func isAPI(path string) bool { return strings.HasPrefix(path, "/api/") }
