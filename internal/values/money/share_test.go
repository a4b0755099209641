package money_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/values/money"
)

func rate(t testing.TB, s string) decimal.Decimal {
	t.Helper()
	d, err := decimal.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestARateIsAppliedAndRoundedOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		a                      money.Amount
		rate                   string
		halfEven, halfUp, d, u int64
	}{
		"exact":                   {a: cny(10000), rate: "0.0015", halfEven: 15, halfUp: 15, d: 15, u: 15},
		"below half":              {a: cny(1049), rate: "0.01", halfEven: 10, halfUp: 10, d: 10, u: 11},
		"a half at an even unit":  {a: cny(1050), rate: "0.01", halfEven: 10, halfUp: 11, d: 10, u: 11},
		"a half at an odd unit":   {a: cny(1150), rate: "0.01", halfEven: 12, halfUp: 12, d: 11, u: 12},
		"above half":              {a: cny(1051), rate: "0.01", halfEven: 11, halfUp: 11, d: 10, u: 11},
		"a negative amount":       {a: cny(-1050), rate: "0.01", halfEven: -10, halfUp: -11, d: -10, u: -11},
		"a negative rate":         {a: cny(1050), rate: "-0.01", halfEven: -10, halfUp: -11, d: -10, u: -11},
		"two negatives":           {a: cny(-1050), rate: "-0.01", halfEven: 10, halfUp: 11, d: 10, u: 11},
		"nothing":                 {a: cny(0), rate: "3.6", halfEven: 0, halfUp: 0, d: 0, u: 0},
		"by zero":                 {a: cny(5), rate: "0", halfEven: 0, halfUp: 0, d: 0, u: 0},
		"the most by one":         {a: cny(math.MaxInt64), rate: "1", halfEven: math.MaxInt64, halfUp: math.MaxInt64, d: math.MaxInt64, u: math.MaxInt64},
		"the least by one":        {a: cny(math.MinInt64), rate: "1.0", halfEven: math.MinInt64, halfUp: math.MinInt64, d: math.MinInt64, u: math.MinInt64},
		"nineteen places":         {a: cny(math.MaxInt64), rate: "0.0000000000000000001", halfEven: 1, halfUp: 1, d: 0, u: 1},
		"more digits than a word": {a: cny(9_000_000_000_000_000_001), rate: "0.9999999999999999999", halfEven: 9_000_000_000_000_000_000, halfUp: 9_000_000_000_000_000_000, d: 9_000_000_000_000_000_000, u: 9_000_000_000_000_000_001},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for rounding, want := range map[money.Rounding]int64{
				money.HalfEven: tc.halfEven, money.HalfUp: tc.halfUp, money.Down: tc.d, money.Up: tc.u,
			} {
				got, err := tc.a.Mul(rate(t, tc.rate), rounding)
				if err != nil || got != cny(want) {
					t.Errorf("rounding %d: %v, %v; want %v", rounding, got, err, cny(want))
				}
			}
		})
	}
}

func TestMulRefusesWhatDoesNotFitAndUnnamedRounding(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a    money.Amount
		rate string
	}{
		{cny(math.MaxInt64), "1.000000000000000001"},
		{cny(math.MinInt64), "-1"},
		{cny(math.MaxInt64), "9999999999999999999"},
		{cny(math.MinInt64), "1.999999999999999999"},
	} {
		if got, err := tc.a.Mul(rate(t, tc.rate), money.Up); !errors.Is(err, money.ErrOverflow) {
			t.Errorf("%v times %s = %v, %v; want ErrOverflow", tc.a, tc.rate, got, err)
		}
	}
	for _, rounding := range []money.Rounding{0, money.Up + 1} {
		if _, err := cny(1).Mul(rate(t, "1"), rounding); !errors.Is(err, money.ErrRounding) {
			t.Errorf("rounding %d: %v, want ErrRounding", rounding, err)
		}
	}
}

