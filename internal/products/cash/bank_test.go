package cash_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bank is a branch on real rooms; how far people are verified and who is blocked are told to it.
type bank struct {
	testing.TB
	*cash.Service
	d        *db.DB
	clock    *clock.Fake
	books    *ledger.Ledger
	vault    *vault.Vault
	deposits *deposit.Service
	blocked  map[id.Customer]error
	keys     int
}

// Find answers that everybody is verified as far as can be: a fake of customer.Service.
func (b *bank) Find(_ context.Context, _ *db.Tx, who []id.Customer) (map[id.Customer]customer.Customer, error) {
	all := make(map[id.Customer]customer.Customer)
	for _, c := range who {
		all[c] = customer.Customer{ID: c, Level: customer.LevelFace}
	}
	return all, nil
}

// Blocked answers who may pay nothing out: a fake of customer.Service.
func (b *bank) Blocked(context.Context, *db.Tx, []id.Customer) (map[id.Customer]error, error) {
	return b.blocked, nil
}

var sharedRing = sync.OnceValues(crypto.NewRing)

func onBanks(t *testing.T, test func(t *testing.T, b *bank)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newBank(t, dbtest.Postgres(t)))
	})
}

func newBank(t testing.TB, address string) *bank {
	t.Helper()
	ring, err := sharedRing()
	b := &bank{TB: t, clock: clock.NewFake(time.Date(2026, 9, 10, 1, 30, 0, 0, time.UTC)), blocked: map[id.Customer]error{}}
	b.must(err)
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), once.Migrations(), day.Migrations(), ledger.Migrations(), rule.Migrations(), vault.Migrations(), audit.Migrations(),
		bus.Migrations(), catalog.Migrations(), deposit.Migrations(), cash.Migrations()))
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	days, rules, products := day.New(b.d, zone), rule.New(b.d), catalog.New(b.d)
	b.must(days.Open(t.Context(), clock.DateOf(b.clock.Now(), zone)))
	b.must(errors.Join(rules.Seed(t.Context()), products.Seed(t.Context())))
	b.books, b.vault = ledger.New(b.d, days), vault.New(ring)
	log, events := audit.New(b.d, ring, nil, audit.Options{}), bus.New(b.d, clock.System(), bus.Options{})
	b.deposits = deposit.New(deposit.Needs{
		DB: b.d, Books: b.books, Restrainer: b.books, Days: days, Rules: rules, Catalog: products, Persons: b, Vault: b.vault, Index: ring,
		Audit: log, Events: events, Prefix: "621700",
	})
	b.Service, err = cash.New(cash.Needs{DB: b.d, Accounts: b.deposits, Persons: b, Provers: b, Books: b.books, Days: days, Rules: rules, Audit: log, Events: events})
	b.must(err)
	return b
}

// pin is what every customer of these tests types.
const pin = "271828"

// Prove implements cash.Provers.
func (b *bank) Prove(_ context.Context, _ *db.Tx, proofs []auth.Proof) ([]auth.ProofResult, error) {
	out := make([]auth.ProofResult, len(proofs))
	for i, p := range proofs {
		if p.PIN.Reveal() != pin || p.By.Customer() == "" || p.By.Channel != act.Branch {
			out[i].Err = auth.ErrPINWrong
		}
	}
	return out, nil
}

func (b *bank) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bank) want(err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Errorf("got %v, want %v", err, want)
	}
}

// teller is somebody at a branch.
func (b *bank) teller(branch string) act.By {
	who := id.New[id.Staff](b.clock.Advance(time.Millisecond))
	return act.By{Kind: act.Staff, Actor: string(who), Channel: act.Branch, Branch: branch, Reason: "at the counter"}
}

// account opens an account of a new customer.
func (b *bank) account(class int) deposit.Account {
	b.Helper()
	who := id.New[id.Customer](b.clock.Advance(time.Millisecond))
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error { return b.vault.Create(b.Context(), tx, string(who)) }))
	a, err := b.deposits.Open(b.Context(), act.Person(who, act.Mobile), deposit.Opening{Customer: who, Product: fmt.Sprintf("current_%d", class)})
	b.must(err)
	return a
}

// counter is a teller with an open till that holds pieces, from the vault of his branch.
func (b *bank) counter(pieces cash.Pieces) (act.By, id.Till) {
	b.Helper()
	const branch = "0213"
	keeper, teller := b.teller(branch), b.teller(branch)
	vault, err := b.Create(b.Context(), keeper, cash.NewTill{Branch: branch, Place: cash.InVault, Name: "vault"})
	b.must(err)
	b.must(b.deliver(keeper, cash.Delivery{Vault: vault.ID, Pieces: pieces, Reference: "PBC 1"}))
	_, err = b.OpenTill(b.Context(), keeper, vault.ID, pieces)
	b.must(err)
	till := b.till(teller, "one")
	if len(pieces) > 0 {
		_, err = b.Hand(b.Context(), keeper, vault.ID, till, pieces)
		b.must(err)
	}
	return teller, till
}

func (b *bank) till(teller act.By, name string) id.Till {
	b.Helper()
	t, err := b.Create(b.Context(), teller, cash.NewTill{Branch: teller.Branch, Place: cash.InTill, Name: name})
	b.must(err)
	_, err = b.OpenTill(b.Context(), teller, t.ID, nil)
	b.must(err)
	return t.ID
}

func (b *bank) deliver(by act.By, d cash.Delivery) error {
	return b.d.Write(b.Context(), func(tx *db.Tx) error {
		_, err := b.Deliver(b.Context(), tx, by, acttest.Granted{}, d)
		return err
	})
}

func (b *bank) order(till id.Till, a deposit.Account, pieces cash.Pieces) cash.Order {
	b.keys++
	b.clock.Advance(time.Millisecond)
	return cash.Order{Till: till, Account: a.ID, Pieces: pieces, Key: fmt.Sprintf("key-%d", b.keys), PIN: pin}
}

// booked is what an account holds, in minor units.
func (b *bank) booked(a deposit.Account) int64 {
	b.Helper()
	var minor int64
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		balances, err := b.books.Balances(b.Context(), tx, []string{string(a.ID)})
		minor = balances[string(a.ID)].Booked.Minor()
		return err
	}))
	return minor
}

// ties expects the branch's tills to hold what its books say.
func (b *bank) ties(branch string) {
	b.Helper()
	holdings, err := b.Tills(b.Context(), branch)
	b.must(err)
	sum := money.Zero(money.CNY)
	for _, h := range holdings {
		sum, err = sum.Add(h.Amount)
		b.must(err)
	}
	var booked int64
	_, err = b.books.Fold(b.Context())
	b.must(err)
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		trial, err := b.books.TrialBalance(b.Context(), tx, clock.Date{})
		for _, row := range trial {
			if row.Heading.Code == ledger.Cash && row.Branch == branch {
				booked += row.Debit.Minor() - row.Credit.Minor()
			}
		}
		return err
	}))
	if sum.Minor() != booked {
		b.Errorf("the tills hold %d, the books say %d", sum.Minor(), booked)
	}
}
