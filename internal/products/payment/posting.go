package payment

import (
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bookTransfer moves the amount from payer to payee, and the fee to the bank's income. A deposit is the bank's debt:
// a debit lowers it, a credit raises it.
func bookTransfer(t Transfer, journal id.Journal, captures ...ledger.Capture) ledger.Journal {
	j := ledger.Journal{
		ID: journal, Act: "payment.transfer", Reference: string(t.ID), By: t.By, Captures: captures,
		Lines: []ledger.Line{
			{Account: string(t.PayerAccount), Side: ledger.Debit, Amount: t.Amount},
			{Account: string(t.PayeeAccount), Side: ledger.Credit, Amount: t.Amount},
		},
	}
	if t.Fee.IsPositive() {
		j.Lines = append(j.Lines,
			ledger.Line{Account: string(t.PayerAccount), Side: ledger.Debit, Amount: t.Fee},
			ledger.Line{Account: ledger.Own(ledger.FeeIncome, t.Fee.Currency(), branchOf(t.By)), Side: ledger.Credit, Amount: t.Fee})
	}
	return j
}

// holdTransfer keeps amount and fee of a transfer that moves later.
func holdTransfer(t Transfer, hold id.Hold, total money.Amount) ledger.HoldRequest {
	return ledger.HoldRequest{ID: hold, Account: string(t.PayerAccount), Amount: total, Act: "payment." + string(t.Arrival), Reference: string(t.ID), By: t.By}
}

func branchOf(by act.By) string {
	if by.Branch == "" {
		return act.HeadOffice
	}
	return by.Branch
}
