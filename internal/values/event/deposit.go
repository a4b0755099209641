package event

import "github.com/tongbao/tongbao/internal/values/id"

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

func (AccountOpened) kind() (string, int) { return "deposit.account_opened", 1 }
func (AccountFrozen) kind() (string, int) { return "deposit.account_frozen", 1 }
func (AccountThawed) kind() (string, int) { return "deposit.account_thawed", 1 }
func (AccountClosed) kind() (string, int) { return "deposit.account_closed", 1 }
