package deposit_test

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
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bank is what accounts stand on, real; how far people are verified and whether a proof is good are told to it.
type bank struct {
	testing.TB
	*deposit.Service
	d      *db.DB
	clock  *clock.Fake
	books  *ledger.Ledger
	vault  *vault.Vault
	index  *rotatingIndex
	levels map[id.Customer]customer.Level
	roll   func() error // the business date to that of the clock
	days   *day.Keeper
	prices *catalog.Catalog
	fault  func(db.Point) error // loses connections; nil leaves them alone
	slice  int                  // items of a step in one transaction
	told   []notify.Notice
}

// Send keeps what people are told: a fake of notify.Service.
func (b *bank) Send(_ context.Context, _ *db.Tx, notices []notify.Notice) error {
	b.told = append(b.told, notices...)
	return nil
}

// Find answers how far people are verified: a fake of customer.Service.
func (b *bank) Find(_ context.Context, _ *db.Tx, who []id.Customer) (map[id.Customer]customer.Customer, error) {
	all := make(map[id.Customer]customer.Customer)
	for _, c := range who {
		all[c] = customer.Customer{ID: c, Level: b.levels[c]}
	}
	return all, nil
}

// UseProof takes the proof "good": a fake of auth.Service.
func (b *bank) UseProof(_ context.Context, _ *db.Tx, _ act.By, _ auth.Purpose, proof crypto.Secret, _ ...auth.Method) error {
	if proof != "good" {
		return auth.ErrStepUp
	}
	return nil
}

// rotatingIndex is an index whose key the test changes.
type rotatingIndex struct {
	ring        *crypto.Ring
	generations []string // the current one first
}

func (r *rotatingIndex) Index(field, text string) []byte { return r.Indexes(field, text)[0] }

func (r *rotatingIndex) Indexes(field, text string) [][]byte {
	var all [][]byte
	for _, g := range r.generations {
		all = append(all, r.ring.Index(field, g+text))
	}
	return all
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
	return newBankOn(t, address, time.Date(2026, 9, 10, 1, 30, 0, 0, time.UTC))
}

// newBankOn is a bank that opens at an instant.
func newBankOn(t testing.TB, address string, now time.Time) *bank {
	t.Helper()
	ring, err := sharedRing()
	b := &bank{
		TB: t, clock: clock.NewFake(now), levels: map[id.Customer]customer.Level{},
		index: &rotatingIndex{ring, []string{"1:"}},
	}
	b.must(err)
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8, Fault: func(p db.Point) error {
		if b.fault == nil {
			return nil
		}
		return b.fault(p)
	}})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), day.Migrations(), ledger.Migrations(), rule.Migrations(), vault.Migrations(), audit.Migrations(),
		once.Migrations(), bus.Migrations(), catalog.Migrations(), deposit.Migrations()))
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	days, rules, products := day.New(b.d, zone), rule.New(b.d), catalog.New(b.d)
	b.roll = func() error { return days.Roll(t.Context(), clock.DateOf(b.clock.Now(), zone)) }
	b.days, b.prices, b.slice = days, products, 3
	b.must(days.Open(t.Context(), clock.DateOf(b.clock.Now(), zone)))
	b.must(errors.Join(rules.Seed(t.Context()), products.Seed(t.Context())))
	b.books, b.vault = ledger.New(b.d, days), vault.New(ring)
	b.Service = deposit.New(deposit.Needs{
		DB: b.d, Books: b.books, Restrainer: b.books, Days: days, Rules: rules, Catalog: products, Persons: b, Vault: b.vault, Index: b.index,
		Audit: audit.New(b.d, ring, nil, audit.Options{}), Events: bus.New(b.d, clock.System(), bus.Options{}), Prover: b, Prefix: "621700",
		Daybook: b.books, Proofs: b, Blocks: b, Tokens: ring, Messages: b,
	})
	return b
}

func (b *bank) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bank) person(level customer.Level) act.By {
	b.Helper()
	who := id.New[id.Customer](b.clock.Advance(time.Millisecond))
	b.levels[who] = level
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error { return b.vault.Create(b.Context(), tx, string(who)) }))
	return act.Person(who, act.Mobile)
}

func (b *bank) open(by act.By, class int) (deposit.Account, error) {
	return b.Open(b.Context(), by, deposit.Opening{Customer: by.Customer(), Product: fmt.Sprintf("current_%d", class)})
}

func (b *bank) opened(by act.By, class int) deposit.Account {
	b.Helper()
	a, err := b.open(by, class)
	b.must(err)
	return a
}

func (b *bank) holding(by act.By, account id.Account) deposit.Holding {
	b.Helper()
	var h deposit.Holding
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		h, err = b.Holding(b.Context(), tx, by.Customer(), account)
		return err
	}))
	return h
}

func (b *bank) found(number string) bool {
	b.Helper()
	var found bool
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		_, found, err = b.FindByNumber(b.Context(), tx, number)
		return err
	}))
	return found
}

// pay moves money between an account and the bank's cash: in, or out when it is negative.
func (b *bank) pay(account id.Account, minor int64) error {
	in, out := ledger.Credit, ledger.Debit
	if minor < 0 {
		in, out, minor = out, in, -minor
	}
	return b.d.Write(b.Context(), func(tx *db.Tx) error {
		outcomes, err := b.books.Post(b.Context(), tx, []ledger.Journal{{Act: "test.cash", By: act.Job("test"), Lines: []ledger.Line{
			{Account: string(account), Side: in, Amount: money.New(minor, money.CNY)},
			{Account: ledger.Own(ledger.Cash, money.CNY, act.HeadOffice), Side: out, Amount: money.New(minor, money.CNY)},
		}}})
		return errors.Join(err, outcomes[0].Err)
	})
}
