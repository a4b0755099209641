package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/api/mobile"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/values/act"
)

// Client speaks to the mobile API: as a native app does, with bearer and device token, or as a browser, with cookies.
// It may be used by several goroutines once it has its tokens.
type Client struct {
	Token   string // of the session, when native
	Device  string // of the device, when native
	Browser bool
	Locale  string // zh-Hans, zh-Hant or en, the default

	bank                  *Bank
	url, prefix, audience string // the bank's app and its API, unless said otherwise
	mu                    sync.Mutex
	cookies               map[string]string
}

// Native is a new installation of a native app.
func (b *Bank) Native() *Client {
	return &Client{bank: b, url: b.URL, prefix: mobile.Prefix, audience: string(act.Mobile)}
}

// Browser is a new browser.
func (b *Bank) Browser() *Client {
	c := b.Native()
	c.Browser, c.cookies = true, make(map[string]string)
	return c
}

// Header is a header of a request, name and value.
type Header [2]string

// Key is the header of an idempotency key.
func Key(key string) Header { return Header{"Idempotency-Key", key} }

// NewKey is a fresh idempotency key, as an app makes it when a form opens.
func NewKey() Header { return Key(crypto.Token(128)) }

// Proof is the header of a step-up's proof.
func Proof(proof string) Header { return Header{"X-Tongbao-Proof", proof} }

// Raw is a body that is sent as it is.
type Raw []byte

// Get asks for a path below the API's prefix.
func (c *Client) Get(path string, headers ...Header) Answer {
	c.bank.t.Helper()
	return c.Do(http.MethodGet, path, nil, headers...)
}

// Post sends a body to a path below the API's prefix.
func (c *Client) Post(path string, body any, headers ...Header) Answer {
	c.bank.t.Helper()
	return c.Do(http.MethodPost, path, body, headers...)
}

// Do sends any request. A body that is not Raw is written as JSON; nil sends none.
func (c *Client) Do(method, path string, body any, headers ...Header) Answer {
	c.bank.t.Helper()
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "/dev/") && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/r/") {
		path = c.prefix + path
	}
	a, err := c.do(method, path, body, headers)
	if err != nil {
		c.bank.t.Errorf("%s %s: %v", method, path, err)
		return Answer{t: c.bank.t, What: method + " " + path}
	}
	return a
}

func (c *Client) do(method, path string, body any, headers []Header) (Answer, error) {
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case Raw:
		content = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			return Answer{}, err
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(c.bank.t.Context(), method, c.url+path, content)
	if err != nil {
		return Answer{}, err
	}
	c.dress(r, content != nil, headers)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, err
	}
	c.keep(response.Cookies())
	return Answer{t: c.bank.t, What: method + " " + path, Status: response.StatusCode, Header: response.Header, Body: string(text)}, nil
}

// dress puts on a request what the client sends along.
func (c *Client) dress(r *http.Request, hasBody bool, headers []Header) {
	if hasBody {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("X-Tongbao-Client", c.audience+"/1.0.0")
	r.Header.Set("Accept-Language", "en")
	if c.Locale != "" {
		r.Header.Set("X-Tongbao-Locale", c.Locale)
	}
	if c.Browser {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		c.mu.Lock()
		for name, value := range c.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		c.mu.Unlock()
	} else {
		r.Header.Set("X-Tongbao-Token", "bearer")
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Device != "" {
		r.Header.Set("X-Tongbao-Device", c.Device)
	}
	for _, h := range headers {
		r.Header.Set(h[0], h[1])
	}
}

// keep holds cookies as a browser on a secure page does.
func (c *Client) keep(cookies []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range cookies {
		if c.cookies == nil {
			return
		}
		if k.MaxAge < 0 {
			delete(c.cookies, k.Name)
			continue
		}
		c.cookies[k.Name] = k.Value
	}
}

// Cookies are the names of the cookies that a browser holds.
func (c *Client) Cookies() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for name := range c.cookies {
		names = append(names, name)
	}
	return names
}

// Answer is an answer of the bank, with what a test asks of it. Each check reports and goes on.
type Answer struct {
	What   string // the request, for messages
	Status int
	Header http.Header
	Body   string

	t *testing.T
}

// Is checks the status.
func (a Answer) Is(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Errorf("%s: status %d, want %d: %.600s", a.What, a.Status, status, a.Body)
	}
	return a
}

// Refused checks that the answer is a problem of a status and a code, written as RFC 9457 asks, with a text.
func (a Answer) Refused(status int, code string) Answer {
	a.t.Helper()
	if !a.Problem() || a.Status != status || a.Code() != code {
		a.t.Errorf("%s: status %d, code %q, want %d %q: %.600s", a.What, a.Status, a.Code(), status, code, a.Body)
	}
	return a
}

// Problem reports whether the answer is a whole problem: RFC 9457, its own status, a code, a text, a trace, not cached.
func (a Answer) Problem() bool {
	var p struct {
		Type, Title, Code, Trace string
		Status                   int
	}
	if err := json.Unmarshal([]byte(a.Body), &p); err != nil {
		return false
	}
	return a.Header.Get("Content-Type") == "application/problem+json" && p.Status == a.Status && p.Type != "" && p.Title != "" &&
		p.Title != p.Code && p.Code != "" && p.Trace != "" && a.Header.Get("Cache-Control") == "no-store"
}

// Has checks that the body contains fragments.
func (a Answer) Has(fragments ...string) Answer {
	a.t.Helper()
	for _, f := range fragments {
		if !strings.Contains(a.Body, f) {
			a.t.Errorf("%s: no %s in %d %.900s", a.What, f, a.Status, a.Body)
		}
	}
	return a
}

// Hasnt checks that the body contains none of some fragments.
func (a Answer) Hasnt(fragments ...string) Answer {
	a.t.Helper()
	for _, f := range fragments {
		if f != "" && strings.Contains(a.Body, f) {
			a.t.Errorf("%s: %s stands in %d %.900s", a.What, f, a.Status, a.Body)
		}
	}
	return a
}

// Code is the code of a problem, or empty.
func (a Answer) Code() string { return a.At("code") }

// At reads a value of the body by its path, such as items.0.id; absent is empty.
func (a Answer) At(path string) string {
	var v any
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		return ""
	}
	for _, step := range strings.Split(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			var i int
			if _, err := fmt.Sscanf(step, "%d", &i); err != nil || i >= len(in) {
				return ""
			}
			v = in[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
