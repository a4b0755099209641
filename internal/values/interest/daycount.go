package interest

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// DayCount says how much of a year lies between two dates. The codes are those of ISO 20022, external code set
// InterestComputationMethod; one that China's savings use has none there and is named in words.
type DayCount string

// The day counts.
const (
	Thirty360ISDA DayCount = "A001" // 30/360: months of 30 days, the 31st counts as the 30th (the second only after the first)
	Actual360     DayCount = "A004" // days as they are, a year of 360
	Actual365     DayCount = "A005" // days as they are, a year of 365 (fixed)
	ActualICMA    DayCount = "A006" // days over those of the coupon period: see ICMA
	ActualISDA    DayCount = "A008" // days over those of their year, 365 or 366
	ActualAFB     DayCount = "A010" // whole years, counted back, and days over 366 if they hold a 29 February, else 365
	ThirtyE360    DayCount = "A011" // 30/360 ICMA: each 31st counts as the 30th
	NoLeap365     DayCount = "A014" // days but 29 February, a year of 365
	// Anniversary is 对年对月对日: whole months of 30 days, then days as they are, a year of 360. A deposit of a year
	// so earns the year's rate exactly, and one of a month its twelfth.
	Anniversary DayCount = "anniversary"
)

// DayCounts lists those that need nothing but two dates.
func DayCounts() []DayCount {
	return []DayCount{Thirty360ISDA, Actual360, Actual365, ActualISDA, ActualAFB, ThirtyE360, NoLeap365, Anniversary}
}

// Known reports whether the code is one of DayCounts.
func (c DayCount) Known() bool {
	for _, k := range DayCounts() {
		if k == c {
			return true
		}
	}
	return false
}

// Fraction is an exact part of a year, Num over Den.
type Fraction struct {
	Num int64 // days, where Den is a year of fixed length
	Den int64
}

const (
	year360  = 360
	year365  = 365
	year366  = 366
	month30  = 30
	monthsIn = 12
)

// Days is so many days of a year of a fixed length: 360 for renminbi.
func Days(days, year int) Fraction { return Fraction{int64(days), int64(year)} }

// Months is so many twelfths of a year.
func Months(months int) Fraction { return Fraction{int64(months), monthsIn} }

// Base is the length of the year of a day count whose year is fixed, and 0 for others: what a product sum is divided by.
func (c DayCount) Base() int {
	switch c {
	case Thirty360ISDA, Actual360, ThirtyE360, Anniversary:
		return year360
	case Actual365, NoLeap365:
		return year365
	}
	return 0
}

// Fraction is the part of a year from one date to another, the first counted and the last not.
// Errors: ErrPeriod, ErrDayCount.
func (c DayCount) Fraction(from, to clock.Date) (Fraction, error) {
	if to.Before(from) || from.IsZero() {
		return Fraction{}, ErrPeriod
	}
	switch c {
	case Actual360:
		return Days(to.Sub(from), year360), nil
	case Actual365:
		return Days(to.Sub(from), year365), nil
	case ActualISDA:
		return isda(from, to), nil
	case ActualAFB:
		return afb(from, to), nil
	case NoLeap365:
		return Days(to.Sub(from)-leapDays(from, to), year365), nil
	case Thirty360ISDA:
		last := to.Day()
		if last == 31 && from.Day() >= month30 {
			last = month30
		}
		return thirty(from, to, last), nil
	case ThirtyE360:
		return thirty(from, to, min(to.Day(), month30)), nil
	case Anniversary:
		months := wholeMonths(from, to)
		return Days(month30*months+to.Sub(from.AddMonths(months)), year360), nil
	}
	return Fraction{}, ErrDayCount
}

// ICMA is the part of a year of days within a regular coupon period, of which there are so many in a year (A006).
// Error: ErrPeriod, unless begin ≤ from ≤ to ≤ end and the period has days.
func ICMA(from, to, begin, end clock.Date, perYear int) (Fraction, error) {
	if perYear < 1 || from.Before(begin) || to.Before(from) || end.Before(to) || !begin.Before(end) {
		return Fraction{}, ErrPeriod
	}
	return Fraction{int64(to.Sub(from)), int64(perYear) * int64(end.Sub(begin))}, nil
}

// thirty counts months of thirty days, up to a last day of the month as the convention has it.
func thirty(from, to clock.Date, last int) Fraction {
	months := (to.Year()-from.Year())*monthsIn + int(to.Month()) - int(from.Month())
	return Days(month30*months+last-min(from.Day(), month30), year360)
}

// wholeMonths is how many months fit between two dates, each counted from the first (so the 31st is not lost).
func wholeMonths(from, to clock.Date) int {
	months := (to.Year()-from.Year())*monthsIn + int(to.Month()) - int(from.Month())
	if from.AddMonths(months).After(to) {
		months--
	}
	return months
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// isda divides the days of leap years by 366 and the others by 365.
func isda(from, to clock.Date) Fraction {
	var leap, plain int64
	for day := from; day.Before(to); {
		next := yearEnd(day.Year())
		if to.Before(next) {
			next = to
		}
		if isLeap(day.Year()) {
			leap += int64(next.Sub(day))
		} else {
			plain += int64(next.Sub(day))
		}
		if next == day {
			break // the end of the calendar
		}
		day = next
	}
	switch {
	case leap == 0:
		return Fraction{plain, year365}
	case plain == 0:
		return Fraction{leap, year366}
	}
	return Fraction{leap*year365 + plain*year366, year365 * year366}
}

// yearEnd is the first day of the next year.
func yearEnd(year int) clock.Date {
	return clock.DateOf(time.Date(year+1, time.January, 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// leapDays counts the 29ths of February after one date and up to another.
func leapDays(from, to clock.Date) int {
	days := 0
	for year := from.Year(); year <= to.Year(); year++ {
		if !isLeap(year) {
			continue
		}
		day := clock.DateOf(time.Date(year, time.February, 29, 0, 0, 0, 0, time.UTC), time.UTC)
		if day.After(from) && !day.After(to) {
			days++
		}
	}
	return days
}

// afb counts whole years back from the end; where that lands on 28 February of a leap year, on the 29th. What is left is
// divided by 366 if a 29 February lies in it.
func afb(from, to clock.Date) Fraction {
	years, rest := 0, to
	for {
		back := to.AddMonths(-monthsIn * (years + 1))
		if isFebruaryEnd(to) && isLeap(back.Year()) && back.Month() == time.February {
			back = clock.DateOf(time.Date(back.Year(), time.February, 29, 0, 0, 0, 0, time.UTC), time.UTC)
		}
		if back.Before(from) || back == rest {
			break
		}
		years, rest = years+1, back
	}
	base := int64(year365)
	if leapDays(from.AddDays(-1), rest.AddDays(-1)) > 0 {
		base = year366
	}
	return Fraction{int64(years)*base + int64(rest.Sub(from)), base}
}

func isFebruaryEnd(d clock.Date) bool { return d.Month() == time.February && d.AddDays(1).Day() == 1 }
