package deposit

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	numberField  = "account_number" // of the blind index
	nicknameMax  = 20               // characters
	accountsMax  = 50               // of one customer on a list
	classDeposit = "deposit.class_%d.%s"
)

// levelNeeded is the verification level that a class asks for: documents and face for class I, the number and the
// documents for II, name and number for III (银发〔2015〕392号, by the means of online opening).
var levelNeeded = [...]customer.Level{1: customer.LevelFace, 2: customer.LevelDocument, 3: customer.LevelNumber}

// Opening asks for an account under the terms of a product.
type Opening struct {
	Customer id.Customer
	Product  string
	Branch   string // the customer's home branch when empty
	Key      string // the client's, under which one account is opened however often it is asked for; empty for none
}

// Open opens an account: verified far enough, not too many of the class, with a number of its own. Repeating the key
// answers the account that it opened; a refusal uses no key up, so that a repetition is decided anew.
// Errors: ErrLevel, ErrCount, ErrIdentify, catalog.ErrNoProduct, once.ErrKey, once.ErrReused.
func (s *Service) Open(ctx context.Context, by act.By, o Opening) (Account, error) {
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		a, err = s.open(ctx, tx, by, o)
		return err
	})
	if db.IsUnique(err) {
		return Account{}, ErrCount // the database's own guard of class I
	}
	return a, err
}

func (s *Service) open(ctx context.Context, tx *db.Tx, by act.By, o Opening) (Account, error) {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return Account{}, err
	}
	account := id.New[id.Account](tx.Now())
	opened, err := claim(ctx, tx, o.Customer, openOperation, o.Key, o.Product, account)
	if err != nil {
		return Account{}, err
	}
	if opened != account {
		return s.again(ctx, tx, opened)
	}
	version, err := s.Catalog.InForce(ctx, tx, o.Product, today)
	if err != nil {
		return Account{}, err
	}
	number, err := s.nextNumber(ctx, tx) // locks the serial, so that openings take turns: what follows counts for all
	if err != nil {
		return Account{}, err
	}
	if err := s.mayOpen(ctx, tx, o, version, today); err != nil {
		return Account{}, err
	}
	a := Account{
		ID: account, Customer: o.Customer, Class: version.Terms.Class, Product: version.Product,
		TermsVersion: version.Number, Currency: version.Terms.Currency, Branch: branch(o.Branch, by), State: Open,
		Tail: number[len(number)-shownDigits:], OpenedAt: tx.Now(),
	}
	if err := s.insert(ctx, tx, a, number); err != nil {
		return Account{}, err
	}
	if err := s.earn(ctx, tx, a, version.Terms, today); err != nil {
		return Account{}, err
	}
	if err := s.Books.Open(ctx, tx, []ledger.Account{a.ledger()}); err != nil {
		return Account{}, fmt.Errorf("open account in the books: %w", err)
	}
	if err := s.note(ctx, tx, by, a, actOpen); err != nil {
		return Account{}, err
	}
	return a, s.tell(ctx, tx, by, a, a.opened())
}

// roman is how people and events call the classes.
var roman = [...]string{1: "I", 2: "II", 3: "III"}

// tell publishes a fact about an account.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by act.By, a Account, f event.Fact) error {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return err
	}
	return s.Events.Publish(ctx, tx, []bus.Event{event.New(tx.Now(), event.Header{Subject: string(a.ID), BusinessDate: today, Trace: by.Trace}, f)})
}

// earn lets an account earn interest from a day on, at the rate that is posted for its product.
func (s *Service) earn(ctx context.Context, tx *db.Tx, a Account, terms catalog.Terms, today clock.Date) error {
	rates, err := s.Catalog.Rates(ctx, tx, today)
	if err != nil {
		return err
	}
	if err := insertPosition(ctx, tx, a.position(terms, rates, today)); err != nil {
		return fmt.Errorf("keep position: %w", err)
	}
	return nil
}

