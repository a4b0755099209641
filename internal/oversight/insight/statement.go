package insight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// errBroken stops a statement whose entries do not lead from one closing balance of the ledger to the other.
var errBroken = errors.New("insight: a statement does not add up to the ledger")

// Line is one account of a statement.
type Line struct {
	Account  id.Account
	Kind     catalog.Kind
	Product  string // its name in the statement's language
	Number   string // in full; empty for deposits, which have none
	Tail     string // last four digits; empty for deposits
	Name     string // what its holder calls it
	Currency money.Currency
	Opening  money.Amount // the ledger's closing balance of the day before
	Closing  money.Amount // the ledger's closing balance of the last day
	In, Out  payment.Sum
	Interest money.Amount // credited to it, after tax
	Rate     string       // percent a year; of deposits
	Matures  clock.Date   // of deposits with a term
	Entries  []payment.Transaction
}

// Totals are what a statement adds up to in one currency.
type Totals struct {
	Currency money.Currency `json:"currency"`
	Opening  money.Amount   `json:"opening"`
	Closing  money.Amount   `json:"closing"`
	In       money.Amount   `json:"in"`  // from others, interest included; what moves between own accounts is not in it
	Out      money.Amount   `json:"out"` // to others
	Interest money.Amount   `json:"interest"`
	Tax      money.Amount   `json:"tax"` // withheld from interest
}

// Figures are what a monthly statement says.
type Figures struct {
	Holder   customer.Name
	Month    Month
	From, To clock.Date
	Lines    []Line // current accounts before deposits
	Totals   []Totals
	Entries  int
}

// figures draws up a person's month. It has no lines for who held nothing.
func (s *Service) figures(ctx context.Context, tx *db.Tx, owner id.Customer, m Month, l i18n.Locale) (Figures, error) {
	f := Figures{Month: m, From: m.First(), To: m.Last()}
	names, err := s.Persons.Names(ctx, tx, []id.Customer{owner})
	if err != nil {
		return f, fmt.Errorf("name of holder: %w", err)
	}
	f.Holder = names[owner]
	if err := s.currentLines(ctx, tx, owner, &f, l); err != nil {
		return f, err
	}
	if err := s.depositLines(ctx, tx, owner, &f, l); err != nil {
		return f, err
	}
	if err := s.balance(ctx, tx, &f); err != nil {
		return f, err
	}
	return f, s.total(ctx, tx, owner, &f)
}

// currentLines are the accounts that were open on a day of the month.
func (s *Service) currentLines(ctx context.Context, tx *db.Tx, owner id.Customer, f *Figures, l i18n.Locale) error {
	holdings, err := s.Deposits.Holdings(ctx, tx, owner)
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	for _, h := range holdings {
		if !s.lived(h, f.From, f.To) {
			continue
		}
		st, err := s.Payments.StatementOf(ctx, tx, owner, h.ID, f.From, f.To)
		if err != nil {
			return err
		}
		v, err := s.Products.Version(ctx, tx, h.Product, h.TermsVersion)
		if err != nil {
			return fmt.Errorf("name product of %s: %w", h.ID, err)
		}
		line := Line{Account: h.ID, Kind: catalog.Current, Product: v.Name(l), Number: h.Number, Tail: h.Tail, Name: h.Nickname, Currency: h.Currency,
			In: st.In, Out: st.Out, Interest: money.Zero(h.Currency), Entries: st.Lines}
		if err := line.interest(); err != nil {
			return err
		}
		f.Entries += len(st.Lines)
		f.Lines = append(f.Lines, line)
	}
	return nil
}

func (s *Service) lived(h deposit.Holding, from, to clock.Date) bool {
	zone := s.Days.Zone()
	return !clock.DateOf(h.OpenedAt, zone).After(to) && (h.ClosedAt.IsZero() || !clock.DateOf(h.ClosedAt, zone).Before(from))
}

// depositLines are the deposits that lived on a day of the month.
func (s *Service) depositLines(ctx context.Context, tx *db.Tx, owner id.Customer, f *Figures, l i18n.Locale) error {
	contracts, err := s.Deposits.Contracts(ctx, tx, owner)
	if err != nil {
		return fmt.Errorf("read deposits: %w", err)
	}
	for _, c := range contracts {
		if c.OpenedOn.After(f.To) || !c.ClosedOn.IsZero() && c.ClosedOn.Before(f.From) {
			continue
		}
		entries, err := s.entriesOf(ctx, tx, c, f.From, f.To)
		if err != nil {
			return err
		}
		zero := money.Zero(c.Currency)
		line := Line{Account: c.Account, Kind: c.Kind, Product: c.Terms.Name(l), Name: c.Plan.Name, Currency: c.Currency, Rate: c.Rate.Percent(), Matures: c.MaturesOn,
			In: payment.Sum{Amount: zero}, Out: payment.Sum{Amount: zero}, Interest: zero}
		for _, e := range slices.Backward(entries) {
			if err := line.enter(ofDeposit(c, e)); err != nil {
				return err
			}
		}
		if err := line.interest(); err != nil {
			return err
		}
		f.Entries += len(line.Entries)
		f.Lines = append(f.Lines, line)
	}
	return nil
}

