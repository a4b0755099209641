// Package clock is the bank's sense of time. It keeps three ideas apart that are easily mixed:
//
//   - an instant (time.Time, UTC), when something happened: taken from a Clock that is handed in, so that tests
//     and the demo year decide what time it is;
//   - a Date, a day of the calendar without clock or zone: birth dates, value dates, business dates;
//   - a Calendar, which days are worked: weekends, public holidays and the weekends that are worked instead.
//
// The bank has one zone, and a day begins when it begins there:
//
//	zone, err := clock.Zone("Asia/Shanghai")
//	today := clock.DateOf(clk.Now(), zone)
//	due := today.AddMonths(1)
//
// A calendar never guesses: a year whose holidays nobody has published is ErrUnknownYear.
package clock

import (
	"errors"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the bank's days must not depend on what the machine has installed
)

// ErrUnknownZone says that a time zone's name is not in the IANA database.
var ErrUnknownZone = errors.New("unknown time zone")

// Clock tells the present instant, in UTC.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now().UTC() }

// Fake is a clock that stands still until it is told otherwise. It is safe for concurrent use.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that stands at an instant.
func NewFake(now time.Time) *Fake { return &Fake{now: now.UTC()} }

// Now is where the clock stands.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to an instant, which may be earlier.
func (f *Fake) Set(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = now.UTC()
}

// Advance moves the clock on, and answers where it stands then.
func (f *Fake) Advance(by time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(by)
	return f.now
}

// Zone finds a time zone by its IANA name, such as "Asia/Shanghai", in the copy of the database that the program
// carries when the machine has none. The machine's own zone ("Local", or an empty name) is refused: a bank's day
// may not depend on how a server was set up.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("zone %q: %w", name, ErrUnknownZone)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w: %w", name, ErrUnknownZone, err)
	}
	return zone, nil
}
