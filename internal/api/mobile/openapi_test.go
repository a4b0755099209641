package mobile_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/api/mobile"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// The flags write the description again; a break of what clients rely on needs both.
var (
	update   = flag.Bool("update", false, "write openapi.json again")
	breaking = flag.Bool("breaking", false, "allow -update to break clients: only before a release")
)

const golden = "openapi.json"

// router has all routes and no rooms: enough to read the tables.
func router(t *testing.T) *api.Router {
	t.Helper()
	r := api.New(api.Config{
		Title: mobile.Title, Version: "v1", Prefix: mobile.Prefix, Audience: "mobile", Secure: true, Client: "1",
		Catalog: i18n.NewCatalog(api.Texts()), Log: slog.New(slog.DiscardHandler), Limits: api.NewLimiter(1, time.Now),
	})
	mobile.New(r, mobile.Rooms{})
	return r
}

func described(t *testing.T) []byte {
	t.Helper()
	text, err := router(t).Description()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

func TestOpenAPIIsFreshAndBreaksNobody(t *testing.T) {
	t.Parallel()
	now := described(t)
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if found := breaks(parsed(t, kept), parsed(t, now)); len(found) > 0 && !*breaking {
		t.Fatalf("clients that are installed would break:\n%s", strings.Join(found, "\n"))
	}
	if *update {
		if err := os.WriteFile(golden, now, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(kept, now) {
		t.Error("openapi.json is stale: go test ./internal/api/mobile -run OpenAPI -update, then npm run generate in web")
	}
}

// node is a part of a description.
type node = map[string]any

func parsed(t *testing.T, text []byte) node {
	t.Helper()
	var d node
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func in(n node, path ...string) node {
	for _, step := range path {
		n, _ = n[step].(node) // nil when absent; nil maps read as empty
	}
	return n
}

func words(n node, name string) []string {
	list, _ := n[name].([]any)
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = fmt.Sprint(w)
	}
	return out
}

// breaks lists what a client made for the old description could not bear: an operation, an answer's field or a choice
// that is gone, a new duty in a request, another type.
func breaks(old, now node) []string {
	var found []string
	for path := range in(old, "paths") {
		for method := range in(old, "paths", path) {
			was, is := in(old, "paths", path, method), in(now, "paths", path, method)
			name := strings.ToUpper(method) + " " + path
			if is == nil {
				found = append(found, name+" is gone")
				continue
			}
			if was["operationId"] != is["operationId"] {
				found = append(found, name+" has another operationId")
			}
			found = append(found, brokenParameters(name, was, is)...)
			for status := range in(was, "responses") {
				if strings.HasPrefix(status, "2") && in(is, "responses", status) == nil {
					found = append(found, name+" answers "+status+" no more")
				}
			}
		}
	}
	asked, answered := reach(old)
	for name := range in(old, "components", "schemas") {
		was, is := in(old, "components", "schemas", name), in(now, "components", "schemas", name)
		found = append(found, brokenSchema(name, was, is, asked[name], answered[name])...)
	}
	slices.Sort(found)
	return found
}

func brokenParameters(name string, was, is node) []string {
	var found []string
	known := map[string]bool{}
	for _, p := range list(was) {
		known[fmt.Sprint(p["name"])] = true
	}
	still := map[string]bool{}
	for _, p := range list(is) {
		still[fmt.Sprint(p["name"])] = true
		if p["required"] == true && !known[fmt.Sprint(p["name"])] {
			found = append(found, fmt.Sprintf("%s wants the new parameter %s", name, p["name"]))
		}
	}
	for p := range known {
		if !still[p] {
			found = append(found, name+" takes the parameter "+p+" no more")
		}
	}
	return found
}

func list(operation node) []node {
	all, _ := operation["parameters"].([]any)
	var out []node
	for _, p := range all {
		out = append(out, p.(node))
	}
	return out
}

func brokenSchema(name string, was, is node, asked, answered bool) []string {
	if is == nil {
		return []string{name + " is gone"}
	}
	var found []string
	for field := range in(was, "properties") {
		a, b := in(was, "properties", field), in(is, "properties", field)
		at := name + "." + field
		switch {
		case b == nil:
			found = append(found, at+" is gone")
			continue
		case fmt.Sprint(a["type"]) != fmt.Sprint(b["type"]) || a["$ref"] != b["$ref"]:
			found = append(found, at+" has another type")
		}
		for _, choice := range words(a, "enum") {
			if asked && !slices.Contains(words(b, "enum"), choice) {
				found = append(found, at+" takes "+choice+" no more")
			}
		}
	}
	for _, field := range words(is, "required") {
		if asked && !slices.Contains(words(was, "required"), field) {
			found = append(found, name+"."+field+" must now be sent")
		}
	}
	for _, field := range words(was, "required") {
		if answered && !slices.Contains(words(is, "required"), field) {
			found = append(found, name+"."+field+" may now be absent")
		}
	}
	return found
}

var schemaName = regexp.MustCompile(`"#/components/schemas/([A-Za-z]+)"`)

// reach says which schemas stand in requests, and which in answers.
func reach(d node) (asked, answered map[string]bool) {
	asked, answered = map[string]bool{}, map[string]bool{}
	for path := range in(d, "paths") {
		for method := range in(d, "paths", path) {
			follow(d, in(d, "paths", path, method, "requestBody"), asked)
			follow(d, in(d, "paths", path, method, "responses"), answered)
		}
	}
	return asked, answered
}

func follow(d node, from node, seen map[string]bool) {
	text, _ := json.Marshal(from) // was JSON before
	for _, m := range schemaName.FindAllSubmatch(text, -1) {
		if name := string(m[1]); !seen[name] {
			seen[name] = true
			follow(d, in(d, "components", "schemas", name), seen)
		}
	}
}

func enumOf(t *testing.T, schema, field string) []string {
	t.Helper()
	return words(in(parsed(t, described(t)), "components", "schemas", schema, "properties", field), "enum")
}

func TestBreaksAreFound(t *testing.T) {
	t.Parallel()
	text := described(t)
	schema := func(d node, name string) node { return in(d, "components", "schemas", name) }
	for name, tc := range map[string]struct {
		change func(now node)
		want   string
	}{
		"an operation gone":       {func(d node) { delete(in(d, "paths"), "/home") }, "GET /home is gone"},
		"an operation renamed":    {func(d node) { in(d, "paths", "/home", "get")["operationId"] = "start" }, "another operationId"},
		"a parameter gone":        {func(d node) { delete(in(d, "paths", "/messages", "get"), "parameters") }, "takes the parameter cursor no more"},
		"an answer's field gone":  {func(d node) { delete(in(schema(d, "Account"), "properties"), "available") }, "Account.available is gone"},
		"an answer's field loose": {func(d node) { schema(d, "Account")["required"] = []any{} }, "Account.available may now be absent"},
		"a new duty":              {func(d node) { schema(d, "Draft")["required"] = append(schema(d, "Draft")["required"].([]any), "memo") }, "Draft.memo must now be sent"},
		"another type":            {func(d node) { in(schema(d, "Account"), "properties", "class")["type"] = "string" }, "Account.class has another type"},
		"a choice gone":           {func(d node) { in(schema(d, "Draft"), "properties", "arrival")["enum"] = []any{"real_time"} }, "Draft.arrival takes ordinary no more"},
		"a new operation":         {func(d node) { in(d, "paths")["/new"] = node{"get": node{}} }, ""},
		"a new field":             {func(d node) { in(schema(d, "Account"), "properties")["colour"] = node{"type": "string"} }, ""},
		"a new choice of an answer": {func(d node) {
			in(schema(d, "Account"), "properties", "state")["enum"] = []any{"open", "closed", "dormant"}
		}, ""},
		"nothing": {func(node) {}, ""},
	} {
		now := parsed(t, text)
		tc.change(now)
		found := strings.Join(breaks(parsed(t, text), now), "\n")
		if tc.want == "" && found != "" || tc.want != "" && !strings.Contains(found, tc.want) {
			t.Errorf("%s: found %q, want %q", name, found, tc.want)
		}
	}
}

func TestTheDescriptionIsTyped(t *testing.T) {
	t.Parallel()
	schemas := in(parsed(t, described(t)), "components", "schemas")
	free := map[string]bool{"PasskeyAnswer.credential": true, "PasskeyOptions.options": true, "IntentProof.credential": true, "SecondFactor.credential": true, "NewStepUp.credential": true,
		"DepositProof.credential": true, "BulkProof.credential": true}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		s := in(schemas, name)
		if s["type"] != "object" || len(in(s, "properties")) == 0 {
			t.Errorf("%s is no object with fields", name)
		}
		for field := range in(s, "properties") {
			p := in(s, "properties", field)
			at := name + "." + field
			if p["type"] == nil && p["$ref"] == nil {
				t.Errorf("%s may be anything", at)
			}
			if p["additionalProperties"] == true && !free[at] {
				t.Errorf("%s takes any fields", at)
			}
		}
	}
}

func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	d := parsed(t, described(t))
	asked, _ := reach(d)
	for name := range asked {
		s := in(d, "components", "schemas", name)
		if s["additionalProperties"] != false {
			t.Errorf("%s takes fields that nobody knows", name)
		}
		for field := range in(s, "properties") {
			p := in(s, "properties", field)
			text := p["type"] == "string" && p["maxLength"] == nil && p["enum"] == nil && p["pattern"] == nil
			if text || p["type"] == "array" && p["maxItems"] == nil {
				t.Errorf("%s.%s has no end", name, field)
			}
		}
	}
	if len(asked) < 20 {
		t.Errorf("only %d schemas of requests found", len(asked))
	}
}
