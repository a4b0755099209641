package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Kind is what was done to the log.
type Kind string

// The kinds of breaches.
const (
	Changed    Kind = "changed"     // a record, a hash or the head is not what was sealed
	Removed    Kind = "removed"     // a record or a leaf is gone
	Inserted   Kind = "inserted"    // a record or a leaf that the sealer never took
	Reordered  Kind = "reordered"   // a genuine record stands at another's place
	Forged     Kind = "forged"      // a record or checkpoint without the bank's authentication
	Rewritten  Kind = "rewritten"   // leaves and hashes agree, and are not those that were signed
	RolledBack Kind = "rolled_back" // the log is shorter than a checkpoint kept outside
)

// Breach is the first thing that is wrong with the log.
type Breach struct {
	Kind   Kind
	Leaf   int64    // its place; -1 when it has none
	Record id.Audit // empty when it is not about one record
	What   string   // in a sentence, for people
}

// String is the breach as a line of a report.
func (b Breach) String() string { return fmt.Sprintf("%s: %s", b.Kind, b.What) }

// Report is the result of Verify.
type Report struct {
	From    int64   // leaf at which the look began: those before it hang on a checkpoint kept outside
	Leaves  int64   // records that were checked in their place
	Waiting int64   // records that wait for the sealer, checked too
	Outside int64   // size of the largest checkpoint found outside; 0 means that a roll-back could not be seen
	Breach  *Breach // nil when the log is sound
}

const verifyPage = 1000

// Verify reads the whole log in short snapshots, computes every hash again, and compares it with the checkpoints in
// the database and with those kept outside. It reports the first breach; an error means that it could not look.
func (l *Log) Verify(ctx context.Context) (Report, error) { return l.verify(ctx, false) }

// VerifyTail begins at the largest checkpoint kept outside, whose root must still be that of the stored hashes: so the tree
// before it is the one that was signed, whoever owns the database. It reads each record after it, and none before, which
// Verify has read when they were the tail. Without a checkpoint outside it is Verify.
func (l *Log) VerifyTail(ctx context.Context) (Report, error) { return l.verify(ctx, true) }

func (l *Log) verify(ctx context.Context, tail bool) (Report, error) {
	verifiers, err := l.ring.CheckpointVerifiers(l.o.Name)
	if err != nil {
		return Report{}, err
	}
	outside, err := l.outside(ctx)
	if err != nil {
		return Report{}, err
	}
	v := verification{log: l, verifiers: verifiers, outside: outside, tree: newTree(0, map[int64]tlog.Hash{})}
	for size := range outside {
		v.report.Outside = max(v.report.Outside, size)
	}
	if tail && v.report.Outside > 0 {
		if err := l.db.Read(ctx, func(tx *db.Tx) error { return v.skip(ctx, tx) }); err != nil {
			return v.report, fmt.Errorf("verify audit log before its last checkpoint outside: %w", err)
		}
	}
	for over := false; !over && v.report.Breach == nil; {
		err := l.db.Read(ctx, func(tx *db.Tx) (err error) {
			over, err = v.page(ctx, tx)
			return err
		})
		if err != nil {
			return v.report, fmt.Errorf("verify audit log: %w", err)
		}
		v.tree.forget()
	}
	return v.report, nil
}

// verification is one run of Verify.
type verification struct {
	log       *Log
	verifiers note.Verifiers
	outside   map[int64]Checkpoint
	tree      *tree
	signed    int64 // size of the last checkpoint in the database that agreed
	report    Report
}

func (v *verification) breach(kind Kind, leaf int64, record id.Audit, format string, args ...any) {
	v.report.Breach = &Breach{Kind: kind, Leaf: leaf, Record: record, What: fmt.Sprintf(format, args...)}
}

// skip takes the tree of the last checkpoint outside from the stored hashes, if they have its root.
func (v *verification) skip(ctx context.Context, tx *db.Tx) error {
	size := v.report.Outside
	positions := edge(size)
	known, err := hashesAt(ctx, tx, positions)
	if err != nil {
		return err
	}
	if len(known) < len(positions) {
		v.breach(RolledBack, -1, "", "hashes are gone of the %d leaves that the checkpoint kept outside has", size)
		return nil
	}
	v.tree, v.report.From = newTree(size, known), size
	root, err := v.tree.root()
	if err != nil {
		return err
	}
	if root != v.outside[size].Root {
		v.breach(Rewritten, -1, "", "the first %d leaves are not those of the checkpoint kept outside", size)
	}
	v.signed = size
	return nil
}

// page is what the database holds of some leaves.
type page struct {
	rows        []row
	hashes      map[int64]tlog.Hash
	checkpoints map[int64]string
}

