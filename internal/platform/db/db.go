// Package db lets every room of the bank speak one SQL to two databases: SQLite, embedded, the default, and
// PostgreSQL. No room sees database/sql or pgx; it sees a DB, which opens transactions, and a Tx, which runs SQL.
//
//	err := d.Write(ctx, func(tx *db.Tx) error {
//		_, err := tx.Exec(ctx, `UPDATE note_page SET title = $2 WHERE id = $1`, page, title)
//		return err
//	})
//
// The SQL is the subset that both understand, written with $1. Three things are translated: the macro
// ROWS($1: id TEXT, amount BIGINT) stands for the rows of a *Rows argument; FOR UPDATE, FOR SHARE and SKIP LOCKED
// vanish on SQLite, where one writer at a time holds the whole file; and types in migrations.
//
// Arguments may be strings, integers, booleans, byte slices, any named type of these, time.Time (kept as
// microseconds UTC, zero as NULL) and driver.Valuer. Scanning turns them back.
package db

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// The ways in which the database itself fails an act.
var (
	// ErrBusy says that the database had no room or lock for the act in time; nothing was done.
	ErrBusy = fault.New(fault.Busy, "db.busy").Wait(time.Second)
	// ErrOutcomeUnknown says that the connection was lost while committing: repeat the act with its key.
	ErrOutcomeUnknown = fault.New(fault.Busy, "db.outcome_unknown").Wait(time.Second)
	// ErrNotFound says that One found no row.
	ErrNotFound = fault.New(fault.NotFound, "db.not_found")
)

const (
	attemptsMax  = 5                    // of a write that lost a race for locks
	backoffFirst = 5 * time.Millisecond // doubled at each further attempt
	connectWait  = 10 * time.Second     // for a free connection: SQLite's one writer, or one of the pool
)

// Options tune a database.
type Options struct {
	Clock   clock.Clock // what Tx.Now reads; the system's when nil
	Readers int         // SQLite: connections that read; PostgreSQL: all connections. 0 means a default
	Relaxed bool        // tests only: do not wait for the disk

	Observe func(Transaction) // told the end of every transaction; may be nil

	// Fault is for simulations only: it is asked at each point of each transaction, and an error of it loses the
	// connection there. Nil in a bank.
	Fault func(Point) error
}

// Transaction is how a transaction ended.
type Transaction struct {
	Write    bool
	Attempts int // 1 when it ran once
	Took     time.Duration
	Err      error // nil when it was committed
}

// DB is an open database.
type DB struct {
	engine     engine
	clock      clock.Clock
	translator *translator
	observe    func(Transaction)
}

func newDB(e engine, o Options) *DB {
	if o.Fault != nil {
		e = faulty{e, o.Fault}
	}
	return &DB{engine: e, clock: o.Clock, translator: &translator{dialect: e.dialect()}, observe: o.Observe}
}

// engine is what differs between the databases.
type engine interface {
	begin(ctx context.Context, write bool) (session, error)
	dialect() dialect
	close()
}

// session is one transaction on one connection.
type session interface {
	// start may begin with statements of the queue at once, beside the program. It returns those that wait for the next
	// statement or the commit; failures of the others are told there, too.
	start(queued []statement) []statement
	// run executes the queued statements and then, unless text is empty, one more.
	run(ctx context.Context, queued []statement, text string, args []any) (int64, error)
	query(ctx context.Context, queued []statement, text string, args []any) (cursor, error)
	commit(ctx context.Context, queued []statement) error
	rollback(ctx context.Context)
}

// cursor is the part of sql.Rows and pgx.Rows that a Tx needs.
type cursor interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	close()
}

type statement struct {
	text string
	args []any
}

// Open opens sqlite:/path/to/file or postgres://user@host/name.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	path, isSQLite := strings.CutPrefix(address, "sqlite:")
	if isSQLite {
		e, err := openSQLite(ctx, path, o)
		if err != nil {
			return nil, fmt.Errorf("open sqlite database: %w", err)
		}
		return newDB(e, o), nil
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return nil, fmt.Errorf("database address must begin with sqlite: or postgres://")
	}
	e, err := openPostgres(ctx, address, o)
	if err != nil {
		return nil, fmt.Errorf("open postgres database: %w", err)
	}
	return newDB(e, o), nil
}

// Close lets all connections go.
func (d *DB) Close() { d.engine.close() }

// Kind is "sqlite" or "postgres", for reports; no rule depends on it.
func (d *DB) Kind() string { return string(d.engine.dialect()) }

// ManyWriters says whether transactions that write may run at the same time; SQLite lets one do so.
func (d *DB) ManyWriters() bool { return d.engine.dialect() != sqlite }

// Write runs fn in a transaction that may write, and commits if it returns nil. It runs fn again, a bounded
// number of times, when locks or the connection were lost before the commit: fn must have no effect outside tx.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) (err error) {
	attempt := 1
	defer d.watch(true, &attempt, &err)()
	for wait := backoffFirst; ; wait *= 2 {
		err := d.once(ctx, true, fn)
		if err == nil || attempt == attemptsMax || !passing(err) {
			return busy(err)
		}
		select {
		case <-ctx.Done():
			return busy(err)
		case <-time.After(wait):
		}
		attempt++
	}
}

// Read runs fn on one unchanging view of the database; what it tries to write is refused.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) (err error) {
	attempt := 1
	defer d.watch(false, &attempt, &err)()
	return busy(d.once(ctx, false, fn))
}

// watch takes the time until what it returns is called, by the machine's clock: a test's stands still.
func (d *DB) watch(write bool, attempts *int, err *error) func() {
	if d.observe == nil {
		return func() {}
	}
	began := clock.System().Now()
	return func() { d.observe(Transaction{write, *attempts, clock.System().Now().Sub(began), *err}) }
}

func (d *DB) once(ctx context.Context, write bool, fn func(*Tx) error) error {
	s, err := d.engine.begin(ctx, write)
	if err != nil {
		return err
	}
	tx := &Tx{session: s, translator: d.translator, now: d.clock.Now().UTC().Truncate(time.Microsecond)}
	done := false
	defer func() {
		if !done {
			s.rollback(context.WithoutCancel(ctx))
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	done = true
	if err := s.commit(ctx, tx.queued); err != nil {
		return err
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}
