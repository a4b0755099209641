package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

func TestEachKindOfFaultHasItsStatus(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for name, tc := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"invalid":          {fault.New(fault.Invalid, "request.bad_value"), 400, "request.bad_value"},
		"unauthenticated":  {fault.New(fault.Unauthenticated, "stepup.required"), 401, "stepup.required"},
		"denied":           {fault.New(fault.Denied, "request.cross_site"), 403, "request.cross_site"},
		"not found":        {fault.New(fault.NotFound, "db.not_found"), 404, "db.not_found"},
		"conflict":         {fault.New(fault.Conflict, "once.running"), 409, "once.running"},
		"rejected":         {errRule, 422, "toy.rule"},
		"asks too often":   {fault.New(fault.Busy, "request.too_many"), 429, "request.too_many"},
		"bank has no room": {fault.New(fault.Busy, "db.busy"), 503, "db.busy"},
		"internal":         {fault.New(fault.Internal, "ledger.unbalanced"), 500, "internal"},
		"wrapped":          {fmt.Errorf("send: %w", errRule), 422, "toy.rule"},
		"no fault":         {errors.New("pq: column secret does not exist"), 500, "internal"},
	} {
		b.failure = tc.err
		a := b.ask(t, "GET", "/things", "")
		if a.Status != tc.status || a.Problem.Code != tc.code {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		if strings.Contains(a.Body, "pq:") || strings.Contains(a.Body, "unbalanced") {
			t.Errorf("%s: tells its inside: %s", name, a.Body)
		}
	}
	if n := strings.Count(b.log.String(), "request failed"); n != 2 {
		t.Errorf("%d internal errors in the log, want 2:\n%s", n, b.log)
	}
}

func TestAProblemSpeaksThePersonsLanguage(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	b.failure = errRule.With("limit", "¥500")
	for accept, want := range map[string]string{
		"zh-CN,zh;q=0.9": "最多¥500", "zh-HK": "最多 ¥500", "en-GB": "At most ¥500", "fr": "At most ¥500", "": "最多¥500",
	} {
		if a := b.ask(t, "GET", "/things", "", header("Accept-Language", accept)); a.Problem.Title != want || a.Problem.Params["limit"] != "¥500" {
			t.Errorf("%q: %s, want %q", accept, a.Body, want)
		}
	}
	own := b.ask(t, "GET", "/things", "", header("X-Tongbao-Locale", "zh-Hant"))
	if own.Problem.Title != "最多 ¥500" {
		t.Errorf("the app's own choice does not win: %s", own.Problem.Title)
	}
	unknown := b.ask(t, "GET", "/nowhere", "", header("Accept-Language", "zh-TW"))
	if unknown.Problem.Title != "沒有這個網址。" {
		t.Errorf("outside the routes: %s", unknown.Body)
	}
}

func TestAPeerThatHasGoneIsNoFailureOfTheBank(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	b.failure = fmt.Errorf("read accounts: %w", context.Canceled)
	if a := b.ask(t, "GET", "/things", ""); a.Status >= 500 || b.log.Len() > 0 {
		t.Errorf("%d %s", a.Status, b.log)
	}
}

func TestAWaitTravelsAsHeaderAndInTheProblem(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	b.failure = fault.New(fault.Busy, "request.too_many").Wait(1500 * time.Millisecond)
	a := b.ask(t, "GET", "/things", "")
	if a.Header.Get("Retry-After") != "2" || a.Problem.RetryAfter != 2 {
		t.Errorf("%v %s", a.Header, a.Body)
	}
}

func TestFieldsAreNamedByPointerAndValuesAreNeverRepeated(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	const secret = "13800138000"
	for name, tc := range map[string]struct {
		path, body, code, pointer string
	}{
		"too long":             {"/things", `{"name":"` + secret + secret + `","amount":{"amount":"1","currency":"CNY"}}`, "request.bad_value", "/name"},
		"missing":              {"/things", `{"amount":{"amount":"1","currency":"CNY"}}`, "request.required", "/name"},
		"missing further down": {"/things", `{"name":"a","amount":{"amount":"1"}}`, "request.required", "/amount/currency"},
		"a number as a text":   {"/things", `{"name":` + secret + `,"amount":{"amount":"1","currency":"CNY"}}`, "request.bad_value", "/name"},
		"a wrong amount":       {"/things", `{"name":"a","amount":{"amount":"` + secret + `x","currency":"CNY"}}`, "request.bad_value", "/amount/amount"},
		"too precise":          {"/things", `{"name":"a","amount":{"amount":"1.234","currency":"CNY"}}`, "money.too_precise", "/amount/amount"},
		"unknown currency":     {"/things", `{"name":"a","amount":{"amount":"1","currency":"QQQ"}}`, "money.unknown_currency", "/amount/currency"},
		"an unknown field":     {"/things", `{"name":"a","` + secret + `":1,"amount":{"amount":"1","currency":"CNY"}}`, "request.unknown_field", "/"},
		"unknown further down": {"/things", `{"name":"a","amount":{"amount":"1","currency":"CNY","` + secret + `":"x"}}`, "request.unknown_field", "/amount"},
		"too many":             {"/things", `{"name":"a","tags":["` + secret + `","","",""],"amount":{"amount":"1","currency":"CNY"}}`, "request.bad_value", "/tags"},
		"an unknown parameter": {"/things?" + secret + "=1", good, "request.unknown_field", "query"},
	} {
		a := b.ask(t, "POST", tc.path, tc.body, header("Accept-Language", "en"))
		switch {
		case a.Status != http.StatusBadRequest || a.Problem.Code != tc.code:
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		case len(a.Problem.Fields) == 0 || a.Problem.Fields[0].Pointer != tc.pointer:
			t.Errorf("%s: fields %+v, want %s", name, a.Problem.Fields, tc.pointer)
		case strings.Contains(a.Body, secret):
			t.Errorf("%s: repeats what was sent: %s", name, a.Body)
		}
	}
	if strings.Contains(b.log.String(), secret) {
		t.Errorf("the log has what was sent: %s", b.log)
	}
}

