package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// shared is a folder of the data beside the repository; tests that need it are skipped where it is absent.
func shared(t *testing.T, folder string) string {
	t.Helper()
	at, err := os.Getwd()
	for ; err == nil && at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, missing := os.Stat(filepath.Join(at, "go.mod")); missing == nil {
			path := filepath.Join(filepath.Dir(at), "shared", "data", folder)
			if _, absent := os.Stat(path); absent != nil {
				t.Skipf("shared data is absent: %v", absent)
			}
			return path
		}
	}
	t.Skip("no go.mod above: shared data cannot be found")
	return ""
}

// naughty are the strings of all lists, once each: attacks, and tables of characters and of common passwords. Every attack is
// tried on every field in the long form; the tables, which hold tens of thousands of lines of one kind, are drawn from.
func naughty(t *testing.T) (attacks, tables []string) {
	t.Helper()
	folder := shared(t, "bad_input")
	var blns []string
	text, err := os.ReadFile(filepath.Join(folder, "blns.json"))
	if err == nil {
		err = json.Unmarshal(text, &blns)
	}
	if err != nil {
		t.Fatal(err)
	}
	attacks = lines(t, folder, blns, "sqli", "xss", "traversal_cmd", "nosql_xxe_ssti")
	return attacks, lines(t, folder, nil, "unicode", "passwords")
}

// lines are the lines of the files of lists, and others, once each.
func lines(t *testing.T, folder string, others []string, lists ...string) []string {
	t.Helper()
	all := make(map[string]bool)
	for _, s := range others {
		all[s] = true
	}
	for _, list := range lists {
		files, err := filepath.Glob(filepath.Join(folder, list, "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %d files", list, err, len(files))
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				all[strings.TrimRight(line, "\r\n")] = true
			}
		}
	}
	delete(all, "")
	return slices.Sorted(maps.Keys(all))
}

// field is a place where a text of the caller's enters the bank.
type field struct {
	op   operation
	in   string   // body, query or path
	name string   // of a parameter
	path []string // into the body
}

func (f field) String() string {
	return f.op.ID + " " + f.in + " " + f.name + strings.Join(f.path, ".")
}

// operation is a route as the description tells it.
type operation struct {
	ID, method, path string
	body             map[string]any // one that is as valid as the description can make it
}

// schema is the part of a JSON schema that the description uses.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
	Enum       []any             `json:"enum"`
	Examples   []any             `json:"examples"`
	Minimum    float64           `json:"minimum"`
	Encoding   string            `json:"contentEncoding"`
}

type description struct {
	Paths map[string]map[string]struct {
		OperationID string
		Parameters  []struct {
			Name, In string
			Schema   schema
		}
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

func (d *description) resolve(s schema) schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.resolve(d.Components.Schemas[name])
	}
	return s
}

func (s schema) is(kind string) bool {
	if all, ok := s.Type.([]any); ok {
		return slices.Contains(all, any(kind))
	}
	return s.Type == kind
}

// sample is a value that fits a schema, with its required fields alone.
func (d *description) sample(s schema) any {
	s = d.resolve(s)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.is("object"):
		all := make(map[string]any)
		for _, name := range s.Required {
			all[name] = d.sample(s.Properties[name])
		}
		return all
	case s.is("array"):
		return []any{d.sample(*s.Items)}
	case s.is("boolean"):
		return true
	case s.is("integer"), s.is("number"):
		return s.Minimum
	}
	return "aGVsbG8="
}

// texts lists the paths to all text fields of a schema, optional ones included.
func (d *description) texts(s schema, at []string) [][]string {
	s = d.resolve(s)
	switch {
	case s.is("string"):
		return [][]string{at}
	case s.is("array"):
		return d.texts(*s.Items, append(slices.Clone(at), "0"))
	case !s.is("object"):
		return nil
	case len(s.Properties) == 0 && len(at) > 0:
		return [][]string{append(slices.Clone(at), "anything")} // an object of any form
	}
	var all [][]string
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		all = append(all, d.texts(s.Properties[name], append(slices.Clone(at), name))...)
	}
	return all
}

