package customer

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertVerification(ctx context.Context, tx *db.Tx, v sealedVerification, numberIndex []byte) error {
	const q = `
		INSERT INTO customer_verification (id, customer_id, kind, state, step, name, id_number, id_index, pictures, tries,
		       reason, started_at, submitted_at, submitted_on, asked_at, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	_, err := tx.Exec(ctx, q, v.id, v.customer, v.kind, v.state, v.step, v.sealedName, v.sealedNumber, numberIndex,
		v.pictures, v.tries, text(v.reason), v.startedAt, v.submittedAt, v.submittedOn, v.askedAt, v.decidedAt)
	return err
}

func saveVerification(ctx context.Context, tx *db.Tx, v verification) error {
	const q = `
		UPDATE customer_verification
		   SET state = $2, step = $3, front = $4, back = $5, face = $6, pictures = $7, tries = $8, reason = $9,
		       submitted_at = $10, submitted_on = $11, asked_at = $12, decided_at = $13
		 WHERE id = $1`
	_, err := tx.Exec(ctx, q, v.id, v.state, v.step, text(v.front), text(v.back), text(v.face), v.pictures, v.tries,
		text(v.reason), v.submittedAt, v.submittedOn, v.askedAt, v.decidedAt)
	return err
}

func findVerification(ctx context.Context, tx *db.Tx, which id.Verification) (sealedVerification, bool, error) {
	const q = `
		SELECT id, customer_id, kind, state, step, name, id_number, front, back, face, pictures, tries, reason,
		       started_at, submitted_at, submitted_on, asked_at, decided_at
		  FROM customer_verification
		 WHERE id = $1`
	return db.Find(ctx, tx, scanVerification, q, which)
}

// newestVerification is the open one, or else the last that was decided.
func newestVerification(ctx context.Context, tx *db.Tx, customer id.Customer) (sealedVerification, bool, error) {
	const q = `
		SELECT id, customer_id, kind, state, step, name, id_number, front, back, face, pictures, tries, reason,
		       started_at, submitted_at, submitted_on, asked_at, decided_at
		  FROM customer_verification
		 WHERE customer_id = $1 AND kind = 'first' AND state <> 'abandoned'
		 ORDER BY CASE WHEN state IN ('passed', 'refused') THEN 0 ELSE 1 END DESC, id DESC
		 LIMIT 1`
	return db.Find(ctx, tx, scanVerification, q, customer)
}

func listUnfinished(ctx context.Context, tx *db.Tx, before time.Time, limit int) ([]sealedVerification, error) {
	const q = `
		SELECT id, customer_id, kind, state, step, name, id_number, front, back, face, pictures, tries, reason,
		       started_at, submitted_at, submitted_on, asked_at, decided_at
		  FROM customer_verification
		 WHERE state IN ('started', 'documents', 'face') AND started_at < $1
		 ORDER BY started_at
		 LIMIT $2
		   FOR UPDATE SKIP LOCKED`
	return db.List(ctx, tx, scanVerification, q, before, limit)
}

func scanVerification(r db.Row) (sealedVerification, error) {
	var v sealedVerification
	err := r.Scan(&v.id, &v.customer, &v.kind, &v.state, &v.step, &v.sealedName, &v.sealedNumber, &v.front, &v.back,
		&v.face, &v.pictures, &v.tries, &v.reason, &v.startedAt, &v.submittedAt, &v.submittedOn, &v.askedAt, &v.decidedAt)
	return v, err
}

// countAttempts counts what a customer submitted on a day.
func countAttempts(ctx context.Context, tx *db.Tx, customer id.Customer, on clock.Date) (int64, error) {
	const q = `SELECT count(*) FROM customer_verification WHERE customer_id = $1 AND submitted_on = $2`
	return db.One(ctx, tx, db.Value[int64], q, customer, on)
}

// countNumber counts what all customers together submitted on a day for one ID number.
func countNumber(ctx context.Context, tx *db.Tx, indexes [][]byte, on clock.Date) (int64, error) {
	const q = `
		SELECT count(*)
		  FROM ROWS($1: id_index BYTEA) AS r
		  JOIN customer_verification v ON v.id_index = r.id_index
		 WHERE v.submitted_on = $2`
	counts, err := db.List(ctx, tx, db.Value[int64], q, byteRows(indexes), on)
	var sum int64
	for _, n := range counts { // SQLite may answer in parts
		sum += n
	}
	return sum, err
}

func listCases(ctx context.Context, tx *db.Tx, in access.Scope, after id.Verification, limit int) ([]Case, error) {
	const q = `
		SELECT v.id, v.customer_id, p.home_branch, v.step, v.reason, v.submitted_at
		  FROM customer_verification v
		  JOIN customer_person p ON p.id = v.customer_id
		 WHERE v.state = 'manual_review' AND v.id > $1 AND p.branch_path >= $2 AND p.branch_path < $3
		 ORDER BY v.id
		 LIMIT $4`
	from, to := in.Range()
	return db.List(ctx, tx, func(r db.Row) (Case, error) {
		var c Case
		err := r.Scan(&c.ID, &c.Customer, &c.HomeBranch, &c.Step, &c.Reason, &c.SubmittedAt)
		return c, err
	}, q, after, from, to, limit)
}

func listVerifications(ctx context.Context, tx *db.Tx, customer id.Customer, limit int) ([]verification, error) {
	const q = `
		SELECT id, customer_id, kind, state, step, name, id_number, front, back, face, pictures, tries, reason,
		       started_at, submitted_at, submitted_on, asked_at, decided_at
		  FROM customer_verification
		 WHERE customer_id = $1
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (verification, error) {
		v, err := scanVerification(r)
		return v.verification, err
	}, q, customer, limit)
}

func deleteVerifications(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const q = `DELETE FROM customer_verification WHERE customer_id = $1`
	_, err := tx.Exec(ctx, q, customer)
	return err
}
