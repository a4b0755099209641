package mobile

import (
	"context"
	"encoding/base64"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) transferRoutes() {
	r := h.router
	send := api.Guard{Owner: api.Query, Money: true, Once: true, Proof: api.IntentProof}
	api.Add(r, post("/transfers/check", "transfer", "checkTransfer", "What exactly a payment will do; nothing is used up", slowly(mine)), h.checkTransfer)
	api.Add(r, post("/transfers/passkey-options", "transfer", "transferPasskeyOptions", "What the browser asks a passkey to sign: the hash of the intent", mine), h.transferPasskeyOptions)
	api.Add(r, created(post("/transfers", "transfer", "sendTransfer", "Do what a checked intent says, once", send)), h.sendTransfer)
	api.Add(r, get("/transfers/{id}", "transfer", "transfer", "One transfer that I pay or get", mine), h.transfer)
	api.Add(r, post("/transfers/{id}/cancel", "transfer", "cancelTransfer", "Take a delayed transfer back before it is due, once", onceOnly(mine)), h.cancelTransfer)
}

func (h *handlers) checkTransfer(ctx context.Context, in *body[draft]) (*answer[intent], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	c, err := h.Payments.Check(ctx, api.By(ctx), d)
	if err != nil {
		return nil, err
	}
	return with(h.newIntent(ctx, c), nil)
}

