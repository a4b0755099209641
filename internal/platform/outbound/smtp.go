package outbound

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Ways of protecting the connection to a mail server.
const (
	StartTLS  = "starttls" // TLS after a greeting in clear, required (port 587)
	DirectTLS = "tls"      // TLS from the first byte (port 465)
	PlainText = "none"     // none; only to the own machine
)

const (
	defaultTimeout = 15 * time.Second
	channelMail    = "mail"
)

// SMTPConfig tells how to reach the bank's mail server.
type SMTPConfig struct {
	Host     string
	Port     int
	TLS      string // StartTLS, DirectTLS or PlainText; StartTLS when empty
	Username string // no authentication when empty
	Password string
	From     string         // the bank's address
	FromName string         // the bank's name
	Timeout  time.Duration  // of one attempt; 15 s when 0
	RootCAs  *x509.CertPool // who may certify the server; the machine's own when nil
}

// String names the server only.
func (c SMTPConfig) String() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// GoString names the server only.
func (c SMTPConfig) GoString() string { return c.String() }

func (c SMTPConfig) tls() *tls.Config {
	return &tls.Config{ServerName: c.Host, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12}
}

// SMTP is a Mailer by a mail server. It opens a connection per message: a bank's relay is near, and a kept connection
// fails at the worst time.
type SMTP struct {
	config  SMTPConfig
	options []mail.Option
}

// NewSMTP checks the settings; it does not connect.
func NewSMTP(config SMTPConfig) (*SMTP, error) {
	config.Timeout = cmp.Or(config.Timeout, defaultTimeout)
	options := []mail.Option{
		mail.WithTimeout(config.Timeout),
		mail.WithoutNoop(),
		mail.WithTLSConfig(config.tls()),
	}
	switch cmp.Or(config.TLS, StartTLS) {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case DirectTLS:
		options = append(options, mail.WithSSL())
	case PlainText:
		if !local(config.Host) {
			return nil, fmt.Errorf("mail server %s: plain text is allowed to this machine only", config)
		}
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("mail server %s: tls %q: want %s, %s or %s", config, config.TLS, StartTLS, DirectTLS, PlainText)
	}
	// The port comes last: WithSSL sets one of its own.
	options = append(options, mail.WithPort(config.Port))
	if config.Username != "" {
		// PLAIN inside TLS is what every server offers; the library refuses it on an open line to another machine.
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthPlain),
			mail.WithUsername(config.Username), mail.WithPassword(config.Password))
	}
	if _, err := mail.NewClient(config.Host, options...); err != nil {
		return nil, fmt.Errorf("mail server %s: %w", config, err)
	}
	if err := mail.NewMsg().FromFormat(config.FromName, config.From); err != nil {
		return nil, fmt.Errorf("mail sender: %w", err)
	}
	return &SMTP{config: config, options: options}, nil
}

// Send hands the message to the server.
func (s *SMTP) Send(ctx context.Context, m Mail) error {
	message, err := s.message(m)
	if err != nil {
		return err
	}
	line := &line{config: s.config}
	client, err := mail.NewClient(s.config.Host, append(slices.Clone(s.options), mail.WithDialContextFunc(line.dial))...)
	if err != nil {
		return fmt.Errorf("mail client: %w", err)
	}
	stop := context.AfterFunc(ctx, line.hangUp)
	defer stop()
	defer line.hangUp() // the library leaves it open when the server refuses the password
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() {
		return nil // a goodbye that went wrong does not unsend the message
	}
	return mailError(err)
}

// message builds the mail. The id of the delivery is its Message-ID, so that a repetition can be recognised.
func (s *SMTP) message(m Mail) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := message.FromFormat(s.config.FromName, s.config.From); err != nil {
		return nil, fmt.Errorf("mail sender: %w", err)
	}
	if strings.ContainsAny(m.ID+m.Subject, "\r\n") || strings.ContainsAny(m.ID, "<> @") {
		return nil, &Error{Channel: channelMail, Code: "invalid_header"}
	}
	if err := message.To(m.To); err != nil {
		return nil, &Error{Channel: channelMail, Code: "invalid_address"}
	}
	_, domain, _ := strings.Cut(s.config.From, "@")
	message.SetMessageIDWithValue(m.ID + "@" + domain)
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.Subject(m.Subject)
	message.SetDate()
	message.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return message, nil
}

// mailError keeps of a failure what may be logged. A 5xx answer to the message itself is final; all else may pass.
func mailError(err error) error {
	refused, ok := errors.AsType[*mail.SendError](err)
	if !ok || refused.ErrorCode() == 0 {
		return unreachable(channelMail)
	}
	code := refused.ErrorCode()
	return &Error{Channel: channelMail, Code: strconv.Itoa(code), Temporary: code < 500}
}