func (line *Line) enter(t payment.Transaction) error {
	line.Entries = append(line.Entries, t)
	if t.Direction == payment.In {
		return line.In.Add(t.Amount)
	}
	return line.Out.Add(t.Amount)
}

// interest adds up what was credited to the account as interest.
func (line *Line) interest() (err error) {
	for _, t := range line.Entries {
		if t.Kind != payment.Interest {
			continue
		}
		move := line.Interest.Add
		if t.Direction == payment.Out {
			move = line.Interest.Sub
		}
		if line.Interest, err = move(t.Amount); err != nil {
			return err
		}
	}
	return nil
}

// balance takes the balances from the ledger's closings, and holds the entries against them.
func (s *Service) balance(ctx context.Context, tx *db.Tx, f *Figures) error {
	if len(f.Lines) == 0 {
		return nil
	}
	accounts := make([]string, len(f.Lines))
	for i, line := range f.Lines {
		accounts[i] = string(line.Account)
	}
	before, err := s.Books.Closings(ctx, tx, accounts, f.From.AddDays(-1), f.From.AddDays(-1))
	if err != nil {
		return fmt.Errorf("opening balances: %w", err)
	}
	after, err := s.Books.Closings(ctx, tx, accounts, f.To, f.To)
	if err != nil {
		return fmt.Errorf("closing balances: %w", err)
	}
	for i := range f.Lines {
		line := &f.Lines[i]
		line.Opening, line.Closing = closing(before, *line), closing(after, *line)
		sum, err := line.Opening.Add(line.In.Amount)
		if err != nil {
			return err
		}
		if sum, err = sum.Sub(line.Out.Amount); err != nil {
			return err
		}
		if sum != line.Closing {
			return fmt.Errorf("%w: %s of %s", errBroken, line.Account, f.Month)
		}
	}
	return nil
}

func closing(all map[string][]ledger.Closing, line Line) money.Amount {
	steps := all[string(line.Account)]
	if len(steps) == 0 {
		return money.Zero(line.Currency)
	}
	return steps[len(steps)-1].Booked
}

// total adds up the lines by currency.
func (s *Service) total(ctx context.Context, tx *db.Tx, owner id.Customer, f *Figures) error {
	paid, err := s.Deposits.InterestPaid(ctx, tx, owner, f.From, f.To)
	if err != nil {
		return err
	}
	for _, line := range f.Lines {
		t := f.totals(line.Currency)
		sums := []sum{{&t.Opening, line.Opening}, {&t.Closing, line.Closing}, {&t.Interest, line.Interest}}
		for _, e := range line.Entries {
			switch {
			case s.rules.of(e) == Own:
			case e.Direction == payment.In:
				sums = append(sums, sum{&t.In, e.Amount})
			default:
				sums = append(sums, sum{&t.Out, e.Amount})
			}
		}
		if err := addAll(sums); err != nil {
			return err
		}
	}
	for _, p := range paid {
		if err := addAll([]sum{{&f.totals(p.Tax.Currency()).Tax, p.Tax}}); err != nil {
			return err
		}
	}
	return nil
}

// sum is an amount to be added to another.
type sum struct {
	to  *money.Amount
	add money.Amount
}

func addAll(all []sum) (err error) {
	for _, x := range all {
		if *x.to, err = x.to.Add(x.add); err != nil {
			return err
		}
	}
	return nil
}

// totals are those of a currency.
func (f *Figures) totals(c money.Currency) *Totals {
	for i := range f.Totals {
		if f.Totals[i].Currency == c {
			return &f.Totals[i]
		}
	}
	zero := money.Zero(c)
	f.Totals = append(f.Totals, Totals{Currency: c, Opening: zero, Closing: zero, In: zero, Out: zero, Interest: zero, Tax: zero})
	return &f.Totals[len(f.Totals)-1]
}

// Kept is a monthly statement that was made.
type Kept struct {
	ID     id.Statement
	Month  Month
	Locale i18n.Locale
	Totals []Totals
	URL    string // of the public page that says whether the paper is true
	MadeAt time.Time
}

// keptRow is a statement's row, its personal fields sealed.
type keptRow struct {
	id           id.Statement
	customer     id.Customer
	month        string
	locale       i18n.Locale
	pdf, csv     string // blobs
	totals, code []byte // sealed
	codeHash     []byte
	madeAt       time.Time
}

func sealedIn(column string, statement id.Statement) crypto.AAD {
	return crypto.AAD{Table: "insight_statement", Column: column, Row: string(statement)}
}

// statementNumber is how a statement's id is printed.
func statementNumber(statement id.Statement) string {
	_, number, _ := strings.Cut(string(statement), "_")
	return strings.ToUpper(number)
}

func (s *Service) url(code string) string {
	return strings.TrimSuffix(s.Papers.PublicURL, "/") + "/s/" + code
}
