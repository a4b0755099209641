package audit

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// insertRecords writes records and their wait for the sealer.
func insertRecords(tx *db.Tx, rows []row) error {
	records, waiting := db.NewRows(len(rows)), db.NewRows(len(rows))
	for _, r := range rows {
		records.Add(r.id, r.at, r.by.Kind, r.by.Actor, orNull(r.customer), orNull(r.by.OnBehalfOf), r.by.Channel, r.by.Branch,
			orNull(r.by.Device), orNull(r.by.Session), orNull(r.by.Address), orNull(r.by.Trace), orNull(r.by.Reason),
			r.act, r.subject, r.outcome, orNull(r.code), orNull(r.detail), r.personal, r.macKey, r.mac)
		waiting.Add(r.id)
	}
	const q = `
		INSERT INTO audit_record (id, at, kind, actor, customer, behalf, channel, branch, device, session, address, trace,
		                          reason, act, subject, outcome, code, detail, personal, mac_key, mac)
		SELECT r.id, r.at, r.kind, r.actor, r.customer, r.behalf, r.channel, r.branch, r.device, r.session, r.address, r.trace,
		       r.reason, r.act, r.subject, r.outcome, r.code, r.detail, r.personal, r.mac_key, r.mac
		  FROM ROWS($1: id TEXT, at BIGINT, kind TEXT, actor TEXT, customer TEXT, behalf TEXT, channel TEXT, branch TEXT,
		            device TEXT, session TEXT, address TEXT, trace TEXT, reason TEXT, act TEXT, subject TEXT, outcome TEXT,
		            code TEXT, detail TEXT, personal BYTEA, mac_key TEXT, mac BYTEA) AS r`
	if err := tx.Queue(q, records); err != nil {
		return err
	}
	const wait = `INSERT INTO audit_pending (id) SELECT r.id FROM ROWS($1: id TEXT) AS r`
	return tx.Queue(wait, waiting)
}

