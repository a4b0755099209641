package mobile

import (
	"context"
	"encoding/base64"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) depositActRoutes() {
	r := h.router
	confirm := api.Guard{Owner: api.Query, Money: true, Once: true, Proof: api.IntentProof}
	api.Add(r, post("/deposits/check", "deposit", "checkDeposit", "What exactly an act on a deposit will do, with the interest that is lost; nothing is used up", slowly(mine)), h.checkDeposit)
	api.Add(r, post("/deposits/passkey-options", "deposit", "depositPasskeyOptions", "What the browser asks a passkey to sign: the hash of the quote", mine), h.depositPasskeyOptions)
	api.Add(r, created(post("/deposits", "deposit", "confirmDeposit", "Do what a quote says, once: open, add, withdraw, offer, buy, plan", confirm)), h.confirmDeposit)
}

type depositDraft struct {
	Act                string     `json:"act" enum:"open,add,withdraw,offer,buy,plan"`
	ProductCode        string     `json:"productCode,omitempty" maxLength:"40" pattern:"^[a-z0-9_]+$" doc:"To open"`
	AccountID          string     `json:"accountId,omitempty" maxLength:"64" doc:"To open or buy: my current account that money comes from and goes to"`
	DepositID          string     `json:"depositId,omitempty" maxLength:"64" doc:"For all acts but open and buy"`
	Amount             *api.Money `json:"amount,omitempty" doc:"To open, add, withdraw; the price of an offer"`
	Rollover           string     `json:"rollover,omitempty" enum:"none,payout,principal,all" doc:"To open: what becomes of it on the last day"`
	Closes             bool       `json:"closes,omitempty" doc:"To withdraw all of a pot and close it"`
	BuyerAccountNumber string     `json:"buyerAccountNumber,omitempty" maxLength:"32" pattern:"^[0-9]+$" doc:"Of an offer"`
	OfferID            string     `json:"offerId,omitempty" maxLength:"64" doc:"To buy"`
	Goal               *goal      `json:"goal,omitempty" doc:"To open a pot, or to change its plan"`
}

func (d depositDraft) draft() (deposit.Draft, error) {
	out := deposit.Draft{Kind: deposit.DraftKind(d.Act), Product: d.ProductCode, Rollover: catalog.Rollover(d.Rollover), Closes: d.Closes,
		Buyer: d.BuyerAccountNumber, Offer: d.OfferID}
	var err error
	if d.AccountID != "" {
		if out.Linked, err = parse[id.Account](d.AccountID, "/accountId"); err != nil {
			return out, err
		}
	}
	if d.DepositID != "" {
		if out.Deposit, err = parse[id.Account](d.DepositID, "/depositId"); err != nil {
			return out, err
		}
	}
	if d.Amount != nil {
		if out.Amount, err = d.Amount.Parse("/amount"); err != nil {
			return out, err
		}
	}
	out.Plan, err = d.Goal.plan()
	return out, err
}

func (h *handlers) checkDeposit(ctx context.Context, in *body[depositDraft]) (*answer[depositQuote], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	q, err := h.Deposits.Check(ctx, api.By(ctx), d)
	if err != nil {
		return nil, err
	}
	hash, err := q.Hash()
	if err != nil {
		return nil, err
	}
	return with(newDepositQuote(q, hash), nil)
}

// depositQuote is what exactly will be done, to look at before proving it.
type depositQuote struct {
	Quote      string         `json:"quote" doc:"Sealed: goes back as it is, good once, in this session and on this business day"`
	Hash       string         `json:"hash" doc:"What a passkey signs, base64url"`
	Amount     *api.Money     `json:"amount,omitempty" doc:"That moves"`
	Interest   api.Money      `json:"interest" doc:"Paid with it, before tax"`
	Tax        api.Money      `json:"tax"`
	Parts      []interestPart `json:"parts" doc:"How the interest explains itself"`
	Rate       string         `json:"rate" example:"0.0095" doc:"Of the contract"`
	Percent    string         `json:"percent" example:"0.95"`
	MaturesOn  string         `json:"maturesOn,omitempty" format:"date"`
	AtMaturity api.Money      `json:"atMaturity" doc:"Interest at the end of the term"`
	Lost       api.Money      `json:"lost" doc:"Of that, by taking it out early"`
	Closes     bool           `json:"closes" doc:"Nothing is left: the deposit is closed"`
	Yield      string         `json:"yield,omitempty" example:"1.42" doc:"Per cent a year for the buyer of a certificate, at the price"`
	Proofs     []string       `json:"proofs" enum:"pin,passkey" doc:"One of these proves it"`
	ExpiresAt  instant        `json:"expiresAt"`
}

func newDepositQuote(q deposit.Quote, hash []byte) depositQuote {
	o := q.Outcome
	out := depositQuote{
		Quote: q.Token, Hash: base64.RawURLEncoding.EncodeToString(hash), Interest: api.MoneyOf(o.Interest), Tax: api.MoneyOf(o.Tax),
		Parts: list(o.Parts, newPart), Rate: o.Rate.String(), Percent: o.Rate.Percent(), MaturesOn: day(o.MaturesOn), AtMaturity: api.MoneyOf(o.AtMaturity),
		Lost: api.MoneyOf(o.Lost), Closes: o.Closes, Proofs: []string{string(auth.MethodPIN), string(auth.MethodPasskey)}, ExpiresAt: q.ExpiresAt.UTC(),
	}
	if !o.Amount.IsZero() {
		m := api.MoneyOf(o.Amount)
		out.Amount = &m
	}
	if o.Yields {
		out.Yield = o.Yield.Percent()
	}
	return out
}

// QuoteOnly names a quote.
type QuoteOnly struct {
	Quote string `json:"quote" minLength:"1" maxLength:"8192" doc:"What POST /deposits/check answered"`
}

func (h *handlers) depositPasskeyOptions(ctx context.Context, in *body[QuoteOnly]) (*answer[passkeyOptions], error) {
	q, err := h.Deposits.OpenQuote(in.Body.Quote)
	if err != nil {
		return nil, err
	}
	hash, err := q.Hash()
	if err != nil {
		return nil, err
	}
	options, err := h.Auth.PaymentPasskeyOptions(ctx, api.By(ctx), hash)
	return with(newPasskeyOptions(options), err)
}

type depositConfirmation struct {
	QuoteOnly
	Proof depositProof `json:"proof"`
}

// depositProof proves a quote.
type depositProof struct {
	Method      string      `json:"method" enum:"pin,passkey,none" doc:"none asks, with the same key, what became of a confirmation whose answer was lost"`
	PIN         string      `json:"pin,omitempty" maxLength:"6" pattern:"^[0-9]{6}$" format:"password"`
	ChallengeID string      `json:"challengeId,omitempty" maxLength:"64" doc:"Of the passkey"`
	Credential  *credential `json:"credential,omitempty" doc:"Of the passkey"`
}

func (h *handlers) confirmDeposit(ctx context.Context, in *body[depositConfirmation]) (*answer[heldDeposit], error) {
	p := in.Body.Proof
	x := deposit.Confirmation{Key: api.CallOf(ctx).Key, Quote: in.Body.Quote, Method: auth.Method(p.Method), PIN: crypto.Secret(p.PIN), Credential: p.Credential.bytes()}
	if p.ChallengeID != "" {
		var err error
		if x.Challenge, err = parse[id.Challenge](p.ChallengeID, "/proof/challengeId"); err != nil {
			return nil, err
		}
	}
	which, err := h.Deposits.Confirm(ctx, api.By(ctx), x)
	return h.depositAfter(ctx, which, err)
}
