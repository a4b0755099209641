package apptest

import (
	"net/http"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Exchanged buys ten dollars for the person, on a new account, and answers the exchange. What they cost is given to him
// first, so that his account holds what it did.
func (p *Person) Exchanged() string {
	b := p.bank
	b.t.Helper()
	_, err := b.Exchange.Refresh(b.t.Context())
	b.must(err)
	p.Fund(p.Account, "100.00")
	dollars := p.Post("/accounts", map[string]any{"productCode": "currency_usd"}, NewKey()).Is(http.StatusCreated).At("id")
	quote := p.Post("/exchange/check", map[string]any{
		"fromAccountId": p.Account, "toAccountId": dollars, "amount": map[string]any{"amount": "10.00", "currency": "USD"}, "purpose": "travel",
	}).Is(http.StatusOK)
	made := p.Post("/exchanges", map[string]any{
		"quote": quote.At("quote"), "proof": map[string]any{"method": "pin", "pin": PIN},
	}, NewKey()).Is(http.StatusCreated)
	paid, err := money.Parse(made.At("paid.amount"), money.CNY)
	b.must(err)
	rest, err := money.New(100_00, money.CNY).Sub(paid)
	b.must(err)
	b.must(b.DB.Write(b.t.Context(), func(tx *db.Tx) error {
		outcomes, err := b.Ledger.Post(b.t.Context(), tx, []ledger.Journal{{Act: "test.fund", Reference: string(p.Account), By: act.Job("test"), Lines: []ledger.Line{
			{Account: string(p.Account), Side: ledger.Debit, Amount: rest},
			{Account: ledger.Own(ledger.CentralBank, money.CNY, act.HeadOffice), Side: ledger.Credit, Amount: rest},
		}}})
		if err != nil {
			return err
		}
		return outcomes[0].Err
	}))
	return made.At("id")
}
