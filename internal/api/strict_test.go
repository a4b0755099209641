package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/fault/faulttest"
)

func addressOf(t *testing.T, peer, forwarded string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.RemoteAddr = peer
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	return api.Address(r, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
}

func TestJSONIsReadWithoutForgiveness(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	amount := `"amount":{"amount":"1","currency":"CNY"}`
	for name, tc := range map[string]struct {
		body, code string
	}{
		"nothing":                       {``, "request.malformed"},
		"null":                          {`null`, "request.null"},
		"null for what is needed":       {`{"name":null,` + amount + `}`, "request.null"},
		"null for a text":               {`{"name":"a","count":null,` + amount + `}`, "request.null"},
		"null for a list":               {`{"name":"a","tags":null,` + amount + `}`, "request.null"},
		"null in a list":                {`{"name":"a","tags":[null],` + amount + `}`, "request.null"},
		"null for an object":            {`{"name":"a","inner":null,` + amount + `}`, "request.null"},
		"null deeper down":              {`{"name":"a","inner":{"name":null,` + amount + `},` + amount + `}`, "request.null"},
		"a list":                        {`[]`, "request.bad_value"},
		"two values":                    {good + good, "request.malformed"},
		"a comment":                     {`{/**/` + good[1:], "request.malformed"},
		"a trailing comma":              {good[:len(good)-1] + `,}`, "request.malformed"},
		"single quotes":                 {`{'name':'a'}`, "request.malformed"},
		"an unknown key":                {`{"name":"a","nickname":"b",` + amount + `}`, "request.unknown_field"},
		"a key twice":                   {`{"name":"a","name":"b",` + amount + `}`, "request.duplicate_field"},
		"a key twice, once escaped":     {`{"name":"a","\u006eame":"b",` + amount + `}`, "request.duplicate_field"},
		"a key in another case":         {`{"Name":"a",` + amount + `}`, "request.unknown_field"},
		"another case beside it":        {`{"name":"a","NAME":"b",` + amount + `}`, "request.unknown_field"},
		"a number where a text belongs": {`{"name":1,` + amount + `}`, "request.bad_value"},
		"a text where a number belongs": {`{"name":"a","count":"1",` + amount + `}`, "request.bad_value"},
		"a fraction":                    {`{"name":"a","count":1.5,` + amount + `}`, "request.bad_value"},
		"a huge number":                 {`{"name":"a","count":1e400,` + amount + `}`, "request.bad_value"},
		"a float that is a whole":       {`{"name":"a","count":1e100,` + amount + `}`, "request.bad_value"},
		"a control character":           {`{"name":"a\u0007",` + amount + `}`, "request.bad_text"},
		"a tab":                         {`{"name":"a\tb",` + amount + `}`, "request.bad_text"},
		"a zero byte":                   {`{"name":"a\u0000b",` + amount + `}`, "request.bad_text"},
		"a direction override":          {`{"name":"a\u202eb",` + amount + `}`, "request.bad_text"},
		"an isolate":                    {`{"name":"a\u2066b",` + amount + `}`, "request.bad_text"},
		"a zero-width space":            {`{"name":"a\u200bb",` + amount + `}`, "request.bad_text"},
		"a zero-width joiner":           {`{"name":"a\u200db",` + amount + `}`, "request.bad_text"},
		"a byte order mark inside":      {`{"name":"a\ufeffb",` + amount + `}`, "request.bad_text"},
		"an invisible tag":              {`{"name":"a\udb40\udc41b",` + amount + `}`, "request.bad_text"},
		"a Hangul filler":               {`{"name":"a\u3164",` + amount + `}`, "request.bad_text"},
		"a private character":           {`{"name":"a\ue000",` + amount + `}`, "request.bad_text"},
		"a noncharacter":                {`{"name":"a\ufffe",` + amount + `}`, "request.bad_text"},
		"a replacement character":       {`{"name":"a\ufffd",` + amount + `}`, "request.bad_text"},
		"a control character in a key":  {`{"na\u0007me":"a",` + amount + `}`, "request.bad_text"},
		"half a pair":                   {`{"name":"\ud800",` + amount + `}`, "request.malformed"},
		"bad UTF-8":                     {"{\"name\":\"\xff\"," + amount + `}`, "request.malformed"},
		"an overlong UTF-8":             {"{\"name\":\"\xc0\xaf\"," + amount + `}`, "request.malformed"},
		"a byte order mark":             {"\ufeff" + good, "request.malformed"},
		"very deep":                     {strings.Repeat(`{"inner":`, 1000) + good + strings.Repeat(`}`, 1000), "request.malformed"},
		"very deep lists":               {strings.Repeat(`[`, 30000), "request.malformed"},
	} {
		b.got = thing{}
		a := b.ask(t, "POST", "/things", tc.body)
		if a.Status != http.StatusBadRequest || a.Problem.Code != tc.code {
			t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, tc.code)
		}
		if b.got.Name != "" {
			t.Errorf("%s: reached the handler", name)
		}
	}
}

