// Package interest computes interest, exactly. It knows rates, day counts, rounding and nothing of accounts or
// databases; deposits and loans stand on it.
//
//	rate, err := interest.ParseRate("0.0095")                              // 0.95 % a year
//	year := interest.Anniversary.Fraction(opened, opened.AddMonths(12))    // 360/360
//	paid, err := interest.On(principal, rate, year, money.HalfUp)          // principal × rate × fraction, rounded once
//
// There are two ways to earn:
//
//   - by contract (逐笔计息): one principal, one rate, the fraction of a year between two dates;
//   - by product sum (积数计息): the balances at the end of each day are added up, and the sum earns a day's interest.
//
// Both accrue as the total to date less what was accrued so far, never as a sum of rounded days: so a year of daily
// accruals adds up to exactly what the whole year earns, and an entry that is valued back, or a new rate, simply changes
// the next difference.
//
// The first day counts and the last does not (算头不算尾): what comes in and goes out on one day earns nothing.
package interest

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrRate says that a text is no rate, or a rate of more than 100 % a year either way, or finer than 8 decimals.
	ErrRate = fault.New(fault.Invalid, "interest.bad_rate")
	// ErrDayCount says that a code names no day count of this package.
	ErrDayCount = fault.New(fault.Invalid, "interest.bad_day_count")
	// ErrPeriod says that a period ends before it begins.
	ErrPeriod = fault.New(fault.Internal, "interest.bad_period")
)

// Rate is a rate of a year in hundred-millionths: 0.95 % is 950,000. It may be zero or negative.
type Rate int64

const (
	rateDecimals = 8
	rateOne      = 100_000_000 // 100 % a year
	percentScale = rateDecimals - 2
)

// ParseRate reads a rate that is written as a ratio: "0.0095" for 0.95 %. Error: ErrRate.
func ParseRate(text string) (Rate, error) {
	d, err := decimal.Parse(text)
	if err != nil {
		return 0, ErrRate.Because(err)
	}
	if d.Trim(0).Scale() > rateDecimals {
		return 0, ErrRate
	}
	d = d.Trim(0).Pad(rateDecimals)
	if d.Scale() != rateDecimals || d.Coef() > rateOne {
		return 0, ErrRate
	}
	r := Rate(d.Coef())
	if d.IsNeg() {
		r = -r
	}
	return r, nil
}

// String writes the rate as a ratio: 0.0095.
func (r Rate) String() string { return r.text(rateDecimals) }

// Percent writes the rate in per cent: 0.95, with two decimals at least.
func (r Rate) Percent() string { return r.text(percentScale) }

func (r Rate) text(scale int) string {
	d, err := decimal.New(int64(r), scale)
	if err != nil {
		return "" // no rate is so large
	}
	return d.Trim(2).String()
}

// MarshalText writes the rate as a ratio.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Rate) UnmarshalText(text []byte) error {
	parsed, err := ParseRate(string(text))
	if err == nil {
		*r = parsed
	}
	return err
}

// On is what a principal earns at a rate in a part of a year: negative when principal or rate is.
// Errors: money.ErrOverflow, money.ErrRounding.
func On(principal money.Amount, r Rate, f Fraction, rounding money.Rounding) (money.Amount, error) {
	num, ok := product(int64(r), f.Num)
	den, fits := product(rateOne, f.Den)
	if !ok || !fits {
		return money.Amount{}, money.ErrOverflow
	}
	earned, err := principal.MulFraction(num, den, rounding)
	if err != nil {
		return earned, fmt.Errorf("interest at %s: %w", r, err)
	}
	return earned, nil
}

// product multiplies, and says whether the result fits.
func product(a, b int64) (int64, bool) {
	negative := (a < 0) != (b < 0)
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	if high != 0 || low > math.MaxInt64 {
		return 0, false
	}
	if negative {
		return -int64(low), true
	}
	return int64(low), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Due is the part of a total that is still to be accrued, when so much has been already. It is negative when too much
// has: a rate fell, money went out with an earlier value date.
func Due(total, accrued money.Amount) (money.Amount, error) { return total.Sub(accrued) }

// Tax is what is withheld from interest, at a ratio, parts of a minor unit dropped in the customer's favour. Nothing is
// withheld from interest that is zero or negative.
func Tax(earned money.Amount, ratio decimal.Decimal) (money.Amount, error) {
	if !earned.IsPositive() {
		return money.Zero(earned.Currency()), nil
	}
	return earned.Mul(ratio, money.Down)
}
