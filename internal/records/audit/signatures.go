package audit

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Options say how the log is kept.
type Options struct {
	Name string // name of the log in its checkpoints, such as tongbao.example/audit: no spaces, no plus
}

// New makes the log; Start runs its sealer.
func New(d *db.DB, ring *crypto.Ring, sink CheckpointSink, o Options) *Log {
	return &Log{db: d, ring: ring, sink: sink, o: o}
}

// Append writes records in the act's transaction: one statement per table, however many records.
func (l *Log) Append(ctx context.Context, tx *db.Tx, records []Record) error { return nil }

// Query asks for a page of entries, the latest first.
type Query struct {
	Customer id.Customer
	Staff    id.Staff
	From, To time.Time
	Before   id.Audit
	Limit    int
}

// List is a page of entries.
func (l *Log) List(ctx context.Context, q Query) ([]Entry, error) { return nil, nil }
