package event

import (
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// CashMoved tells that what a till holds has changed.
type CashMoved struct {
	Movement id.Cash      `json:"movement"`
	Kind     string       `json:"movementKind"`
	Till     id.Till      `json:"till"`
	Account  id.Account   `json:"account"`  // empty unless a customer paid in or drew
	Customer id.Customer  `json:"customer"` // the same
	Amount   money.Amount `json:"amount"`
	Branch   string       `json:"branch"`
	Large    bool         `json:"large"`   // the customer's cash of the day is to be reported
	Journal  id.Journal   `json:"journal"` // empty when nothing was booked
}

func (CashMoved) kind() (string, int) { return "cash.moved", 1 }
