package payment_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// paperBank is what documents are made of: real books, rules, keys and audit. Accounts and names are fakes, and transfers
// are written as Send leaves them, so that these tests need no limits, screening or proofs.
type paperBank struct {
	testing.TB
	*payment.Service
	d      *db.DB
	clock  *clock.Fake
	days   *day.Keeper
	books  *ledger.Ledger
	vault  *vault.Vault
	rules  *rule.Rules
	signer crypto.Signer
	people *people
}

// person is a customer of the tests.
type person struct {
	id       id.Customer
	name     string
	accounts []id.Account
}

func (p person) by() act.By { return act.Person(p.id, act.Mobile) }

// What documents never ask is nil. The names keep the embedded interfaces from hiding their own methods.
type (
	accountsRest = payment.Accounts
	personsRest  = payment.Persons
)

// people answers for the rooms customer and deposit.
type people struct {
	accountsRest
	personsRest
	names    map[id.Customer]string
	holdings []deposit.Holding
}

func (p *people) Names(_ context.Context, _ *db.Tx, customers []id.Customer) (map[id.Customer]customer.Name, error) {
	out := make(map[id.Customer]customer.Name)
	for _, c := range customers {
		if full, known := p.names[c]; known {
			name, err := customer.NewName(full)
			if err != nil {
				return nil, err
			}
			out[c] = name
		}
	}
	return out, nil
}

func (p *people) Holdings(_ context.Context, _ *db.Tx, c id.Customer) ([]deposit.Holding, error) {
	return slices.DeleteFunc(slices.Clone(p.holdings), func(h deposit.Holding) bool { return h.Customer != c }), nil
}

func (p *people) Holding(_ context.Context, _ *db.Tx, c id.Customer, account id.Account) (deposit.Holding, error) {
	for _, h := range p.holdings {
		if h.ID == account && h.Customer == c {
			return h, nil
		}
	}
	return deposit.Holding{}, deposit.ErrNotFound
}

func (p *people) holding(account id.Account) deposit.Holding {
	for _, h := range p.holdings {
		if h.ID == account {
			return h
		}
	}
	return deposit.Holding{}
}

// cmsSigner signs with a key of the ring.
type cmsSigner struct{ crypto.Signer }

func (s cmsSigner) SignCMS(content []byte) ([]byte, error) { return crypto.SignCMS(s.Signer, content) }

// onPaperBanks runs a test on both databases, each with a bank of its own whose clock the test moves. The first
// business day is 2026-09-10.
func onPaperBanks(t *testing.T, test func(t *testing.T, b *paperBank)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newPaperBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newPaperBank(t, dbtest.Postgres(t)))
	})
}

func newPaperBank(t testing.TB, address string) *paperBank {
	t.Helper()
	b := &paperBank{TB: t, clock: clock.NewFake(time.Date(2026, 9, 10, 1, 30, 0, 0, time.UTC)), people: &people{names: map[id.Customer]string{}}}
	var err error
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), day.Migrations(), ledger.Migrations(), rule.Migrations(), vault.Migrations(), audit.Migrations(), payment.Migrations()))
	ring, err := crypto.NewRing()
	b.must(err)
	b.signer, err = ring.Signer(crypto.ECDSAP256)
	b.must(err)
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	b.days = day.New(b.d, zone)
	b.must(b.days.Open(t.Context(), b.date("2026-09-10")))
	b.books, b.vault, b.rules = ledger.New(b.d, b.days), vault.New(ring), rule.New(b.d)
	b.must(b.rules.Seed(t.Context()))
	b.Service = payment.New(payment.Needs{
		DB: b.d, Clock: b.clock, Accounts: b.people, Persons: b.people, Lines: b.books, Days: b.days, Rules: b.rules, Vault: b.vault, Tokens: ring,
		Audit:  audit.New(b.d, ring, nil, audit.Options{}),
		Papers: payment.Papers{Bank: "通宝银行", PublicURL: "https://bank.example/", Signer: cmsSigner{b.signer}},
	})
	t.Cleanup(b.Service.Close)
	return b
}

func (b *paperBank) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *paperBank) date(s string) clock.Date {
	b.Helper()
	d, err := clock.ParseDate(s)
	b.must(err)
	return d
}

// to moves clock and business date to half past nine of a day.
func (b *paperBank) to(date string) {
	b.Helper()
	d := b.date(date)
	b.clock.Set(d.Midnight(b.days.Zone()).Add(9*time.Hour + 30*time.Minute))
	b.must(b.days.Roll(b.Context(), d))
}

func yuan(minor int64) money.Amount { return money.New(minor, money.CNY) }

