package event

import (
	"time"

	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Parties are the two sides of a transfer.
type Parties struct {
	PayerAccount  id.Account  `json:"payerAccount"`
	PayerCustomer id.Customer `json:"payerCustomer"`
	PayeeAccount  id.Account  `json:"payeeAccount"`
	PayeeCustomer id.Customer `json:"payeeCustomer"`
}

// TransferSettled tells that the money of a transfer was booked to the payee.
type TransferSettled struct {
	Transfer id.Transfer `json:"transfer"`
	Journal  id.Journal  `json:"journal"`
	Parties
	Amount   money.Amount `json:"amount"`
	Fee      money.Amount `json:"fee"`
	Arrival  string       `json:"arrival"` // real_time, ordinary, next_day
	Channel  string       `json:"channel"` // act.Channel
	NewPayee bool         `json:"newPayee"`
}

// TransferDelayed tells that a transfer was accepted and its money is held until it is due.
type TransferDelayed struct {
	Transfer id.Transfer `json:"transfer"`
	Hold     id.Hold     `json:"hold"`
	Parties
	Amount  money.Amount `json:"amount"`
	Arrival string       `json:"arrival"`
	Due     time.Time    `json:"due"`
}

// TransferHeld tells that a transfer waits for a person of the bank to look at it.
type TransferHeld struct {
	Transfer id.Transfer `json:"transfer"`
	Hold     id.Hold     `json:"hold"`
	Parties
	Amount money.Amount `json:"amount"`
	Reason string       `json:"reason"` // a code of screening
}

// TransferRefused tells that a transfer was refused by a rule; nothing was booked.
type TransferRefused struct {
	Transfer id.Transfer `json:"transfer"`
	Parties
	Amount money.Amount `json:"amount"`
	Code   string       `json:"code"` // of the rule
}

// TransferCancelled tells that the payer took a delayed transfer back; the money is free again.
type TransferCancelled struct {
	Transfer id.Transfer `json:"transfer"`
	Parties
	Amount money.Amount `json:"amount"`
}

// TransferReversed tells that a settled transfer was booked back by the bank.
type TransferReversed struct {
	Transfer id.Transfer `json:"transfer"`
	Journal  id.Journal  `json:"journal"`  // of the reversal
	Reverses id.Journal  `json:"reverses"` // the original
	Parties
	Amount money.Amount `json:"amount"`
	Reason string       `json:"reason"` // a code
}

func (TransferSettled) kind() (string, int)   { return "payment.transfer_settled", 1 }
func (TransferDelayed) kind() (string, int)   { return "payment.transfer_delayed", 1 }
func (TransferHeld) kind() (string, int)      { return "payment.transfer_held", 1 }
func (TransferRefused) kind() (string, int)   { return "payment.transfer_refused", 1 }
func (TransferCancelled) kind() (string, int) { return "payment.transfer_cancelled", 1 }
func (TransferReversed) kind() (string, int)  { return "payment.transfer_reversed", 1 }
