package exchange

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// All the money of this room. Each currency sums to zero by itself; 货币兑换 is the position account of the head office in that
// currency. A position is long when its account in the other currency stands in credit: what the bank bought from customers
// it no longer owes them. What positions cost stands in debit on the account in yuan.
//
//	act                 currency  debit                 credit                amount
//	exchange.buy        yuan      customer's account                          Amount × Price
//	                    yuan                            货币兑换               Amount × Middle
//	                    yuan                            汇兑损益—价差           the difference: what the bank earns, rounding included
//	                    other     货币兑换               customer's account    Amount
//	exchange.sell       other     customer's account    货币兑换               Amount
//	                    yuan      货币兑换                                     Amount × Middle
//	                    yuan                            customer's account    Amount × Price
//	                    yuan                            汇兑损益—价差           the difference
//	exchange.revalue    yuan      货币兑换               汇兑损益—重估           what a position is worth more than it cost; less: the other way
//
// All products are rounded to the fen, half a fen up. The spread is earned when the exchange is booked: the bank stands to
// the customer for nothing more then. What rates do to positions afterwards is the bank's own gain or loss, by day.

func position(c money.Currency) string { return ledger.Own(ledger.CurrencyPosition, c, house) }

// journal books an exchange.
func (x Exchange) journal(by act.By) ledger.Journal {
	j := ledger.Journal{ID: x.Journal, Act: "exchange." + string(x.Side), Reference: string(x.ID), By: by}
	yuan, other := position(money.CNY), position(x.Amount.Currency())
	line := func(account string, side ledger.Side, a money.Amount) {
		if !a.IsZero() {
			j.Lines = append(j.Lines, ledger.Line{Account: account, Side: side, Amount: a})
		}
	}
	line(string(x.From), ledger.Debit, x.Paid())
	if x.Side == Buy {
		line(yuan, ledger.Credit, x.Value)
		line(other, ledger.Debit, x.Amount)
	} else {
		line(other, ledger.Credit, x.Amount)
		line(yuan, ledger.Debit, x.Value)
	}
	line(string(x.To), ledger.Credit, x.Received())
	line(ledger.Own(ledger.ExchangeSpread, money.CNY, house), ledger.Credit, x.Spread)
	return j
}

// journal books what a position gained or lost, into the day that is over.
func (v Valuation) journal(by act.By) ledger.Journal {
	gain := v.Change
	up, down := ledger.Debit, ledger.Credit
	if gain.IsNegative() {
		gain = money.New(-gain.Minor(), gain.Currency())
		up, down = down, up
	}
	return ledger.Journal{
		ID: v.Journal, Act: actRevalue, Reference: v.Currency.Code() + " " + v.On.String(), By: by, ClosedDay: v.On,
		Lines: []ledger.Line{
			{Account: position(money.CNY), Side: up, Amount: gain},
			{Account: ledger.Own(ledger.ExchangeValuation, money.CNY, house), Side: down, Amount: gain},
		},
	}
}

// Valuation is a position at the end of a day, at that day's middle rate.
type Valuation struct {
	Currency money.Currency
	On       clock.Date
	Position money.Amount // more than zero: long
	Middle   Rate
	RateAt   time.Time
	Cost     money.Amount // in yuan, before
	Value    money.Amount // in yuan: Position × Middle
	Change   money.Amount // Value less Cost: booked
	Journal  id.Journal   // empty when nothing changed
}
