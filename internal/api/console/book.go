package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// actionManual is to ask for a journal made by hand.
const actionManual access.Permission = "ledger.manual_journal"

func (h *handlers) bookRoutes() {
	r, read := h.router, mayBank(actionTrial, access.Operating, access.Inspecting)
	api.Add(r, api.Get("/ledger/balance-sheet", "ledger", "balanceSheet", "What the bank has and owes at the end of a day", read), h.balanceSheet)
	api.Add(r, api.Get("/ledger/profit-and-loss", "ledger", "profitAndLoss", "Income and expense of some days", read), h.profitAndLoss)
	api.Add(r, api.Get("/ledger/suspense", "ledger", "listSuspense", "What waits in suspense accounts, and since when", read), h.suspense)
	api.Add(r, api.Get("/ledger/periods", "ledger", "listPeriods", "Closes of years into retained earnings", read), h.periods)
	api.Add(r, api.Created(api.Post("/ledger/manual-journals", "ledger", "proposeJournal", "Ask for a journal made by hand; it is booked once another agrees", once(mayBank(actionManual, access.Operating)))), h.proposeJournal)
}

func (h *handlers) balanceSheet(ctx context.Context, in *sheetQuery) (*api.Answer[balanceSheets], error) {
	on, err := api.ParseDate(in.On, "on")
	if err != nil {
		return nil, err
	}
	var sheets []ledger.BalanceSheet
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		if on, err = h.dayOr(ctx, tx, on); err != nil {
			return err
		}
		sheets, err = h.Ledger.BalanceSheets(ctx, tx, on, in.Branch)
		return err
	})
	return api.With(balanceSheets{on, api.List(sheets, func(s ledger.BalanceSheet) balanceSheet { return h.newSheet(ctx, s) })}, err)
}

// dayOr is a day, or the open one.
func (h *handlers) dayOr(ctx context.Context, tx *db.Tx, on clock.Date) (clock.Date, error) {
	if !on.IsZero() {
		return on, nil
	}
	return h.Days.Current(ctx, tx)
}

func (h *handlers) profitAndLoss(ctx context.Context, in *spanQuery) (*api.Answer[profitsAndLosses], error) {
	from, err := api.ParseDate(in.From, "from")
	if err != nil {
		return nil, err
	}
	to, err := api.ParseDate(in.To, "to")
	if err != nil {
		return nil, err
	}
	var all []ledger.ProfitAndLoss
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		if to, err = h.dayOr(ctx, tx, to); err != nil {
			return err
		}
		if from, err = h.dayOr(ctx, tx, from); err != nil {
			return err
		}
		if from.After(to) {
			return api.ErrBadValue.At("from")
		}
		all, err = h.Ledger.ProfitAndLoss(ctx, tx, from, to, in.Branch)
		return err
	})
	return api.With(profitsAndLosses{from, to, api.List(all, func(p ledger.ProfitAndLoss) profitAndLoss { return h.newProfit(ctx, p) })}, err)
}

func (h *handlers) suspense(ctx context.Context, in *OnDay) (*api.Answer[suspenses], error) {
	on, err := api.ParseDate(in.On, "on")
	if err != nil {
		return nil, err
	}
	var all []ledger.Suspense
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		if on, err = h.dayOr(ctx, tx, on); err != nil {
			return err
		}
		all, err = h.Ledger.Suspended(ctx, tx, on)
		return err
	})
	return api.With(suspenses{on, api.List(all, func(s ledger.Suspense) suspended { return newSuspended(s, on) })}, err)
}

func (h *handlers) periods(ctx context.Context, _ *api.None) (*api.Answer[periodList], error) {
	var all []ledger.Period
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.Ledger.Periods(ctx, tx, clock.Date{})
		return err
	})
	return api.With(periodList{api.List(all, newPeriod)}, err)
}

func (h *handlers) proposeJournal(ctx context.Context, in *api.Body[manualJournal]) (*api.Answer[request], error) {
	m, err := in.Body.manual()
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, ledger.ActManual, in.Body.Reason, m)
}

type sheetQuery struct {
	OnDay
	InBranch
}

type spanQuery struct {
	From string `query:"from" format:"date" doc:"First business date; the open one when it is missing"`
	To   string `query:"to" format:"date" doc:"Last business date; the open one when it is missing"`
	InBranch
}

type balanceSheets struct {
	On     clock.Date     `json:"on"`
	Sheets []balanceSheet `json:"sheets" doc:"One for each currency"`
}

type balanceSheet struct {
	Currency    string         `json:"currency"`
	Assets      []bookPosition `json:"assets"`
	Liabilities []bookPosition `json:"liabilities"`
	Equity      []bookPosition `json:"equity"`
	Profit      api.Money      `json:"profit" doc:"Income less expense that no close of a period has moved to equity"`
	Total       api.Money      `json:"total" doc:"Of the assets"`
	Balances    bool           `json:"balances" doc:"Assets equal liabilities, equity and profit"`
}

