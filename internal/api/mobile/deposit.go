package mobile

import (
	"cmp"
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) depositRoutes() {
	r := h.router
	api.Add(r, get("/deposit-products", "deposit", "listDepositProducts", "The deposit shelf: filter by kind, term, rate, least amount, currency", myself), h.depositProducts)
	api.Add(r, post("/deposits/calculate", "deposit", "calculateDeposit", "What an amount would bring, and when", myself), h.calculateDeposit)
	api.Add(r, get("/deposits", "deposit", "listDeposits", "My deposits, closed ones at the end", mine), h.deposits)
	api.Add(r, get("/deposits/{id}", "deposit", "deposit", "One of my deposits", mine), h.deposit)
	api.Add(r, get("/deposits/{id}/interest", "deposit", "depositInterest", "Interest that a deposit was paid, each part explained", mine), h.interestPaid)
	api.Add(r, get("/accounts/{id}/interest", "deposit", "accountInterest", "Interest that an account was paid, each part explained", mine), h.interestPaid)
	api.Add(r, get("/interest-calendar", "deposit", "interestCalendar", "What my deposits bring from today on, by day", mine), h.interestCalendar)
	api.Add(r, get("/deposit-insurance", "deposit", "depositInsurance", "What deposit insurance covers of what I hold", mine), h.depositInsurance)
	api.Add(r, put("/deposits/{id}/rollover", "deposit", "setRollover", "What becomes of a deposit on its last day", mine), h.setRollover)
	api.Add(r, get("/deposits/{id}/notices", "deposit", "listNotices", "Notice that I gave of withdrawals", mine), h.notices)
	api.Add(r, created(post("/deposits/{id}/notices", "deposit", "giveNotice", "Give notice of a withdrawal", mine)), h.giveNotice)
	api.Add(r, post("/deposits/{id}/notices/cancel", "deposit", "cancelNotice", "Take notice back", mine), h.cancelNotice)
	api.Add(r, get("/deposit-offers", "deposit", "listDepositOffers", "Certificates that are offered to me, or by me", mine), h.offers)
	api.Add(r, post("/deposit-offers/withdraw", "deposit", "withdrawDepositOffer", "Take an offer of mine back", mine), h.withdrawOffer)
	h.depositActRoutes()
}

// day writes a date; RFC 3339 full-date on the wire, empty for none.
func day(d clock.Date) string { return d.String() }

func (h *handlers) depositProducts(ctx context.Context, in *shelfFilter) (*answer[api.Page[depositProduct]], error) {
	locale := api.CallOf(ctx).Locale
	var all []depositProduct
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := h.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		sold, err := h.Catalog.Shelf(ctx, tx, today)
		if err != nil {
			return err
		}
		rates, err := h.Catalog.Rates(ctx, tx, today)
		for _, v := range sold {
			if p := newDepositProduct(v, rates, locale); in.admits(p, v, rates) {
				all = append(all, p)
			}
		}
		return err
	})
	in.sort(all)
	return with(api.PageOf(all, ""), err)
}

// shelfFilter narrows the shelf; what is absent does not.
type shelfFilter struct {
	Kind     string `query:"kind" enum:"term,notice,certificate,instalment,pot"`
	Currency string `query:"currency" pattern:"^[A-Z]{3}$"`
	Months   int    `query:"months" minimum:"0" maximum:"600" doc:"Term of so many months"`
	Amount   string `query:"amount" maxLength:"21" pattern:"^[0-9]{1,15}(\\.[0-9]{1,4})?$" doc:"What I have: products that ask for more are left out"`
	MinRate  string `query:"minRate" maxLength:"12" pattern:"^[0-9](\\.[0-9]{1,8})?$" doc:"Least rate of a year, as a ratio: 0.0095"`
	Sort     string `query:"sort" enum:"rate,months,least" doc:"The best first: highest rate, shortest term, least amount"`
}

