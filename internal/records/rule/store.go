package rule

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insert(ctx context.Context, tx *db.Tx, rows []Row) error {
	table := db.NewRows(len(rows))
	for _, r := range rows {
		table.Add(r.Key, r.From, r.To, r.Value, r.Unit, r.Source, r.Grade, r.Note, tx.Now())
	}
	const q = `
		INSERT INTO rule_figure (key, effective_from, effective_to, value, unit, source, grade, note, added_at)
		SELECT r.key, r.effective_from, r.effective_to, r.value, r.unit, r.source, r.grade, r.note, r.added_at
		  FROM ROWS($1: key TEXT, effective_from TEXT, effective_to TEXT, value TEXT, unit TEXT, source TEXT, grade TEXT,
		            note TEXT, added_at BIGINT) AS r
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
