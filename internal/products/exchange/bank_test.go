package exchange_test

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
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bank is what exchanges stand on, real; how far people are verified, whether a proof is good and what rates are are told to it.
type bank struct {
	testing.TB
	*exchange.Service
	d        *db.DB
	clock    *clock.Fake
	days     *day.Keeper
	books    *ledger.Ledger
	vault    *vault.Vault
	rules    *rule.Rules
	deposits *deposit.Service
	end      *day.End
	told     map[money.Currency]exchange.Rate // what the source says now; a currency that is absent is not told
	silent   bool                             // the source does not answer
	blocked  map[id.Customer]error
	fault    func(db.Point) error // loses connections
	keys     int
}

// Name is whose rates these are: a fake of a source.
func (b *bank) Name() string { return "test" }

// Rates tells what the test says.
func (b *bank) Rates(_ context.Context, at time.Time, currencies []money.Currency) ([]exchange.Observed, error) {
	if b.silent {
		return nil, errors.New("nobody answers")
	}
	var all []exchange.Observed
	for _, c := range currencies {
		if r, known := b.told[c]; known {
			all = append(all, exchange.Observed{Currency: c, At: at, Middle: r})
		}
	}
	return all, nil
}

// Find answers that everybody is verified as far as can be: a fake of customer.Service.
func (b *bank) Find(_ context.Context, _ *db.Tx, who []id.Customer) (map[id.Customer]customer.Customer, error) {
	all := make(map[id.Customer]customer.Customer)
	for _, c := range who {
		all[c] = customer.Customer{ID: c, Level: customer.LevelFace}
	}
	return all, nil
}

// Blocked answers who may move nothing: a fake of customer.Service.
func (b *bank) Blocked(context.Context, *db.Tx, []id.Customer) (map[id.Customer]error, error) {
	return b.blocked, nil
}

// Prove takes one PIN: a fake of auth.Service.
func (b *bank) Prove(_ context.Context, _ *db.Tx, proofs []auth.Proof) ([]auth.ProofResult, error) {
	out := make([]auth.ProofResult, len(proofs))
	for i, p := range proofs {
		if p.PIN != "135790" {
			out[i].Err = auth.ErrPINWrong
		}
	}
	return out, nil
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
	b := &bank{TB: t, clock: clock.NewFake(time.Date(2026, 9, 10, 1, 30, 0, 0, time.UTC)), blocked: map[id.Customer]error{},
		told: map[money.Currency]exchange.Rate{}}
	b.must(err)
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8, Fault: func(p db.Point) error {
		if b.fault == nil {
			return nil
		}
		return b.fault(p)
	}})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), once.Migrations(), job.Migrations(), day.Migrations(), ledger.Migrations(), rule.Migrations(), vault.Migrations(),
		audit.Migrations(), bus.Migrations(), catalog.Migrations(), deposit.Migrations(), exchange.Migrations()))
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	b.days, b.rules = day.New(b.d, zone), rule.New(b.d)
	products := catalog.New(b.d)
	b.must(b.days.Open(t.Context(), clock.DateOf(b.clock.Now(), zone)))
	b.must(errors.Join(b.rules.Seed(t.Context()), products.Seed(t.Context())))
	b.books, b.vault = ledger.New(b.d, b.days), vault.New(ring)
	log, events := audit.New(b.d, ring, nil, audit.Options{}), bus.New(b.d, clock.System(), bus.Options{})
	b.deposits = deposit.New(deposit.Needs{
		DB: b.d, Books: b.books, Restrainer: b.books, Days: b.days, Rules: b.rules, Catalog: products, Persons: b, Vault: b.vault, Index: ring,
		Audit: log, Events: events, Prefix: "621700", Daybook: b.books, Proofs: b, Blocks: b, Tokens: ring,
	})
	b.Service = exchange.New(exchange.Needs{
		DB: b.d, Clock: b.clock, Source: b, Accounts: b.deposits, Products: products, Books: b.books, Days: b.days, Rules: b.rules, Proofs: b,
		Blocks: b, Tokens: ring, Audit: log, Events: events,
	})
	b.end = day.NewEnd(day.EndNeeds{
		DB: b.d, Leases: job.NewLeases(b.d, "test"), Audit: log, Steps: append([]day.Step{b.books.BalancesStep()}, b.Steps()...),
		Checks: append(b.books.Checks(), b.PositionCheck()),
	})
	return b
}

func (b *bank) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bank) refused(err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Errorf("got %v, want %v", err, want)
	}
}

// rates sets what the source says and takes it in.
func (b *bank) rates(told map[money.Currency]string) {
	b.Helper()
	for c, text := range told {
		r, err := exchange.ParseRate(text)
		b.must(err)
		b.told[c] = r
	}
	b.clock.Advance(time.Second)
	_, err := b.Refresh(b.Context())
	b.must(err)
}