func (f *shelfFilter) admits(p depositProduct, v catalog.Version, rates catalog.Rates) bool {
	if f.Kind != "" && f.Kind != p.Kind || f.Currency != "" && f.Currency != p.Currency || f.Months > 0 && f.Months != p.Months {
		return false
	}
	least := v.Terms.Deposit.Least
	if f.Amount != "" {
		have, err := money.Parse(f.Amount, least.Currency())
		if err != nil || have.Minor() < least.Minor() {
			return false
		}
	}
	if f.MinRate == "" {
		return true
	}
	wanted, err := interest.ParseRate(f.MinRate)
	return err == nil && slices.ContainsFunc(rates[v.Product], func(t catalog.Posted) bool { return t.Rate >= wanted })
}

func (f *shelfFilter) sort(all []depositProduct) {
	slices.SortStableFunc(all, func(a, b depositProduct) int {
		switch f.Sort {
		case "rate":
			return cmp.Compare(b.best, a.best)
		case "months":
			return cmp.Compare(a.Months, b.Months)
		case "least":
			return cmp.Compare(a.least, b.least)
		}
		return 0
	})
}

type depositProduct struct {
	Code         string     `json:"code" example:"term_1y"`
	Kind         string     `json:"kind" enum:"term,notice,certificate,instalment,pot"`
	Name         string     `json:"name"`
	Note         string     `json:"note" doc:"One sentence that says what it is for"`
	Currency     string     `json:"currency" example:"CNY"`
	Months       int        `json:"months" doc:"Of the term; 0 for none"`
	NoticeDays   int        `json:"noticeDays" doc:"Between notice and withdrawal; 0 for none"`
	Least        api.Money  `json:"least" doc:"To open with; of instalments each month's"`
	LeastLeft    api.Money  `json:"leastLeft" doc:"After a part was taken out"`
	EarlyPartial int        `json:"earlyPartial" doc:"Parts that may be taken out before the end; -1 for any number"`
	Transferable bool       `json:"transferable"`
	Rollovers    []string   `json:"rollovers" enum:"none,payout,principal,all" doc:"Choices for the last day, the default first"`
	Rates        []rateTier `json:"rates" doc:"Posted today, by amount"`
	DayCount     string     `json:"dayCount" example:"A004" doc:"How days are counted: a code of ISO 20022, or anniversary"`
	TermsVersion int        `json:"termsVersion"`
	LeastOut     api.Money  `json:"leastOut" doc:"Of a withdrawal"`
	SettleDay    int        `json:"settleDay" doc:"Day of a quarter's last month on which interest is settled; 0 for only at the end"`
	EarlyPercent string     `json:"earlyPercent" example:"0.05" doc:"Posted today for what is taken out early, and for days after the term"`

	best  interest.Rate
	least int64
}

type rateTier struct {
	From    api.Money `json:"from" doc:"For amounts from here on"`
	Rate    string    `json:"rate" example:"0.0095" doc:"Of a year, as a ratio"`
	Percent string    `json:"percent" example:"0.95"`
}

func newDepositProduct(v catalog.Version, rates catalog.Rates, l i18n.Locale) depositProduct {
	d := v.Terms.Deposit
	p := depositProduct{
		Code: v.Product, Kind: string(v.Kind), Name: v.Name(l), Note: v.Terms.Notes[l], Currency: v.Terms.Currency.Code(), Months: d.Months,
		NoticeDays: d.NoticeDays, Least: api.MoneyOf(d.Least), LeastLeft: api.MoneyOf(d.LeastLeft), EarlyPartial: d.EarlyPartial,
		Transferable: d.Transferable, Rollovers: list(d.Rollovers, func(r catalog.Rollover) string { return string(r) }), Rates: []rateTier{},
		DayCount: string(v.Terms.Interest.DayCount), TermsVersion: v.Number, least: d.Least.Minor(),
		LeastOut: api.MoneyOf(d.LeastOut), SettleDay: v.Terms.Interest.SettleDay, EarlyPercent: rates.Floating(d.Demand).Percent(),
	}
	for _, t := range rates[v.Product] {
		from := money.New(t.Least.Minor(), v.Terms.Currency)
		p.Rates = append(p.Rates, rateTier{From: api.MoneyOf(from), Rate: t.Rate.String(), Percent: t.Rate.Percent()})
		p.best = max(p.best, t.Rate)
	}
	return p
}

