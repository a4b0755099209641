package rule

import (
	"context"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insert(ctx context.Context, tx *db.Tx, rows []Versioned) error {
	table := db.NewRows(len(rows))
	for _, r := range rows {
		table.Add(r.Key, r.From, r.To, r.Value, r.Unit, r.Source, r.Grade, r.Note, tx.Now(), r.ChangedBy, strings.Join(r.ApprovedBy, ","), r.Request)
	}
	const q = `
		INSERT INTO rule_figure
			(key, effective_from, effective_to, value, unit, source, grade, note, added_at, changed_by, approved_by, request)
		SELECT r.key, r.effective_from, r.effective_to, r.value, r.unit, r.source, r.grade, r.note, r.added_at, r.changed_by, r.approved_by, r.request
		  FROM ROWS($1: key TEXT, effective_from TEXT, effective_to TEXT, value TEXT, unit TEXT, source TEXT, grade TEXT,
		            note TEXT, added_at BIGINT, changed_by TEXT, approved_by TEXT, request TEXT) AS r
		 WHERE true
		ON CONFLICT (key, effective_from) DO NOTHING`
	_, err := tx.Exec(ctx, q, table)
	return err
}

// list reads all rows: some hundreds, all the bank's figures.
func list(ctx context.Context, tx *db.Tx) ([]Row, error) {
	const q = `
		SELECT key, effective_from, effective_to, value, unit, source, grade, note
		  FROM rule_figure
		 ORDER BY key, effective_from`
	return db.List(ctx, tx, func(row db.Row) (r Row, err error) {
		err = row.Scan(&r.Key, &r.From, &r.To, &r.Value, &r.Unit, &r.Source, &r.Grade, &r.Note)
		return r, err
	}, q)
}

// ofKey reads every row of a key, by first day.
func ofKey(ctx context.Context, tx *db.Tx, key string) ([]Versioned, error) {
	const q = `
		SELECT key, effective_from, effective_to, value, unit, source, grade, note, added_at, changed_by, approved_by, request
		  FROM rule_figure
		 WHERE key = $1
		 ORDER BY effective_from`
	return db.List(ctx, tx, scanVersioned, q, key)
}

func listVersioned(ctx context.Context, tx *db.Tx) ([]Versioned, error) {
	const q = `
		SELECT key, effective_from, effective_to, value, unit, source, grade, note, added_at, changed_by, approved_by, request
		  FROM rule_figure
		 ORDER BY key, effective_from`
	return db.List(ctx, tx, scanVersioned, q)
}

func scanVersioned(row db.Row) (v Versioned, err error) {
	var approvers string
	err = row.Scan(&v.Key, &v.From, &v.To, &v.Value, &v.Unit, &v.Source, &v.Grade, &v.Note, &v.AddedAt, &v.ChangedBy, &approvers, &v.Request)
	if approvers != "" {
		v.ApprovedBy = strings.Split(approvers, ",")
	}
	return v, err
}
