// Package outbound hands messages to the world outside the bank: mail by SMTP, short messages by an HTTP gateway.
//
// It makes one attempt and says what came of it. Whether and when to try again is the job room's business; Temporary
// tells whether trying again makes sense. Every message carries an id of the bank, the same in each attempt, so that
// a gateway or a reader can tell a repetition: a lost answer must not become a second message where that can be helped.
//
//	mailer, err := outbound.NewSMTP(outbound.SMTPConfig{Host: "mail.bank.example", Port: 587, TLS: outbound.StartTLS, ...})
//	err = mailer.Send(ctx, outbound.Mail{ID: "deli_01JD...", To: "li@example.com", Subject: "...", Text: "..."})
//	if outbound.Temporary(err) { ... } // the job is run again later
//
// Errors never contain the recipient or the text, so they may be logged. Plain-text transport is refused except to
// the own machine. Simulator is a gateway for demonstrations and tests; it sends nothing to anybody.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// Mail is one message to one mail address.
type Mail struct {
	ID      string // of the delivery; the same in each attempt
	To      string
	Subject string
	Text    string
	HTML    string // may be empty
}

// Mailer sends mail. Nil means that the server took the message over, not that it was read.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// Short is one short message to one phone.
type Short struct {
	ID   string // of the delivery; the same in each attempt
	To   string // E.164: +8613800138000
	Text string
}

// SMS sends short messages. The reference is the gateway's own id of the message, by which it reports delivery.
type SMS interface {
	Send(ctx context.Context, m Short) (reference string, err error)
}

// Error is a failed attempt. Its text names no recipient.
type Error struct {
	Channel    string        // mail or sms
	Code       string        // of the server: "550", "http_503", "invalid_number"; "unreachable" when it gave none
	Temporary  bool          // the same message may succeed later
	RetryAfter time.Duration // that the server asked for; 0 when it did not
}

// Error names the channel and the code.
func (e *Error) Error() string {
	return fmt.Sprintf("%s not sent: %s", e.Channel, e.Code)
}

// Temporary tells whether sending the same message again may succeed. A message that the other side judged and refused
// stays refused; a server that was unreachable, busy or wrongly configured may recover. Nil is not temporary.
func Temporary(err error) bool {
	if failed, ok := errors.AsType[*Error](err); ok {
		return failed.Temporary
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// RetryAfter is the wait that the other side asked for; 0 when it did not.
func RetryAfter(err error) time.Duration {
	if failed, ok := errors.AsType[*Error](err); ok {
		return failed.RetryAfter
	}
	return 0
}

// unreachable is a failure before the other side judged the message.
func unreachable(channel string) error {
	return &Error{Channel: channel, Code: "unreachable", Temporary: true}
}

// local tells whether a host is this machine, the only one that plain text may go to.
func local(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