type calculation struct {
	ProductCode string    `json:"productCode" minLength:"1" maxLength:"40" pattern:"^[a-z0-9_]+$" example:"term_1y"`
	Amount      api.Money `json:"amount" doc:"Of instalments each month's"`
}

type calculated struct {
	ProductCode string    `json:"productCode"`
	Amount      api.Money `json:"amount"`
	PaidIn      api.Money `json:"paidIn" doc:"In all"`
	Rate        string    `json:"rate" example:"0.0095"`
	Percent     string    `json:"percent" example:"0.95"`
	Interest    api.Money `json:"interest" doc:"Of the whole term, before tax; without a term of one year at today's rate"`
	Tax         api.Money `json:"tax"`
	MaturesOn   string    `json:"maturesOn,omitempty" format:"date"`
}

func (h *handlers) calculateDeposit(ctx context.Context, in *body[calculation]) (*answer[calculated], error) {
	amount, err := in.Body.Amount.Parse("/amount")
	if err != nil {
		return nil, err
	}
	var c deposit.Calculation
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = h.Deposits.Calculate(ctx, tx, api.By(ctx), in.Body.ProductCode, amount)
		return err
	})
	if err != nil {
		return nil, err
	}
	return with(calculated{
		ProductCode: in.Body.ProductCode, Amount: api.MoneyOf(c.Amount), PaidIn: api.MoneyOf(c.PaidIn), Rate: c.Rate.String(), Percent: c.Rate.Percent(),
		Interest: api.MoneyOf(c.Interest), Tax: api.MoneyOf(c.Tax), MaturesOn: day(c.MaturesOn),
	}, nil)
}

func (h *handlers) deposits(ctx context.Context, _ *none) (*answer[api.Page[heldDeposit]], error) {
	var all []deposit.Held
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.Deposits.Contracts(ctx, tx, api.By(ctx).Customer())
		return err
	})
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(all, func(d deposit.Held) heldDeposit { return newDeposit(d, locale) }), ""), err)
}

func (h *handlers) deposit(ctx context.Context, in *OfID) (*answer[heldDeposit], error) {
	which, err := parse[id.Account](in.ID, "id")
	return h.depositAfter(ctx, which, err)
}

// depositAfter shows a deposit as an act left it.
func (h *handlers) depositAfter(ctx context.Context, which id.Account, err error) (*answer[heldDeposit], error) {
	if err != nil {
		return nil, err
	}
	var d deposit.Held
	err = h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		d, err = h.Deposits.Contract(ctx, tx, api.By(ctx).Customer(), which)
		return err
	})
	if err != nil {
		return nil, err
	}
	return with(newDeposit(d, api.CallOf(ctx).Locale), nil)
}

type heldDeposit struct {
	ID          string       `json:"id"`
	ProductCode string       `json:"productCode"`
	ProductName string       `json:"productName"`
	Kind        string       `json:"kind" enum:"term,notice,certificate,instalment,pot"`
	State       string       `json:"state" enum:"open,closed"`
	AccountID   string       `json:"accountId" doc:"The current account that money comes from and goes to"`
	Balance     api.Money    `json:"balance"`
	Rate        string       `json:"rate" example:"0.0095" doc:"Of a year, as a ratio"`
	Percent     string       `json:"percent" example:"0.95"`
	Accrued     api.Money    `json:"accrued" doc:"Interest at the contract's rate so far, before tax; withdrawn early it earns less"`
	AtMaturity  *api.Money   `json:"atMaturity,omitempty" doc:"Interest of the whole term, before tax"`
	OpenedOn    string       `json:"openedOn" format:"date"`
	BeganOn     string       `json:"beganOn" format:"date" doc:"First day of the present term or period"`
	MaturesOn   string       `json:"maturesOn,omitempty" format:"date"`
	Matured     bool         `json:"matured" doc:"The term is over"`
	Rollover    string       `json:"rollover" enum:"none,payout,principal,all"`
	Rollovers   []string     `json:"rollovers" enum:"none,payout,principal,all" doc:"Choices"`
	EarlyTaken  int          `json:"earlyTaken"`
	Instalment  *instalments `json:"instalment,omitempty"`
	Goal        *potGoal     `json:"goal,omitempty"`
	Terms       heldTerms    `json:"terms" doc:"Those it was opened under, or began its present term under"`
	// The rest explains what it has earned.
	Earning   []interestPart `json:"earning" doc:"How accrued comes about; empty before the first night"`
	SettlesOn string         `json:"settlesOn,omitempty" format:"date" doc:"Next settlement of interest, of deposits without a term"`
	ClosedOn  string         `json:"closedOn,omitempty" format:"date"`
}

