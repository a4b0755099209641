package payment_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bank is every room that a payment passes through, real and connected; only messages go nowhere. Customers are
// written as registration and verification leave them.
type bank struct {
	testing.TB
	*payment.Service
	d         *db.DB
	clock     *clock.Fake
	ring      *crypto.Ring
	days      *day.Keeper
	rules     *rule.Rules
	books     *ledger.Ledger
	vault     *vault.Vault
	auth      *auth.Service
	customers *customer.Service
	deposits  *deposit.Service

	keys *atomic.Int64 // given out
}

// holder is a customer with accounts.
type holder struct {
	id       id.Customer
	by       act.By
	accounts []deposit.Account
	numbers  []string
}

const (
	pin      = "271828"
	wrongPIN = "314159"
)

// sharedRing is made once: its RSA keys take a second.
var sharedRing = sync.OnceValues(crypto.NewRing)

// onBanks runs a test on both databases.
func onBanks(t *testing.T, test func(t *testing.T, b *bank)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), true, batch.Options{}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newBank(t, dbtest.Postgres(t), true, batch.Options{}))
	})
}

// silence is the messenger of a bank that tells nobody.
type silence struct{}

func (silence) Send(context.Context, *db.Tx, []notify.Notice) error { return nil }
func (silence) SendCode(context.Context, *db.Tx, notify.Code) error { return nil }

func newBank(t testing.TB, address string, relaxed bool, o batch.Options) *bank {
	t.Helper()
	b := &bank{TB: t, keys: &atomic.Int64{}, clock: clock.NewFake(time.Date(2026, 9, 10, 1, 30, 0, 0, time.UTC))}
	b.connect(address, relaxed)
	b.must(b.d.Migrate(t.Context(), day.Migrations(), ledger.Migrations(), rule.Migrations(), vault.Migrations(), audit.Migrations(), once.Migrations(),
		bus.Migrations(), auth.Migrations(), customer.Migrations(), catalog.Migrations(), deposit.Migrations(), payment.Migrations()))
	b.furnish(o)
	b.must(b.days.Open(t.Context(), clock.DateOf(b.clock.Now(), b.days.Zone())))
	b.must(b.rules.Seed(t.Context()))
	b.must(catalog.New(b.d).Seed(t.Context()))
	return b
}

// newNode is another node of a bank, on the same database.
func newNode(t testing.TB, of *bank, address string, o batch.Options) *bank {
	t.Helper()
	b := &bank{TB: t, keys: of.keys, clock: of.clock}
	b.connect(address, true)
	b.furnish(o)
	return b
}

func (b *bank) connect(address string, relaxed bool) {
	b.Helper()
	var err error
	b.d, err = db.Open(b.Context(), address, db.Options{Clock: b.clock, Relaxed: relaxed, Readers: 8})
	b.must(err)
	b.Cleanup(b.d.Close)
}

// furnish makes the rooms of a node.
func (b *bank) furnish(o batch.Options) {
	b.Helper()
	var err error
	b.ring, err = sharedRing()
	b.must(err)
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	b.days, b.rules, b.vault = day.New(b.d, zone), rule.New(b.d), vault.New(b.ring)
	b.books = ledger.New(b.d, b.days)
	log, events := audit.New(b.d, b.ring, nil, audit.Options{}), bus.New(b.d, clock.System(), bus.Options{})
	b.auth, err = auth.New(auth.Parts{
		DB: b.d, Clock: b.clock, Ring: b.ring, Vault: b.vault, Rules: b.rules, Days: b.days, Audit: log, Messenger: silence{}, Events: events,
		Site: auth.Site{Host: "localhost", Name: "Tongbao", Origins: []string{"http://localhost"}},
	})
	b.must(err)
	b.customers = customer.New(customer.Parts{DB: b.d, Clock: b.clock, Ring: b.ring, Vault: b.vault, Rules: b.rules, Days: b.days, Audit: log, Events: events})
	b.deposits = deposit.New(deposit.Needs{
		DB: b.d, Books: b.books, Restrainer: b.books, Days: b.days, Rules: b.rules, Catalog: catalog.New(b.d), Persons: b.customers, Vault: b.vault,
		Index: b.ring, Audit: log, Events: events, Prover: b.auth, Prefix: "621700",
	})
	b.Service = payment.New(payment.Needs{
		DB: b.d, Clock: b.clock, Accounts: b.deposits, Numbers: b.deposits, Limits: b.deposits, Persons: b.customers, Provers: b.auth,
		Books: b.books, Lines: b.books, Days: b.days, Rules: b.rules, Vault: b.vault, Tokens: b.ring, Audit: log, Events: events, Batch: o,
	})
	b.Cleanup(b.Service.Close)
}

