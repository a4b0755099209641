package approval

import (
	"context"
	"encoding/json"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertPolicy(ctx context.Context, tx *db.Tx, p Policy, number int, madeBy, request string) error {
	const q = `
		INSERT INTO approval_policy (kind, number, policy, made_by, request, made_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	written, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, q, p.Kind, number, string(written), madeBy, request, tx.Now())
	return err
}

func latestPolicy(ctx context.Context, tx *db.Tx, kind string) (PolicyInForce, bool, error) {
	const q = `
		SELECT number, policy
		  FROM approval_policy
		 WHERE kind = $1
		 ORDER BY number DESC
		 LIMIT 1`
	return db.Find(ctx, tx, scanPolicy, q, kind)
}

func latestPolicies(ctx context.Context, tx *db.Tx) (map[string]PolicyInForce, error) {
	const q = `
		SELECT p.number, p.policy
		  FROM approval_policy p
		 WHERE p.number = (SELECT max(o.number) FROM approval_policy o WHERE o.kind = p.kind)
		 ORDER BY p.kind
		 LIMIT 1000`
	rows, err := db.List(ctx, tx, scanPolicy, q)
	all := make(map[string]PolicyInForce, len(rows))
	for _, p := range rows {
		all[p.Kind] = p
	}
	return all, err
}

func scanPolicy(row db.Row) (p PolicyInForce, err error) {
	var written string
	if err = row.Scan(&p.Number, &written); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(written), &p.Policy)
}

// lockDelegations makes those who delegate take turns.
func lockDelegations(ctx context.Context, tx *db.Tx) error {
	const q = `
		INSERT INTO approval_turn (name, taken) VALUES ('delegation', 1)
		ON CONFLICT (name) DO UPDATE SET taken = approval_turn.taken + 1`
	_, err := tx.Exec(ctx, q)
	return err
}

func insertDelegation(ctx context.Context, tx *db.Tx, d Delegation) error {
	const q = `
		INSERT INTO approval_delegation (id, absent, deputy, first_day, last_day, made_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := tx.Exec(ctx, q, d.ID, d.Absent, d.Deputy, d.FirstDay, d.LastDay, d.MadeAt)
	return err
}

func endDelegation(ctx context.Context, tx *db.Tx, delegation id.Delegation, absent id.Staff) (bool, error) {
	const q = `UPDATE approval_delegation SET ended_at = $3 WHERE id = $1 AND absent = $2 AND ended_at IS NULL`
	n, err := tx.Exec(ctx, q, delegation, absent, tx.Now())
	return n == 1, err
}

// absentees are those in whose place somebody decides on a day.
func absentees(ctx context.Context, tx *db.Tx, deputy id.Staff, on clock.Date) ([]id.Staff, error) {
	const q = `
		SELECT DISTINCT absent
		  FROM approval_delegation
		 WHERE deputy = $1 AND last_day >= $2 AND first_day <= $2 AND ended_at IS NULL
		 ORDER BY absent
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[id.Staff], q, deputy, on, delegationsMax)
}

// deputiesOf are those whom somebody has named for any of the days of a span.
func deputiesOf(ctx context.Context, tx *db.Tx, absent id.Staff, first, last clock.Date) ([]id.Staff, error) {
	const q = `
		SELECT DISTINCT deputy
		  FROM approval_delegation
		 WHERE absent = $1 AND last_day >= $2 AND first_day <= $3 AND ended_at IS NULL
		 ORDER BY deputy
		 LIMIT $4`
	return db.List(ctx, tx, db.Value[id.Staff], q, absent, first, last, delegationsMax)
}

func delegationsOf(ctx context.Context, tx *db.Tx, staff id.Staff) ([]Delegation, error) {
	const q = `
		SELECT id, absent, deputy, first_day, last_day, made_at, ended_at
		  FROM approval_delegation
		 WHERE absent = $1 OR deputy = $1
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, func(row db.Row) (d Delegation, err error) {
		err = row.Scan(&d.ID, &d.Absent, &d.Deputy, &d.FirstDay, &d.LastDay, &d.MadeAt, &d.EndedAt)
		return d, err
	}, q, staff, delegationsMax)
}
