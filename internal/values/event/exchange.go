package event

import (
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// CurrencyExchanged tells that a customer turned money of one currency into another.
type CurrencyExchanged struct {
	Exchange id.Exchange  `json:"exchange"`
	Customer id.Customer  `json:"customer"`
	From     id.Account   `json:"from"`
	To       id.Account   `json:"to"`
	Side     string       `json:"side"` // buy or sell of the currency that is not yuan
	Paid     money.Amount `json:"paid"`
	Received money.Amount `json:"received"`
	Price    string       `json:"price"`  // yuan for one unit
	Middle   string       `json:"middle"` // the same, of the middle rate
	Journal  id.Journal   `json:"journal"`
}

func (CurrencyExchanged) kind() (string, int) { return "exchange.exchanged", 1 }
