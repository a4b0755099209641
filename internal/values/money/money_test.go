package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/money"
)

func cny(minor int64) money.Amount { return money.New(minor, money.CNY) }
func jpy(minor int64) money.Amount { return money.New(minor, money.JPY) }

func TestAmountsOfOneCurrencyAreAddedAndTakenAway(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		a, b     money.Amount
		sum      money.Amount
		sumErr   error
		rest     money.Amount
		restErr  error
		cmp      int
		mixedErr error
	}{
		"two sums":                {a: cny(100), b: cny(30), sum: cny(130), rest: cny(70), cmp: 1},
		"with a negative":         {a: cny(100), b: cny(-30), sum: cny(70), rest: cny(130), cmp: 1},
		"with nothing":            {a: cny(5), b: cny(0), sum: cny(5), rest: cny(5), cmp: 1},
		"equal ones":              {a: cny(5), b: cny(5), sum: cny(10), rest: cny(0), cmp: 0},
		"down to the least":       {a: cny(math.MinInt64 + 1), b: cny(-1), sum: cny(math.MinInt64), rest: cny(math.MinInt64 + 2), cmp: -1},
		"above the most":          {a: cny(math.MaxInt64), b: cny(1), sumErr: money.ErrOverflow, rest: cny(math.MaxInt64 - 1), cmp: 1},
		"below the least":         {a: cny(math.MinInt64), b: cny(1), sum: cny(math.MinInt64 + 1), restErr: money.ErrOverflow, cmp: -1},
		"less the least":          {a: cny(0), b: cny(math.MinInt64), sum: cny(math.MinInt64), restErr: money.ErrOverflow, cmp: 1},
		"the least twice":         {a: cny(math.MinInt64), b: cny(math.MinInt64), sumErr: money.ErrOverflow, rest: cny(0), cmp: 0},
		"two currencies":          {a: cny(100), b: jpy(1), sumErr: money.ErrCurrency, restErr: money.ErrCurrency, mixedErr: money.ErrCurrency},
		"an amount with no other": {a: cny(100), b: money.Amount{}, sumErr: money.ErrCurrency, restErr: money.ErrCurrency, mixedErr: money.ErrCurrency},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := tc.a.Add(tc.b); got != tc.sum || !errors.Is(err, tc.sumErr) {
				t.Errorf("Add = %v, %v; want %v, %v", got, err, tc.sum, tc.sumErr)
			}
			if got, err := tc.a.Sub(tc.b); got != tc.rest || !errors.Is(err, tc.restErr) {
				t.Errorf("Sub = %v, %v; want %v, %v", got, err, tc.rest, tc.restErr)
			}
			if got, err := tc.a.Cmp(tc.b); got != tc.cmp || !errors.Is(err, tc.mixedErr) {
				t.Errorf("Cmp = %d, %v; want %d, %v", got, err, tc.cmp, tc.mixedErr)
			}
		})
	}
}

func TestAnAmountKnowsItsSign(t *testing.T) {
	t.Parallel()
	for _, minor := range []int64{math.MinInt64, -1, 0, 1, math.MaxInt64} {
		a := cny(minor)
		if a.IsNegative() != (minor < 0) || a.IsZero() != (minor == 0) || a.IsPositive() != (minor > 0) {
			t.Errorf("%d: negative %v, zero %v, positive %v", minor, a.IsNegative(), a.IsZero(), a.IsPositive())
		}
		if a.Minor() != minor || a.Currency() != money.CNY {
			t.Errorf("New(%d, CNY) is %d %v", minor, a.Minor(), a.Currency())
		}
	}
	if got := money.Zero(money.JPY); got != jpy(0) {
		t.Errorf("Zero(JPY) = %v", got)
	}
	if got, err := cny(-5).Neg(); got != cny(5) || err != nil {
		t.Errorf("Neg = %v, %v", got, err)
	}
	if _, err := cny(math.MinInt64).Neg(); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("the least amount has an opposite: %v", err)
	}
}

func TestSumAddsOneCurrencyOnly(t *testing.T) {
	t.Parallel()
	if got, err := money.Sum(money.CNY, cny(1), cny(2), cny(-4)); got != cny(-1) || err != nil {
		t.Errorf("Sum = %v, %v; want -0.01", got, err)
	}
	if got, err := money.Sum(money.CNY); got != cny(0) || err != nil {
		t.Errorf("Sum of none = %v, %v; want nothing", got, err)
	}
	if _, err := money.Sum(money.CNY, cny(1), jpy(1)); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("Sum of two currencies: %v", err)
	}
	if _, err := money.Sum(money.CNY, cny(math.MaxInt64), cny(1)); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("Sum above the most: %v", err)
	}
}

func TestMoneyFaultsAreInvalidRequests(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]*fault.Error{
		"money.bad_amount":        money.ErrAmount,
		"money.too_precise":       money.ErrPrecision,
		"money.overflow":          money.ErrOverflow,
		"money.currency_mismatch": money.ErrCurrency,
		"money.unknown_currency":  money.ErrUnknownCurrency,
		"money.bad_weights":       money.ErrWeights,
	} {
		if err.Code() != want || err.Kind() != fault.Invalid {
			t.Errorf("%v: code %q and kind %v, want %q and Invalid", err, err.Code(), err.Kind(), want)
		}
	}
}

func FuzzAddAndSubAgreeWithWholeNumbers(f *testing.F) {
	for _, pair := range [][2]int64{{1, 2}, {math.MaxInt64, 1}, {math.MinInt64, -1}, {0, math.MinInt64}, {-1, math.MinInt64}} {
		f.Add(pair[0], pair[1])
	}
	check := func(t *testing.T, got money.Amount, err error, want *big.Int) {
		t.Helper()
		switch {
		case want.IsInt64() && (err != nil || got != cny(want.Int64())):
			t.Fatalf("got %v, %v; want %v", got, err, want)
		case !want.IsInt64() && !errors.Is(err, money.ErrOverflow):
			t.Fatalf("got %v, %v; want ErrOverflow for %v", got, err, want)
		}
	}
	f.Fuzz(func(t *testing.T, a, b int64) {
		sum, err := cny(a).Add(cny(b))
		check(t, sum, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		rest, err := cny(a).Sub(cny(b))
		check(t, rest, err, new(big.Int).Sub(big.NewInt(a), big.NewInt(b)))
	})
}
