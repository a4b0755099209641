package deposit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Prove takes the PIN "135790": a fake of auth.Service.
func (b *bank) Prove(_ context.Context, _ *db.Tx, proofs []auth.Proof) ([]auth.ProofResult, error) {
	out := make([]auth.ProofResult, len(proofs))
	for i, p := range proofs {
		if p.PIN != "135790" {
			out[i].Err = auth.ErrPINWrong
		}
	}
	return out, nil
}

// Blocked blocks nobody: a fake of customer.Service.
func (b *bank) Blocked(context.Context, *db.Tx, []id.Customer) (map[id.Customer]error, error) {
	return nil, nil
}

func cny(minor int64) money.Amount { return money.New(minor, money.CNY) }

func (b *bank) today() clock.Date {
	b.Helper()
	var d clock.Date
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		d, err = b.days.Current(b.Context(), tx)
		return err
	}))
	return d
}

// endDay closes the open day, opens the next, and does the end of the closed one: the ledger's balances, then the steps
// of deposits, in slices of a few, and what cannot be is an error of the test.
func (b *bank) endDay() {
	b.Helper()
	closed := b.today()
	b.clock.Set(closed.AddDays(1).Midnight(b.days.Zone()).Add(2 * time.Hour))
	b.must(b.days.Roll(b.Context(), closed.AddDays(1)))
	b.step(closed)
}

// step does the end of a day that is cut off. It may be repeated.
func (b *bank) step(closed clock.Date) {
	b.Helper()
	b.must(b.attempt(closed))
}

// attempt does the end of a day as far as it comes.
func (b *bank) attempt(closed clock.Date) error {
	for _, s := range append([]day.Step{b.books.BalancesStep()}, b.Steps()...) {
		after := ""
		for {
			var items []string
			err := b.d.Write(b.Context(), func(tx *db.Tx) error {
				var err error
				if items, err = s.Items(b.Context(), tx, closed, after, b.slice); err != nil || len(items) == 0 {
					return err
				}
				aside, err := s.Do(b.Context(), tx, closed, items)
				for _, a := range aside {
					err = errors.Join(err, a.Err)
				}
				return err
			})
			if err != nil {
				return fmt.Errorf("%s on %s: %w", s.Name, closed, err)
			}
			if len(items) < b.slice {
				break
			}
			after = items[len(items)-1]
		}
	}
	return nil
}

// until ends days until a date is open.
func (b *bank) until(to string) {
	b.Helper()
	for want := date(b, to); b.today().Before(want); {
		b.endDay()
	}
}

// agrees fails the test when accrued interest and books differ.
func (b *bank) agrees() {
	b.Helper()
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		found, err := b.AccruedCheck().Run(b.Context(), tx, b.today())
		for _, f := range found {
			b.Errorf("accrued interest: %s: %s", f.Subject, f.Detail)
		}
		return err
	}))
}

func (b *bank) verify() {
	b.Helper()
	b.agrees()
	report, err := b.books.Verify(b.Context(), ledger.Options{})
	b.must(err)
	if report.Breach != nil {
		b.Errorf("the books: %v", report.Breach)
	}
}

// saver is a person with a current account that holds so much.
func (b *bank) saver(minor int64) (act.By, deposit.Account) {
	b.Helper()
	by := b.person(customer.LevelFace)
	a := b.opened(by, 1)
	if minor > 0 {
		b.must(b.pay(a.ID, minor))
	}
	return by, a
}

// does checks an act and confirms it.
func (b *bank) does(by act.By, d deposit.Draft) (id.Account, deposit.Quote) {
	b.Helper()
	q, err := b.Check(b.Context(), by, d)
	b.must(err)
	account, err := b.Confirm(b.Context(), by, confirmation(b, q))
	b.must(err)
	return account, q
}

func confirmation(b *bank, q deposit.Quote) deposit.Confirmation {
	return deposit.Confirmation{Key: string(id.New[id.Intent](b.clock.Now())), Quote: q.Token, Method: auth.MethodPIN, PIN: crypto.Secret("135790")}
}

func (b *bank) contract(by act.By, account id.Account) deposit.Held {
	b.Helper()
	var h deposit.Held
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		h, err = b.Contract(b.Context(), tx, by.Customer(), account)
		return err
	}))
	return h
}

func (b *bank) booked(account id.Account) money.Amount {
	b.Helper()
	var all map[string]ledger.Balance
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		all, err = b.books.Balances(b.Context(), tx, []string{string(account)})
		return err
	}))
	return all[string(account)].Booked
}

func (b *bank) paid(by act.By, account id.Account) []deposit.Paid {
	b.Helper()
	var all []deposit.Paid
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		all, err = b.Interest(b.Context(), tx, by.Customer(), account, "", 50)
		return err
	}))
	return all
}

func rateOf(t testing.TB, text string) interest.Rate {
	t.Helper()
	r, err := interest.ParseRate(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
