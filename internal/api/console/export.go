package console

import (
	"context"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/sheet"
)

// exportMost bounds the rows of a file; the last line says when more were left out.
const exportMost = 100_000

// ExportForm chooses the form of a file.
type ExportForm struct {
	Form string `query:"form" enum:"csv,xlsx" default:"csv" doc:"CSV, or a workbook of Excel"`
}

func (h *handlers) exportRoutes() {
	r := h.router
	look := []access.Purpose{access.Operating, access.Complying, access.Inspecting}
	file := func(path, tag, name, summary string, g api.Guard) api.Route {
		route := api.Get(path, tag, name, summary, api.Slowly(g))
		route.Produces = sheet.CSVType
		return route
	}
	api.Add(r, file("/audit/export", "audit", "exportAudit", "Records of the log as a file", mayBank(actionLogFile, access.Inspecting, access.Complying)), h.exportAudit)
	api.Add(r, file("/ledger/accounts/{id}/entries/export", "ledger", "exportEntries", "Entries of an account as a file", mayBank(actionAccount, look...)), h.exportEntries)
	api.Add(r, file("/ledger/trial-balance/export", "ledger", "exportTrialBalance", "The trial balance as a file", mayBank(actionTrial, access.Operating, access.Inspecting)), h.exportTrialBalance)
}

// actionLogFile is the permission to take records of the log out of the bank.
const actionLogFile access.Permission = "audit.export"

func (h *handlers) exportAudit(ctx context.Context, in *auditFile) (*huma.StreamResponse, error) {
	return export(ctx, h, in.Form, table[record]{
		name: "console.export.audit", filters: map[string]string{"customer": in.Customer, "staff": in.Staff, "from": stamp(in.From), "to": stamp(in.To)},
		columns: titles("id", "at", "act", "kind", "actor", "subject", "customer", "outcome", "code", "reason", "branch", "channel", "leaf"),
		page: func(ctx context.Context, cursor string) ([]record, string, error) {
			q := &auditQuery{Paging: api.Paging{Cursor: cursor, Limit: exportPage}, AuditFilter: in.AuditFilter}
			return pageOf(h.records(ctx, q))
		},
		row: func(r record) []string {
			leaf := ""
			if r.Leaf != nil {
				leaf = strconv.FormatInt(*r.Leaf, 10)
			}
			return []string{r.ID, stamp(r.At), r.Act, string(r.Kind), r.Actor, r.Subject, r.Customer, r.Outcome, r.Code, r.Reason, r.Branch, r.Channel, leaf}
		},
	})
}

func (h *handlers) exportEntries(ctx context.Context, in *entryFile) (*huma.StreamResponse, error) {
	return export(ctx, h, in.Form, table[entry]{
		name: "console.export.entries", filters: map[string]string{"account": in.ID},
		columns: titles("journal", "line", "at", "day", "act", "reference", "account", "side", "amount", "currency"),
		page: func(ctx context.Context, cursor string) ([]entry, string, error) {
			return pageOf(h.entries(ctx, &entryQuery{OfID: in.OfID, Paging: api.Paging{Cursor: cursor, Limit: exportPage}}))
		},
		row: func(e entry) []string {
			return []string{e.Journal, strconv.Itoa(e.Line), stamp(e.At), e.BusinessDate, e.Act, e.Reference, e.Account, e.Side, e.Amount.Amount, e.Amount.Currency}
		},
	})
}

func (h *handlers) exportTrialBalance(ctx context.Context, in *trialFile) (*huma.StreamResponse, error) {
	return export(ctx, h, in.Form, table[total]{
		name: "console.export.trial_balance", filters: map[string]string{"on": in.On},
		columns: titles("account", "heading", "branch", "debit", "credit", "balance", "currency"),
		page: func(ctx context.Context, _ string) ([]total, string, error) {
			all, err := h.trialBalance(ctx, &in.OnDay)
			if err != nil {
				return nil, "", err
			}
			return all.Body.Lines, "", nil
		},
		row: func(t total) []string {
			return []string{t.Account, t.Code, t.Branch, t.Debit.Amount, t.Credit.Amount, t.Balance.Amount, t.Balance.Currency}
		},
	})
}