func branch(wanted string, by act.By) string {
	if wanted != "" {
		return wanted
	}
	if by.Branch != "" {
		return by.Branch
	}
	return act.HeadOffice
}

// mayOpen checks level and count, under the lock of the serial.
func (s *Service) mayOpen(ctx context.Context, tx *db.Tx, o Opening, v catalog.Version, today clock.Date) error {
	persons, err := s.Persons.Find(ctx, tx, []id.Customer{o.Customer})
	if err != nil {
		return err
	}
	if needed := levelNeeded[v.Terms.Class]; persons[o.Customer].Level < needed {
		return ErrLevel.With("level", fmt.Sprint(needed))
	}
	if err := s.mayOpenThird(ctx, tx, o.Customer, v.Terms.Class); err != nil {
		return err
	}
	if v.Terms.Currency != money.CNY {
		if err := s.mayOpenCurrency(ctx, tx, o.Customer, v.Terms.Currency, today); err != nil {
			return err
		}
	}
	most, err := s.Rules.Int(ctx, fmt.Sprintf(classDeposit, v.Terms.Class, "accounts_count"), today)
	if err != nil {
		return err
	}
	have, err := countOfClass(ctx, tx, o.Customer, v.Terms.Class, v.Terms.Currency)
	if err != nil {
		return err
	}
	if have >= most {
		return ErrCount.With("max", fmt.Sprint(most))
	}
	return nil
}

// mayOpenThird keeps a person whose class III accounts stand still from going on with a new one.
func (s *Service) mayOpenThird(ctx context.Context, tx *db.Tx, who id.Customer, class int) error {
	if class != 3 {
		return nil
	}
	i, asks, err := s.Identification(ctx, tx, who)
	if err == nil && asks && i.State == IdentifyRestricted {
		return ErrIdentify
	}
	return err
}

func (s *Service) nextNumber(ctx context.Context, tx *db.Tx) (string, error) {
	serial, err := nextSerial(ctx, tx, s.Prefix)
	if err != nil {
		return "", fmt.Errorf("next account number: %w", err)
	}
	return Number(s.Prefix, serial)
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, a Account, number string) error {
	sealed, err := s.Vault.SealText(ctx, tx, string(a.Customer), sealedIn("number", a.ID), number)
	if err != nil {
		return fmt.Errorf("seal account number: %w", err)
	}
	return insertAccount(ctx, tx, a, sealed, s.Index.Index(numberField, number))
}

func sealedIn(column string, account id.Account) crypto.AAD {
	return crypto.AAD{Table: "deposit_account", Column: column, Row: string(account)}
}

// control is the heading of the chart under which a class stands.
func (a Account) control() ledger.Code {
	switch a.Class {
	case 1:
		return ledger.DepositsI
	case 2:
		return ledger.DepositsII
	default:
		return ledger.DepositsIII
	}
}

func (a Account) ledger() ledger.Account {
	return ledger.Account{
		ID: string(a.ID), Kind: ledger.Guarded, Code: a.control(), Currency: a.Currency, Branch: a.Branch,
		Owner: string(a.Customer), OpenedAt: a.OpenedAt,
	}
}

// note keeps what was done to an account.
func (s *Service) note(ctx context.Context, tx *db.Tx, by act.By, a Account, what string) error {
	return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: string(a.ID), Customer: a.Customer, Outcome: audit.Done}})
}

// Holdings are a customer's accounts with what they hold, in the order of opening; closed ones at the end.
func (s *Service) Holdings(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Holding, error) {
	rows, err := accountsOf(ctx, tx, customer)
	if err != nil {
		return nil, err
	}
	return s.holdings(ctx, tx, rows)
}

// Holding is one account of a customer, or ErrNotFound.
func (s *Service) Holding(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) (Holding, error) {
	row, found, err := accountOf(ctx, tx, customer, account)
	if err != nil {
		return Holding{}, err
	}
	if !found {
		return Holding{}, ErrNotFound
	}
	all, err := s.holdings(ctx, tx, []sealedAccount{row})
	if err != nil {
		return Holding{}, err
	}
	return all[0], nil
}

