package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrPeriod says that a period is the wrong way round, ends in the future, or is too long.
	ErrPeriod = fault.New(fault.Invalid, "payment.bad_period")
	// ErrTooManyLines says that a period has more entries than one document or sum may have.
	ErrTooManyLines = fault.New(fault.Rejected, "payment.too_many_lines")

	// errBroken stops a statement whose lines do not lead from one balance to the next: the books are wrong.
	errBroken = errors.New("payment: a statement does not add up")
)

// Statement is what happened on one account in a period, oldest first.
type Statement struct {
	Holder   string // real name of the account's holder
	Account  deposit.Holding
	From, To clock.Date
	Opening  money.Amount // booked at the end of the day before From
	Closing  money.Amount // booked at the end of To, or until now when that is today
	In, Out  Sum
	Lines    []Transaction
}

// Sum is how much, and in how many entries.
type Sum struct {
	Amount money.Amount
	Count  int
}

// Add counts an amount of the same currency.
func (s *Sum) Add(a money.Amount) (err error) {
	s.Count++
	s.Amount, err = plus(s.Amount, a)
	return err
}

// Statement is the statement of an account of the caller's. Errors: deposit.ErrNotFound, ErrPeriod, ErrTooManyLines.
func (s *Service) Statement(ctx context.Context, by act.By, account id.Account, from, to clock.Date) (Statement, error) {
	var out Statement
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = s.statement(ctx, tx, by.Customer(), account, period{from, to})
		return err
	})
	return out, err
}

func (s *Service) statement(ctx context.Context, tx *db.Tx, owner id.Customer, account id.Account, p period) (Statement, error) {
	if account == "" { // to a scan that means all accounts
		return Statement{}, deposit.ErrNotFound
	}
	p, err := s.bounded(ctx, tx, p)
	if err != nil {
		return Statement{}, err
	}
	sc, err := s.newScan(ctx, tx, owner, Filter{Account: account, From: p.from, To: p.to})
	if err != nil {
		return Statement{}, err
	}
	if err := sc.mustBeShort(ctx, tx, p); err != nil {
		return Statement{}, err
	}
	names, err := s.Persons.Names(ctx, tx, []id.Customer{owner})
	if err != nil {
		return Statement{}, fmt.Errorf("name of holder: %w", err)
	}
	out := Statement{Holder: names[owner].Reveal(), Account: sc.streams[0].account, From: p.from, To: p.to}
	if out.Opening, err = s.Lines.BalanceAt(ctx, tx, string(account), p.from.AddDays(-1)); err != nil {
		return Statement{}, fmt.Errorf("opening balance of %s: %w", account, err)
	}
	err = sc.each(ctx, tx, func(t Transaction) error {
		out.Lines = append(out.Lines, t)
		return nil
	})
	if err != nil {
		return Statement{}, err
	}
	slices.Reverse(out.Lines)
	return out, out.addUp()
}

// addUp sums the lines and holds each balance against the one before.
func (st *Statement) addUp() error {
	zero := money.Zero(st.Opening.Currency())
	st.In.Amount, st.Out.Amount, st.Closing = zero, zero, st.Opening
	for _, t := range st.Lines {
		sum, move := &st.In, st.Closing.Add
		if t.Direction == Out {
			sum, move = &st.Out, st.Closing.Sub
		}
		if err := sum.Add(t.Amount); err != nil {
			return err
		}
		after, err := move(t.Amount)
		if err != nil {
			return err
		}
		if after != t.After {
			return fmt.Errorf("%w: %s", errBroken, t.ID)
		}
		st.Closing = after
	}
	return nil
}

// StatementPDF prints a statement in a language, signed by the bank. Errors: as Statement.
func (s *Service) StatementPDF(ctx context.Context, by act.By, account id.Account, from, to clock.Date, locale i18n.Locale) ([]byte, error) {
	st, err := s.Statement(ctx, by, account, from, to)
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now().In(s.Days.Zone())
	paper, err := statementPaper{st, s.Papers.Bank, newWords(locale), at}.print()
	if err != nil {
		return nil, fmt.Errorf("print statement of %s: %w", account, err)
	}
	if paper, err = s.signed(paper, at); err != nil {
		return nil, err
	}
	return paper, s.noteExport(ctx, by, "payment.print_statement", string(account), period{st.From, st.To})
}

// noteExport keeps in the audit log that a person's data left the bank as a document.
func (s *Service) noteExport(ctx context.Context, by act.By, what, subject string, p period) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: subject, Customer: by.Customer(), Outcome: audit.Done,
			Detail: map[string]string{"from": p.from.String(), "to": p.to.String()}}})
	})
}

// period is business dates, both included.
type period struct{ from, to clock.Date }

// bounded fills a period that is open at an end and refuses one that is impossible or too long: it ends today unless
// told, and begins with the first day of the month that makes it the longest allowed.
func (s *Service) bounded(ctx context.Context, tx *db.Tx, p period) (period, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return p, err
	}
	months, err := s.Rules.Int(ctx, "deposit.statement.span_months", today)
	if err != nil {
		return p, err
	}
	refusal := ErrPeriod.With("months", strconv.FormatInt(months, 10))
	if p.to.IsZero() {
		p.to = today
	}
	if p.from.IsZero() {
		p.from = p.to.AddDays(1 - p.to.Day()).AddMonths(1 - int(months))
	}
	switch {
	case p.to.After(today):
		return p, refusal.At("/to")
	case p.to.Before(p.from), !p.to.Before(p.from.AddMonths(int(months))):
		return p, refusal.At("/from")
	}
	return p, nil
}

// mustBeShort refuses what has more entries in a period than a document may have, before the first is read.
func (sc *scan) mustBeShort(ctx context.Context, tx *db.Tx, p period) error {
	most, err := sc.s.Rules.Int(ctx, "deposit.statement.lines_count", p.to)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, st := range sc.streams {
		last, err := sc.s.newest(ctx, tx, st.account.ID, p.to)
		if err != nil {
			return err
		}
		before, err := sc.s.newest(ctx, tx, st.account.ID, p.from.AddDays(-1))
		if err != nil {
			return err
		}
		if total += last - before; total > most {
			return ErrTooManyLines.With("most", strconv.FormatInt(most, 10))
		}
	}
	return nil
}

// newest is the number of an account's last entry up to a date; 0 when there is none.
func (s *Service) newest(ctx context.Context, tx *db.Tx, account id.Account, date clock.Date) (int64, error) {
	entries, err := s.Lines.History(ctx, tx, ledger.HistoryQuery{Account: string(account), To: date, Limit: 1})
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	return entries[0].Number, nil
}

// each gives all that the filter chooses, newest first.
func (sc *scan) each(ctx context.Context, tx *db.Tx, visit func(Transaction) error) error {
	for {
		some, err := sc.read(ctx, tx, scanChunk, scanMost)
		if err != nil {
			return err
		}
		for _, t := range some {
			if err := visit(t); err != nil {
				return err
			}
		}
		if sc.ended() {
			return nil
		}
	}
}
