package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Templates of the messages that payments send.
const (
	noticePaid      = "payment.paid"
	noticeReceived  = "payment.received"
	noticeDelayed   = "payment.delayed"
	noticeHeld      = "payment.held"
	noticeFailed    = "payment.failed"
	noticeCancelled = "payment.cancelled"
	noticeReversed  = "payment.reversed"
)

// Templates are the messages that payments send, for package notify.
func Templates() []notify.Template {
	ways := []notify.Channel{notify.Inbox, notify.Mail}
	return []notify.Template{
		{Name: noticePaid, Category: notify.CategoryTransaction, Channels: ways},
		{Name: noticeReceived, Category: notify.CategoryTransaction, Channels: ways},
		{Name: noticeDelayed, Category: notify.CategoryTransaction, Channels: ways},
		{Name: noticeHeld, Category: notify.CategoryTransaction, Channels: ways},
		{Name: noticeFailed, Category: notify.CategoryTransaction, Channels: ways},
		{Name: noticeCancelled, Category: notify.CategoryTransaction, Channels: ways},
		{Name: noticeReversed, Category: notify.CategoryTransaction, Channels: ways},
	}
}

// Notifier sends messages to customers.
type Notifier interface {
	Send(ctx context.Context, tx *db.Tx, notices []notify.Notice) error
}

// Messenger tells both parties what became of a transfer, when its event arrives.
func (s *Service) Messenger(n Notifier) bus.Consumer {
	return event.Consumer("payment-messages",
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferSettled) error {
			return s.tellBoth(ctx, tx, n, f.Transfer, f.Parties, f.Amount, noticePaid, noticeReceived)
		}),
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferReversed) error {
			return s.tellBoth(ctx, tx, n, f.Transfer, f.Parties, f.Amount, noticeReversed, noticeReversed)
		}),
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferDelayed) error {
			return s.tellBoth(ctx, tx, n, f.Transfer, f.Parties, f.Amount, noticeDelayed, "")
		}),
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferHeld) error {
			return s.tellBoth(ctx, tx, n, f.Transfer, f.Parties, f.Amount, noticeHeld, "")
		}),
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferCancelled) error {
			return s.tellBoth(ctx, tx, n, f.Transfer, f.Parties, f.Amount, noticeCancelled, "")
		}),
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferRefused) error {
			return s.tellBoth(ctx, tx, n, f.Transfer, f.Parties, f.Amount, noticeFailed, "")
		}))
}

// tellBoth sends the payer's message and, when there is one, the payee's. People who pay themselves get one.
func (s *Service) tellBoth(ctx context.Context, tx *db.Tx, n Notifier, transfer id.Transfer, p event.Parties, amount money.Amount, toPayer, toPayee string) error {
	notices := []notify.Notice{}
	for _, party := range []struct {
		who      id.Customer
		template string
	}{{p.PayerCustomer, toPayer}, {p.PayeeCustomer, toPayee}} {
		if party.template == "" || len(notices) > 0 && party.who == p.PayerCustomer {
			continue
		}
		seen, err := s.Describe(ctx, tx, party.who, []id.Transfer{transfer})
		if err != nil {
			return err
		}
		view := seen[transfer]
		notices = append(notices, notify.Notice{
			Customer: party.who, Template: party.template,
			Subject: string(transfer),
			Params:  map[string]string{"amount": notify.Amount(amount), "name": customer.MaskName(view.Name), "account": view.Own},
		})
	}
	return n.Send(ctx, tx, notices)
}
