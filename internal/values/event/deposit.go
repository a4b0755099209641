package event

import (
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// AccountOpened tells that a customer has a new account.
type AccountOpened struct {
	Account      id.Account  `json:"account"`
	Customer     id.Customer `json:"customer"`
	Class        string      `json:"class"` // I, II or III
	Product      string      `json:"product"`
	TermsVersion string      `json:"termsVersion"`
	Currency     string      `json:"currency"`
	Branch       string      `json:"branch"`
}

// AccountFrozen tells that an account, or a part of it, was frozen.
type AccountFrozen struct {
	Account  id.Account  `json:"account"`
	Customer id.Customer `json:"customer"`
	Freeze   id.Freeze   `json:"freeze"`
	Kind     string      `json:"kind"`
	By       string      `json:"by"` // act.Kind
}

// AccountThawed tells that a freeze of an account was lifted.
type AccountThawed struct {
	Account  id.Account  `json:"account"`
	Customer id.Customer `json:"customer"`
	Freeze   id.Freeze   `json:"freeze"`
	By       string      `json:"by"` // act.Kind
}

// AccountClosed tells that an account was closed at zero.
type AccountClosed struct {
	Account  id.Account  `json:"account"`
	Customer id.Customer `json:"customer"`
}

// InterestPaid tells that interest was paid, before tax.
type InterestPaid struct {
	Account  id.Account   `json:"account"` // what earned it
	Customer id.Customer  `json:"customer"`
	PaidTo   id.Account   `json:"paidTo"`
	Journal  id.Journal   `json:"journal"`
	Interest money.Amount `json:"interest"`
	Tax      money.Amount `json:"tax"`
}

// DepositOpened tells that a customer has made a deposit other than a current account.
type DepositOpened struct {
	Deposit  id.Account   `json:"deposit"`
	Customer id.Customer  `json:"customer"`
	Product  string       `json:"product"`
	Amount   money.Amount `json:"amount"`
}

// DepositDrawn tells that money left a deposit for its holder's account; at zero the deposit is closed.
type DepositDrawn struct {
	Deposit  id.Account   `json:"deposit"`
	Customer id.Customer  `json:"customer"`
	Product  string       `json:"product"`
	Amount   money.Amount `json:"amount"`
	Closed   bool         `json:"closed"`
}

// DepositMatured tells that a term has ended, and what became of the deposit as agreed.
type DepositMatured struct {
	Deposit  id.Account  `json:"deposit"`
	Customer id.Customer `json:"customer"`
	Product  string      `json:"product"`
	Rollover string      `json:"rollover"`
}

// DepositSold tells that a certificate has another holder.
type DepositSold struct {
	Deposit id.Account   `json:"deposit"` // the seller's, closed
	Bought  id.Account   `json:"bought"`  // the buyer's
	Seller  id.Customer  `json:"seller"`
	Buyer   id.Customer  `json:"buyer"`
	Price   money.Amount `json:"price"`
}

// InstalmentMissed tells that a sum agreed for a day could not be collected.
type InstalmentMissed struct {
	Deposit  id.Account  `json:"deposit"`
	Customer id.Customer `json:"customer"`
	Product  string      `json:"product"`
	Code     string      `json:"code"`
}

// AccountDormant tells that an account was not used for so long that it rests (不动户).
type AccountDormant struct {
	Account  id.Account  `json:"account"`
	Customer id.Customer `json:"customer"`
}

func (AccountOpened) kind() (string, int)    { return "deposit.account_opened", 1 }
func (AccountFrozen) kind() (string, int)    { return "deposit.account_frozen", 1 }
func (AccountThawed) kind() (string, int)    { return "deposit.account_thawed", 1 }
func (AccountClosed) kind() (string, int)    { return "deposit.account_closed", 1 }
func (InterestPaid) kind() (string, int)     { return "deposit.interest_paid", 1 }
func (DepositOpened) kind() (string, int)    { return "deposit.deposit_opened", 1 }
func (DepositDrawn) kind() (string, int)     { return "deposit.deposit_drawn", 1 }
func (DepositMatured) kind() (string, int)   { return "deposit.deposit_matured", 1 }
func (DepositSold) kind() (string, int)      { return "deposit.deposit_sold", 1 }
func (InstalmentMissed) kind() (string, int) { return "deposit.instalment_missed", 1 }
func (AccountDormant) kind() (string, int)   { return "deposit.account_dormant", 1 }
