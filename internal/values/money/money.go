// Package money keeps amounts exact. An Amount is a whole number of a currency's minor units, and the currency:
// 12.50 yuan is 1250 and CNY, 500 yen is 500 and JPY. There is no float, no amount without its currency, and no
// silent overflow: what cannot be held or added is an error.
//
//	price, err := money.Parse("12.50", money.CNY)
//	fee, err := price.Mul(rate, money.HalfUp)  // a rate is exact too; rounding is always written out
//	total, err := price.Add(fee)
//	shares, err := total.Split(1, 1, 1)        // nothing is lost: shares add up to the total
//
// On the wire an amount is {"amount":"12.50","currency":"CNY"}: a string, because many JSON readers keep numbers as
// floats. In the database it is two columns, BIGINT minor units and TEXT currency. Capitals writes an amount of
// yuan the way receipts must show it.
package money

import (
	"cmp"
	"math"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

var (
	// ErrOverflow says that a result does not fit: more than 9,223,372,036,854,775,807 minor units either way.
	ErrOverflow = fault.New(fault.Invalid, "money.overflow")
	// ErrCurrency says that amounts of two currencies met where only one can be.
	ErrCurrency = fault.New(fault.Invalid, "money.currency_mismatch")
)

// Amount is a sum of money: minor units and their currency. It does not change, is compared with ==, and serves as
// a map key. The zero value is no amount: it has no currency and meets no other.
type Amount struct {
	minor    int64
	currency Currency
}

// New is an amount of so many minor units: New(1250, CNY) is 12.50 yuan.
func New(minor int64, c Currency) Amount { return Amount{minor: minor, currency: c} }

// Zero is nothing, in a currency.
func Zero(c Currency) Amount { return Amount{currency: c} }

// Minor is the amount in minor units.
func (a Amount) Minor() int64 { return a.minor }

// Currency is what the amount is counted in.
func (a Amount) Currency() Currency { return a.currency }

// IsZero reports whether the amount is nothing.
func (a Amount) IsZero() bool { return a.minor == 0 }

// IsPositive reports whether the amount is more than nothing.
func (a Amount) IsPositive() bool { return a.minor > 0 }

// IsNegative reports whether the amount is less than nothing.
func (a Amount) IsNegative() bool { return a.minor < 0 }

// Add is the sum of two amounts of one currency. Errors: ErrCurrency, ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.currency != b.currency {
		return Amount{}, ErrCurrency
	}
	sum := a.minor + b.minor
	if (sum > a.minor) != (b.minor > 0) && b.minor != 0 {
		return Amount{}, ErrOverflow
	}
	return New(sum, a.currency), nil
}

// Sub is what remains of the amount without another of its currency. Errors: ErrCurrency, ErrOverflow.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.currency != b.currency {
		return Amount{}, ErrCurrency
	}
	rest := a.minor - b.minor
	if (rest < a.minor) != (b.minor > 0) && b.minor != 0 {
		return Amount{}, ErrOverflow
	}
	return New(rest, a.currency), nil
}

// Neg is the amount with the other sign. Error: ErrOverflow, for the one amount that has no opposite.
func (a Amount) Neg() (Amount, error) {
	if a.minor == math.MinInt64 {
		return Amount{}, ErrOverflow
	}
	return New(-a.minor, a.currency), nil
}

// Cmp is -1, 0 or 1, as the amount is less than, equal to or more than another of its currency. Error: ErrCurrency.
func (a Amount) Cmp(b Amount) (int, error) {
	if a.currency != b.currency {
		return 0, ErrCurrency
	}
	return cmp.Compare(a.minor, b.minor), nil
}

// Sum adds amounts of one currency; none give nothing. Errors: ErrCurrency, ErrOverflow.
func Sum(c Currency, amounts ...Amount) (Amount, error) {
	total := Zero(c)
	for _, a := range amounts {
		next, err := total.Add(a)
		if err != nil {
			return Amount{}, err
		}
		total = next
	}
	return total, nil
}

// magnitude is the size of the amount without its sign; it holds even that of the least int64.
func (a Amount) magnitude() uint64 {
	if a.minor < 0 {
		return -uint64(a.minor)
	}
	return uint64(a.minor)
}

// signed turns a size and a sign into an amount. Error: ErrOverflow.
func signed(size uint64, negative bool, c Currency) (Amount, error) {
	const least = 1 << 63 // the size of the least int64
	switch {
	case negative && size <= least:
		return New(int64(-size), c), nil
	case !negative && size < least:
		return New(int64(size), c), nil
	}
	return Amount{}, ErrOverflow
}