func TestParametersAreCheckedAsBodiesAre(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for _, q := range []string{"limit=0", "limit=101", "limit=x", "limit=1&limit=2", "cursor=01234567890", "cursor=%00", "cursor=%E2%80%AE", "cursor=%ff", "cursor=%zz", "other=1", "a;b"} {
		if a := b.ask(t, "GET", "/things?"+q, ""); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", q, a.Status, a.Body)
		}
	}
	if a := b.ask(t, "GET", "/things?limit=100&cursor=abc", ""); a.Status >= 300 {
		t.Errorf("a good query: %d %s", a.Status, a.Body)
	}
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for _, tc := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/nowhere", 404}, {"GET", "/", 404}, {"GET", "", 404}, {"DELETE", "/things", 405}, {"GET", "/once", 405},
		{"GET", "//things", 404}, {"GET", "/things/", 404}, {"GET", "/a/../things", 404}, {"GET", "/things%2F", 404}, {"TRACE", "/things", 405},
	} {
		if a := b.ask(t, tc.method, tc.path, ""); a.Status != tc.status {
			t.Errorf("%s %s: %d %s, want %d", tc.method, tc.path, a.Status, a.Body, tc.status)
		}
	}
}

func TestAddressesBelieveOnlyTrustedProxies(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		peer, forwarded string
		want            string
	}{
		"no proxy":                       {"203.0.113.9:4711", "", "203.0.113.9"},
		"a stranger who claims":          {"203.0.113.9:4711", "198.51.100.7", "203.0.113.9"},
		"a trusted proxy":                {"10.0.0.2:4711", "198.51.100.7", "198.51.100.7"},
		"two trusted proxies":            {"10.0.0.2:4711", "198.51.100.7, 10.0.0.3", "198.51.100.7"},
		"a client that claims, by proxy": {"10.0.0.2:4711", "192.0.2.1, 198.51.100.7", "198.51.100.7"},
		"nonsense":                       {"10.0.0.2:4711", "unknown", "10.0.0.2"},
		"a trusted proxy without header": {"10.0.0.2:4711", "", "10.0.0.2"},
		"IPv6":                           {"[2001:db8::1]:4711", "", "2001:db8::1"},
		"IPv4 in IPv6":                   {"[::ffff:10.0.0.2]:4711", "198.51.100.7", "198.51.100.7"},
	} {
		if got := addressOf(t, tc.peer, tc.forwarded); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestCookiesAreTheHostsOwn(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	c := b.SessionCookie("token", time.Hour)
	if c.Name != "__Host-tongbao_toy" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 3600 {
		t.Errorf("%+v", c)
	}
	if ended := b.SessionCookie("", 0); ended.MaxAge >= 0 {
		t.Errorf("an ended session keeps its cookie: %+v", ended)
	}
	if d := b.DeviceCookie("token", time.Hour); d.Name != "__Host-tongbao_toy_device" {
		t.Errorf("%+v", d)
	}
	plain := api.New(api.Config{Audience: "toy", Limits: api.NewLimiter(0, time.Now)})
	if c := plain.SessionCookie("token", time.Hour); c.Name != "tongbao_toy" || c.Secure {
		t.Errorf("over plain HTTP: %+v", c)
	}
}

// slow is a body that does not arrive in time.
type slow struct{}

func (slow) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

func TestABodyThatDoesNotArriveIsATimeout(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	a := b.ask(t, "POST", "/things", good, func(r *http.Request) { r.Body = io.NopCloser(slow{}) })
	if a.Status != http.StatusRequestTimeout || a.Problem.Code != "request.timeout" || b.got.Name != "" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