// fields reads every place for a text from the bank's own description.
func fields(t *testing.T) []field {
	t.Helper()
	text, err := app.MobileDescription()
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var all []field
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			op := d.Paths[path][method]
			o := operation{ID: op.OperationID, method: strings.ToUpper(method), path: path}
			body := op.RequestBody.Content["application/json"].Schema
			if sample, ok := d.sample(body).(map[string]any); ok {
				o.body = sample
				for _, at := range d.texts(body, nil) {
					all = append(all, field{op: o, in: "body", path: at})
				}
			}
			for _, p := range op.Parameters {
				if (p.In == "query" || p.In == "path") && p.Schema.is("string") {
					all = append(all, field{op: o, in: p.In, name: p.Name})
				}
			}
		}
	}
	return all
}

// put is a copy of a body with a text at a path.
func put(body any, at []string, text string) any {
	if len(at) == 0 {
		return text
	}
	switch in := body.(type) {
	case []any:
		return []any{put(first(in), at[1:], text)}
	case map[string]any:
		out := maps.Clone(in)
		out[at[0]] = put(in[at[0]], at[1:], text)
		return out
	}
	if at[0] == "0" {
		return []any{put(nil, at[1:], text)}
	}
	return map[string]any{at[0]: put(nil, at[1:], text)}
}

func first(all []any) any {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// costly are routes that hash a password at each try, or send a message: they get fewer strings.
func costly(id string) bool {
	return slices.Contains([]string{"signInByPassword", "stepUp", "sendCode", "register", "resetPassword", "changePassword"}, id)
}

// census counts what must not change by input that is refused, or by a nickname.
func census(t *testing.T, b *apptest.Bank) string {
	t.Helper()
	counts := make(map[string]int64)
	err := b.DB.Read(t.Context(), func(tx *db.Tx) error {
		for _, table := range []string{
			"ledger_account", "ledger_journal", "ledger_entry", "ledger_hold", "deposit_account", "payment_transfer", "payment_relation",
			"customer_person", "auth_principal", "auth_identifier", "auth_pin", "auth_passkey", "payment_receipt",
		} {
			n, err := db.One(t.Context(), tx, db.Value[int64], `SELECT CAST(count(*) AS BIGINT) FROM `+table)
			if err != nil {
				return err
			}
			counts[table] = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(counts)
}

// seed is by chance and told, so that a failure can be had again with TONGBAO_TEST_SEED.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := rand.Uint64()
	if text := os.Getenv("TONGBAO_TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TONGBAO_TEST_SEED: %v", err)
		}
	}
	t.Logf("to see it again: TONGBAO_TEST_SEED=%d", n)
	return n
}

// tries are the strings for one field: a few by chance, and in the long form every attack unless the field is costly.
func (f field) tries(chance *rand.Rand, attacks, tables []string) []string {
	each := 60
	switch {
	case costly(f.op.ID) && long():
		each = 100
	case costly(f.op.ID):
		each = 4
	case long():
		return append(slices.Clone(attacks), drawn(chance, tables, 200)...)
	}
	return append(drawn(chance, attacks, each), drawn(chance, tables, each/4)...)
}

func drawn(chance *rand.Rand, from []string, n int) []string {
	some := make([]string, n)
	for i := range some {
		some[i] = from[chance.IntN(len(from))]
	}
	return some
}

// long says whether time does not matter: make test-long.
func long() bool { return os.Getenv("TONGBAO_TEST_LONG") != "" }

func TestNoNaughtyStringBreaksAnyTextField(t *testing.T) {
	t.Parallel()
	places := fields(t)
	attacks, tables := naughty(t)
	if len(attacks) < 4000 || len(tables) < 20_000 || len(places) < 100 {
		t.Fatalf("%d attacks and %d lines of tables for %d fields", len(attacks), len(tables), len(places))
	}
	seed := seed(t)
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		payee := li.Post("/payees", map[string]any{"payee": map[string]any{"accountNumber": wang.Number}}).Is(http.StatusCreated).At("id")
		paid := li.Pay(wang, "1.00").Is(http.StatusCreated).At("id")
		before := census(t, b)
		bases := map[string]map[string]any{"checkTransfer": li.Draft(wang, "1.00")}
		for _, name := range []string{"resolvePayee", "addPayee"} {
			bases[name] = map[string]any{"payee": map[string]any{"accountNumber": wang.Number}}
		}
		ids := map[string]string{"payees": payee, "transfers": paid, "accounts": string(li.Account)}
		chance, sent := rand.New(rand.NewPCG(seed, 1)), 0
		for _, f := range places {
			texts := f.tries(chance, attacks, tables)
			sent += len(texts)
			beside(texts, func(text string) { f.try(t, li, bases, ids, text) })
		}
		t.Logf("%d strings sent to %d fields", sent, len(places))
		if after := census(t, b); after != before {
			t.Errorf("rows changed:\n%s\n%s", before, after)
		}
		li.Get("/accounts").Is(http.StatusOK).Has(`"booked":{"amount":"99.00"`)
		b.Verify()
	})
}

