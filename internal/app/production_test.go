package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
)

// production are sound settings of a real bank, with a ring of keys.
func production(t *testing.T) app.Config {
	t.Helper()
	folder := t.TempDir()
	c := app.Config{
		Data: filepath.Join(folder, "data"), Keys: filepath.Join(folder, "keys"), Listen: "127.0.0.1:0", ConsoleListen: "127.0.0.1:0",
		MetricsListen: "127.0.0.1:0", BankName: "通宝银行", AccountPrefix: "621700", Timezone: "Asia/Shanghai", RateScale: 1, AllowSimulators: true,
	}
	apptest.CopyRing(t, c.Keys)
	return c
}

func TestAProductionStartRefusesWeakSettings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		weaken func(t *testing.T, c *app.Config)
		says   string
	}{
		"no keys are named": {func(_ *testing.T, c *app.Config) { c.Keys = "" }, "tongbao keys create"},
		"there are no keys": {func(t *testing.T, c *app.Config) { c.Keys = filepath.Join(t.TempDir(), "none") }, "--keys"},
		"keys inside the data folder": {func(t *testing.T, c *app.Config) {
			c.Keys = filepath.Join(c.Data, "keys")
			apptest.CopyRing(t, c.Keys)
		}, "inside the data folder"},
		"keys that are the data folder": {func(_ *testing.T, c *app.Config) { c.Data = c.Keys }, "inside the data folder"},
		"keys inside through a link": {func(t *testing.T, c *app.Config) {
			apptest.CopyRing(t, filepath.Join(c.Data, "keys"))
			c.Keys = link(t, filepath.Join(c.Data, "keys"))
		}, "inside the data folder"},
		"keys inside a folder that is a link": {func(t *testing.T, c *app.Config) {
			real := t.TempDir()
			apptest.CopyRing(t, filepath.Join(real, "keys"))
			c.Data, c.Keys = link(t, real), filepath.Join(real, "keys")
		}, "inside the data folder"},
		"keys that others may read": {func(t *testing.T, c *app.Config) {
			if err := os.Chmod(c.Keys, 0o755); err != nil { //nolint:gosec // that is the point
				t.Fatal(err)
			}
		}, "mode 0755"},
		"plain HTTP on all addresses":        {func(_ *testing.T, c *app.Config) { c.Listen = ":0" }, "plain HTTP"},
		"plain HTTP on a public address":     {func(_ *testing.T, c *app.Config) { c.Listen = "203.0.113.7:80" }, "plain HTTP"},
		"a console on a public address":      {func(_ *testing.T, c *app.Config) { c.ConsoleListen = "[::]:0" }, "plain HTTP"},
		"a public URL that is not secure":    {func(_ *testing.T, c *app.Config) { c.PublicURL = "http://bank.example" }, "https://"},
		"no limits of the edge":              {func(_ *testing.T, c *app.Config) { c.RateScale = 0 }, "--rate-scale"},
		"negative limits of the edge":        {func(_ *testing.T, c *app.Config) { c.RateScale = -1 }, "--rate-scale"},
		"proxies that are no network":        {func(_ *testing.T, c *app.Config) { c.TrustedProxies = []string{"everybody"} }, "--trusted-proxies"},
		"proxies that are everybody":         {func(_ *testing.T, c *app.Config) { c.TrustedProxies = []string{"10.0.0.0/8", "::/0"} }, "--trusted-proxies"},
		"proxies and no public URL":          {func(_ *testing.T, c *app.Config) { c.TrustedProxies = []string{"10.0.0.0/8"} }, "--public-url"},
		"a public address and no public URL": {func(_ *testing.T, c *app.Config) { c.Listen, c.TLS = ":0", "dev" }, "--public-url"},
		"a zone that nobody knows":           {func(_ *testing.T, c *app.Config) { c.Timezone = "Asia/Nowhere" }, "--timezone"},
		"the machine's own zone":             {func(_ *testing.T, c *app.Config) { c.Timezone = "Local" }, "--timezone"},
		"mail in the clear over a network":   {func(_ *testing.T, c *app.Config) { c.SMTP = "http://mail.example" }, "--smtp"},
		"an identity provider that is none":  {func(_ *testing.T, c *app.Config) { c.AllowSimulators = false }, "--allow-simulators"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := production(t)
			tc.weaken(t, &c)
			b, err := app.New(t.Context(), c, app.Options{Relaxed: true})
			if err == nil {
				b.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("started, or said %v", err)
			}
		})
	}
}

