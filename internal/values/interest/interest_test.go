package interest_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

func date(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rate(t testing.TB, s string) interest.Rate {
	t.Helper()
	r, err := interest.ParseRate(s)
	if err != nil {
		t.Fatalf("rate %q: %v", s, err)
	}
	return r
}

func cny(minor int64) money.Amount { return money.New(minor, money.CNY) }

func TestRatesAreExactAndReadBack(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		rate    interest.Rate
		percent string
	}{
		"0.0095":     {950_000, "0.95"},
		"0.0005":     {50_000, "0.05"},
		"0.0155":     {1_550_000, "1.55"},
		"0":          {0, "0.00"},
		"-0.0025":    {-250_000, "-0.25"},
		"0.00000001": {1, "0.000001"},
		"1":          {100_000_000, "100.00"},
		"0.03500":    {3_500_000, "3.50"},
	} {
		r := rate(t, text)
		if r != want.rate || r.Percent() != want.percent {
			t.Errorf("%s is %d, %s %%", text, r, r.Percent())
		}
		if rate(t, r.String()) != r {
			t.Errorf("%s is written %s", text, r)
		}
	}
	for _, bad := range []string{"", "1 %", "0.95%", "1.00000001", "-1.5", "0.000000001", "x", "1e-3x"} {
		if _, err := interest.ParseRate(bad); !errors.Is(err, interest.ErrRate) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// The figures of textbooks and of the rules' own examples; each is worked out by hand beside it.
func TestInterestIsThePrincipalTimesRateTimesFractionRoundedOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		principal int64
		rate      string
		fraction  interest.Fraction
		rounding  money.Rounding
		want      int64
	}{
		"a year's deposit earns the year's rate":                {1_000_000, "0.0095", interest.Days(360, 360), money.HalfUp, 9_500},
		"three months earn a quarter":                           {1_000_000, "0.0065", interest.Months(3), money.HalfUp, 1_625},
		"31 days of 360, 120,000 at 3.6 %":                      {12_000_000, "0.036", interest.Days(31, 360), money.HalfUp, 37_200},
		"a half is rounded up":                                  {100, "0.005", interest.Days(1, 1), money.HalfUp, 1},
		"a half is rounded to the even neighbour":               {100, "0.005", interest.Days(1, 1), money.HalfEven, 0},
		"the part is dropped":                                   {199, "0.01", interest.Days(1, 1), money.Down, 1},
		"a negative rate takes":                                 {1_000_000, "-0.005", interest.Days(360, 360), money.HalfUp, -5_000},
		"nothing at no rate":                                    {1_000_000, "0", interest.Days(92, 360), money.HalfUp, 0},
		"product sum of 92 days of 1,000.00 at 0.05 % base 360": {92 * 100_000, "0.0005", interest.Days(1, 360), money.HalfUp, 13},
		"an overdraft owes":                                     {-1_000_000, "0.05", interest.Days(36, 360), money.HalfUp, -5_000},
	} {
		got, err := interest.On(cny(tc.principal), rate(t, tc.rate), tc.fraction, tc.rounding)
		if err != nil || got != cny(tc.want) {
			t.Errorf("%s: %s, %v, want %d", name, got, err, tc.want)
		}
	}
	if _, err := interest.On(cny(1<<62), 100_000_000, interest.Days(1000, 1), money.HalfUp); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("too much: %v", err)
	}
	if _, err := interest.On(cny(1), 1, interest.Days(1, 360), 0); !errors.Is(err, money.ErrRounding) {
		t.Errorf("no rounding: %v", err)
	}
}

func TestDailyAccrualsAddUpToTheTotal(t *testing.T) {
	t.Parallel()
	from, r := date(t, "2023-12-15"), rate(t, "0.0123")
	for _, count := range interest.DayCounts() {
		accrued, principal := cny(0), cny(1_234_567)
		for day := range 800 {
			f, err := count.Fraction(from, from.AddDays(day+1))
			if err != nil {
				t.Fatal(err)
			}
			total, err := interest.On(principal, r, f, money.HalfUp)
			if err != nil {
				t.Fatal(err)
			}
			due, err := interest.Due(total, accrued)
			if err != nil {
				t.Fatal(err)
			}
			if due.IsNegative() && count != interest.ActualAFB {
				t.Errorf("%s: day %d takes %s back", count, day, due)
			}
			if accrued, err = accrued.Add(due); err != nil || accrued != total {
				t.Fatalf("%s: accrued %s of %s, %v", count, accrued, total, err)
			}
		}
	}
}

