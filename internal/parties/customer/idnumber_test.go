package customer_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

func date(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sharedData reads a file of ../shared/data beside the repository, and skips the test where it is absent.
func sharedData(t *testing.T, path string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", path))
			if err != nil {
				t.Skipf("shared data is absent: %v", err)
			}
			return text
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("no go.mod above: shared data cannot be found")
	return nil
}

// numbered builds an ID number with the weights that GB 11643 prints, another way than the one that is tested.
func numbered(division, birth, serial string) string {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	digits := division + birth + serial
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return digits + string("10X98765432"[sum%11])
}

func TestAnIDNumberTellsWhatItWasBuiltFrom(t *testing.T) {
	t.Parallel()
	n, err := customer.ParseIDNumber("11010519491231002x", date(t, "2026-11-22")) // printed in GB 11643-1999
	if err != nil {
		t.Fatal(err)
	}
	if n.Reveal() != "11010519491231002X" || n.Birth() != date(t, "1949-12-31") || n.Male() ||
		n.Division() != "110105" || n.Province() != "北京市" || n.Age(date(t, "2026-11-22")) != 76 || n.IsZero() {
		t.Errorf("%s: %v %v %s %s %d", n.Reveal(), n.Birth(), n.Male(), n.Division(), n.Province(), n.Age(date(t, "2026-11-22")))
	}
	const masked = "1****************X"
	for _, printed := range []string{n.String(), fmt.Sprint(n), fmt.Sprintf("%v %+v %#v", n, n, n)} {
		if strings.Contains(printed, "1949") || !strings.Contains(printed, masked) {
			t.Errorf("it prints as %s, want %s", printed, masked)
		}
	}
	var none customer.IDNumber
	if !none.IsZero() || none.Male() || none.Division() != "" || none.Province() != "" || none.String() != "" || none.Reveal() != "" {
		t.Errorf("no number says something: %v", none)
	}
}

func TestAnIDNumberIsRefusedForItsFirstFault(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		number string
		want   error
	}{
		"empty":                     {"", customer.ErrIDNumberForm},
		"too short":                 {"1101051949123100", customer.ErrIDNumberForm},
		"too long":                  {"11010519491231002X0", customer.ErrIDNumberForm},
		"full-width digits":         {"１１０１０５19491231002X", customer.ErrIDNumberForm},
		"full-width X":              {"11010519491231002Ｘ", customer.ErrIDNumberForm},
		"an X in the middle":        {"1101051949123X0028", customer.ErrIDNumberForm},
		"another letter at the end": {"11010519491231002Y", customer.ErrIDNumberForm},
		"a space":                   {" 1010519491231002X", customer.ErrIDNumberForm},
		"a direction character":     {"\u202e010519491231002X", customer.ErrIDNumberForm},
		"15 digits":                 {"110105491231002", customer.ErrIDNumberOld},
		"15 characters":             {"11010549123100X", customer.ErrIDNumberForm},
		"a wrong check digit":       {"110105194912310021", customer.ErrIDNumberCheck},
		"month 13":                  {numbered("110105", "19491331", "002"), customer.ErrIDNumberBirth},
		"29 February 1900":          {numbered("110105", "19000229", "002"), customer.ErrIDNumberBirth},
		"year 0":                    {numbered("110105", "00000101", "002"), customer.ErrIDNumberBirth},
		"born tomorrow":             {numbered("110105", "20261123", "002"), customer.ErrIDNumberBirth},
		"aged 151":                  {numbered("110105", "18751121", "002"), customer.ErrIDNumberBirth},
		"no such province":          {numbered("990105", "19491231", "002"), customer.ErrIDNumberDivision},
		"no such prefecture":        {numbered("119905", "19491231", "002"), customer.ErrIDNumberDivision},
		"no such county":            {numbered("110199", "19491231", "002"), customer.ErrIDNumberDivision},
		"a county gone before":      {numbered("110103", "20110101", "002"), customer.ErrIDNumberDivision},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := customer.ParseIDNumber(tc.number, date(t, "2026-11-22"))
			if !errors.Is(err, tc.want) || !n.IsZero() {
				t.Errorf("ParseIDNumber(%q) = %v, %v; want %v", tc.number, n, err, tc.want)
			}
			if fault.KindOf(err) != fault.Invalid || tc.number != "" && strings.Contains(err.Error(), tc.number) {
				t.Errorf("the fault %v is not Invalid, or tells the number", err)
			}
		})
	}
	for name, number := range map[string]string{
		"born today":                    numbered("110105", "20261122", "002"),
		"aged 150":                      numbered("110105", "18751122", "002"),
		"a county in its last year":     numbered("110103", "20100630", "002"),
		"a county made after the birth": numbered("110118", "19600101", "002"),
	} {
		if _, err := customer.ParseIDNumber(number, date(t, "2026-11-22")); err != nil {
			t.Errorf("%s is refused: %v", name, err)
		}
	}
}

