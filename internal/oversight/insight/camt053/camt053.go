// Package camt053 writes statements of accounts as the ISO 20022 message BankToCustomerStatementV08 (camt.053.001.08),
// which accounting programs read.
//
// It knows the message and not the bank: it gets plain values and writes XML that the published schema accepts. Amounts
// are always positive and say by an indicator whether they are credits; a balance of zero is a credit. Texts that are
// longer than the schema allows are cut.
//
//	err := camt053.Write(w, camt053.Message{ID: "01J…", CreatedAt: now, Statements: []camt053.Statement{...}})
package camt053

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Namespace is that of the message.
const Namespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

// Lengths that the schema allows, in characters.
const (
	max34  = 34
	max35  = 35
	max70  = 70
	max140 = 140
	max500 = 500
)

var (
	// ErrID refuses a message or statement without an identification, or with one of more than 35 characters.
	ErrID = errors.New("camt053: an identification has 1 to 35 characters")
	// ErrAccount refuses a statement without an account number of at most 34 characters.
	ErrAccount = errors.New("camt053: an account has a number of 1 to 34 characters")
	// ErrAmount refuses an amount below zero in an entry, or one of another currency than the account's.
	ErrAmount = errors.New("camt053: an amount is below zero or of another currency than the account")
)

// Message is a file with statements.
type Message struct {
	ID         string // at most 35 characters, different for each message
	CreatedAt  time.Time
	Statements []Statement
}

// Statement is one account in a period.
type Statement struct {
	ID        string // at most 35 characters
	From, To  clock.Date
	Zone      *time.Location // in which the days begin
	Account   string         // number
	Currency  money.Currency
	Name      string // of the account
	Owner     string // its holder
	Servicer  string // the bank
	Opening   money.Amount
	Closing   money.Amount
	Available *money.Amount // at the end; nil when it is not known
	Entries   []Entry
}

// Entry is a booked line.
type Entry struct {
	Reference    string // of the entry within the account
	Amount       money.Amount
	Credit       bool
	Reversal     bool // takes another entry back
	BookedOn     clock.Date
	ValuedOn     clock.Date
	ServicerRef  string // of the bank: its journal
	EndToEnd     string // of the payment; empty for what is none
	Code         Code
	Party        string // the other party; may be empty
	PartyAccount string // may be empty
	Remittance   string // what the payer wrote
	Info         string // what the bank calls it
}

// Code is a bank transaction code (ISO 20022 external code sets): domain, family, sub-family.
type Code struct{ Domain, Family, SubFamily string }

// Write writes a message. Errors: ErrID, ErrAccount, ErrAmount, and those of w.
func Write(w io.Writer, m Message) error {
	d, err := m.document()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write camt.053: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("write camt.053: %w", err)
	}
	return e.Close()
}

func (m Message) document() (*document, error) {
	if !fits(m.ID, max35) {
		return nil, ErrID
	}
	d := &document{Space: Namespace}
	d.Body.Header = header{ID: m.ID, CreatedAt: instant(m.CreatedAt)}
	for _, s := range m.Statements {
		st, err := s.statement(m.CreatedAt)
		if err != nil {
			return nil, err
		}
		d.Body.Statements = append(d.Body.Statements, st)
	}
	return d, nil
}

func (s Statement) statement(at time.Time) (statement, error) {
	switch {
	case !fits(s.ID, max35):
		return statement{}, ErrID
	case !fits(s.Account, max34):
		return statement{}, ErrAccount
	}
	out := statement{ID: s.ID, CreatedAt: instant(at)}
	out.Period.From = instant(s.From.Midnight(s.Zone).In(s.Zone))
	out.Period.To = instant(s.To.AddDays(1).Midnight(s.Zone).Add(-time.Second).In(s.Zone))
	out.Account.ID.Other.ID = s.Account
	out.Account.Currency, out.Account.Name = s.Currency.Code(), cut(s.Name, max70)
	out.Account.Owner = named(s.Owner)
	if s.Servicer != "" {
		out.Account.Servicer = &servicer{Institution: institution{Name: cut(s.Servicer, max140)}}
	}
	balances := []struct {
		code   string
		amount *money.Amount
		on     clock.Date
	}{{"OPBD", &s.Opening, s.From}, {"CLBD", &s.Closing, s.To}, {"CLAV", s.Available, s.To}}
	for _, b := range balances {
		if b.amount == nil {
			continue
		}
		if b.amount.Currency() != s.Currency {
			return out, ErrAmount
		}
		out.Balances = append(out.Balances, newBalance(b.code, *b.amount, b.on))
	}
	return out, s.fill(&out)
}