// in is the same bank for a part of a test.
func (b *bank) in(t *testing.T) *bank {
	return &bank{
		TB: t, Service: b.Service, d: b.d, clock: b.clock, ring: b.ring, days: b.days, rules: b.rules, books: b.books, vault: b.vault,
		auth: b.auth, customers: b.customers, deposits: b.deposits, keys: b.keys,
	}
}

func (b *bank) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bank) write(do func(tx *db.Tx) error) {
	b.Helper()
	b.must(b.d.Write(b.Context(), do))
}

// holder makes a customer with an account of each class, who holds so much on the first.
func (b *bank) holder(minor int64, classes ...int) *holder {
	b.Helper()
	b.clock.Advance(time.Millisecond)
	h := &holder{id: id.New[id.Customer](b.clock.Now())}
	h.by = act.Person(h.id, act.Mobile)
	h.by.Session = id.New[id.Session](b.clock.Now())
	b.write(func(tx *db.Tx) error {
		if err := b.vault.Create(b.Context(), tx, string(h.id)); err != nil {
			return err
		}
		seal := func(column, text string) []byte {
			sealed, err := b.vault.Seal(b.Context(), tx, string(h.id), crypto.AAD{Table: "customer_person", Column: column, Row: string(h.id)}, []byte(text))
			b.must(err)
			return sealed
		}
		const person = `
			INSERT INTO customer_person (id, kind, state, level, home_branch, locale, name, id_number, facts, made_at)
			VALUES ($1, 'person', 'active', 3, '0001', 'zh-Hans', $2, $3, 1, $4)`
		if _, err := tx.Exec(b.Context(), person, h.id, seal("name", "王小明"), seal("id_number", "11010519491231002X"), tx.Now()); err != nil {
			return err
		}
		salt := crypto.Random(16)
		key, mac := b.ring.PINMAC(string(h.id), salt, pin)
		const secret = `INSERT INTO auth_pin (principal, salt, key_id, mac, failures, set_at) VALUES ($1, $2, $3, $4, 0, $5)`
		_, err := tx.Exec(b.Context(), secret, h.id, salt, key, mac, tx.Now())
		return err
	})
	for _, class := range classes {
		b.open(h, class)
	}
	if minor > 0 {
		b.endow(h.accounts[0].ID, minor)
	}
	return h
}

func (b *bank) open(h *holder, class int) deposit.Account {
	b.Helper()
	a, err := b.deposits.Open(b.Context(), h.by, deposit.Opening{Customer: h.id, Product: fmt.Sprintf("current_%d", class)})
	b.must(err)
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		holding, err := b.deposits.Holding(b.Context(), tx, h.id, a.ID)
		h.numbers = append(h.numbers, holding.Number)
		return err
	}))
	h.accounts = append(h.accounts, a)
	return a
}