// page checks some leaves; in the snapshot that has no more, how the log ends.
func (v *verification) page(ctx context.Context, tx *db.Tx) (over bool, err error) {
	p, err := v.read(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, r := range p.rows {
		if err := v.leaf(ctx, tx, p, r); err != nil || v.report.Breach != nil {
			return false, err
		}
	}
	if len(p.rows) > 0 {
		return false, nil
	}
	for _, step := range []func(context.Context, *db.Tx) error{v.end, v.waiting, v.strays} {
		if err := step(ctx, tx); err != nil || v.report.Breach != nil {
			return true, err
		}
	}
	return true, nil
}

func (v *verification) read(ctx context.Context, tx *db.Tx) (p page, err error) {
	first := v.tree.size
	if p.rows, err = leavesFrom(ctx, tx, first, verifyPage); err != nil || len(p.rows) == 0 {
		return p, err
	}
	end := first + int64(len(p.rows))
	if p.hashes, err = hashesBetween(ctx, tx, tlog.StoredHashIndex(0, first), tlog.StoredHashIndex(0, end)); err != nil {
		return p, err
	}
	p.checkpoints, err = checkpointsBetween(ctx, tx, first, end)
	return p, err
}

// leaf checks one record in its place, the hashes that it completes, and the checkpoint after it.
func (v *verification) leaf(ctx context.Context, tx *db.Tx, p page, r row) error {
	n := v.tree.size
	if r.leaf != n {
		v.breach(Removed, n, "", "leaf %d is gone", n)
		return nil
	}
	if r.missing {
		v.breach(Removed, n, r.id, "record %s of leaf %d is gone", r.id, n)
		return nil
	}
	stored, kept := p.hashes[tlog.StoredHashIndex(0, n)]
	if !kept {
		v.breach(Removed, n, r.id, "the hash of leaf %d is gone", n)
		return nil
	}
	if r.hash() != stored {
		return v.different(ctx, tx, r)
	}
	if !v.log.genuine(r) {
		v.breach(Forged, n, r.id, "record %s of leaf %d was written or changed by somebody else before it was sealed", r.id, n)
		return nil
	}
	nodes, err := v.tree.grow(stored)
	if err != nil {
		return err
	}
	for _, made := range nodes[1:] {
		if p.hashes[made.position] != made.hash {
			v.breach(Changed, n, "", "the hash of the tree at position %d was changed or is gone", made.position)
			return nil
		}
	}
	v.report.Leaves++
	return v.checkpoints(p)
}

// different tells what it means that a record does not have the hash of its leaf.
func (v *verification) different(ctx context.Context, tx *db.Tx, r row) error {
	if !v.log.genuine(r) {
		v.breach(Changed, r.leaf, r.id, "record %s of leaf %d was changed", r.id, r.leaf)
		return nil
	}
	position, elsewhere, err := positionOf(ctx, tx, r.hash())
	if err != nil {
		return err
	}
	if elsewhere {
		_, other := tlog.SplitStoredHashIndex(position)
		v.breach(Reordered, r.leaf, r.id, "record %s stands at leaf %d and was sealed at leaf %d", r.id, r.leaf, other)
		return nil
	}
	v.breach(Changed, r.leaf, r.id, "the hash of leaf %d was changed", r.leaf)
	return nil
}

// checkpoints compares the tree as it is now with what was signed when it had this size.
func (v *verification) checkpoints(p page) error {
	size := v.tree.size
	inside, hasInside := p.checkpoints[size]
	outside, hasOutside := v.outside[size]
	if !hasInside && !hasOutside {
		return nil
	}
	root, err := v.tree.root()
	if err != nil {
		return err
	}
	if hasOutside && outside.Root != root {
		v.breach(Rewritten, -1, "", "the first %d leaves are not those of the checkpoint kept outside", size)
		return nil
	}
	if !hasInside {
		return nil
	}
	c, err := openCheckpoint([]byte(inside), v.verifiers)
	if err != nil || c.Size != size {
		v.breach(Forged, -1, "", "the checkpoint of %d leaves is not signed by this bank", size)
		return nil
	}
	if c.Root != root {
		v.breach(Rewritten, -1, "", "leaves %d to %d are not those that were signed", v.signed, size-1)
		return nil
	}
	v.signed = size
	return nil
}

// end checks that the log ends where the last signature says.
func (v *verification) end(ctx context.Context, tx *db.Tx) error {
	size := v.tree.size
	last, _, err := latestCheckpoint(ctx, tx)
	if err != nil {
		return err
	}
	head, err := readHead(ctx, tx)
	switch {
	case err != nil:
		return err
	case last > size:
		v.breach(Removed, size, "", "leaf %d is gone, and all after it: %d were signed", size, last)
	case v.report.Outside > size:
		v.breach(RolledBack, size, "", "the log has %d leaves, and had %d by the checkpoint kept outside", size, v.report.Outside)
	case last < size && v.report.Outside > last:
		v.breach(Removed, -1, "", "the checkpoints in the database after %d leaves are gone; one is kept outside", last)
	case last < size:
		v.breach(Inserted, last, "", "leaf %d and those after it were never signed", last)
	case head != size:
		v.breach(Changed, -1, "", "the head of the log says %d leaves, and there are %d", head, size)
	}
	return nil
}

// waiting checks the records that have no place yet.
func (v *verification) waiting(ctx context.Context, tx *db.Tx) error {
	for after := id.Audit(""); ; {
		rows, err := pendingAfter(ctx, tx, after, verifyPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			switch {
			case r.missing:
				v.breach(Removed, -1, r.id, "record %s, which waits for the sealer, is gone", r.id)
				return nil
			case !v.log.genuine(r):
				v.breach(Forged, -1, r.id, "record %s, which waits for the sealer, was written or changed by somebody else", r.id)
				return nil
			}
			v.report.Waiting++
			after = r.id
		}
	}
}

// strays finds records that never went through Append.
func (v *verification) strays(ctx context.Context, tx *db.Tx) error {
	record, found, err := stray(ctx, tx)
	if err == nil && found {
		v.breach(Inserted, -1, record, "record %s was inserted: it has no leaf and never waited for one", record)
	}
	return err
}
