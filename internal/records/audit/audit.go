// Package audit keeps the record of every act: who did what to which thing, by which way, and what came of it. The
// record is written in the act's own transaction, so there is no act without its record and no record without its act.
//
// Its words:
//
//   - A Record is one act of a customer, of staff or of the bank's own machinery; done, or refused with a code.
//   - A row's MAC is made under a key outside the database, so a row that the bank did not write is found.
//   - A leaf is a record's place in the log. The sealer numbers the records, at most a second behind their commit, and
//     grows a Merkle tree over them (golang.org/x/mod/sumdb/tlog, RFC 6962).
//   - A Checkpoint is the size of the log and the hash of its tree, signed as a note. It stands in the database and,
//     through a CheckpointSink, in a place that whoever owns the database does not own.
//   - A Breach is what Verify finds first: a record changed, removed, inserted, moved, or a log rolled back.
//   - A Proof shows somebody with the bank's public key that one record is in the log.
//
// The life of a record: written and waiting → sealed. No record is ever changed or removed.
//
//	err := log.Append(ctx, tx, []audit.Record{{By: by, Act: "transfer.send", Subject: string(t.ID), Outcome: audit.Done}})
package audit

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "audit", Files: files} }

// The ways in which asking the log fails.
var (
	// ErrUnknown says that there is no such record.
	ErrUnknown = fault.New(fault.NotFound, "audit.unknown")
	// ErrNotSealed says that the record waits for the sealer; it has no proof yet.
	ErrNotSealed = fault.New(fault.Busy, "audit.not_sealed").Wait(time.Second)
	// ErrBadRecord says that a room wrote a record without an act or an outcome; it is ours to mend.
	ErrBadRecord = fault.New(fault.Internal, "audit.bad_record")
	// ErrProof refuses a proof that proves nothing: changed, or of another bank.
	ErrProof = fault.New(fault.Rejected, "audit.bad_proof")
)

// Outcome is what came of an act.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// Record is one act, as it is written. Everything but Personal can be read by whoever reads the table, so it holds
// ids, codes and numbers, never names or what a person typed.
type Record struct {
	ID       id.Audit // made when empty; set it when Personal was sealed for this row
	By       act.By
	Act      string            // domain.act, such as transfer.send
	Subject  string            // id of the thing that was acted on
	Customer id.Customer       // whose matter it is; By's customer when empty
	Outcome  Outcome           // Done or Refused
	Code     string            // why it was refused
	Detail   map[string]string // ids and codes that explain the act
	Personal []byte            // personal data, sealed under the customer's key; may be nil
}

// Entry is a record as it was kept.
type Entry struct {
	Record
	At     time.Time
	Leaf   int64 // its place in the log, from 0
	Sealed bool  // false while it waits for its place
}

// Options say how the log is kept.
type Options struct {
	Name    string        // of the log in its checkpoints, such as bank.example/audit: no spaces, no plus
	Logger  *slog.Logger  // for alarms; nowhere when nil
	Every   time.Duration // between two runs of the sealer; half a second when zero
	Outside time.Duration // between two checkpoints that go outside; ten seconds when zero
}

// Log is the bank's audit log. It is safe for concurrent use.
type Log struct {
	db        *db.DB
	ring      *crypto.Ring
	sink      CheckpointSink
	o         Options
	published atomic.Int64 // size of the last checkpoint that this node handed to the sink
	started   atomic.Bool
	closing   sync.Once
	stop      chan struct{}
	stopped   chan struct{}
}

// New makes the log; Start runs its sealer.
func New(d *db.DB, ring *crypto.Ring, sink CheckpointSink, o Options) *Log {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Every == 0 {
		o.Every = sealEvery
	}
	if o.Outside == 0 {
		o.Outside = outsideEvery
	}
	return &Log{db: d, ring: ring, sink: sink, o: o, stop: make(chan struct{}), stopped: make(chan struct{})}
}

// Append writes records in the act's transaction: one statement for each of two tables, however many records, and
// both travel with the caller's next statement.
func (l *Log) Append(_ context.Context, tx *db.Tx, records []Record) error {
	if len(records) == 0 {
		return nil
	}
	rows := make([]row, len(records))
	for i, r := range records {
		made, err := newRow(r, tx.Now())
		if err != nil {
			return err
		}
		made.macKey, made.mac = l.ring.MAC(crypto.Audit, made.parts()...)
		rows[i] = made
	}
	if err := insertRecords(tx, rows); err != nil {
		return fmt.Errorf("append audit records: %w", err)
	}
	return nil
}

// Query asks for a page of entries, the latest first. At most one of Customer and Staff is given.
type Query struct {
	Customer id.Customer // whose matter it is
	Staff    id.Staff    // who did it
	From, To time.Time   // from this instant on, and before that one; zero means open
	Before   id.Audit    // the last entry of the page before
	Limit    int         // entries of the page; PageMost when zero or more
}

// PageMost is the most entries of one page.
const PageMost = 200

// List is a page of entries.
func (l *Log) List(ctx context.Context, q Query) ([]Entry, error) {
	if q.Limit <= 0 || q.Limit > PageMost {
		q.Limit = PageMost
	}
	var entries []Entry
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := list(ctx, tx, q)
		if err != nil {
			return err
		}
		entries = make([]Entry, len(rows))
		for i, r := range rows {
			if entries[i], err = r.entry(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list audit records: %w", err)
	}
	return entries, nil
}

// span is the ids of the query: from the first on, and before the second.
func (q Query) span() (from, to string) {
	to = "audt`" // after every id: ` follows _
	if !q.From.IsZero() {
		from = idPrefix(q.From)
	}
	if !q.To.IsZero() {
		to = idPrefix(q.To)
	}
	if q.Before != "" && string(q.Before) < to {
		to = string(q.Before)
	}
	return from, to
}

// idPrefix is what ids made at an instant begin with: they sort after it, and earlier ones before it.
func idPrefix(at time.Time) string {
	const kindAndTime = 16 // audt_ and 11 characters of microseconds
	return string(id.New[id.Audit](at))[:kindAndTime]
}
