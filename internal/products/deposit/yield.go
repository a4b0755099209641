package deposit

import (
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// wholeRate is a rate of 100 % a year.
const wholeRate = 100_000_000

// yield is what a certificate brings a year to who buys it at a price and keeps it to its last day: his gain over the
// price, for the time that is left as the terms count it. At its principal on its first day that is the certificate's own
// rate. It knows no yield where no time is left, nothing is paid, or more than the price itself would be won or lost a year.
func (c *Contract) yield(price, earns money.Amount, today clock.Date) (interest.Rate, bool) {
	left, err := c.terms.Interest.DayCount.Fraction(today, c.MaturesOn)
	if err != nil || left.Num <= 0 || !price.IsPositive() {
		return 0, false
	}
	gets, err := c.Principal.Add(earns)
	if err != nil {
		return 0, false
	}
	gain, err := gets.Sub(price)
	if err != nil {
		return 0, false
	}
	ofYear, err := gain.MulFraction(left.Den, left.Num, money.HalfUp)
	if err != nil || max(ofYear.Minor(), -ofYear.Minor()) > price.Minor() {
		return 0, false
	}
	rate, err := ofYear.MulFraction(wholeRate, price.Minor(), money.HalfUp)
	return interest.Rate(rate.Minor()), err == nil
}
