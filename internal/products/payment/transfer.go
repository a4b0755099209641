package payment

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Arrival is when the payee has the money; the payer must choose (银发〔2016〕261号).
type Arrival string

// The arrivals.
const (
	RealTime Arrival = "real_time"
	Ordinary Arrival = "ordinary" // about two hours later
	NextDay  Arrival = "next_day"
)

// State is the state of a transfer.
type State string

// The states.
const (
	Settled   State = "settled"
	Delayed   State = "delayed" // the money is held until it is due
	Held      State = "held"    // the money is held until a person has looked
	Refused   State = "refused"
	Cancelled State = "cancelled"
	Reversed  State = "reversed"
)

// Transfer is one transfer, or the refusal of one.
type Transfer struct {
	ID           id.Transfer
	Payer        id.Customer
	PayerAccount id.Account
	Payee        id.Customer
	PayeeAccount id.Account
	Amount       money.Amount
	Fee          money.Amount
	Arrival      Arrival
	State        State
	Refusal      string // code of the rule that refused
	Screening    string // code of what screening said
	Small        bool   // without a PIN
	By           act.By
	Intent       id.Intent
	Journal      id.Journal
	Hold         id.Hold
	Reversal     id.Journal
	OrderedOn    clock.Date // its limits are those of this day
	MadeAt       time.Time
	DueAt        time.Time
	SettledAt    time.Time
	EndedAt      time.Time

	payerView, payeeView []byte // sealed
}

// View is what one party sees of the other.
type View struct {
	Name   string `json:"name"`   // real name of the other party
	Number string `json:"number"` // the other party's account number, masked
	Own    string `json:"own"`    // the person's own account number, masked
	Memo   string `json:"memo"`
}

// Seen is a transfer as one of its parties sees it.
type Seen struct {
	Transfer
	View
	Outgoing bool
}

// CancellableUntil is when cancelling ends; zero when it is too late or never was possible.
func (t Transfer) CancellableUntil() time.Time {
	if t.State != Delayed {
		return time.Time{}
	}
	return t.DueAt
}

func (t *Transfer) settle(journal id.Journal, at time.Time) error {
	if t.State != Delayed && t.State != Held {
		return ErrState
	}
	t.State, t.Journal, t.SettledAt = Settled, journal, at
	return nil
}

func (t *Transfer) refuse(code string, at time.Time) error {
	if t.State != Delayed && t.State != Held {
		return ErrState
	}
	t.State, t.Refusal, t.EndedAt = Refused, code, at
	return nil
}

func (t *Transfer) cancel(at time.Time) error {
	if t.State != Delayed || !at.Before(t.DueAt) {
		return ErrState
	}
	t.State, t.EndedAt = Cancelled, at
	return nil
}

func (t *Transfer) reverse(journal id.Journal, at time.Time) error {
	if t.State != Settled {
		return ErrState
	}
	t.State, t.Reversal, t.EndedAt = Reversed, journal, at
	return nil
}

// fault is the refusal as the caller gets it, the first time and at every repetition. A transfer that was accepted, and
// refused when it was due, is no refusal of the order: whoever repeats the key finds the transfer.
func (t Transfer) fault() error {
	if t.State != Refused || t.Hold != "" {
		return nil
	}
	return fault.New(fault.Rejected, t.Refusal)
}

func viewIn(column string, transfer id.Transfer) crypto.AAD {
	return crypto.AAD{Table: "payment_transfer", Column: column, Row: string(transfer)}
}

// Transfer is one transfer that the caller pays or gets, or ErrNotFound.
func (s *Service) Transfer(ctx context.Context, by act.By, transfer id.Transfer) (Seen, error) {
	var seen Seen
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		t, found, err := findForParty(ctx, tx, by.Customer(), transfer)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		seen, err = s.seen(ctx, tx, by.Customer(), t)
		return err
	})
	return seen, err
}

// Describe finds transfers by id as one of their parties sees them; what is another's is left out.
func (s *Service) Describe(ctx context.Context, tx *db.Tx, customer id.Customer, ids []id.Transfer) (map[id.Transfer]Seen, error) {
	all, err := findMany(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Transfer]Seen, len(all))
	for _, t := range all {
		if t.Payer != customer && t.Payee != customer {
			continue
		}
		if out[t.ID], err = s.seen(ctx, tx, customer, t); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) seen(ctx context.Context, tx *db.Tx, customer id.Customer, t Transfer) (Seen, error) {
	column, sealed := "payee_view", t.payeeView
	if t.Payer == customer {
		column, sealed = "payer_view", t.payerView
	}
	out := Seen{Transfer: t, Outgoing: t.Payer == customer}
	if sealed == nil {
		return out, nil
	}
	plain, err := s.Vault.Open(ctx, tx, string(customer), viewIn(column, t.ID), sealed)
	if err != nil {
		return out, fmt.Errorf("open view of %s: %w", t.ID, err)
	}
	return out, json.Unmarshal(plain, &out.View)
}
