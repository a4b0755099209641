package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Notice is one message to one customer.
type Notice struct {
	Customer id.Customer
	Template string
	Subject  string            // id of what it is about, so that the app can open it; may be empty
	Params   map[string]string // what the texts show; sealed. Write amounts, moments and dates with Amount, Instant, Day
	Contact  *Contact          // only there, and not into the inbox: the phone that was the customer's until now
}

// Code is a one-time code on its way to somebody who may not be a customer yet.
type Code struct {
	To       string // phone +86… or mail address
	Locale   i18n.Locale
	Template string    // its text shows {code} and {minutes}
	Code     string    // empty where the text tells something else, such as that there is no account
	Owner    string    // whose key seals it on its way: a customer's id, or empty for the bank's
	Expires  time.Time // it is not sent after that
}

// content is what a delivery says, sealed on its way.
type content struct {
	To     string            `json:"to,omitempty"` // empty: the customer's contact when it is sent
	Locale i18n.Locale       `json:"locale,omitempty"`
	Params map[string]string `json:"params,omitempty"`
}

// outbox gathers what one call writes.
type outbox struct {
	messages, deliveries *db.Rows
	jobs                 []job.Request
}

// Send puts messages into inboxes and on their way, in the caller's transaction: if that is undone, nothing was said.
func (s *Service) Send(ctx context.Context, tx *db.Tx, notices []Notice) error {
	customers, owners := make([]id.Customer, len(notices)), make([]string, len(notices))
	for i, n := range notices {
		customers[i], owners[i] = n.Customer, string(n.Customer)
	}
	made, err := readChoices(ctx, tx, customers)
	if err != nil {
		return fmt.Errorf("read notification preferences: %w", err)
	}
	if err := s.parts.Vault.Prepare(ctx, tx, owners); err != nil {
		return fmt.Errorf("prepare to seal messages: %w", err)
	}
	out := outbox{messages: db.NewRows(len(notices)), deliveries: db.NewRows(len(notices))}
	for _, n := range notices {
		if err := s.put(ctx, tx, &out, made, n); err != nil {
			return fmt.Errorf("send %s: %w", n.Template, err)
		}
	}
	return s.write(ctx, tx, out)
}

// put decides where a notice goes.
func (s *Service) put(ctx context.Context, tx *db.Tx, out *outbox, made choices, n Notice) error {
	t, err := s.template(n.Template)
	if err != nil {
		return err
	}
	message := id.Message("")
	if n.Contact == nil && t.goes(Inbox) && made.wants(n.Customer, t.Category, Inbox) {
		message = id.New[id.Message](tx.Now())
		sealed, err := s.seal(ctx, tx, string(n.Customer), placeOfParams(message), n.Params)
		if err != nil {
			return err
		}
		out.messages.Add(message, n.Customer, n.Template, t.Category, orNull(n.Subject), sealed, tx.Now())
	}
	for _, ch := range []Channel{Mail, SMS} {
		c := content{Params: n.Params}
		if n.Contact != nil {
			c.To, c.Locale = n.Contact.address(ch), n.Contact.Locale
		}
		if !t.goes(ch) || !s.has(ch) || !made.wants(n.Customer, t.Category, ch) || (n.Contact != nil && c.To == "") {
			continue
		}
		runAt, err := s.notAtNight(ctx, tx.Now(), t.Category)
		if err != nil {
			return err
		}
		d := delivery{message: message, customer: n.Customer, owner: string(n.Customer), channel: ch, template: n.Template,
			expires: runAt.Add(lateAfter)}
		if err := s.dispatch(ctx, tx, out, d, c, runAt); err != nil {
			return err
		}
	}
	return nil
}

