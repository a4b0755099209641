package interest_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/values/interest"
)

// sharedData reads a file of ../shared/data beside the repository, or skips the test.
func sharedData(t *testing.T, name string) []byte {
	t.Helper()
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(folder, "go.mod")) {
		folder = filepath.Dir(folder)
	}
	text, err := os.ReadFile(filepath.Join(folder, "..", "shared", "data", name))
	if err != nil {
		t.Skipf("no shared data: %v", err)
	}
	return text
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// The published cases give a decimal of 17 digits and an expression; ours is exact and must round to the decimal.
func TestDayCountsAgreeWithPublishedCases(t *testing.T) {
	t.Parallel()
	codes := map[string]interest.DayCount{
		"THIRTY_360_ISDA": interest.Thirty360ISDA, "ACT_360": interest.Actual360, "ACT_365F": interest.Actual365, "ACT_ACT_ISDA": interest.ActualISDA,
		"ACT_ACT_AFB": interest.ActualAFB, "THIRTY_E_360": interest.ThirtyE360, "NL_365": interest.NoLeap365,
	}
	var cases []struct {
		Convention, Start, End, Expression string
		Fraction                           json.Number `json:"year_fraction"`
	}
	if err := json.Unmarshal(sharedData(t, "loans/daycount_strata.json"), &cases); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, tc := range cases {
		code, ours := codes[tc.Convention]
		if !ours {
			continue
		}
		checked++
		got, err := code.Fraction(date(t, tc.Start), date(t, tc.End))
		if err != nil {
			t.Errorf("%s %s %s: %v", code, tc.Start, tc.End, err)
			continue
		}
		want, ok := new(big.Rat).SetString(tc.Fraction.String())
		if !ok {
			t.Fatalf("%q is no number", tc.Fraction)
		}
		off := new(big.Rat).Sub(big.NewRat(got.Num, got.Den), want)
		if off.Abs(off).Cmp(big.NewRat(1, 1_000_000_000_000)) > 0 {
			t.Errorf("%s from %s to %s is %d/%d, want %s = %s", code, tc.Start, tc.End, got.Num, got.Den, tc.Expression, tc.Fraction)
		}
		if exact, ok := simple(tc.Expression); ok && exact.Cmp(big.NewRat(got.Num, got.Den)) != 0 {
			t.Errorf("%s from %s to %s is %d/%d, exactly %s", code, tc.Start, tc.End, got.Num, got.Den, tc.Expression)
		}
	}
	if checked < 80 {
		t.Errorf("only %d of %d published cases were checked", checked, len(cases))
	}
}

var dayTerm = regexp.MustCompile(`(\d+)d / (\d+)d`)

// simple reads expressions such as (4d / 365d + 58d / 366d + 4).
func simple(text string) (*big.Rat, bool) {
	rest := dayTerm.ReplaceAllString(text, "")
	sum := new(big.Rat)
	for _, m := range dayTerm.FindAllStringSubmatch(text, -1) {
		num, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return nil, false
		}
		den, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			return nil, false
		}
		sum.Add(sum, big.NewRat(num, den))
	}
	for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("()+ ", r) }) {
		years, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return nil, false
		}
		sum.Add(sum, big.NewRat(years, 1))
	}
	return sum, sum.Sign() > 0
}

func TestAnniversariesCountWholeMonthsAsThirtyDays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to string
		days     int64
	}{
		{"2026-01-15", "2027-01-15", 360}, {"2026-01-31", "2026-02-28", 30}, {"2024-01-31", "2024-02-29", 30}, {"2026-01-31", "2026-03-31", 60},
		{"2026-01-01", "2026-01-31", 30}, {"2026-01-01", "2026-02-01", 30}, {"2026-01-01", "2026-01-02", 1}, {"2026-02-28", "2026-03-30", 32},
		{"2024-02-29", "2025-02-28", 360}, {"2024-02-29", "2029-02-28", 1800}, {"2026-11-22", "2026-11-22", 0}, {"2026-08-31", "2026-09-30", 30},
	} {
		got, err := interest.Anniversary.Fraction(date(t, tc.from), date(t, tc.to))
		if err != nil || got != (interest.Fraction{Num: tc.days, Den: 360}) {
			t.Errorf("%s to %s: %+v, %v, want %d", tc.from, tc.to, got, err, tc.days)
		}
	}
}

func TestCouponPeriodsDivideByTheirOwnDays(t *testing.T) {
	t.Parallel()
	begin, end := date(t, "2026-01-15"), date(t, "2026-07-15")
	got, err := interest.ICMA(begin, date(t, "2026-04-15"), begin, end, 2)
	if err != nil || got != (interest.Fraction{Num: 90, Den: 2 * 181}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := interest.ICMA(end, begin, begin, end, 2); !errors.Is(err, interest.ErrPeriod) {
		t.Errorf("backwards: %v", err)
	}
}

func TestAPeriodThatEndsBeforeItBeginsIsRefused(t *testing.T) {
	t.Parallel()
	for _, code := range interest.DayCounts() {
		if _, err := code.Fraction(date(t, "2026-02-02"), date(t, "2026-02-01")); !errors.Is(err, interest.ErrPeriod) || !code.Known() {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := interest.DayCount("A099").Fraction(date(t, "2026-02-01"), date(t, "2026-02-02")); !errors.Is(err, interest.ErrDayCount) {
		t.Errorf("unknown: %v", err)
	}
}
