package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/outbound"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	attemptsMost = 12             // of a job; the figure notify.delivery.tries_count is below it
	lateAfter    = 24 * time.Hour // what could not leave for so long would only confuse
)

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Pending     State = "pending"
	Sent        State = "sent"        // taken over by the mail server or the gateway
	Delivered   State = "delivered"   // the gateway says that the phone has it
	Undelivered State = "undelivered" // the gateway says that it gave up
	Failed      State = "failed"      // refused for good, or too often
	Skipped     State = "skipped"     // nowhere to go, or too late
)

// delivery is one attempt to reach somebody outside the app.
type delivery struct {
	id       id.Delivery
	message  id.Message
	customer id.Customer
	owner    string
	channel  Channel
	template string
	sealed   []byte
	state    State
	attempts int64
	expires  time.Time
}

func (d delivery) place() crypto.AAD {
	return crypto.AAD{Table: "notify_delivery", Column: "content", Row: string(d.id)}
}

// order is the payload of a delivery's job.
type order struct {
	Delivery id.Delivery `json:"delivery"`
}

// ending is what came of an attempt.
type ending struct {
	state  State
	reason string
	retry  error // the job room tries again
	title  string
	body   string
}

// deliver makes one attempt. It reads, sends without a transaction, and writes what came of it. A node that dies
// between the last two sends again: the same id goes out with each attempt, so that the other side can tell.
func (s *Service) deliver(ctx context.Context, j job.Job) error {
	var o order
	if err := j.Payload(&o); err != nil {
		return err
	}
	d, said, e, err := s.prepare(ctx, o.Delivery)
	if err != nil || d.state != Pending {
		return err
	}
	if e.state == "" {
		if e, err = s.attempt(ctx, j, d, said); err != nil {
			return err
		}
	}
	err = s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		if err := j.CheckFence(ctx, tx); err != nil {
			return err
		}
		if s.parts.Demo && e.state == Sent {
			if err := keepCopy(tx, d, said, e); err != nil {
				return err
			}
		}
		return endAttempt(ctx, tx, d.id, e)
	})
	if err != nil {
		return fmt.Errorf("keep outcome of delivery %s: %w", d.id, err)
	}
	return e.retry
}

// prepare reads what is to be sent and where to. An ending says that there is nothing to send any more.
func (s *Service) prepare(ctx context.Context, of id.Delivery) (d delivery, said content, e ending, err error) {
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		var found bool
		if d, found, err = findDelivery(ctx, tx, of); err != nil || !found || d.state != Pending {
			return err
		}
		if !d.expires.IsZero() && !s.parts.Clock.Now().Before(d.expires) {
			e = ending{state: Skipped, reason: "late"}
			return nil
		}
		err := s.open(ctx, tx, d.owner, d.place(), d.sealed, &said)
		if errors.Is(err, vault.ErrDestroyed) {
			e = ending{state: Skipped, reason: "erased"}
			return nil
		}
		if err != nil || said.To != "" {
			return err
		}
		contact, err := s.parts.Directory.Contact(ctx, tx, d.customer)
		if err != nil {
			return fmt.Errorf("find contact: %w", err)
		}
		if said.To, said.Locale = contact.address(d.channel), contact.Locale; said.To == "" {
			e = ending{state: Skipped, reason: "no_address"}
		}
		return nil
	})
	if err != nil {
		return d, said, e, fmt.Errorf("prepare delivery %s: %w", of, err)
	}
	return d, said, e, nil
}

// attempt hands the message over and judges the answer.
func (s *Service) attempt(ctx context.Context, j job.Job, d delivery, said content) (ending, error) {
	e := ending{state: Sent}
	if d.channel == Mail {
		e.title, e.body = s.text(said.Locale, titleKey(d.template), said.Params), s.text(said.Locale, bodyKey(d.template), said.Params)
	} else {
		e.body = s.text(said.Locale, smsKey(d.template), said.Params)
	}
	sending := s.hand(ctx, d, said.To, e)
	if sending == nil {
		return e, nil
	}
	tries, err := s.parts.Rules.Int(ctx, "notify.delivery.tries_count", s.today(s.parts.Clock.Now()))
	if err != nil {
		return e, err
	}
	e = ending{state: Failed, reason: reasonOf(sending)}
	if outbound.Temporary(sending) && !j.Last && int64(j.Attempt) < tries {
		e.state, e.retry = Pending, fmt.Errorf("deliver %s: %w", d.id, sending)
	}
	return e, nil
}

// hand gives the message to the mail server or the gateway. A bank with demo data may have neither.
func (s *Service) hand(ctx context.Context, d delivery, to string, e ending) error {
	switch {
	case d.channel == Mail && s.parts.Mailer != nil:
		return s.parts.Mailer.Send(ctx, outbound.Mail{ID: string(d.id), To: to, Subject: e.title, Text: e.body})
	case d.channel == SMS && s.parts.SMS != nil:
		_, err := s.parts.SMS.Send(ctx, outbound.Short{ID: string(d.id), To: to, Text: e.body})
		return err
	case s.parts.Demo:
		return nil
	}
	return &outbound.Error{Channel: string(d.channel), Code: "no_channel"}
}

// reasonOf is the code that the log of deliveries keeps; it names nobody.
func reasonOf(err error) string {
	if failed, ok := errors.AsType[*outbound.Error](err); ok {
		return failed.Code
	}
	return "interrupted"
}

// Report takes what a gateway says about a message that it took over: a handler for outbound.NewReports. Reports may
// be repeated, and come in any order; only a message that was sent can be delivered or not.
func (s *Service) Report(ctx context.Context, r outbound.Report) error {
	state := Delivered
	if r.State == outbound.Undelivered {
		state = Undelivered
	}
	err := s.parts.DB.Write(ctx, func(tx *db.Tx) error { return report(ctx, tx, id.Delivery(r.ID), state, r.Code) })
	if err != nil {
		return fmt.Errorf("keep report on delivery %s: %w", r.ID, err)
	}
	return nil
}

// Delivery is a line of the log of what left the bank: when, how and with what end, never what it said or where to.
type Delivery struct {
	ID       id.Delivery
	Message  id.Message // in the inbox, if it is there too
	Channel  Channel
	Template string
	State    State
	Reason   string
	Attempts int64
	At       time.Time
	Ended    time.Time
}

// Deliveries are a customer's, the latest first, before one of them. A limit of zero, or above PageMost, means PageMost.
func (s *Service) Deliveries(ctx context.Context, customer id.Customer, before id.Delivery, limit int) ([]Delivery, error) {
	var all []Delivery
	err := s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = listDeliveries(ctx, tx, customer, before, pageOf(limit))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}