// person makes a customer with accounts that hold 10,000.00 each.
func (b *paperBank) person(name string, accounts int) person {
	b.Helper()
	p := person{id: id.New[id.Customer](b.clock.Now()), name: name}
	b.people.names[p.id] = name
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		if err := b.vault.Create(b.Context(), tx, string(p.id)); err != nil {
			return err
		}
		for range accounts {
			account := id.New[id.Account](b.clock.Now())
			number, err := deposit.Number("621700", int64(1000+len(b.people.holdings)))
			if err != nil {
				return err
			}
			b.people.holdings = append(b.people.holdings, deposit.Holding{Number: number, Account: deposit.Account{
				ID: account, Customer: p.id, Currency: money.CNY, Branch: act.HeadOffice, Tail: number[len(number)-4:]}})
			err = b.books.Open(b.Context(), tx, []ledger.Account{{ID: string(account), Kind: ledger.Guarded, Code: ledger.DepositsI,
				Currency: money.CNY, Branch: act.HeadOffice, Owner: string(p.id)}})
			if err != nil {
				return err
			}
			p.accounts = append(p.accounts, account)
		}
		return nil
	}))
	for _, account := range p.accounts {
		b.post(ledger.Journal{Act: "test.fund", Reference: "fund", By: act.Job("test"), Lines: []ledger.Line{
			{Account: ledger.Own(ledger.Cash, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: yuan(1_000_000)},
			{Account: string(account), Side: ledger.Credit, Amount: yuan(1_000_000)}}})
	}
	return p
}

func (b *paperBank) post(j ledger.Journal) ledger.Outcome {
	b.Helper()
	var out ledger.Outcome
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		outcomes, err := b.books.Post(b.Context(), tx, []ledger.Journal{j})
		if err != nil {
			return err
		}
		out = outcomes[0]
		return out.Err
	}))
	return out
}

// pay books a transfer from account to account as Send does, a second after the one before.
func (b *paperBank) pay(from, to id.Account, minor int64, memo string) id.Transfer {
	b.Helper()
	return b.payWithFee(from, to, minor, 0, memo)
}

func (b *paperBank) payWithFee(from, to id.Account, minor, fee int64, memo string) id.Transfer {
	b.Helper()
	b.clock.Advance(time.Second)
	t := id.New[id.Transfer](b.clock.Now())
	lines := []ledger.Line{
		{Account: string(from), Side: ledger.Debit, Amount: yuan(minor)}, {Account: string(to), Side: ledger.Credit, Amount: yuan(minor)}}
	if fee > 0 {
		lines = append(lines, ledger.Line{Account: string(from), Side: ledger.Debit, Amount: yuan(fee)},
			ledger.Line{Account: ledger.Own(ledger.FeeIncome, money.CNY, act.HeadOffice), Side: ledger.Credit, Amount: yuan(fee)})
	}
	booked := b.post(ledger.Journal{Act: "payment.transfer", Reference: string(t), By: act.Job("test"), Lines: lines})
	b.record(t, from, to, minor, fee, memo, "settled", string(booked.Journal))
	return t
}

// record writes a transfer's row.
func (b *paperBank) record(t id.Transfer, from, to id.Account, minor, fee int64, memo, state, journal string) {
	b.Helper()
	payer, payee := b.people.holding(from), b.people.holding(to)
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		seal := func(column string, me, other deposit.Holding) []byte {
			plain, err := json.Marshal(payment.View{Name: b.people.names[other.Customer], Number: deposit.MaskNumber(other.Number),
				Own: deposit.MaskNumber(me.Number), Memo: memo})
			b.must(err)
			sealed, err := b.vault.Seal(b.Context(), tx, string(me.Customer), crypto.AAD{Table: "payment_transfer", Column: column, Row: string(t)}, plain)
			b.must(err)
			return sealed
		}
		const q = `
			INSERT INTO payment_transfer
				(id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small, channel, branch,
				 actor, device, session, address, trace, intent, journal, payer_view, payee_view, ordered_on, made_at, settled_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 'CNY', 'real_time', $8, '', '', false, 'mobile', '0001', $2, '', '', '', '', '', $9, $10, $11, $12, $13, $13)`
		_, err := tx.Exec(b.Context(), q, t, payer.Customer, from, payee.Customer, to, minor, fee, state, journal,
			seal("payer_view", payer, payee), seal("payee_view", payee, payer), clock.DateOf(b.clock.Now(), b.days.Zone()), b.clock.Now())
		return err
	}))
}

// reverse takes a transfer back as staff do.
func (b *paperBank) reverse(t id.Transfer, payer person) {
	b.Helper()
	b.clock.Advance(time.Minute)
	seen, err := b.Transfer(b.Context(), payer.by(), t)
	b.must(err)
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		j, err := b.books.Reversal(b.Context(), tx, seen.Journal)
		if err != nil {
			return err
		}
		j.Act, j.Reference, j.By = "payment.reverse", string(t), act.Job("test")
		outcomes, err := b.books.Post(b.Context(), tx, []ledger.Journal{j})
		if err != nil {
			return err
		}
		if outcomes[0].Err != nil {
			return outcomes[0].Err
		}
		const q = `UPDATE payment_transfer SET state = 'reversed', reversal = $2, ended_at = $3 WHERE id = $1`
		_, err = tx.Exec(b.Context(), q, t, outcomes[0].Journal, tx.Now())
		return err
	}))
}
