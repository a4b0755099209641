package payment

import (
	"fmt"

	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// All the money of this room. A deposit is the bank's debt to its holder: a debit lowers it, a credit raises it.
//
//	act                     debit                 credit                amount
//	payment.transfer        payer's deposit       payee's deposit       amount
//	                        payer's deposit       fee income            fee, if any
//	payment.reverse         the mirror of the transfer's journal, line by line, by the ledger
//
// What moves later is only held on the payer's account: amount and fee. When it is due, the same journal captures the
// whole hold; when it is cancelled or refused, the hold is released and nothing was ever booked.

// bookTransfer moves the amount from payer to payee and the fee to the bank, taking what was held for them.
func bookTransfer(t Transfer, captures ...ledger.Capture) ledger.Journal {
	j := ledger.Journal{ID: t.Journal, Act: actTransfer, Reference: string(t.ID), By: t.By, Captures: captures, Lines: []ledger.Line{
		{Account: string(t.PayerAccount), Side: ledger.Debit, Amount: t.Amount},
		{Account: string(t.PayeeAccount), Side: ledger.Credit, Amount: t.Amount},
	}}
	if t.Fee.IsPositive() {
		j.Lines = append(j.Lines,
			ledger.Line{Account: string(t.PayerAccount), Side: ledger.Debit, Amount: t.Fee},
			ledger.Line{Account: ledger.Own(ledger.FeeIncome, t.Fee.Currency(), branchOf(t.By)), Side: ledger.Credit, Amount: t.Fee})
	}
	return j
}

// total is what a transfer takes from the payer: the amount and the fee.
func (t Transfer) total() (money.Amount, error) {
	sum, err := t.Amount.Add(t.Fee)
	if err != nil {
		return sum, fmt.Errorf("amount and fee of %s: %w", t.ID, err)
	}
	return sum, nil
}

// holdTransfer keeps amount and fee of a transfer that moves later.
func holdTransfer(t Transfer) (ledger.HoldRequest, error) {
	sum, err := t.total()
	return ledger.HoldRequest{
		ID: t.Hold, Account: string(t.PayerAccount), Amount: sum, Act: "payment." + string(t.Arrival), Reference: string(t.ID), By: t.By,
	}, err
}

// captureTransfer takes the whole hold.
func captureTransfer(t Transfer) (ledger.Journal, error) {
	sum, err := t.total()
	return bookTransfer(t, ledger.Capture{Hold: t.Hold, Amount: sum, Final: true}), err
}

func branchOf(by act.By) string {
	if by.Branch == "" {
		return act.HeadOffice
	}
	return by.Branch
}
