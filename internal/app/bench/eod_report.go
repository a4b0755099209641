package bench

import (
	"fmt"
	"strings"
)

// EndReport is what a bench of end of day found.
type EndReport struct {
	Database       string     `json:"database"` // with its version
	Settings       string     `json:"settings"`
	Load           string     `json:"load"` // of the machine before the bench
	Accounts       int        `json:"accounts"`
	Concurrency    int        `json:"concurrency"`
	UsualPerSecond float64    `json:"usualPerSecond"` // payments, each checked and sent, without an end of day
	Days           []EndedDay `json:"days"`
	Verified       bool       `json:"verified"`
}

// EndedDay is the end of one day.
type EndedDay struct {
	Date               string      `json:"date"`
	Seconds            float64     `json:"seconds"` // from cut-off to the lock
	AccountsPerSecond  float64     `json:"accountsPerSecond"`
	Steps              []EndedStep `json:"steps"`
	TransfersPerSecond float64     `json:"transfersPerSecond,omitempty"` // beside it
	OfUsual            float64     `json:"ofUsual,omitempty"`            // of the rate without an end of day
}

// EndedStep is one step of it.
type EndedStep struct {
	Name    string  `json:"name"`
	Items   int     `json:"items"`
	Seconds float64 `json:"seconds"`
}

// String is the report for a person.
func (r EndReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s); load of the machine before: %s\n", r.Database, r.Settings, r.Load)
	fmt.Fprintf(&b, "%d accounts; %.0f payments/s without an end of day\n", r.Accounts, r.UsualPerSecond)
	for _, d := range r.Days {
		fmt.Fprintf(&b, "%s: %.1f s, %.0f accounts/s", d.Date, d.Seconds, d.AccountsPerSecond)
		if d.TransfersPerSecond > 0 {
			fmt.Fprintf(&b, ", beside %.0f payments/s (%.2f of the usual)", d.TransfersPerSecond, d.OfUsual)
		}
		for _, s := range d.Steps {
			fmt.Fprintf(&b, "\n  %-24s %9d items %8.2f s", s.Name, s.Items, s.Seconds)
		}
		b.WriteByte('\n')
	}
	if r.Verified {
		b.WriteString("everything holds")
	}
	return strings.TrimRight(b.String(), "\n")
}