// usual are rates to begin with.
func (b *bank) usual() {
	b.Helper()
	b.rates(map[money.Currency]string{money.USD: "7.1", money.EUR: "8.2", money.HKD: "0.91", money.JPY: "0.0456", money.GBP: "9.4"})
}

// person is a customer with an account of class I that holds so many fen.
func (b *bank) person(minor int64) (act.By, id.Account) {
	b.Helper()
	who := id.New[id.Customer](b.clock.Advance(time.Millisecond))
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error { return b.vault.Create(b.Context(), tx, string(who)) }))
	by := act.Person(who, act.Mobile)
	by.Session = id.New[id.Session](b.clock.Now())
	a := b.opens(by, "current_1")
	if minor > 0 {
		b.brings(a, money.New(minor, money.CNY))
	}
	return by, a
}

func (b *bank) opens(by act.By, product string) id.Account {
	b.Helper()
	a, err := b.deposits.Open(b.Context(), by, deposit.Opening{Customer: by.Customer(), Product: product})
	b.must(err)
	return a.ID
}

// brings puts money from outside on an account.
func (b *bank) brings(account id.Account, amount money.Amount) {
	b.Helper()
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		outcomes, err := b.books.Post(b.Context(), tx, []ledger.Journal{{Act: "test.cash", By: act.Job("test"), Lines: []ledger.Line{
			{Account: string(account), Side: ledger.Credit, Amount: amount},
			{Account: ledger.Own(ledger.Cash, amount.Currency(), act.HeadOffice), Side: ledger.Debit, Amount: amount},
		}}})
		return errors.Join(err, outcomes[0].Err)
	}))
}

func (b *bank) confirmation(q exchange.Quote) exchange.Confirmation {
	b.keys++
	return exchange.Confirmation{Key: fmt.Sprintf("key-%d", b.keys), Quote: q.Token, Method: auth.MethodPIN, PIN: "135790"}
}

// exchanges asks for a quote and confirms it.
func (b *bank) exchanges(by act.By, d exchange.Draft) (exchange.Exchange, error) {
	if d.Purpose == "" {
		d.Purpose = "travel"
	}
	b.clock.Advance(time.Millisecond)
	q, err := b.Check(b.Context(), by, d)
	if err != nil {
		return exchange.Exchange{}, err
	}
	return b.Confirm(b.Context(), by, b.confirmation(q))
}

func (b *bank) exchanged(by act.By, from, to id.Account, amount money.Amount) exchange.Exchange {
	b.Helper()
	x, err := b.exchanges(by, exchange.Draft{From: from, To: to, Amount: amount})
	b.must(err)
	return x
}

func (b *bank) booked(account id.Account) money.Amount {
	b.Helper()
	var a money.Amount
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		balances, err := b.books.Balances(b.Context(), tx, []string{string(account)})
		a = balances[string(account)].Booked
		return err
	}))
	return a
}

// own is what one of the bank's accounts gathered, debits less credits.
func (b *bank) own(code ledger.Code, c money.Currency) int64 {
	b.Helper()
	var net int64
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		t, err := b.books.TotalOf(b.Context(), tx, ledger.Own(code, c, act.HeadOffice))
		net = t.Debit.Minor() - t.Credit.Minor()
		return err
	}))
	return net
}

func (b *bank) today() clock.Date {
	b.Helper()
	var d clock.Date
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		d, err = b.days.Current(b.Context(), tx)
		return err
	}))
	return d
}

// roll cuts the open day off and opens the next.
func (b *bank) roll() {
	b.Helper()
	next := b.today().AddDays(1)
	b.clock.Set(next.Midnight(b.days.Zone()).Add(2 * time.Hour))
	b.must(b.days.Roll(b.Context(), next))
}

// night is the end of a day, to its lock.
func (b *bank) night() {
	b.Helper()
	b.roll()
	b.must(b.end.Run(b.Context()))
}

// verify recomputes the books, and compares positions.
func (b *bank) verify() {
	b.Helper()
	report, err := b.books.Verify(b.Context(), ledger.Options{})
	b.must(err)
	if report.Breach != nil {
		b.Errorf("the books: %v", report.Breach)
	}
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		found, err := b.PositionCheck().Run(b.Context(), tx, clock.Date{})
		for _, d := range found {
			b.Errorf("position %s: %s", d.Subject, d.Detail)
		}
		sheets, err2 := b.books.BalanceSheets(b.Context(), tx, clock.Date{}, "")
		for _, s := range sheets {
			if !s.Balances() {
				b.Errorf("balance sheet in %s: %+v", s.Currency, s)
			}
		}
		return errors.Join(err, err2)
	}))
}

func usd(minor int64) money.Amount { return money.New(minor, money.USD) }
func cny(minor int64) money.Amount { return money.New(minor, money.CNY) }
func jpy(minor int64) money.Amount { return money.New(minor, money.JPY) }
