package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/id"
)

// world is the bank of a bench with its people.
type world struct {
	load     Load
	config   app.Config
	folder   string
	drop     func() // removes the database, where it is not a file of the folder
	facts    facts
	bank     *app.Bank
	people   []*person
	password auth.NewPassword
	pictures map[customer.Side][]byte
	chance   *rand.Rand
	sizes    sizes

	postmaster int // process of the PostgreSQL server; 0 not yet looked for, -1 not on this machine

	journals     int64 // booked before anybody paid
	acknowledged atomic.Int64
}

// zoneName is where the bench's bank is.
const zoneName = "Asia/Shanghai"

const seed = 0x746f6e67 // equal seeds make equal loads

// found makes a database with a bank in it, and its people. Nothing of that is measured, so that it need not wait for
// the disk.
func found(ctx context.Context, l Load) (*world, error) {
	folder, err := os.MkdirTemp("", "tongbao-bench-")
	if err != nil {
		return nil, err
	}
	if l.clock == nil {
		l.clock = clock.System()
	}
	w := &world{load: l, folder: folder, drop: func() {}, chance: rand.New(rand.NewPCG(seed, uint64(l.Customers)))} //nolint:gosec // a load is repeatable, not secret
	w.config = app.Config{
		Data: filepath.Join(folder, "data"), Keys: filepath.Join(folder, "keys"), Demo: true, Listen: "127.0.0.1:0",
		ConsoleListen: "127.0.0.1:0", MetricsListen: "127.0.0.1:0", BankName: "通宝银行", AccountPrefix: "621700", Timezone: zoneName,
	}
	if err := w.place(ctx); err != nil {
		w.remove()
		return nil, err
	}
	if err := w.populate(ctx); err != nil {
		w.remove()
		return nil, err
	}
	return w, nil
}

// place makes the database: a file in the folder, or a database on the server.
func (w *world) place(ctx context.Context) error {
	if !strings.HasPrefix(w.load.Database, "postgres") {
		return nil
	}
	server, err := url.Parse(w.load.Database)
	if err != nil {
		return fmt.Errorf("--database is no address")
	}
	name := "bench_" + id.Raw(clock.System().Now())
	if err := db.Administer(ctx, w.load.Database, "CREATE DATABASE "+name); err != nil {
		return err
	}
	w.drop = func() {
		_ = db.Administer(context.WithoutCancel(ctx), w.load.Database, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") // it is only a bench's
	}
	server.Path = "/" + name
	w.config.Database = server.String()
	return nil
}

// options are how the bench's bank is opened.
type options struct {
	size, workers int
	relaxed, live bool
}

// open opens the bank; close closes it. The database stays.
func (w *world) open(ctx context.Context, o options) error {
	c := w.config
	if o.relaxed && c.Database != "" {
		u, err := url.Parse(c.Database)
		if err != nil {
			return err
		}
		query := u.Query()
		query.Set("synchronous_commit", "off")
		u.RawQuery = query.Encode()
		c.Database = u.String()
	}
	bank, err := app.New(ctx, c, app.Options{
		Clock: w.load.clock, Relaxed: o.relaxed, Quiet: true, Verify: customer.NewSimulator(w.load.clock, 0),
		Batch: batch.Options{Size: o.size, Workers: o.workers, Observe: w.sizes.add},
	})
	if err != nil {
		return err
	}
	w.bank = bank
	if o.live {
		return bank.Start(ctx)
	}
	return nil
}

func (w *world) close() {
	if w.bank != nil {
		w.bank.Close()
	}
	w.bank = nil
}

func (w *world) remove() {
	w.close()
	w.drop()
	_ = os.RemoveAll(w.folder) // a temporary folder
}

// lift takes the ceilings off that people never reach and a load does: how often somebody pays in an hour, how many
// he pays for the first time in a day, how many accounts he has. The counters are kept as ever.
func (w *world) lift(ctx context.Context) error {
	today := w.bank.Days.Date(w.bank.Clock.Now())
	row := func(key, value string, unit rule.Unit) rule.Row {
		return rule.Row{Key: key, Value: value, Unit: unit, From: today, Source: "bench", Grade: "U", Note: "Of a load."}
	}
	return w.bank.DB.Write(ctx, func(tx *db.Tx) error {
		return w.bank.Rules.Add(ctx, tx, []rule.Row{
			row("payment.screen.hourly_count", "1000000000", "count"), row("payment.screen.payees_daily_count", "1000000000", "count"),
			row("deposit.class_2.accounts_count", "1000000000", "count"),
			row("payment.transfer.certificate_daily_minor", "20000000", "CNY"), row("payment.intent.life_minutes", "600", "minutes"),
		})
	})
}

// seal gives every audit record its place.
func (w *world) seal(ctx context.Context) error {
	for {
		lag, err := w.bank.Audit.Lag(ctx)
		if err != nil || lag.Waiting == 0 {
			return err
		}
		if _, err := w.bank.Audit.Seal(ctx); err != nil {
			return err
		}
	}
}

func (w *world) books(ctx context.Context) (ledger.Report, error) {
	return w.bank.Ledger.Verify(ctx, ledger.Options{})
}

// secret is the password and the PIN of everybody.
const (
	secretWord = crypto.Secret("tongbao-2026-bench")
	secretPIN  = crypto.Secret("258036")
)
