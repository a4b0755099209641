package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
)

// collector keeps what a bank sends to a collector of traces.
type collector struct {
	*httptest.Server
	mu  sync.Mutex
	got strings.Builder
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.got.Write(body)
	}))
	t.Cleanup(c.Close)
	return c
}

func TestSpansNameRoutesAndNobody(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	b := apptest.Start(t, apptest.Options{Settings: func(s *app.Config) { s.Traces = c.URL }})
	li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
	transfer := li.Pay(wang, "12.50").Is(http.StatusCreated).At("id")
	code := li.Post("/transfers/"+transfer+"/receipt", nil).Is(http.StatusCreated).At("code")
	const enough = 200 // of ten requests one is sent
	for range enough {
		li.Get("/transfers/" + transfer + "?").Is(http.StatusOK)
		b.Browser().Get("/r/" + code).Is(http.StatusOK)
		b.Browser().Get("/r/no-such-thing?lang=en")
	}
	b.Close() // what has not been sent yet is sent
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.got.String()
	for _, want := range []string{"GET /api/mobile/v1/transfers/{id}", "http.request.method", "/r/"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %s in %d bytes", want, len(said))
		}
	}
	for _, private := range []string{code, transfer, "127.0.0.1", "Go-http-client", "no-such-thing", "url.path", "client.address", li.Token} {
		if strings.Contains(said, private) {
			t.Errorf("spans hold %q", private)
		}
	}
}

func TestAPanicIsAProblemWithATraceAndNothingElse(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	b.Deposits = nil // what asks for accounts cannot but panic
	broken, err := app.Handle(context.WithoutCancel(t.Context()), b.Bank)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r := httptest.NewRequest(http.MethodGet, "/api/mobile/v1/accounts", nil)
		r.Header.Set("Authorization", "Bearer "+li.Token)
		r.Header.Set("X-Tongbao-Client", "mobile/1.0.0")
		w := httptest.NewRecorder()
		broken.Mobile.ServeHTTP(w, r)
		trace := w.Header().Get("X-Trace-Id")
		if w.Code != http.StatusInternalServerError || w.Header().Get("Content-Type") != "application/problem+json" || trace == "" {
			t.Fatalf("answer %d %v", w.Code, w.Header())
		}
		for _, want := range []string{`"code":"internal"`, `"trace":"` + trace + `"`, `"status":500`} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("no %s in %s", want, w.Body)
			}
		}
		for _, inner := range []string{"goroutine", ".go:", "nil pointer", "deposit", "panic"} {
			if strings.Contains(w.Body.String(), inner) {
				t.Errorf("%s stands in %s", inner, w.Body)
			}
		}
	}
	if said := ask(broken.Operators, "/metrics", "127.0.0.1:4000").Body.String(); !strings.Contains(said, `tongbao_panics_total{listener="mobile"} 2`) {
		t.Errorf("not counted: %s", grep(said, "tongbao_panics"))
	}
}

func TestTheInboxOfTheDemoAnswersItsOwnNameOnly(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{Quiet: true})
	for host, want := range map[string]int{
		"127.0.0.1:8080": http.StatusOK, "localhost:8080": http.StatusOK, "LOCALHOST": http.StatusOK, "[::1]:8080": http.StatusOK, "127.0.0.1": http.StatusOK,
		"evil.example:8080": http.StatusNotFound, "127.0.0.1.evil.example": http.StatusNotFound, "localhost.evil.example": http.StatusNotFound,
		"192.168.1.7:8080": http.StatusNotFound, "": http.StatusNotFound, "0.0.0.0:8080": http.StatusNotFound,
	} {
		for _, path := range []string{"/dev/inbox", "/dev/inbox.json"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Host, r.RemoteAddr = host, "127.0.0.1:4000"
			w := httptest.NewRecorder()
			if b.Handlers.Mobile.ServeHTTP(w, r); w.Code != want {
				t.Errorf("%s of %q: %d, want %d", path, host, w.Code, want)
			}
		}
	}
}
