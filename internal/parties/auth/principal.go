package auth

import (
	"time"

	"github.com/tongbao/tongbao/internal/values/act"
)

// Principal names who can sign in: the id of a customer or of a member of staff, as text.
type Principal string

// State is the state of a principal: active ⇄ suspended → closed.
type State string

// The states of a principal.
const (
	Active    State = "active"
	Suspended State = "suspended" // by the bank; the right password is told so, a wrong one is not
	Closed    State = "closed"    // for good; answers like somebody who never was
)

// principal is a row of auth_principal.
type principal struct {
	id       Principal
	kind     act.Kind
	state    State
	changed  time.Time // of the last change of a factor; zero when none
	password string    // PHC text; empty when there is none
}
