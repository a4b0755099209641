package mobile

import (
	"context"
	"encoding/base64"
	"strconv"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

const bulkBody = 192 << 10 // bytes: the sealed intent of a hundred transfers is some 70 kB

func (h *handlers) bulkRoutes() {
	r := h.router
	sealed := mine
	sealed.Body = bulkBody
	send := api.Guard{Owner: api.Query, Money: true, Once: true, Proof: api.IntentProof, Body: bulkBody}
	api.Add(r, post("/bulk-payments/check", "bulk", "checkBulk", "What exactly a bulk payment will do, line by line; nothing is used up", slowly(mine)), h.checkBulk)
	api.Add(r, post("/bulk-payments/passkey-options", "bulk", "bulkPasskeyOptions", "What the browser asks a passkey to sign: the hash of the whole list", slowly(sealed)), h.bulkPasskeyOptions)
	api.Add(r, created(post("/bulk-payments", "bulk", "sendBulk", "Do what a checked list says, once; each line is accepted or refused alone", slowly(send))), h.sendBulk)
	api.Add(r, get("/bulk-payments/{id}", "bulk", "bulk", "One bulk payment of mine, with what its transfers are now", mine), h.bulk)
}

func (h *handlers) checkBulk(ctx context.Context, in *body[bulkDraft]) (*answer[bulkIntent], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	c, err := h.Payments.CheckBulk(ctx, api.By(ctx), d)
	if err != nil {
		return nil, err
	}
	return with(h.newBulkIntent(ctx, &c), nil)
}

func (h *handlers) bulkPasskeyOptions(ctx context.Context, in *body[BulkIntentOnly]) (*answer[passkeyOptions], error) {
	i, err := h.Payments.OpenBulk(in.Body.Intent)
	if err != nil {
		return nil, err
	}
	hash, err := i.Hash()
	if err != nil {
		return nil, err
	}
	options, err := h.Auth.PaymentPasskeyOptions(ctx, api.By(ctx), hash)
	return with(newPasskeyOptions(options), err)
}

func (h *handlers) sendBulk(ctx context.Context, in *body[bulkOrder]) (*answer[bulk], error) {
	p, err := in.Body.Proof.proof()
	if err != nil {
		return nil, err
	}
	p.StepUp = proof(ctx)
	b, err := h.Payments.SendBulk(ctx, api.By(ctx), payment.Order{Key: api.CallOf(ctx).Key, Intent: in.Body.Intent, Proof: p})
	if err != nil {
		return nil, err
	}
	return with(h.newBulk(ctx, &b), nil)
}

func (h *handlers) bulk(ctx context.Context, in *OfID) (*answer[bulk], error) {
	which, err := parse[id.Bulk](in.ID, "id")
	if err != nil {
		return nil, err
	}
	b, err := h.Payments.Bulk(ctx, api.By(ctx), which)
	if err != nil {
		return nil, err
	}
	return with(h.newBulk(ctx, &b), nil)
}

type bulkDraft struct {
	FromAccountID string          `json:"fromAccountId" maxLength:"64"`
	Arrival       string          `json:"arrival" enum:"real_time,ordinary,next_day" doc:"Of all lines"`
	Lines         []bulkDraftLine `json:"lines" minItems:"1" maxItems:"100"`
}

type bulkDraftLine struct {
	Payee  bulkPayee `json:"payee" doc:"Exactly one of its fields"`
	Name   string    `json:"name,omitempty" maxLength:"64" doc:"Must then be the payee's real name"`
	Amount api.Money `json:"amount"`
	Memo   string    `json:"memo,omitempty" maxLength:"120" doc:"At most 60 characters"`
}

// bulkPayee names a payee in one of two ways; phone numbers and QR codes are for one payment.
type bulkPayee struct {
	AccountNumber string `json:"accountNumber,omitempty" maxLength:"32" pattern:"^[0-9 ]+$" example:"6217000000000003313" doc:"Spaces are passed over"`
	PayeeID       string `json:"payeeId,omitempty" maxLength:"64" doc:"Of my payee book"`
}

func (d bulkDraft) draft() (payment.BulkDraft, error) {
	out := payment.BulkDraft{Arrival: payment.Arrival(d.Arrival), Lines: make([]payment.BulkLine, len(d.Lines))}
	var err error
	if out.From, err = parse[id.Account](d.FromAccountID, "/fromAccountId"); err != nil {
		return out, err
	}
	for n, l := range d.Lines {
		if out.Lines[n], err = l.line(); err != nil {
			return out, inLine(n, err)
		}
	}
	return out, nil
}

func (l bulkDraftLine) line() (payment.BulkLine, error) {
	out := payment.BulkLine{Memo: l.Memo}
	var err error
	if out.To, err = (PayeeQuestion{payeeRef{AccountNumber: l.Payee.AccountNumber, PayeeID: l.Payee.PayeeID}, l.Name}).ref(); err != nil {
		return out, err
	}
	out.Amount, err = l.Amount.Parse("/amount")
	return out, err
}

// inLine points at the line in which something is wrong.
func inLine(n int, err error) error {
	e, ok := fault.From(err)
	if !ok || len(e.Fields()) == 0 {
		return err
	}
	return fault.New(e.Kind(), e.Code()).At("/lines/" + strconv.Itoa(n) + e.Fields()[0].Pointer)
}

// BulkIntentOnly names a checked bulk payment.
type BulkIntentOnly struct {
	Intent string `json:"intent" minLength:"1" maxLength:"163840" doc:"What POST /bulk-payments/check answered"`
}

type bulkOrder struct {
	BulkIntentOnly
	Proof bulkProof `json:"proof"`
}

// bulkProof proves a whole list; there is no bulk payment without a proof.
type bulkProof struct {
	Method      string      `json:"method" enum:"pin,passkey,pin_and_step_up" doc:"pin_and_step_up also wants X-Tongbao-Proof of a step-up for payment.send"`
	PIN         string      `json:"pin,omitempty" maxLength:"6" pattern:"^[0-9]{6}$" format:"password"`
	ChallengeID string      `json:"challengeId,omitempty" maxLength:"64" doc:"Of the passkey"`
	Credential  *credential `json:"credential,omitempty" doc:"Of the passkey"`
}

func (p bulkProof) proof() (payment.Proof, error) { return intentProof(p).proof() }

// bulkIntent is what exactly will be done, for the payer to look at before he proves it.
type bulkIntent struct {
	Intent    string            `json:"intent,omitempty" doc:"Sealed: goes back as it is, good for one bulk payment in this session; absent when no line can be paid"`
	Hash      string            `json:"hash,omitempty" doc:"What a passkey signs, base64url"`
	Payer     intentPayer       `json:"payer"`
	Total     api.Money         `json:"total" doc:"Of the lines that can be paid"`
	Capitals  string            `json:"capitals,omitempty" example:"壹拾贰元伍角整" doc:"The total in Chinese capitals; yuan only"`
	Count     int               `json:"count" doc:"Lines that can be paid"`
	Arrival   arrival           `json:"arrival"`
	Lines     []bulkCheckedLine `json:"lines" doc:"In the order of the draft"`
	Proofs    []string          `json:"proofs" enum:"pin,passkey,pin_and_step_up" doc:"One of these proves it, the easiest first"`
	Warnings  []reason          `json:"warnings" doc:"About the whole"`
	ExpiresAt instant           `json:"expiresAt"`
}

type bulkCheckedLine struct {
	Line     int            `json:"line" doc:"Of the draft, from 0"`
	Payee    *resolvedPayee `json:"payee,omitempty" doc:"Absent when it was not found"`
	Amount   api.Money      `json:"amount"`
	Memo     string         `json:"memo,omitempty"`
	NewPayee bool           `json:"newPayee" doc:"Never paid before"`
	Warnings []reason       `json:"warnings"`
	Refusal  *reason        `json:"refusal,omitempty" doc:"Why this line is left out; the others still can be paid"`
}

func (h *handlers) newBulkIntent(ctx context.Context, c *payment.BulkChecked) bulkIntent {
	locale, at := api.CallOf(ctx).Locale, api.Instant(c.ArrivesAt)
	reasonOf := func(code string) reason { return h.reason(locale, code) }
	out := bulkIntent{
		Intent: c.Token, Hash: base64.RawURLEncoding.EncodeToString(c.Hash),
		Payer: intentPayer{AccountID: string(c.Payer.ID), Account: c.Intent.PayerNumber, Nickname: c.Payer.Nickname, Available: api.MoneyOf(c.Payer.Balance.Available())},
		Total: api.MoneyOf(c.Total), Count: len(c.Intent.Items), Arrival: arrival{Kind: string(c.Intent.Arrival), At: at, CancellableUntil: at},
		Proofs: list(c.Ways, func(m auth.Method) string { return string(m) }), Warnings: list(c.Warnings, reasonOf), ExpiresAt: c.Intent.ExpiresAt.UTC(),
	}
	if out.Count > 0 {
		out.Capitals = capitals(c.Total)
	}
	for n, l := range c.Lines {
		line := bulkCheckedLine{Line: n, Amount: api.MoneyOf(l.Amount), Memo: l.Memo, NewPayee: l.NewPayee, Warnings: list(l.Warnings, reasonOf)}
		if l.Payee.Number != "" {
			line.Payee = &resolvedPayee{Name: l.Payee.Name, Account: l.Payee.Number}
		}
		if l.Refusal != nil {
			why := reasonOf(fault.CodeOf(l.Refusal))
			line.Refusal = &why
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

// bulk is what a bulk payment came to.
type bulk struct {
	ID        string     `json:"id"`
	AccountID string     `json:"accountId" doc:"From which it pays"`
	Arrival   string     `json:"arrival" enum:"real_time,ordinary,next_day"`
	MadeAt    instant    `json:"madeAt"`
	Accepted  int        `json:"accepted" doc:"Lines that were not refused"`
	Items     []bulkItem `json:"items" doc:"In the order of the list"`
}

type bulkItem struct {
	Line       int           `json:"line" doc:"Of the draft, from 0"`
	TransferID string        `json:"transferId" doc:"The reference of this payment: see GET /transfers/{id}"`
	State      string        `json:"state" enum:"settled,delayed,held,refused,cancelled,reversed"`
	Amount     api.Money     `json:"amount"`
	Payee      resolvedPayee `json:"payee"`
	Refusal    *reason       `json:"refusal,omitempty" doc:"Why it was refused, and what to do"`
}

func (h *handlers) newBulk(ctx context.Context, b *payment.Bulk) bulk {
	locale := api.CallOf(ctx).Locale
	out := bulk{ID: string(b.ID), AccountID: string(b.Account), Arrival: string(b.Arrival), MadeAt: b.MadeAt.UTC(), Items: make([]bulkItem, len(b.Items))}
	for i := range b.Items {
		t := &b.Items[i]
		item := bulkItem{
			Line: t.Line, TransferID: string(t.ID), State: string(t.State), Amount: api.MoneyOf(t.Amount),
			Payee: resolvedPayee{Name: customer.MaskName(t.Name), Account: t.Number},
		}
		if t.Refusal != "" {
			why := h.reason(locale, t.Refusal)
			item.Refusal = &why
		}
		if t.State != payment.Refused {
			out.Accepted++
		}
		out.Items[i] = item
	}
	return out
}
