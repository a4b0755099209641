package mobile

import (
	"context"
	"strconv"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) insightRoutes() {
	r := h.router
	api.Add(r, get("/insight/categories", "insight", "listCategories", "What money can be for, in the order to show it", myself), h.categories)
	api.Add(r, get("/insight/analysis", "insight", "analysis", "What came and went in a month, for what and with whom, and in the months before", mine), h.analysis)
	api.Add(r, get("/insight/moves", "insight", "listMoves", "What a figure of the analysis is made of, newest first", mine), h.moves)
	api.Add(r, get("/transactions/{id}/category", "insight", "transactionCategory", "What one transaction was for", mine), h.category)
	api.Add(r, put("/transactions/{id}/category", "insight", "setTransactionCategory", "Say what one transaction was for, or all with the same party", mine), h.setCategory)
	api.Add(r, get("/insight/years/{year}", "insight", "year", "A year of mine", mine), h.year)
	paper := get("/insight/years/{year}/summary.pdf", "insight", "yearPdf", "A year of mine as a signed paper", slowly(mine))
	paper.Produces = pdfType
	api.Add(r, paper, h.yearPDF)
}

func (h *handlers) categories(ctx context.Context, _ *none) (*answer[api.Page[category]], error) {
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(h.Insight.Categories(), func(k insight.Kind) category {
		return category{string(k.Category), h.categoryName(locale, k.Category), string(k.Direction)}
	}), ""), nil)
}

func (h *handlers) categoryName(l i18n.Locale, c insight.Category) string {
	return h.Texts.Text(l, "insight.category."+string(c), nil)
}

// month reads the month of a query; this one when it is absent.
func (h *handlers) month(ctx context.Context, text string) (insight.Month, error) {
	if text != "" {
		m, err := insight.ParseMonth(text)
		if err != nil {
			return m, insight.ErrMonth.At("month")
		}
		return m, nil
	}
	var today clock.Date
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		today, err = h.Days.Current(ctx, tx)
		return err
	})
	return insight.MonthOf(today), err
}

func (h *handlers) analysis(ctx context.Context, in *analysisQuery) (*answer[analysis], error) {
	m, err := h.month(ctx, in.Month)
	if err != nil {
		return nil, err
	}
	c, err := money.ParseCurrency(in.Currency)
	if err != nil {
		return nil, err
	}
	a, err := h.Insight.Analysis(ctx, api.By(ctx), m, c)
	return with(h.newAnalysis(api.CallOf(ctx).Locale, a), err)
}

func (h *handlers) moves(ctx context.Context, in *moveQuery) (*answer[api.Page[move]], error) {
	m, err := h.month(ctx, in.Month)
	if err != nil {
		return nil, err
	}
	page, err := h.Insight.Moves(ctx, api.By(ctx), insight.MoveFilter{
		Month: m, Category: insight.Category(in.Category), Direction: payment.Direction(in.Direction), Like: in.Like, Cursor: in.Cursor, Limit: in.Limit,
	})
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(page.Items, func(m insight.Move) move { return h.newMove(locale, m) }), page.Next), err)
}

