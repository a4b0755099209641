package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ErrRates refuses rates without tiers, with one tier twice, or that begin before tomorrow or on a day with posted rates.
var ErrRates = fault.New(fault.Invalid, "catalog.bad_rates")

// ApprovalPrice is a change of what the bank pays or asks for.
const ApprovalPrice = "catalog.change_price"

const tiersMax = 50

// RateChange posts the rates of a product from a day on. It is the change that a request under four eyes holds.
type RateChange struct {
	Product string     `json:"product"`
	From    clock.Date `json:"from"`
	Tiers   []RateTier `json:"tiers"`
}

// RateTier is the rate from an amount on.
type RateTier struct {
	LeastMinor int64         `json:"leastMinor"`
	Rate       interest.Rate `json:"rate"` // of a year
}

// PlannedRates are the rates that a change would replace on its first day. Errors: ErrNoProduct, ErrRates.
func (c *Catalog) PlannedRates(ctx context.Context, tx *db.Tx, change RateChange, today clock.Date) ([]Posted, error) {
	if len(change.Tiers) == 0 || len(change.Tiers) > tiersMax {
		return nil, ErrRates.At("/tiers")
	}
	seen := make(map[int64]bool, len(change.Tiers))
	for i, t := range change.Tiers {
		if t.LeastMinor < 0 || seen[t.LeastMinor] {
			return nil, ErrRates.At("/tiers/" + strconv.Itoa(i))
		}
		seen[t.LeastMinor] = true
	}
	if !change.From.After(today) {
		return nil, ErrRates.At("/from")
	}
	v, err := c.InForce(ctx, tx, change.Product, change.From)
	if err != nil {
		return nil, err
	}
	if v.Kind.Floats() && (len(change.Tiers) > 1 || change.Tiers[0].LeastMinor != 0) {
		return nil, ErrRates.At("/tiers") // what floats has one rate, whatever stands on it
	}
	rates, err := c.Rates(ctx, tx, change.From)
	if err != nil {
		return nil, err
	}
	now := rates[change.Product]
	if slices.ContainsFunc(now, func(p Posted) bool { return p.From == change.From }) {
		return nil, ErrRates.At("/from")
	}
	return now, nil
}

// ChangeRates posts rates under four eyes. Errors: act.ErrNotApproved, ErrNoProduct, ErrRates.
func (c *Catalog) ChangeRates(ctx context.Context, tx *db.Tx, g act.Grant, change RateChange, today clock.Date) error {
	if err := act.Approved(g, ApprovalPrice, change); err != nil {
		return err
	}
	if _, err := c.PlannedRates(ctx, tx, change, today); err != nil {
		return err
	}
	rates := make([]Posted, len(change.Tiers))
	for i, t := range change.Tiers {
		rates[i] = Posted{
			Product: change.Product, From: change.From, Least: money.New(t.LeastMinor, money.CNY), Rate: t.Rate, Source: "approval " + g.Request(),
		}
	}
	if err := c.Post(ctx, tx, rates); err != nil {
		return fmt.Errorf("change rates of %s: %w", change.Product, err)
	}
	return nil
}
