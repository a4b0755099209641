package cash

import (
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// All the money of this room. Cash is an asset of the branch; a deposit is the bank's debt to its holder.
//
//	movement     debit                         credit                        amount
//	paid in      cash                          customer's deposit            pieces
//	paid out     customer's deposit            cash                          pieces
//	delivered    cash                          balance with central bank     pieces
//	returned     balance with central bank     cash                          pieces
//	over         cash                          suspense, payable             difference (长款)
//	short        suspense, receivable          cash                          difference (短款)
//	hand-over, swapped: nothing: the tills of a branch are one account

// book is the journal of a movement; false for one that books nothing.
func book(m Movement, by act.By) (ledger.Journal, bool) {
	own := func(code ledger.Code) string { return ledger.Own(code, m.Amount.Currency(), m.Branch) }
	var debit, credit string
	switch m.Kind {
	case PaidIn:
		debit, credit = own(ledger.Cash), string(m.Account)
	case PaidOut:
		debit, credit = string(m.Account), own(ledger.Cash)
	case Delivered:
		debit, credit = own(ledger.Cash), own(ledger.CentralBank)
	case Returned:
		debit, credit = own(ledger.CentralBank), own(ledger.Cash)
	case Over:
		debit, credit = own(ledger.Cash), own(ledger.SuspenseLiability)
	case Short:
		debit, credit = own(ledger.SuspenseAsset), own(ledger.Cash)
	default:
		return ledger.Journal{}, false
	}
	return ledger.Journal{ID: m.Journal, Act: "cash." + string(m.Kind), Reference: string(m.ID), By: by, Lines: lines(debit, credit, m.Amount)}, true
}

func lines(debit, credit string, amount money.Amount) []ledger.Line {
	return []ledger.Line{{Account: debit, Side: ledger.Debit, Amount: amount}, {Account: credit, Side: ledger.Credit, Amount: amount}}
}
