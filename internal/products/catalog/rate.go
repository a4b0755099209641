package catalog

import (
	"context"
	_ "embed" // the rates that come with the program
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed rates.json
var seededRates []byte

// ErrNoRate says that no rate is posted for the product and the amount.
var ErrNoRate = fault.New(fault.Rejected, "catalog.no_rate")

// historyMax bounds the posted rates of one product that are read at once.
const historyMax = 200

// Posted is a rate that the bank has posted.
type Posted struct {
	Product string
	From    clock.Date   // the first day
	Least   money.Amount // the tier begins here
	Rate    interest.Rate
	Source  string // where it was posted, or the approval behind it
	Floats  bool   // contracts of the product follow the posted rate
}

// Rates are the posted rates of a day.
type Rates map[string][]Posted

// For is the rate that an amount of a product earns on the day; false when none is posted for so little.
func (r Rates) For(product string, amount money.Amount) (interest.Rate, bool) {
	tiers := make([]interest.Tier, len(r[product]))
	for i, p := range r[product] {
		tiers[i] = interest.Tier{From: money.New(p.Least.Minor(), amount.Currency()), Rate: p.Rate}
	}
	tier, found := interest.Pick(tiers, amount)
	return tier.Rate, found
}

// Floating is the rate of a product that has no tiers; zero when none is posted.
func (r Rates) Floating(product string) interest.Rate {
	if len(r[product]) == 0 {
		return 0
	}
	return r[product][0].Rate
}

// Rates reads what is posted on a day, for all products.
func (c *Catalog) Rates(ctx context.Context, tx *db.Tx, on clock.Date) (Rates, error) {
	rows, err := ratesOn(ctx, tx, on)
	if err != nil {
		return nil, fmt.Errorf("read posted rates: %w", err)
	}
	all := make(Rates, len(rows))
	for _, r := range rows {
		all[r.product] = append(all[r.product], r.posted(money.CNY))
	}
	return all, nil
}

func (r postedRow) posted(c money.Currency) Posted {
	return Posted{r.product, r.from, money.New(r.least, c), r.rate, r.source, r.kind.Floats()}
}

// History is what was posted for a product, the newest first.
func (c *Catalog) History(ctx context.Context, tx *db.Tx, product string) ([]Posted, error) {
	rows, err := historyOf(ctx, tx, product, historyMax)
	if err != nil {
		return nil, fmt.Errorf("read posted rates: %w", err)
	}
	all := make([]Posted, len(rows))
	for i, r := range rows {
		all[i] = r.posted(money.CNY)
	}
	return all, nil
}

// Post adds rates. What is posted for a product, a day and a tier stays as it is: rates are only ever added, and begin
// on a day that has not been closed, which is for the caller to see to.
func (c *Catalog) Post(ctx context.Context, tx *db.Tx, rates []Posted) error {
	if err := insertRates(ctx, tx, rates); err != nil {
		return fmt.Errorf("post rates: %w", err)
	}
	return nil
}

func (c *Catalog) seedRates(ctx context.Context, tx *db.Tx) error {
	var list []struct {
		EffectiveFrom clock.Date                          `json:"effectiveFrom"`
		Source        string                              `json:"source"`
		Grade         string                              `json:"grade"`
		Rates         map[string]map[string]interest.Rate `json:"rates"` // by product and least amount in minor units
	}
	if err := json.Unmarshal(seededRates, &list); err != nil {
		return fmt.Errorf("read the seeded rates: %w", err)
	}
	var all []Posted
	for _, posted := range list {
		for product, tiers := range posted.Rates {
			for least, rate := range tiers {
				minor, err := strconv.ParseInt(least, 10, 64)
				if err != nil {
					return fmt.Errorf("rates of %s: %w", product, err)
				}
				all = append(all, Posted{
					Product: product, From: posted.EffectiveFrom, Least: money.New(minor, money.CNY), Rate: rate, Source: posted.Source + " (" + posted.Grade + ")",
				})
			}
		}
	}
	return c.Post(ctx, tx, all)
}
