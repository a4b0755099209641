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

// Log is the bank's audit log. It is safe for concurrent use.
type Log struct {
	db   *db.DB
	ring *crypto.Ring
	sink CheckpointSink
	o    Options
}

// CheckpointSink keeps checkpoints outside the database: a folder on another machine, an object store, a mailbox.
type CheckpointSink interface {
	// Put keeps one more signed checkpoint.
	Put(ctx context.Context, note []byte) error
	// Latest gives back the latest checkpoints kept, in any order; what is not readable is passed over by the reader.
	Latest(ctx context.Context) ([][]byte, error)
}
