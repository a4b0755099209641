package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const prefix = "/api/toy/v1"

// errRule is the refusal of a rule whose text shows a value.
var errRule = fault.New(fault.Rejected, "toy.rule")

// toy is an API of a few routes whose handlers tell what they were given.
type toy struct {
	*api.Router
	log     *bytes.Buffer
	got     thing
	call    api.Call
	failure error
}

type thing struct {
	Name   string    `json:"name" minLength:"1" maxLength:"20"`
	Amount api.Money `json:"amount"`
	Count  int       `json:"count,omitempty" minimum:"0" maximum:"9"`
	Tags   []string  `json:"tags,omitempty" maxItems:"3"`
	Inner  *thing    `json:"inner,omitempty"`
}

type thingIn struct{ Body thing }
type thingOut struct{ Body thing }
type nothing struct{}
type query struct {
	Cursor string `query:"cursor" maxLength:"10"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// people are the sessions of the toy: a token is a customer's name.
type people struct{}

var errEnded = fault.New(fault.Unauthenticated, "toy.session_ended")

func (people) Authenticate(_ context.Context, token, _ string) (api.Caller, error) {
	switch token {
	case "li":
		return api.Caller{By: act.Person("cust_li", "elsewhere")}, nil
	case "broken":
		return api.Caller{}, errors.New("the database is gone")
	}
	return api.Caller{}, errEnded
}

func newToy(t *testing.T) *toy {
	t.Helper()
	b := &toy{log: &bytes.Buffer{}}
	b.Router = api.New(api.Config{
		Title: "Toy", Version: "1", Prefix: prefix, Audience: "toy", Secure: true, Client: "2.1", Sessions: people{},
		Catalog: i18n.NewCatalog(api.Texts(), money.Texts(), i18n.Messages{errRule.Code(): {"最多{limit}", "最多 {limit}", "At most {limit}"}}),
		Log:     slog.New(slog.NewTextHandler(b.log, nil)), Limits: api.NewLimiter(0, time.Now), Origins: []string{"https://bank.example"},
	})
	take := func(ctx context.Context, in *thingIn) (*thingOut, error) {
		b.got, b.call = in.Body, api.CallOf(ctx)
		if b.failure != nil {
			return nil, b.failure
		}
		if _, err := in.Body.Amount.Parse("/amount"); err != nil {
			return nil, err
		}
		return &thingOut{in.Body}, nil
	}
	look := func(ctx context.Context, _ *query) (*nothing, error) {
		b.call = api.CallOf(ctx)
		return &nothing{}, b.failure
	}
	public, mine := api.Guard{Public: true}, api.Guard{Owner: api.Query}
	once := api.Guard{Owner: api.Query, Money: true, Once: true, Proof: api.IntentProof}
	proven := api.Guard{Owner: api.Self, Proof: "toy.change"}
	api.Add(b.Router, api.Route{Method: "POST", Path: "/things", ID: "addThing", Guard: public}, take)
	api.Add(b.Router, api.Route{Method: "POST", Path: "/either", ID: "either", Guard: api.Guard{Public: true, Either: true}}, take)
	api.Add(b.Router, api.Route{Method: "POST", Path: "/mine", ID: "addMine", Guard: mine}, take)
	api.Add(b.Router, api.Route{Method: "POST", Path: "/once", ID: "addOnce", Guard: once}, take)
	api.Add(b.Router, api.Route{Method: "POST", Path: "/proven", ID: "addProven", Guard: proven}, take)
	api.Add(b.Router, api.Route{Method: "GET", Path: "/things", ID: "listThings", Guard: public}, look)
	api.Add(b.Router, api.Route{Method: "GET", Path: "/mine", ID: "listMine", Guard: mine}, look)
	return b
}

const good = `{"name":"a","amount":{"amount":"1.00","currency":"CNY"}}`

// ask sends a request as the app does; change may spoil it.
func (b *toy) ask(t *testing.T, method, path, body string, change ...func(*http.Request)) answer {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, prefix+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Tongbao-Client", "toy/2.1")
	req.Header.Set("Accept-Language", "en")
	for _, c := range change {
		c(req)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, req)
	return read(t, w)
}

type answer struct {
	Status  int
	Header  http.Header
	Body    string
	Problem api.Problem
}

func read(t *testing.T, w *httptest.ResponseRecorder) answer {
	t.Helper()
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Status: w.Code, Header: w.Header(), Body: string(text)}
	if a.Status >= 400 {
		if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%d with content type %q: %s", a.Status, got, text)
		}
		if err := json.Unmarshal(text, &a.Problem); err != nil {
			t.Fatalf("%d is no problem: %s", a.Status, text)
		}
		if a.Problem.Status != a.Status || a.Problem.Code == "" || a.Problem.Title == "" || a.Problem.Title == a.Problem.Code {
			t.Errorf("problem %+v with status %d", a.Problem, a.Status)
		}
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Error("an answer may be kept by caches")
	}
	return a
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func cookie(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

var asLi = cookie("__Host-tongbao_toy", "li")

func TestAGoodRequestReachesItsHandler(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	a := b.ask(t, "POST", "/things", good)
	if a.Status != http.StatusOK || b.got.Name != "a" || a.Body != good {
		t.Errorf("%d %s, handler got %+v", a.Status, a.Body, b.got)
	}
}

func TestASessionSaysWhoActs(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for name, tc := range map[string]struct {
		change func(*http.Request)
		code   string
	}{
		"no session":           {func(*http.Request) {}, "session.required"},
		"a cookie":             {asLi, ""},
		"a bearer":             {header("Authorization", "Bearer li"), ""},
		"an ended session":     {cookie("__Host-tongbao_toy", "wang"), "session.required"},
		"an ended bearer":      {header("Authorization", "Bearer wang"), "session.required"},
		"another app's":        {cookie("__Host-tongbao_console", "li"), "session.required"},
		"a cookie any may set": {cookie("tongbao_toy", "li"), "session.required"},
		"a basic password":     {header("Authorization", "Basic li"), "session.required"},
		"a database away":      {cookie("__Host-tongbao_toy", "broken"), "internal"},
	} {
		a := b.ask(t, "GET", "/mine", "", tc.change)
		if a.Problem.Code != tc.code {
			t.Errorf("%s: %d %s, want %q", name, a.Status, a.Body, tc.code)
		}
	}
	b.ask(t, "GET", "/mine", "", asLi, func(r *http.Request) { *r = *r.WithContext(api.WithEdge(r.Context(), "203.0.113.9", "trace7")) })
	by := b.call.By
	if by.Customer() != id.Customer("cust_li") || by.Channel != "toy" || by.Address != "203.0.113.9" || by.Trace != "trace7" {
		t.Errorf("who acts: %+v", by)
	}
}

func TestAPublicRouteForEitherTakesASessionAndNeedsNone(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for name, tc := range map[string]struct {
		change func(*http.Request)
		who    id.Customer
		status int
	}{
		"nobody":           {func(*http.Request) {}, "", http.StatusOK},
		"a session":        {asLi, "cust_li", http.StatusOK},
		"an ended session": {cookie("__Host-tongbao_toy", "wang"), "", http.StatusOK},
		"a database away":  {cookie("__Host-tongbao_toy", "broken"), "", http.StatusInternalServerError},
	} {
		b.call = api.Call{}
		if a := b.ask(t, "POST", "/either", good, tc.change); a.Status != tc.status || b.call.By.Customer() != tc.who {
			t.Errorf("%s: %d as %q", name, a.Status, b.call.By.Customer())
		}
	}
	b.ask(t, "POST", "/things", good, asLi)
	if b.call.By.Customer() != "" || b.call.Token != "" {
		t.Error("a public route looks at the session")
	}
}

func TestOtherSitesCannotActThroughABrowser(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for name, tc := range map[string]struct {
		change []func(*http.Request)
		code   string
	}{
		"the app":                       {nil, ""},
		"the app, said by the browser":  {[]func(*http.Request){header("Sec-Fetch-Site", "same-origin"), header("Origin", "https://bank.example")}, ""},
		"its own host":                  {[]func(*http.Request){header("Origin", "http://example.com")}, ""},
		"no client header":              {[]func(*http.Request){func(r *http.Request) { r.Header.Del("X-Tongbao-Client") }}, "request.cross_site"},
		"another client":                {[]func(*http.Request){header("X-Tongbao-Client", "console/1")}, "request.cross_site"},
		"another site":                  {[]func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, "request.cross_site"},
		"a neighbour of the same site":  {[]func(*http.Request){header("Sec-Fetch-Site", "same-site")}, "request.cross_site"},
		"another origin":                {[]func(*http.Request){header("Origin", "https://evil.example")}, "request.cross_site"},
		"no origin at all":              {[]func(*http.Request){header("Origin", "null")}, "request.cross_site"},
		"a native app":                  {[]func(*http.Request){header("Authorization", "Bearer li"), func(r *http.Request) { r.Header.Del("X-Tongbao-Client") }}, ""},
		"a password the browser stored": {[]func(*http.Request){asLi, header("Authorization", "Basic bGk6bGk="), func(r *http.Request) { r.Header.Del("X-Tongbao-Client") }}, "request.cross_site"},
	} {
		b.got = thing{}
		a := b.ask(t, "POST", "/mine", good, append([]func(*http.Request){asLi}, tc.change...)...)
		if a.Problem.Code != tc.code || (tc.code != "") == (b.got.Name != "") {
			t.Errorf("%s: %d %s, handler got %+v", name, a.Status, a.Body, b.got)
		}
	}
}

func TestAnOldAppIsToldToUpdate(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for version, code := range map[string]string{
		"2.1": "", "2.1.5": "", "2.10": "", "3": "", "2": "client.too_old", "2.0.9": "client.too_old", "1.9": "client.too_old", "dev": "", "": "",
	} {
		if a := b.ask(t, "POST", "/things", good, header("X-Tongbao-Client", "toy/"+version)); a.Problem.Code != code {
			t.Errorf("version %q: %s, want %q", version, a.Problem.Code, code)
		}
	}
}

func TestMoneyNeedsAKeyAndChangesNeedAProof(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for key, code := range map[string]string{
		"": "request.required", "short": "request.bad_value", "0198c1d2-aaaa-4bbb": "", "with space here": "request.bad_value",
		strings.Repeat("k", 129): "request.bad_value", "键键键键": "request.bad_value",
	} {
		a := b.ask(t, "POST", "/once", good, asLi, header("Idempotency-Key", key))
		if a.Problem.Code != code {
			t.Errorf("key %q: %s, want %q", key, a.Problem.Code, code)
		}
	}
	if a := b.ask(t, "POST", "/proven", good, asLi); a.Status != http.StatusUnauthorized || a.Problem.Code != "stepup.required" || a.Problem.Params["purpose"] != "toy.change" {
		t.Errorf("without a proof: %s", a.Body)
	}
	if a := b.ask(t, "POST", "/proven", good, asLi, header("X-Tongbao-Proof", "p")); a.Status != http.StatusOK || b.call.Proof != "p" {
		t.Errorf("with a proof: %s", a.Body)
	}
}
