package mobile

import (
	"context"
	"encoding/base64"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) exchangeRoutes() {
	r := h.router
	confirm := api.Guard{Owner: api.Query, Money: true, Once: true, Proof: api.IntentProof}
	api.Add(r, get("/exchange/rates", "exchange", "exchangeRates", "The bank's board: prices of all currencies that are exchanged with yuan", myself), h.exchangeRates)
	api.Add(r, get("/exchange/rate-history", "exchange", "exchangeRateHistory", "Middle rates of a currency up to now, the oldest first", myself), h.exchangeRateHistory)
	api.Add(r, get("/exchange/allowances", "exchange", "exchangeAllowances", "What I may still exchange today and this year, in US dollars", mine), h.exchangeAllowances)
	api.Add(r, post("/exchange/check", "exchange", "checkExchange", "Quote an exchange between two of my accounts; nothing is used up", slowly(mine)), h.checkExchange)
	api.Add(r, post("/exchange/passkey-options", "exchange", "exchangePasskeyOptions", "What the browser asks a passkey to sign: the hash of the quote", mine), h.exchangePasskeyOptions)
	api.Add(r, created(post("/exchanges", "exchange", "confirmExchange", "Exchange at a quote, once and in its time", confirm)), h.confirmExchange)
	api.Add(r, get("/exchanges", "exchange", "listExchanges", "My exchanges, the newest first", mine), h.exchanges)
	api.Add(r, get("/exchanges/{id}", "exchange", "findExchange", "One of my exchanges", mine), h.exchange)
}

func (h *handlers) exchangeRates(ctx context.Context, _ *none) (*answer[board], error) {
	var prices []exchange.Price
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		prices, err = h.Exchange.Board(ctx, tx)
		return err
	})
	out := board{Items: list(prices, newPrice)}
	for _, p := range prices {
		out.Simulated = out.Simulated || p.Source == exchange.Simulated
	}
	return with(out, err)
}

type board struct {
	Simulated bool    `json:"simulated" doc:"The rates are made up: this is a demo"`
	Items     []price `json:"items"`
}

type price struct {
	Currency string    `json:"currency" example:"USD"`
	Units    int       `json:"units" example:"100" doc:"The rates below are for so many units, in yuan"`
	Bought   string    `json:"bought" example:"682.1700" doc:"The bank pays (现汇买入价)"`
	Sold     string    `json:"sold" example:"684.2200" doc:"The bank asks (现汇卖出价)"`
	Middle   string    `json:"middle" example:"683.2000" doc:"Neither (中间价)"`
	Before   string    `json:"before,omitempty" doc:"The middle rate a day before, where it is known"`
	Least    api.Money `json:"least" doc:"Of an exchange; all that an account holds may be less"`
	At       instant   `json:"at" doc:"Of the rate"`
	Source   string    `json:"source" example:"simulator"`
	Stale    bool      `json:"stale" doc:"Too old: nothing is quoted now"`
}

func newPrice(p exchange.Price) price {
	out := price{
		Currency: p.Currency.Code(), Units: exchange.Units, Bought: p.Bought.Shown(), Sold: p.Sold.Shown(), Middle: p.Observed.Middle.Shown(),
		Least: api.MoneyOf(p.Least), At: p.At.UTC(), Source: p.Source, Stale: p.Stale,
	}
	if p.Before > 0 {
		out.Before = p.Before.Shown()
	}
	return out
}

// HistoryQuery asks for a chart.
type HistoryQuery struct {
	Currency string `query:"currency" minLength:"3" maxLength:"3" pattern:"^[A-Z]{3}$" default:"USD"`
	Span     string `query:"span" enum:"day,month,quarter,year" default:"month" doc:"A day shows every rate, the others the last of each day"`
}

func (h *handlers) exchangeRateHistory(ctx context.Context, in *HistoryQuery) (*answer[api.Page[point]], error) {
	c, err := money.ParseCurrency(in.Currency)
	if err != nil {
		return nil, exchange.ErrPair.At("currency")
	}
	all, err := h.Exchange.History(ctx, c, exchange.Span(in.Span))
	return with(api.PageOf(list(all, func(m exchange.Middle) point {
		return point{At: m.At.UTC(), Middle: m.Observed.Middle.Shown(), Source: m.Source}
	}), ""), err)
}

type point struct {
	At     instant `json:"at"`
	Middle string  `json:"middle" example:"683.2000" doc:"For 100 units, in yuan"`
	Source string  `json:"source"`
}

func (h *handlers) exchangeAllowances(ctx context.Context, _ *none) (*answer[api.Page[exchangeAllowance]], error) {
	var all []exchange.Allowance
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.Exchange.Allowances(ctx, tx, api.By(ctx).Customer())
		return err
	})
	return with(api.PageOf(list(all, func(a exchange.Allowance) exchangeAllowance {
		return exchangeAllowance{a.Kind, api.MoneyOf(a.Most), api.MoneyOf(a.Used), api.MoneyOf(a.Left)}
	}), ""), err)
}

type exchangeAllowance struct {
	Kind string    `json:"kind" enum:"day,buy_year,sell_year"`
	Most api.Money `json:"most"`
	Used api.Money `json:"used"`
	Left api.Money `json:"left"`
}

type exchangeDraft struct {
	FromAccountID string    `json:"fromAccountId" maxLength:"64" doc:"My account that pays"`
	ToAccountID   string    `json:"toAccountId" maxLength:"64" doc:"My account that gets: one of the two is in yuan"`
	Amount        api.Money `json:"amount" doc:"In the currency of either account: what is paid, or what is to arrive"`
	Purpose       string    `json:"purpose,omitempty" enum:"travel,study,visit,medical,living,other" doc:"What a currency is bought for; needed then"`
}

