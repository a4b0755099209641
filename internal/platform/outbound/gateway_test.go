package outbound_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/outbound"
)

func credential() outbound.Credential {
	return outbound.Credential{ID: "bank-1", Key: []byte("0123456789abcdef0123456789abcdef")}
}

// world is a simulated gateway that reports to a bank, both over real HTTP.
type world struct {
	gateway   *outbound.Gateway
	simulator *outbound.Simulator
	url       string

	mu      sync.Mutex
	reports []outbound.Report
	refuse  int // reports to refuse before taking one
	arrived chan struct{}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{arrived: make(chan struct{}, 16)}
	bank := httptest.NewServer(outbound.NewReports(credential(), time.Now, slog.New(slog.DiscardHandler), w.take))
	t.Cleanup(bank.Close)
	w.simulator = outbound.NewSimulator(outbound.SimulatorConfig{
		Credential: credential(), ReportURL: bank.URL + "/reports", Now: time.Now, Delay: time.Millisecond,
	})
	t.Cleanup(w.simulator.Close)
	server := httptest.NewServer(w.simulator)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.gateway = newGateway(t, server.URL+"/messages", time.Now)
	return w
}

func newGateway(t *testing.T, url string, now func() time.Time) *outbound.Gateway {
	t.Helper()
	gateway, err := outbound.NewGateway(outbound.GatewayConfig{
		URL: url, Credential: credential(), Sender: "通宝银行", Timeout: 2 * time.Second, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gateway.Close)
	return gateway
}

func (w *world) take(_ context.Context, r outbound.Report) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse > 0 {
		w.refuse--
		return errors.New("database away")
	}
	w.reports = append(w.reports, r)
	w.arrived <- struct{}{}
	return nil
}

// wait waits for n reports.
func (w *world) wait(t *testing.T, n int) []outbound.Report {
	t.Helper()
	for range n {
		select {
		case <-w.arrived:
		case <-time.After(5 * time.Second):
			t.Fatal("no report came")
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reports
}

func TestShortMessageIsTakenAndReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.refuse = 2
	reference, err := w.gateway.Send(t.Context(), outbound.Short{ID: "deli_1", To: "+8613800138000", Text: "验证码 482913"})
	if err != nil {
		t.Fatal(err)
	}
	taken := w.simulator.Messages()
	if len(taken) != 1 || taken[0].Text != "验证码 482913" || taken[0].Sender != "通宝银行" || taken[0].Reference != reference {
		t.Errorf("taken: %+v", taken)
	}
	reports := w.wait(t, 1)
	if reports[0].ID != "deli_1" || reports[0].Reference != reference || reports[0].State != outbound.Delivered {
		t.Errorf("report: %+v", reports[0])
	}
}

func TestGatewayRefusalsSayWhetherToRetry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tc := range map[string]struct {
		to        string
		code      string
		temporary bool
		retry     time.Duration
		taken     int // messages at the gateway after a second attempt
	}{
		"invalid number":          {"+8613800009001", "invalid_number", false, 0, 0},
		"not international":       {"13800138000", "invalid_number", false, 0, 0},
		"blocked":                 {"+8613800009002", "blocked_recipient", false, 0, 0},
		"busy, then taken":        {"+8613800009003", "busy", true, 0, 1},
		"too many, then taken":    {"+8613800009004", "too_many", true, time.Second, 1},
		"answer lost, sent again": {"+8613800009005", "unreachable", true, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// A gateway of its own: over a kept connection the HTTP client itself repeats a request with an idempotency key.
			gateway := newGateway(t, w.url+"/messages", time.Now)
			m := outbound.Short{ID: "deli_" + name, To: tc.to, Text: "hello"}
			_, err := gateway.Send(t.Context(), m)
			failed, ok := errors.AsType[*outbound.Error](err)
			if !ok || failed.Code != tc.code || outbound.Temporary(err) != tc.temporary || outbound.RetryAfter(err) != tc.retry {
				t.Fatalf("got %v, temporary %v, retry after %v", err, outbound.Temporary(err), outbound.RetryAfter(err))
			}
			if strings.Contains(err.Error(), "13800") {
				t.Errorf("the error names the recipient: %v", err)
			}
			_, err = gateway.Send(t.Context(), m)
			if (err == nil) != tc.temporary {
				t.Errorf("second attempt: %v", err)
			}
			if _, err := gateway.Send(t.Context(), m); (err == nil) != tc.temporary {
				t.Errorf("third attempt: %v", err)
			}
			taken := 0
			for _, s := range w.simulator.Messages() {
				if s.ID == m.ID {
					taken++
				}
			}
			if taken != tc.taken {
				t.Errorf("taken %d times, want %d", taken, tc.taken)
			}
		})
	}
}

