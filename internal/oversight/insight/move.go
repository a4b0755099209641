package insight

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Scope is how far a correction goes.
type Scope string

// The scopes.
const (
	One   Scope = "one"   // this transaction
	Payee Scope = "payee" // all with the same party that go the same way
)

// Move is a transaction and what it was for.
type Move struct {
	payment.Transaction
	Category  Category
	Corrected Scope // by its owner; empty when the rules decide
	Deposit   bool  // it stands on a deposit's account
	Fixed     bool  // its category cannot be chosen
}

// counts says whether a move is income or spending of a currency.
func (m Move) counts(c money.Currency) bool {
	return m.Category != Own && !m.takenBack() && m.Amount.Currency() == c
}

// takenBack is true for what was reversed and for its reversal: together they are nothing.
func (m Move) takenBack() bool { return m.Reversed || m.Kind == payment.Reversal }

// fixed says that the category of a transaction is not a matter of opinion.
func fixed(t payment.Transaction) bool {
	switch t.Kind {
	case payment.TransferIn, payment.TransferOut, payment.CashIn, payment.CashOut, payment.OtherIn, payment.OtherOut:
		return t.Own || t.Reversed
	}
	return true
}

// Judge is what one transaction of the caller's was for.
func (s *Service) Judge(ctx context.Context, by act.By, t payment.Transaction) (Move, error) {
	var m Move
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		said, err := correctionsOf(ctx, tx, by.Customer())
		if err != nil {
			return fmt.Errorf("read corrections: %w", err)
		}
		m = s.judge(t, said)
		return nil
	})
	return m, err
}

// moves reads what happened to a person's money from one business date to another, newest first: on current accounts all,
// of deposits what is not the mirror of that. It is bounded as statements are.
func (s *Service) moves(ctx context.Context, tx *db.Tx, owner id.Customer, from, to clock.Date) ([]Move, error) {
	said, err := correctionsOf(ctx, tx, owner)
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	var all []Move
	err = s.Payments.Walk(ctx, tx, owner, from, to, func(t payment.Transaction) error {
		all = append(all, s.judge(t, said))
		return nil
	})
	if err != nil {
		return nil, err
	}
	contracts, err := s.Deposits.Contracts(ctx, tx, owner)
	if err != nil {
		return nil, fmt.Errorf("read deposits: %w", err)
	}
	for _, c := range contracts {
		entries, err := s.entriesOf(ctx, tx, c, from, to)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if isInterest(e) {
				m := s.judge(ofDeposit(c, e), said)
				m.Deposit = true
				all = append(all, m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Move) int { return b.At.Compare(a.At) })
	return all, nil
}

// judge gives a transaction its category: what its owner said about it, about its party, or else the rules.
func (s *Service) judge(t payment.Transaction, said corrections) Move {
	m := Move{Transaction: t, Category: s.rules.of(t), Fixed: fixed(t)}
	if m.Fixed {
		return m
	}
	if c, ok := said[correctionKey{One, t.ID}]; ok && s.rules.allows(c, t.Direction) {
		m.Category, m.Corrected = c, One
	} else if c, ok := said[correctionKey{Payee, payeeOf(t)}]; ok && t.Peer != "" && s.rules.allows(c, t.Direction) {
		m.Category, m.Corrected = c, Payee
	}
	return m
}

// payeeOf names the other party of a transaction and which way the money went.
func payeeOf(t payment.Transaction) string { return string(t.Direction) + ":" + string(t.Peer) }

const historyChunk = 500

// entriesOf reads a deposit's entries of a period, newest first: few, since people do not pay from deposits.
func (s *Service) entriesOf(ctx context.Context, tx *db.Tx, c deposit.Held, from, to clock.Date) ([]ledger.Entry, error) {
	if c.OpenedOn.After(to) || !c.ClosedOn.IsZero() && c.ClosedOn.Before(from) {
		return nil, nil
	}
	var all []ledger.Entry
	for before := int64(0); ; before = all[len(all)-1].Number {
		some, err := s.Books.History(ctx, tx, ledger.HistoryQuery{Account: string(c.Account), From: from, To: to, Before: before, Limit: historyChunk})
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", c.Account, err)
		}
		all = append(all, some...)
		if len(some) < historyChunk {
			return all, nil
		}
		if len(all) >= entriesMost {
			return nil, payment.ErrTooManyLines.With("most", strconv.Itoa(entriesMost))
		}
	}
}

