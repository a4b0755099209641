package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ErrBadRow refuses a row that is not whole: a key without its unit, a value that is none, no source.
var ErrBadRow = fault.New(fault.Invalid, "rule.bad_row")

// Unit says what a figure counts. The code of a currency is a unit too: its minor units.
type Unit string

// The units beside currencies.
const (
	Count      Unit = "count"
	Characters Unit = "characters"
	Digits     Unit = "digits"
	Seconds    Unit = "seconds"
	Minutes    Unit = "minutes"
	Hours      Unit = "hours"
	Days       Unit = "days"
	Months     Unit = "months"
	Years      Unit = "years"
	Ratio      Unit = "ratio"
	Flag       Unit = "flag"
	Word       Unit = "word"
)

// Grade says how sure a figure's source is.
type Grade string

// The grades of domain-rules.md.
const (
	GradeA Grade = "A" // primary text read
	GradeB Grade = "B" // official text, seen through a mirror
	GradeC Grade = "C" // press, law firm, secondary page
	GradeK Grade = "K" // notes or code in public repositories
	GradeU Grade = "U" // unverified, or our own choice: a default
)

const (
	yes = "yes"
	no  = "no"
)

// Row is what a key is worth in a span of days.
type Row struct {
	Key    string     `json:"key"`    // domain.subject.what_unit
	Value  string     `json:"value"`  // a whole number; a decimal for ratios; yes or no for flags
	Unit   Unit       `json:"unit"`   // what the number counts
	From   clock.Date `json:"from"`   // first day in force
	To     clock.Date `json:"to"`     // last day in force; none: until the next row of the key
	Source string     `json:"source"` // the text that says so
	Grade  Grade      `json:"grade"`  // how sure that is
	Note   string     `json:"note"`   // what a reader must know
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9]*(?:\.[a-z0-9_]+)+$`)

// check refuses a row that readers could misread.
func (r Row) check() error {
	bad := func(why string) error {
		return ErrBadRow.Because(fmt.Errorf("figure %q from %s: %s", r.Key, r.From, why))
	}
	switch {
	case !keyForm.MatchString(r.Key):
		return bad("the key is not like domain.subject.what_unit")
	case r.From.IsZero() || (!r.To.IsZero() && r.To.Before(r.From)):
		return bad("it has no first day, or ends before it")
	case r.Source == "" || !slices.Contains([]Grade{GradeA, GradeB, GradeC, GradeK, GradeU}, r.Grade):
		return bad("it does not say where it comes from")
	case !r.Unit.known():
		return bad("unknown unit " + string(r.Unit))
	case r.Unit.suffix() != "" && !strings.HasSuffix(r.Key, r.Unit.suffix()):
		return bad("the key does not end with " + r.Unit.suffix())
	case !r.Unit.accepts(r.Value):
		return bad("the value is not in its unit")
	}
	return nil
}

// Amount is the row's value as a sum of money, in the currency that its unit names.
func (r Row) Amount() (money.Amount, error) {
	currency, err := money.ParseCurrency(string(r.Unit))
	if err != nil {
		return money.Amount{}, wrong(r, "an amount")
	}
	minor, err := strconv.ParseInt(r.Value, 10, 64)
	if err != nil {
		return money.Amount{}, wrong(r, "an amount")
	}
	return money.New(minor, currency), nil
}

func (u Unit) known() bool {
	switch u {
	case Count, Characters, Digits, Seconds, Minutes, Hours, Days, Months, Years, Ratio, Flag, Word:
		return true
	}
	return u.isCurrency()
}

func (u Unit) isCurrency() bool {
	_, err := money.ParseCurrency(string(u))
	return err == nil
}

// suffix is how keys of the unit end; flags and words need none.
func (u Unit) suffix() string {
	switch u {
	case Flag, Word:
		return ""
	}
	if u.isCurrency() {
		return "_minor"
	}
	return "_" + string(u)
}

func (u Unit) accepts(value string) bool {
	switch u {
	case Flag:
		return value == yes || value == no
	case Word:
		return value != ""
	case Ratio:
		d, err := decimal.Parse(value)
		return err == nil && !d.IsNeg()
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return err == nil && n >= 0 && strconv.FormatInt(n, 10) == value
}

// length is the unit's length of time; false for units that have no fixed one.
func (u Unit) length() (time.Duration, bool) {
	switch u {
	case Seconds:
		return time.Second, true
	case Minutes:
		return time.Minute, true
	case Hours:
		return time.Hour, true
	case Days:
		return 24 * time.Hour, true
	}
	return 0, false
}
