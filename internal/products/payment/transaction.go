package payment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrTransaction says that there is no such transaction, or that it is another's.
	ErrTransaction = fault.New(fault.NotFound, "payment.transaction_not_found")
	// ErrFilter says that a filter makes no sense: dates or amounts the wrong way round, a search text too long.
	ErrFilter = fault.New(fault.Invalid, "payment.bad_filter")
	// ErrCursor says that a cursor is not one that the bank gave this customer.
	ErrCursor = fault.New(fault.Invalid, "payment.bad_cursor")
)

// Direction is whether money came or went.
type Direction string

// The directions.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Kind is what sort of transaction an entry is, for its holder.
type Kind string

// The kinds.
const (
	TransferIn  Kind = "transfer_in"
	TransferOut Kind = "transfer_out"
	Fee         Kind = "fee"
	Reversal    Kind = "reversal"
	Interest    Kind = "interest"   // of an account or a deposit; negative interest goes out
	SavingOut   Kind = "saving_out" // into a deposit of the holder's own
	SavingIn    Kind = "saving_in"  // out of one
	CashIn      Kind = "cash_in"    // paid in at a counter
	CashOut     Kind = "cash_out"
	OtherIn     Kind = "other_in"
	OtherOut    Kind = "other_out"
)

// Transaction is an entry of an account as its holder reads it.
type Transaction struct {
	ID                  string // account and running number: acct_….17
	Account             id.Account
	Tail                string // last four digits of the account's number
	At                  time.Time
	BusinessDate        clock.Date
	Direction           Direction
	Amount              money.Amount // always positive
	After               money.Amount // balance after it
	Kind                Kind
	Counterparty        string // masked; empty for what has no other party
	CounterpartyAccount string // masked
	Memo                string
	Transfer            id.Transfer // empty for what is no transfer
	Reversed            bool        // taken back since
	Number              int64       // running number within the account
	ValueDate           clock.Date  // from which interest counts it
	Act                 string      // of its journal: payment.transfer
	Journal             id.Journal
	Peer                id.Customer // the other party of a transfer; its holder when both accounts are his; for the bank's own use
	Own                 bool        // between two accounts of its holder
}

// Title is what the transaction is called.
func (t Transaction) Title(words *i18n.Catalog, locale i18n.Locale) string {
	return words.Text(locale, kindKey(t.Kind), nil)
}

// Filter chooses transactions. Zero fields choose all.
type Filter struct {
	Account   id.Account // one of the caller's; all of them when empty
	From, To  clock.Date // business dates, both included
	Direction Direction
	Min, Max  money.Amount // both included; of the currency that they are in
	Query     string       // part of what the person sees of the other party, or of the memo
	Cursor    string
	Limit     int // 1 to 100; 20 when zero
}

const (
	pageDefault = 20
	pageMost    = 100
	queryMost   = 50 // characters
)

func (f *Filter) validate() error {
	if f.Limit <= 0 {
		f.Limit = pageDefault
	}
	f.Limit = min(f.Limit, pageMost)
	f.Query = strings.TrimSpace(f.Query)
	switch {
	case f.Direction != "" && f.Direction != In && f.Direction != Out:
		return ErrFilter.At("/direction")
	case !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From):
		return ErrFilter.At("/to")
	case f.Min.IsNegative():
		return ErrFilter.At("/min")
	case f.Max.IsNegative() || hasAmount(f.Max) && hasAmount(f.Min) && f.Max.Minor() < f.Min.Minor():
		return ErrFilter.At("/max")
	case !utf8.ValidString(f.Query) || utf8.RuneCountInString(f.Query) > queryMost:
		return ErrFilter.At("/q")
	}
	return nil
}

func hasAmount(a money.Amount) bool { return a != money.Amount{} }

// TransactionPage is a page of transactions, newest first. Next is empty on the last one. A page may have fewer
// transactions than asked for, even none, and still a next one: a search reads so many entries a request and no more.
type TransactionPage struct {
	Items []Transaction
	Next  string
}

// Transactions lists what happened on the caller's accounts, all merged by time or one alone.
// Errors: ErrFilter, ErrCursor, deposit.ErrNotFound.
func (s *Service) Transactions(ctx context.Context, by act.By, f Filter) (TransactionPage, error) {
	if err := f.validate(); err != nil {
		return TransactionPage{}, err
	}
	var page TransactionPage
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		sc, err := s.newScan(ctx, tx, by.Customer(), f)
		if err != nil {
			return err
		}
		if f.Cursor != "" {
			if err := sc.resume(f.Cursor); err != nil {
				return err
			}
		}
		if page.Items, err = sc.read(ctx, tx, f.Limit, scanMost); err != nil {
			return err
		}
		page.Next = sc.cursor()
		return nil
	})
	return page, err
}

// Recent are the latest transactions on accounts that the caller has read in the same view of the database.
func (s *Service) Recent(ctx context.Context, tx *db.Tx, owner id.Customer, holdings []deposit.Holding, most int) ([]Transaction, error) {
	sc := &scan{s: s, owner: owner, filter: Filter{Limit: most}}
	for _, h := range holdings {
		sc.streams = append(sc.streams, &stream{account: h})
	}
	return sc.read(ctx, tx, most, scanMost)
}

