package access

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertBranch(ctx context.Context, tx *db.Tx, b Branch) error {
	const q = `
		INSERT INTO access_branch (code, parent, path, name, made_at)
		VALUES ($1, $2, $3, $4, $5)`
	_, err := tx.Exec(ctx, q, b.Code, text(b.Parent), b.Path, b.Name, b.MadeAt)
	return err
}

func findBranch(ctx context.Context, tx *db.Tx, code string) (Branch, bool, error) {
	const q = `SELECT code, parent, path, name, made_at, closed_at FROM access_branch WHERE code = $1`
	return db.Find(ctx, tx, scanBranch, q, code)
}

func listBranches(ctx context.Context, tx *db.Tx) ([]Branch, error) {
	const q = `SELECT code, parent, path, name, made_at, closed_at FROM access_branch`
	return db.List(ctx, tx, scanBranch, q)
}

func scanBranch(r db.Row) (Branch, error) {
	var b Branch
	err := r.Scan(&b.Code, &b.Parent, &b.Path, &b.Name, &b.MadeAt, &b.ClosedAt)
	return b, err
}

func insertStaff(ctx context.Context, tx *db.Tx, x Staff) error {
	const q = `
		INSERT INTO access_staff (id, name, branch, branch_path, state, person, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := tx.Exec(ctx, q, x.ID, x.sealed, x.Branch, x.path, x.State, null(x.person), x.MadeAt)
	return err
}

func findStaff(ctx context.Context, tx *db.Tx, who id.Staff) (Staff, bool, error) {
	const q = `SELECT id, name, branch, branch_path, state, person, made_at, left_at FROM access_staff WHERE id = $1`
	return db.Find(ctx, tx, scanStaff, q, who)
}

func lockStaff(ctx context.Context, tx *db.Tx, who id.Staff) (Staff, bool, error) {
	const q = `SELECT id, name, branch, branch_path, state, person, made_at, left_at FROM access_staff WHERE id = $1 FOR UPDATE`
	return db.Find(ctx, tx, scanStaff, q, who)
}

func listStaff(ctx context.Context, tx *db.Tx, in Scope, after id.Staff, limit int) ([]Staff, error) {
	const q = `
		SELECT id, name, branch, branch_path, state, person, made_at, left_at
		  FROM access_staff
		 WHERE branch_path >= $1 AND branch_path < $2 AND id > $3
		 ORDER BY id
		 LIMIT $4`
	from, to := in.Range()
	return db.List(ctx, tx, scanStaff, q, from, to, after, limit)
}

func scanStaff(r db.Row) (Staff, error) {
	var x Staff
	err := r.Scan(&x.ID, &x.sealed, &x.Branch, &x.path, &x.State, &x.person, &x.MadeAt, &x.LeftAt)
	return x, err
}

func saveState(ctx context.Context, tx *db.Tx, who id.Staff, to State) error {
	const q = `UPDATE access_staff SET state = $2, left_at = CASE WHEN $2 = 'left' THEN $3 ELSE left_at END WHERE id = $1`
	_, err := tx.Exec(ctx, q, who, to, tx.Now())
	return err
}

func insertAssignment(ctx context.Context, tx *db.Tx, a Assignment) error {
	const q = `
		INSERT INTO access_assignment (id, staff, role, branch, first_on, last_on, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	_, err := tx.Exec(ctx, q, a.ID, a.Staff, a.Role, a.Branch, a.First, a.Last, a.MadeBy, a.MadeAt)
	return err
}

func findAssignment(ctx context.Context, tx *db.Tx, a id.Assignment) (Assignment, bool, error) {
	const q = `
		SELECT id, staff, role, branch, first_on, last_on, made_by, made_at, ended_at
		  FROM access_assignment
		 WHERE id = $1`
	return db.Find(ctx, tx, scanAssignment, q, a)
}

// listAssignments are the roles of staff that were not taken back, the oldest first.
func listAssignments(ctx context.Context, tx *db.Tx, staff []id.Staff) (map[id.Staff][]Assignment, error) {
	const q = `
		SELECT a.id, a.staff, a.role, a.branch, a.first_on, a.last_on, a.made_by, a.made_at, a.ended_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN access_assignment a ON a.staff = r.id
		 WHERE a.ended_at IS NULL
		 ORDER BY a.id`
	rows := db.NewRows(len(staff))
	for _, who := range staff {
		rows.Add(who)
	}
	all := make(map[id.Staff][]Assignment)
	err := tx.Each(ctx, func(r db.Row) error {
		a, err := scanAssignment(r)
		all[a.Staff] = append(all[a.Staff], a)
		return err
	}, q, rows)
	return all, err
}

func scanAssignment(r db.Row) (Assignment, error) {
	var a Assignment
	err := r.Scan(&a.ID, &a.Staff, &a.Role, &a.Branch, &a.First, &a.Last, &a.MadeBy, &a.MadeAt, &a.EndedAt)
	return a, err
}

func endAssignment(ctx context.Context, tx *db.Tx, a id.Assignment) (int64, error) {
	const q = `UPDATE access_assignment SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`
	return tx.Exec(ctx, q, a, tx.Now())
}

func endAssignments(ctx context.Context, tx *db.Tx, who id.Staff) error {
	const q = `UPDATE access_assignment SET ended_at = $2 WHERE staff = $1 AND ended_at IS NULL`
	_, err := tx.Exec(ctx, q, who, tx.Now())
	return err
}

func listHoldings(ctx context.Context, tx *db.Tx, who id.Staff) ([]holding, error) {
	const q = `
		SELECT a.role, b.path, a.first_on, a.last_on
		  FROM access_assignment a
		  JOIN access_branch b ON b.code = a.branch
		 WHERE a.staff = $1 AND a.ended_at IS NULL
		 ORDER BY a.id`
	return db.List(ctx, tx, func(r db.Row) (holding, error) {
		var h holding
		err := r.Scan(&h.role, &h.path, &h.first, &h.last)
		return h, err
	}, q, who)
}

// listHolders are the active staff who have a role anywhere on a day.
func listHolders(ctx context.Context, tx *db.Tx, role Role, on clock.Date, limit int) ([]id.Staff, error) {
	const q = `
		SELECT DISTINCT s.id
		  FROM access_assignment a
		  JOIN access_staff s ON s.id = a.staff
		 WHERE a.role = $1 AND a.ended_at IS NULL AND a.first_on <= $2 AND (a.last_on IS NULL OR a.last_on >= $2) AND s.state = 'active'
		 ORDER BY s.id
		 LIMIT $3`
	return db.List(ctx, tx, db.Value[id.Staff], q, role, on, limit)
}

func upsertTie(ctx context.Context, tx *db.Tx, who id.Staff, t Tie) error {
	const q = `
		INSERT INTO access_tie (staff, customer, kind, made_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (staff, customer) DO UPDATE SET kind = excluded.kind`
	_, err := tx.Exec(ctx, q, who, t.Customer, t.Kind, tx.Now())
	return err
}

func listTies(ctx context.Context, tx *db.Tx, who id.Staff) ([]Tie, error) {
	const q = `SELECT customer, kind FROM access_tie WHERE staff = $1`
	return db.List(ctx, tx, func(r db.Row) (Tie, error) {
		var t Tie
		err := r.Scan(&t.Customer, &t.Kind)
		return t, err
	}, q, who)
}

// isStaff reports whether a customer works for the bank himself.
func isStaff(ctx context.Context, tx *db.Tx, customer id.Customer) (bool, error) {
	const q = `SELECT count(*) FROM access_tie WHERE customer = $1 AND kind = 'self'`
	n, err := db.One(ctx, tx, db.Value[int64], q, customer)
	return n > 0, err
}

// text is the argument for a text that may be missing.
func text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// null is the argument for bytes that may be missing.
func null(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}
