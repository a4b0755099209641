package app

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

const markID = "bank"

// isDemo says whether the database is a demo bank's, and whether it says so at all.
func isDemo(ctx context.Context, tx *db.Tx) (demo, marked bool, err error) {
	return db.Find(ctx, tx, db.Value[bool], `SELECT demo FROM app_bank WHERE id = $1`, markID)
}

func insertMark(ctx context.Context, tx *db.Tx, demo bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO app_bank (id, demo, made_at) VALUES ($1, $2, $3)`, markID, demo, tx.Now())
	return err
}