func FuzzMulIsTheExactProductRounded(f *testing.F) {
	f.Add(int64(1050), int64(1), 2)
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), 18)
	f.Add(int64(-7), int64(-5), 1)
	f.Fuzz(func(t *testing.T, minor, value int64, scale int) {
		r, err := decimal.New(value, scale)
		if err != nil {
			return
		}
		product := new(big.Int).Mul(big.NewInt(minor), big.NewInt(value))
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
		down, part := new(big.Int).QuoRem(product, unit, new(big.Int))
		away := big.NewInt(int64(product.Sign()))
		up := new(big.Int).Set(down)
		if part.Sign() != 0 {
			up.Add(up, away)
		}
		twice := new(big.Int).Abs(new(big.Int).Lsh(part, 1))
		halfUp, halfEven := down, down
		if order := twice.Cmp(unit); order > 0 {
			halfUp, halfEven = up, up
		} else if order == 0 {
			halfUp = up
			if down.Bit(0) == 1 {
				halfEven = up
			}
		}
		for rounding, want := range map[money.Rounding]*big.Int{
			money.Down: down, money.Up: up, money.HalfUp: halfUp, money.HalfEven: halfEven,
		} {
			got, err := cny(minor).Mul(r, rounding)
			if want.IsInt64() && (err != nil || got.Minor() != want.Int64()) {
				t.Fatalf("%d × %v, rounding %d = %v, %v; want %v", minor, r, rounding, got, err, want)
			}
			if !want.IsInt64() && !errors.Is(err, money.ErrOverflow) {
				t.Fatalf("%d × %v, rounding %d = %v, %v; want ErrOverflow", minor, r, rounding, got, err)
			}
		}
	})
}

func TestAnAmountIsSplitWithoutLoss(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		minor   int64
		weights []int64
		want    []int64
	}{
		"evenly":                            {minor: 900, weights: []int64{1, 1, 1}, want: []int64{300, 300, 300}},
		"the cent left goes to the first":   {minor: 1000, weights: []int64{1, 1, 1}, want: []int64{334, 333, 333}},
		"two left go to the first two":      {minor: 1001, weights: []int64{1, 1, 1}, want: []int64{334, 334, 333}},
		"the largest remainder comes first": {minor: 10, weights: []int64{55, 17, 28}, want: []int64{5, 2, 3}},
		"a weight of zero gets nothing":     {minor: 5, weights: []int64{0, 1, 0, 1}, want: []int64{0, 3, 0, 2}},
		"a debt is split like a sum":        {minor: -1000, weights: []int64{1, 1, 1}, want: []int64{-334, -333, -333}},
		"less than there are shares":        {minor: 2, weights: []int64{1, 1, 1}, want: []int64{1, 1, 0}},
		"nothing":                           {minor: 0, weights: []int64{1, 2}, want: []int64{0, 0}},
		"to one":                            {minor: 7, weights: []int64{9}, want: []int64{7}},
		"the least":                         {minor: math.MinInt64, weights: []int64{1}, want: []int64{math.MinInt64}},
		"by the largest weights": {minor: math.MaxInt64, weights: []int64{math.MaxInt64, math.MaxInt64},
			want: []int64{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := cny(tc.minor).Split(tc.weights...)
			if err != nil {
				t.Fatal(err)
			}
			minors := make([]int64, len(got))
			for i, a := range got {
				minors[i] = a.Minor()
			}
			if !slices.Equal(minors, tc.want) {
				t.Errorf("Split(%v) of %d = %v, want %v", tc.weights, tc.minor, minors, tc.want)
			}
		})
	}
	for _, weights := range [][]int64{nil, {0}, {0, 0}, {1, -1}, {-1}, {math.MaxInt64, math.MaxInt64, 2}} {
		if _, err := cny(100).Split(weights...); !errors.Is(err, money.ErrWeights) {
			t.Errorf("Split(%v): %v, want ErrWeights", weights, err)
		}
	}
}

func FuzzSharesAddUpAndAreFair(f *testing.F) {
	f.Add(int64(1000), int64(1), int64(1), int64(1))
	f.Add(int64(math.MinInt64), int64(3), int64(0), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, minor, w1, w2, w3 int64) {
		weights := []int64{w1, w2, w3}
		shares, err := cny(minor).Split(weights...)
		if err != nil {
			return
		}
		if sum, err := money.Sum(money.CNY, shares...); err != nil || sum.Minor() != minor {
			t.Fatalf("%v of %d by %v add up to %v, %v", shares, minor, weights, sum, err)
		}
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		for i, share := range shares { // within one unit of the exact share
			off := new(big.Int).Mul(big.NewInt(share.Minor()), total)
			off.Sub(off, new(big.Int).Mul(big.NewInt(minor), big.NewInt(weights[i])))
			if off.CmpAbs(total) >= 0 {
				t.Fatalf("share %d of %d by %v is %v: a unit or more from exact", i, minor, weights, share)
			}
		}
	})
}
