package event

import "github.com/tongbao/tongbao/internal/values/id"

// CustomerRegistered tells that somebody became a customer, not yet verified.
type CustomerRegistered struct {
	Customer id.Customer `json:"customer"`
	Channel  string      `json:"channel"` // act.Channel
	Branch   string      `json:"branch"`
}

// CustomerVerified tells that a customer's real name was verified to a level.
type CustomerVerified struct {
	Customer     id.Customer     `json:"customer"`
	Verification id.Verification `json:"verification"`
	Level        string          `json:"level"`
}

// CustomerFrozen tells that a customer's dealings were stopped, by the customer or by the bank.
type CustomerFrozen struct {
	Customer id.Customer `json:"customer"`
	By       string      `json:"by"`     // act.Kind
	Reason   string      `json:"reason"` // a code
}

// CustomerRenamed tells that a person bears another name by law. The name itself is not told.
type CustomerRenamed struct {
	Customer id.Customer `json:"customer"`
	Request  string      `json:"request"` // the approval behind it
}

// CustomerThawed tells that a customer may deal again.
type CustomerThawed struct {
	Customer id.Customer `json:"customer"`
	By       string      `json:"by"` // act.Kind
}

// CustomerClosed tells that a customer left the bank; personal data are kept until the legal retention ends.
type CustomerClosed struct {
	Customer id.Customer `json:"customer"`
}

// ConsentChanged tells that a customer gave or withdrew a consent.
type ConsentChanged struct {
	Customer id.Customer `json:"customer"`
	Consent  id.Consent  `json:"consent"`
	Purpose  string      `json:"purpose"`
	Version  string      `json:"version"` // of the text that was shown
	Given    bool        `json:"given"`
}

func (CustomerRegistered) kind() (string, int) { return "customer.registered", 1 }
func (CustomerVerified) kind() (string, int)   { return "customer.verified", 1 }
func (CustomerFrozen) kind() (string, int)     { return "customer.frozen", 1 }
func (CustomerRenamed) kind() (string, int)    { return "customer.renamed", 1 }
func (CustomerThawed) kind() (string, int)     { return "customer.thawed", 1 }
func (CustomerClosed) kind() (string, int)     { return "customer.closed", 1 }
func (ConsentChanged) kind() (string, int)     { return "customer.consent_changed", 1 }
