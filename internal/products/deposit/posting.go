package deposit

import (
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// All the money of this room. Each kind of deposit has its own control account, accrued interest and expense; what is
// negative stands on the other side.
//
//	act                  debit                     credit                  amount
//	deposit.accrue       interest expense          interest payable        what was earned and not yet accrued
//	deposit.settle       interest payable          the account             what was accrued, less tax
//	                     interest payable          tax withheld            tax
//	deposit.fee          the account               fee income              the month's, and arrears
//	deposit.open, add    current account           deposit                 amount
//	deposit.withdraw     deposit                   current account         what is taken out
//	                     interest payable          current account         its interest, less tax
//	                     interest payable          interest expense        what was accrued for it and is not earned
//	deposit.mature       as deposit.withdraw, to the current account
//	deposit.roll_over    interest payable          current account         interest of the term that ended, less tax; the
//	                                               or the deposit itself   principal stays where it is
//	deposit.sell         seller's certificate      buyer's certificate     principal; its accrued interest goes with it
//	                     buyer's current account   seller's                price
//
// The accruals of a slice of accounts are one journal for each product's headings: no customer's account is touched, so
// that end of day never waits for a payment nor a payment for it.

// headings are the three headings of a kind of deposit.
type headings struct{ control, payable, expense ledger.Code }

func headingsOf(k catalog.Kind) headings {
	switch k {
	case catalog.Term:
		return headings{ledger.TermDeposits, ledger.TermPayable, ledger.TermExpense}
	case catalog.Notice:
		return headings{ledger.NoticeDeposits, ledger.NoticePayable, ledger.NoticeExpense}
	case catalog.Certificate:
		return headings{ledger.Certificates, ledger.CertificatePayable, ledger.CertificateExpense}
	case catalog.Instalment:
		return headings{ledger.Instalments, ledger.InstalmentPayable, ledger.InstalmentExpense}
	case catalog.Pot:
		return headings{ledger.Pots, ledger.PotPayable, ledger.PotExpense}
	}
	return headings{"", ledger.InterestPayable, ledger.InterestExpense}
}

// entries collects the lines of a journal: zero is left out, a negative amount changes sides.
type entries []ledger.Line

func (e entries) debit(account string, a money.Amount) entries {
	return e.line(account, ledger.Debit, a)
}
func (e entries) credit(account string, a money.Amount) entries {
	return e.line(account, ledger.Credit, a)
}

func (e entries) line(account string, side ledger.Side, a money.Amount) entries {
	switch {
	case a.IsZero():
		return e
	case a.IsNegative():
		return append(e, ledger.Line{Account: account, Side: side.Opposite(), Amount: money.New(-a.Minor(), a.Currency())})
	}
	return append(e, ledger.Line{Account: account, Side: side, Amount: a})
}

// pile is where accruals are added up.
type pile struct {
	kind     catalog.Kind
	currency money.Currency
	branch   string
}

func (p *Position) pile() pile { return pile{p.Kind, p.Currency, p.Branch} }

func (p pile) payable() string { return ledger.Own(headingsOf(p.kind).payable, p.currency, p.branch) }
func (p pile) expense() string { return ledger.Own(headingsOf(p.kind).expense, p.currency, p.branch) }

// piles adds up what positions accrue.
type piles map[pile]money.Amount

func (all piles) add(p *Position, change money.Amount) error {
	sum, ok := all[p.pile()]
	if !ok {
		sum = money.Zero(p.Currency)
	}
	var err error
	all[p.pile()], err = sum.Add(change)
	return err
}

// journals book piles into a closed day, in a fixed order.
func (all piles) journals(by act.By, what, reference string, day clock.Date) []ledger.Journal {
	keys := make([]pile, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b pile) int { return slices.Compare([]byte(a.payable()), []byte(b.payable())) })
	var out []ledger.Journal
	for _, k := range keys {
		if lines := (entries{}).debit(k.expense(), all[k]).credit(k.payable(), all[k]); len(lines) > 0 {
			out = append(out, ledger.Journal{Act: what, Reference: reference, By: by, ClosedDay: day, Lines: lines})
		}
	}
	return out
}

// payout is interest that is paid: what was accrued for it, what is earned, what is withheld, and to whom.
type payout struct {
	pile    pile
	accrued money.Amount // comes off the accrued interest
	earned  money.Amount
	tax     money.Amount
	to      string
}

// lines book a payout; what was accrued and is not earned goes back to the expense.
func (p payout) lines() (entries, error) {
	missing, err := p.earned.Sub(p.accrued)
	if err != nil {
		return nil, err
	}
	net, err := p.earned.Sub(p.tax)
	if err != nil {
		return nil, err
	}
	return (entries{}).
		debit(p.pile.payable(), p.accrued).
		debit(p.pile.expense(), missing).
		credit(p.to, net).
		credit(ledger.Own(ledger.TaxWithheld, p.earned.Currency(), p.pile.branch), p.tax), nil
}
