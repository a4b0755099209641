package job

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// queueJobs inserts jobs; one whose unique key a live job has is left out.
func queueJobs(tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO job_job (id, kind, payload, unique_key, trace, state, attempts, fence, run_at, made_at)
		SELECT r.id, r.kind, r.payload, r.unique_key, r.trace, 'waiting', 0, 0, r.run_at, r.made_at
		  FROM ROWS($1: id TEXT, kind TEXT, payload TEXT, unique_key TEXT, trace TEXT, run_at BIGINT, made_at BIGINT) AS r
		 WHERE true
		ON CONFLICT DO NOTHING`
	return tx.Queue(q, rows)
}

func lockDue(ctx context.Context, tx *db.Tx, kinds *db.Rows, now time.Time, limit int) ([]Job, error) {
	const q = `
		SELECT id, kind, payload, trace, attempts, fence, run_at
		  FROM job_job
		 WHERE state = 'waiting' AND run_at <= $2 AND kind IN (SELECT r.kind FROM ROWS($1: kind TEXT) AS r)
		 ORDER BY run_at, id
		 LIMIT $3
		   FOR UPDATE SKIP LOCKED`
	return db.List(ctx, tx, func(r db.Row) (Job, error) {
		var j Job
		err := r.Scan(&j.ID, &j.Kind, &j.payload, &j.Trace, &j.Attempt, &j.fence, &j.RunAt)
		return j, err
	}, q, kinds, now, limit)
}

func takeJobs(ctx context.Context, tx *db.Tx, ids *db.Rows, node string, until time.Time) error {
	const q = `
		UPDATE job_job
		   SET state = 'running', attempts = attempts + 1, fence = fence + 1, holder = $2, leased_until = $3
		 WHERE id IN (SELECT r.id FROM ROWS($1: id TEXT) AS r)`
	_, err := tx.Exec(ctx, q, ids, node, until)
	return err
}

// lockAttempt locks the row of an attempt that is still the present one, and prolongs its lease.
func lockAttempt(ctx context.Context, tx *db.Tx, id string, fence int64, until time.Time) (bool, error) {
	const q = `UPDATE job_job SET leased_until = $3 WHERE id = $1 AND fence = $2 AND state = 'running'`
	n, err := tx.Exec(ctx, q, id, fence, until)
	return n == 1, err
}

func endJob(ctx context.Context, tx *db.Tx, j Job, state, code string, now time.Time) (bool, error) {
	const q = `
		UPDATE job_job SET state = $3, code = $4, ended_at = $5, leased_until = NULL
		 WHERE id = $1 AND fence = $2 AND state = 'running'`
	n, err := tx.Exec(ctx, q, j.ID, j.fence, state, optional(code), now)
	return n == 1, err
}

func returnJob(ctx context.Context, tx *db.Tx, j Job, attempts int, code string, runAt time.Time) (bool, error) {
	const q = `
		UPDATE job_job SET state = 'waiting', attempts = $3, code = $4, run_at = $5, leased_until = NULL
		 WHERE id = $1 AND fence = $2 AND state = 'running'`
	n, err := tx.Exec(ctx, q, j.ID, j.fence, attempts, optional(code), runAt)
	return n == 1, err
}

// buryJob ends a waiting job whose node went away in its last attempt.
func buryJob(ctx context.Context, tx *db.Tx, id, code string, now time.Time) error {
	const q = `UPDATE job_job SET state = 'dead', code = $2, ended_at = $3 WHERE id = $1 AND state = 'waiting'`
	_, err := tx.Exec(ctx, q, id, code, now)
	return err
}

// heldJobs returns those attempts that are still the present ones.
func heldJobs(ctx context.Context, tx *db.Tx, rows *db.Rows) (map[string]bool, error) {
	const q = `
		SELECT j.id
		  FROM ROWS($1: id TEXT, fence BIGINT) AS r
		  JOIN job_job j ON j.id = r.id AND j.fence = r.fence
		 WHERE j.state = 'running'`
	held := make(map[string]bool, rows.Len())
	err := tx.Each(ctx, func(r db.Row) error {
		var id string
		err := r.Scan(&id)
		held[id] = true
		return err
	}, q, rows)
	return held, err
}

// renewJobs prolongs leases. A job that its handler has locked needs none: nobody can take it.
func renewJobs(ctx context.Context, tx *db.Tx, rows *db.Rows, until time.Time) error {
	const q = `
		UPDATE job_job SET leased_until = $2
		 WHERE id IN (
			SELECT j.id
			  FROM job_job j
			 WHERE (j.id, j.fence) IN (SELECT r.id, r.fence FROM ROWS($1: id TEXT, fence BIGINT) AS r) AND j.state = 'running'
			   FOR UPDATE SKIP LOCKED)`
	_, err := tx.Exec(ctx, q, rows, until)
	return err
}

// releaseLapsed gives back the jobs of nodes that no longer renew their leases; the attempt counts. A job that is
// locked has a handler that is alive.
func releaseLapsed(ctx context.Context, tx *db.Tx, lapsed, now time.Time) (int64, error) {
	const q = `
		UPDATE job_job SET state = 'waiting', run_at = $2, leased_until = NULL
		 WHERE id IN (SELECT id FROM job_job WHERE state = 'running' AND leased_until < $1 FOR UPDATE SKIP LOCKED)`
	return tx.Exec(ctx, q, lapsed, now)
}

func listDead(ctx context.Context, tx *db.Tx, after string, limit int) ([]Failed, error) {
	const q = `
		SELECT id, kind, payload, code, trace, attempts, made_at, ended_at
		  FROM job_job
		 WHERE state = 'dead' AND id > $1
		 ORDER BY id
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (Failed, error) {
		var f Failed
		err := r.Scan(&f.ID, &f.Kind, &f.Payload, &f.Code, &f.Trace, &f.Attempts, &f.MadeAt, &f.EndedAt)
		return f, err
	}, q, after, limit)
}