type auditFile struct {
	AuditFilter
	ExportForm
}

type entryFile struct {
	api.OfID
	ExportForm
}

type trialFile struct {
	OnDay
	ExportForm
}

// exportPage is how many rows are read at once.
const exportPage = 100

// pageOf takes a page of a list apart.
func pageOf[T any](a *api.Answer[api.Page[T]], err error) ([]T, string, error) {
	if err != nil {
		return nil, "", err
	}
	if a.Body.Next == nil {
		return a.Body.Items, "", nil
	}
	return a.Body.Items, *a.Body.Next, nil
}

func titles(columns ...string) []string {
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = "console.export." + c
	}
	return keys
}

// stamp writes an instant for a file; none is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// table is a list as it leaves the bank. Rows are read a page at a time while they are written, so a long list needs
// little memory and holds no transaction open while the reader is slow.
type table[T any] struct {
	name    string   // key of its name, and what the audit log says was taken
	columns []string // keys of the headings
	filters map[string]string
	page    func(ctx context.Context, cursor string) (items []T, next string, err error)
	row     func(T) []string
}

// export answers with a file whose first line says who took it, when, and under which audit record. What is refused is
// refused before the first byte; a failure in the middle leaves the file short.
func export[T any](ctx context.Context, h *handlers, form string, t table[T]) (*huma.StreamResponse, error) {
	first, next, err := t.page(ctx, "")
	if err != nil {
		return nil, err
	}
	mark, err := h.mark(ctx, form, t.name, t.filters)
	if err != nil {
		return nil, err
	}
	words := func(key string) string { return h.Texts.Text(api.CallOf(ctx).Locale, key, nil) }
	return &huma.StreamResponse{Body: func(out huma.Context) {
		file, err := h.openExport(out, form, words(t.name))
		if err != nil {
			h.router.Log.Error("export failed", "table", t.name, "err", err)
			return
		}
		err = t.write(ctx, file, words, mark, first, next)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			h.router.Log.Warn("export is short", "table", t.name, "err", err)
		}
	}}, nil
}

func (h *handlers) openExport(out huma.Context, form, name string) (sheet.File, error) {
	kind := sheet.CSVType
	if form == "xlsx" {
		kind = sheet.ExcelType
	}
	out.SetHeader("Content-Type", kind)
	out.SetHeader("Content-Disposition", `attachment; filename="export.`+form+`"`)
	if form == "xlsx" {
		return sheet.NewExcel(out.BodyWriter(), name)
	}
	return sheet.NewCSV(out.BodyWriter()), nil
}

func (t table[T]) write(ctx context.Context, file sheet.File, words func(string) string, mark string, items []T, next string) error {
	if err := file.Row([]string{mark}); err != nil {
		return err
	}
	head := make([]string, len(t.columns))
	for i, key := range t.columns {
		head[i] = words(key)
	}
	if err := file.Row(head); err != nil {
		return err
	}
	for written := 0; ; {
		for _, item := range items {
			if written++; written > exportMost {
				return file.Row([]string{words("console.export.cut")})
			}
			if err := file.Row(t.row(item)); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		var err error
		if items, next, err = t.page(ctx, next); err != nil {
			return err
		}
	}
}

// mark keeps that a list leaves the bank, and makes the line that its file begins with.
func (h *handlers) mark(ctx context.Context, form, name string, filters map[string]string) (string, error) {
	detail := map[string]string{"form": form}
	for key, value := range filters {
		if value != "" {
			detail[key] = value
		}
	}
	taken, err := h.Access.TakeFile(ctx, api.By(ctx), name, detail)
	if err != nil {
		return "", err
	}
	return h.Texts.Text(api.CallOf(ctx).Locale, "console.export.mark", map[string]string{
		"bank": h.Facts.Bank, "who": taken.Staff.Name, "staff": string(taken.Staff.ID), "at": stamp(taken.At), "record": string(taken.Record),
	}), nil
}