func (h *handlers) transferPasskeyOptions(ctx context.Context, in *body[IntentOnly]) (*answer[passkeyOptions], error) {
	i, err := h.Payments.Open(in.Body.Intent)
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

func (h *handlers) sendTransfer(ctx context.Context, in *body[order]) (*answer[transfer], error) {
	p, err := in.Body.Proof.proof()
	if err != nil {
		return nil, err
	}
	p.StepUp = proof(ctx)
	t, err := h.Payments.Send(ctx, api.By(ctx), payment.Order{Key: api.CallOf(ctx).Key, Intent: in.Body.Intent, Proof: p})
	if err != nil {
		return nil, err
	}
	return with(h.newTransfer(ctx, t), nil)
}

func (h *handlers) transfer(ctx context.Context, in *OfID) (*answer[transfer], error) {
	which, err := parse[id.Transfer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.transferOf(ctx, which)
}

func (h *handlers) cancelTransfer(ctx context.Context, in *OfID) (*answer[transfer], error) {
	which, err := parse[id.Transfer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	if _, err := h.Payments.Cancel(ctx, api.By(ctx), which, api.CallOf(ctx).Key); err != nil {
		return nil, err
	}
	return h.transferOf(ctx, which)
}

func (h *handlers) transferOf(ctx context.Context, which id.Transfer) (*answer[transfer], error) {
	t, err := h.Payments.Transfer(ctx, api.By(ctx), which)
	if err != nil {
		return nil, err
	}
	return with(h.newTransfer(ctx, t), nil)
}

type draft struct {
	FromAccountID string    `json:"fromAccountId" maxLength:"64"`
	Payee         payeeRef  `json:"payee" doc:"Exactly one of its fields"`
	Name          string    `json:"name,omitempty" maxLength:"64" doc:"Must then be the payee's real name"`
	Amount        api.Money `json:"amount"`
	Arrival       string    `json:"arrival" enum:"real_time,ordinary,next_day" doc:"When the payee has the money; ordinary is about two hours later"`
	Memo          string    `json:"memo,omitempty" maxLength:"120" doc:"At most 60 characters"`
}

func (d draft) draft() (payment.Draft, error) {
	out := payment.Draft{Arrival: payment.Arrival(d.Arrival), Memo: d.Memo}
	var err error
	if out.From, err = parse[id.Account](d.FromAccountID, "/fromAccountId"); err != nil {
		return out, err
	}
	if out.To, err = (PayeeQuestion{d.Payee, d.Name}).ref(); err != nil {
		return out, err
	}
	out.Amount, err = d.Amount.Parse("/amount")
	return out, err
}

// IntentOnly names a checked payment.
type IntentOnly struct {
	Intent string `json:"intent" minLength:"1" maxLength:"8192" doc:"What POST /transfers/check answered"`
}

type order struct {
	IntentOnly
	Proof intentProof `json:"proof"`
}

// intentProof proves a payment in one of the ways that the check listed.
type intentProof struct {
	Method      string      `json:"method" enum:"none,pin,passkey,pin_and_step_up" doc:"pin_and_step_up also wants X-Tongbao-Proof of a step-up for payment.send"`
	PIN         string      `json:"pin,omitempty" maxLength:"6" pattern:"^[0-9]{6}$" format:"password"`
	ChallengeID string      `json:"challengeId,omitempty" maxLength:"64" doc:"Of the passkey"`
	Credential  *credential `json:"credential,omitempty" doc:"Of the passkey"`
}

func (p intentProof) proof() (payment.Proof, error) {
	out := payment.Proof{Method: auth.Method(p.Method), PIN: crypto.Secret(p.PIN), Credential: p.Credential.bytes()}
	if p.ChallengeID == "" {
		return out, nil
	}
	var err error
	out.Challenge, err = parse[id.Challenge](p.ChallengeID, "/proof/challengeId")
	return out, err
}

// intent is what exactly will be done, for the payer to look at before he proves it.
type intent struct {
	Intent    string        `json:"intent" doc:"Sealed: goes back as it is, good for one payment in this session"`
	Hash      string        `json:"hash" doc:"What a passkey signs, base64url"`
	Payer     intentPayer   `json:"payer"`
	Payee     resolvedPayee `json:"payee"`
	Amount    api.Money     `json:"amount"`
	Capitals  string        `json:"capitals,omitempty" example:"壹拾贰元伍角整" doc:"In Chinese capitals; yuan only"`
	Fee       api.Money     `json:"fee"`
	Memo      string        `json:"memo,omitempty"`
	Arrival   arrival       `json:"arrival"`
	NewPayee  bool          `json:"newPayee" doc:"Never paid before"`
	Limits    intentLimits  `json:"limits"`
	Proofs    []string      `json:"proofs" enum:"none,pin,passkey,pin_and_step_up" doc:"One of these proves it, the easiest first"`
	Warnings  []reason      `json:"warnings"`
	ExpiresAt instant       `json:"expiresAt"`
}

type intentPayer struct {
	AccountID string    `json:"accountId"`
	Account   string    `json:"account" doc:"Masked number"`
	Nickname  string    `json:"nickname,omitempty"`
	Available api.Money `json:"available" doc:"Before the payment"`
}

type arrival struct {
	Kind             string   `json:"kind" enum:"real_time,ordinary,next_day"`
	At               *instant `json:"at,omitempty" doc:"Absent for at once"`
	CancellableUntil *instant `json:"cancellableUntil,omitempty"`
}

type intentLimits struct {
	Left api.Money `json:"left" doc:"Of the tightest limit, before the payment"`
}

func (h *handlers) newIntent(ctx context.Context, c payment.Checked) intent {
	i, locale := c.Intent, api.CallOf(ctx).Locale
	at := api.Instant(c.ArrivesAt)
	return intent{
		Intent: c.Token, Hash: base64.RawURLEncoding.EncodeToString(c.Hash),
		Payer:  intentPayer{AccountID: string(c.Payer.ID), Account: i.PayerView.Own, Nickname: c.Payer.Nickname, Available: api.MoneyOf(c.Payer.Balance.Available())},
		Payee:  resolvedPayee{Name: customer.MaskName(i.PayerView.Name), Account: i.PayerView.Number},
		Amount: api.MoneyOf(i.Amount), Capitals: capitals(i.Amount), Fee: api.MoneyOf(i.Fee), Memo: i.PayerView.Memo,
		Arrival: arrival{Kind: string(i.Arrival), At: at, CancellableUntil: at}, NewPayee: i.NewPayee,
		Limits:    intentLimits{Left: api.MoneyOf(c.Left)},
		Proofs:    list(c.Ways, func(m auth.Method) string { return string(m) }),
		Warnings:  list(c.Warnings, func(code string) reason { return h.reason(locale, code) }),
		ExpiresAt: i.ExpiresAt.UTC(),
	}
}

func capitals(a money.Amount) string {
	if a.Currency() != money.CNY {
		return ""
	}
	return money.Capitals(a)
}

type transfer struct {
	ID               string        `json:"id"`
	Direction        string        `json:"direction" enum:"in,out"`
	State            string        `json:"state" enum:"settled,delayed,held,refused,cancelled,reversed" doc:"delayed: the money is held until it is due; held: until a person of the bank has looked"`
	Amount           api.Money     `json:"amount"`
	Capitals         string        `json:"capitals,omitempty"`
	Fee              *api.Money    `json:"fee,omitempty" doc:"Shown to the payer"`
	Arrival          string        `json:"arrival" enum:"real_time,ordinary,next_day"`
	AccountID        string        `json:"accountId" doc:"My account"`
	Account          string        `json:"account" doc:"Its number, masked"`
	Counterparty     resolvedPayee `json:"counterparty" doc:"The other party"`
	Memo             string        `json:"memo,omitempty"`
	Refusal          *reason       `json:"refusal,omitempty" doc:"Why it was refused, and what to do"`
	MadeAt           instant       `json:"madeAt"`
	DueAt            *instant      `json:"dueAt,omitempty" doc:"When a delayed one moves"`
	SettledAt        *instant      `json:"settledAt,omitempty"`
	EndedAt          *instant      `json:"endedAt,omitempty" doc:"When it was refused, cancelled or reversed"`
	CancellableUntil *instant      `json:"cancellableUntil,omitempty" doc:"Absent when it cannot be cancelled"`
	HasReceipt       bool          `json:"hasReceipt" doc:"The money has moved"`
}

func (h *handlers) newTransfer(ctx context.Context, t payment.Seen) transfer {
	out := transfer{
		ID: string(t.ID), Direction: "in", State: string(t.State), Amount: api.MoneyOf(t.Amount), Capitals: capitals(t.Amount),
		Arrival: string(t.Arrival), AccountID: string(t.PayeeAccount), Account: t.Own,
		Counterparty: resolvedPayee{Name: customer.MaskName(t.Name), Account: t.Number}, Memo: t.Memo,
		MadeAt: t.MadeAt.UTC(), DueAt: api.Instant(t.DueAt), SettledAt: api.Instant(t.SettledAt), EndedAt: api.Instant(t.EndedAt),
		HasReceipt: !t.SettledAt.IsZero(),
	}
	if t.Refusal != "" {
		why := h.reason(api.CallOf(ctx).Locale, t.Refusal)
		out.Refusal = &why
	}
	if t.Outgoing {
		fee := api.MoneyOf(t.Fee)
		out.Direction, out.AccountID, out.Fee = "out", string(t.PayerAccount), &fee
		out.CancellableUntil = api.Instant(t.CancellableUntil())
	}
	return out
}
