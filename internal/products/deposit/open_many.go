package deposit

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// OpeningsMax is how many accounts one list may open.
const OpeningsMax = 2000

// ErrOpenings refuses a list of openings that is empty, too long, or that carries keys: a list is sent once as a whole.
var ErrOpenings = fault.New(fault.Invalid, "deposit.bad_openings")

// Opened is what became of one opening of a list.
type Opened struct {
	Account Account
	Err     error // why it was refused; the others are opened all the same
}

// OpenMany opens the accounts of a list (批量开户), as an employer or a bank that is taken over brings it: the rules of
// Open, with a statement for each table however long the list is. Each opening is refused alone: ErrLevel, ErrCount,
// ErrIdentify, catalog.ErrNoProduct. Error of the whole: ErrOpenings.
func (s *Service) OpenMany(ctx context.Context, by act.By, list []Opening) ([]Opened, error) {
	if len(list) == 0 || len(list) > OpeningsMax {
		return nil, ErrOpenings
	}
	for i := range list {
		if list[i].Key != "" {
			return nil, ErrOpenings
		}
	}
	var out []Opened
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.openMany(ctx, tx, by, list)
		return err
	})
	return out, err
}

func (s *Service) openMany(ctx context.Context, tx *db.Tx, by act.By, list []Opening) ([]Opened, error) {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return nil, err
	}
	last, err := nextSerials(ctx, tx, s.Prefix, len(list)) // locks the serial: what follows counts for all
	if err != nil {
		return nil, fmt.Errorf("next account numbers: %w", err)
	}
	d, err := s.doorkeeper(ctx, tx, list, today)
	if err != nil {
		return nil, err
	}
	out := make([]Opened, len(list))
	n := opening{accounts: db.NewRows(len(list))}
	for i, o := range list {
		v, err := d.admit(o)
		if out[i].Err = err; err != nil {
			continue
		}
		number, err := Number(s.Prefix, last-int64(len(list))+int64(i)+1)
		if err != nil {
			return nil, err
		}
		out[i].Account = Account{
			ID: id.New[id.Account](tx.Now()), Customer: o.Customer, Class: v.Terms.Class, Product: v.Product, TermsVersion: v.Number,
			Currency: v.Terms.Currency, Branch: branch(o.Branch, by), State: Open, Tail: number[len(number)-shownDigits:], OpenedAt: tx.Now(),
		}
		sealed, err := s.Vault.SealText(ctx, tx, string(o.Customer), sealedIn("number", out[i].Account.ID), number)
		if err != nil {
			return nil, fmt.Errorf("seal account number: %w", err)
		}
		addAccount(n.accounts, out[i].Account, sealed, s.Index.Index(numberField, number))
		n.add(out[i].Account, v.Terms, d.rates, today, by)
	}
	return out, s.enter(ctx, tx, &n)
}

// opening gathers what a list writes: a statement for each table.
type opening struct {
	accounts  *db.Rows
	positions []Position
	books     []ledger.Account
	records   []audit.Record
	facts     []bus.Event
}

func (n *opening) add(a Account, terms catalog.Terms, rates catalog.Rates, today clock.Date, by act.By) {
	n.positions = append(n.positions, a.position(terms, rates, today))
	n.books = append(n.books, a.ledger())
	n.records = append(n.records, audit.Record{By: by, Act: actOpen, Subject: string(a.ID), Customer: a.Customer, Outcome: audit.Done})
	n.facts = append(n.facts, event.New(a.OpenedAt, event.Header{Subject: string(a.ID), BusinessDate: today, Trace: by.Trace}, a.opened()))
}

// opened is the fact that an account was opened.
func (a Account) opened() event.AccountOpened {
	return event.AccountOpened{
		Account: a.ID, Customer: a.Customer, Class: roman[a.Class], Product: a.Product, TermsVersion: strconv.Itoa(a.TermsVersion),
		Currency: a.Currency.Code(), Branch: a.Branch,
	}
}

// position is what an account begins to earn with.
func (a Account) position(terms catalog.Terms, rates catalog.Rates, today clock.Date) Position {
	p := Position{Account: a.ID, Customer: a.Customer, Product: a.Product, TermsVersion: a.TermsVersion, Kind: catalog.Current, Currency: a.Currency,
		Branch: a.Branch, State: Open, Principal: money.Zero(a.Currency), Rate: rates.Floating(a.Product), terms: terms}
	p.begin(today)
	p.AccruedTo = clock.Date{}
	return p
}

