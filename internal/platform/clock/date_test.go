package clock_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

func date(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

func TestADateIsReadExactlyOrRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0001-01-01", "1899-12-31", "1970-01-01", "2000-02-29", "2026-11-22", "9999-12-31"} {
		d := date(t, s)
		if d.String() != s || d.IsZero() {
			t.Errorf("ParseDate(%q).String() = %q", s, d)
		}
	}
	for _, s := range []string{
		"", "0000-01-01", "10000-01-01", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-11-31",
		"2026-1-2", "20261122", "2026/11/22", " 2026-11-22", "2026-11-22 ", "2026-11-22T00:00:00Z", "-001-01-01",
		"２０２６-11-22",
	} {
		if d, err := clock.ParseDate(s); !errors.Is(err, clock.ErrDate) || !d.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v; want ErrDate", s, d, err)
		}
	}
}

func TestADateKnowsItsParts(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-11-22")
	if d.Year() != 2026 || d.Month() != time.November || d.Day() != 22 || d.Weekday() != time.Sunday {
		t.Errorf("%v is %d %v %d, a %v", d, d.Year(), d.Month(), d.Day(), d.Weekday())
	}
	var none clock.Date
	if none.Year() != 0 || none.Month() != 0 || none.Day() != 0 || none.String() != "" {
		t.Errorf("no date has parts: %d %v %d %q", none.Year(), none.Month(), none.Day(), none)
	}
}

func TestTheZoneDecidesOnWhichDayAnInstantFalls(t *testing.T) {
	t.Parallel()
	shanghai, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	instant := time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC) // midnight in Shanghai
	if got := clock.DateOf(instant, shanghai); got != date(t, "2026-11-22") {
		t.Errorf("at midnight Shanghai it is %v", got)
	}
	if got := clock.DateOf(instant.Add(-time.Nanosecond), shanghai); got != date(t, "2026-11-21") {
		t.Errorf("just before midnight it is %v", got)
	}
	if got := clock.DateOf(time.Time{}, shanghai); !got.IsZero() {
		t.Errorf("the zero instant is on %v, want no date", got)
	}
}

func TestMidnightIsTheFirstInstantOfTheDay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ zone, day, want string }{
		{"Asia/Shanghai", "2026-11-22", "2026-11-21T16:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // summer time skips 00:00
		{"America/Havana", "2023-11-05", "2023-11-05T04:00:00Z"},    // 00:00 comes twice
		{"UTC", "0001-01-01", "0001-01-01T00:00:00Z"},
	} {
		zone, err := clock.Zone(tc.zone)
		if err != nil {
			t.Fatal(err)
		}
		d := date(t, tc.day)
		got := d.Midnight(zone)
		if got.Format(time.RFC3339) != tc.want {
			t.Errorf("%s in %s begins at %v, want %s", tc.day, tc.zone, got, tc.want)
		}
		if got.Year() > 1 && (clock.DateOf(got, zone) != d || clock.DateOf(got.Add(-time.Nanosecond), zone) != d.AddDays(-1)) {
			t.Errorf("%v is not where %s begins in %s", got, tc.day, tc.zone)
		}
	}
	if got := (clock.Date{}).Midnight(time.UTC); !got.IsZero() {
		t.Errorf("no date begins at %v", got)
	}
}

func TestDaysAndMonthsAreAdded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from         string
		days, months int
		want         string
	}{
		{from: "2026-11-22", days: 1, want: "2026-11-23"},
		{from: "2024-02-28", days: 1, want: "2024-02-29"},
		{from: "2026-03-01", days: -1, want: "2026-02-28"},
		{from: "1969-12-31", days: 1, want: "1970-01-01"},
		{from: "9999-12-31", days: 1, want: "9999-12-31"},
		{from: "2026-11-22", days: math.MaxInt, want: "9999-12-31"},
		{from: "2026-11-22", days: math.MinInt, want: "0001-01-01"},
		{from: "2026-01-31", months: 1, want: "2026-02-28"},
		{from: "2024-01-31", months: 1, want: "2024-02-29"},
		{from: "2026-03-31", months: -1, want: "2026-02-28"},
		{from: "2026-11-22", months: 14, want: "2028-01-22"},
		{from: "2024-02-29", months: 12, want: "2025-02-28"},
		{from: "2026-01-15", months: -13, want: "2024-12-15"},
		{from: "2026-11-22", months: math.MaxInt, want: "9999-12-31"},
		{from: "2026-11-22", months: math.MinInt, want: "0001-01-01"},
	} {
		if got := date(t, tc.from).AddDays(tc.days).AddMonths(tc.months); got != date(t, tc.want) {
			t.Errorf("%s and %d days and %d months is %v, want %s", tc.from, tc.days, tc.months, got, tc.want)
		}
	}
	var none clock.Date
	if !none.AddDays(5).IsZero() || !none.AddMonths(5).IsZero() {
		t.Error("no date plus something became a date")
	}
}

