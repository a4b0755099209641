package money

import "math/bits"

// MulFraction is the amount times an exact fraction, num over den, rounded once: interest is such a product, of a rate
// and a part of a year. The denominator is more than zero; the numerator may have any sign.
// Errors: ErrOverflow, ErrRounding.
func (a Amount) MulFraction(num, den int64, rounding Rounding) (Amount, error) {
	if rounding < HalfEven || rounding > Up {
		return Amount{}, ErrRounding
	}
	if den <= 0 {
		return Amount{}, ErrOverflow
	}
	size := uint64(num)
	if num < 0 {
		size = -size
	}
	unit := uint64(den)
	high, low := bits.Mul64(a.magnitude(), size)
	if high >= unit {
		return Amount{}, ErrOverflow
	}
	whole, part := bits.Div64(high, low, unit)
	if rounding.up(whole, part, unit) {
		whole++
		if whole == 0 {
			return Amount{}, ErrOverflow
		}
	}
	return signed(whole, a.IsNegative() != (num < 0), a.currency)
}
