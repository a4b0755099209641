package ledger

import (
	"time"

	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// RestraintKind says what a restraint forbids. In their order of strength: 不进不出 > 只进不出 > 金额冻结.
type RestraintKind string

// The kinds.
const (
	NoEntryNoExit RestraintKind = "no_entry_no_exit" // 不进不出: nothing in, nothing out
	EntryOnly     RestraintKind = "entry_only"       // 只进不出: nothing out
	FrozenAmount  RestraintKind = "amount"           // 金额冻结: an amount, which may exceed what is there
	Unrestrained  RestraintKind = ""
)

// Restraint is a freeze (冻结, by an authority) or a stop (止付, by the bank or the customer) on an account. Several
// may live side by side; the account's own state does not change.
type Restraint struct {
	ID        id.Freeze // made by Freeze when empty
	Account   string
	Kind      RestraintKind
	Amount    money.Amount // for FrozenAmount; otherwise none
	Act       string       // who asks and why, as a code: "deposit.emergency", "compliance.court_order"
	Reference string       // number of the order, id of the case
	By        act.By
	PlacedAt  time.Time // set by Freeze
	ExpiresAt time.Time // zero: until it is lifted
	LiftedAt  time.Time // zero while it lives
}
