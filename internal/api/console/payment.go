package console

import (
	"context"
	"errors"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) paymentRoutes() {
	r := h.router
	view := may(payment.ActionView, access.Operating, access.ServingPeople, access.Risk, access.Complying, access.Inspecting)
	api.Add(r, api.Get("/customers/{id}/transactions", "payments", "listTransactions", "What moved on a customer's accounts", view), h.transactions)
	api.Add(r, api.Get("/payments/{id}", "payments", "paymentStory", "One transfer with its whole story", view), h.payment)
	api.Add(r, api.Created(api.Post("/payments/{id}/reversal", "payments", "requestReversal", "Ask for a settled transfer to be taken back", once(may(payment.ActionReverse, access.Operating, access.ServingPeople)))), h.requestReversal)
}

func (h *handlers) transactions(ctx context.Context, in *transactionQuery) (*api.Answer[api.Page[transaction]], error) {
	who, err := api.ParseID[id.Customer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	if _, err := h.reach(ctx, payment.ActionView, who); err != nil {
		return nil, err
	}
	f := payment.Filter{Cursor: in.Cursor, Limit: in.Limit}
	if f.From, err = api.ParseDate(in.From, "from"); err != nil {
		return nil, err
	}
	if f.To, err = api.ParseDate(in.To, "to"); err != nil {
		return nil, err
	}
	page, err := h.Payments.Transactions(ctx, asOwner(who), f)
	return api.With(api.PageOf(api.List(page.Items, newTransaction), page.Next), err)
}

// transfer finds a transfer one of whose parties the caller reaches.
func (h *handlers) transfer(ctx context.Context, p access.Permission, which string) (payment.Transfer, error) {
	transfer, err := api.ParseID[id.Transfer](which, "id")
	if err != nil {
		return payment.Transfer{}, err
	}
	scope, err := h.scope(ctx, p, "")
	if err != nil {
		return payment.Transfer{}, err
	}
	var t payment.Transfer
	var near []customer.Customer
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		near = nil
		if t, err = h.Payments.Inspect(ctx, tx, transfer); err != nil {
			return err
		}
		for _, party := range []id.Customer{t.Payer, t.Payee} {
			c, err := h.Customers.Within(ctx, tx, scope, party)
			if errors.Is(err, customer.ErrUnknown) {
				continue
			}
			if err != nil {
				return err
			}
			near = append(near, c)
		}
		return nil
	})
	if err != nil {
		return payment.Transfer{}, err
	}
	if len(near) == 0 {
		return payment.Transfer{}, payment.ErrNotFound
	}
	for _, party := range []id.Customer{t.Payer, t.Payee} { // neither may be one's own
		if err := h.check(ctx, p, access.Subject{Customer: party}); err != nil {
			return payment.Transfer{}, err
		}
	}
	return t, nil
}

// storyMost bounds the records of the log that a story looks through.
const storyMost = 200

