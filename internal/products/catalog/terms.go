package catalog

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Method is how a product's interest is counted.
type Method string

// The methods.
const (
	ByContract   Method = "contract"    // principal × rate × time (逐笔计息)
	ByProductSum Method = "product_sum" // balances of all days, added up (积数计息)
)

// Interest is how a product earns.
type Interest struct {
	Method    Method
	DayCount  interest.DayCount
	Rounding  money.Rounding
	SettleDay int // day of a quarter's last month on which it is settled; 0 when only at the end
}

// Rollover is what becomes of a term deposit on its last day.
type Rollover string

// The choices (到期约定).
const (
	StayPut       Rollover = "none"      // it stays, and earns the demand rate until it is taken
	PayOut        Rollover = "payout"    // all goes to the linked account
	RollPrincipal Rollover = "principal" // a new term for the principal; interest goes to the linked account (本金转存)
	RollAll       Rollover = "all"       // a new term for principal and interest (本息转存)
)

// AnyNumber says that a customer may take parts out as often as he likes.
const AnyNumber = -1

// Deposit is what binds a deposit that is no current account.
type Deposit struct {
	Months       int          // of the term; 0 for none
	NoticeDays   int          // between notice and withdrawal; 0 for none
	Least        money.Amount // to open with; of instalments, each month's
	LeastLeft    money.Amount // after a part was taken out
	LeastOut     money.Amount // of a withdrawal
	EarlyPartial int          // parts that may be taken out before the end, or AnyNumber
	Transferable bool         // may be sold to another customer
	Demand       string       // product whose posted rate early and overdue days earn
	Rollovers    []Rollover   // choices for the last day, the default first
}

// Floats says that a deposit follows its product's posted rate.
func (k Kind) Floats() bool { return k == Current || k == Notice || k == Pot }

// demandInterest is how current accounts earn whose terms say nothing else: by product sum, a year of 360, settled on
// the 20th of a quarter's last month (practice of Chinese banks, grade C).
func demandInterest() Interest {
	return Interest{Method: ByProductSum, DayCount: interest.Actual360, Rounding: money.HalfUp, SettleDay: 20}
}

// terms is how Terms are written down: currency by its code, amounts in its minor units.
type terms struct {
	Class    int                    `json:"class"`
	Currency string                 `json:"currency"`
	Names    map[i18n.Locale]string `json:"names"`
	Notes    map[i18n.Locale]string `json:"notes"`
	Interest *struct {
		Method    Method            `json:"method"`
		DayCount  interest.DayCount `json:"dayCount"`
		Rounding  string            `json:"rounding"`
		SettleDay int               `json:"settleDay"`
	} `json:"interest"`
	Deposit *struct {
		Months         int        `json:"months"`
		NoticeDays     int        `json:"noticeDays"`
		LeastMinor     int64      `json:"leastMinor"`
		LeastLeftMinor int64      `json:"leastLeftMinor"`
		LeastOutMinor  int64      `json:"leastOutMinor"`
		EarlyPartial   int        `json:"earlyPartial"`
		Transferable   bool       `json:"transferable"`
		Demand         string     `json:"demand"`
		Rollovers      []Rollover `json:"rollovers"`
	} `json:"deposit"`
}

var roundings = map[string]money.Rounding{"half_up": money.HalfUp, "half_even": money.HalfEven, "down": money.Down, "up": money.Up}

func parseTerms(kind Kind, text string) (Terms, error) {
	var t terms
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return Terms{}, fmt.Errorf("read terms: %w", err)
	}
	c, err := money.ParseCurrency(t.Currency)
	if err != nil {
		return Terms{}, err
	}
	for _, l := range i18n.Locales() {
		if t.Names[l] == "" || t.Notes[l] == "" {
			return Terms{}, fmt.Errorf("terms have no name or note in %s", l)
		}
	}
	out := Terms{Class: t.Class, Currency: c, Names: t.Names, Notes: t.Notes, Interest: demandInterest()}
	if i := t.Interest; i != nil {
		out.Interest = Interest{i.Method, i.DayCount, roundings[i.Rounding], i.SettleDay}
	}
	if d := t.Deposit; d != nil {
		out.Deposit = Deposit{
			Months: d.Months, NoticeDays: d.NoticeDays, Least: money.New(d.LeastMinor, c), LeastLeft: money.New(d.LeastLeftMinor, c),
			LeastOut: money.New(d.LeastOutMinor, c), EarlyPartial: d.EarlyPartial, Transferable: d.Transferable, Demand: d.Demand, Rollovers: d.Rollovers,
		}
	}
	return out, out.check(kind)
}

// check refuses terms that a product of the kind cannot have.
func (t Terms) check(kind Kind) error {
	if err := t.Interest.check(); err != nil {
		return err
	}
	if kind == Current {
		if t.Class < 1 || t.Class > 3 || t.Interest.Method != ByProductSum {
			return fmt.Errorf("a current account of class %d that earns by %s", t.Class, t.Interest.Method)
		}
		return nil
	}
	d, byContract := t.Deposit, t.Interest.Method == ByContract
	switch {
	case d.Demand == "" || len(d.Rollovers) == 0 || !d.Least.IsPositive():
		return fmt.Errorf("a deposit needs a demand rate, what becomes of it at its end, and a least amount")
	case (d.Months > 0) != slices.Contains([]Kind{Term, Certificate, Instalment}, kind):
		return fmt.Errorf("a %s of %d months", kind, d.Months)
	case (d.NoticeDays > 0) != (kind == Notice):
		return fmt.Errorf("a %s with %d days of notice", kind, d.NoticeDays)
	case byContract != slices.Contains([]Kind{Term, Certificate, Notice}, kind):
		return fmt.Errorf("a %s that earns by %s", kind, t.Interest.Method)
	case d.Transferable && kind != Certificate:
		return fmt.Errorf("a %s that can be sold", kind)
	}
	for _, r := range d.Rollovers {
		if !slices.Contains([]Rollover{StayPut, PayOut, RollPrincipal, RollAll}, r) {
			return fmt.Errorf("no choice for the last day is called %q", r)
		}
	}
	return nil
}

func (i Interest) check() error {
	const dayMost = 28
	switch {
	case i.Method != ByContract && i.Method != ByProductSum:
		return fmt.Errorf("interest by %q", i.Method)
	case !i.DayCount.Known() || i.Method == ByProductSum && i.DayCount.Base() == 0:
		return fmt.Errorf("day count %q does not fit interest by %s", i.DayCount, i.Method)
	case i.Rounding == 0 || i.SettleDay < 0 || i.SettleDay > dayMost:
		return fmt.Errorf("interest without a rounding, or settled on day %d", i.SettleDay)
	}
	return nil
}