// entriesMost bounds the entries of one deposit in one answer: a pot that rounds up takes one for each payment.
const entriesMost = 20_000

// isInterest says whether an entry on a deposit's own account is interest (deposit/posting.go).
func isInterest(e ledger.Entry) bool {
	return e.Act == "deposit.settle" || e.Act == "deposit.roll_over"
}

// ofDeposit is an entry of a deposit as its holder reads it.
func ofDeposit(c deposit.Held, e ledger.Entry) payment.Transaction {
	t := payment.Transaction{
		ID: e.Account + "." + strconv.FormatInt(e.Number, 10), Account: id.Account(e.Account), At: e.At, BusinessDate: e.BusinessDate, ValueDate: e.ValueDate,
		Direction: payment.Out, Amount: e.Amount, After: e.After, Kind: payment.SavingOut, Number: e.Number, Act: e.Act, Journal: e.Journal,
		Memo: c.Plan.Name,
	}
	if e.Side == ledger.Credit {
		t.Direction, t.Kind = payment.In, payment.SavingIn
	}
	if isInterest(e) {
		t.Kind = payment.Interest
	}
	return t
}

// MoveFilter chooses moves of a month.
type MoveFilter struct {
	Month     Month
	Category  Category          // any but own ones when empty
	Direction payment.Direction // either when empty
	Like      string            // a transaction: only moves with the same party
	Cursor    string
	Limit     int // 1 to 100; 20 when zero
}

const (
	pageDefault = 20
	pageMost    = 100
)

// MovePage is a page of moves, newest first. Next is empty on the last one.
type MovePage struct {
	Items []Move
	Next  string
}

// Moves lists what a figure of Analysis is made of. Errors: ErrMonth, ErrCategory, ErrCursor, payment.ErrTooManyLines.
func (s *Service) Moves(ctx context.Context, by act.By, f MoveFilter) (MovePage, error) {
	if f.Category != "" && !s.rules.allows(f.Category, "") {
		return MovePage{}, ErrCategory.At("/category")
	}
	if f.Limit <= 0 {
		f.Limit = pageDefault
	}
	var page MovePage
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, last, err := s.span(ctx, tx, f.Month)
		if err != nil {
			return err
		}
		all, err := s.moves(ctx, tx, by.Customer(), f.Month.First(), last)
		if err != nil {
			return err
		}
		page, err = f.page(all)
		return err
	})
	return page, err
}

// span is today and the last day of a month that has come. Error: ErrMonth.
func (s *Service) span(ctx context.Context, tx *db.Tx, m Month) (today, last clock.Date, err error) {
	if today, err = s.Days.Current(ctx, tx); err != nil {
		return today, last, err
	}
	if m.IsZero() || m.First().After(today) {
		return today, last, ErrMonth.At("/month")
	}
	return today, until(m.Last(), today), nil
}

func (f MoveFilter) page(all []Move) (MovePage, error) {
	chosen := all[:0:0]
	like := slices.IndexFunc(all, func(m Move) bool { return m.ID == f.Like })
	for _, m := range all {
		switch {
		case m.takenBack(), f.Category == "" && m.Category == Own, f.Category != "" && m.Category != f.Category:
		case f.Direction != "" && m.Direction != f.Direction:
		case f.Like != "" && (like < 0 || m.Peer != all[like].Peer || m.Peer == "" && m.ID != f.Like):
		default:
			chosen = append(chosen, m)
		}
	}
	if f.Cursor != "" {
		at := slices.IndexFunc(chosen, func(m Move) bool { return m.ID == f.Cursor })
		if at < 0 {
			return MovePage{}, ErrCursor.At("/cursor")
		}
		chosen = chosen[at+1:]
	}
	page := MovePage{Items: chosen}
	if limit := min(f.Limit, pageMost); len(chosen) > limit {
		page = MovePage{Items: chosen[:limit], Next: chosen[limit-1].ID}
	}
	return page, nil
}
