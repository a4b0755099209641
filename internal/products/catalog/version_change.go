package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrVersionDay refuses a version that begins before tomorrow, or not after the newest one that there is.
	ErrVersionDay = fault.New(fault.Rejected, "catalog.version_day")
	// ErrTerms refuses terms that a product of its kind cannot have.
	ErrTerms = fault.New(fault.Invalid, "catalog.bad_terms")
	// ErrSameTerms says that a version would change nothing.
	ErrSameTerms = fault.New(fault.Rejected, "catalog.same_terms")
)

// ApprovalVersion is the kind of act by which a product gets a new version of its terms.
const ApprovalVersion = "catalog.propose"

// NewVersion asks for a product's next version: the terms that stand, with what is named here changed, and the rates that
// are posted with it. It is the change that a request under four eyes holds.
type NewVersion struct {
	Product string       `json:"product"`
	From    clock.Date   `json:"from"`
	Terms   *TermsChange `json:"terms,omitempty"` // nil: as they are; current accounts have none of these
	Tiers   []RateTier   `json:"tiers,omitempty"` // none: the posted rates stay
}

// TermsChange are the terms of a deposit that a version may change: term, notice, currency and how it earns make another
// product. Amounts are minor units of the product's currency.
type TermsChange struct {
	LeastMinor     int64      `json:"leastMinor"`
	LeastLeftMinor int64      `json:"leastLeftMinor"`
	LeastOutMinor  int64      `json:"leastOutMinor"`
	EarlyPartial   int        `json:"earlyPartial"`
	Rollovers      []Rollover `json:"rollovers"`
}

// Planned is a version that was asked for, beside what it replaces on its first day.
type Planned struct {
	Before, After Version
	RatesBefore   []Posted
	RatesAfter    []Posted

	text string // of the new terms
}

// PlanVersion checks a new version and shows it beside what stands. Errors: ErrNoProduct, ErrVersionDay, ErrTerms,
// ErrRates, ErrSameTerms.
func (c *Catalog) PlanVersion(ctx context.Context, tx *db.Tx, n NewVersion, today clock.Date) (Planned, error) {
	newest, text, found, err := newestVersion(ctx, tx, n.Product)
	if err != nil {
		return Planned{}, fmt.Errorf("newest version of %s: %w", n.Product, err)
	}
	if !found {
		return Planned{}, ErrNoProduct
	}
	if !n.From.After(today) || !n.From.After(newest.EffectiveFrom) {
		return Planned{}, ErrVersionDay.At("/from").With("day", later(today, newest.EffectiveFrom).AddDays(1).String())
	}
	p := Planned{Before: newest, After: newest, text: text}
	p.After.Number, p.After.EffectiveFrom = newest.Number+1, n.From
	if err := p.change(n.Terms); err != nil {
		return Planned{}, err
	}
	if err := c.planRates(ctx, tx, n, today, &p); err != nil {
		return Planned{}, err
	}
	if p.text == text && len(n.Tiers) == 0 {
		return Planned{}, ErrSameTerms
	}
	return p, nil
}

func later(a, b clock.Date) clock.Date {
	if a.After(b) {
		return a
	}
	return b
}

// change writes the new terms. What stays the same stays the same text.
func (p *Planned) change(to *TermsChange) error {
	if to == nil {
		return nil
	}
	var t terms
	if err := json.Unmarshal([]byte(p.text), &t); err != nil {
		return fmt.Errorf("read terms: %w", err)
	}
	if t.Deposit == nil {
		return ErrTerms.At("/terms")
	}
	before, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	d := t.Deposit
	d.LeastMinor, d.LeastLeftMinor, d.LeastOutMinor = to.LeastMinor, to.LeastLeftMinor, to.LeastOutMinor
	d.EarlyPartial, d.Rollovers = to.EarlyPartial, to.Rollovers
	after, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	if string(before) == string(after) {
		return nil
	}
	if to.LeastLeftMinor < 0 || to.LeastOutMinor < 0 || to.EarlyPartial < AnyNumber {
		return ErrTerms.At("/terms")
	}
	p.text = string(after)
	if p.After.Terms, err = parseTerms(p.After.Kind, p.text); err != nil {
		return ErrTerms.At("/terms").Because(err)
	}
	return nil
}