func link(t *testing.T, to string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAProductionBankHasNoInboxAndSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b, err := app.New(t.Context(), production(t), app.Options{Relaxed: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, flag := range []string{"--sms", "--smtp", "--allow-simulators"} {
		if !strings.Contains(log.String(), flag) {
			t.Errorf("the log does not speak of %s: %s", flag, log.String())
		}
	}
	h, err := app.Handle(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/dev/inbox", "/dev/inbox.json", "/dev/inbox.json?to=13800000000", "/dev/", "/dev/anything"} {
		if w := ask(h.Mobile, path, "127.0.0.1:4000"); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if w := ask(h.Console, path, "127.0.0.1:4000"); strings.Contains(w.Body.String(), "channel") {
			t.Errorf("%s on the console: %d %s", path, w.Code, w.Body)
		}
	}
	if w := ask(h.Mobile, "/api/mobile/v1/config", "127.0.0.1:4000"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"demo":false`) {
		t.Errorf("config: %d %s", w.Code, w.Body)
	}
	if w := ask(h.Operators, "/readyz", "127.0.0.1:4000"); w.Code != http.StatusOK {
		t.Errorf("ready: %d %s", w.Code, w.Body)
	}
	if w := ask(h.Mobile, "/metrics", "127.0.0.1:4000"); strings.Contains(w.Body.String(), "go_goroutines") {
		t.Error("metrics on the customers' listener")
	}
}

// ask sends a GET as from an address of the network.
func ask(h http.Handler, path, from string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host, r.RemoteAddr = "localhost:8080", from
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestTheDemosInboxAnswersThisMachineAlone(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{Settings: func(c *app.Config) { c.TrustedProxies = []string{"10.0.0.0/8"} }})
	b.Native().Post("/codes", map[string]any{"purpose": "register", "phone": "13711110001"}).Is(http.StatusCreated)
	code := b.Inbox("13711110001")
	for from, want := range map[string]int{
		"127.0.0.1:4000": http.StatusOK, "[::1]:4000": http.StatusOK, "192.168.1.7:4000": http.StatusNotFound, "203.0.113.7:4000": http.StatusNotFound,
		"10.0.0.1:4000": http.StatusNotFound, "[2001:db8::1]:4000": http.StatusNotFound, "nonsense": http.StatusNotFound,
	} {
		for _, path := range []string{"/dev/inbox", "/dev/inbox.json?to=13711110001"} {
			if w := ask(b.Handlers.Mobile, path, from); w.Code != want || (want == http.StatusOK) != strings.Contains(w.Body.String(), code) {
				t.Errorf("%s from %s: %d", path, from, w.Code)
			}
		}
	}
	forwarded := httptest.NewRequest(http.MethodGet, "/dev/inbox.json", nil)
	forwarded.Header.Set("X-Forwarded-For", "203.0.113.7")
	w := httptest.NewRecorder()
	forwarded.RemoteAddr = "10.0.0.1:4000" // the proxy that is named
	if b.Handlers.Mobile.ServeHTTP(w, forwarded); w.Code != http.StatusNotFound {
		t.Errorf("through the proxy: %d", w.Code)
	}
	forwarded.Header.Set("X-Forwarded-For", "127.0.0.1, 203.0.113.7") // who claims to be this machine is not believed
	w = httptest.NewRecorder()
	if b.Handlers.Mobile.ServeHTTP(w, forwarded); w.Code != http.StatusNotFound {
		t.Errorf("through the proxy with a claim: %d", w.Code)
	}
}

func TestADemoAndARealBankDoNotMix(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(t *testing.T) string{
		"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return dbtest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, demo := range []bool{false, true} {
				c := production(t)
				c.Database, c.Demo = database(t), demo
				open := func(demo bool) error {
					c := c
					c.Demo = demo
					b, err := app.New(context.WithoutCancel(t.Context()), c, app.Options{Relaxed: true})
					if err == nil {
						b.Close()
					}
					return err
				}
				if err := open(demo); err != nil {
					t.Fatal(err)
				}
				if err := open(!demo); err == nil || !strings.Contains(err.Error(), "demo") {
					t.Errorf("made with demo %v, opened as the other: %v", demo, err)
				}
				if err := open(demo); err != nil {
					t.Errorf("the second start: %v", err)
				}
			}
		})
	}
}
