package app_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// belongings are ids of things of one person, by the route that is about such a thing.
func belongings(t *testing.T, b *apptest.Bank, owner, friend *apptest.Person) map[string]string {
	t.Helper()
	transfer := owner.Pay(friend, "1.00").Is(http.StatusCreated).At("id")
	delayed := arriving(owner, friend, "1.00", "ordinary").Is(http.StatusCreated).At("id")
	owner.Post("/transfers/"+transfer+"/receipt", nil).Is(http.StatusCreated)
	payee := owner.Post("/payees", map[string]any{"payee": map[string]any{"accountNumber": friend.Number}, "nickname": "friend"}).Is(http.StatusCreated).At("id")
	b.Drain()
	other := owner.Another()
	first := func(path, field string) string {
		t.Helper()
		if v := owner.Get(path).Is(http.StatusOK).At("items.0." + field); v != "" {
			return v
		}
		t.Errorf("%s has no items.0.%s", path, field)
		return ""
	}
	deposit := save(owner, map[string]any{"act": "open", "productCode": "term_1y", "accountId": owner.Account, "amount": cny("50.00")}).Is(http.StatusCreated).At("id")
	bulk := owner.SendBulk(owner.Post("/bulk-payments/check", owner.BulkDraft("1.00", friend))).Is(http.StatusCreated).At("id")
	export := owner.Post("/me/exports", nil).Is(http.StatusCreated).At("id")
	return map[string]string{
		"/accounts": string(owner.Account), "/transfers": transfer, "/transfers/{id}/cancel": delayed, "/payees": payee,
		"/messages": first("/messages", "id"), "/devices": first("/devices", "id"), "/sessions": string(other.By.Session),
		"/transactions": first("/transactions", "id"), "/passkeys": string(id.New[id.Passkey](b.Time.Now())), "/me/exports": export, "/deposits": deposit, "/bulk-payments": bulk, "/exchanges": owner.Exchanged(),
		"/insight/statements": string(id.New[id.Statement](b.Time.Now())), // wang has none yet; insight_test.go walks those that there are
	}
}

// thing finds the id that a route's path shall carry: by the whole path first, then by what stands before {id}.
func thing(route api.Route, ids map[string]string) (string, bool) {
	if v, ok := ids[route.Path]; ok {
		return v, true
	}
	before, _, _ := strings.Cut(route.Path, "/{id}")
	v, ok := ids[before]
	return v, ok
}

func TestEveryRouteKeepsToTheCallersOwnThings(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		wang, zhang, li := b.NewPerson(apptest.Has("100.00")), b.NewPerson(), b.NewPerson(apptest.Has("100.00"))
		ids := belongings(t, b, wang, zhang)
		seen := regexp.MustCompile(`"seenAt":"[^"]*",?`) // which looking changes
		state := func() string {
			var all strings.Builder
			for _, path := range []string{"/accounts", "/payees", "/messages", "/devices", "/sessions", "/transactions", "/me", "/limits", "/transfers/" + ids["/transfers/{id}/cancel"]} {
				all.WriteString(seen.ReplaceAllString(wang.Get(path).Is(http.StatusOK).Body, ""))
			}
			return all.String()
		}
		b.Drain() // the message that the copy of his data is ready
		before, walked := state(), 0
		for _, route := range b.MobileRouter("test").Routes() {
			if !strings.Contains(route.Path, "{id}") {
				continue
			}
			another, known := thing(route, ids)
			if !known || route.Guard.Public {
				t.Errorf("%s %s: say whose thing it is", route.Method, route.Path)
				continue
			}
			walked++
			path := strings.ReplaceAll(route.Path, "{id}", another)
			if strings.HasPrefix(path, "/accounts/") && strings.Contains(path, "/statement.") {
				path += "?from=2025-03-01&to=2025-03-04"
			}
			var body any
			if route.Method == http.MethodPatch {
				body = map[string]any{"nickname": "mine now"}
			}
			if b, wanted := bodies[route.Path]; wanted && route.Method != http.MethodGet {
				body = b
			}
			var headers []apptest.Header
			if route.Guard.Proof != "" {
				headers = append(headers, li.StepUpStrongly(route.Guard.Proof))
				b.Time.Advance(time.Minute) // until another code may be asked for
			}
			if route.Guard.Once {
				headers = append(headers, apptest.NewKey())
			}
			a := li.Do(route.Method, path, body, headers...).Is(http.StatusNotFound).Hasnt(another).Hasnt(wang.Private()...).Hasnt(zhang.Private()...)
			if !a.Problem() {
				t.Errorf("%s: no problem: %s", a.What, a.Body)
			}
			// What exists and what does not is refused alike.
			none := li.Do(route.Method, strings.ReplaceAll(path, another, missing(another)), body, headers...)
			if none.Status != a.Status || none.Code() != a.Code() {
				t.Errorf("%s: another's is %d %s, nobody's %d %s", a.What, a.Status, a.Code(), none.Status, none.Code())
			}
		}
		if walked < 15 {
			t.Errorf("only %d routes walked", walked)
		}
		li.Post("/transfers/check", apptest.Change(li.Draft(wang, "1.00"), "payee", map[string]any{"payeeId": ids["/payees"]})).Refused(http.StatusNotFound, "payment.payee_not_found")
		li.Get("/transactions?accountId="+ids["/accounts"]).Hasnt(`"amount"`, zhang.Name)
		li.Get("/transactions.csv?accountId="+ids["/accounts"]).Hasnt(`1.00`, zhang.Name)
		for _, route := range b.MobileRouter("test").Routes() {
			if route.Method != http.MethodGet || route.Guard.Public || strings.Contains(route.Path, "{id}") {
				continue
			}
			a := li.Get(route.Path).Hasnt(wang.Private()...).Hasnt(string(wang.Customer), wang.Number)
			for _, another := range ids {
				a.Hasnt(another)
			}
		}
		if after := state(); after != before {
			t.Errorf("what is wang's changed: %s", difference(before, after))
		}
		b.Verify()
	})
}

