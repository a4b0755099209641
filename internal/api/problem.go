package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Problem is the one shape of a refusal: RFC 9457, with the bank's stable code. It never repeats what was sent.
type Problem struct {
	Type       string            `json:"type" doc:"URI of the kind of problem" example:"about:blank"`
	Title      string            `json:"title" doc:"One sentence for the person, in the language asked for"`
	Status     int               `json:"status" doc:"HTTP status"`
	Code       string            `json:"code" doc:"Stable code, domain.reason" example:"ledger.insufficient_funds"`
	Params     map[string]string `json:"params,omitempty" doc:"Values that the sentence shows, such as a limit"`
	Fields     []ProblemField    `json:"fields,omitempty" doc:"Fields that are wrong"`
	RetryAfter int               `json:"retryAfter,omitempty" doc:"Seconds to wait before asking again"`
	Trace      string            `json:"trace,omitempty" doc:"Id under which the bank finds the request in its logs"`
}

// ProblemField is one wrong field of a request.
type ProblemField struct {
	Pointer string `json:"pointer" doc:"JSON pointer, or name of the parameter"`
	Code    string `json:"code"`
	Title   string `json:"title"`
}

// Error is the code; it makes a Problem an error for huma.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// The faults of the edge itself.
var (
	ErrMalformed     = fault.New(fault.Invalid, "request.malformed")
	ErrUnknownField  = fault.New(fault.Invalid, "request.unknown_field")
	ErrDuplicate     = fault.New(fault.Invalid, "request.duplicate_field")
	ErrNull          = fault.New(fault.Invalid, "request.null")
	ErrText          = fault.New(fault.Invalid, "request.bad_text")
	ErrBadValue      = fault.New(fault.Invalid, "request.bad_value")
	ErrRequired      = fault.New(fault.Invalid, "request.required")
	ErrTooLarge      = fault.New(fault.Invalid, "request.too_large")
	ErrMediaType     = fault.New(fault.Invalid, "request.media_type")
	ErrNoRoute       = fault.New(fault.NotFound, "request.no_such_route")
	ErrMethod        = fault.New(fault.Invalid, "request.method")
	ErrCrossSite     = fault.New(fault.Denied, "request.cross_site")
	ErrTooOld        = fault.New(fault.Conflict, "client.too_old")
	ErrTimeout       = fault.New(fault.Busy, "request.timeout")
	ErrTooMany       = fault.New(fault.Busy, "request.too_many").Wait(time.Second)
	ErrNoSession     = fault.New(fault.Unauthenticated, "session.required")
	ErrProofRequired = fault.New(fault.Unauthenticated, "stepup.required")
	ErrCrashed       = fault.New(fault.Internal, "internal") // the edge caught a panic, and has told it to the log
)

// status maps the eight kinds to HTTP, here and nowhere else.
func status(e *fault.Error) int {
	switch e.Kind() {
	case fault.Invalid:
		return invalidStatus(e.Code())
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Rejected:
		return http.StatusUnprocessableEntity
	case fault.Busy:
		return busyStatus(e.Code())
	default:
		return http.StatusInternalServerError
	}
}

func invalidStatus(code string) int {
	switch code {
	case ErrTooLarge.Code():
		return http.StatusRequestEntityTooLarge
	case ErrMediaType.Code():
		return http.StatusUnsupportedMediaType
	case ErrMethod.Code():
		return http.StatusMethodNotAllowed
	}
	return http.StatusBadRequest
}

// busyStatus tells a caller who asks too often (429) or sends too slowly (408) from a bank that has no room (503).
func busyStatus(code string) int {
	if code == ErrTimeout.Code() {
		return http.StatusRequestTimeout
	}
	for _, own := range []string{"db.", "batch.", "server.", "auth.crowded", "customer.crowded"} {
		if strings.HasPrefix(code, own) {
			return http.StatusServiceUnavailable
		}
	}
	return http.StatusTooManyRequests
}

// Problems writes refusals in the person's language.
type Problems struct {
	catalog *i18n.Catalog
	log     *slog.Logger
}

// NewProblems makes the problems of what is no audience's route: pages, and the edge itself.
func NewProblems(c *i18n.Catalog, log *slog.Logger) *Problems { return &Problems{catalog: c, log: log} }

