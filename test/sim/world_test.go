package sim_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
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
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const pin = "271828"

// world is every room that money passes through, real and connected; only messages go nowhere.
type world struct {
	*testing.T
	ctx      context.Context
	d        *db.DB
	clock    *clock.Fake
	ring     *crypto.Ring
	days     *day.Keeper
	rules    *rule.Rules
	books    *ledger.Ledger
	vault    *vault.Vault
	deposits *deposit.Service
	payments *payment.Service
	events   *bus.Bus
	zone     *time.Location

	occasions int // at which a mutation could have happened
}

// silence is the messenger of a bank that tells nobody.
type silence struct{}

func (silence) Send(context.Context, *db.Tx, []notify.Notice) error { return nil }
func (silence) SendCode(context.Context, *db.Tx, notify.Code) error { return nil }

// sharedRing is made once: its RSA keys take a second.
var sharedRing = sync.OnceValues(crypto.NewRing)

// opening is nine o'clock in Shanghai, a few days before a year ends.
func opening() time.Time { return time.Date(2026, 12, 27, 1, 0, 0, 0, time.UTC) }

// template is a bank without customers, made once: its tables take longer than a day that is lived in it.
var template = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "tongbao-sim-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // what is wanted was read
	ctx, file := context.Background(), filepath.Join(folder, "bank.db")
	d, err := db.Open(ctx, "sqlite:"+file, db.Options{Clock: clock.NewFake(opening()), Relaxed: true})
	if err != nil {
		return nil, err
	}
	zone, err := clock.Zone("Asia/Shanghai")
	if err == nil {
		err = errors.Join(
			d.Migrate(ctx, day.Migrations(), ledger.Migrations(), rule.Migrations(), vault.Migrations(), audit.Migrations(), once.Migrations(),
				bus.Migrations(), auth.Migrations(), customer.Migrations(), catalog.Migrations(), deposit.Migrations(), payment.Migrations(),
				db.Migrations{Domain: "sim", Files: fstest.MapFS{"migrations/001_told.sql": {Data: []byte(
					"CREATE TABLE sim_told (\n event TEXT NOT NULL, -- C1\n type TEXT NOT NULL -- C1\n);")}}}),
			day.New(d, zone).Open(ctx, clock.DateOf(opening(), zone)), rule.New(d).Seed(ctx), catalog.New(d).Seed(ctx))
	}
	if err == nil {
		err = d.Read(ctx, func(tx *db.Tx) error {
			return tx.Pages(ctx, func(page []byte) error {
				content = append(content, page...)
				return nil
			})
		})
	}
	d.Close()
	return content, err
})

func newWorld(t *testing.T, fault func(db.Point) error) *world {
	t.Helper()
	w := &world{T: t, ctx: t.Context(), clock: clock.NewFake(opening())}
	content, err := template()
	w.must(err)
	file := filepath.Join(t.TempDir(), "bank.db")
	w.must(os.WriteFile(file, content, 0o600))
	w.d, err = db.Open(w.ctx, "sqlite:"+file, db.Options{Clock: w.clock, Relaxed: true, Readers: 2, Fault: fault})
	w.must(err)
	t.Cleanup(w.d.Close)
	w.ring, err = sharedRing()
	w.must(err)
	w.zone, err = clock.Zone("Asia/Shanghai")
	w.must(err)
	w.days, w.rules, w.vault = day.New(w.d, w.zone), rule.New(w.d), vault.New(w.ring)
	w.books = ledger.New(w.d, w.days)
	log, events := audit.New(w.d, w.ring, nil, audit.Options{}), bus.New(w.d, clock.System(), bus.Options{})
	w.events = events
	prover, err := auth.New(auth.Parts{
		DB: w.d, Clock: w.clock, Ring: w.ring, Vault: w.vault, Rules: w.rules, Days: w.days, Audit: log, Messenger: silence{}, Events: events,
		Site: auth.Site{Host: "localhost", Name: "Tongbao", Origins: []string{"http://localhost"}},
	})
	w.must(err)
	persons := customer.New(customer.Parts{DB: w.d, Clock: w.clock, Ring: w.ring, Vault: w.vault, Rules: w.rules, Days: w.days, Audit: log, Events: events})
	products := catalog.New(w.d)
	w.deposits = deposit.New(deposit.Needs{
		DB: w.d, Books: w.books, Restrainer: w.books, Days: w.days, Rules: w.rules, Catalog: products, Persons: persons, Vault: w.vault,
		Index: w.ring, Audit: log, Events: events, Prover: prover, Prefix: "621700",
	})
	w.payments = payment.New(payment.Needs{
		DB: w.d, Clock: w.clock, Accounts: w.deposits, Numbers: w.deposits, Limits: w.deposits, Persons: persons, Provers: prover,
		Books: broken{w.books, w}, Lines: w.books, Days: w.days, Rules: w.rules, Vault: w.vault, Tokens: w.ring, Audit: log, Events: events,
	})
	t.Cleanup(w.payments.Close)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) today() clock.Date {
	return clock.DateOf(w.clock.Now(), w.zone)
}

