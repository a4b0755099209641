package act

import (
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrNotApproved refuses an act under four eyes that comes without leave, or with leave for something else.
var ErrNotApproved = fault.New(fault.Denied, "act.not_approved")

// Grant is the leave to do one act that several people decide together (四眼原则, 双人复核). A service act under four
// eyes takes one, so that no route can forget to ask: only parties/approval makes a Grant that covers anything, inside
// the transaction in which the last of them agreed. The house rules keep other rooms from making one.
type Grant interface {
	// Covers says whether exactly this was agreed to: the kind of act, and the change as it is written in JSON.
	Covers(kind string, change any) bool
	// Request is the id of the approved request, for records.
	Request() string
	// Approvers are those who agreed, in their order.
	Approvers() []id.Staff
}

// Approved refuses with ErrNotApproved what a grant does not cover. No grant covers nothing.
func Approved(g Grant, kind string, change any) error {
	if g == nil || !g.Covers(kind, change) {
		return ErrNotApproved
	}
	return nil
}
