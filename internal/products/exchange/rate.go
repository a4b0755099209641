package exchange

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Rate is what one unit of a currency is worth in yuan, in hundred-millionths: 6.8325 is 683250000.
type Rate int64

const (
	rateScale    = 8           // decimals of a rate
	rateUnit     = 100_000_000 // one yuan for one unit
	rateMost     = 500 * rateUnit
	priceStep    = 100 // a price is a whole number of millionths: four decimals for a hundred units, as boards show it
	fractionUnit = 100_000_000
)

// ParseRate reads a rate such as "6.8325": at most eight decimals, more than zero, at most 500 yuan. Error: ErrRate.
func ParseRate(text string) (Rate, error) {
	r, err := ParseValue(text)
	if err != nil {
		return 0, err
	}
	return r, r.check()
}

// ParseValue reads how much of any currency a unit of another is worth, which may be far more than a rate in yuan: 20082.05
// rupiah. At most eight decimals and nine digits before them, more than zero. Error: ErrRate.
func ParseValue(text string) (Rate, error) {
	whole, part, point := strings.Cut(text, ".")
	if whole == "" || len(whole) > 9 || len(part) > rateScale || point && part == "" {
		return 0, ErrRate
	}
	var r int64
	for _, c := range []byte(whole + part + strings.Repeat("0", rateScale-len(part))) {
		if c < '0' || c > '9' {
			return 0, ErrRate
		}
		r = r*10 + int64(c-'0')
	}
	if r == 0 {
		return 0, ErrRate
	}
	return Rate(r), nil
}

// check refuses what no currency is worth, so that no product of a rate overflows.
func (r Rate) check() error {
	if r <= 0 || r > rateMost {
		return ErrRate
	}
	return nil
}

// String is the rate with four decimals or more: "6.8325".
func (r Rate) String() string { return r.text(1) }

// text writes the rate of a number of units.
func (r Rate) text(units int64) string {
	const least = 4 // decimals that are always shown
	n := int64(r) * units
	text := fmt.Sprintf("%d.%08d", n/rateUnit, n%rateUnit)
	for text[len(text)-1] == '0' && len(text)-1-strings.IndexByte(text, '.') > least {
		text = text[:len(text)-1]
	}
	return text
}

// Units is for how many units of a currency its rate is shown: a hundred, as boards of Chinese banks do.
const Units = 100

// Shown is the rate for Units of the currency: "683.2500".
func (r Rate) Shown() string { return r.text(Units) }

// Quotient is a / b as a rate, to the nearest hundred-millionth; both are in the same unit of another currency.
// Error: ErrRate.
func Quotient(a, b Rate) (Rate, error) {
	if a <= 0 || b <= 0 {
		return 0, ErrRate
	}
	high, low := bits.Mul64(uint64(a), rateUnit)
	if high >= uint64(b) {
		return 0, ErrRate
	}
	whole, rest := bits.Div64(high, low, uint64(b))
	if rest >= uint64(b)-rest {
		whole++
	}
	if whole > rateMost {
		return 0, ErrRate
	}
	r := Rate(whole)
	return r, r.check()
}

// bought is what the bank pays: the middle rate less a spread, rounded down to a step.
func (r Rate) bought(spread interest.Rate) (Rate, error) {
	if spread < 0 || spread >= fractionUnit {
		return 0, ErrRate
	}
	p := Rate(mulDiv(uint64(r), uint64(fractionUnit-int64(spread)), fractionUnit))
	p -= p % priceStep
	return p, p.check()
}

// sold is what the bank asks: the middle rate and a spread, rounded up to a step.
func (r Rate) sold(spread interest.Rate) (Rate, error) {
	if spread < 0 || spread >= fractionUnit {
		return 0, ErrRate
	}
	p := Rate(mulDiv(uint64(r), uint64(fractionUnit+int64(spread)), fractionUnit)) + priceStep - 1
	p -= p % priceStep
	return p, p.check()
}

// mulDiv is a × b / unit, rounded down. A rate times less than two units of a fraction always fits.
func mulDiv(a, b, unit uint64) uint64 {
	high, low := bits.Mul64(a, b)
	whole, _ := bits.Div64(high, low, unit)
	return whole
}

// perUnit is how many hundred-millionths of a fen a minor unit is worth at a rate of one: the denominator of Worth.
func perUnit(c money.Currency) int64 {
	den := int64(rateUnit) / 100 // fen in a yuan
	for range c.Exponent() {
		den *= 10
	}
	return den
}

// Worth is what an amount is worth in yuan at the rate, rounded to the fen as written out.
func (r Rate) Worth(a money.Amount, rounding money.Rounding) (money.Amount, error) {
	return money.New(a.Minor(), money.CNY).MulFraction(int64(r), perUnit(a.Currency()), rounding)
}

// Buys is how much of a currency an amount of yuan is worth at the rate.
func (r Rate) Buys(yuan money.Amount, c money.Currency, rounding money.Rounding) (money.Amount, error) {
	return money.New(yuan.Minor(), c).MulFraction(perUnit(c), int64(r), rounding)
}

// apart says whether two rates differ by more than a fraction of the first.
func (r Rate) apart(other Rate, fraction interest.Rate) bool {
	difference := int64(r) - int64(other)
	if difference < 0 {
		difference = -difference
	}
	return uint64(difference) > mulDiv(uint64(r), uint64(fraction), fractionUnit)
}