func yuan(minor int64) money.Amount { return money.New(minor, money.CNY) }

// admit writes a customer as registration and verification leave him.
func (w *world) admit() act.By {
	w.Helper()
	w.clock.Advance(time.Millisecond)
	who := id.New[id.Customer](w.clock.Now())
	by := act.Person(who, act.Mobile)
	by.Session = id.New[id.Session](w.clock.Now())
	w.must(w.d.Write(w.ctx, func(tx *db.Tx) error {
		if err := w.vault.Create(w.ctx, tx, string(who)); err != nil {
			return err
		}
		seal := func(column, text string) []byte {
			sealed, err := w.vault.Seal(w.ctx, tx, string(who), crypto.AAD{Table: "customer_person", Column: column, Row: string(who)}, []byte(text))
			w.must(err)
			return sealed
		}
		const person = `
			INSERT INTO customer_person (id, kind, state, level, home_branch, locale, name, id_number, facts, made_at)
			VALUES ($1, 'person', 'active', 3, '0001', 'zh-Hans', $2, $3, 1, $4)`
		if _, err := tx.Exec(w.ctx, person, who, seal("name", "王小明"), seal("id_number", "11010519491231002X"), tx.Now()); err != nil {
			return err
		}
		salt := crypto.Random(16)
		key, mac := w.ring.PINMAC(string(who), salt, pin)
		const secret = `INSERT INTO auth_pin (principal, salt, key_id, mac, failures, set_at) VALUES ($1, $2, $3, $4, 0, $5)`
		_, err := tx.Exec(w.ctx, secret, who, salt, key, mac, tx.Now())
		return err
	}))
	return by
}

// stepUp makes the proof of a step-up for lifting a stop.
func (w *world) stepUp(by act.By) crypto.Secret {
	w.Helper()
	token := crypto.Token(128)
	w.must(w.d.Write(w.ctx, func(tx *db.Tx) error {
		const q = `INSERT INTO auth_proof (token_hash, principal, session, purpose, method, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`
		_, err := tx.Exec(w.ctx, q, w.ring.TokenHash(token), by.Customer(), by.Session, deposit.PurposeResume, auth.MethodPassword, tx.Now().Add(time.Minute))
		return err
	}))
	return crypto.Secret(token)
}

// endow pays money in at the counter, past every limit.
func (w *world) endow(account id.Account, minor int64) error {
	return w.d.Write(w.ctx, func(tx *db.Tx) error {
		outcomes, err := w.books.Post(w.ctx, tx, []ledger.Journal{{Act: "test.fund", Reference: "fund", By: act.Job("test"), Lines: []ledger.Line{
			{Account: ledger.Own(ledger.Cash, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: yuan(minor)},
			{Account: string(account), Side: ledger.Credit, Amount: yuan(minor)},
		}}})
		if err != nil {
			return err
		}
		return outcomes[0].Err
	})
}

// figure is a rule of today.
func (w *world) figure(key string) int64 {
	w.Helper()
	a, err := w.rules.Amount(w.ctx, key, w.today())
	w.must(err)
	return a.Minor()
}

func product(class int) string { return "current_" + strconv.Itoa(class) }

func classFigure(class int, what string) string {
	return fmt.Sprintf("deposit.class_%d.%s_minor", class, what)
}
