package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/interest"
)

// The permissions of products, which stand above package access.
const (
	actionProducts access.Permission = "catalog.view"
	actionVersion  access.Permission = "catalog.propose"
)

func (h *handlers) productRoutes() {
	r := h.router
	view, propose := mayBank(actionProducts, access.Designing, access.Inspecting), mayBank(actionVersion, access.Designing)
	api.Add(r, api.Get("/products", "products", "listProducts", "What the bank sells, with its rates", view), h.products)
	api.Add(r, api.Get("/products/{code}", "products", "findProduct", "A product with all versions of its terms and its posted rates", view), h.product)
	api.Add(r, api.Post("/products/{code}/compare", "products", "compareVersion", "What a new version would do, also to the accounts that exist", propose), h.compareVersion)
	api.Add(r, api.Created(api.Post("/products/{code}/versions", "products", "proposeVersion", "Ask for a new version; it holds from its day once it is approved", once(propose))), h.proposeVersion)
}

func (h *handlers) products(ctx context.Context, _ *api.None) (*api.Answer[productList], error) {
	var all []catalog.Offered
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := h.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		all, err = h.Products.Offers(ctx, tx, today)
		return err
	})
	return api.With(productList{api.List(all, func(o catalog.Offered) product { return newProduct(ctx, o) })}, err)
}

func (h *handlers) product(ctx context.Context, in *OfCode) (*api.Answer[productHistory], error) {
	var out productHistory
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		versions, err := h.Products.Versions(ctx, tx, in.Code)
		if err != nil {
			return err
		}
		rates, err := h.Products.History(ctx, tx, in.Code)
		out = productHistory{
			Code: in.Code, Kind: string(versions[0].Kind), Floats: versions[0].Kind.Floats(), Name: versions[0].Name(localeOf(ctx)),
			Versions: api.List(versions, newVersion), Rates: api.List(rates, newRate),
		}
		return err
	})
	return api.With(out, err)
}

func (h *handlers) compareVersion(ctx context.Context, in *ofCodeWith[VersionWish]) (*api.Answer[versionComparison], error) {
	wish, err := in.Body.version(in.Code)
	if err != nil {
		return nil, err
	}
	var p catalog.Planned
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := h.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		p, err = h.Products.PlanVersion(ctx, tx, wish, today)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := h.Deposits.Foresee(ctx, p)
	return api.With(versionComparison{
		Before: newTerms(p.Before), After: newTerms(p.After), RatesBefore: api.List(p.RatesBefore, newRate), RatesAfter: api.List(p.RatesAfter, newRate),
		Foreseen: newForeseen(f),
	}, err)
}

func (h *handlers) proposeVersion(ctx context.Context, in *ofCodeWith[versionProposal]) (*api.Answer[request], error) {
	wish, err := in.Body.version(in.Code)
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, catalog.ApprovalVersion, in.Body.Reason, wish)
}

func localeOf(ctx context.Context) i18n.Locale {
	if l := api.CallOf(ctx).Locale; l != "" {
		return l
	}
	return i18n.ZhHans
}

// OfCode names a product.
type OfCode struct {
	Code string `path:"code" maxLength:"64" pattern:"^[a-z0-9_]+$" example:"term_1y"`
}

type ofCodeWith[T any] struct {
	OfCode
	Body T
}

// VersionWish is a new version of a product, as it is asked for.
type VersionWish struct {
	From  string       `json:"from" format:"date" doc:"First day: tomorrow or later"`
	Terms *termsWish   `json:"terms,omitempty" doc:"As they are when missing"`
	Tiers []rateTierIn `json:"tiers,omitempty" maxItems:"50" doc:"The posted rates stay when missing"`
}

type versionProposal struct {
	VersionWish
	Reason string `json:"reason" minLength:"2" maxLength:"200"`
}

type termsWish struct {
	Least        api.Money `json:"least" doc:"To open with; of instalments, each month's"`
	LeastLeft    api.Money `json:"leastLeft" doc:"After a part was taken out"`
	LeastOut     api.Money `json:"leastOut" doc:"Of a withdrawal"`
	EarlyPartial int       `json:"earlyPartial" minimum:"-1" maximum:"1000" doc:"Parts that may be taken before the end; -1: any number"`
	Rollovers    []string  `json:"rollovers" minItems:"1" maxItems:"4" enum:"none,payout,principal,all" doc:"The default first"`
}

type rateTierIn struct {
	Least api.Money `json:"least" doc:"The tier begins here"`
	Rate  string    `json:"rate" maxLength:"12" doc:"Of a year, as a ratio: 0.0095"`
}

func (v VersionWish) version(product string) (catalog.NewVersion, error) {
	from, err := api.ParseDate(v.From, "/from")
	if err != nil {
		return catalog.NewVersion{}, err
	}
	out := catalog.NewVersion{Product: product, From: from}
	for _, t := range v.Tiers {
		least, err := t.Least.Parse("/tiers")
		if err != nil {
			return out, err
		}
		rate, err := interest.ParseRate(t.Rate)
		if err != nil {
			return out, api.ErrBadValue.At("/tiers")
		}
		out.Tiers = append(out.Tiers, catalog.RateTier{LeastMinor: least.Minor(), Rate: rate})
	}
	if v.Terms == nil {
		return out, nil
	}
	t := catalog.TermsChange{EarlyPartial: v.Terms.EarlyPartial}
	for _, x := range []struct {
		wire api.Money
		into *int64
	}{{v.Terms.Least, &t.LeastMinor}, {v.Terms.LeastLeft, &t.LeastLeftMinor}, {v.Terms.LeastOut, &t.LeastOutMinor}} {
		a, err := x.wire.Parse("/terms")
		if err != nil {
			return out, err
		}
		*x.into = a.Minor()
	}
	for _, r := range v.Terms.Rollovers {
		t.Rollovers = append(t.Rollovers, catalog.Rollover(r))
	}
	out.Terms = &t
	return out, nil
}

