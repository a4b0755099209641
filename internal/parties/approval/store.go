package approval

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertRequest(ctx context.Context, tx *db.Tx, r Request) error {
	const q = `
		INSERT INTO approval_request
			(id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
			 steps, step, policy, state, code, result, made_at, expires_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`
	steps, err := json.Marshal(r.Steps)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, q, r.ID, r.Kind, r.Subject, r.Customer, r.Branch, r.Amount.Minor(), currencyOf(r.Amount), r.Requester, r.person, r.channel,
		r.device, r.session, r.sealed, r.Hash, string(steps), r.Step, r.policy, r.State, r.Code, r.Result, r.MadeAt, r.ExpiresAt, r.EndedAt)
	return err
}

func currencyOf(a money.Amount) string {
	if a.Currency().IsZero() {
		return ""
	}
	return a.Currency().Code()
}

func findRequest(ctx context.Context, tx *db.Tx, request id.Approval, lock bool) (Request, bool, error) {
	const read = `
		SELECT id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
		       steps, step, policy, state, code, result, made_at, expires_at, ended_at, seen_at
		  FROM approval_request
		 WHERE id = $1`
	const locked = read + `
		   FOR UPDATE`
	if lock {
		return db.Find(ctx, tx, scanRequest, locked, request)
	}
	return db.Find(ctx, tx, scanRequest, read, request)
}

func scanRequest(row db.Row) (r Request, err error) {
	var minor int64
	var currency, steps string
	err = row.Scan(&r.ID, &r.Kind, &r.Subject, &r.Customer, &r.Branch, &minor, &currency, &r.Requester, &r.person, &r.channel, &r.device, &r.session,
		&r.sealed, &r.Hash, &steps, &r.Step, &r.policy, &r.State, &r.Code, &r.Result, &r.MadeAt, &r.ExpiresAt, &r.EndedAt, &r.SeenAt)
	if err != nil {
		return r, err
	}
	if currency != "" {
		c, err := money.ParseCurrency(currency)
		if err != nil {
			return r, err
		}
		r.Amount = money.New(minor, c)
	}
	return r, json.Unmarshal([]byte(steps), &r.Steps)
}

func updateRequest(ctx context.Context, tx *db.Tx, r Request) error {
	const q = `
		UPDATE approval_request SET step = $2, state = $3, code = $4, result = $5, ended_at = $6
		 WHERE id = $1`
	_, err := tx.Exec(ctx, q, r.ID, r.Step, r.State, r.Code, r.Result, r.EndedAt)
	return err
}