func TestDeliveryReportsMayComeTwiceOrBad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, to := range []string{"+8613800009006", "+8613800009007"} {
		if _, err := w.gateway.Send(t.Context(), outbound.Short{ID: to, To: to, Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	count := map[string]int{}
	for _, r := range w.wait(t, 3) {
		count[r.ID+" "+r.State+" "+r.Code]++
	}
	if count["+8613800009006 undelivered absent_subscriber"] != 1 || count["+8613800009007 delivered "] != 2 {
		t.Errorf("reports: %v", count)
	}
}

func TestGatewayJudgesStrangeAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer    http.HandlerFunc
		code      string
		temporary bool
	}{
		"not JSON":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "OK") }, "bad_answer", true},
		"no reference": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }, "bad_answer", true},
		"an endless answer": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"reference":"`+strings.Repeat("x", 70<<10)+`"}`)
		}, "bad_answer", true},
		"a redirection": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com", http.StatusTemporaryRedirect)
		}, "http_307", true},
		"a wrong signature": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, "http_401", true},
		"a code with a number": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"code":"number 13800138000 is bad"}`)
		}, "http_400", false},
		"no answer in time": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the caller hangs up
			<-r.Context().Done()
		}, "unreachable", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tc.answer)
			t.Cleanup(server.Close)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := newGateway(t, server.URL, time.Now).Send(ctx, outbound.Short{ID: "d", To: "+8613800138000", Text: "x"})
			failed, ok := errors.AsType[*outbound.Error](err)
			if !ok || failed.Code != tc.code || failed.Temporary != tc.temporary {
				t.Errorf("got %+v", err)
			}
		})
	}
}

func TestSignaturesAreCheckedBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := func() time.Time { return time.Now().Add(-6 * time.Minute) }
	if _, err := newGateway(t, w.url+"/messages", old).Send(t.Context(), outbound.Short{ID: "d", To: "+8613800138000", Text: "x"}); err == nil {
		t.Error("an old request was taken")
	}
	reports := outbound.NewReports(credential(), time.Now, slog.New(slog.DiscardHandler),
		func(context.Context, outbound.Report) error { t.Error("an unsigned report was taken"); return nil })
	for name, tc := range map[string]struct {
		method, authorization string
		body                  []byte
		want                  int
	}{
		"no signature":    {http.MethodPost, "", []byte(`{}`), http.StatusUnauthorized},
		"a foreign key":   {http.MethodPost, "HMAC-SHA256 key=x,time=1,signature=00", []byte(`{}`), http.StatusUnauthorized},
		"a guess":         {http.MethodPost, fmt.Sprintf("HMAC-SHA256 key=bank-1,time=%d,signature=00", time.Now().Unix()), []byte(`{}`), http.StatusUnauthorized},
		"no signed time":  {http.MethodPost, "HMAC-SHA256 key=bank-1,signature=00", []byte(`{}`), http.StatusUnauthorized},
		"a huge body":     {http.MethodPost, "", bytes.Repeat([]byte("x"), 70<<10), http.StatusRequestEntityTooLarge},
		"another method":  {http.MethodGet, "", nil, http.StatusMethodNotAllowed},
		"nonsense scheme": {http.MethodPost, "Basic Zm9v", []byte(`{}`), http.StatusUnauthorized},
	} {
		request := httptest.NewRequest(tc.method, "/reports", bytes.NewReader(tc.body))
		request.Header.Set("Authorization", tc.authorization)
		answer := httptest.NewRecorder()
		reports.ServeHTTP(answer, request)
		if answer.Code != tc.want {
			t.Errorf("%s: %d, want %d", name, answer.Code, tc.want)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", credential(), credential(), credential()); strings.Contains(text, "0123456789") {
		t.Errorf("the credential prints its key: %s", text)
	}
}

func TestNewGatewayRefusesWeakSettings(t *testing.T) {
	t.Parallel()
	good := outbound.GatewayConfig{URL: "https://sms.example/messages", Credential: credential(), Now: time.Now}
	if _, err := outbound.NewGateway(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for name, spoil := range map[string]func(*outbound.GatewayConfig){
		"plain http":       func(c *outbound.GatewayConfig) { c.URL = "http://sms.example/messages" },
		"no host":          func(c *outbound.GatewayConfig) { c.URL = "/messages" },
		"password in URL":  func(c *outbound.GatewayConfig) { c.URL = "https://bank:hunter2@sms.example/" },
		"short key":        func(c *outbound.GatewayConfig) { c.Credential.Key = []byte("short") },
		"no key id":        func(c *outbound.GatewayConfig) { c.Credential.ID = "" },
		"no clock":         func(c *outbound.GatewayConfig) { c.Now = nil },
		"another protocol": func(c *outbound.GatewayConfig) { c.URL = "ftp://127.0.0.1/" },
	} {
		bad := good
		spoil(&bad)
		if _, err := outbound.NewGateway(bad); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