// beside does something with each text, a few at a time.
func beside(texts []string, do func(text string)) {
	const hands = 4
	var wg sync.WaitGroup
	for hand := range hands {
		wg.Go(func() {
			for i := hand; i < len(texts); i += hands {
				do(texts[i])
			}
		})
	}
	wg.Wait()
}

// try sends one string to one field, and checks how it is answered.
func (f field) try(t *testing.T, li *apptest.Person, bases map[string]map[string]any, ids map[string]string, text string) {
	t.Helper()
	path, body, headers := f.op.path, any(nil), []apptest.Header{apptest.NewKey(), apptest.Proof("none")}
	if base, ok := bases[f.op.ID]; ok {
		body = base
	} else if f.op.body != nil {
		body = f.op.body
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch f.in {
	case "body":
		if f.op.ID == "checkTransfer" || f.op.ID == "resolvePayee" || f.op.ID == "addPayee" {
			if len(f.path) == 2 && f.path[0] == "payee" { // exactly one way to name the payee
				body = apptest.Change(bases[f.op.ID], "payee", map[string]any{})
			}
		}
		body = put(body, f.path, text)
	case "query":
		path += "?" + url.Values{f.name: {text}}.Encode()
	case "path":
		path = strings.ReplaceAll(path, "{id}", url.PathEscape(text))
	}
	path = strings.ReplaceAll(path, "{id}", ids[kind])
	a := li.Do(f.op.method, path, body, headers...)
	switch {
	case a.Status >= http.StatusInternalServerError || a.Status == 0:
		t.Errorf("%s: %q is answered %d %s", f, text, a.Status, a.Body)
	case a.Status >= http.StatusBadRequest && !a.Problem():
		t.Errorf("%s: %q: no problem: %d %v %s", f, text, a.Status, a.Header, a.Body)
	case a.Status >= http.StatusBadRequest && telling(text) && strings.Contains(a.Body, text):
		t.Errorf("%s: %q comes back: %s", f, text, a.Body)
	case a.Status < http.StatusBadRequest && strings.ContainsAny(a.Body, "<>"):
		t.Errorf("%s: %q comes back unescaped: %s", f, text, a.Body)
	}
}

// telling says whether a text is so much its own that its presence in an answer means that it came back.
func telling(text string) bool { return utf8.RuneCountInString(text) >= 8 }

func TestNoJSONThatIsNoneBreaksTheBank(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(shared(t, "bad_input"), "json_test_suite", "*.json"))
	if err != nil || len(files) < 250 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	b := apptest.Start(t, apptest.Options{Quiet: true})
	li := b.NewPerson(apptest.Level(0), apptest.NoPIN())
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		inside := bytes.Join([][]byte{[]byte(`{"nickname":`), text, []byte(`}`)}, nil)
		for where, body := range map[string][]byte{"as it is": text, "as a value": inside} {
			a := li.Do(http.MethodPatch, "/me", apptest.Raw(body))
			malformed := strings.HasPrefix(filepath.Base(name), "n_")
			if a.Status == http.StatusOK && !malformed && (where == "as a value" || a.Status == http.StatusOK) {
				continue // a text, or an empty object
			}
			if a.Status != http.StatusBadRequest && a.Status != http.StatusRequestEntityTooLarge || !a.Problem() {
				t.Errorf("%s %s: %d %.300s", filepath.Base(name), where, a.Status, a.Body)
			}
		}
	}
	b.Verify()
}