// Transaction is one transaction of the caller's. Errors: ErrTransaction, deposit.ErrNotFound for an account of another.
func (s *Service) Transaction(ctx context.Context, by act.By, transaction string) (Transaction, error) {
	account, number, ok := parseTransaction(transaction)
	if !ok {
		return Transaction{}, ErrTransaction
	}
	var one Transaction
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		holding, err := s.Accounts.Holding(ctx, tx, by.Customer(), account)
		if fault.KindOf(err) == fault.NotFound {
			return ErrTransaction
		}
		if err != nil {
			return err
		}
		entries, err := s.Lines.History(ctx, tx, ledger.HistoryQuery{Account: string(account), Before: number + 1, Limit: 1})
		if err != nil {
			return err
		}
		if len(entries) == 0 || entries[0].Number != number {
			return ErrTransaction
		}
		all, err := s.explain(ctx, tx, by.Customer(), []booked{{entry: entries[0], account: holding}})
		if err != nil {
			return err
		}
		one = all[0]
		return nil
	})
	return one, err
}

func transactionID(e ledger.Entry) string { return e.Account + "." + strconv.FormatInt(e.Number, 10) }

func parseTransaction(s string) (id.Account, int64, bool) {
	text, digits, _ := strings.Cut(s, ".")
	account, err := id.Parse[id.Account](text)
	if err != nil {
		return "", 0, false
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	return account, number, err == nil && number > 0 && number < 1<<62 && strconv.FormatInt(number, 10) == digits
}

// booked is an entry and the account that it stands on.
type booked struct {
	entry   ledger.Entry
	account deposit.Holding
	stream  int
}

func (f booked) direction() Direction {
	if f.entry.Side == ledger.Credit {
		return In
	}
	return Out
}

// explain turns entries into transactions: one query finds the transfers behind them all.
func (s *Service) explain(ctx context.Context, tx *db.Tx, owner id.Customer, entries []booked) ([]Transaction, error) {
	var ids []id.Transfer
	asked := make(map[id.Transfer]bool)
	for _, f := range entries {
		if t, err := id.Parse[id.Transfer](f.entry.Reference); err == nil && !asked[t] {
			asked[t] = true
			ids = append(ids, t)
		}
	}
	transfers := map[id.Transfer]Seen{}
	if len(ids) > 0 {
		var err error
		if transfers, err = s.Describe(ctx, tx, owner, ids); err != nil {
			return nil, fmt.Errorf("describe %d transfers: %w", len(ids), err)
		}
	}
	all := make([]Transaction, len(entries))
	for i, f := range entries {
		all[i] = transaction(f)
		if seen, known := transfers[id.Transfer(f.entry.Reference)]; known {
			all[i].of(seen, f.entry)
		}
	}
	return all, nil
}

// transaction is an entry of which nothing but the books is known.
func transaction(f booked) Transaction {
	t := Transaction{
		ID: transactionID(f.entry), Account: f.account.ID, Tail: f.account.Tail, At: f.entry.At, BusinessDate: f.entry.BusinessDate,
		Direction: f.direction(), Amount: f.entry.Amount, After: f.entry.After, Number: f.entry.Number,
		ValueDate: f.entry.ValueDate, Act: f.entry.Act, Journal: f.entry.Journal,
	}
	t.Kind = kindOf(f.entry, t.Direction)
	return t
}

// kindOf is what the books alone tell of an entry: by the act of its journal and, where a deposit is drawn, by its line:
// the first two move the deposit itself, its interest follows (deposit/posting.go).
func kindOf(e ledger.Entry, d Direction) Kind {
	const depositLines = 2
	in, out := OtherIn, OtherOut
	switch e.Act {
	case "deposit.settle", "deposit.roll_over":
		in, out = Interest, Interest
	case "deposit.withdraw", "deposit.mature":
		if in, out = SavingIn, SavingOut; e.Line > depositLines {
			in, out = Interest, Interest
		}
	case "deposit.open", "deposit.add", "deposit.round_up", "deposit.sell":
		in, out = SavingIn, SavingOut
	case "cash.paid_in", "cash.paid_out":
		in, out = CashIn, CashOut
	}
	if d == In {
		return in
	}
	return out
}

// of adds what the transfer behind an entry tells. Lines after the first two of its journal book the fee (posting.go).
func (t *Transaction) of(seen Seen, e ledger.Entry) {
	const amountLines = 2
	t.Transfer, t.Memo = seen.ID, seen.Memo
	t.Counterparty, t.CounterpartyAccount = maskedName(seen.Name), seen.Number
	t.Own = seen.Payer == seen.Payee && e.Line <= amountLines
	t.Peer = seen.Payer
	if seen.Outgoing {
		t.Peer = seen.Payee
	}
	if t.Own && t.Account == seen.PayeeAccount { // the other account is where the money came from
		t.CounterpartyAccount = seen.Own
	}
	ofFee := e.Line > amountLines
	if ofFee {
		t.Memo, t.Counterparty, t.CounterpartyAccount = "", "", ""
	}
	switch {
	case e.Journal != seen.Journal:
		t.Kind = Reversal
	case ofFee:
		t.Kind = Fee
	case t.Direction == In:
		t.Kind = TransferIn
	default:
		t.Kind = TransferOut
	}
	t.Reversed = seen.State == Reversed && t.Kind != Reversal
}