// bodies are what routes want before they look whose thing it is.
var bodies = map[string]any{
	"/transactions/{id}/category":   map[string]any{"category": "dining", "always": false},
	"/deposits/{id}/rollover":       map[string]any{"rollover": "none"},
	"/deposits/{id}/notices":        map[string]any{"amount": cny("1.00"), "on": "2025-04-01"},
	"/deposits/{id}/notices/cancel": map[string]any{"noticeId": "nobody"},
}

// missing is an id of the same kind that nobody has.
func missing(like string) string {
	last := like[len(like)-1]
	if last == '0' {
		return like[:len(like)-1] + "1"
	}
	return like[:len(like)-1] + "0"
}

func TestWithoutASessionOrWithAConsolesNothingOpens(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	var console auth.SignedIn
	err := b.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		console, err = b.Auth.OpenSession(t.Context(), tx, li.By, auth.Client{Audience: auth.Console}, auth.Principal(li.Customer))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := li.Another()
	ended.Do(http.MethodDelete, "/session", nil).Is(http.StatusNoContent)
	token := console.Token.Reveal()
	walked := 0
	for _, route := range b.MobileRouter("test").Routes() {
		if route.Guard.Public {
			continue
		}
		walked++
		path := strings.ReplaceAll(route.Path, "{id}", string(li.Account))
		for name, headers := range map[string][]apptest.Header{
			"nothing":                      nil,
			"the console's cookie":         {{"Cookie", "__Host-tongbao_console=" + token}},
			"it under the app's name":      {{"Cookie", "__Host-tongbao_mobile=" + token}},
			"it as bearer":                 {{"Authorization", "Bearer " + token}},
			"a session that has ended":     {{"Authorization", "Bearer " + ended.Token}},
			"a cookie of no session":       {{"Cookie", "__Host-tongbao_mobile=" + strings.Repeat("A", 43)}},
			"a token that is far too long": {{"Authorization", "Bearer " + strings.Repeat("A", 4000)}},
		} {
			a := b.Native().Do(route.Method, path, nil, append(headers, apptest.NewKey())...)
			if a.Status != http.StatusUnauthorized || a.Code() != "session.required" || !a.Problem() {
				t.Errorf("%s with %s: %d %s", a.What, name, a.Status, a.Body)
			}
		}
	}
	if walked < 50 {
		t.Errorf("only %d routes walked", walked)
	}
	li.Get("/session").Is(http.StatusOK)
}

func TestAnotherSiteCannotMakeABrowserAct(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{Quiet: true})
	li := b.NewPerson(apptest.Level(0), apptest.NoPIN())
	cookie := apptest.Header{"Cookie", "__Host-tongbao_mobile=" + li.Token}
	browser := b.Browser()
	browser.Do(http.MethodPatch, "/me", map[string]any{"nickname": "Li"}, cookie).Is(http.StatusOK)
	for name, h := range map[string]apptest.Header{
		"without the client's header": {"X-Tongbao-Client", ""},
		"for another audience":        {"X-Tongbao-Client", "console/1.0.0"},
		"from another site":           {"Sec-Fetch-Site", "cross-site"},
		"from a sibling":              {"Sec-Fetch-Site", "same-site"},
		"from another origin":         {"Origin", "https://evil.example"},
		"from no origin":              {"Origin", "null"},
	} {
		if a := browser.Do(http.MethodPatch, "/me", map[string]any{"nickname": "Evil"}, cookie, h); a.Status != http.StatusForbidden || a.Code() != "request.cross_site" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	browser.Do(http.MethodPatch, "/me", map[string]any{"nickname": "Old"}, cookie, apptest.Header{"X-Tongbao-Client", "mobile/0.9.9"}).Refused(http.StatusConflict, "client.too_old")
	li.Get("/me").Is(http.StatusOK).Has(`"nickname":"Li"`)
}

// difference is where two texts part, with a little before it.
func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	const around = 150
	cut := func(s string) string { return s[max(0, i-around):min(len(s), i+around)] }
	return cut(a) + "\n" + cut(b)
}
