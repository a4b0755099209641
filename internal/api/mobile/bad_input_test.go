package mobile_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/fault/faulttest"
)

// perField is how many bad texts each field gets; over all fields every text is used.
const perField = 40

// badTexts are the naughty strings and the injections of ../shared/data/bad_input.
func badTexts(t *testing.T) []string {
	t.Helper()
	folder := filepath.Join(faulttest.Internal(t), "..", "..", "shared", "data", "bad_input")
	text, err := os.ReadFile(filepath.Join(folder, "blns.json"))
	if err != nil {
		t.Skip("the lists of bad input are not here: ", err)
	}
	var all []string
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"sqli", "xss", "nosql_xxe_ssti", "traversal_cmd"} {
		files, err := filepath.Glob(filepath.Join(folder, list, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			lines, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(string(lines), "\n") {
				if line != "" && utf8.ValidString(line) && !strings.Contains(file, "first2000") {
					all = append(all, line)
				}
			}
		}
	}
	return all
}

// sample is a value that a schema allows.
func sample(d, schema node) any {
	if ref, ok := schema["$ref"].(string); ok {
		return sample(d, in(d, "components", "schemas", ref[strings.LastIndexByte(ref, '/')+1:]))
	}
	if choices := words(schema, "enum"); len(choices) > 0 {
		return choices[0]
	}
	if examples, ok := schema["examples"].([]any); ok && len(examples) > 0 {
		return examples[0]
	}
	switch schema["type"] {
	case "object":
		out := node{}
		for name := range in(schema, "properties") {
			out[name] = sample(d, in(schema, "properties", name))
		}
		return out
	case "array":
		return []any{sample(d, in(schema, "items"))}
	case "integer":
		return 1
	case "boolean":
		return true
	case "string":
		if schema["contentEncoding"] == "base64" {
			return "aGVsbG8="
		}
		return "258036"
	}
	return nil
}

// texts lists the places of texts in a value.
func texts(value any, at ...any) [][]any {
	switch v := value.(type) {
	case node:
		var all [][]any
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, texts(v[name], append(slices.Clone(at), name)...)...)
		}
		return all
	case []any:
		return texts(v[0], append(slices.Clone(at), 0)...)
	case string:
		return [][]any{at}
	}
	return nil
}

// set is a copy of a value with another text in a place.
func set(value any, at []any, text string) any {
	if len(at) == 0 {
		return text
	}
	switch v := value.(type) {
	case node:
		out := maps.Clone(v)
		out[at[0].(string)] = set(v[at[0].(string)], at[1:], text)
		return out
	case []any:
		return []any{set(v[0], at[1:], text)}
	}
	return value
}

// spoiler sends bad texts one after another, and looks at the answers.
type spoiler struct {
	t      *testing.T
	person *apptest.Person
	payee  *apptest.Person
	texts  []string
	next   int
	sent   int
	codes  map[string]int // how often each answer came; "" is a success
}

func (s *spoiler) text() string {
	s.next++
	return s.texts[s.next%len(s.texts)]
}

func (s *spoiler) look(a apptest.Answer, where, text string) {
	s.t.Helper()
	s.sent++
	s.codes[a.Code()]++
	const telling = 8 // shorter texts stand in any answer
	switch {
	case a.Status >= http.StatusInternalServerError || a.Status == 0:
		s.t.Errorf("%s with %q: %d %s", where, text, a.Status, a.Body)
	case a.Status < http.StatusBadRequest:
	case !a.Problem():
		s.t.Errorf("%s with %q: no problem: %s", where, text, a.Body)
	case len(text) >= telling && strings.Contains(a.Body, text):
		s.t.Errorf("%s repeats %q: %s", where, text, a.Body)
	}
}

func TestBadTextInAnyFieldIsRefusedOrHarmless(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	all := badTexts(t)
	b := apptest.Start(t, apptest.Options{})
	li, wang := b.NewPerson(apptest.Has("500.00")), b.NewPerson()
	b.Drain()
	s := &spoiler{t: t, person: li, payee: wang, texts: all, codes: map[string]int{}}
	d := parsed(t, described(t))
	fields := 0
	for _, path := range slices.Sorted(maps.Keys(in(d, "paths"))) {
		for _, method := range slices.Sorted(maps.Keys(in(d, "paths", path))) {
			fields += s.operation(d, path, method)
		}
	}
	if fields < 90 || s.sent < len(all) {
		t.Errorf("%d fields, %d requests for %d texts", fields, s.sent, len(all))
	}
	for _, code := range []string{"request.bad_value", "request.bad_text", "id.bad", "", "auth.wrong_credentials", "payment.payee_name_differs"} {
		if s.codes[code] == 0 {
			t.Errorf("no answer %q, so the texts do not reach the bank: %v", code, s.codes)
		}
	}
	if booked, free := li.Balance(); booked != "500.00" || free != "500.00" {
		t.Errorf("li holds %s, of which %s are free", booked, free)
	}
	b.Verify()
}

func (s *spoiler) operation(d node, path, method string) (fields int) {
	op := in(d, "paths", path, method)
	target := strings.ReplaceAll(path, "{id}", "acct_00dkfw3m9r2vtq8x1c5n7b4k6s")
	name := strings.ToUpper(method) + " " + path
	for _, p := range list(op) {
		if p["in"] != "query" && p["in"] != "path" {
			continue
		}
		fields++
		for range perField {
			text := s.text()
			to := target + "?" + url.QueryEscape(fmt.Sprint(p["name"])) + "=" + url.QueryEscape(text)
			if p["in"] == "path" {
				to = strings.ReplaceAll(path, "{id}", url.PathEscape(text))
			}
			if text == "" || text == "." || text == ".." {
				continue // a path without its name is another path
			}
			s.look(s.person.Do(strings.ToUpper(method), to, nil, apptest.NewKey(), apptest.Proof("p")), name+" "+fmt.Sprint(p["name"]), text)
		}
	}
	schema := in(op, "requestBody", "content", "application/json", "schema")
	if schema == nil {
		return fields
	}
	for _, good := range s.bodies(sample(d, schema)) {
		for _, at := range texts(good) {
			fields++
			for range perField {
				text := s.text()
				a := s.person.Do(strings.ToUpper(method), target, set(good, at, text), apptest.NewKey(), apptest.Proof("p"))
				s.look(a, fmt.Sprint(name, " ", at), text)
			}
		}
	}
	return fields
}

// bodies makes a sample fit for the bank: an account of the person's, and a payee named in one way, each in turn.
func (s *spoiler) bodies(good any) []any {
	body, ok := good.(node)
	if !ok {
		return []any{good}
	}
	if _, pays := body["fromAccountId"]; pays {
		body["fromAccountId"] = s.person.Account
	}
	if _, named := body["payee"]; !named {
		return []any{body}
	}
	delete(body, "name") // given, it must be the payee's
	account := node{"accountNumber": s.payee.Number}
	all := []any{apptest.Change(apptest.Change(body, "payee", account), "name", s.payee.Name)}
	for field, value := range map[string]string{"phone": s.payee.Phone, "qr": "x", "payeeId": "paye_00dkfw3m9r2vtq8x1c5n7b4k6s"} {
		all = append(all, apptest.Change(body, "payee", node{field: value}))
	}
	return all
}