func TestAgeGrowsOnTheDayAfterTheBirthday(t *testing.T) {
	t.Parallel()
	n, err := customer.ParseIDNumber(numbered("110105", "20080229", "003"), date(t, "2026-11-22"))
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]int{
		"2008-02-29": 0, "2009-02-28": 0, "2009-03-01": 1, "2024-02-29": 15, "2024-03-01": 16, "2026-02-28": 17,
		"2026-03-01": 18, "2007-01-01": 0,
	} {
		if got := n.Age(date(t, on)); got != want {
			t.Errorf("born %v, aged %d on %s, want %d", n.Birth(), got, on, want)
		}
	}
	if !n.Male() {
		t.Error("an odd serial is not a man's")
	}
}

func TestANumberOfFifteenDigitsIsUpgraded(t *testing.T) {
	t.Parallel()
	if got, err := customer.Upgrade15("150102880730303"); got != "150102198807303035" || err != nil {
		t.Errorf("Upgrade15 = %s, %v", got, err)
	}
	for _, s := range []string{"", "15010288073030", "15010288073030X", "150102198807303035", "１50102880730"} {
		if got, err := customer.Upgrade15(s); !errors.Is(err, customer.ErrIDNumberForm) || got != "" {
			t.Errorf("Upgrade15(%q) = %q, %v", s, got, err)
		}
	}
}

type publishedID struct {
	ID       string
	Expected string
	Reason   string
	Birth    string
	Gender   string
	Province string
	AsOf     string `json:"as_of"`
	Age      int
	Upgrade  string
}

func TestPublishedIDNumbersAreJudgedAlike(t *testing.T) {
	t.Parallel()
	var cases []publishedID
	if err := json.Unmarshal(sharedData(t, "china/id_cases.json"), &cases); err != nil {
		t.Fatal(err)
	}
	skips := map[string]string{
		"321083200807312113": "321083 was given up in 1996, twelve years before the birth; its publisher does not date codes",
	}
	today := date(t, "2026-11-22")
	for _, tc := range cases {
		if reason := skips[tc.ID]; reason != "" {
			t.Logf("skipped %s: %s", tc.ID, reason)
			continue
		}
		number := tc.ID
		n, err := customer.ParseIDNumber(number, today)
		switch tc.Expected {
		case "invalid", "invalid_strict": // strict: the code was gone at birth, which ours refuses too
			if err == nil {
				t.Errorf("%s (%s) is accepted", tc.ID, tc.Reason)
			}
			if upgraded, up := customer.Upgrade15(number); up == nil {
				if _, err := customer.ParseIDNumber(upgraded, today); err == nil {
					t.Errorf("%s (%s) is accepted once upgraded", tc.ID, tc.Reason)
				}
			}
			continue
		case "valid_15": // good once, not valid now: refused with its own code, and good again when upgraded
			if !errors.Is(err, customer.ErrIDNumberOld) {
				t.Errorf("%s of 15 digits: %v", tc.ID, err)
			}
			if number, err = customer.Upgrade15(tc.ID); err != nil || tc.Upgrade != "" && number != tc.Upgrade {
				t.Errorf("%s upgrades to %s, %v; want %s", tc.ID, number, err, tc.Upgrade)
			}
			n, err = customer.ParseIDNumber(number, today)
		case "valid":
		default:
			t.Fatalf("unknown expectation %q", tc.Expected)
		}
		if err != nil {
			t.Errorf("%s (%s) is refused: %v", tc.ID, tc.Reason, err)
			continue
		}
		checkPublished(t, n, tc)
	}
	t.Logf("checked %d of %d", len(cases)-len(skips), len(cases))
}

