package day_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/records/day"
)

func TestCutOffSaysWhichDayShouldBeOpen(t *testing.T) {
	t.Parallel()
	k := day.New(nil, shanghai(t))
	for _, tc := range []struct{ cutOff, at, want string }{
		{"24:00", "2026-11-22T15:59:59Z", "2026-11-22"}, // a second before midnight in Shanghai
		{"24:00", "2026-11-22T16:00:00Z", "2026-11-23"},
		{"22:30", "2026-11-22T14:29:59Z", "2026-11-22"},
		{"22:30", "2026-11-22T14:30:00Z", "2026-11-23"},
		{"22:30", "2026-12-31T14:30:00Z", "2027-01-01"},
	} {
		c, err := day.ParseCutOff(tc.cutOff)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := k.Due(at, c); got != date(t, tc.want) {
			t.Errorf("cut off at %s, %s belongs to %s, want %s", tc.cutOff, tc.at, got, tc.want)
		}
	}
	for _, bad := range []string{"", "24:01", "11:59", "02:00", "noon", "25:00"} {
		if _, err := day.ParseCutOff(bad); !errors.Is(err, day.ErrCutOff) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
