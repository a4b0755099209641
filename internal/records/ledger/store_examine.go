package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertExamination(ctx context.Context, tx *db.Tx, x Examination) error {
	const q = `
		INSERT INTO ledger_examination (id, state, asked_by, asked_at, from_id, to_id, since, step, done, journals, entries, accounts, broken, subject, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, 0, 0, 0, '', '', '')`
	_, err := tx.Exec(ctx, q, x.ID, x.State, x.AskedBy, x.AskedAt, x.From, x.To, x.Since)
	return err
}

func saveExamination(ctx context.Context, tx *db.Tx, x Examination) error {
	const q = `
		UPDATE ledger_examination
		   SET state = $2, since = $3, step = $4, done = $5, journals = $6, entries = $7, accounts = $8, broken = $9, subject = $10,
		       detail = $11, ended_at = $12
		 WHERE id = $1`
	var b Breach
	if x.Report.Breach != nil {
		b = *x.Report.Breach
	}
	_, err := tx.Exec(ctx, q, x.ID, x.State, x.Since, x.Step, x.Done, x.Report.Journals, x.Report.Entries, x.Report.Accounts,
		b.Rule, b.Subject, b.Detail, x.EndedAt)
	return err
}

func findExamination(ctx context.Context, tx *db.Tx, which id.Examination) (Examination, bool, error) {
	const q = `
		SELECT id, state, asked_by, asked_at, from_id, to_id, since, step, done, journals, entries, accounts, broken, subject, detail, ended_at
		  FROM ledger_examination
		 WHERE id = $1`
	return db.Find(ctx, tx, scanExamination, q, which)
}

func listExaminations(ctx context.Context, tx *db.Tx, before id.Examination, limit int) ([]Examination, error) {
	const q = `
		SELECT id, state, asked_by, asked_at, from_id, to_id, since, step, done, journals, entries, accounts, broken, subject, detail, ended_at
		  FROM ledger_examination
		 WHERE $1 = '' OR id < $1
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, scanExamination, q, before, limit)
}

func scanExamination(r db.Row) (Examination, error) {
	var x Examination
	var b Breach
	err := r.Scan(&x.ID, &x.State, &x.AskedBy, &x.AskedAt, &x.From, &x.To, &x.Since, &x.Step, &x.Done, &x.Report.Journals,
		&x.Report.Entries, &x.Report.Accounts, &b.Rule, &b.Subject, &b.Detail, &x.EndedAt)
	x.Later = !x.Since.IsZero()
	if b.Rule != "" {
		x.Report.Breach = &b
	}
	return x, err
}