// waitFor puts a request before the roles of its present step, and takes it away from those of the step before.
func waitFor(ctx context.Context, tx *db.Tx, r Request) error {
	if err := waitForNobody(ctx, tx, r.ID); err != nil {
		return err
	}
	const q = `
		INSERT INTO approval_waiting (role, request)
		SELECT r.role, r.request FROM ROWS($1: role TEXT, request TEXT) AS r
		 WHERE true
		ON CONFLICT (role, request) DO NOTHING`
	rows := db.NewRows(len(r.Steps[r.Step].Roles))
	for _, role := range r.Steps[r.Step].Roles {
		rows.Add(role, r.ID)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func waitForNobody(ctx context.Context, tx *db.Tx, request id.Approval) error {
	_, err := tx.Exec(ctx, `DELETE FROM approval_waiting WHERE request = $1`, request)
	return err
}

func insertDecision(ctx context.Context, tx *db.Tx, request id.Approval, t Taken) error {
	const q = `
		INSERT INTO approval_decision (request, step, staff, person, in_place_of, agree, reason, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	_, err := tx.Exec(ctx, q, request, t.Step, t.Staff, t.person, t.InPlaceOf, t.Agree, t.sealed, t.At)
	return err
}

func decisions(ctx context.Context, tx *db.Tx, request id.Approval) ([]Taken, error) {
	const q = `
		SELECT step, staff, person, in_place_of, agree, reason, at
		  FROM approval_decision
		 WHERE request = $1
		 ORDER BY step`
	return db.List(ctx, tx, func(row db.Row) (t Taken, err error) {
		err = row.Scan(&t.Step, &t.Staff, &t.person, &t.InPlaceOf, &t.Agree, &t.sealed, &t.At)
		return t, err
	}, q, request)
}

// listWaiting reads what waits for any of the roles, the oldest first.
func listWaiting(ctx context.Context, tx *db.Tx, roles []string, after id.Approval, limit int) ([]Request, error) {
	const q = `
		SELECT id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
		       steps, step, policy, state, code, result, made_at, expires_at, ended_at, seen_at
		  FROM approval_request
		 WHERE id IN (
			SELECT w.request
			  FROM approval_waiting w
			  JOIN ROWS($1: role TEXT) AS r ON w.role = r.role
			 WHERE w.request > $2)
		 ORDER BY id
		 LIMIT $3`
	rows := db.NewRows(len(roles))
	for _, role := range roles {
		rows.Add(role)
	}
	if rows.Len() == 0 {
		return nil, nil
	}
	return db.List(ctx, tx, scanRequest, q, rows, after, limit)
}

const lastID = "aprv`" // after every id: ` follows _

func listOfRequester(ctx context.Context, tx *db.Tx, requester id.Staff, before id.Approval, limit int) ([]Request, error) {
	const q = `
		SELECT id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
		       steps, step, policy, state, code, result, made_at, expires_at, ended_at, seen_at
		  FROM approval_request
		 WHERE requester = $1 AND id < $2
		 ORDER BY id DESC
		 LIMIT $3`
	if before == "" {
		before = lastID
	}
	return db.List(ctx, tx, scanRequest, q, requester, before, limit)
}

func listRequests(ctx context.Context, tx *db.Tx, q Query) ([]Request, error) {
	const all = `
		SELECT id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
		       steps, step, policy, state, code, result, made_at, expires_at, ended_at, seen_at
		  FROM approval_request
		 WHERE id < $1 AND (state = $2 OR $2 = '') AND (kind = $3 OR $3 = '') AND (branch = $4 OR $4 = '')
		 ORDER BY id DESC
		 LIMIT $5`
	if q.Before == "" {
		q.Before = lastID
	}
	return db.List(ctx, tx, scanRequest, all, q.Before, q.State, q.Kind, q.Branch, q.Limit)
}

func listAbout(ctx context.Context, tx *db.Tx, customer id.Customer, limit int) ([]Request, error) {
	const q = `
		SELECT id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
		       steps, step, policy, state, code, result, made_at, expires_at, ended_at, seen_at
		  FROM approval_request
		 WHERE customer = $1
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, scanRequest, q, customer, limit)
}

func lockOverdue(ctx context.Context, tx *db.Tx, limit int) ([]Request, error) {
	const q = `
		SELECT id, kind, subject, customer, branch, amount, currency, requester, requester_person, channel, device, session, content, hash,
		       steps, step, policy, state, code, result, made_at, expires_at, ended_at, seen_at
		  FROM approval_request
		 WHERE state = 'waiting' AND expires_at <= $1
		 ORDER BY expires_at, id
		 LIMIT $2
		   FOR UPDATE SKIP LOCKED`
	return db.List(ctx, tx, scanRequest, q, tx.Now(), limit)
}

func markSeen(ctx context.Context, tx *db.Tx, requester id.Staff) error {
	const q = `UPDATE approval_request SET seen_at = $2 WHERE requester = $1 AND ended_at IS NOT NULL AND seen_at IS NULL`
	_, err := tx.Exec(ctx, q, requester, tx.Now())
	return err
}

func countUnseen(ctx context.Context, tx *db.Tx, requester id.Staff) (int64, error) {
	const q = `SELECT count(*) FROM approval_request WHERE requester = $1 AND ended_at IS NOT NULL AND seen_at IS NULL`
	return db.One(ctx, tx, db.Value[int64], q, requester)
}

func tallyEnded(ctx context.Context, tx *db.Tx, from, to time.Time) ([]Tally, error) {
	const q = `
		SELECT kind, state, count(*)
		  FROM approval_request
		 WHERE ended_at >= $1 AND ended_at < $2
		 GROUP BY kind, state
		 ORDER BY kind, state`
	return db.List(ctx, tx, func(r db.Row) (x Tally, err error) {
		err = r.Scan(&x.Kind, &x.State, &x.Requests)
		return x, err
	}, q, from, to)
}
