package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/values/id"
)

const xmlType = "application/xml"

func (h *handlers) keptStatementRoutes() {
	r := h.router
	api.Add(r, get("/insight/statements", "insight", "listStatements", "My monthly statements, newest first", mine), h.statements)
	for _, form := range []struct {
		suffix, name, summary, produces string
		handler                         func(context.Context, *OfID) (*file, error)
	}{
		{"pdf", "keptStatementPdf", "A monthly statement as the signed paper that was made", pdfType, h.keptPDF},
		{"csv", "keptStatementCsv", "A monthly statement as the file for spreadsheets that was made", csvType, h.keptCSV},
		{"xml", "keptStatementCamt", "The accounts of a monthly statement as camt.053.001.08, for companies and bookkeeping", xmlType, h.keptCamt},
	} {
		route := get("/insight/statements/{id}/statement."+form.suffix, "insight", form.name, form.summary, slowly(mine))
		route.Produces = form.produces
		api.Add(r, route, form.handler)
	}
	camt := get("/accounts/{id}/statement.xml", "transaction", "statementCamt", "Statement of a period as camt.053.001.08, for companies and bookkeeping", slowly(mine))
	camt.Produces = xmlType
	api.Add(r, camt, h.accountCamt)
}

func (h *handlers) statements(ctx context.Context, in *Paging) (*answer[api.Page[keptStatement]], error) {
	page, err := h.Insight.List(ctx, api.By(ctx), in.Cursor, in.Limit)
	return with(api.PageOf(list(page.Items, newKept), page.Next), err)
}

func (h *handlers) keptPDF(ctx context.Context, in *OfID) (*file, error) {
	return h.keptPaper(ctx, in.ID, insight.PDF, pdfType)
}

func (h *handlers) keptCSV(ctx context.Context, in *OfID) (*file, error) {
	return h.keptPaper(ctx, in.ID, insight.CSV, csvType)
}

func (h *handlers) keptPaper(ctx context.Context, which string, f insight.Format, kind string) (*file, error) {
	statement, err := parse[id.Statement](which, "id")
	if err != nil {
		return nil, err
	}
	kept, content, err := h.Insight.Paper(ctx, api.By(ctx), statement, f)
	return attached(kind, "statement-"+kept.Month.String()+"."+string(f), content, err)
}

func (h *handlers) keptCamt(ctx context.Context, in *OfID) (*file, error) {
	statement, err := parse[id.Statement](in.ID, "id")
	if err != nil {
		return nil, err
	}
	kept, content, err := h.Insight.MonthCamt(ctx, api.By(ctx), statement, api.CallOf(ctx).Locale)
	return attached(xmlType, "statement-"+kept.Month.String()+".camt053.xml", content, err)
}

func (h *handlers) accountCamt(ctx context.Context, in *statementPeriod) (*file, error) {
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
	content, err := h.Insight.AccountCamt(ctx, api.By(ctx), which, from, to, api.CallOf(ctx).Locale)
	return attached(xmlType, "statement.camt053.xml", content, err)
}

type keptStatement struct {
	ID        string           `json:"id"`
	Month     string           `json:"month" example:"2026-10"`
	Locale    string           `json:"locale" doc:"Language of its papers"`
	Totals    []statementTotal `json:"totals" doc:"By currency, all accounts and deposits together"`
	VerifyURL string           `json:"verifyUrl" doc:"Of the public page that says whether the paper is true; the name is masked there"`
	MadeAt    instant          `json:"madeAt"`
}

type statementTotal struct {
	Opening  api.Money `json:"opening"`
	Closing  api.Money `json:"closing"`
	In       api.Money `json:"in" doc:"From others; what moves between own accounts is not in it"`
	Out      api.Money `json:"out"`
	Interest api.Money `json:"interest"`
	Tax      api.Money `json:"tax"`
}

func newKept(k insight.Kept) keptStatement {
	return keptStatement{ID: string(k.ID), Month: k.Month.String(), Locale: string(k.Locale), VerifyURL: k.URL, MadeAt: k.MadeAt.UTC(),
		Totals: list(k.Totals, func(t insight.Totals) statementTotal {
			return statementTotal{api.MoneyOf(t.Opening), api.MoneyOf(t.Closing), api.MoneyOf(t.In), api.MoneyOf(t.Out), api.MoneyOf(t.Interest), api.MoneyOf(t.Tax)}
		})}
}
