// Package apptest starts a whole bank inside a test: every room, the real handlers on a real listener, a fresh database,
// messages kept where the test can read them, and a clock that the test moves.
//
//	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
//		li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
//		li.Pay(wang, "12.50").Is(http.StatusCreated).Has(`"state":"settled"`)
//	})
//
// People are made through the bank's services, as the demo's are; what a test is about, it does over HTTP.
package apptest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

// Options change how a test's bank starts. The zero value is a demo bank without rate limits, whose clock stands still.
type Options struct {
	Now       time.Time         // where the clock stands at first; Morning when zero
	RateScale float64           // of the edge; 0 lifts its limits
	Log       *slog.Logger      // nobody's when nil
	Quiet     bool              // no events and no background work: only what requests do themselves
	Settings  func(*app.Config) // changes the settings before the start
}

// Morning is where clocks stand when nothing else is said: ten o'clock in Shanghai on a Tuesday in the past, so that
// jobs, which keep the machine's time, are always due.
func Morning() time.Time { return time.Date(2025, time.March, 4, 2, 0, 0, 0, time.UTC) }

// Bank is a bank under test.
type Bank struct {
	*app.Bank
	Time     *clock.Fake
	Handlers app.Handlers
	URL      string // of the customers' app

	t          *testing.T
	mu         sync.Mutex
	people     int
	consoleURL string // of the console, once somebody asked for it
	password   auth.NewPassword
}

// Each runs a test once on SQLite and once on PostgreSQL.
func Each(t *testing.T, o Options, test func(t *testing.T, b *Bank)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, Start(t, o))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, start(t, o, dbtest.Postgres(t)))
	})
}

// Start starts a bank on SQLite, for what does not depend on the database.
func Start(t *testing.T, o Options) *Bank {
	t.Helper()
	return start(t, o, "")
}

func start(t *testing.T, o Options, database string) *Bank {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = Morning()
	}
	folder := t.TempDir()
	c := app.Config{
		Data: filepath.Join(folder, "data"), Keys: filepath.Join(folder, "keys"), Database: database, Demo: true,
		Listen: "127.0.0.1:0", ConsoleListen: "127.0.0.1:0", MetricsListen: "127.0.0.1:0", BankName: "通宝银行", AccountPrefix: "621700",
		Timezone: "Asia/Shanghai", RateScale: o.RateScale,
	}
	if o.Settings != nil {
		o.Settings(&c)
	}
	CopyRing(t, c.Keys)
	b := &Bank{t: t, Time: clock.NewFake(o.Now)}
	var err error
	b.Bank, err = app.New(t.Context(), c, app.Options{
		Clock: b.Time, Log: o.Log, Relaxed: true, Verify: customer.NewSimulator(b.Time, 0), Quiet: o.Quiet,
	})
	b.must(err)
	t.Cleanup(b.Close)
	if !o.Quiet {
		b.must(b.Bank.Start(context.WithoutCancel(t.Context())))
	}
	b.Handlers, err = app.Handle(t.Context(), b.Bank)
	b.must(err)
	server := httptest.NewServer(b.Handlers.Mobile)
	t.Cleanup(server.Close)
	b.URL = server.URL
	b.password, err = b.Auth.HashPassword(t.Context(), crypto.Secret(Password))
	b.must(err)
	return b
}

// ring is a key ring that all banks of a test process start from: making its RSA keys takes a second.
var ring = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "tongbao-ring-")
	if err != nil {
		return "", err
	}
	keys := filepath.Join(folder, "keys")
	_, err = crypto.CreateRing(keys)
	return keys, err
})

// CopyRing puts a key ring into a folder.
func CopyRing(t *testing.T, folder string) {
	t.Helper()
	from, err := ring()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(name, 0o700)
		}
		return os.Chmod(name, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// RemoveRing deletes the ring that banks start from; a test package's TestMain calls it last.
func RemoveRing() {
	if keys, err := ring(); err == nil {
		_ = os.RemoveAll(filepath.Dir(keys)) // a temporary folder
	}
}

// Context is the test's.
func (b *Bank) Context() context.Context { return b.t.Context() }

// Settle waits until jobs and events have done their work, delayed payments that are due included.
func (b *Bank) Settle() {
	b.t.Helper()
	_, err := b.Payments.SettleDue(b.t.Context())
	b.must(err)
	b.Drain()
}

// Drain waits until jobs and events have done their work.
func (b *Bank) Drain() {
	b.t.Helper()
	b.must(b.Jobs.Drain(b.t.Context()))
	b.must(b.Bus.Drain(b.t.Context()))
	b.must(b.Jobs.Drain(b.t.Context())) // of the messages that events made
}

// Pass lets time pass; the business date follows the calendar.
func (b *Bank) Pass(d time.Duration) {
	b.t.Helper()
	b.Time.Advance(d)
	b.must(b.RollDay(b.t.Context()))
}

// Verify recomputes books and audit log, and fails the test at a breach.
func (b *Bank) Verify() {
	b.t.Helper()
	books, err := b.Ledger.Verify(b.t.Context(), ledger.Options{})
	b.must(err)
	if books.Breach != nil {
		b.t.Errorf("the books: %v", books.Breach)
	}
	_, err = b.Audit.Seal(b.t.Context())
	b.must(err)
	sealed, err := b.Audit.Verify(b.t.Context())
	b.must(err)
	if sealed.Breach != nil {
		b.t.Errorf("the audit log: %v", sealed.Breach)
	}
	if sealed.Leaves == 0 {
		b.t.Error("nothing was recorded")
	}
}

func (b *Bank) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}