func (h *handlers) checkExchange(ctx context.Context, in *body[exchangeDraft]) (*answer[exchangeQuote], error) {
	d := exchange.Draft{Purpose: in.Body.Purpose}
	var err error
	if d.From, err = parse[id.Account](in.Body.FromAccountID, "/fromAccountId"); err != nil {
		return nil, err
	}
	if d.To, err = parse[id.Account](in.Body.ToAccountID, "/toAccountId"); err != nil {
		return nil, err
	}
	if d.Amount, err = in.Body.Amount.Parse("/amount"); err != nil {
		return nil, err
	}
	q, err := h.Exchange.Check(ctx, api.By(ctx), d)
	if err != nil {
		return nil, err
	}
	hash, err := q.Hash()
	if err != nil {
		return nil, err
	}
	return with(exchangeQuote{
		Quote: q.Token, Hash: base64.RawURLEncoding.EncodeToString(hash), ExchangeTerms: newExchangeTerms(q.Terms),
		Proofs: []string{string(auth.MethodPIN), string(auth.MethodPasskey)}, MadeAt: q.MadeAt.UTC(), ExpiresAt: q.ExpiresAt.UTC(),
		Seconds: seconds(q.ExpiresAt.Sub(q.MadeAt)),
	}, nil)
}

// ExchangeTerms are what exactly is exchanged.
type ExchangeTerms struct {
	Side     string    `json:"side" enum:"buy,sell" doc:"Of the currency that is not yuan"`
	Paid     api.Money `json:"paid"`
	Received api.Money `json:"received"`
	Units    int       `json:"units" example:"100"`
	Price    string    `json:"price" example:"684.2200" doc:"Yuan for so many units"`
	Middle   string    `json:"middle" example:"683.2000" doc:"The middle rate"`
	Spread   api.Money `json:"spread" doc:"What the bank earns by the difference; it is in the price"`
	Purpose  string    `json:"purpose,omitempty"`
	RateAt   instant   `json:"rateAt"`
}

func newExchangeTerms(t exchange.Terms) ExchangeTerms {
	return ExchangeTerms{
		Side: string(t.Side), Paid: api.MoneyOf(t.Paid()), Received: api.MoneyOf(t.Received()), Units: exchange.Units, Price: t.Price.Shown(),
		Middle: t.Middle.Shown(), Spread: api.MoneyOf(t.Spread), Purpose: t.Purpose, RateAt: t.RateAt.UTC(),
	}
}

type exchangeQuote struct {
	Quote string `json:"quote" doc:"Sealed: goes back as it is, good once, in this session"`
	Hash  string `json:"hash" doc:"What a passkey signs, base64url"`
	ExchangeTerms
	Proofs    []string `json:"proofs" enum:"pin,passkey" doc:"One of these proves it"`
	MadeAt    instant  `json:"madeAt"`
	ExpiresAt instant  `json:"expiresAt"`
	Seconds   int      `json:"seconds" example:"60" doc:"From making to expiry: a clock that is wrong can still count down"`
}

func (h *handlers) exchangePasskeyOptions(ctx context.Context, in *body[exchangeQuoteOnly]) (*answer[passkeyOptions], error) {
	q, err := h.Exchange.OpenQuote(in.Body.Quote)
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

type exchangeQuoteOnly struct {
	Quote string `json:"quote" minLength:"1" maxLength:"8192" doc:"What POST /exchange/check answered"`
}

type exchangeConfirmation struct {
	Quote string       `json:"quote" minLength:"1" maxLength:"8192" doc:"What POST /exchange/check answered"`
	Proof depositProof `json:"proof"`
}

func (h *handlers) confirmExchange(ctx context.Context, in *body[exchangeConfirmation]) (*answer[currencyExchange], error) {
	p := in.Body.Proof
	c := exchange.Confirmation{Key: api.CallOf(ctx).Key, Quote: in.Body.Quote, Method: auth.Method(p.Method), PIN: crypto.Secret(p.PIN), Credential: p.Credential.bytes()}
	if p.ChallengeID != "" {
		var err error
		if c.Challenge, err = parse[id.Challenge](p.ChallengeID, "/proof/challengeId"); err != nil {
			return nil, err
		}
	}
	x, err := h.Exchange.Confirm(ctx, api.By(ctx), c)
	if err != nil {
		return nil, err
	}
	return with(newExchange(x), nil)
}

func (h *handlers) exchanges(ctx context.Context, in *Paging) (*answer[api.Page[currencyExchange]], error) {
	before, err := cursor[id.Exchange](in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Exchange.List(ctx, api.By(ctx), before, in.Limit)
	next := ""
	if len(all) == in.Limit && len(all) > 0 {
		next = string(all[len(all)-1].ID)
	}
	return with(api.PageOf(list(all, newExchange), next), err)
}

func (h *handlers) exchange(ctx context.Context, in *OfID) (*answer[currencyExchange], error) {
	which, err := parse[id.Exchange](in.ID, "id")
	if err != nil {
		return nil, err
	}
	x, err := h.Exchange.Exchange(ctx, api.By(ctx), which)
	if err != nil {
		return nil, err
	}
	return with(newExchange(x), nil)
}

type currencyExchange struct {
	ID            string `json:"id"`
	FromAccountID string `json:"fromAccountId"`
	ToAccountID   string `json:"toAccountId"`
	ExchangeTerms
	BusinessDate string  `json:"businessDate" format:"date"`
	At           instant `json:"at"`
}

func newExchange(x exchange.Exchange) currencyExchange {
	return currencyExchange{
		ID: string(x.ID), FromAccountID: string(x.From), ToAccountID: string(x.To), ExchangeTerms: newExchangeTerms(x.Terms),
		BusinessDate: day(x.On), At: x.At.UTC(),
	}
}
