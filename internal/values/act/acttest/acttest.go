// Package acttest stands in for parties/approval in the tests of rooms whose acts are under four eyes.
package acttest

import "github.com/tongbao/tongbao/internal/values/id"

// Granted is leave for whatever is asked, in tests alone.
type Granted struct{ By []id.Staff }

// Covers implements act.Grant: everything.
func (Granted) Covers(string, any) bool { return true }

// Request implements act.Grant.
func (Granted) Request() string { return "aprv_test" }

// Approvers implements act.Grant.
func (g Granted) Approvers() []id.Staff { return g.By }
