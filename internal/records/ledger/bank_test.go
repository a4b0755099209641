package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const branch = act.HeadOffice

func tables() []db.Migrations {
	return []db.Migrations{day.Migrations(), ledger.Migrations()}
}

// bank is a ledger with an open day.
type bank struct {
	testing.TB
	db    *db.DB
	days  *day.Keeper
	books *ledger.Ledger
	today clock.Date
}

func newBank(t testing.TB, d *db.DB) *bank {
	t.Helper()
	days := day.New(d, time.UTC)
	today, err := clock.ParseDate("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	if err := days.Open(t.Context(), today); err != nil {
		t.Fatal(err)
	}
	return &bank{TB: t, db: d, days: days, books: ledger.New(d, days), today: today}
}

func yuan(minor int64) money.Amount { return money.New(minor, money.CNY) }

var teller = act.Job("test")

// write runs a transaction that must commit.
func (b *bank) write(fn func(tx *db.Tx) error) {
	b.Helper()
	if err := b.db.Write(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

// read runs a reading transaction.
func (b *bank) read(fn func(tx *db.Tx) error) {
	b.Helper()
	if err := b.db.Read(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

// open opens class I accounts in a branch.
func (b *bank) open(branch string, accounts ...string) {
	b.Helper()
	b.write(func(tx *db.Tx) error {
		var all []ledger.Account
		for _, a := range accounts {
			all = append(all, ledger.Account{ID: a, Code: ledger.DepositsI, Currency: money.CNY, Branch: branch, Owner: "cust_" + a})
		}
		return b.books.Open(b.Context(), tx, all)
	})
}

// transfer debits one account and credits another.
func transfer(from, to string, minor int64) ledger.Journal {
	return ledger.Journal{Act: "test.transfer", Reference: "ref", By: teller, Lines: []ledger.Line{
		{Account: from, Side: ledger.Debit, Amount: yuan(minor)},
		{Account: to, Side: ledger.Credit, Amount: yuan(minor)},
	}}
}

func cash() string { return ledger.Own(ledger.Cash, money.CNY, branch) }
func fees() string { return ledger.Own(ledger.FeeIncome, money.CNY, branch) }

// post books journals in one transaction and returns their outcomes.
func (b *bank) post(journals ...ledger.Journal) []ledger.Outcome {
	b.Helper()
	var out []ledger.Outcome
	b.write(func(tx *db.Tx) error {
		var err error
		out, err = b.books.Post(b.Context(), tx, journals)
		return err
	})
	return out
}

// fund pays cash into accounts.
func (b *bank) fund(minor int64, accounts ...string) {
	b.Helper()
	for _, a := range accounts {
		for _, o := range b.post(transfer(cash(), a, minor)) {
			if o.Err != nil {
				b.Fatal(o.Err)
			}
		}
	}
}

// balance reads an account.
func (b *bank) balance(account string) ledger.Balance {
	b.Helper()
	var got ledger.Balance
	b.read(func(tx *db.Tx) error {
		all, err := b.books.Balances(b.Context(), tx, []string{account})
		got = all[account]
		return err
	})
	return got
}

// place holds money of an account.
func (b *bank) place(account string, minor int64, expires time.Time) ledger.HoldOutcome {
	b.Helper()
	var out []ledger.HoldOutcome
	b.write(func(tx *db.Tx) error {
		var err error
		out, err = b.books.Hold(b.Context(), tx, []ledger.HoldRequest{{
			Account: account, Amount: yuan(minor), Act: "test.hold", Reference: "ref", By: teller, ExpiresAt: expires,
		}})
		return err
	})
	return out[0]
}

// freeze places a restraint.
func (b *bank) freeze(account string, kind ledger.RestraintKind, minor int64) ledger.FreezeOutcome {
	b.Helper()
	f := ledger.Restraint{Account: account, Kind: kind, Act: "test.freeze", Reference: "order", By: teller}
	if kind == ledger.FrozenAmount {
		f.Amount = yuan(minor)
	}
	var out []ledger.FreezeOutcome
	b.write(func(tx *db.Tx) error {
		var err error
		out, err = b.books.Freeze(b.Context(), tx, []ledger.Restraint{f})
		return err
	})
	return out[0]
}

// thaw lifts a restraint.
func (b *bank) thaw(restraint id.Freeze) error {
	b.Helper()
	var out []error
	b.write(func(tx *db.Tx) error {
		var err error
		out, err = b.books.Thaw(b.Context(), tx, teller, []id.Freeze{restraint})
		return err
	})
	return out[0]
}

// release lets a hold go.
func (b *bank) release(hold id.Hold) error {
	b.Helper()
	var out []error
	b.write(func(tx *db.Tx) error {
		var err error
		out, err = b.books.Release(b.Context(), tx, []id.Hold{hold})
		return err
	})
	return out[0]
}

// reverse takes a journal back.
func (b *bank) reverse(original id.Journal) ledger.Outcome {
	b.Helper()
	var out ledger.Outcome
	b.write(func(tx *db.Tx) error {
		j, err := b.books.Reversal(b.Context(), tx, original)
		if err != nil {
			out.Err = err
			return nil
		}
		j.Act, j.Reference, j.By = "test.reverse", "ref", teller.Because("wrong account")
		all, err := b.books.Post(b.Context(), tx, []ledger.Journal{j})
		if err == nil {
			out = all[0]
		}
		return err
	})
	return out
}

// want fails unless an account has these amounts.
func (b *bank) want(account string, booked, held, frozen int64) {
	b.Helper()
	got := b.balance(account)
	if got.Booked != yuan(booked) || got.Held != yuan(held) || got.Frozen != yuan(frozen) {
		b.Errorf("%s has booked %s, held %s, frozen %s; want %d, %d, %d",
			account, got.Booked, got.Held, got.Frozen, booked, held, frozen)
	}
}

func names(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("acct_%05d", i)
	}
	return all
}

// never is the time at which a hold without end ends.
func (b *bank) never() time.Time { return time.Time{} }

// verify fails unless all books hold.
func (b *bank) verify() {
	b.Helper()
	report, err := b.books.Verify(b.Context(), ledger.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if report.Breach != nil {
		b.Fatal(report.Breach)
	}
	if report.Journals == 0 && report.Accounts == 0 {
		b.Error("verified nothing")
	}
}