// heldTerms are the figures of a contract that bind what its holder can do.
type heldTerms struct {
	Months       int       `json:"months" doc:"Of the term; 0 for none"`
	NoticeDays   int       `json:"noticeDays" doc:"Between notice and withdrawal; 0 for none"`
	LeastLeft    api.Money `json:"leastLeft" doc:"After a part was taken out"`
	LeastOut     api.Money `json:"leastOut" doc:"Of a withdrawal"`
	EarlyPartial int       `json:"earlyPartial" doc:"Parts that may be taken out before the end; -1 for any number"`
	Transferable bool      `json:"transferable"`
	DayCount     string    `json:"dayCount" example:"A004" doc:"How days are counted: a code of ISO 20022, or anniversary"`
}

func newHeldTerms(t catalog.Terms) heldTerms {
	d := t.Deposit
	return heldTerms{Months: d.Months, NoticeDays: d.NoticeDays, LeastLeft: api.MoneyOf(d.LeastLeft), LeastOut: api.MoneyOf(d.LeastOut),
		EarlyPartial: d.EarlyPartial, Transferable: d.Transferable, DayCount: string(t.Interest.DayCount)}
}

type instalments struct {
	Monthly   api.Money `json:"monthly"`
	NextOn    string    `json:"nextOn,omitempty" format:"date"`
	Collected int       `json:"collected"`
	Of        int       `json:"of"`
	Missed    int       `json:"missed" doc:"May still be made up until the next date"`
	Stopped   bool      `json:"stopped" doc:"One was missed and not made up: none are taken any more"`
}

// potGoal is what a pot saves towards, and how far it has come.
type potGoal struct {
	Name         string     `json:"name,omitempty"`
	Target       *api.Money `json:"target,omitempty"`
	TargetOn     string     `json:"targetOn,omitempty" format:"date"`
	RoundTo      *api.Money `json:"roundTo,omitempty" doc:"Payments from the current account are rounded up to this, and the change comes here"`
	Monthly      *api.Money `json:"monthly,omitempty" doc:"Standing sum"`
	Day          int        `json:"day,omitempty" doc:"Of the month for the standing sum"`
	NextOn       string     `json:"nextOn,omitempty" format:"date"`
	ReachedRatio string     `json:"reachedRatio,omitempty" example:"0.42" doc:"Of the target"`
}

func newDeposit(d deposit.Held, l i18n.Locale) heldDeposit {
	out := heldDeposit{
		ID: string(d.Account), ProductCode: d.Product, ProductName: d.Terms.Name(l), Kind: string(d.Kind), State: string(d.State), AccountID: string(d.Linked),
		Balance: api.MoneyOf(d.Balance.Booked), Rate: d.Rate.String(), Percent: d.Rate.Percent(), Accrued: api.MoneyOf(d.Accrued),
		OpenedOn: day(d.OpenedOn), BeganOn: day(d.PeriodFrom), MaturesOn: day(d.MaturesOn), Matured: d.Matured, Rollover: string(d.Rollover),
		Rollovers: list(d.Terms.Terms.Deposit.Rollovers, func(r catalog.Rollover) string { return string(r) }), EarlyTaken: d.EarlyTaken,
		Terms: newHeldTerms(d.Terms.Terms), Earning: list(d.Earning, newPart), SettlesOn: day(d.SettlesOn), ClosedOn: day(d.ClosedOn),
	}
	if d.AtMaturity.IsPositive() {
		m := api.MoneyOf(d.AtMaturity)
		out.AtMaturity = &m
	}
	switch d.Kind {
	case catalog.Instalment:
		out.Instalment = &instalments{Monthly: api.MoneyOf(d.Monthly), NextOn: day(d.CollectOn), Collected: d.Collected, Of: d.Terms.Terms.Deposit.Months,
			Missed: d.Pending, Stopped: d.Breached}
	case catalog.Pot:
		out.Goal = newGoal(d)
	}
	return out
}

