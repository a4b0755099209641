package payment

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// PayeeRef names a payee in one of four ways. Name, when given, must be the payee's real name.
type PayeeRef struct {
	Number string   // account number
	Phone  string   // exact; found only if the payee allows it
	Payee  id.Payee // of the payer's own book
	Code   string   // of a QR
	Name   string

	found Resolved
}

// Resolved is a payee that exists, as the payer may see it.
type Resolved struct {
	Account deposit.Account
	Name    string // masked
	Number  string // masked

	name string // whole; stays in the sealed intent
}

// Counters of look-ups, beside the limits of deposit.
const (
	lookupsDay  deposit.LimitKind = "lookup_day"
	lookupsHour deposit.LimitKind = "lookup_hour"
	hourLayout                    = "2006-01-02T15"
)

// Resolve finds a payee and shows it masked. Look-ups by phone are counted.
func (s *Service) Resolve(ctx context.Context, by act.By, ref PayeeRef) (Resolved, error) {
	err := s.resolve(ctx, by, &ref)
	return ref.found, err
}

// resolve fills ref.found. Its count commits also when nobody is found.
func (s *Service) resolve(ctx context.Context, by act.By, ref *PayeeRef) error {
	if ref.Phone != "" {
		if err := s.countLookup(ctx, by); err != nil {
			return err
		}
	}
	return s.DB.Read(ctx, func(tx *db.Tx) error {
		account, err := s.payeeAccount(ctx, tx, by, *ref)
		if err != nil {
			return err
		}
		ref.found, err = s.payee(ctx, tx, account)
		if err != nil {
			return err
		}
		if ref.Name != "" && ref.Name != ref.found.name {
			return ErrPayeeName.At("/name")
		}
		return nil
	})
}

func (s *Service) countLookup(ctx context.Context, by act.By) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		day, err := s.Rules.Int(ctx, "payment.lookup.daily_count", today)
		if err != nil {
			return err
		}
		hour, err := s.Rules.Int(ctx, "payment.lookup.hourly_count", today)
		if err != nil {
			return err
		}
		who := string(by.Customer())
		uses := []deposit.Use{
			{Subject: who, Kind: lookupsDay, Period: today.String(), Times: day, Err: ErrLookups},
			{Subject: who, Kind: lookupsHour, Period: tx.Now().Format(hourLayout), Times: hour, Err: ErrLookups},
		}
		c, err := deposit.LockCounters(ctx, tx, uses)
		if err != nil {
			return err
		}
		if err := c.Try(uses); err != nil {
			return err
		}
		return c.Save(tx)
	})
}

// payeeAccount finds the account that a reference names. Whoever cannot be found, and why, is one answer.
func (s *Service) payeeAccount(ctx context.Context, tx *db.Tx, by act.By, ref PayeeRef) (deposit.Account, error) {
	var a deposit.Account
	var found bool
	var err error
	switch {
	case ref.Number != "":
		number := strings.ReplaceAll(ref.Number, " ", "")
		if err := deposit.CheckNumber(number); err != nil {
			return a, at(err, "/payee/accountNumber")
		}
		a, found, err = s.Accounts.FindByNumber(ctx, tx, number)
	case ref.Phone != "":
		a, found, err = s.byPhone(ctx, tx, ref.Phone)
	case ref.Payee != "":
		a, found, err = s.byBook(ctx, tx, by.Customer(), ref.Payee)
	case ref.Code != "":
		a, found, err = s.byCode(ctx, tx, ref.Code)
	}
	if err != nil {
		return a, err
	}
	if !found {
		return a, ErrPayee.At("/payee")
	}
	if a.State != deposit.Open {
		return a, ErrPayeeClosed.At("/payee")
	}
	return a, nil
}

func (s *Service) byPhone(ctx context.Context, tx *db.Tx, phone string) (deposit.Account, bool, error) {
	contact, err := auth.ParsePhone(phone)
	if err != nil {
		return deposit.Account{}, false, at(err, "/payee/phone")
	}
	principal, found, err := s.Provers.Find(ctx, tx, contact)
	if err != nil || !found {
		return deposit.Account{}, false, err
	}
	hidden, err := undiscoverable(ctx, tx, id.Customer(principal))
	if err != nil || hidden {
		return deposit.Account{}, false, err
	}
	return s.Accounts.FindForIncoming(ctx, tx, id.Customer(principal))
}

func (s *Service) byBook(ctx context.Context, tx *db.Tx, owner id.Customer, payee id.Payee) (deposit.Account, bool, error) {
	account, found, err := bookAccount(ctx, tx, owner, payee)
	if err != nil || !found {
		return deposit.Account{}, false, err
	}
	all, err := s.Accounts.Accounts(ctx, tx, []id.Account{account})
	a, ok := all[account]
	return a, ok, err
}

func (s *Service) byCode(ctx context.Context, tx *db.Tx, code string) (deposit.Account, bool, error) {
	if i := strings.LastIndexByte(code, '/'); i >= 0 {
		code = code[i+1:] // a QR holds an address that ends with the code
	}
	who, found, err := receiverOf(ctx, tx, code)
	if err != nil || !found {
		return deposit.Account{}, false, err
	}
	return s.Accounts.FindForIncoming(ctx, tx, who)
}

// payee is an account as a payer may see it.
func (s *Service) payee(ctx context.Context, tx *db.Tx, a deposit.Account) (Resolved, error) {
	names, err := s.Persons.Names(ctx, tx, []id.Customer{a.Customer})
	if err != nil {
		return Resolved{}, fmt.Errorf("name of payee: %w", err)
	}
	numbers, err := s.Numbers.MaskedNumbers(ctx, tx, []deposit.Account{a})
	if err != nil {
		return Resolved{}, fmt.Errorf("number of payee: %w", err)
	}
	whole := names[a.Customer].Reveal()
	return Resolved{Account: a, Name: customer.MaskName(whole), Number: numbers[a.ID], name: whole}, nil
}

// at points a fault at a field of the request, with values for its text.
func at(err error, pointer string, params ...string) error {
	e, ok := fault.From(err)
	if !ok {
		return err
	}
	for i := 0; i+1 < len(params); i += 2 {
		e = e.With(params[i], params[i+1])
	}
	return e.At(pointer)
}
