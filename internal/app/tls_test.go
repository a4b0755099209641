package app_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
)

// listening starts a bank on ports of its own; stop ends it as Ctrl-C does and gives what Serve came to.
func listening(t *testing.T, c app.Config) (at app.Addresses, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	ready, ended := make(chan app.Addresses, 1), make(chan error, 1)
	go func() {
		ended <- app.Serve(ctx, c, app.Options{Relaxed: true}, func(_ *app.Bank, a app.Addresses) { ready <- a })
	}()
	select {
	case at = <-ready:
	case err := <-ended:
		t.Fatalf("not served: %v", err)
	}
	return at, func() error {
		cancel()
		return <-ended
	}
}

func TestTLSDevServesBothAppsByACertificateForThisMachine(t *testing.T) {
	t.Parallel()
	c := production(t)
	c.TLS = "dev"
	at, stop := listening(t, c)
	browser := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, //nolint:gosec // nobody vouches for it: see below
	}}
	t.Cleanup(browser.CloseIdleConnections)
	for name, address := range map[string]string{"app": at.Mobile, "console": at.Console} {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" {
			t.Fatalf("%s is at %s", name, address)
		}
		u.Host = net.JoinHostPort("127.0.0.1", u.Port())
		answer, err := browser.Get(u.String())
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		leaf := answer.TLS.PeerCertificates[0]
		for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
			if err := leaf.VerifyHostname(host); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if answer.TLS.Version < tls.VersionTLS12 || answer.ProtoMajor != 2 || time.Until(leaf.NotAfter) < 24*time.Hour || time.Since(leaf.NotBefore) < 0 {
			t.Errorf("%s: TLS %x, %s, from %s to %s", name, answer.TLS.Version, answer.Proto, leaf.NotBefore, leaf.NotAfter)
		}
		if answer.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s does not bind browsers to TLS", name)
		}
		if plain, err := browser.Get("http://" + u.Host); err == nil {
			_ = plain.Body.Close()
			if plain.StatusCode != http.StatusBadRequest {
				t.Errorf("%s answers plain HTTP with %d", name, plain.StatusCode)
			}
		}
	}
	if !strings.HasPrefix(at.Metrics, "http://127.0.0.1:") {
		t.Errorf("metrics are at %s", at.Metrics)
	}
	if err := stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestATLSSettingThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for setting, says := range map[string]string{"on": "--tls must be dev", "/nowhere/cert.pem,/nowhere/key.pem": "/nowhere/cert.pem"} {
		c := production(t)
		c.TLS = setting
		err := app.Serve(t.Context(), c, app.Options{Relaxed: true}, func(*app.Bank, app.Addresses) {})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}