func TestBodiesOfTheWrongFormAreRefusedClearly(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{Quiet: true})
	li := b.NewPerson(apptest.Level(0), apptest.NoPIN())
	for name, tc := range map[string]struct {
		body   string
		header apptest.Header
		status int
		code   string
	}{
		"a field twice":           {body: `{"nickname":"a","nickname":"b"}`, status: 400, code: "request.duplicate_field"},
		"a field in another case": {body: `{"Nickname":"a"}`, status: 400, code: "request.unknown_field"},
		"a field of nobody":       {body: `{"nickname":"a","<script>":"b"}`, status: 400, code: "request.unknown_field"},
		"another type":            {body: `{"nickname":["a"]}`, status: 400, code: "request.bad_value"},
		"bytes that are no UTF-8": {body: "{\"nickname\":\"\xff\xfe\"}", status: 400, code: "request.malformed"},
		"a zero":                  {body: `{"nickname":"a\u0000b"}`, status: 400, code: "request.bad_text"},
		"a change of direction":   {body: `{"nickname":"a\u202eb"}`, status: 400, code: "request.bad_text"},
		"half a surrogate":        {body: `{"nickname":"\ud800"}`, status: 400, code: "request.malformed"},
		"something after it":      {body: `{"nickname":"a"}{}`, status: 400, code: "request.malformed"},
		"a mark before it":        {body: "\ufeff{\"nickname\":\"a\"}", status: 400, code: "request.malformed"},
		"nothing":                 {body: ``, status: 400, code: "request.malformed"},
		"a deep nest":             {body: `{"nickname":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, status: 400, code: "request.malformed"},
		"a huge body":             {body: `{"nickname":"` + strings.Repeat("a", 100_000) + `"}`, status: 413, code: "request.too_large"},
		"a form":                  {body: `nickname=a`, header: apptest.Header{"Content-Type", "application/x-www-form-urlencoded"}, status: 415, code: "request.media_type"},
		"a long nickname":         {body: `{"nickname":"` + strings.Repeat("字", 21) + `"}`, status: 400, code: "customer.bad_nickname"},
	} {
		var headers []apptest.Header
		if tc.header[0] != "" {
			headers = append(headers, tc.header)
		}
		a := li.Do(http.MethodPatch, "/me", apptest.Raw(tc.body), headers...).Hasnt("script", "\ufffd")
		if a.Status != tc.status || a.Code() != tc.code || !a.Problem() {
			t.Errorf("%s: %d %s, want %d %s: %.300s", name, a.Status, a.Code(), tc.status, tc.code, a.Body)
		}
	}
	for path, want := range map[string]string{
		"/transactions?limit=0": "request.bad_value", "/transactions?limit=x": "request.bad_value", "/transactions?nobody=1": "request.unknown_field",
		"/transactions?q=a&q=b": "request.duplicate_field", "/transactions?q=%00": "request.bad_text", "/transactions?q=%ff": "request.bad_text",
		"/transactions?from=2025-02-30": "request.bad_value", "/transactions?cursor=nonsense": "payment.bad_cursor", "/transactions?min=1&currency=XQQ": "money.unknown_currency",
		"/transactions?min=1.001": "money.too_precise", "/messages?cursor=%27": "id.bad",
	} {
		li.Get(path).Refused(http.StatusBadRequest, want)
	}
	li.Get("/nowhere").Refused(http.StatusNotFound, "request.no_such_route")
	li.Post("/home", nil).Refused(http.StatusMethodNotAllowed, "request.method")
	li.Get("/me").Is(http.StatusOK).Hasnt("nickname")
}
