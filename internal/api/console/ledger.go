package console

import (
	"context"
	"strconv"
	"strings"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The permissions of the books, which stand below package access and name none themselves.
const (
	actionAccounts access.Permission = "ledger.list_accounts"
	actionAccount  access.Permission = "ledger.view_account"
	actionTrial    access.Permission = "ledger.trial_balance"
)

func (h *handlers) ledgerRoutes() {
	r, all := h.router, []access.Purpose{access.Operating, access.Complying, access.Inspecting}
	api.Add(r, api.Get("/ledger/chart", "ledger", "chartOfAccounts", "The chart of accounts", mayBank(actionAccounts, all...)), h.chart)
	api.Add(r, api.Get("/ledger/trial-balance", "ledger", "trialBalance", "What every heading has gathered, on a day", mayBank(actionTrial, access.Operating, access.Inspecting)), h.trialBalance)
	api.Add(r, api.Get("/ledger/accounts/{id}/entries", "ledger", "listEntries", "Entries of an account, the newest first", mayBank(actionAccount, all...)), h.entries)
	api.Add(r, api.Get("/ledger/journals/{id}", "ledger", "findJournal", "One journal, whole", mayBank(actionAccount, all...)), h.journal)
}

func (h *handlers) chart(context.Context, *api.None) (*api.Answer[api.Page[heading]], error) {
	return api.With(api.PageOf(api.List(ledger.Chart(), newHeading), ""), nil)
}

func (h *handlers) trialBalance(ctx context.Context, in *OnDay) (*api.Answer[trialBalance], error) {
	on, err := api.ParseDate(in.On, "on")
	if err != nil {
		return nil, err
	}
	var out trialBalance
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		if on.IsZero() {
			if on, err = h.Days.Current(ctx, tx); err != nil {
				return err
			}
		}
		totals, err := h.Ledger.TrialBalance(ctx, tx, on)
		out = trialBalance{On: on, Lines: api.List(totals, newTotal)}
		return err
	})
	return api.With(out, err)
}

// entries are those of a customer's account, by its id, or of one of the bank's own, by its name.
func (h *handlers) entries(ctx context.Context, in *entryQuery) (*api.Answer[api.Page[entry]], error) {
	var all []ledger.Entry
	guarded := strings.HasPrefix(in.ID, "acct_")
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if _, err = h.Ledger.Account(ctx, tx, in.ID); err != nil {
			return err
		}
		if guarded {
			before, err := api.NumberCursor(in.Cursor)
			if err != nil {
				return err
			}
			all, err = h.Ledger.History(ctx, tx, ledger.HistoryQuery{Account: in.ID, Before: before, Limit: in.Limit})
			return err
		}
		q := ledger.OwnQuery{Account: in.ID, Limit: in.Limit}
		if q.Before, q.Line, err = ownCursor(in.Cursor); err != nil {
			return err
		}
		all, err = h.Ledger.OwnHistory(ctx, tx, q)
		return err
	})
	cursor := next(all, in.Limit, func(e ledger.Entry) string {
		if guarded {
			return strconv.FormatInt(e.Number, 10)
		}
		return string(e.Journal) + "." + strconv.Itoa(e.Line)
	})
	return api.With(api.PageOf(api.List(all, newEntry), cursor), err)
}

// ownCursor reads the cursor of entries of the bank's own accounts: journal and line.
func ownCursor(s string) (id.Journal, int, error) {
	if s == "" {
		return "", 0, nil
	}
	name, number, _ := strings.Cut(s, ".")
	journal, err := api.ParseID[id.Journal](name, "cursor")
	if err != nil {
		return "", 0, err
	}
	line, err := strconv.Atoi(number)
	if err != nil || line < 1 {
		return "", 0, api.ErrBadValue.At("cursor")
	}
	return journal, line, nil
}

func (h *handlers) journal(ctx context.Context, in *api.OfID) (*api.Answer[journal], error) {
	which, err := api.ParseID[id.Journal](in.ID, "id")
	if err != nil {
		return nil, err
	}
	var p ledger.Posted
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = h.Ledger.Journal(ctx, tx, which)
		return err
	})
	return api.With(newJournal(p), err)
}

// OnDay asks for a business date.
type OnDay struct {
	On string `query:"on" format:"date" doc:"Business date; the open one when it is missing"`
}

type entryQuery struct {
	api.OfID
	api.Paging
}

type heading struct {
	Code   string `json:"code"`
	Name   string `json:"name" doc:"Key of its name"`
	Class  string `json:"class"`
	Normal string `json:"normal" doc:"The side that increases it"`
	Kind   string `json:"kind" doc:"guarded: customers' accounts stand under it; summed: the bank's own"`
}

func newHeading(x ledger.Heading) heading {
	return heading{string(x.Code), x.Name(), string(x.Class), string(x.Normal), string(x.Kind)}
}

type trialBalance struct {
	On    clock.Date `json:"on"`
	Lines []total    `json:"lines"`
}

type total struct {
	Account string    `json:"account"`
	Code    string    `json:"code"`
	Branch  string    `json:"branch"`
	Debit   api.Money `json:"debit"`
	Credit  api.Money `json:"credit"`
	Balance api.Money `json:"balance" doc:"On the normal side"`
}

func newTotal(t ledger.Total) total {
	return total{t.Account, string(t.Heading.Code), t.Branch, api.MoneyOf(t.Debit), api.MoneyOf(t.Credit), api.MoneyOf(t.Balance())}
}

type entry struct {
	Journal      string    `json:"journal"`
	Line         int       `json:"line"`
	Account      string    `json:"account"`
	Side         string    `json:"side" enum:"debit,credit"`
	Amount       api.Money `json:"amount"`
	Act          string    `json:"act"`
	Reference    string    `json:"reference"`
	BusinessDate string    `json:"businessDate"`
	At           instant   `json:"at"`
}

func newEntry(e ledger.Entry) entry {
	return entry{
		Journal: string(e.Journal), Line: e.Line, Account: e.Account, Side: string(e.Side), Amount: api.MoneyOf(e.Amount), Act: e.Act,
		Reference: e.Reference, BusinessDate: e.BusinessDate.String(), At: e.At.UTC(),
	}
}
