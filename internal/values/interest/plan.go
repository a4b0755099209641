package interest

import (
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Tier is a rate for amounts from so much on.
type Tier struct {
	From money.Amount // this much or more
	Rate Rate
}

// Pick is the tier of the highest threshold that an amount reaches: the whole amount earns its rate (靠档). False when it
// is less than every threshold.
func Pick(tiers []Tier, amount money.Amount) (Tier, bool) {
	best, found := Tier{}, false
	for _, t := range tiers {
		if t.From.Currency() != amount.Currency() || t.From.Minor() > amount.Minor() {
			continue
		}
		if !found || t.From.Minor() > best.From.Minor() {
			best, found = t, true
		}
	}
	return best, found
}

// Slices is what an amount earns in a part of a year when each slice of it earns the rate of its own tier (分段计息):
// one unrounded total, rounded once. Tiers may come in any order; what lies below the first earns nothing.
func Slices(tiers []Tier, amount money.Amount, f Fraction, rounding money.Rounding) (money.Amount, error) {
	sorted := slices.Clone(tiers)
	slices.SortFunc(sorted, func(a, b Tier) int { return int(clampSign(a.From.Minor() - b.From.Minor())) })
	var weighted int64 // Σ slice × rate, in minor units × hundred-millionths
	for i, t := range sorted {
		top := amount.Minor()
		if i+1 < len(sorted) {
			top = min(top, sorted[i+1].From.Minor())
		}
		if top <= t.From.Minor() {
			continue
		}
		part, ok := product(top-t.From.Minor(), int64(t.Rate))
		if !ok || (part > 0) == (weighted > 0) && magnitude(part)+magnitude(weighted) > 1<<63-1 {
			return money.Amount{}, money.ErrOverflow
		}
		weighted += part
	}
	den, ok := product(rateOne, f.Den)
	if !ok {
		return money.Amount{}, money.ErrOverflow
	}
	return money.New(weighted, amount.Currency()).MulFraction(f.Num, den, rounding)
}

func clampSign(n int64) int64 { return min(max(n, -1), 1) }

// SettlementDay is the first quarterly settlement on a date or after it: so many days into the last month of a quarter,
// the 20th by default for demand deposits (结息日). Interest up to and including that day is credited on the next.
func SettlementDay(from clock.Date, day int) clock.Date {
	const quarter = 3
	month := from.AddDays(1 - from.Day()) // the first of it
	for month.Month()%quarter != 0 {
		month = month.AddMonths(1)
	}
	settles := month.AddDays(day - 1)
	if settles.Before(from) {
		settles = month.AddMonths(quarter).AddDays(day - 1)
	}
	return settles
}

// Maturity is the day on which a term of so many months ends; where its last month is shorter, that month's last day.
func Maturity(opened clock.Date, months int) clock.Date { return opened.AddMonths(months) }

// LastSettlement is the last quarterly settlement on a date or before it.
func LastSettlement(on clock.Date, day int) clock.Date {
	last := SettlementDay(on.AddMonths(-monthsOfQuarter), day)
	for next := SettlementDay(last.AddDays(1), day); !next.After(on); next = SettlementDay(next.AddDays(1), day) {
		last = next
	}
	return last
}

const monthsOfQuarter = 3
