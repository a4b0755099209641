// Package api is the edge of the bank: it turns requests into acts and results into answers, and holds no rule,
// no SQL and no transaction.
//
// Each audience (mobile, console, partner) has a package below this one, with one file per domain: a table of
// routes on top, then handlers, then wire types. A route says in its Guard who may call it and what the caller must
// bring: a session, an idempotency key, a proof. Answers that are no success are problems (RFC 9457), in the
// language of the person, with a stable code, and never repeat what was sent.
package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// BodyMax bounds a request's body in bytes, unless the route says otherwise.
const BodyMax = 64 << 10

const bodyPatience = 10 * time.Second

// manners are what all routes have in common, for those who write clients.
const manners = "Requests are read strictly: a field that is not described, a name in another case, a name that comes twice and null " +
	"are refused (request.unknown_field, request.duplicate_field, request.null). A field that has nothing to say is left out; " +
	"an empty text takes a text away where its description says so. Only what stands below `credential` is the browser's own and may " +
	"hold null. Refusals are problems (RFC 9457) with a stable code and never repeat what was sent. " +
	"Answers leave optional fields out rather than say null; `next` of a list is null on its last page."

// Config is what an audience's router needs.
type Config struct {
	Title    string // of the API, for its description
	Version  string // of the program
	Prefix   string // /api/mobile/v1
	Audience string // "mobile": names cookies and the client header
	Secure   bool   // cookies only over TLS (browsers count localhost as such)
	Client   string // oldest client version that is still served, "1.0.0"
	Sessions Sessions
	Permits  Permits // decides permissions; nil for an audience whose routes have none
	Catalog  *i18n.Catalog
	Log      *slog.Logger
	Limits   *Limiter
	Origins  []string // origins that may send unsafe requests: the bank's own
}

// Router registers the routes of one audience.
type Router struct {
	Config
	Problems *Problems
	api      huma.API
	mux      *http.ServeMux
	routes   []Route
}

// New makes the router of an audience.
func New(c Config) *Router {
	r := &Router{Config: c, Problems: NewProblems(c.Catalog, c.Log), mux: http.NewServeMux()}
	takeOverErrors()
	config := huma.DefaultConfig(c.Title, c.Version)
	config.Formats = map[string]huma.Format{"application/json": strictJSON(), "json": strictJSON()}
	config.DefaultFormat = "application/json"
	config.CreateHooks = nil
	config.Transformers = nil
	config.SchemasPath = ""
	config.DocsPath = ""
	config.OpenAPIPath = ""
	config.RejectUnknownQueryParameters = true
	config.Info.Description = manners
	config.Servers = []*huma.Server{{URL: c.Prefix}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName(true, c.Audience), Description: "The app in a browser"},
		"bearer":  {Type: "http", Scheme: "bearer", Description: "Native apps"},
		"proof":   {Type: "apiKey", In: "header", Name: proofHeader, Description: "What a step-up answered: proves one act, once"},
	}
	r.api = humago.New(r.mux, config)
	r.api.OpenAPI().Components.Responses = map[string]*huma.Response{"Problem": {
		Description: "Refused, with a stable code and a sentence for the person",
		Content: map[string]*huma.MediaType{
			problemType: {Schema: r.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
		},
	}}
	return r
}

// Routes lists what was registered, for tests that read the table.
func (r *Router) Routes() []Route { return append([]Route(nil), r.routes...) }

// Description is the OpenAPI 3.1 description as JSON.
func (r *Router) Description() ([]byte, error) {
	schemas := r.api.OpenAPI().Components.Schemas.Map()
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} {
		delete(schemas, unused) // huma's own problems, which the bank's replace
	}
	text, err := r.api.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	return text, nil
}

// ServeHTTP answers a request below the prefix; what no route knows gets a problem too.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	inner := http.StripPrefix(r.Prefix, r.mux)
	bare := req.Clone(req.Context())
	bare.URL.Path, bare.URL.RawPath = strings.TrimPrefix(req.URL.Path, r.Prefix), ""
	if path.Clean(bare.URL.Path) != bare.URL.Path {
		r.Problems.Write(w, req, ErrNoRoute) // the mux would redirect, and lose the prefix
		return
	}
	_, pattern := r.mux.Handler(bare)
	if pattern == "" {
		r.Problems.Write(w, req, r.unknown(bare))
		return
	}
	method, route, _ := strings.Cut(pattern, " ")
	req.Pattern = method + " " + r.Prefix + route // for metrics and spans, which may not know ids
	inner.ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), problemsKey{}, r.Problems)))
}

type problemsKey struct{}

// takeOverErrors replaces huma's error answers, which repeat what was sent, by the bank's problems. Huma keeps the
// function for the whole process; the request's context says whose problems they are.
var takeOverErrors = sync.OnceFunc(func() {
	huma.NewErrorWithContext = func(ctx huma.Context, code int, message string, details ...error) huma.StatusError {
		p, ok := ctx.Context().Value(problemsKey{}).(*Problems)
		if !ok {
			return &Problem{Status: code, Code: "internal"}
		}
		return p.problem(fromHuma(code, message, details), localeOf(ctx), TraceOf(ctx.Context()))
	}
})

// unknown tells a wrong method from a path that does not exist.
func (r *Router) unknown(req *http.Request) error {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := req.Clone(req.Context())
		other.Method = method
		if _, pattern := r.mux.Handler(other); pattern != "" {
			return ErrMethod
		}
	}
	return ErrNoRoute
}

// Fail answers a request outside the routes, such as a page, with a problem.
func (r *Router) Fail(w http.ResponseWriter, req *http.Request, err error) {
	r.Problems.Write(w, req, err)
}

// Add registers a route. Handlers take and return structs in huma's form, and any error.
func Add[I, O any](r *Router, route Route, handle func(context.Context, *I) (*O, error)) {
	r.routes = append(r.routes, route)
	op := huma.Operation{
		Method: route.Method, Path: route.Path, OperationID: route.ID, Summary: route.Summary, Tags: []string{route.Tag},
		MaxBodyBytes: route.Guard.bodyMax(), BodyReadTimeout: bodyPatience, DefaultStatus: route.Status,
		Middlewares: huma.Middlewares{r.admit(route)}, Hidden: route.Hidden, Extensions: route.Guard.extensions(),
		Responses: r.refusals(route), Security: route.Guard.security(), Parameters: route.Guard.headers(),
	}
	huma.Register(r.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, r.refuse(ctx, err)
		}
		return out, nil
	})
	if route.Produces != "" {
		op.Responses[strconv.Itoa(http.StatusOK)] = &huma.Response{Description: "A file", Content: map[string]*huma.MediaType{
			route.Produces: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}
	}
	r.tightenLists()
}

// tightenLists makes every list of the description a list: huma lets null stand for an empty one.
func (r *Router) tightenLists() {
	for _, s := range r.api.OpenAPI().Components.Schemas.Map() {
		for _, property := range s.Properties {
			if property.Type == huma.TypeArray {
				property.Nullable = false
			}
		}
	}
}

// refusals describes the problems that a route may answer with.
func (r *Router) refusals(route Route) map[string]*huma.Response {
	all := make(map[string]*huma.Response)
	for _, status := range route.errors() {
		all[strconv.Itoa(status)] = &huma.Response{Ref: "#/components/responses/Problem"}
	}
	return all
}

// refuse writes an error for the caller; waits travel as a header too.
func (r *Router) refuse(ctx context.Context, err error) error {
	p := r.Problems.problem(err, CallOf(ctx).Locale, TraceOf(ctx))
	return withWait(p)
}
