package app

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/outbound"
)

const (
	mailTimeout = 15 * time.Second
	smsTimeout  = 10 * time.Second
	smtpPort    = 587
)

// mailer is the bank's mail server, or nil when none is set.
func (c *Config) mailer() (outbound.Mailer, error) {
	if c.SMTP == "" {
		return nil, nil
	}
	u, err := url.Parse(c.SMTP)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, fmt.Errorf("--smtp must be smtp://user:password@host:587 or smtps://…")
	}
	port := smtpPort
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("--smtp: the port is no number")
		}
	}
	tls := outbound.StartTLS
	if u.Scheme == "smtps" {
		tls = outbound.DirectTLS
	}
	if loopback(u.Host) && u.User == nil {
		tls = outbound.PlainText // a relay on this very machine
	}
	password, _ := u.User.Password()
	return outbound.NewSMTP(outbound.SMTPConfig{
		Host: u.Hostname(), Port: port, TLS: tls, Username: u.User.Username(), Password: password,
		From: c.MailFrom, FromName: c.BankName, Timeout: mailTimeout,
	})
}

// sms is the bank's SMS gateway, or nil when none is set.
func (c *Config) sms(now func() time.Time) (outbound.SMS, error) {
	if c.SMS == "" {
		return nil, nil
	}
	return outbound.NewGateway(outbound.GatewayConfig{
		URL: c.SMS, Credential: outbound.Credential{ID: "tongbao", Key: []byte(c.SMSSecret)}, Sender: c.BankName, Timeout: smsTimeout, Now: now,
	})
}
