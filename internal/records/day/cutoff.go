package day

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrCutOff refuses a cut-off that is no time between noon and midnight.
var ErrCutOff = fault.New(fault.Invalid, "day.bad_cut_off")

// CutOff is the time of the bank's day, in its zone, from which what comes in belongs to the next day (日切).
type CutOff struct{ minutes int } // since midnight

const (
	noonMinutes     = 12 * 60
	midnightMinutes = 24 * 60
)

// ParseCutOff reads "24:00", the midnight at which the calendar's day ends, or an earlier time such as "22:30", from
// noon on. Error: ErrCutOff.
func ParseCutOff(s string) (CutOff, error) {
	if s == "24:00" {
		return CutOff{midnightMinutes}, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return CutOff{}, ErrCutOff.Because(err)
	}
	c := CutOff{t.Hour()*60 + t.Minute()}
	if c.minutes < noonMinutes {
		return CutOff{}, ErrCutOff
	}
	return c, nil
}

// Due is the business date that should be open at an instant.
func (k *Keeper) Due(t time.Time, c CutOff) clock.Date {
	local := t.In(k.zone)
	date := clock.DateOf(t, k.zone)
	if local.Hour()*60+local.Minute() >= c.minutes {
		return date.AddDays(1)
	}
	return date
}
