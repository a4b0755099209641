// Package bench measures a whole bank under load, and checks the books afterwards.
//
// A bench makes a bank of its own in a temporary database: people who are verified, hold an account of class I, have a
// payment PIN and a session. It seals intents before the measured window, warms up, lets a fixed number of callers pay
// as fast as they are answered, and at last verifies books and audit log and counts that every payment that was
// acknowledged is booked once. A bench whose books do not hold has failed, however fast it was.
//
// The figure to compare with is the reference: the same act on the same tables in the same run, one transaction for
// each transfer. Databases are durable throughout: a bench refuses a server that does not wait for its disk.
//
// Made-up people pay more often than people do, so the bank of a bench lifts the counts from which screening asks for
// a stronger proof; the counters are kept and locked all the same. Events are written in the act's transaction; what
// becomes of them afterwards (messages to both parties, sealing of the audit log) runs beside the load only with Live.
package bench

import (
	"context"
	"errors"
	"fmt"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// Shape says who pays whom.
type Shape string

// The shapes.
const (
	Random Shape = "random" // anybody pays anybody
	Hot    Shape = "hot"    // everybody pays one account
	Zipf   Shape = "zipf"   // few pay and are paid often, most seldom
)

// Via is the way by which payments reach the bank.
type Via string

// The ways.
const (
	ViaService Via = "service" // session and payment, called directly
	ViaHTTP    Via = "http"    // over loopback with kept connections, a session's token and a PIN in each request
)

// Load is what a bench asks for.
type Load struct {
	Database    string // sqlite, or postgres://… of a server on which a database may be made
	Customers   int
	Concurrency int // callers at the same time
	Time        time.Duration
	Shape       Shape
	Via         Via
	Bulk        int // transfers of one bulk payment, over HTTP; single payments when zero
	Batch       int // acts of one transaction at most; the bank's own default when zero
	Workers     int // transactions under way at the same time; the bank's own default when zero
	Live        bool
	Profile     string       // file for a CPU profile of the measured window
	Progress    func(string) // told in words what is being done

	clock clock.Clock // of the bank; the system's when nil
}

// Bounds of a load, which keep a bench from taking a machine away from its users.
const (
	customersMin, customersMax = 10, 100_000
	concurrencyMax             = 4096
	timeMax                    = 10 * time.Minute
)

// Errors of a bench.
var (
	errLoad       = errors.New("bench: a load has 10 to 100,000 customers, 1 to 4,096 callers and at most 10 minutes")
	errShape      = errors.New("bench: a shape is random, hot or zipf, a way is service or http")
	errNotDurable = errors.New("bench: the database does not wait for its disk; figures of such a database mean nothing")
	errNothing    = errors.New("bench: the bank refused every payment, so nothing was measured")
	errBreach     = errors.New("bench: the books do not hold")
)

func (l *Load) check() error {
	if l.Customers < customersMin || l.Customers > customersMax || l.Concurrency < 1 || l.Concurrency > concurrencyMax || l.Time <= 0 || l.Time > timeMax {
		return errLoad
	}
	if (l.Shape != Random && l.Shape != Hot && l.Shape != Zipf) || (l.Via != ViaService && l.Via != ViaHTTP) {
		return errShape
	}
	if l.Bulk < 0 || l.Bulk > bulkMost || l.Bulk > 0 && l.Via != ViaHTTP {
		return errBulk
	}
	if l.Progress == nil {
		l.Progress = func(string) {}
	}
	return nil
}

// Transfers measures payments: grouped, and then one transaction for each.
func Transfers(ctx context.Context, l Load) (Report, error) {
	if err := l.check(); err != nil {
		return Report{}, err
	}
	w, err := found(ctx, l)
	if err != nil {
		return Report{}, fmt.Errorf("make the bench's bank: %w", err)
	}
	defer w.remove()
	r := Report{Shape: l.Shape, Via: l.Via, Customers: l.Customers, Concurrency: l.Concurrency, Live: l.Live, Bulk: l.Bulk, Load: loadAverage()}
	if err := w.describe(ctx, &r); err != nil {
		return r, err
	}
	if err := w.grouped(ctx, &r); err != nil {
		return r, err
	}
	if err := w.reference(ctx, &r); err != nil {
		return r, err
	}
	return r, w.verify(ctx, &r)
}

// grouped measures the act as the bank does it.
func (w *world) grouped(ctx context.Context, r *Report) error {
	err := w.open(ctx, options{size: w.load.Batch, workers: w.load.Workers, live: w.load.Live})
	if err != nil {
		return err
	}
	defer w.close()
	w.load.Progress("paying, many in one commit …")
	run, err := w.measure(ctx, window{callers: w.load.Concurrency, time: w.load.Time, via: w.load.Via, bulk: w.load.Bulk, profile: w.load.Profile})
	if err != nil {
		return err
	}
	r.take(run)
	if run.accepted == 0 {
		return errNothing
	}
	if w.load.Via != ViaHTTP {
		return nil
	}
	w.load.Progress("checking and paying …")
	both, err := w.measure(ctx, window{callers: w.load.Concurrency, time: w.load.Time, via: w.load.Via, bulk: w.load.Bulk, check: true})
	r.CheckAndSendPerSecond = both.rate()
	return err
}

// References are measured with as many callers as serve a database best that gets one transaction for each transfer.
const referenceCallers = 16

// reference measures one transaction for each transfer.
func (w *world) reference(ctx context.Context, r *Report) error {
	workers := 1 // SQLite has one writer
	if w.facts.Server != 0 {
		workers = referenceCallers
	}
	if err := w.open(ctx, options{size: 1, workers: workers}); err != nil {
		return err
	}
	defer w.close()
	w.load.Progress("paying, one in each commit …")
	run, err := w.measure(ctx, window{callers: referenceCallers, time: w.load.Time, via: w.load.Via})
	r.ReferencePerSecond = run.rate()
	if r.ReferencePerSecond > 0 {
		r.TimesReference = r.TransfersPerSecond / r.ReferencePerSecond
	}
	return err
}

// describe says what the bench runs on, and refuses what is not durable.
func (w *world) describe(ctx context.Context, r *Report) error {
	if err := w.open(ctx, options{}); err != nil {
		return err
	}
	defer w.close()
	var err error
	if w.facts, err = w.bank.DB.Facts(ctx); err != nil {
		return err
	}
	if !w.facts.Durable {
		return errNotDurable
	}
	w.serverTime() // finds the server while the backend that answered is still there
	r.Database, r.Settings = w.facts.Engine, w.facts.Settings
	return nil
}

// verify recomputes the books and the audit log, and counts the journals: one for each payment that was acknowledged.
func (w *world) verify(ctx context.Context, r *Report) error {
	if err := w.open(ctx, options{}); err != nil {
		return err
	}
	defer w.close()
	w.load.Progress("verifying …")
	return w.check(ctx, r)
}

func (w *world) check(ctx context.Context, r *Report) error {
	if err := w.seal(ctx); err != nil {
		return err
	}
	books, err := w.books(ctx)
	if err != nil {
		return err
	}
	log, err := w.bank.Audit.Verify(ctx)
	if err != nil {
		return err
	}
	r.Journals = books.Journals
	switch {
	case books.Breach != nil:
		return fmt.Errorf("%w: %v", errBreach, *books.Breach)
	case log.Breach != nil:
		return fmt.Errorf("%w: audit log: %v", errBreach, *log.Breach)
	case books.Journals != w.journals+w.acknowledged.Load():
		return fmt.Errorf("%w: %d journals, %d expected", errBreach, books.Journals, w.journals+w.acknowledged.Load())
	}
	r.Verified = true
	return nil
}

// facts are what the database says of itself.
type facts = db.Facts
