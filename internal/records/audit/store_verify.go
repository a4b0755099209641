package audit

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// leavesFrom reads a page of leaves with their records, by number; a record may be missing.
func leavesFrom(ctx context.Context, tx *db.Tx, first int64, limit int) ([]row, error) {
	const q = `
		SELECT ` + recordColumns + `, l.number, l.record
		  FROM audit_leaf l
		  LEFT JOIN audit_record r ON r.id = l.record
		 WHERE l.number >= $1
		 ORDER BY l.number
		 LIMIT $2`
	return db.List(ctx, tx, func(s db.Row) (row, error) {
		var leaf int64
		var named id.Audit
		r, err := scanRecord(s, &leaf, &named)
		r.missing, r.id, r.leaf, r.sealed = r.id == "", named, leaf, true
		return r, err
	}, q, first, limit)
}

// hashesBetween reads the stored hashes of a span of positions.
func hashesBetween(ctx context.Context, tx *db.Tx, first, end int64) (map[int64]tlog.Hash, error) {
	const q = `SELECT position, hash FROM audit_hash WHERE position >= $1 AND position < $2`
	hashes := make(map[int64]tlog.Hash, end-first)
	err := tx.Each(ctx, func(s db.Row) error { return scanHash(s, hashes) }, q, first, end)
	return hashes, err
}

// checkpointsBetween reads the checkpoints of trees larger than first, up to last.
func checkpointsBetween(ctx context.Context, tx *db.Tx, first, last int64) (map[int64]string, error) {
	const q = `SELECT size, note FROM audit_checkpoint WHERE size > $1 AND size <= $2`
	notes := make(map[int64]string)
	err := tx.Each(ctx, func(s db.Row) error {
		var size int64
		var signed string
		err := s.Scan(&size, &signed)
		notes[size] = signed
		return err
	}, q, first, last)
	return notes, err
}

// positionOf finds where a hash is stored; it reads the table, which only a breach makes necessary.
func positionOf(ctx context.Context, tx *db.Tx, h tlog.Hash) (int64, bool, error) {
	const q = `SELECT position FROM audit_hash WHERE hash = $1 ORDER BY position LIMIT 1`
	return db.Find(ctx, tx, db.Value[int64], q, h[:])
}

func readHead(ctx context.Context, tx *db.Tx) (int64, error) {
	const q = `SELECT size FROM audit_head WHERE name = 'log'`
	size, _, err := db.Find(ctx, tx, db.Value[int64], q)
	return size, err
}

// pendingAfter reads a page of records that wait; a record may be missing.
func pendingAfter(ctx context.Context, tx *db.Tx, after id.Audit, limit int) ([]row, error) {
	const q = `
		SELECT ` + recordColumns + `, p.id
		  FROM audit_pending p
		  LEFT JOIN audit_record r ON r.id = p.id
		 WHERE p.id > $1
		 ORDER BY p.id
		 LIMIT $2`
	return db.List(ctx, tx, func(s db.Row) (row, error) {
		var named id.Audit
		r, err := scanRecord(s, &named)
		r.missing, r.id = r.id == "", named
		return r, err
	}, q, after, limit)
}

// stray finds a record that has no place in the log and does not wait for one.
func stray(ctx context.Context, tx *db.Tx) (id.Audit, bool, error) {
	const q = `
		SELECT r.id
		  FROM audit_record r
		  LEFT JOIN audit_leaf l ON l.record = r.id
		  LEFT JOIN audit_pending p ON p.id = r.id
		 WHERE l.record IS NULL AND p.id IS NULL
		 ORDER BY r.id
		 LIMIT 1`
	return db.Find(ctx, tx, db.Value[id.Audit], q)
}