func TestTiersAreFoundByAmount(t *testing.T) {
	t.Parallel()
	tiers := []interest.Tier{{cny(20_000_000), 1_600_000}, {cny(100_000_000), 1_900_000}, {cny(50_000_000), 1_700_000}}
	for minor, want := range map[int64]interest.Rate{19_999_999: 0, 20_000_000: 1_600_000, 49_999_999: 1_600_000, 50_000_000: 1_700_000, 1 << 60: 1_900_000} {
		tier, found := interest.Pick(tiers, cny(minor))
		if tier.Rate != want || found != (want != 0) {
			t.Errorf("%d: %s, %t", minor, tier.Rate, found)
		}
	}
	// 200,000.00 at nothing, 300,000.00 at 1.6 %, 500,000.00 at 1.7 %, 1,000.00 at 1.9 %
	got, err := interest.Slices(tiers, cny(100_100_000), interest.Days(360, 360), money.HalfUp)
	if err != nil || got != cny(480_000+850_000+1_900) {
		t.Errorf("slices earn %s, %v", got, err)
	}
}

func TestTaxIsWithheldFromWhatIsEarned(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		earned int64
		ratio  string
		want   int64
	}{{1_999, "0.05", 99}, {1_999, "0", 0}, {-500, "0.2", 0}, {0, "0.2", 0}, {10_000, "0.2", 2_000}} {
		ratio, err := decimal.Parse(tc.ratio)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := interest.Tax(cny(tc.earned), ratio); err != nil || got != cny(tc.want) {
			t.Errorf("%d at %s: %s, %v", tc.earned, tc.ratio, got, err)
		}
	}
}

func TestDemandDepositsSettleOnTheTwentiethOfAQuartersLastMonth(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"2026-01-01": "2026-03-20", "2026-03-20": "2026-03-20", "2026-03-21": "2026-06-20", "2026-06-30": "2026-09-20",
		"2026-09-21": "2026-12-20", "2026-12-21": "2027-03-20", "2026-11-22": "2026-12-20", "2026-12-31": "2027-03-20",
	} {
		if got := interest.SettlementDay(date(t, from), 20); got != date(t, want) {
			t.Errorf("from %s: %s, want %s", from, got, want)
		}
	}
}

func FuzzInterestIsTheExactProductRounded(f *testing.F) {
	f.Add(int64(1_000_000), int64(950_000), int64(31), int64(360))
	f.Add(int64(-5), int64(-250_000), int64(92), int64(365))
	f.Add(int64(1<<62), int64(100_000_000), int64(1), int64(1))
	f.Fuzz(func(t *testing.T, principal, r, num, den int64) {
		if den <= 0 || num < 0 || r < -100_000_000 || r > 100_000_000 {
			t.Skip("no rate or no part of a year")
		}
		got, err := interest.On(cny(principal), interest.Rate(r), interest.Fraction{Num: num, Den: den}, money.HalfUp)
		exact := new(big.Rat).SetFrac(
			new(big.Int).Mul(new(big.Int).Mul(big.NewInt(principal), big.NewInt(r)), big.NewInt(num)),
			new(big.Int).Mul(big.NewInt(100_000_000), big.NewInt(den)))
		if err != nil {
			if !errors.Is(err, money.ErrOverflow) {
				t.Fatal(err)
			}
			return
		}
		difference := new(big.Rat).Sub(new(big.Rat).SetInt64(got.Minor()), exact)
		if difference.Abs(difference).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("%d at %d for %d/%d is %s, exactly %s", principal, r, num, den, got, exact)
		}
	})
}