type productList struct {
	Items []product `json:"items"`
}

type product struct {
	Code    string     `json:"code"`
	Kind    string     `json:"kind"`
	Name    string     `json:"name" doc:"In the language asked for"`
	Note    string     `json:"note"`
	Floats  bool       `json:"floats" doc:"Its contracts follow the posted rate"`
	Version int        `json:"version"`
	From    clock.Date `json:"from"`
	Terms   terms      `json:"terms"`
	Rates   []rate     `json:"rates"`
	Next    string     `json:"next,omitempty" doc:"First day of a version that has not begun"`
}

func newProduct(ctx context.Context, o catalog.Offered) product {
	l := localeOf(ctx)
	out := product{
		Code: o.Product, Kind: string(o.Kind), Name: o.Name(l), Note: o.Terms.Notes[l], Floats: o.Kind.Floats(), Version: o.Number,
		From: o.EffectiveFrom, Terms: newTerms(o.Version), Rates: api.List(o.Rates, newRate),
	}
	if !o.Next.IsZero() {
		out.Next = o.Next.String()
	}
	return out
}

type terms struct {
	Currency     string     `json:"currency"`
	Method       string     `json:"method" doc:"How interest is counted: contract or product_sum"`
	DayCount     string     `json:"dayCount"`
	Months       int        `json:"months,omitempty"`
	NoticeDays   int        `json:"noticeDays,omitempty"`
	Least        *api.Money `json:"least,omitempty"`
	LeastLeft    *api.Money `json:"leastLeft,omitempty"`
	LeastOut     *api.Money `json:"leastOut,omitempty"`
	EarlyPartial int        `json:"earlyPartial"`
	Transferable bool       `json:"transferable"`
	Rollovers    []string   `json:"rollovers"`
}

func newTerms(v catalog.Version) terms {
	d := v.Terms.Deposit
	out := terms{
		Currency: v.Terms.Currency.Code(), Method: string(v.Terms.Interest.Method), DayCount: string(v.Terms.Interest.DayCount), Months: d.Months,
		NoticeDays: d.NoticeDays, EarlyPartial: d.EarlyPartial, Transferable: d.Transferable,
		Rollovers: api.List(d.Rollovers, func(r catalog.Rollover) string { return string(r) }),
	}
	if v.Kind != catalog.Current {
		least, left, taken := api.MoneyOf(d.Least), api.MoneyOf(d.LeastLeft), api.MoneyOf(d.LeastOut)
		out.Least, out.LeastLeft, out.LeastOut = &least, &left, &taken
	}
	return out
}

type rate struct {
	From    clock.Date `json:"from"`
	Least   api.Money  `json:"least" doc:"The tier begins here"`
	Rate    string     `json:"rate" doc:"Of a year, as a ratio"`
	Percent string     `json:"percent"`
	Source  string     `json:"source,omitempty"`
}

func newRate(p catalog.Posted) rate {
	return rate{p.From, api.MoneyOf(p.Least), p.Rate.String(), p.Rate.Percent(), p.Source}
}

type productHistory struct {
	Code     string           `json:"code"`
	Kind     string           `json:"kind"`
	Name     string           `json:"name"`
	Floats   bool             `json:"floats"`
	Versions []productVersion `json:"versions" doc:"The newest first"`
	Rates    []rate           `json:"rates" doc:"The newest first"`
}

type productVersion struct {
	Version    int        `json:"version"`
	From       clock.Date `json:"from"`
	Terms      terms      `json:"terms"`
	MadeAt     instant    `json:"madeAt"`
	AskedBy    string     `json:"askedBy,omitempty" doc:"Staff; missing for what came with the program"`
	ApprovedBy []string   `json:"approvedBy,omitempty"`
	Request    string     `json:"request,omitempty" doc:"The approved request"`
}

func newVersion(m catalog.Made) productVersion {
	return productVersion{m.Number, m.EffectiveFrom, newTerms(m.Version), m.MadeAt.UTC(), m.AskedBy, m.ApprovedBy, m.Request}
}

type versionComparison struct {
	Before      terms    `json:"before"`
	After       terms    `json:"after"`
	RatesBefore []rate   `json:"ratesBefore"`
	RatesAfter  []rate   `json:"ratesAfter"`
	Foreseen    foreseen `json:"foreseen" doc:"What it would do to the accounts that exist"`
}

type foreseen struct {
	Contracts   int64     `json:"contracts" doc:"Open ones of the product"`
	Held        api.Money `json:"held"`
	Affected    int64     `json:"affected" doc:"Whose rate changes on the first day; those with a term keep theirs"`
	BelowLeast  int64     `json:"belowLeast" doc:"Hold less than the new least amount; they may stay"`
	Renewed     int64     `json:"renewed" doc:"Whose term ends within a year of the first day"`
	RenewedSum  api.Money `json:"renewedSum"`
	MonthBefore api.Money `json:"monthBefore" doc:"Interest of 30 days"`
	MonthAfter  api.Money `json:"monthAfter"`
	YearBefore  api.Money `json:"yearBefore" doc:"Interest of 365 days"`
	YearAfter   api.Money `json:"yearAfter"`
}

func newForeseen(f deposit.Foreseen) foreseen {
	return foreseen{
		f.Contracts, api.MoneyOf(f.Held), f.Affected, f.BelowLeast, f.Renewed, api.MoneyOf(f.RenewedSum), api.MoneyOf(f.Month.Before), api.MoneyOf(f.Month.After),
		api.MoneyOf(f.Year.Before), api.MoneyOf(f.Year.After),
	}
}