func TestDatesAreOrdered(t *testing.T) {
	t.Parallel()
	a, b := date(t, "2024-02-28"), date(t, "2024-03-01")
	if !a.Before(b) || a.After(b) || !b.After(a) || a.Before(a) || a.After(a) {
		t.Error("Before and After disagree with the calendar")
	}
	if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(a) != 0 {
		t.Error("Compare disagrees with the calendar")
	}
	if b.Sub(a) != 2 || a.Sub(b) != -2 {
		t.Errorf("Sub = %d and %d, want 2 and -2", b.Sub(a), a.Sub(b))
	}
}

func TestADateTravelsAsTextAndNull(t *testing.T) {
	t.Parallel()
	type wire struct {
		Day  clock.Date `json:"day"`
		None clock.Date `json:"none"`
	}
	sent := wire{Day: date(t, "2026-11-22")}
	data, err := json.Marshal(sent)
	if err != nil || string(data) != `{"day":"2026-11-22","none":null}` {
		t.Fatalf("Marshal = %s, %v", data, err)
	}
	got := wire{None: sent.Day}
	if err := json.Unmarshal(data, &got); err != nil || got != sent {
		t.Errorf("Unmarshal = %v, %v; want %v", got, err, sent)
	}
	for _, bad := range []string{`""`, `20261122`, `"2026-02-30"`, `{}`, `true`} {
		var d clock.Date
		if err := json.Unmarshal([]byte(bad), &d); !errors.Is(err, clock.ErrDate) {
			t.Errorf("Unmarshal(%s) = %v, want ErrDate", bad, err)
		}
	}
	keyed, err := json.Marshal(map[clock.Date]int{sent.Day: 1})
	if err != nil || string(keyed) != `{"2026-11-22":1}` {
		t.Errorf("as a map key: %s, %v", keyed, err)
	}
	var back map[clock.Date]int
	if err := json.Unmarshal(keyed, &back); err != nil || back[sent.Day] != 1 {
		t.Errorf("map key read as %v, %v", back, err)
	}
}

func TestADateIsStoredAsTextOrNull(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-11-22")
	for _, stored := range []any{"2026-11-22", []byte("2026-11-22")} {
		var got clock.Date
		if err := got.Scan(stored); err != nil || got != d {
			t.Errorf("Scan(%T) = %v, %v", stored, got, err)
		}
	}
	if v, err := d.Value(); err != nil || v != "2026-11-22" {
		t.Errorf("Value() = %v, %v", v, err)
	}
	if v, err := (clock.Date{}).Value(); err != nil || v != nil {
		t.Errorf("no date is stored as %v, %v; want NULL", v, err)
	}
	got := d
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("NULL is read as %v, %v", got, err)
	}
	for _, stored := range []any{"", "2026-02-30", int64(20261122), time.Now()} {
		if err := got.Scan(stored); !errors.Is(err, clock.ErrDate) {
			t.Errorf("Scan(%v) = %v, want ErrDate", stored, err)
		}
	}
}

func FuzzADateThatIsReadIsWrittenAlike(f *testing.F) {
	for _, s := range []string{"2026-11-22", "2024-02-29", "0001-01-01", "", "2026-1-1", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := clock.ParseDate(s)
		if err != nil {
			return
		}
		if d.String() != s {
			t.Fatalf("%q was read as %v", s, d)
		}
		if d.Before(date(t, "9999-12-31")) && d.AddDays(1).AddDays(-1) != d {
			t.Fatalf("%v: a day on and a day back is another day", d)
		}
	})
}