// SendCode sends a one-time code in the caller's transaction, whatever the person prefers. ErrNoChannel when the bank
// has no way to the address.
func (s *Service) SendCode(ctx context.Context, tx *db.Tx, c Code) error {
	ch := SMS
	if strings.Contains(c.To, "@") {
		ch = Mail
	}
	t, err := s.template(c.Template)
	if err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	if !t.goes(ch) || !s.has(ch) {
		return ErrNoChannel
	}
	minutes := (c.Expires.Sub(tx.Now()) + time.Minute - 1) / time.Minute
	said := content{To: c.To, Locale: c.Locale, Params: map[string]string{codeParam: c.Code, "minutes": strconv.Itoa(int(minutes))}}
	out := outbox{messages: db.NewRows(0), deliveries: db.NewRows(1)}
	d := delivery{owner: c.Owner, channel: ch, template: c.Template, expires: c.Expires}
	if d.owner == "" {
		d.owner = vault.Bank
	}
	if err := s.dispatch(ctx, tx, &out, d, said, tx.Now()); err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	return s.write(ctx, tx, out)
}

// codeParam is the parameter of the one-time code itself.
const codeParam = "code"

// dispatch seals a delivery and asks for the job that makes it.
func (s *Service) dispatch(ctx context.Context, tx *db.Tx, out *outbox, d delivery, c content, runAt time.Time) error {
	d.id = id.New[id.Delivery](tx.Now())
	sealed, err := s.seal(ctx, tx, d.owner, d.place(), c)
	if err != nil {
		return err
	}
	out.deliveries.Add(d.id, orNull(d.message), orNull(d.customer), d.owner, d.channel, d.template, sealed, Pending, d.expires, tx.Now())
	out.jobs = append(out.jobs, job.Request{Kind: kindDeliver, Payload: order{d.id}, RunAt: runAt})
	return nil
}

func (s *Service) write(ctx context.Context, tx *db.Tx, out outbox) error {
	if err := insertMessages(tx, out.messages); err != nil {
		return fmt.Errorf("keep messages: %w", err)
	}
	if err := insertDeliveries(tx, out.deliveries); err != nil {
		return fmt.Errorf("keep deliveries: %w", err)
	}
	if err := s.parts.Jobs.Enqueue(ctx, tx, out.jobs...); err != nil {
		return fmt.Errorf("enqueue deliveries: %w", err)
	}
	return nil
}

// has reports whether the bank has the channel.
func (s *Service) has(ch Channel) bool {
	if s.parts.InboxOnly {
		return false
	}
	return s.parts.Demo || (ch == Mail && s.parts.Mailer != nil) || (ch == SMS && s.parts.SMS != nil)
}

// notAtNight is when a message may leave: now, or for offers at the end of the quiet hours.
func (s *Service) notAtNight(ctx context.Context, now time.Time, c Category) (time.Time, error) {
	if c != CategoryMarketing {
		return now, nil
	}
	today := s.today(now)
	from, err := s.parts.Rules.Int(ctx, "notify.quiet.from_hours", today)
	if err != nil {
		return now, err
	}
	until, err := s.parts.Rules.Int(ctx, "notify.quiet.until_hours", today)
	if err != nil {
		return now, err
	}
	begins, ends := today.Midnight(s.parts.Zone).Add(hours(from)), today.Midnight(s.parts.Zone).Add(hours(until))
	switch {
	case now.Before(ends):
		return ends, nil
	case now.Before(begins):
		return now, nil
	}
	return today.AddDays(1).Midnight(s.parts.Zone).Add(hours(until)), nil
}

func hours(n int64) time.Duration { return time.Duration(n) * time.Hour }

func (c Contact) address(ch Channel) string {
	if ch == Mail {
		return c.Email
	}
	return c.Phone
}

// seal writes a value as JSON and seals it for its place.
func (s *Service) seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("write %s.%s: %w", aad.Table, aad.Column, err)
	}
	return s.parts.Vault.Seal(ctx, tx, owner, aad, plain)
}

func (s *Service) open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte, into any) error {
	plain, err := s.parts.Vault.Open(ctx, tx, owner, aad, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("read %s.%s: %w", aad.Table, aad.Column, err)
	}
	return nil
}

func placeOfParams(m id.Message) crypto.AAD {
	return crypto.AAD{Table: "notify_message", Column: "params", Row: string(m)}
}
