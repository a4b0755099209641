package clock_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// sharedData finds ../shared/data beside the repository, and skips the test where it is absent.
func sharedData(t *testing.T, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			full := filepath.Join(dir, "..", "shared", "data", path)
			if _, err := os.Stat(full); err != nil {
				t.Skipf("shared data is absent: %v", err)
			}
			return full
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("no go.mod above: shared data cannot be found")
	return ""
}

func china(t testing.TB) *clock.Calendar {
	t.Helper()
	calendar, err := clock.China()
	if err != nil {
		t.Fatal(err)
	}
	return calendar
}

// publishedYear is a year of the holiday-cn project, which reads the State Council's notices by machine.
type publishedYear struct {
	Year   int      `json:"year"`
	Papers []string `json:"papers"`
	Days   []struct {
		Date     clock.Date `json:"date"`
		IsOffDay bool       `json:"isOffDay"`
	} `json:"days"`
}

func TestEveryPublishedHolidayAndMakeUpDayIsKnown(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(sharedData(t, "china/holidays"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no holiday files: %v", err)
	}
	calendar := china(t)
	listed := make(map[clock.Date]bool)
	var years []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var published publishedYear
		if err := json.Unmarshal(text, &published); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		years = append(years, published.Year)
		if got := calendar.Notices(published.Year); !slices.Equal(got, published.Papers) {
			t.Errorf("%d: notices %v, want %v", published.Year, got, published.Papers)
		}
		for _, day := range published.Days {
			listed[day.Date] = true
			worked, err := calendar.IsWorkday(day.Date)
			if err != nil || worked == day.IsOffDay {
				t.Errorf("%v: worked %v, %v; want %v", day.Date, worked, err, !day.IsOffDay)
			}
		}
	}
	slices.Sort(years)
	if !slices.Equal(calendar.Years(), years) {
		t.Errorf("Years() = %v, published are %v", calendar.Years(), years)
	}
	for day := date(t, "2018-01-01"); day.Year() <= 2026; day = day.AddDays(1) {
		weekend := day.Weekday() == 0 || day.Weekday() == 6
		if worked, err := calendar.IsWorkday(day); !listed[day] && (err != nil || worked == weekend) {
			t.Errorf("%v is in no notice, yet worked is %v, %v", day, worked, err)
		}
	}
}

func TestWorkdaysAreCountedOverHolidays(t *testing.T) {
	t.Parallel()
	calendar := china(t)
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-09-30", 1, "2026-10-08"},  // over National Day
		{"2026-10-09", 1, "2026-10-10"},  // a Saturday that is worked
		{"2026-10-09", 2, "2026-10-12"},  // and the Sunday after it is not
		{"2026-02-13", 2, "2026-02-24"},  // over Spring Festival, by a worked Saturday
		{"2026-10-08", -1, "2026-09-30"}, // back over National Day
		{"2025-12-31", 1, "2026-01-04"},  // across the year, to a worked Sunday
		{"2026-11-22", 0, "2026-11-22"},  // none: the day itself, though a Sunday
	} {
		got, err := calendar.AddWorkdays(date(t, tc.from), tc.n)
		if err != nil || got != date(t, tc.want) {
			t.Errorf("%s and %d workdays is %v, %v; want %s", tc.from, tc.n, got, err, tc.want)
		}
	}
	if next, err := calendar.NextWorkday(date(t, "2026-11-20")); err != nil || next != date(t, "2026-11-23") {
		t.Errorf("after Friday 2026-11-20 comes %v, %v", next, err)
	}
	if prev, err := calendar.PrevWorkday(date(t, "2026-11-23")); err != nil || prev != date(t, "2026-11-20") {
		t.Errorf("before Monday 2026-11-23 comes %v, %v", prev, err)
	}
}

func TestAnUnknownYearIsSaidAndNeverGuessed(t *testing.T) {
	t.Parallel()
	calendar := china(t)
	for _, day := range []clock.Date{date(t, "2017-12-29"), date(t, "2027-01-04"), {}} {
		if _, err := calendar.IsWorkday(day); !errors.Is(err, clock.ErrUnknownYear) {
			t.Errorf("IsWorkday(%v) = %v, want ErrUnknownYear", day, err)
		}
	}
	if _, err := calendar.NextWorkday(date(t, "2026-12-31")); !errors.Is(err, clock.ErrUnknownYear) {
		t.Errorf("the workday after 2026-12-31 is known: %v", err)
	}
	if _, err := calendar.AddWorkdays(date(t, "2026-12-01"), 1_000_000); !errors.Is(err, clock.ErrUnknownYear) {
		t.Errorf("a million workdays on is known: %v", err)
	}
	if _, err := calendar.AddWorkdays(date(t, "2018-01-10"), -1_000_000); !errors.Is(err, clock.ErrUnknownYear) {
		t.Errorf("a million workdays back is known: %v", err)
	}
	if notices := calendar.Notices(2027); len(notices) != 0 {
		t.Errorf("notices of 2027: %v", notices)
	}
}

func TestACalendarWithAMistakeIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	const year = "year 2027\nnotice https://example.org/2027\n"
	for name, tc := range map[string]struct{ text, says string }{
		"a day before any year":  {"rest 2027-01-01 2027-01-01", "line 1"},
		"a year without notice":  {"year 2027\nrest 2027-01-01 2027-01-01", "year 2027"},
		"a year twice":           {year + "year 2027", "line 3"},
		"a year in words":        {"year next", "line 1"},
		"a year missing":         {"year", "line 1"},
		"a day twice":            {year + "rest 2027-01-01 2027-01-03\nwork 2027-01-02", "line 4"},
		"a day that is none":     {year + "work 2027-02-30", "line 3"},
		"an end that is none":    {year + "rest 2027-02-01 2027-02-30", "line 3"},
		"days out of order":      {year + "rest 2027-01-03 2027-01-01", "line 3"},
		"a holiday of ten years": {year + "rest 2027-01-01 2037-01-01", "line 3"},
		"an unknown word":        {year + "closed 2027-01-01", "line 3"},
	} {
		if _, err := clock.ParseCalendar(tc.text); !errors.Is(err, clock.ErrCalendar) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, want ErrCalendar that says %q", name, err, tc.says)
		}
	}
}
