package money

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

var (
	// ErrRounding says that the code asked for a rounding that there is not; it is ours to mend.
	ErrRounding = fault.New(fault.Internal, "money.bad_rounding")
	// ErrWeights says that an amount cannot be split so: no weights, a negative one, all zero, or too large.
	ErrWeights = fault.New(fault.Invalid, "money.bad_weights")
)

// Rounding says what becomes of the part of a minor unit. There is no default: each product names its own.
type Rounding uint8

// The roundings. They treat a negative amount as the mirror of the positive one.
const (
	HalfEven Rounding = iota + 1 // to the nearest; a half to the even neighbour, so that errors cancel out
	HalfUp                       // to the nearest; a half away from zero, 四舍五入
	Down                         // towards zero: the part is dropped
	Up                           // away from zero: any part counts as a whole
)

// Mul is the amount times a rate, such as 0.0015 for a fee of 0.15 %, rounded once, from the exact product.
// Errors: ErrOverflow, ErrRounding.
func (a Amount) Mul(rate decimal.Decimal, rounding Rounding) (Amount, error) {
	if rounding < HalfEven || rounding > Up {
		return Amount{}, ErrRounding
	}
	unit := power(rate.Scale()) // at most 10^19, which an uint64 holds
	high, low := bits.Mul64(a.magnitude(), rate.Coef())
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
	return signed(whole, a.IsNegative() != rate.IsNeg(), a.currency)
}

// up reports whether whole units and a part of one become one unit more.
func (r Rounding) up(whole, part, unit uint64) bool {
	half := cmp.Compare(part, unit-part) // compares part with half a unit, without losing an odd one
	switch r {
	case HalfEven:
		return half > 0 || half == 0 && whole%2 == 1
	case HalfUp:
		return half >= 0
	case Up:
		return part > 0
	}
	return false
}

func power(exponent int) uint64 {
	p := uint64(1)
	for range exponent {
		p *= 10
	}
	return p
}

// Split divides the amount by weights and loses nothing: each share is rounded down, and the units that are left
// go one each to the shares that lost most, the earlier first (largest remainder). A weight of zero gets nothing.
// Error: ErrWeights.
func (a Amount) Split(weights ...int64) ([]Amount, error) {
	var total uint64
	for _, w := range weights {
		next, carry := bits.Add64(total, uint64(w), 0)
		if w < 0 || carry != 0 {
			return nil, ErrWeights
		}
		total = next
	}
	if total == 0 {
		return nil, ErrWeights
	}
	size := a.magnitude()
	left := size
	sizes := make([]uint64, len(weights))
	lost := make([]uint64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		high, low := bits.Mul64(size, uint64(w))
		sizes[i], lost[i] = bits.Div64(high, low, total) // high < total, because w ≤ total
		left -= sizes[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(lost[j], lost[i]) })
	for _, i := range order[:left] { // fewer are left than shares that lost something
		sizes[i]++
	}
	shares := make([]Amount, len(weights))
	for i, s := range sizes {
		share, err := signed(s, a.IsNegative(), a.currency)
		if err != nil {
			return nil, err
		}
		shares[i] = share
	}
	return shares, nil
}
