package mobile_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveRing()
	os.Exit(code)
}

// life is two people between whom everything has happened that a list can show.
type life struct {
	*apptest.Bank
	li, wang *apptest.Person
	transfer string
	code     string            // of li's receipt
	things   map[string]string // of li: ids by the route's folder
}

func newLife(t *testing.T) life {
	t.Helper()
	const before = 7 * 24 * time.Hour // in February, so that there is a statement of it
	b := apptest.Start(t, apptest.Options{Now: apptest.Morning().Add(-before)})
	x := life{Bank: b, li: b.NewPerson(apptest.Has("1051.00")), wang: b.NewPerson()}
	b.Pass(before)
	if err := b.CloseDays(t.Context()); err != nil {
		t.Fatal(err)
	}
	x.li.SignIn()
	x.wang.SignIn()
	if made, err := b.Insight.Statements(t.Context()); err != nil || made != 2 {
		t.Fatalf("%d statements: %v", made, err)
	}
	paid := x.li.Pay(x.wang, "12.50").Is(http.StatusCreated)
	x.transfer = paid.At("id")
	late := x.li.Send(x.li.Post("/transfers/check", apptest.Change(x.li.Draft(x.wang, "7.00"), "arrival", "next_day"))).Is(http.StatusCreated)
	receipt := x.li.Post("/transfers/"+x.transfer+"/receipt", nil).Is(http.StatusCreated)
	x.code = receipt.At("code")
	payee := x.li.Post("/payees", map[string]any{"payee": map[string]any{"accountNumber": x.wang.Number}, "nickname": "noodles"}).Is(http.StatusCreated)
	export := x.li.Post("/me/exports", nil).Is(http.StatusCreated)
	deposit := x.saved("50.00")
	bulk := x.li.SendBulk(x.li.Post("/bulk-payments/check", x.li.BulkDraft("1.00", x.wang))).Is(http.StatusCreated)
	exchange := x.li.Exchanged()
	b.Drain()
	x.things = map[string]string{
		"transfers": late.At("id"), "payees": payee.At("id"), "accounts": string(x.li.Account), "exports": export.At("id"), "deposits": deposit, "bulk-payments": bulk.At("id"), "exchanges": exchange,
		"transactions": x.li.Get("/transactions").At("items.0.id"), "messages": x.li.Get("/messages").At("items.0.id"),
		"sessions": x.li.Get("/sessions").At("items.0.id"), "devices": x.li.Get("/devices").At("items.0.id"),
		"statements": x.li.Get("/insight/statements").At("items.0.id"), "passkeys": "pkey_00dkfw3m9r2vtq8x1c5n7b4k6s",
	}
	for folder, thing := range x.things {
		if thing == "" {
			t.Fatalf("li has none of %s", folder)
		}
	}
	return x
}

// saved opens a term deposit of li's.
func (x life) saved(yuan string) string {
	checked := x.li.Post("/deposits/check", map[string]any{
		"act": "open", "productCode": "term_1y", "accountId": x.li.Account, "amount": map[string]any{"amount": yuan, "currency": "CNY"},
	}).Is(http.StatusOK)
	return x.li.Post("/deposits", map[string]any{
		"quote": checked.At("quote"), "proof": map[string]any{"method": "pin", "pin": apptest.PIN},
	}, apptest.NewKey()).Is(http.StatusCreated).At("id")
}

// path puts li's things into a route's path.
func (x life) path(t *testing.T, route api.Route) string {
	t.Helper()
	if !strings.Contains(route.Path, "{") {
		return route.Path
	}
	if fixed := strings.NewReplacer("{year}", "2025", "{category}", "dining").Replace(route.Path); fixed != route.Path {
		return fixed
	}
	before, after, _ := strings.Cut(route.Path, "/{id}")
	thing := x.things[before[strings.LastIndexByte(before, '/')+1:]]
	if strings.HasPrefix(after, "/receipt") {
		thing = x.transfer
	}
	if thing == "" {
		t.Fatalf("%s: nothing to put into the path", route.Path)
	}
	path := before + "/" + thing + after
	if strings.HasPrefix(path, "/accounts/") && strings.Contains(path, "/statement.") {
		path += "?from=2025-03-01&to=2025-03-04"
	}
	return path
}

// strongly proves a person by two factors.
func (x life) strongly(p *apptest.Person, purpose string) apptest.Header {
	x.Time.Advance(2 * time.Minute) // codes have a wait between them
	sent := p.Post("/codes", map[string]any{"purpose": "step_up"}).Is(http.StatusCreated)
	a := p.Post("/step-ups", map[string]any{
		"purpose": purpose, "method": "password_and_code", "password": apptest.Password, "challengeId": sent.At("challengeId"), "code": x.Inbox(p.Phone),
	}).Is(http.StatusCreated)
	return apptest.Proof(a.At("proof"))
}

