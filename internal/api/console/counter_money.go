package console

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	pdfType = "application/pdf"
	zipType = "application/zip"
)

// paperRoutes print what a customer takes home.
func (h *handlers) paperRoutes() {
	serve := access.ServingPeople
	slip := api.Get("/cash/movements/{id}/slip.pdf", "counter", "cashSlip", "The customer's slip of cash at my branch", api.Slowly(may(cash.ActionPayIn, serve)))
	receipt := api.Get("/customers/{id}/transfers/{transfer}/receipt.pdf", "counter", "counterReceipt", "The customer's receipt of a transfer of his", api.Slowly(may(payment.ActionSend, serve)))
	slip.Produces, receipt.Produces = pdfType, pdfType
	api.Add(h.router, slip, h.cashSlip)
	api.Add(h.router, receipt, h.counterReceipt)
}

func notMet(err error) bool { return errors.Is(err, customer.ErrNotMet) }

func (h *handlers) counterCheck(ctx context.Context, in *api.OfIDWith[counterTransfer]) (*api.Answer[counterChecked], error) {
	who, err := h.attended(ctx, payment.ActionSend, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	c, err := h.Payments.Check(ctx, counter(ctx, who), d)
	if err != nil {
		return nil, err
	}
	out := counterChecked{
		Intent: c.Token, PayeeName: customer.MaskName(c.Intent.PayerView.Name), PayeeAccount: c.Intent.PayerView.Number, Amount: api.MoneyOf(c.Intent.Amount),
		Fee: api.MoneyOf(c.Intent.Fee), Left: api.MoneyOf(c.Left), ArrivesAt: api.Instant(c.ArrivesAt),
		Warnings: api.List(c.Warnings, func(code string) word { return h.word(ctx, code) }), ExpiresAt: c.Intent.ExpiresAt.UTC(),
	}
	if c.Intent.Amount.Currency() == money.CNY {
		out.Capitals = money.Capitals(c.Intent.Amount)
	}
	return api.With(out, nil)
}

func (h *handlers) counterSend(ctx context.Context, in *api.OfIDWith[counterOrder]) (*api.Answer[transfer], error) {
	who, err := h.attended(ctx, payment.ActionSend, in.ID)
	if err != nil {
		return nil, err
	}
	seen, err := h.Payments.Send(ctx, counter(ctx, who), payment.Order{
		Key: api.CallOf(ctx).Key, Intent: in.Body.Intent, Proof: payment.Proof{Method: auth.MethodPIN, PIN: crypto.Secret(in.Body.PIN)},
	})
	return api.With(newTransfer(seen.Transfer), err)
}

func (h *handlers) cashSlip(ctx context.Context, in *api.OfID) (*fileOut, error) {
	which, err := api.ParseID[id.Cash](in.ID, "id")
	if err != nil {
		return nil, err
	}
	p := cash.Slip{Bank: h.Facts.Bank, Printed: h.Clock.Now(), Zone: h.Days.Zone()}
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if p.Movement, err = h.Cash.Moved(ctx, tx, api.By(ctx).Branch, which); err != nil {
			return err
		}
		name, err := h.Customers.NameOf(ctx, tx, p.Customer)
		if err != nil {
			return err
		}
		x, err := h.Deposits.Holding(ctx, tx, p.Customer, p.Movement.Account)
		p.Holder, p.Account = name.Masked(), deposit.MaskNumber(x.Number)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := h.check(ctx, cash.ActionPayIn, access.Subject{Customer: p.Customer, Branch: p.Branch}); err != nil {
		return nil, err
	}
	content, err := h.Cash.Print(p, api.CallOf(ctx).Locale)
	return attached(pdfType, "slip.pdf", content, err)
}

func (h *handlers) counterReceipt(ctx context.Context, in *transferOf) (*fileOut, error) {
	who, err := h.attended(ctx, payment.ActionSend, in.ID)
	if err != nil {
		return nil, err
	}
	which, err := api.ParseID[id.Transfer](in.Transfer, "transfer")
	if err != nil {
		return nil, err
	}
	content, err := h.Payments.ReceiptPDF(ctx, counter(ctx, who), which, api.CallOf(ctx).Locale)
	return attached(pdfType, "receipt.pdf", content, err)
}

// fileOut is an answer that is saved rather than shown.
type fileOut struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Sniff       string `header:"X-Content-Type-Options"`
	Body        []byte
}

// attached answers with a file. The name is the program's own, in ASCII.
func attached(kind, name string, content []byte, err error) (*fileOut, error) {
	if err != nil {
		return nil, err
	}
	return &fileOut{Type: kind, Disposition: `attachment; filename="` + name + `"`, Sniff: "nosniff", Body: content}, nil
}

type transferOf struct {
	api.OfID
	Transfer string `path:"transfer" maxLength:"64"`
}

type counterTransfer struct {
	From   string    `json:"from" maxLength:"64" doc:"Id of the customer's account"`
	Number string    `json:"number" minLength:"12" maxLength:"30" doc:"The payee's account number"`
	Name   string    `json:"name" minLength:"1" maxLength:"64" doc:"The payee's whole name: it must be the account's"`
	Amount api.Money `json:"amount"`
	Memo   string    `json:"memo,omitempty" maxLength:"120"`
	When   string    `json:"when,omitempty" enum:"real_time,ordinary,next_day" doc:"real_time when missing"`
}

func (t counterTransfer) draft() (payment.Draft, error) {
	from, err := api.ParseID[id.Account](t.From, "/from")
	if err != nil {
		return payment.Draft{}, err
	}
	amount, err := t.Amount.Parse("/amount")
	if err != nil {
		return payment.Draft{}, err
	}
	d := payment.Draft{From: from, To: payment.PayeeRef{Number: t.Number, Name: t.Name}, Amount: amount, Arrival: payment.RealTime, Memo: strings.TrimSpace(t.Memo)}
	if t.When != "" {
		d.Arrival = payment.Arrival(t.When)
	}
	return d, nil
}

type counterChecked struct {
	Intent       string    `json:"intent" doc:"To send along with the PIN"`
	PayeeName    string    `json:"payeeName" doc:"Masked"`
	PayeeAccount string    `json:"payeeAccount" doc:"Masked"`
	Amount       api.Money `json:"amount"`
	Capitals     string    `json:"capitals,omitempty" doc:"In Chinese capitals"`
	Fee          api.Money `json:"fee"`
	Left         api.Money `json:"left" doc:"Of the tightest limit, before this transfer"`
	ArrivesAt    *instant  `json:"arrivesAt,omitempty" doc:"Missing: at once"`
	Warnings     []word    `json:"warnings"`
	ExpiresAt    time.Time `json:"expiresAt"`
}

type counterOrder struct {
	Intent string `json:"intent" maxLength:"8192"`
	PIN    string `json:"pin" minLength:"1" maxLength:"12" doc:"Typed by the customer at the keypad"`
}
