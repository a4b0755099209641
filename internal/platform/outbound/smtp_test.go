package outbound_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/tongbao/tongbao/internal/platform/outbound"
)

// mailServer is a real SMTP server in memory. Recipients decide what it answers.
type mailServer struct {
	port  int
	roots *x509.CertPool

	mu       sync.Mutex
	messages []string
	users    []string
}

func newMailServer(t *testing.T, mode string) *mailServer {
	t.Helper()
	// httptest makes a certificate for 127.0.0.1 that only its pool trusts.
	certified := httptest.NewTLSServer(nil)
	certified.Close()
	s := &mailServer{roots: x509.NewCertPool()}
	s.roots.AddCert(certified.Certificate())
	config := &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12}

	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{server: s}, nil }))
	server.Domain = "mail.test"
	server.ErrorLog = quiet{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	switch mode {
	case outbound.StartTLS:
		server.TLSConfig = config
	case outbound.DirectTLS:
		listener = tls.NewListener(listener, config)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type mailSession struct {
	server *mailServer
	to     string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "right" {
			return smtp.ErrAuthFailed
		}
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		s.server.users = append(s.server.users, user)
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch s.to = to; to {
	case "nobody@example.com":
		return &smtp.SMTPError{Code: 550, Message: "no such user nobody@example.com"}
	case "later@example.com":
		return &smtp.SMTPError{Code: 451, Message: "greylisted"}
	}
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch s.to {
	case "spam@example.com":
		return &smtp.SMTPError{Code: 554, Message: "rejected"}
	case "slow@example.com":
		time.Sleep(time.Second)
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.messages = append(s.server.messages, string(text))
	return nil
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

func (s *mailServer) config(mode string) outbound.SMTPConfig {
	return outbound.SMTPConfig{
		Host: "127.0.0.1", Port: s.port, TLS: mode, RootCAs: s.roots, Timeout: 5 * time.Second,
		From: "notice@bank.example", FromName: "通宝银行", Username: "bank", Password: "right",
	}
}

func mailer(t *testing.T, config outbound.SMTPConfig) *outbound.SMTP {
	t.Helper()
	m, err := outbound.NewSMTP(config)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMailArrivesOverTLS(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{outbound.StartTLS, outbound.DirectTLS} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			server := newMailServer(t, mode)
			err := mailer(t, server.config(mode)).Send(t.Context(), outbound.Mail{
				ID: "deli_1", To: "li@example.com", Subject: "转账成功", Text: "您已转出 ¥12.50", HTML: "<p>您已转出 ¥12.50</p>",
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(server.users) != 1 || server.users[0] != "bank" || len(server.messages) != 1 {
				t.Fatalf("%d messages from %v", len(server.messages), server.users)
			}
			readMail(t, server.messages[0])
		})
	}
}

// readMail reads the message as a mail program would.
func readMail(t *testing.T, text string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "转账成功" {
		t.Errorf("subject %q, %v", subject, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "通宝银行" || from[0].Address != "notice@bank.example" {
		t.Errorf("from %v, %v", from, err)
	}
	if id := m.Header.Get("Message-Id"); id != "<deli_1@bank.example>" {
		t.Errorf("message id %s", id)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"您已转出 ¥12.50", "<p>您已转出 ¥12.50</p>"} {
		part, err := parts.NextPart() // decodes quoted-printable
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(part); err != nil || strings.TrimSpace(string(body)) != want {
			t.Errorf("part %q, %v; want %q", body, err, want)
		}
	}
}

func TestMailRefusalsSayWhetherToRetry(t *testing.T) {
	t.Parallel()
	server := newMailServer(t, outbound.StartTLS)
	good := server.config(outbound.StartTLS)
	wrongPassword, unknownCA, closedPort := good, good, good
	wrongPassword.Password = "wrong"
	unknownCA.RootCAs = x509.NewCertPool()
	closedPort.Port = freePort(t)
	noTLS := newMailServer(t, outbound.PlainText).config(outbound.StartTLS)
	for name, tc := range map[string]struct {
		config    outbound.SMTPConfig
		mail      outbound.Mail
		code      string
		temporary bool
	}{
		"unknown recipient":      {good, outbound.Mail{ID: "d", To: "nobody@example.com"}, "550", false},
		"greylisted":             {good, outbound.Mail{ID: "d", To: "later@example.com"}, "451", true},
		"refused content":        {good, outbound.Mail{ID: "d", To: "spam@example.com"}, "554", false},
		"not an address":         {good, outbound.Mail{ID: "d", To: "li example.com"}, "invalid_address", false},
		"two addresses":          {good, outbound.Mail{ID: "d", To: "li@example.com, wu@example.com"}, "invalid_address", false},
		"a header in an address": {good, outbound.Mail{ID: "d", To: "li@example.com\r\nBcc: wu@example.com"}, "invalid_address", false},
		"a header in a subject":  {good, outbound.Mail{ID: "d", To: "li@example.com", Subject: "x\r\nBcc: wu@example.com"}, "invalid_header", false},
		"wrong password":         {wrongPassword, outbound.Mail{ID: "d", To: "li@example.com"}, "unreachable", true},
		"unknown authority":      {unknownCA, outbound.Mail{ID: "d", To: "li@example.com"}, "unreachable", true},
		"server away":            {closedPort, outbound.Mail{ID: "d", To: "li@example.com"}, "unreachable", true},
		"server without TLS":     {noTLS, outbound.Mail{ID: "d", To: "li@example.com"}, "unreachable", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.mail.Text = "text"
			err := mailer(t, tc.config).Send(t.Context(), tc.mail)
			failed, ok := errors.AsType[*outbound.Error](err)
			if !ok || failed.Code != tc.code || outbound.Temporary(err) != tc.temporary {
				t.Fatalf("got %v, temporary %v", err, outbound.Temporary(err))
			}
			if strings.Contains(err.Error(), "@") {
				t.Errorf("the error names the recipient: %v", err)
			}
		})
	}
	if len(server.messages) != 0 {
		t.Errorf("refused, and still %d messages arrived", len(server.messages))
	}
}

func TestMailGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	server := newMailServer(t, outbound.StartTLS)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := mailer(t, server.config(outbound.StartTLS)).Send(ctx, outbound.Mail{ID: "d", To: "slow@example.com", Text: "x"})
	if !outbound.Temporary(err) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 900*time.Millisecond {
		t.Errorf("hung on for %v", took)
	}
}

func TestNewSMTPRefusesWeakSettings(t *testing.T) {
	t.Parallel()
	good := outbound.SMTPConfig{Host: "mail.example", Port: 587, From: "notice@bank.example", Password: "hunter2"}
	if _, err := outbound.NewSMTP(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for name, spoil := range map[string]func(*outbound.SMTPConfig){
		"plain text to another machine": func(c *outbound.SMTPConfig) { c.TLS = outbound.PlainText },
		"an unknown protection":         func(c *outbound.SMTPConfig) { c.TLS = "maybe" },
		"no host":                       func(c *outbound.SMTPConfig) { c.Host = "" },
		"a port that cannot be":         func(c *outbound.SMTPConfig) { c.Port = 70_000 },
		"a sender without address":      func(c *outbound.SMTPConfig) { c.From = "bank" },
	} {
		bad := good
		spoil(&bad)
		if _, err := outbound.NewSMTP(bad); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", good, good, good); strings.Contains(text, "hunter2") {
		t.Errorf("the settings print the password: %s", text)
	}
	if outbound.Temporary(nil) || outbound.Temporary(errors.New("x")) {
		t.Error("nothing and the unknown are not temporary")
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}