func (s *Service) enter(ctx context.Context, tx *db.Tx, n *opening) error {
	if len(n.books) == 0 {
		return nil
	}
	if err := insertAccounts(ctx, tx, n.accounts); err != nil {
		return fmt.Errorf("keep accounts: %w", err)
	}
	if err := insertPositions(ctx, tx, n.positions); err != nil {
		return fmt.Errorf("keep positions: %w", err)
	}
	if err := s.Books.Open(ctx, tx, n.books); err != nil {
		return fmt.Errorf("open accounts in the books: %w", err)
	}
	if err := s.Audit.Append(ctx, tx, n.records); err != nil {
		return err
	}
	return s.Events.Publish(ctx, tx, n.facts)
}

// doorkeeper knows what is needed to decide on a list of openings.
type doorkeeper struct {
	versions map[string]catalog.Version // by product; missing ones are not sold
	rates    catalog.Rates
	persons  map[id.Customer]customer.Customer
	barred   map[id.Customer]error // from class III, until they show a document
	have     map[classOf]int64     // open accounts, those of the list so far included
	most     map[int]int64         // by class
}

// classOf is a class of accounts of one customer.
type classOf struct {
	customer id.Customer
	class    int
}

func (s *Service) doorkeeper(ctx context.Context, tx *db.Tx, list []Opening, today clock.Date) (*doorkeeper, error) {
	d := &doorkeeper{versions: make(map[string]catalog.Version), most: make(map[int]int64)}
	var owners []id.Customer
	known := make(map[id.Customer]bool)
	for _, o := range list {
		if !known[o.Customer] {
			known[o.Customer] = true
			owners = append(owners, o.Customer)
		}
		if _, found := d.versions[o.Product]; found {
			continue
		}
		v, err := s.Catalog.InForce(ctx, tx, o.Product, today)
		if errors.Is(err, catalog.ErrNoProduct) || err == nil && (v.Kind != catalog.Current || v.Terms.Currency != money.CNY) { // other currencies are opened one by one
			continue
		}
		if err != nil {
			return nil, err
		}
		d.versions[o.Product] = v
		if d.most[v.Terms.Class], err = s.Rules.Int(ctx, fmt.Sprintf(classDeposit, v.Terms.Class, "accounts_count"), today); err != nil {
			return nil, err
		}
	}
	var err error
	if d.rates, err = s.Catalog.Rates(ctx, tx, today); err != nil {
		return nil, err
	}
	if d.persons, err = s.Persons.Find(ctx, tx, owners); err != nil {
		return nil, err
	}
	if d.have, err = countOfClasses(ctx, tx, owners, money.CNY); err != nil {
		return nil, err
	}
	return d, s.bar(ctx, tx, list, d)
}

// bar finds those of a list who may not open a further account of class III. They are asked for one by one: such lists are
// rare, and their people few.
func (s *Service) bar(ctx context.Context, tx *db.Tx, list []Opening, d *doorkeeper) error {
	d.barred = make(map[id.Customer]error)
	for _, o := range list {
		if _, asked := d.barred[o.Customer]; asked || d.versions[o.Product].Terms.Class != 3 {
			continue
		}
		err := s.mayOpenThird(ctx, tx, o.Customer, 3)
		if err != nil && !errors.Is(err, ErrIdentify) {
			return err
		}
		d.barred[o.Customer] = err
	}
	return nil
}

// admit decides on one opening, and counts it.
func (d *doorkeeper) admit(o Opening) (catalog.Version, error) {
	v, sold := d.versions[o.Product]
	if !sold {
		return v, catalog.ErrNoProduct
	}
	class := v.Terms.Class
	if needed := levelNeeded[class]; d.persons[o.Customer].Level < needed {
		return v, ErrLevel.With("level", fmt.Sprint(needed))
	}
	if class == 3 && d.barred[o.Customer] != nil {
		return v, d.barred[o.Customer]
	}
	if d.have[classOf{o.Customer, class}] >= d.most[class] {
		return v, ErrCount.With("max", fmt.Sprint(d.most[class]))
	}
	d.have[classOf{o.Customer, class}]++
	return v, nil
}
