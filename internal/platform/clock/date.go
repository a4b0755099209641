package clock

import (
	"bytes"
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrDate says that a text is not a date of the calendar written as 2026-11-22.
var ErrDate = errors.New("not a date")

const (
	firstDay      = 1         // 0001-01-01
	lastDay       = 3_652_059 // 9999-12-31
	epochDay      = 719_163   // 1970-01-01, counted from 0001-01-01 = 1
	secondsPerDay = 24 * 60 * 60
	monthsPerYear = 12
)

// Date is a day of the Gregorian calendar, 0001-01-01 to 9999-12-31, without clock or zone. Dates are compared
// with == and serve as map keys. The zero value is no date: null in JSON and in the database.
type Date struct {
	days int32 // 0001-01-01 is 1, so that 0 is no date
}

// ParseDate reads a date written exactly as 2026-11-22. It refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || len(s) != len(time.DateOnly) {
		return Date{}, ErrDate
	}
	days := daysOf(t.Date())
	if days < firstDay {
		return Date{}, ErrDate
	}
	return Date{days: int32(days)}, nil
}

// DateOf is the day on which an instant falls in a zone. The zero instant has no date.
func DateOf(t time.Time, zone *time.Location) Date {
	if t.IsZero() {
		return Date{}
	}
	year, month, day := t.In(zone).Date()
	return clamped(daysOf(year, month, day))
}

// daysOf counts days from 0001-01-01 = 1. The day may lie outside its month, as with time.Date.
func daysOf(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/secondsPerDay + epochDay
}

func clamped(days int64) Date {
	return Date{days: int32(min(max(days, firstDay), lastDay))}
}

func (d Date) utc() time.Time {
	return time.Unix((int64(d.days)-epochDay)*secondsPerDay, 0).UTC()
}

// IsZero reports whether this is no date.
func (d Date) IsZero() bool { return d.days == 0 }

// Year is 1 to 9999, and 0 for no date.
func (d Date) Year() int {
	if d.IsZero() {
		return 0
	}
	return d.utc().Year()
}

// Month is January to December, and 0 for no date.
func (d Date) Month() time.Month {
	if d.IsZero() {
		return 0
	}
	return d.utc().Month()
}

// Day is the day of the month, and 0 for no date.
func (d Date) Day() int {
	if d.IsZero() {
		return 0
	}
	return d.utc().Day()
}

// Weekday is the day of the week. It means nothing for no date.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// String is the date as 2026-11-22, and empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// AddDays is the date so many days later, or earlier. It stops at the ends of the calendar; no date stays no date.
func (d Date) AddDays(days int) Date {
	if d.IsZero() {
		return Date{}
	}
	limit := lastDay // farther than this ends at an end anyway, and cannot overflow
	return clamped(int64(d.days) + int64(min(max(days, -limit), limit)))
}

// AddMonths is the same day so many months later, or earlier; where that month is shorter, its last day:
// a month after 2026-01-31 is 2026-02-28. Count from the first date of a plan, not from the one before, or the
// 31st is lost for good. It stops at the ends of the calendar; no date stays no date.
func (d Date) AddMonths(months int) Date {
	if d.IsZero() {
		return Date{}
	}
	limit := lastDay
	year, month, day := d.utc().Date()
	first := time.Date(year, month+time.Month(min(max(months, -limit), limit)), 1, 0, 0, 0, 0, time.UTC)
	length := first.AddDate(0, 1, -1).Day()
	return clamped(daysOf(first.Year(), first.Month(), min(day, length)))
}

// Sub is the number of days from another date to this one, negative when this is earlier.
func (d Date) Sub(from Date) int { return int(d.days) - int(from.days) }

// Before reports whether this day is earlier. No date is before every date.
func (d Date) Before(other Date) bool { return d.days < other.days }

// After reports whether this day is later.
func (d Date) After(other Date) bool { return d.days > other.days }

// Compare is -1, 0 or 1, as this day is earlier, the same or later.
func (d Date) Compare(other Date) int { return cmp.Compare(d.days, other.days) }

// Midnight is the first instant of the day in a zone, in UTC: where summer time skips midnight, the moment after
// the gap. No date gives the zero instant.
func (d Date) Midnight(zone *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	year, month, day := d.utc().Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if DateOf(t, zone).Before(d) {
		_, t = t.ZoneBounds()
	}
	return t.UTC()
}

// MarshalText writes the date as 2026-11-22, and nothing for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// MarshalJSON writes "2026-11-22", and null for no date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads "2026-11-22" or null; an empty string is refused.
func (d *Date) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*d = Date{}
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return ErrDate
	}
	parsed, err := ParseDate(s)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the date as TEXT 2026-11-22, and NULL for no date.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.scan(v)
	case []byte:
		return d.scan(string(v))
	}
	return fmt.Errorf("scan date from %T: %w", stored, ErrDate)
}

func (d *Date) scan(s string) error {
	parsed, err := ParseDate(s)
	if err != nil {
		return fmt.Errorf("scan date: %w", err)
	}
	*d = parsed
	return nil
}
