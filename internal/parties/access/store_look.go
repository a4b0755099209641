package access

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// countLook adds one to the looks of a day, and says how many that makes. The row stays locked until the end.
func countLook(ctx context.Context, tx *db.Tx, who id.Staff, day clock.Date) (int64, error) {
	const q = `
		INSERT INTO access_looked (staff, day, used)
		VALUES ($1, $2, 1)
		ON CONFLICT (staff, day) DO UPDATE SET used = access_looked.used + 1
		RETURNING used`
	return db.One(ctx, tx, db.Value[int64], q, who, day)
}

func readLooks(ctx context.Context, tx *db.Tx, who id.Staff, day clock.Date) (int64, error) {
	const q = `SELECT used FROM access_looked WHERE staff = $1 AND day = $2`
	n, _, err := db.Find(ctx, tx, db.Value[int64], q, who, day)
	return n, err
}

func insertLook(tx *db.Tx, l look) error {
	const q = `
		INSERT INTO access_look (id, staff, customer, field, reason, note, day, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	return tx.Queue(q, l.id, l.staff, l.Customer, l.Field, l.Reason, l.sealed, l.day, tx.Now())
}

// sealedSeen is a look as it is stored.
type sealedSeen struct {
	Seen
	sealed []byte
}

func listLooks(ctx context.Context, tx *db.Tx, who id.Staff, before id.Look, limit int) ([]sealedSeen, error) {
	const q = `
		SELECT id, staff, customer, field, reason, note, at
		  FROM access_look
		 WHERE staff = $1 AND ($2 = '' OR id < $2)
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (sealedSeen, error) {
		var x sealedSeen
		err := r.Scan(&x.ID, &x.Staff, &x.Customer, &x.Field, &x.Reason, &x.sealed, &x.At)
		return x, err
	}, q, who, before, limit)
}

func insertAlert(ctx context.Context, tx *db.Tx, a Alert, path string) (int64, error) {
	const q = `
		INSERT INTO access_alert (id, kind, staff, branch_path, customer, day, looks, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT DO NOTHING`
	return tx.Exec(ctx, q, a.ID, a.Kind, a.Staff, path, a.Customer, a.Day, a.Looks, a.MadeAt)
}

func listAlerts(ctx context.Context, tx *db.Tx, in Scope, open bool, before id.Alert, limit int) ([]Alert, error) {
	const q = `
		SELECT id, kind, staff, customer, day, looks, made_at, closed_at, closed_by, finding
		  FROM access_alert
		 WHERE branch_path >= $1 AND branch_path < $2 AND ($3 = '' OR id < $3) AND (closed_at IS NULL OR NOT $4)
		 ORDER BY id DESC
		 LIMIT $5`
	from, to := in.Range()
	return db.List(ctx, tx, scanAlert, q, from, to, before, open, limit)
}

func findAlert(ctx context.Context, tx *db.Tx, in Scope, a id.Alert) (Alert, bool, error) {
	const q = `
		SELECT id, kind, staff, customer, day, looks, made_at, closed_at, closed_by, finding
		  FROM access_alert
		 WHERE branch_path >= $1 AND branch_path < $2 AND id = $3`
	from, to := in.Range()
	return db.Find(ctx, tx, scanAlert, q, from, to, a)
}

func scanAlert(r db.Row) (Alert, error) {
	var a Alert
	err := r.Scan(&a.ID, &a.Kind, &a.Staff, &a.Customer, &a.Day, &a.Looks, &a.MadeAt, &a.ClosedAt, &a.ClosedBy, &a.Finding)
	return a, err
}

func closeAlert(ctx context.Context, tx *db.Tx, a id.Alert, by string, f Finding) (int64, error) {
	const q = `UPDATE access_alert SET closed_at = $2, closed_by = $3, finding = $4 WHERE id = $1 AND closed_at IS NULL`
	return tx.Exec(ctx, q, a, tx.Now(), by, f)
}

func tallyAlerts(ctx context.Context, tx *db.Tx, from, to clock.Date) ([]AlertTally, error) {
	const q = `
		SELECT kind, finding, count(*)
		  FROM access_alert
		 WHERE day >= $1 AND day < $2
		 GROUP BY kind, finding
		 ORDER BY kind, finding`
	return db.List(ctx, tx, func(r db.Row) (a AlertTally, err error) {
		err = r.Scan(&a.Kind, &a.Finding, &a.Alerts)
		return a, err
	}, q, from, to)
}