func (s *Service) holdings(ctx context.Context, tx *db.Tx, rows []sealedAccount) ([]Holding, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = string(r.ID)
	}
	balances, err := s.Books.Balances(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	all := make([]Holding, len(rows))
	for i, r := range rows {
		if all[i], err = s.openRow(ctx, tx, r); err != nil {
			return nil, err
		}
		all[i].Balance = balances[string(r.ID)]
	}
	return all, nil
}

func (s *Service) openRow(ctx context.Context, tx *db.Tx, r sealedAccount) (Holding, error) {
	number, err := s.Vault.OpenText(ctx, tx, string(r.Customer), sealedIn("number", r.ID), r.number)
	if err != nil {
		return Holding{}, fmt.Errorf("open account number: %w", err)
	}
	nickname, err := s.Vault.OpenText(ctx, tx, string(r.Customer), sealedIn("nickname", r.ID), r.nickname)
	if err != nil {
		return Holding{}, fmt.Errorf("open nickname: %w", err)
	}
	return Holding{Account: r.Account, Number: number, Nickname: nickname}, nil
}

// Accounts finds accounts by id, whoever holds them: for rooms that have resolved them already.
func (s *Service) Accounts(ctx context.Context, tx *db.Tx, ids []id.Account) (map[id.Account]Account, error) {
	return accountsByID(ctx, tx, ids)
}

// FindByNumber finds the open account with a number; exact match only.
func (s *Service) FindByNumber(ctx context.Context, tx *db.Tx, number string) (Account, bool, error) {
	return accountByNumber(ctx, tx, s.Index.Indexes(numberField, number))
}

// MaskedNumbers reads the numbers of accounts for people who are not the holder.
func (s *Service) MaskedNumbers(ctx context.Context, tx *db.Tx, accounts []Account) (map[id.Account]string, error) {
	ids := make([]id.Account, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	rows, err := sealedByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Account]string, len(rows))
	for _, row := range rows {
		number, err := s.Vault.OpenText(ctx, tx, string(row.Customer), sealedIn("number", row.ID), row.number)
		if err != nil {
			return nil, fmt.Errorf("open account number: %w", err)
		}
		out[row.ID] = MaskNumber(number)
	}
	return out, nil
}

// FindByNumbers finds the open accounts with some numbers; exact match only. Numbers that are nobody's are left out.
func (s *Service) FindByNumbers(ctx context.Context, tx *db.Tx, numbers []string) (map[string]Account, error) {
	indexes := make([][][]byte, len(numbers))
	for i, n := range numbers {
		indexes[i] = s.Index.Indexes(numberField, n)
	}
	found, err := accountsByNumber(ctx, tx, indexes)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Account, len(found))
	for i, a := range found {
		out[numbers[i]] = a
	}
	return out, nil
}

// FindForIncoming finds the account on which a customer takes payments that name only the person: an open one in yuan, of
// class I before II before III, the oldest first.
func (s *Service) FindForIncoming(ctx context.Context, tx *db.Tx, customer id.Customer) (Account, bool, error) {
	return receivingAccount(ctx, tx, customer, money.CNY)
}

// Rename changes the nickname of an account; empty takes it away. Errors: ErrNotFound, ErrNickname.
func (s *Service) Rename(ctx context.Context, by act.By, account id.Account, nickname string) error {
	if utf8.RuneCountInString(nickname) > nicknameMax || strings.ContainsFunc(nickname, unicode.IsControl) {
		return ErrNickname.At("/nickname")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		row, found, err := accountOf(ctx, tx, by.Customer(), account)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		sealed, err := s.Vault.SealText(ctx, tx, string(row.Customer), sealedIn("nickname", account), nickname)
		if err != nil {
			return fmt.Errorf("seal nickname: %w", err)
		}
		if err := setNickname(ctx, tx, account, sealed); err != nil {
			return err
		}
		return s.note(ctx, tx, by, row.Account, actRename)
	})
}
