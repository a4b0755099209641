package ledger

import (
	"time"

	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// HoldState is how far a hold has come.
type HoldState string

// The states: live → captured, released or expired.
const (
	Live     HoldState = "live"
	Captured HoldState = "captured" // all taken, or the last part taken and the rest let go
	Released HoldState = "released" // the rest let go by the one who placed it
	Expired  HoldState = "expired"  // the rest let go because its time was over
)

// HoldRequest asks to promise money of an account to somebody.
type HoldRequest struct {
	ID        id.Hold // made by Hold when empty
	Account   string
	Amount    money.Amount
	Act       string // what it is for: "payment.ordinary"
	Reference string // id of the business record behind it
	By        act.By
	ExpiresAt time.Time // zero: never
}

// HoldOutcome is what became of a request.
type HoldOutcome struct {
	Err     error
	Hold    id.Hold
	Balance Balance // of the account after it
}

// Hold is money of an account that is promised to somebody.
type Hold struct {
	ID        id.Hold
	Account   string
	Amount    money.Amount // as it was placed
	Left      money.Amount // what is still held; zero once it has ended
	State     HoldState
	Act       string
	Reference string
	PlacedAt  time.Time
	ExpiresAt time.Time // zero: never
	EndedAt   time.Time // zero while live
}