// endow pays money in at the counter, past every limit.
func (b *bank) endow(account id.Account, minor int64) {
	b.Helper()
	b.write(func(tx *db.Tx) error {
		outcomes, err := b.books.Post(b.Context(), tx, []ledger.Journal{{Act: "test.fund", Reference: "fund", By: act.Job("test"), Lines: []ledger.Line{
			{Account: ledger.Own(ledger.Cash, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: yuan(minor)},
			{Account: string(account), Side: ledger.Credit, Amount: yuan(minor)},
		}}})
		return errors.Join(err, outcomes[0].Err)
	})
}

// acquainted makes a payee one whom the payer has paid long ago.
func (b *bank) acquainted(payer *holder, payee deposit.Account) {
	b.Helper()
	b.write(func(tx *db.Tx) error {
		const q = `INSERT INTO payment_relation (customer, payee_account, first_at, last_at, times) VALUES ($1, $2, $3, $3, 1)`
		_, err := tx.Exec(b.Context(), q, payer.id, payee.ID, tx.Now().AddDate(0, -1, 0))
		return err
	})
}

// draft is a payment from a holder's first account to another's account.
func draft(from *holder, to *holder, account int, minor int64, arrival payment.Arrival) payment.Draft {
	return payment.Draft{From: from.accounts[0].ID, To: payment.PayeeRef{Number: to.numbers[account]}, Amount: yuan(minor), Arrival: arrival}
}

func (b *bank) check(h *holder, d payment.Draft) payment.Checked {
	b.Helper()
	c, err := b.Check(b.Context(), h.by, d)
	b.must(err)
	return c
}

func (b *bank) key() string {
	return fmt.Sprintf("key-%06d", b.keys.Add(1))
}

func byPIN(text string) payment.Proof {
	return payment.Proof{Method: auth.MethodPIN, PIN: crypto.Secret(text)}
}

// order is an order of a checked payment, proved by the right PIN.
func (b *bank) order(c payment.Checked) payment.Order {
	return payment.Order{Key: b.key(), Intent: c.Token, Proof: byPIN(pin)}
}

// pay checks and sends.
func (b *bank) pay(h *holder, d payment.Draft) (payment.Transfer, error) {
	b.Helper()
	t, err := b.Send(b.Context(), h.by, b.order(b.check(h, d)))
	return t.Transfer, err
}

// paid is a payment that must succeed.
func (b *bank) paid(h *holder, d payment.Draft) payment.Transfer {
	b.Helper()
	t, err := b.pay(h, d)
	b.must(err)
	return t
}

// stepUp makes the proof of a step-up by a method.
func (b *bank) stepUp(h *holder, purpose auth.Purpose, method auth.Method) crypto.Secret {
	b.Helper()
	token := crypto.Token(128)
	b.write(func(tx *db.Tx) error {
		const q = `INSERT INTO auth_proof (token_hash, principal, session, purpose, method, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`
		_, err := tx.Exec(b.Context(), q, b.ring.TokenHash(token), h.id, h.by.Session, purpose, method, tx.Now().Add(time.Minute))
		return err
	})
	return crypto.Secret(token)
}

// balance is what an account holds in the books, in minor units.
func (b *bank) balance(account deposit.Account) (booked, held int64) {
	b.Helper()
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		all, err := b.books.Balances(b.Context(), tx, []string{string(account.ID)})
		booked, held = all[string(account.ID)].Booked.Minor(), all[string(account.ID)].Held.Minor()
		return err
	}))
	return booked, held
}

// used is what stands on a counter: an amount, and how often.
func (b *bank) used(subject string, kind deposit.LimitKind, period string) (amount, times int64) {
	b.Helper()
	u := deposit.Use{Subject: subject, Kind: kind, Period: period}
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		c, err := deposit.PeekCounters(b.Context(), tx, []deposit.Use{u})
		if err == nil {
			amount, times = c.Used(u)
		}
		return err
	}))
	return amount, times
}

// today is the open business date.
func (b *bank) today() clock.Date { return clock.DateOf(b.clock.Now(), b.days.Zone()) }

// verify recomputes the books.
func (b *bank) verify() {
	b.Helper()
	report, err := b.books.Verify(b.Context(), ledger.Options{})
	b.must(err)
	if report.Breach != nil {
		b.Fatalf("the books do not hold: %v", report.Breach)
	}
}

// count says how many rows a question finds.
func (b *bank) count(q string, args ...any) int64 {
	b.Helper()
	var n int64
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		var err error
		n, err = db.One(b.Context(), tx, db.Value[int64], q, args...)
		return err
	}))
	return n
}

// refused requires a fault of a code.
func refused(t testing.TB, err error, want *fault.Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Code())
	}
}

// staff is a member of staff who says why.
// reverse takes a transfer back with the leave of others.
func (b *bank) reverse(by act.By, which id.Transfer) (t payment.Transfer, err error) {
	err = b.d.Write(b.Context(), func(tx *db.Tx) error {
		t, err = b.Reverse(b.Context(), tx, by, acttest.Granted{}, payment.TakeBack{Transfer: which})
		return err
	})
	return t, err
}

func staff() act.By {
	return act.By{Kind: act.Staff, Actor: "staf_1", Channel: act.Console, Branch: act.HeadOffice, Reason: "the payer named a wrong account"}
}
