package mobile

import (
	"bytes"
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) transactionRoutes() {
	r := h.router
	api.Add(r, get("/transactions", "transaction", "listTransactions", "What happened on my accounts, newest first", mine), h.transactions)
	api.Add(r, get("/transactions/months", "transaction", "transactionMonths", "What came and went, by month", mine), h.months)
	api.Add(r, get("/transactions/{id}", "transaction", "transaction", "One transaction", mine), h.transaction)
	csv := get("/transactions.csv", "transaction", "exportTransactions", "The same as a file for spreadsheets", slowly(mine))
	csv.Produces = csvType
	api.Add(r, csv, h.transactionsCSV)
	statement := get("/accounts/{id}/statement.pdf", "transaction", "statementPdf", "Signed statement of a period", slowly(mine))
	statement.Produces = pdfType
	api.Add(r, statement, h.statementPDF)
}

const (
	csvType = "text/csv; charset=utf-8"
	pdfType = "application/pdf"
)

func (h *handlers) transactions(ctx context.Context, in *transactionPage) (*answer[api.Page[transaction]], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Cursor, f.Limit = in.Cursor, in.Limit
	all, err := h.Payments.Transactions(ctx, api.By(ctx), f)
	return with(api.PageOf(h.newTransactions(ctx, all.Items), all.Next), err)
}

func (h *handlers) months(ctx context.Context, in *TransactionFilter) (*answer[api.Page[month]], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	all, err := h.Payments.Months(ctx, api.By(ctx), f)
	return with(api.PageOf(list(all, newMonth), ""), err)
}

func (h *handlers) transaction(ctx context.Context, in *OfID) (*answer[transaction], error) {
	t, err := h.Payments.Transaction(ctx, api.By(ctx), in.ID)
	return with(h.newTransaction(api.CallOf(ctx).Locale, t), err)
}

func (h *handlers) transactionsCSV(ctx context.Context, in *TransactionFilter) (*file, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer // bounded: payment refuses periods with too many lines
	err = h.Payments.ExportCSV(ctx, api.By(ctx), f, api.CallOf(ctx).Locale, &b)
	return attached(csvType, "transactions.csv", b.Bytes(), err)
}

func (h *handlers) statementPDF(ctx context.Context, in *statementPeriod) (*file, error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	from, err := api.ParseDate(in.From, "from")
	if err != nil {
		return nil, err
	}
	to, err := api.ParseDate(in.To, "to")
	if err != nil {
		return nil, err
	}
	content, err := h.Payments.StatementPDF(ctx, api.By(ctx), which, from, to, api.CallOf(ctx).Locale)
	return attached(pdfType, "statement.pdf", content, err)
}

// TransactionFilter chooses transactions; what is absent does not narrow.
type TransactionFilter struct {
	AccountID string `query:"accountId" maxLength:"64" doc:"One of my accounts; all of them when absent"`
	From      string `query:"from" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" example:"2026-11-01" doc:"First business date"`
	To        string `query:"to" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" example:"2026-11-30" doc:"Last business date"`
	Direction string `query:"direction" enum:"in,out"`
	Min       string `query:"min" maxLength:"21" pattern:"^[0-9]{1,15}(\\.[0-9]{1,4})?$" example:"100.00" doc:"Least amount"`
	Max       string `query:"max" maxLength:"21" pattern:"^[0-9]{1,15}(\\.[0-9]{1,4})?$" doc:"Greatest amount"`
	Currency  string `query:"currency" pattern:"^[A-Z]{3}$" default:"CNY" doc:"Of min and max"`
	Query     string `query:"q" maxLength:"60" doc:"Part of the other party's name or number, or of the memo"`
}

type transactionPage struct {
	TransactionFilter
	Paging
}

type statementPeriod struct {
	OfID
	From string `query:"from" required:"true" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" example:"2026-11-01" doc:"First business date"`
	To   string `query:"to" required:"true" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" example:"2026-11-30" doc:"Last business date"`
}

func (t TransactionFilter) filter() (payment.Filter, error) {
	f := payment.Filter{Direction: payment.Direction(t.Direction), Query: t.Query}
	var err error
	if t.AccountID != "" {
		if f.Account, err = parse[id.Account](t.AccountID, "accountId"); err != nil {
			return f, err
		}
	}
	if f.From, err = api.ParseDate(t.From, "from"); err != nil {
		return f, err
	}
	if f.To, err = api.ParseDate(t.To, "to"); err != nil {
		return f, err
	}
	for _, side := range []struct {
		name, text string
		to         *money.Amount
	}{{"min", t.Min, &f.Min}, {"max", t.Max, &f.Max}} {
		if side.text == "" {
			continue
		}
		if *side.to, err = (api.Money{Amount: side.text, Currency: t.Currency}).Parse(side.name); err != nil {
			return f, err
		}
	}
	return f, nil
}

type transaction struct {
	ID                  string    `json:"id"`
	AccountID           string    `json:"accountId"`
	AccountTail         string    `json:"accountTail" doc:"Last four digits of its number"`
	At                  instant   `json:"at"`
	BusinessDate        string    `json:"businessDate" format:"date"`
	Direction           string    `json:"direction" enum:"in,out"`
	Kind                string    `json:"kind" enum:"transfer_in,transfer_out,fee,reversal,interest,saving_in,saving_out,cash_in,cash_out,other_in,other_out"`
	Title               string    `json:"title" doc:"What it is, in the language asked for"`
	Amount              api.Money `json:"amount" doc:"Always positive"`
	BalanceAfter        api.Money `json:"balanceAfter"`
	Counterparty        string    `json:"counterparty,omitempty" doc:"Masked"`
	CounterpartyAccount string    `json:"counterpartyAccount,omitempty" doc:"Masked"`
	Memo                string    `json:"memo,omitempty"`
	TransferID          string    `json:"transferId,omitempty"`
	Reversed            bool      `json:"reversed" doc:"Taken back since"`
}

func (h *handlers) newTransactions(ctx context.Context, all []payment.Transaction) []transaction {
	locale := api.CallOf(ctx).Locale
	return list(all, func(t payment.Transaction) transaction { return h.newTransaction(locale, t) })
}

func (h *handlers) newTransaction(l i18n.Locale, t payment.Transaction) transaction {
	return transaction{
		ID: t.ID, AccountID: string(t.Account), AccountTail: t.Tail, At: t.At.UTC(), BusinessDate: t.BusinessDate.String(),
		Direction: string(t.Direction), Kind: string(t.Kind), Title: t.Title(h.Texts, l), Amount: api.MoneyOf(t.Amount), BalanceAfter: api.MoneyOf(t.After),
		Counterparty: t.Counterparty, CounterpartyAccount: t.CounterpartyAccount, Memo: t.Memo, TransferID: string(t.Transfer), Reversed: t.Reversed,
	}
}

type month struct {
	Month    string    `json:"month" example:"2026-11"`
	In       api.Money `json:"in"`
	InCount  int       `json:"inCount"`
	Out      api.Money `json:"out"`
	OutCount int       `json:"outCount"`
}

func newMonth(m payment.Month) month {
	return month{Month: m.Month, In: api.MoneyOf(m.In.Amount), InCount: m.In.Count, Out: api.MoneyOf(m.Out.Amount), OutCount: m.Out.Count}
}