func TestTextOfManyPeoplesIsWelcome(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for _, name := range []string{"王小明", "𠮷田", "㐂", "阿卜杜拉·买买提", "José", "😀", "❤️", "مرحبا", "עברית", "हिन्दी", "Zoë Ångström", "한국어", "a\nb"} {
		body := `{"name":` + quote(name) + `,"amount":{"amount":"1","currency":"CNY"}}`
		if a := b.ask(t, "POST", "/things", body); a.Status != http.StatusOK || b.got.Name != name {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, "\n", `\n`) + `"` }

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	huge := `{"name":"` + strings.Repeat("a", api.BodyMax) + `"}`
	if a := b.ask(t, "POST", "/things", huge); a.Status != http.StatusRequestEntityTooLarge || a.Problem.Code != "request.too_large" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	unknownLength := func(r *http.Request) { r.ContentLength = -1 }
	if a := b.ask(t, "POST", "/things", huge, unknownLength); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("of unknown length: %d %s", a.Status, a.Body)
	}
}

func TestOnlyJSONIsRead(t *testing.T) {
	t.Parallel()
	b := newToy(t)
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/cbor", "text/html", "garbage"} {
		if a := b.ask(t, "POST", "/things", good, header("Content-Type", kind)); a.Status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d %s", kind, a.Status, a.Body)
		}
	}
	if a := b.ask(t, "POST", "/things", good, header("Content-Type", "application/json; charset=utf-8")); a.Status != http.StatusOK {
		t.Errorf("JSON with a charset: %d %s", a.Status, a.Body)
	}
	if a := b.ask(t, "POST", "/things", good, header("Accept", "text/html")); a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("a browser's Accept: %d %s", a.Status, a.Body)
	}
}

// The files of https://github.com/nst/JSONTestSuite: n_ must be refused, y_ is JSON that no route of ours wants, i_ is
// left to the reader. Whatever it is, it is answered, never with 500, and reaches no handler.
func TestJSONTestSuite(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(faulttest.Internal(t), "..", "..", "shared", "data", "bad_input", "json_test_suite")
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the list of bad JSON is not here: " + folder)
	}
	b := newToy(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, want := filepath.Base(file), "request.malformed"
		a := b.ask(t, "POST", "/things", string(text))
		switch {
		case a.Status < 400 || a.Status >= 500:
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		case strings.HasPrefix(name, "n_") && a.Problem.Code != want && a.Status != http.StatusRequestEntityTooLarge:
			t.Errorf("%s: %s, want %s", name, a.Problem.Code, want)
		}
	}
	if b.got.Name != "" {
		t.Errorf("something reached the handler: %+v", b.got)
	}
}

func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{good, `{"name":"a"}`, `[]`, `{"name":"\ud800"}`, `{"inner":{"inner":{}}}`, `{"a":1e400}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		b := newToy(t)
		if a := b.ask(t, "POST", "/things", body); a.Status >= 500 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}
