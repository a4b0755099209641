package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Proof shows that one record is in the log, to anybody who has the bank's public key (crypto.Ring.CheckpointKeys).
// It is written as JSON, and holds everything that CheckProof needs.
type Proof struct {
	Leaf       int64            `json:"leaf"`       // place of the record
	Record     []byte           `json:"record"`     // the record in its canonical form
	Path       tlog.RecordProof `json:"path"`       // hashes from the leaf to the root
	Checkpoint string           `json:"checkpoint"` // signed size and root
}

// Prove makes the proof of a record against the latest checkpoint. ErrNotSealed while it waits, ErrUnknown for no record.
func (l *Log) Prove(ctx context.Context, record id.Audit) (Proof, error) {
	var p Proof
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		r, found, err := place(ctx, tx, record)
		switch {
		case err != nil:
			return err
		case !found:
			return ErrUnknown
		case !r.sealed:
			return ErrNotSealed
		}
		size, signed, err := latestCheckpoint(ctx, tx)
		if err != nil {
			return err
		}
		path, err := tlog.ProveRecord(size, r.leaf, storedHashes(ctx, tx))
		p = Proof{Leaf: r.leaf, Record: r.data(), Path: path, Checkpoint: signed}
		return err
	})
	if err != nil {
		return Proof{}, fmt.Errorf("prove audit record %s: %w", record, err)
	}
	return p, nil
}

// storedHashes reads hashes of the tree from its table.
func storedHashes(ctx context.Context, tx *db.Tx) tlog.HashReaderFunc {
	return func(positions []int64) ([]tlog.Hash, error) {
		known, err := hashesAt(ctx, tx, positions)
		if err != nil {
			return nil, err
		}
		return newTree(0, known).ReadHashes(positions)
	}
}

// CheckProof checks a proof with the bank's public checkpoint keys and gives back the record that it proves. It needs
// no database and no secret. ErrProof for everything that proves nothing.
func CheckProof(p Proof, keys ...string) (Entry, error) {
	var verifiers []note.Verifier
	for _, key := range keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return Entry{}, ErrProof.Because(fmt.Errorf("read checkpoint key: %w", err))
		}
		verifiers = append(verifiers, v)
	}
	c, err := openCheckpoint([]byte(p.Checkpoint), note.VerifierList(verifiers...))
	if err != nil {
		return Entry{}, ErrProof.Because(err)
	}
	if p.Leaf < 0 || p.Leaf >= c.Size {
		return Entry{}, ErrProof
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Leaf, tlog.RecordHash(p.Record)); err != nil {
		return Entry{}, ErrProof.Because(err)
	}
	r, err := parse(p.Record)
	if err != nil {
		return Entry{}, err
	}
	r.leaf, r.sealed = p.Leaf, true
	return r.entry()
}