func checkPublished(t *testing.T, n customer.IDNumber, tc publishedID) {
	t.Helper()
	if tc.Birth != "" && n.Birth().String() != tc.Birth {
		t.Errorf("%s: born %v, want %s", tc.ID, n.Birth(), tc.Birth)
	}
	if tc.Gender != "" && n.Male() != (tc.Gender == "M") {
		t.Errorf("%s: male is %v, want %s", tc.ID, n.Male(), tc.Gender)
	}
	if !strings.HasPrefix(n.Province(), tc.Province) || n.Province() == "" {
		t.Errorf("%s: province %q, want %q", tc.ID, n.Province(), tc.Province)
	}
	if tc.AsOf != "" && n.Age(date(t, tc.AsOf)) != tc.Age {
		t.Errorf("%s: aged %d on %s, want %d", tc.ID, n.Age(date(t, tc.AsOf)), tc.AsOf, tc.Age)
	}
}

var (
	publishedProvince = regexp.MustCompile(`^(\d\d) province="`)
	publishedCounty   = regexp.MustCompile(`^  (\d{4}) county="(.+)"`)
	publishedYears    = regexp.MustCompile(`^\[(\d{4})?-(\d{4})?\]`)
)

// publishedSpan is the first and the last year of a published code; 0 and 9999 when it is not dated.
func publishedSpan(t *testing.T, names string) (first, last int) {
	t.Helper()
	first, last = 9999, 0
	for name := range strings.SplitSeq(names, ",") {
		from, to := 0, 9999
		if m := publishedYears.FindStringSubmatch(name); m != nil {
			if m[1] != "" {
				from, _ = strconv.Atoi(m[1])
			}
			if m[2] != "" {
				to, _ = strconv.Atoi(m[2])
			}
		}
		first, last = min(first, from), max(last, to)
	}
	return first, last
}

func TestEveryPublishedDivisionCountsInItsYears(t *testing.T) {
	t.Parallel()
	lines := bufio.NewScanner(bytes.NewReader(sharedData(t, "china/divisions/stdnum_loc_with_validity.dat.txt")))
	judge := func(code string, birthYear, thisYear int, want error) {
		number := numbered(code, fmt.Sprintf("%04d0101", birthYear), "001")
		if _, err := customer.ParseIDNumber(number, date(t, fmt.Sprintf("%04d-12-31", thisYear))); !errors.Is(err, want) {
			t.Errorf("%s of %d, seen in %d: %v, want %v", code, birthYear, thisYear, err, want)
		}
	}
	province, known := "", 0
	for lines.Scan() {
		if m := publishedProvince.FindStringSubmatch(lines.Text()); m != nil {
			province = m[1]
		}
		m := publishedCounty.FindStringSubmatch(lines.Text())
		if m == nil || province == "81" || province == "82" {
			continue // Hong Kong and Macao: numbers of residence permits, given out since 2018, not since their return
		}
		known++
		code := province + m[1]
		first, last := publishedSpan(t, m[2])
		if last < 2026 {
			judge(code, last, 2026, nil)
			judge(code, last+1, 2026, customer.ErrIDNumberDivision)
		} else {
			judge(code, 2026, 2026, nil)
		}
		if first > 0 {
			judge(code, first-1, first, nil)
			judge(code, first-1, first-1, customer.ErrIDNumberDivision)
		}
	}
	if known < 6800 {
		t.Errorf("only %d divisions were read", known)
	}
	for _, code := range []string{"810000", "820000", "830000"} {
		judge(code, 1980, 2018, nil)
		judge(code, 1980, 2017, customer.ErrIDNumberDivision)
	}
}

func FuzzAnIDNumberThatIsReadReadsAgain(f *testing.F) {
	for _, s := range []string{"11010519491231002X", "11010519491231002x", "150102880730303", "", "１1010519491231002X"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		today := date(t, "2026-11-22")
		n, err := customer.ParseIDNumber(s, today)
		if err != nil {
			return
		}
		if again, err := customer.ParseIDNumber(n.Reveal(), today); err != nil || again != n || !strings.EqualFold(s, n.Reveal()) {
			t.Fatalf("%q is read as %s, and that as %v, %v", s, n.Reveal(), again, err)
		}
		if n.Province() == "" || n.Age(today) > 150 {
			t.Fatalf("%q: province %q, age %d", s, n.Province(), n.Age(today))
		}
	})
}
