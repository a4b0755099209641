package insight

import (
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// Month is a month of business dates.
type Month struct {
	Year  int
	Month time.Month
}

// firstYear is before any bank of this program: a year that is shorter to type wrong than to mean.
const firstYear = 2000

// ParseMonth reads 2026-10. Error: ErrMonth.
func ParseMonth(s string) (Month, error) {
	d, err := clock.ParseDate(s + "-01")
	if err != nil || d.Year() < firstYear {
		return Month{}, ErrMonth
	}
	return MonthOf(d), nil
}

// MonthOf is the month in which a date lies.
func MonthOf(d clock.Date) Month { return Month{d.Year(), d.Month()} }

// String writes 2026-10.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// IsZero reports whether it is no month.
func (m Month) IsZero() bool { return m == Month{} }

// First is its first day.
func (m Month) First() clock.Date {
	return clock.DateOf(time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// Last is its last day.
func (m Month) Last() clock.Date { return m.First().AddMonths(1).AddDays(-1) }

// Add is the month so many later.
func (m Month) Add(months int) Month { return MonthOf(m.First().AddMonths(months)) }

// After reports whether it comes after another.
func (m Month) After(other Month) bool { return m.First().After(other.First()) }

// until is the last day of a span that has come: today, or its end.
func until(end, today clock.Date) clock.Date {
	if end.After(today) {
		return today
	}
	return end
}