func reviveJob(ctx context.Context, tx *db.Tx, id string, now time.Time) (bool, error) {
	const q = `
		UPDATE job_job SET state = 'waiting', attempts = 0, run_at = $2, ended_at = NULL
		 WHERE id = $1 AND state = 'dead'`
	n, err := tx.Exec(ctx, q, id, now)
	return n == 1, err
}

// countJobs has one part for each partial index.
func countJobs(ctx context.Context, tx *db.Tx) ([]Count, error) {
	const q = `
		SELECT kind, state, count(*), min(run_at) FROM job_job WHERE state = 'waiting' GROUP BY kind, state
		UNION ALL
		SELECT kind, state, count(*), min(run_at) FROM job_job WHERE state = 'running' GROUP BY kind, state
		UNION ALL
		SELECT kind, state, count(*), min(run_at) FROM job_job WHERE state = 'dead' GROUP BY kind, state`
	return db.List(ctx, tx, func(r db.Row) (Count, error) {
		var c Count
		err := r.Scan(&c.Kind, &c.State, &c.Jobs, &c.Oldest)
		return c, err
	}, q)
}

func deleteDone(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	const q = `
		DELETE FROM job_job
		 WHERE id IN (SELECT id FROM job_job WHERE state = 'done' AND ended_at < $1 ORDER BY ended_at LIMIT $2)`
	return tx.Exec(ctx, q, before, limit)
}

// saveSchedules keeps the next time of a schedule that has not changed.
func saveSchedules(ctx context.Context, tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO job_schedule (name, kind, spec, next_at)
		SELECT r.name, r.kind, r.spec, r.next_at
		  FROM ROWS($1: name TEXT, kind TEXT, spec TEXT, next_at BIGINT) AS r
		 WHERE true
		ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, spec = excluded.spec, next_at = excluded.next_at
		 WHERE job_schedule.spec <> excluded.spec OR job_schedule.kind <> excluded.kind`
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func dueSchedules(ctx context.Context, tx *db.Tx, now time.Time) ([]string, error) {
	const q = `SELECT name FROM job_schedule WHERE next_at <= $1`
	return db.List(ctx, tx, db.Value[string], q, now)
}

func lockSchedule(ctx context.Context, tx *db.Tx, name string, now time.Time) (time.Time, bool, error) {
	const q = `SELECT next_at FROM job_schedule WHERE name = $1 AND next_at <= $2 FOR UPDATE SKIP LOCKED`
	return db.Find(ctx, tx, db.Value[time.Time], q, name, now)
}

func moveSchedule(ctx context.Context, tx *db.Tx, name string, next time.Time) error {
	const q = `UPDATE job_schedule SET next_at = $2 WHERE name = $1`
	_, err := tx.Exec(ctx, q, name, next)
	return err
}

func takeLease(ctx context.Context, tx *db.Tx, l Lease, now time.Time) (int64, bool, error) {
	const q = `
		INSERT INTO job_lease (name, holder, fence, held_until)
		VALUES ($1, $2, 1, $3)
		ON CONFLICT (name) DO UPDATE
		   SET holder = excluded.holder, fence = job_lease.fence + 1, held_until = excluded.held_until
		 WHERE job_lease.held_until <= $4 OR job_lease.holder = excluded.holder
		RETURNING fence`
	return db.Find(ctx, tx, db.Value[int64], q, l.Name, l.Holder, l.Until, now)
}

// lockLease shares the row: several transactions of the holder may go on at once, and nobody can take it meanwhile.
func lockLease(ctx context.Context, tx *db.Tx, l Lease) (bool, error) {
	const q = `SELECT fence FROM job_lease WHERE name = $1 AND holder = $2 AND fence = $3 FOR SHARE`
	_, held, err := db.Find(ctx, tx, db.Value[int64], q, l.Name, l.Holder, l.Fence)
	return held, err
}

func renewLease(ctx context.Context, tx *db.Tx, l Lease) (bool, error) {
	const q = `UPDATE job_lease SET held_until = $4 WHERE name = $1 AND holder = $2 AND fence = $3`
	n, err := tx.Exec(ctx, q, l.Name, l.Holder, l.Fence, l.Until)
	return n == 1, err
}

// releaseLease keeps the row and its fence: the next holder's is higher.
func releaseLease(ctx context.Context, tx *db.Tx, l Lease) error {
	const q = `UPDATE job_lease SET held_until = 0 WHERE name = $1 AND holder = $2 AND fence = $3`
	_, err := tx.Exec(ctx, q, l.Name, l.Holder, l.Fence)
	return err
}