// Of is what a page shows of an error.
func (p *Problems) Of(err error, locale i18n.Locale, trace string) *Problem {
	return p.problem(err, locale, trace)
}

// problem turns any error into what the person sees. What is not a fault is logged here, once, and hidden.
func (p *Problems) problem(err error, locale i18n.Locale, trace string) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	e, ok := fault.From(err)
	switch {
	case ok:
	case errors.Is(err, context.Canceled):
		e = ErrTimeout // the peer has gone: nobody reads this, and nothing is wrong with the bank
	default:
		e = fault.New(fault.Internal, "internal")
	}
	if e.Kind() == fault.Internal && !errors.Is(err, ErrCrashed) {
		p.log.Error("request failed", slog.String("trace", trace), slog.Any("err", err))
	}
	out := &Problem{Type: "about:blank", Status: status(e), Code: e.Code(), Params: e.Params(), Trace: trace}
	if e.Kind() == fault.Internal {
		out.Code = "internal"
	}
	out.Title = p.catalog.Text(locale, out.Code, out.Params)
	for _, f := range e.Fields() {
		out.Fields = append(out.Fields, ProblemField{f.Pointer, f.Code, p.catalog.Text(locale, f.Code, out.Params)})
	}
	if wait := e.RetryAfter(); wait > 0 {
		out.RetryAfter = int(math.Ceil(wait.Seconds()))
	}
	return out
}

// Write answers with a problem outside huma.
func (p *Problems) Write(w http.ResponseWriter, r *http.Request, err error) {
	out := p.problem(err, Locale(r), TraceOf(r.Context()))
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Cache-Control", "no-store")
	if out.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(out.RetryAfter))
	}
	w.WriteHeader(out.Status)
	_ = json.NewEncoder(w).Encode(out) // the peer may be gone
}

// fromHuma turns what huma found wrong with a request into a fault that names fields and never values.
func fromHuma(code int, message string, details []error) error {
	switch code {
	case http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return ErrMediaType
	case http.StatusRequestTimeout:
		return ErrTimeout
	}
	if code >= http.StatusInternalServerError {
		return fmt.Errorf("huma: %s: %w", message, errors.Join(details...))
	}
	e := ErrMalformed
	var fields []fault.Field
	for _, d := range details {
		if known, ok := fault.From(d); ok {
			return known
		}
		var detail huma.ErrorDetailer
		if errors.As(d, &detail) {
			if known, ok := detail.ErrorDetail().Value.(*fault.Error); ok {
				return known // of readLoose
			}
			fields = append(fields, wrongField(detail.ErrorDetail()))
		}
	}
	if len(fields) > 0 {
		e = fault.New(fault.Invalid, fields[0].Code)
	}
	return e.WithFields(fields...)
}

func wrongField(d *huma.ErrorDetail) fault.Field {
	f := fault.Field{Pointer: pointer(d.Location), Code: ErrBadValue.Code()}
	switch {
	case strings.Contains(d.Message, "unknown query parameter"):
		return fault.Field{Pointer: "query", Code: ErrUnknownField.Code()} // the name itself was sent by the caller
	case d.Message == ErrUnknownField.Code():
		f.Code = d.Message // a name in another case, which huma allows and strictJSON does not
	case strings.Contains(d.Message, "unexpected property"):
		f.Code = ErrUnknownField.Code()
		f.Pointer = pointer(parent(d.Location)) // the name itself was sent by the caller
	case strings.Contains(d.Message, "required"):
		f.Code = ErrRequired.Code()
		if name := requiredName(d.Message); name != "" {
			f.Pointer = strings.TrimSuffix(pointer(d.Location), "/") + "/" + name
		}
	}
	return f
}

// requiredName reads the property from "expected required property NAME to be present".
func requiredName(message string) string {
	_, rest, ok := strings.Cut(message, "required property ")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, " ")
	return name
}

func parent(location string) string {
	if i := strings.LastIndexByte(location, '.'); i >= 0 {
		return location[:i]
	}
	return ""
}

// pointer turns body.payee.phone into /payee/phone; query.cursor stays what it is.
func pointer(location string) string {
	if rest, ok := strings.CutPrefix(location, "body"); ok {
		return "/" + strings.ReplaceAll(strings.TrimPrefix(strings.ReplaceAll(rest, "[", "."), "."), ".", "/")
	}
	return location
}