func TestEverythingThatCanBeReadIsReadAsDescribed(t *testing.T) {
	t.Parallel()
	x := newLife(t)
	d := parsed(t, described(t))
	for _, route := range x.MobileRouter("test").Routes() {
		if route.Method != http.MethodGet || route.Guard.Proof != "" {
			continue
		}
		for _, locale := range []string{"zh-Hans", "zh-Hant", "en"} {
			x.li.Locale = locale
			a := x.li.Get(x.path(t, route)).Is(http.StatusOK)
			if route.Produces == "" {
				a.Hasnt(append(x.li.Private(), x.wang.Private()...)...)
				a.Hasnt("0001-01-01", `"title":"payment.`, `"title":"customer.`, `"title":"auth.`, `"items":null`)
				answer := in(d, "paths", route.Path, "get", "responses", "200", "content", "application/json", "schema")
				var value any
				if err := json.Unmarshal([]byte(a.Body), &value); err != nil {
					t.Fatal(err)
				}
				for _, wrong := range unlike(d, answer, value, route.Path) {
					t.Error(wrong)
				}
				continue
			}
			if got := a.Header.Get("Content-Type"); got != route.Produces {
				t.Errorf("%s is %s, want %s", route.Path, got, route.Produces)
			}
			if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename=\"") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: headers %v", route.Path, a.Header)
			}
		}
	}
}

// unlike says where a value is not what its schema describes: a field that is missing or unknown, another type, a word
// that is no choice. A client that is generated from the description believes all of that.
func unlike(d, schema node, value any, at string) []string {
	if ref, ok := schema["$ref"].(string); ok {
		return unlike(d, in(d, "components", "schemas", ref[strings.LastIndexByte(ref, '/')+1:]), value, at)
	}
	kinds := words(schema, "type")
	if kind, ok := schema["type"].(string); ok {
		kinds = []string{kind}
	}
	kind := map[bool]string{true: "integer", false: "number"}
	is := "null"
	switch v := value.(type) {
	case node:
		is = "object"
	case []any:
		is = "array"
	case string:
		is = "string"
	case bool:
		is = "boolean"
	case float64:
		is = kind[v == math.Trunc(v)]
	}
	if !slices.Contains(kinds, is) {
		return []string{fmt.Sprintf("%s is %s, described as %v", at, is, kinds)}
	}
	var found []string
	switch v := value.(type) {
	case node:
		for _, name := range words(schema, "required") {
			if _, there := v[name]; !there {
				found = append(found, at+"."+name+" is missing")
			}
		}
		for name, field := range v {
			described := in(schema, "properties", name)
			if described == nil {
				found = append(found, at+"."+name+" is not described")
				continue
			}
			found = append(found, unlike(d, described, field, at+"."+name)...)
		}
	case []any:
		for _, item := range v {
			found = append(found, unlike(d, in(schema, "items"), item, at+"[]")...)
		}
	case string:
		if choices := words(schema, "enum"); len(choices) > 0 && !slices.Contains(choices, v) {
			found = append(found, fmt.Sprintf("%s is %q, described as one of %v", at, v, choices))
		}
	}
	return found
}

func TestAnswersThatAreNotAsDescribedAreFound(t *testing.T) {
	t.Parallel()
	d := parsed(t, described(t))
	for text, want := range map[string]string{
		`{"code":"a","title":"b"}`:          "",
		`{"code":"a"}`:                      "r.title is missing",
		`{"code":1,"title":"b"}`:            "r.code is integer",
		`{"code":"a","title":"b","more":1}`: "r.more is not described",
		`{"code":"a","title":null}`:         "r.title is null",
		`[]`:                                "r is array",
	} {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		found := strings.Join(unlike(d, node{"$ref": "#/components/schemas/Reason"}, value, "r"), "\n")
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want %q", text, found, want)
		}
	}
	if found := unlike(d, in(d, "components", "schemas", "ToDo"), node{"kind": "dance"}, "r"); len(found) != 1 {
		t.Errorf("a word that is no choice: %v", found)
	}
}

func TestWithoutASessionNothingIsSaidOrDone(t *testing.T) {
	t.Parallel()
	x := newLife(t)
	stranger := x.Native()
	for _, route := range x.MobileRouter("test").Routes() {
		if route.Guard.Public {
			continue
		}
		stranger.Do(route.Method, x.path(t, route), map[string]any{}, apptest.NewKey(), apptest.Proof("p")).Refused(http.StatusUnauthorized, "session.required")
	}
	x.li.Get("/home").Is(http.StatusOK).Has(`"unread"`, "987.50")
}

