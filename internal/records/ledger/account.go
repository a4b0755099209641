package ledger

import (
	"time"

	"github.com/tongbao/tongbao/internal/values/money"
)

// Account is an account of the books. Its facts never change; only its state does.
type Account struct {
	ID       string // the deposit account's own id, or a name made by Own
	Kind     Kind
	Code     Code
	Currency money.Currency
	Branch   string
	Owner    string // the customer's id; empty for the bank's own
	OpenedAt time.Time
}