type bookPosition struct {
	Heading word      `json:"heading" doc:"Code of the chart, and its name"`
	Amount  api.Money `json:"amount"`
}

func (h *handlers) positions(ctx context.Context, all []ledger.Position) []bookPosition {
	return api.List(all, func(p ledger.Position) bookPosition {
		return bookPosition{word{string(p.Heading.Code), h.headingName(ctx, p.Heading)}, api.MoneyOf(p.Amount)}
	})
}

func (h *handlers) headingName(ctx context.Context, x ledger.Heading) string {
	return h.text(ctx, x.Name())
}

func (h *handlers) text(ctx context.Context, key string) string {
	return h.Texts.Text(localeOf(ctx), key, nil)
}

func (h *handlers) newSheet(ctx context.Context, s ledger.BalanceSheet) balanceSheet {
	return balanceSheet{
		s.Currency.Code(), h.positions(ctx, s.Assets), h.positions(ctx, s.Liabilities), h.positions(ctx, s.Equity),
		api.MoneyOf(s.Profit), api.MoneyOf(s.Total), s.Balances(),
	}
}

type profitsAndLosses struct {
	From   clock.Date      `json:"from"`
	To     clock.Date      `json:"to"`
	Sheets []profitAndLoss `json:"sheets" doc:"One for each currency"`
}

type profitAndLoss struct {
	Currency string         `json:"currency"`
	Income   []bookPosition `json:"income"`
	Expense  []bookPosition `json:"expense"`
	Result   api.Money      `json:"result" doc:"Income less expense"`
}

func (h *handlers) newProfit(ctx context.Context, p ledger.ProfitAndLoss) profitAndLoss {
	return profitAndLoss{p.Currency.Code(), h.positions(ctx, p.Income), h.positions(ctx, p.Expense), api.MoneyOf(p.Result)}
}

type suspenses struct {
	On    clock.Date  `json:"on"`
	Items []suspended `json:"items"`
}

type suspended struct {
	Account string         `json:"account"`
	Branch  string         `json:"branch"`
	Balance api.Money      `json:"balance"`
	Days    int            `json:"days" doc:"Age of the oldest part"`
	Parts   []suspendedAge `json:"parts" doc:"The oldest first"`
}

type suspendedAge struct {
	Since  clock.Date `json:"since"`
	Amount api.Money  `json:"amount"`
}

func newSuspended(s ledger.Suspense, on clock.Date) suspended {
	return suspended{s.Account, s.Branch, api.MoneyOf(s.Balance), s.Age(on), api.List(s.Parts, func(a ledger.Aged) suspendedAge {
		return suspendedAge{a.Since, api.MoneyOf(a.Amount)}
	})}
}

type periodList struct {
	Items []closedPeriod `json:"items"`
}

type closedPeriod struct {
	Date    clock.Date `json:"date" doc:"Its last day"`
	Journal string     `json:"journal"`
	Branch  string     `json:"branch"`
	Income  api.Money  `json:"income"`
	Expense api.Money  `json:"expense"`
	Result  api.Money  `json:"result"`
}

func newPeriod(p ledger.Period) closedPeriod {
	return closedPeriod{p.Date, string(p.Journal), p.Branch, api.MoneyOf(p.Income), api.MoneyOf(p.Expense), api.MoneyOf(p.Result)}
}

type manualJournal struct {
	Reference string       `json:"reference" minLength:"1" maxLength:"100" doc:"Of the paper behind it"`
	ValueDate string       `json:"valueDate,omitempty" format:"date" doc:"The business date when it is missing"`
	Corrects  string       `json:"corrects,omitempty" maxLength:"64" doc:"The journal that it corrects"`
	Lines     []manualLine `json:"lines" minItems:"2" maxItems:"50"`
	Reason    string       `json:"reason" minLength:"2" maxLength:"200"`
}

type manualLine struct {
	Account string    `json:"account" minLength:"1" maxLength:"64" doc:"A customer's, or one of the bank's own"`
	Side    string    `json:"side" enum:"debit,credit"`
	Amount  api.Money `json:"amount"`
}

func (m manualJournal) manual() (ledger.Manual, error) {
	out := ledger.Manual{Reference: m.Reference}
	var err error
	if out.ValueDate, err = api.ParseDate(m.ValueDate, "/valueDate"); err != nil {
		return out, err
	}
	if m.Corrects != "" {
		if out.Corrects, err = api.ParseID[id.Journal](m.Corrects, "/corrects"); err != nil {
			return out, err
		}
	}
	for _, n := range m.Lines {
		amount, err := n.Amount.Parse("/lines")
		if err != nil {
			return out, err
		}
		out.Lines = append(out.Lines, ledger.ManualLine{Account: n.Account, Side: ledger.Side(n.Side), Minor: amount.Minor(), Currency: amount.Currency().Code()})
	}
	return out, nil
}
