package payment

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// write keeps the batch: counters, transfers, whom people have paid, audit records, events. One statement for each,
// sent together.
func (r *run) write(ctx context.Context) error {
	r.outrun()
	if err := r.counters.Save(r.tx); err != nil {
		return err
	}
	var finals []*order
	var owners []string
	for i := range r.orders {
		if o := &r.orders[i]; o.final() {
			finals = append(finals, o)
			owners = append(owners, string(o.transfer.Payer), string(o.transfer.Payee))
		}
	}
	if len(finals) > 0 {
		if err := r.s.Vault.Prepare(ctx, r.tx, owners); err != nil {
			return err
		}
	}
	transfers := make([]Transfer, 0, len(finals))
	for _, o := range finals {
		if err := r.views(ctx, o); err != nil {
			return err
		}
		transfers = append(transfers, o.transfer)
	}
	if err := insertTransfers(r.tx, transfers); err != nil {
		return err
	}
	if err := relate(r.tx, paid(transfers)); err != nil {
		return err
	}
	if err := r.s.Audit.Append(ctx, r.tx, r.records()); err != nil {
		return err
	}
	return r.s.Events.Publish(ctx, r.tx, r.facts(finals))
}

// views seals what each party sees of the other. A payee never sees what was refused, so there is nothing to keep.
func (r *run) views(ctx context.Context, o *order) error {
	t := &o.transfer
	var err error
	if t.payerView, err = r.s.sealView(ctx, r.tx, string(t.Payer), "payer_view", t.ID, o.intent.PayerView); err != nil {
		return fmt.Errorf("seal payer's view: %w", err)
	}
	if t.State == Refused {
		return nil
	}
	if t.payeeView, err = r.s.sealView(ctx, r.tx, string(t.Payee), "payee_view", t.ID, o.intent.PayeeView); err != nil {
		return fmt.Errorf("seal payee's view: %w", err)
	}
	return nil
}

func (s *Service) sealView(ctx context.Context, tx *db.Tx, owner, column string, t id.Transfer, v View) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.Vault.Seal(ctx, tx, owner, viewIn(column, t), text)
}

// relation is whom somebody paid.
type relation struct {
	customer id.Customer
	account  id.Account
}

// paid lists each pair of payer and payee's account of settled transfers once.
func paid(transfers []Transfer) map[relation]int64 {
	pairs := make(map[relation]int64)
	for _, t := range transfers {
		if t.State == Settled {
			pairs[relation{t.Payer, t.PayeeAccount}]++
		}
	}
	return pairs
}

// records are the audit records of the batch: also of what was turned away. A repetition is no act.
func (r *run) records() []audit.Record {
	all := make([]audit.Record, 0, len(r.orders))
	for _, o := range r.orders {
		if o.repeated || o.bulk != nil {
			continue
		}
		rec := audit.Record{By: o.by, Act: actSend, Subject: o.key.Entity, Customer: o.intent.Payer, Outcome: audit.Done,
			Detail: map[string]string{"intent": string(o.intent.ID), "proof": string(o.proof.Method), "state": string(o.transfer.State)}}
		if o.err != nil {
			rec.Outcome, rec.Code = audit.Refused, fault.CodeOf(o.err)
		}
		all = append(all, rec)
	}
	return append(all, r.bulkRecords()...)
}

func (r *run) facts(finals []*order) []bus.Event {
	all := make([]bus.Event, 0, len(finals))
	for _, o := range finals {
		all = append(all, fact(r.tx, o.by, r.today, o.transfer, o.intent.NewPayee))
	}
	return all
}

// fact is the event that tells what a transfer has come to.
func fact(tx *db.Tx, by act.By, today clock.Date, t Transfer, newPayee bool) bus.Event {
	h := event.Header{Subject: string(t.ID), Sequence: t.sequence(), BusinessDate: today, Trace: by.Trace}
	p := event.Parties{PayerAccount: t.PayerAccount, PayerCustomer: t.Payer, PayeeAccount: t.PayeeAccount, PayeeCustomer: t.Payee}
	var f event.Fact
	switch t.State {
	case Settled:
		f = event.TransferSettled{Transfer: t.ID, Journal: t.Journal, Parties: p, Amount: t.Amount, Fee: t.Fee, Arrival: string(t.Arrival), Channel: string(t.By.Channel), NewPayee: newPayee}
	case Delayed:
		f = event.TransferDelayed{Transfer: t.ID, Hold: t.Hold, Parties: p, Amount: t.Amount, Arrival: string(t.Arrival), Due: t.DueAt}
	case Held:
		f = event.TransferHeld{Transfer: t.ID, Hold: t.Hold, Parties: p, Amount: t.Amount, Reason: t.Screening}
	case Cancelled:
		f = event.TransferCancelled{Transfer: t.ID, Parties: p, Amount: t.Amount}
	case Reversed:
		f = event.TransferReversed{Transfer: t.ID, Journal: t.Reversal, Reverses: t.Journal, Parties: p, Amount: t.Amount, Reason: by.Reason}
	default:
		f = event.TransferRefused{Transfer: t.ID, Parties: p, Amount: t.Amount, Code: t.Refusal}
	}
	return event.New(tx.Now(), h, f)
}

// sequence orders the facts of one transfer: ordered, decided, taken back.
func (t Transfer) sequence() int64 {
	switch t.State {
	case Delayed, Held:
		return 1
	case Reversed:
		return 3
	default:
		return 2
	}
}