func newGoal(d deposit.Held) *potGoal {
	g := &potGoal{Name: d.Plan.Name, TargetOn: day(d.Plan.TargetOn), NextOn: day(d.CollectOn)}
	positive := func(a money.Amount) *api.Money {
		if !a.IsPositive() {
			return nil
		}
		m := api.MoneyOf(a)
		return &m
	}
	g.Target, g.RoundTo, g.Monthly = positive(d.Plan.Target), positive(d.Plan.RoundTo), positive(d.Monthly)
	if !d.CollectOn.IsZero() {
		g.Day = d.CollectOn.Day()
	}
	if g.Target != nil {
		g.ReachedRatio = d.Reached().String()
	}
	return g
}

type interestPage struct {
	OfID
	Paging
}

func (h *handlers) interestPaid(ctx context.Context, in *interestPage) (*answer[api.Page[interestPart]], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	var all []deposit.Paid
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = h.Deposits.Interest(ctx, tx, api.By(ctx).Customer(), which, in.Cursor, in.Limit+1)
		return err
	})
	next := ""
	if len(all) > in.Limit {
		all = all[:in.Limit]
		next = all[in.Limit-1].ID
	}
	return with(api.PageOf(list(all, newInterestPart), next), err)
}

// interestPart explains a part of a payment: base × rate × days.
type interestPart struct {
	Payment    string     `json:"payment,omitempty" doc:"Parts paid together share it"`
	Part       string     `json:"part" enum:"term,overdue,early,notice,demand,correction" doc:"Why this rate"`
	From       string     `json:"from" format:"date" doc:"The first day that counts"`
	To         string     `json:"to" format:"date" doc:"The first day that no longer counts"`
	Days       int64      `json:"days" doc:"As they are counted"`
	Year       int64      `json:"year" doc:"Days of a year, as they are counted"`
	Principal  *api.Money `json:"principal,omitempty" doc:"What earned, when it was one sum"`
	ProductSum *api.Money `json:"productSum,omitempty" doc:"Or the balances of all days, added up: it earns one day's interest"`
	Rate       string     `json:"rate" example:"0.0005"`
	Percent    string     `json:"percent" example:"0.05"`
	Interest   api.Money  `json:"interest" doc:"Before tax"`
	Tax        *api.Money `json:"tax,omitempty" doc:"Withheld from the whole payment; on its first part"`
	PaidTo     string     `json:"paidTo,omitempty" doc:"Account"`
	PaidOn     string     `json:"paidOn,omitempty" format:"date"`
}

func newInterestPart(p deposit.Paid) interestPart {
	out := newPart(p.Part)
	tax := api.MoneyOf(p.Tax)
	out.Payment, out.Tax, out.PaidTo, out.PaidOn = p.Payment, &tax, string(p.PaidTo), day(p.PaidOn)
	return out
}

func newPart(p deposit.Part) interestPart {
	out := interestPart{Part: p.Kind, From: day(p.From), To: day(p.To), Days: p.Days, Year: p.Base, Rate: p.Rate.String(), Percent: p.Rate.Percent(),
		Interest: api.MoneyOf(p.Interest)}
	if !p.Principal.IsZero() {
		m := api.MoneyOf(p.Principal)
		out.Principal = &m
	}
	if !p.ProductSum.IsZero() {
		m := api.MoneyOf(p.ProductSum)
		out.ProductSum = &m
	}
	return out
}