// orNull keeps an empty text as NULL, which needs no room and stays out of partial indexes.
func orNull[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// recordColumns are read by scanRecord.
const recordColumns = `r.id, r.at, r.kind, r.actor, r.customer, r.behalf, r.channel, r.branch, r.device, r.session,
	r.address, r.trace, r.reason, r.act, r.subject, r.outcome, r.code, r.detail, r.personal, r.mac_key, r.mac`

func scanRecord(s db.Row, more ...any) (r row, err error) {
	fields := []any{
		&r.id, &r.at, &r.by.Kind, &r.by.Actor, &r.customer, &r.by.OnBehalfOf, &r.by.Channel, &r.by.Branch, &r.by.Device,
		&r.by.Session, &r.by.Address, &r.by.Trace, &r.by.Reason, &r.act, &r.subject, &r.outcome, &r.code, &r.detail,
		&r.personal, &r.macKey, &r.mac,
	}
	err = s.Scan(append(fields, more...)...)
	return r, err
}

func anyPending(ctx context.Context, tx *db.Tx) (bool, error) {
	const q = `SELECT id FROM audit_pending LIMIT 1`
	_, found, err := db.Find(ctx, tx, db.Value[string], q)
	return found, err
}

// pendingAge counts the records that wait, and says when the oldest was written.
func pendingAge(ctx context.Context, tx *db.Tx) (count int64, oldest time.Time, err error) {
	const q = `
		SELECT count(p.id), min(r.at)
		  FROM audit_pending p
		  LEFT JOIN audit_record r ON r.id = p.id`
	err = tx.Each(ctx, func(s db.Row) error { return s.Scan(&count, &oldest) }, q)
	return count, oldest, err
}

// lockHead waits for the turn to seal and says how many leaves there are.
func lockHead(ctx context.Context, tx *db.Tx) (int64, error) {
	const q = `SELECT size FROM audit_head WHERE name = 'log' FOR UPDATE`
	return db.One(ctx, tx, db.Value[int64], q)
}

// claimPending takes the records that waited longest. The lock on the head is the lock on the queue.
func claimPending(ctx context.Context, tx *db.Tx, limit int) ([]row, error) {
	const q = `
		SELECT ` + recordColumns + `
		  FROM audit_pending p
		  JOIN audit_record r ON r.id = p.id
		 ORDER BY p.id
		 LIMIT $1`
	return db.List(ctx, tx, func(s db.Row) (row, error) { return scanRecord(s) }, q, limit)
}

// readHashes reads stored hashes by position.
func readHashes(ctx context.Context, tx *db.Tx, positions *db.Rows) (map[int64]tlog.Hash, error) {
	const q = `
		SELECT h.position, h.hash
		  FROM ROWS($1: position BIGINT) AS r
		  JOIN audit_hash h ON h.position = r.position`
	hashes := make(map[int64]tlog.Hash, positions.Len())
	err := tx.Each(ctx, func(s db.Row) error { return scanHash(s, hashes) }, q, positions)
	return hashes, err
}

func scanHash(s db.Row, into map[int64]tlog.Hash) error {
	var position int64
	var hash []byte
	if err := s.Scan(&position, &hash); err != nil {
		return err
	}
	var h tlog.Hash
	copy(h[:], hash)
	into[position] = h
	return nil
}

// insertSealed writes what one run of the sealer decided.
func insertSealed(tx *db.Tx, rows []row, nodes []node, c Checkpoint) error {
	leaves, hashes, done := db.NewRows(len(rows)), db.NewRows(len(nodes)), db.NewRows(len(rows))
	for _, r := range rows {
		leaves.Add(r.leaf, r.id)
		done.Add(r.id)
	}
	for _, n := range nodes {
		hashes.Add(n.position, n.hash[:])
	}
	const leaf = `INSERT INTO audit_leaf (number, record) SELECT r.number, r.record FROM ROWS($1: number BIGINT, record TEXT) AS r`
	const hash = `INSERT INTO audit_hash (position, hash) SELECT r.position, r.hash FROM ROWS($1: position BIGINT, hash BYTEA) AS r`
	const sealed = `DELETE FROM audit_pending WHERE id IN (SELECT r.id FROM ROWS($1: id TEXT) AS r)`
	const head = `UPDATE audit_head SET size = $1 WHERE name = 'log'`
	const checkpoint = `INSERT INTO audit_checkpoint (size, note, made_at) VALUES ($1, $2, $3)`
	for _, s := range []struct {
		q    string
		args []any
	}{
		{leaf, []any{leaves}}, {hash, []any{hashes}}, {sealed, []any{done}}, {head, []any{c.Size}},
		{checkpoint, []any{c.Size, string(c.Note), tx.Now()}},
	} {
		if err := tx.Queue(s.q, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// latestCheckpoint is the last one in the database; size zero when there is none.
func latestCheckpoint(ctx context.Context, tx *db.Tx) (size int64, signed string, err error) {
	const q = `SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1`
	err = tx.Each(ctx, func(s db.Row) error { return s.Scan(&size, &signed) }, q)
	return size, signed, err
}

// list reads a page, the latest first. Ids begin with their instant, so the span of time is a span of ids.
func list(ctx context.Context, tx *db.Tx, q Query) ([]row, error) {
	const all = `
		SELECT ` + recordColumns + `, l.number, l.record
		  FROM audit_record r
		  LEFT JOIN audit_leaf l ON l.record = r.id
		 WHERE r.id >= $1 AND r.id < $2
		 ORDER BY r.id DESC
		 LIMIT $3`
	const ofCustomer = `
		SELECT ` + recordColumns + `, l.number, l.record
		  FROM audit_record r
		  LEFT JOIN audit_leaf l ON l.record = r.id
		 WHERE r.customer = $4 AND r.id >= $1 AND r.id < $2
		 ORDER BY r.id DESC
		 LIMIT $3`
	const ofStaff = `
		SELECT ` + recordColumns + `, l.number, l.record
		  FROM audit_record r
		  LEFT JOIN audit_leaf l ON l.record = r.id
		 WHERE r.kind = 'staff' AND r.actor = $4 AND r.id >= $1 AND r.id < $2
		 ORDER BY r.id DESC
		 LIMIT $3`
	from, to := q.span()
	switch {
	case q.Customer != "":
		return db.List(ctx, tx, scanListed, ofCustomer, from, to, q.Limit, q.Customer)
	case q.Staff != "":
		return db.List(ctx, tx, scanListed, ofStaff, from, to, q.Limit, q.Staff)
	}
	return db.List(ctx, tx, scanListed, all, from, to, q.Limit)
}

func scanListed(s db.Row) (row, error) {
	var leaf int64
	var sealed string
	r, err := scanRecord(s, &leaf, &sealed)
	r.leaf, r.sealed = leaf, sealed != ""
	return r, err
}

// place reads one record with its leaf, if it has one.
func place(ctx context.Context, tx *db.Tx, record id.Audit) (row, bool, error) {
	const q = `
		SELECT ` + recordColumns + `, l.number, l.record
		  FROM audit_record r
		  LEFT JOIN audit_leaf l ON l.record = r.id
		 WHERE r.id = $1`
	return db.Find(ctx, tx, scanListed, q, record)
}
