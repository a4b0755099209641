package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestMetricsTellOfTheBanksWorkAndOfNobody(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
		li.Pay(wang, "12.50").Is(http.StatusCreated)
		b.Native().Post("/sessions/password", map[string]any{"identifier": "13700000000", "password": "not a password"}).Is(http.StatusUnauthorized)
		b.Settle()
		w := ask(b.Handlers.Operators, "/metrics", "127.0.0.1:4000")
		said := w.Body.String()
		for _, name := range []string{
			`tongbao_db_transaction_seconds_count{kind="write",outcome="committed"}`, `tongbao_db_transaction_seconds_count{kind="read"`,
			`tongbao_payment_batch_acts_count 1`, `tongbao_payment_batch_waiting 0`, `tongbao_sign_ins_total{method="password",outcome="auth.wrong_credentials"} 1`,
			`tongbao_events_outbox `, `tongbao_events_outbox_age_seconds`, `tongbao_events_dead_letters 0`, `tongbao_events_pending{consumer=`,
			`tongbao_audit_waiting `, `http_route="/api/mobile/v1/sessions/password"`, `server_address="mobile"`,
		} {
			if !strings.Contains(said, name) {
				t.Errorf("no %s", name)
			}
		}
		for _, private := range []string{"13700000000", "cust_", "acct_", "sess_", "127.0.0.1", "server_port"} {
			if strings.Contains(said, private) {
				t.Errorf("metrics hold %s", private)
			}
		}
		if t.Failed() {
			t.Log(grep(said, "tongbao_", "http_route"))
		}
	})
}

func TestMetricsTellWhatWaits(t *testing.T) {
	t.Parallel()
	c := production(t)
	c.Demo = true
	b, err := app.New(t.Context(), c, app.Options{Relaxed: true}) // and not started: nobody does the work
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	h, err := app.Handle(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/mobile/v1/codes", strings.NewReader(`{"purpose":"register","phone":"13711110002"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Tongbao-Client", "mobile/1.0.0")
	w := httptest.NewRecorder()
	if h.Mobile.ServeHTTP(w, r); w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	said := ask(h.Operators, "/metrics", "127.0.0.1:4000").Body.String()
	for _, line := range []string{
		`tongbao_jobs{kind="notify.deliver",state="waiting"} 1`, `tongbao_jobs_late_seconds{kind="notify.deliver",state="waiting"} `, "tongbao_audit_waiting 1",
	} {
		if !strings.Contains(said, line) {
			t.Errorf("no %s in\n%s", line, grep(said, "tongbao_"))
		}
	}
}

// grep keeps the lines that hold one of some words.
func grep(text string, words ...string) string {
	var kept []string
	for line := range strings.Lines(text) {
		for _, w := range words {
			if strings.Contains(line, w) && !strings.Contains(line, "_bucket") && !strings.HasPrefix(line, "#") {
				kept = append(kept, line)
				break
			}
		}
	}
	return strings.Join(kept, "")
}

func TestBehindAProxyBrowsersAreToldToStayOnTLS(t *testing.T) {
	t.Parallel()
	const header = "Strict-Transport-Security"
	b := apptest.Start(t, apptest.Options{Quiet: true})
	if w := ask(b.Handlers.Mobile, "/", "127.0.0.1:4000"); w.Header().Get(header) != "" {
		t.Error("a demo over plain HTTP forbids itself")
	}
	b = apptest.Start(t, apptest.Options{Quiet: true, Settings: public})
	if w := ask(b.Handlers.Mobile, "/", "127.0.0.1:4000"); w.Header().Get(header) == "" {
		t.Error("not told")
	}
}

// public are the settings behind a proxy that ends TLS.
func public(c *app.Config) { c.PublicURL = "https://bank.example" }