func TestWhatIsAnothersIsNotFound(t *testing.T) {
	t.Parallel()
	x := newLife(t)
	mallory := x.NewPerson(apptest.Has("5.00"))
	before := x.li.Get("/home").Is(http.StatusOK).Body
	asked := 0
	for _, route := range x.MobileRouter("test").Routes() {
		if !strings.Contains(route.Path, "{id}") {
			continue
		}
		asked++
		body := any(map[string]any{"nickname": "mine now"})
		switch special := map[string]any{
			"/transactions/{id}/category":   map[string]any{"category": "dining", "always": false},
			"/deposits/{id}/rollover":       map[string]any{"rollover": "none"},
			"/deposits/{id}/notices":        map[string]any{"amount": map[string]any{"amount": "1.00", "currency": "CNY"}, "on": "2025-04-01"},
			"/deposits/{id}/notices/cancel": map[string]any{"noticeId": "nobody"},
		}[route.Path]; {
		case special != nil:
			body = special
		case route.Method != http.MethodPatch && route.Method != http.MethodPut:
			body = nil
		}
		proof := apptest.Proof("p")
		if p := route.Guard.Proof; p != "" {
			proof = x.strongly(mallory, p)
		}
		a := mallory.Do(route.Method, x.path(t, route), body, proof, apptest.NewKey())
		if a.Status != http.StatusNotFound || !a.Problem() {
			t.Errorf("%s %s as another: %d %s", route.Method, route.Path, a.Status, a.Body)
		}
		a.Hasnt(x.li.Private()...)
	}
	if asked < 15 {
		t.Errorf("only %d routes name a thing", asked)
	}
	if after := x.li.Get("/home").Is(http.StatusOK).Body; after != before {
		t.Errorf("li's home changed:\n%s\n%s", before, after)
	}
}

func TestTheHomeScreenAgreesWithItself(t *testing.T) {
	t.Parallel()
	x := newLife(t)
	x.li.Get("/home").Is(http.StatusOK).Has(
		`"total":{"amount":"987.50","currency":"CNY"}`, `"booked":{"amount":"987.50","currency":"CNY"}`, `"held":{"amount":"7.00","currency":"CNY"}`,
		`"available":{"amount":"980.50","currency":"CNY"}`, `"kind":"add_passkey"`, `"direction":"out"`, `"kind":"mobile_day"`,
	).Hasnt(`"kind":"set_pin"`, `"kind":"verify"`, `"kind":"open_account"`)
	newcomer := x.NewPerson(apptest.Level(0), apptest.NoPIN())
	newcomer.Get("/home").Is(http.StatusOK).Has(`"kind":"verify"`, `"accounts":[]`, `"recent":[]`, `"total":{"amount":"0.00","currency":"CNY"}`).
		Hasnt(`"kind":"open_account"`, `"kind":"set_pin"`)
	x.NewPerson(apptest.NoAccount(), apptest.NoPIN()).Get("/home").Is(http.StatusOK).Has(`"kind":"open_account"`)
	x.NewPerson(apptest.NoPIN()).Get("/home").Is(http.StatusOK).Has(`"kind":"set_pin"`)
	x.li.Post("/me/freeze", nil).Is(http.StatusOK).Has(`"state":"frozen"`)
	x.li.Get("/home").Is(http.StatusOK).Has(`"toDos":[{"kind":"unfreeze"}`)
}

func TestTheReceiptPageConfirmsAndHides(t *testing.T) {
	t.Parallel()
	x := newLife(t)
	reader := x.Browser()
	for locale, want := range map[string][]string{
		"zh-Hans": {`<html lang="zh-Hans">`, "电子回单核验", "交易成功"},
		"zh-Hant": {`<html lang="zh-Hant">`, "電子回單核驗"},
		"en":      {`<html lang="en">`, "Receipt check", "Settled", "12.50", "壹拾贰元伍角整"},
	} {
		a := reader.Get("/r/" + x.code + "?lang=" + locale).Is(http.StatusOK).Has(want...)
		a.Hasnt(append(x.li.Private(), x.wang.Private()...)...).Hasnt(x.li.Number, x.wang.Number, x.transfer, "<script", "payment.receipt", "page.receipt")
		for name, value := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"X-Robots-Tag": "noindex, nofollow, noarchive", "X-Content-Type-Options": "nosniff",
		} {
			if got := a.Header.Get(name); got != value {
				t.Errorf("%s: %q, want %q", name, got, value)
			}
		}
		if policy := a.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q", policy)
		}
	}
	if a := reader.Get("/r/style.css").Is(http.StatusOK); a.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("style: %v", a.Header)
	}
	for _, wrong := range []string{"x", x.code + "x", x.code[1:], strings.Repeat("a", 300), "%3Cscript%3E"} {
		reader.Get("/r/"+wrong+"?lang=en").Is(http.StatusNotFound).Has("cannot be found").Hasnt("<script", "12.50", x.code)
	}
	x.li.Do(http.MethodDelete, "/transfers/"+x.transfer+"/receipt", nil).Is(http.StatusNoContent)
	reader.Get("/r/" + x.code).Is(http.StatusNotFound).Hasnt("12.50")
}

func TestTheReceiptPageCountsAddresses(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{RateScale: 1, Quiet: true})
	reader, open := b.Browser(), 0
	for range 130 {
		a := reader.Get("/r/guess")
		if a.Status == http.StatusNotFound {
			open++
			continue
		}
		a.Is(http.StatusTooManyRequests)
		if a.Header.Get("Retry-After") == "" {
			t.Error("no time to wait is told")
		}
	}
	if open < 120 || open > 125 {
		t.Errorf("%d guesses in an hour, want 120", open)
	}
}