func (h *handlers) payment(ctx context.Context, in *api.OfID) (*api.Answer[story], error) {
	t, err := h.transfer(ctx, payment.ActionView, in.ID)
	if err != nil {
		return nil, err
	}
	out := story{Transfer: newTransfer(t), Journals: []journal{}, Records: []record{}}
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		for _, party := range []struct {
			who  id.Customer
			into *party
		}{{t.Payer, &out.Payer}, {t.Payee, &out.Payee}} {
			seen, err := h.Payments.Describe(ctx, tx, party.who, []id.Transfer{t.ID})
			if err != nil {
				return err
			}
			x := seen[t.ID]
			name, err := h.Customers.NameOf(ctx, tx, party.who)
			if err != nil {
				return err
			}
			party.into.Customer, party.into.Name, party.into.Account = string(party.who), name.Masked(), x.Own
		}
		for _, j := range []id.Journal{t.Journal, t.Reversal} {
			if j == "" {
				continue
			}
			posted, err := h.Ledger.Journal(ctx, tx, j)
			if err != nil {
				return err
			}
			out.Journals = append(out.Journals, newJournal(posted))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return api.With(out, h.tell(ctx, t, &out))
}

// tell adds what the log says of a transfer.
func (h *handlers) tell(ctx context.Context, t payment.Transfer, out *story) error {
	entries, err := h.Audit.List(ctx, audit.Query{Customer: t.Payer, From: t.MadeAt.Add(-time.Minute), Limit: storyMost})
	for _, e := range entries {
		if e.Subject == string(t.ID) {
			out.Records = append(out.Records, newRecord(e))
		}
	}
	return err
}

func (h *handlers) requestReversal(ctx context.Context, in *api.OfIDWith[because]) (*api.Answer[request], error) {
	t, err := h.transfer(ctx, payment.ActionReverse, in.ID)
	if err != nil {
		return nil, err
	}
	q := access.Question{Staff: self(ctx), Permission: payment.ActionReverse, Purpose: purpose(ctx), Amount: t.Amount}
	if err := h.Access.Check(ctx, q); err != nil { // large ones have their hours
		return nil, err
	}
	return h.ask(ctx, payment.ApprovalReverse, in.Body.Reason, payment.TakeBack{Transfer: t.ID})
}

type transactionQuery struct {
	api.OfID
	api.Paging
	From string `query:"from" format:"date" doc:"First business date"`
	To   string `query:"to" format:"date" doc:"Last business date"`
}

type story struct {
	Transfer transfer  `json:"transfer"`
	Payer    party     `json:"payer"`
	Payee    party     `json:"payee"`
	Journals []journal `json:"journals" doc:"What booked it, and what took it back"`
	Records  []record  `json:"records" doc:"What the log says of it, the newest first"`
}

type party struct {
	Customer string `json:"customer"`
	Name     string `json:"name" doc:"Masked"`
	Account  string `json:"account" doc:"Masked number"`
}

type transfer struct {
	ID           string    `json:"id"`
	PayerAccount string    `json:"payerAccount"`
	PayeeAccount string    `json:"payeeAccount"`
	Amount       api.Money `json:"amount"`
	Fee          api.Money `json:"fee"`
	Arrival      string    `json:"arrival"`
	State        string    `json:"state" enum:"settled,delayed,held,refused,cancelled,reversed"`
	Refusal      string    `json:"refusal,omitempty" doc:"Code of the rule that refused"`
	Screening    string    `json:"screening,omitempty" doc:"Code of what screening said"`
	Channel      string    `json:"channel"`
	Trace        string    `json:"trace,omitempty"`
	MadeAt       instant   `json:"madeAt"`
	DueAt        *instant  `json:"dueAt,omitempty"`
	SettledAt    *instant  `json:"settledAt,omitempty"`
	EndedAt      *instant  `json:"endedAt,omitempty"`
}

func newTransfer(t payment.Transfer) transfer {
	return transfer{
		ID: string(t.ID), PayerAccount: string(t.PayerAccount), PayeeAccount: string(t.PayeeAccount), Amount: api.MoneyOf(t.Amount),
		Fee: api.MoneyOf(t.Fee), Arrival: string(t.Arrival), State: string(t.State), Refusal: t.Refusal, Screening: t.Screening,
		Channel: string(t.By.Channel), Trace: t.By.Trace, MadeAt: t.MadeAt.UTC(), DueAt: api.Instant(t.DueAt),
		SettledAt: api.Instant(t.SettledAt), EndedAt: api.Instant(t.EndedAt),
	}
}

type journal struct {
	ID           string  `json:"id"`
	Act          string  `json:"act"`
	Reference    string  `json:"reference"`
	BusinessDate string  `json:"businessDate"`
	ValueDate    string  `json:"valueDate"`
	At           instant `json:"at"`
	Reverses     string  `json:"reverses,omitempty"`
	ReversedBy   string  `json:"reversedBy,omitempty"`
	Entries      []entry `json:"entries"`
}

func newJournal(p ledger.Posted) journal {
	return journal{
		ID: string(p.ID), Act: p.Act, Reference: p.Reference, BusinessDate: p.BusinessDate.String(), ValueDate: p.ValueDate.String(),
		At: p.At.UTC(), Reverses: string(p.Reverses), ReversedBy: string(p.ReversedBy), Entries: api.List(p.Entries, newEntry),
	}
}
