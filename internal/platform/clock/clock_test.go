package clock_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

func TestTheSystemClockTellsUTC(t *testing.T) {
	t.Parallel()
	before := time.Now()
	now := clock.System().Now()
	if now.Location() != time.UTC || now.Before(before) || time.Since(now) > time.Minute {
		t.Errorf("System().Now() = %v, want the present in UTC", now)
	}
}

func TestAFakeClockStandsUntilItIsMoved(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 8, 0, 0, 0, time.FixedZone("east", 8*3600))
	fake := clock.NewFake(start)
	if got := fake.Now(); !got.Equal(start) || got.Location() != time.UTC {
		t.Errorf("Now() = %v, want %v in UTC", got, start)
	}
	if got := fake.Advance(90 * time.Minute); !got.Equal(start.Add(90*time.Minute)) || !fake.Now().Equal(got) {
		t.Errorf("Advance = %v, Now = %v", got, fake.Now())
	}
	fake.Set(start.AddDate(-1, 0, 0))
	if got := fake.Now(); !got.Equal(start.AddDate(-1, 0, 0)) {
		t.Errorf("Now() after Set = %v", got)
	}
}

func TestAFakeClockIsSharedByManyGoroutines(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fake := clock.NewFake(start)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for range 20 {
				fake.Advance(time.Second)
				_ = fake.Now()
			}
		})
	}
	group.Wait()
	if got := fake.Now().Sub(start); got != 1000*time.Second {
		t.Errorf("advanced by %v, want 1000 s", got)
	}
}

func TestZonesComeFromTheEmbeddedDatabase(t *testing.T) {
	t.Parallel()
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	if _, offset := time.Date(2026, 7, 1, 0, 0, 0, 0, zone).Zone(); offset != 8*3600 {
		t.Errorf("Shanghai is %d s from UTC, want 28800", offset)
	}
	for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd"} {
		if _, err := clock.Zone(name); !errors.Is(err, clock.ErrUnknownZone) {
			t.Errorf("Zone(%q) = %v, want ErrUnknownZone", name, err)
		}
	}
}