// fill adds entries and their sums.
func (s Statement) fill(out *statement) error {
	credit, debit := total{sum: money.Zero(s.Currency)}, total{sum: money.Zero(s.Currency)}
	for _, e := range s.Entries {
		if e.Amount.IsNegative() || e.Amount.Currency() != s.Currency {
			return fmt.Errorf("entry %s: %w", e.Reference, ErrAmount)
		}
		side := &debit
		if e.Credit {
			side = &credit
		}
		if err := side.add(e.Amount); err != nil {
			return err
		}
		out.Entries = append(out.Entries, e.entry())
	}
	out.Summary = &summary{
		Credits: totals{strconv.Itoa(credit.count), credit.sum.String()},
		Debits:  totals{strconv.Itoa(debit.count), debit.sum.String()},
	}
	out.Summary.All.Count = strconv.Itoa(len(s.Entries))
	return nil
}

type total struct {
	count int
	sum   money.Amount
}

func (t *total) add(a money.Amount) (err error) {
	t.count++
	t.sum, err = t.sum.Add(a)
	return err
}

func (e Entry) entry() entry {
	out := entry{
		Reference: cut(e.Reference, max35), Amount: amount{e.Amount.Currency().Code(), e.Amount.String()}, Indicator: indicator(e.Credit), Reversal: e.Reversal,
		ServicerRef: cut(e.ServicerRef, max35), Info: cut(e.Info, max500),
	}
	out.Status.Code = "BOOK"
	out.BookedOn.Date, out.ValuedOn.Date = e.BookedOn.String(), e.ValuedOn.String()
	out.Code.Domain.Code, out.Code.Domain.Family = e.Code.Domain, family{e.Code.Family, e.Code.SubFamily}
	t := &out.Details.Transaction
	t.Refs = references{ServicerRef: cut(e.ServicerRef, max35), EndToEnd: cut(e.EndToEnd, max35)}
	t.Amount, t.Indicator = out.Amount, out.Indicator
	if e.Party != "" || e.PartyAccount != "" {
		t.Parties = newParties(e)
	}
	if e.Remittance != "" {
		t.Remittance = &remittance{cut(e.Remittance, max140)}
	}
	return out
}

// newParties names the other party on its side: whoever is credited was paid by a debtor.
func newParties(e Entry) *parties {
	who := &choice{Party: named(e.Party)}
	if who.Party == nil {
		who = nil
	}
	var where *cashAccount
	if e.PartyAccount != "" {
		where = &cashAccount{}
		where.ID.Other.ID = cut(e.PartyAccount, max34)
	}
	if e.Credit {
		return &parties{Debtor: who, DebtorAccount: where}
	}
	return &parties{Creditor: who, CreditorAccount: where}
}

func newBalance(code string, a money.Amount, on clock.Date) balance {
	out := balance{Amount: amount{a.Currency().Code(), a.String()}, Indicator: indicator(!a.IsNegative())}
	if a.IsNegative() {
		out.Amount.Value = out.Amount.Value[1:] // the sign: the indicator says it
	}
	out.Type.Code.Code, out.On.Date = code, on.String()
	return out
}

func indicator(credit bool) string {
	if credit {
		return "CRDT"
	}
	return "DBIT"
}

func named(name string) *party {
	if name == "" {
		return nil
	}
	return &party{cut(name, max140)}
}

func instant(t time.Time) string { return t.Truncate(time.Second).Format(time.RFC3339) }

func fits(s string, most int) bool { return s != "" && len([]rune(s)) <= most }

// cut keeps as many characters as the schema allows.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
