package deposit_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
)

// foresee simulates new rates of a product from a day on.
func (b *bank) foresee(product, from, rate string, change *catalog.TermsChange) deposit.Foreseen {
	b.Helper()
	var p catalog.Planned
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		n := catalog.NewVersion{Product: product, From: date(b, from), Tiers: []catalog.RateTier{{Rate: rateOf(b, rate)}}, Terms: change}
		p, err = b.prices.PlanVersion(b.Context(), tx, n, b.today())
		return err
	}))
	f, err := b.Foresee(b.Context(), p)
	b.must(err)
	return f
}

func TestANewVersionIsForeseenOnTheAccountsThatExist(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(100_000_00)
		b.saver(900_000_00)
		b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_6m", Linked: a.ID, Amount: cny(1_000_000)})
		b.endDay()
		// 990,000.00 on two accounts at 0.05 %, and at 0.1 %: 30 days of 360 are 41.25 and 82.50, 365 days 501.88 and 1,003.75.
		f := b.foresee("current_1", "2026-12-01", "0.001", nil)
		if f.Contracts != 2 || f.Affected != 2 || f.Held != cny(99_000_000) || f.Month != (deposit.Change{Before: cny(4_125), After: cny(8_250)}) ||
			f.Year != (deposit.Change{Before: cny(50_188), After: cny(100_375)}) {
			t.Errorf("of current accounts: %+v", f)
		}
		// A term keeps its rate; it ends on 10 March, and takes the new one when it is renewed.
		change := &catalog.TermsChange{LeastMinor: 2_000_000, LeastLeftMinor: 5_000, EarlyPartial: 1, Rollovers: []catalog.Rollover{catalog.RollAll}}
		f = b.foresee("term_6m", "2026-12-01", "0.0095", change)
		if f.Contracts != 1 || f.Affected != 0 || f.BelowLeast != 1 || f.Renewed != 1 || f.RenewedSum != cny(1_000_000) || f.Year.After.Minor() <= f.Year.Before.Minor() {
			t.Errorf("of terms: %+v", f)
		}
		if f = b.foresee("term_6m", "2027-04-01", "0.0095", nil); f.Renewed != 0 {
			t.Errorf("a term that ended before the day is renewed under its version: %+v", f)
		}
		if f = b.foresee("notice_1d", "2026-12-01", "0.001", nil); f.Contracts != 0 || f.Held.Minor() != 0 || f.Year.After.Minor() != 0 {
			t.Errorf("of what nobody holds: %+v", f)
		}
	})
}

// Interest may be nothing, and the holder may owe it: a negative rate is taken off the account on the day of settlement.
func TestZeroAndNegativeRatesSettleLikeOthers(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(1_000_000_00)
		_, poor := b.saver(0)
		b.post("current_1", "2026-09-15", "-0.001")
		b.until("2026-09-21")
		// 11 days of 1,000,000.00 at -0.1 %, a year of 360: -30.555…, a half away from zero.
		if got := b.booked(a.ID); got != cny(100_000_000-3_056) {
			t.Errorf("booked %s", got)
		}
		if paid := b.paid(by, a.ID); len(paid) != 1 || paid[0].Interest != cny(-3_056) || paid[0].Tax.Minor() != 0 {
			t.Errorf("it explains itself as %+v", paid)
		}
		if got := b.booked(poor.ID); got.Minor() != 0 {
			t.Errorf("nothing earns %s", got)
		}
		b.post("current_1", "2026-09-25", "0")
		b.until("2026-12-21")
		if got := b.booked(a.ID); got != cny(100_000_000-3_056) {
			t.Errorf("at zero %s", got)
		}
		b.verify()
	})
}