func (h *handlers) category(ctx context.Context, in *OfID) (*answer[judgement], error) {
	by := api.By(ctx)
	t, err := h.Payments.Transaction(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	m, err := h.Insight.Judge(ctx, by, t)
	return with(h.newJudgement(api.CallOf(ctx).Locale, m), err)
}

func (h *handlers) setCategory(ctx context.Context, in *ofIDWith[correction]) (*answer[judgement], error) {
	by := api.By(ctx)
	t, err := h.Payments.Transaction(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	err = h.Insight.Correct(ctx, by, insight.Correction{Transaction: t, Category: insight.Category(in.Body.Category), Always: in.Body.Always})
	if err != nil {
		return nil, err
	}
	m, err := h.Insight.Judge(ctx, by, t)
	return with(h.newJudgement(api.CallOf(ctx).Locale, m), err)
}

func (h *handlers) year(ctx context.Context, in *ofYear) (*answer[yearSummary], error) {
	locale := api.CallOf(ctx).Locale
	y, err := h.Insight.Year(ctx, api.By(ctx), in.Year, locale)
	return with(h.newYear(locale, y), err)
}

func (h *handlers) yearPDF(ctx context.Context, in *ofYear) (*file, error) {
	content, err := h.Insight.YearPDF(ctx, api.By(ctx), in.Year, api.CallOf(ctx).Locale)
	return attached(pdfType, "year-"+strconv.Itoa(in.Year)+".pdf", content, err)
}

type analysisQuery struct {
	Month    string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" example:"2026-10" doc:"This one when absent"`
	Currency string `query:"currency" pattern:"^[A-Z]{3}$" default:"CNY"`
}

type moveQuery struct {
	Month     string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" example:"2026-10" doc:"This one when absent"`
	Category  string `query:"category" maxLength:"20" doc:"Any but own when absent; own: what moved between my accounts"`
	Direction string `query:"direction" enum:"in,out"`
	Like      string `query:"like" maxLength:"64" doc:"A transaction: only moves with the same party"`
	Paging
}

type ofYear struct {
	Year int `path:"year" minimum:"2000" maximum:"2199" example:"2026"`
}

type correction struct {
	Category string `json:"category" maxLength:"20" doc:"Empty: what the rules say"`
	Always   bool   `json:"always" doc:"For all with the same party that go the same way, past and to come"`
}

type category struct {
	Category  string `json:"category" example:"dining"`
	Name      string `json:"name"`
	Direction string `json:"direction,omitempty" enum:"in,out" doc:"Absent: either way"`
}

// judgement is what a transaction was for.
type judgement struct {
	Category  string `json:"category" example:"dining"`
	Name      string `json:"name"`
	Corrected string `json:"corrected,omitempty" enum:"one,payee" doc:"Said by me, of this one or of all with its party"`
	Fixed     bool   `json:"fixed" doc:"It cannot be said otherwise: interest, fees, own savings, what was taken back"`
	HasParty  bool   `json:"hasParty" doc:"Something can be said about all with the same party"`
}

func (h *handlers) newJudgement(l i18n.Locale, m insight.Move) judgement {
	return judgement{
		Category: string(m.Category), Name: h.categoryName(l, m.Category), Corrected: string(m.Corrected), Fixed: m.Fixed, HasParty: m.Peer != "" && !m.Own,
	}
}

type move struct {
	Transaction transaction `json:"transaction"`
	Purpose     judgement   `json:"purpose"`
	Deposit     bool        `json:"deposit" doc:"It stands on the account of a deposit: no transaction to look at"`
}

func (h *handlers) newMove(l i18n.Locale, m insight.Move) move {
	return move{h.newTransaction(l, m.Transaction), h.newJudgement(l, m), m.Deposit}
}

type moneySum struct {
	Sum   api.Money `json:"sum"`
	Count int       `json:"count"`
}

func newMoneySum(s payment.Sum) moneySum { return moneySum{api.MoneyOf(s.Amount), s.Count} }

type categorySum struct {
	Category  string    `json:"category" example:"dining"`
	Name      string    `json:"name"`
	Direction string    `json:"direction" enum:"in,out"`
	Sum       api.Money `json:"sum"`
	Count     int       `json:"count"`
	Percent   string    `json:"percent" example:"12.5" doc:"Of what went the same way"`
}

type partySum struct {
	Direction string    `json:"direction" enum:"in,out"`
	Name      string    `json:"name,omitempty" doc:"Masked"`
	Account   string    `json:"account,omitempty" doc:"Masked"`
	Like      string    `json:"like,omitempty" doc:"A transaction with the party, for listMoves; absent for all others together"`
	Sum       api.Money `json:"sum"`
	Count     int       `json:"count"`
}

type monthSum struct {
	Month string   `json:"month" example:"2026-10"`
	In    moneySum `json:"in"`
	Out   moneySum `json:"out"`
}

type analysis struct {
	Month      string        `json:"month" example:"2026-10"`
	Currency   string        `json:"currency" example:"CNY"`
	In         moneySum      `json:"in"`
	Out        moneySum      `json:"out"`
	Categories []categorySum `json:"categories" doc:"The largest first"`
	Parties    []partySum    `json:"parties" doc:"The largest first, ten each way, all others as one"`
	Trend      []monthSum    `json:"trend" doc:"Twelve months, the oldest first"`
	Currencies []string      `json:"currencies" doc:"In which something moved"`
}

func (h *handlers) newAnalysis(l i18n.Locale, a insight.Analysis) analysis {
	return analysis{
		Month: a.Month.String(), Currency: a.Currency.Code(), In: newMoneySum(a.In), Out: newMoneySum(a.Out),
		Categories: h.newCategorySums(l, a.Categories, a.In, a.Out),
		Parties: list(a.Parties, func(p insight.PartySum) partySum {
			return partySum{string(p.Direction), p.Name, p.Account, p.Like, api.MoneyOf(p.Amount), p.Count}
		}),
		Trend: list(a.Trend, newMonthSum), Currencies: list(a.Currencies, money.Currency.Code),
	}
}

func newMonthSum(m insight.MonthSum) monthSum {
	return monthSum{m.Month.String(), newMoneySum(m.In), newMoneySum(m.Out)}
}

func (h *handlers) newCategorySums(l i18n.Locale, all []insight.CategorySum, in, out payment.Sum) []categorySum {
	return list(all, func(c insight.CategorySum) categorySum {
		whole := in
		if c.Direction == payment.Out {
			whole = out
		}
		return categorySum{string(c.Category), h.categoryName(l, c.Category), string(c.Direction), api.MoneyOf(c.Amount), c.Count,
			percent(c.Amount, whole.Amount)}
	})
}

type yearSummary struct {
	Year     int         `json:"year" example:"2026"`
	To       string      `json:"to" format:"date" doc:"The last day that is counted"`
	Accounts []yearEnd   `json:"accounts"`
	Sums     []yearMoney `json:"sums" doc:"By currency"`
}

type yearEnd struct {
	Name    string    `json:"name"`
	Closing api.Money `json:"closing"`
}

type yearMoney struct {
	Currency   string        `json:"currency" example:"CNY"`
	Opening    api.Money     `json:"opening"`
	Closing    api.Money     `json:"closing"`
	In         moneySum      `json:"in"`
	Out        moneySum      `json:"out"`
	Interest   api.Money     `json:"interest" doc:"Before tax"`
	Tax        api.Money     `json:"tax" doc:"Withheld from interest"`
	Months     []monthSum    `json:"months"`
	Categories []categorySum `json:"categories"`
}

func (h *handlers) newYear(l i18n.Locale, y insight.YearSummary) yearSummary {
	return yearSummary{
		Year: y.Year, To: y.To.String(),
		Accounts: list(y.Accounts, func(b insight.Balance) yearEnd { return yearEnd{b.Name, api.MoneyOf(b.Closing)} }),
		Sums: list(y.Sums, func(s insight.YearSum) yearMoney {
			return yearMoney{s.Currency.Code(), api.MoneyOf(s.Opening), api.MoneyOf(s.Closing), newMoneySum(s.In), newMoneySum(s.Out), api.MoneyOf(s.Interest),
				api.MoneyOf(s.Tax), list(s.Months, newMonthSum), h.newCategorySums(l, s.Categories, s.In, s.Out)}
		}),
	}
}