// planRates fills in the rates before and after.
func (c *Catalog) planRates(ctx context.Context, tx *db.Tx, n NewVersion, today clock.Date, p *Planned) error {
	if len(n.Tiers) == 0 {
		rates, err := c.Rates(ctx, tx, n.From)
		p.RatesBefore, p.RatesAfter = rates[n.Product], rates[n.Product]
		return err
	}
	now, err := c.PlannedRates(ctx, tx, RateChange{Product: n.Product, From: n.From, Tiers: n.Tiers}, today)
	if err != nil {
		return err
	}
	p.RatesBefore = now
	for _, t := range n.Tiers {
		p.RatesAfter = append(p.RatesAfter, Posted{
			Product: n.Product, From: n.From, Least: money.New(t.LeastMinor, p.After.Terms.Currency), Rate: t.Rate, Floats: p.After.Kind.Floats(),
		})
	}
	return nil
}

// AddVersion adds the version that was agreed to, and posts its rates. The caller keeps the business day open meanwhile, so
// that no node enters the first day before the version is there. Errors: act.ErrNotApproved, and those of PlanVersion.
func (c *Catalog) AddVersion(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, n NewVersion, today clock.Date) error {
	if err := act.Approved(g, ApprovalVersion, n); err != nil {
		return err
	}
	p, err := c.PlanVersion(ctx, tx, n, today)
	if err != nil {
		return err
	}
	added, err := insertVersion(ctx, tx, p)
	if err != nil {
		return fmt.Errorf("add version %d of %s: %w", p.After.Number, n.Product, err)
	}
	if !added {
		return ErrVersionDay.At("/from").With("day", n.From.AddDays(1).String()) // another was agreed to at the same moment
	}
	if len(n.Tiers) > 0 {
		for i := range p.RatesAfter {
			p.RatesAfter[i].Source = "approval " + g.Request()
		}
		if err := c.Post(ctx, tx, p.RatesAfter); err != nil {
			return err
		}
	}
	approvers := make([]string, 0, len(g.Approvers()))
	for _, a := range g.Approvers() {
		approvers = append(approvers, string(a))
	}
	return insertChange(ctx, tx, Made{
		Version: p.After, AskedBy: by.Actor, ApprovedBy: approvers, Request: g.Request(),
	})
}

// Made is a version with who made it: nobody, when it came with the program.
type Made struct {
	Version
	AskedBy    string
	ApprovedBy []string
	Request    string
	MadeAt     time.Time
}

const versionsMax = 200 // of one product

// Versions is the history of a product's terms, the newest first. Error: ErrNoProduct.
func (c *Catalog) Versions(ctx context.Context, tx *db.Tx, product string) ([]Made, error) {
	all, err := versionsOf(ctx, tx, product, versionsMax)
	if err != nil {
		return nil, fmt.Errorf("versions of %s: %w", product, err)
	}
	if len(all) == 0 {
		return nil, ErrNoProduct
	}
	return all, nil
}

// Offered is a product as it stands on a day, and what is planned for it.
type Offered struct {
	Version
	Rates []Posted
	Next  clock.Date // first day of its newest version, when that has not begun; zero otherwise
}

// Offers is everything that is sold on a day, with its rates, in the order of kinds and codes.
func (c *Catalog) Offers(ctx context.Context, tx *db.Tx, on clock.Date) ([]Offered, error) {
	rates, err := c.Rates(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	next, err := plannedDays(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	current, err := c.List(ctx, tx, Current, on)
	if err != nil {
		return nil, err
	}
	shelf, err := c.Shelf(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	var all []Offered
	for _, v := range append(current, shelf...) {
		all = append(all, Offered{Version: v, Rates: rates[v.Product], Next: next[v.Product]})
	}
	return all, nil
}

func approversOf(text string) []string { return strings.Fields(text) }
