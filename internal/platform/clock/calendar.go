package clock

import (
	_ "embed" // the calendar travels with the program
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrUnknownYear says that the holidays of a year are not in the calendar.
var ErrUnknownYear = errors.New("holidays of the year are unknown")

// ErrCalendar says that a calendar's text cannot be read, and on which line.
var ErrCalendar = errors.New("bad calendar")

// maxRestDays bounds one holiday in a calendar's text: more is a typing error.
const maxRestDays = 31

//go:embed china.txt
var chinaText string

// Calendar knows which days are worked. It does not change once read, and is safe for concurrent use.
type Calendar struct {
	notices map[int][]string // by year, where its days were published
	worked  map[Date]bool    // the days that differ from an ordinary week
}

// China is the calendar of mainland China as the State Council publishes it, each autumn for the year to come.
// Source: the notices that Notices names; rules: 全国年节及纪念日放假办法.
func China() (*Calendar, error) { return ParseCalendar(chinaText) }

// ParseCalendar reads a calendar's text, in the form that china.txt explains. A bank can so load next year's days
// on the evening they are published.
func ParseCalendar(text string) (*Calendar, error) {
	c := &Calendar{notices: make(map[int][]string), worked: make(map[Date]bool)}
	year := 0
	for number, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		var err error
		if words[0] == "year" {
			year, err = c.begin(words[1:])
		} else {
			err = c.read(year, words[0], words[1:])
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w: %w", number+1, ErrCalendar, err)
		}
	}
	for year, notices := range c.notices {
		if len(notices) == 0 {
			return nil, fmt.Errorf("year %d: %w: no notice", year, ErrCalendar)
		}
	}
	return c, nil
}

func (c *Calendar) begin(words []string) (int, error) {
	if len(words) != 1 {
		return 0, errors.New("want: year YEAR")
	}
	year, err := strconv.Atoi(words[0])
	if err != nil {
		return 0, err
	}
	if _, twice := c.notices[year]; twice {
		return 0, errors.New("year is there twice")
	}
	c.notices[year] = nil
	return year, nil
}

func (c *Calendar) read(year int, kind string, words []string) error {
	switch {
	case year == 0:
		return errors.New("no year yet")
	case kind == "notice" && len(words) == 1:
		c.notices[year] = append(c.notices[year], words[0])
		return nil
	case kind == "rest" && len(words) == 2:
		return c.mark(words[0], words[1], false)
	case kind == "work" && len(words) == 1:
		return c.mark(words[0], words[0], true)
	}
	return errors.New("want: notice URL, rest FIRST LAST or work DAY")
}

func (c *Calendar) mark(first, last string, worked bool) error {
	from, err := ParseDate(first)
	if err != nil {
		return err
	}
	to, err := ParseDate(last)
	if err != nil {
		return err
	}
	if to.Before(from) || to.Sub(from) >= maxRestDays {
		return errors.New("days are out of order or too many")
	}
	for day := from; !day.After(to); day = day.AddDays(1) {
		if _, twice := c.worked[day]; twice {
			return errors.New("day is there twice")
		}
		c.worked[day] = worked
	}
	return nil
}

// Years are the years whose days are known, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.notices)) }

// Notices are the addresses at which a year's days were published; none for an unknown year.
func (c *Calendar) Notices(year int) []string { return slices.Clone(c.notices[year]) }

// IsWorkday reports whether a day is worked, or ErrUnknownYear. The last days of the last known year can still
// change: the next notice may move work into or out of them, as those for 2019 and 2023 did.
func (c *Calendar) IsWorkday(d Date) (bool, error) {
	if _, known := c.notices[d.Year()]; !known {
		return false, fmt.Errorf("year %d: %w", d.Year(), ErrUnknownYear)
	}
	if worked, listed := c.worked[d]; listed {
		return worked, nil
	}
	weekday := d.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday, nil
}

// Differs reports whether a day is not what its place in the week says: a holiday, or a day that is worked instead of one.
func (c *Calendar) Differs(d Date) bool {
	_, listed := c.worked[d]
	return listed
}

// NextWorkday is the first worked day after a day.
func (c *Calendar) NextWorkday(d Date) (Date, error) { return c.walk(d, 1) }

// PrevWorkday is the last worked day before a day.
func (c *Calendar) PrevWorkday(d Date) (Date, error) { return c.walk(d, -1) }

// AddWorkdays is the n-th worked day after a day, or before it when n is negative (T+1 is n = 1). With n = 0 it is
// the day itself, worked or not.
func (c *Calendar) AddWorkdays(d Date, n int) (Date, error) {
	step := 1
	if n < 0 {
		step = -1
	}
	for ; n != 0; n -= step { // ends at the last known year, if not before
		next, err := c.walk(d, step)
		if err != nil {
			return Date{}, err
		}
		d = next
	}
	return d, nil
}

// walk goes day by day until one is worked. It ends where the calendar does, if not before.
func (c *Calendar) walk(d Date, step int) (Date, error) {
	for {
		d = d.AddDays(step)
		worked, err := c.IsWorkday(d)
		if err != nil {
			return Date{}, err
		}
		if worked {
			return d, nil
		}
	}
}
