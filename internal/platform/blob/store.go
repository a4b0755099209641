package blob

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func insertInfo(_ context.Context, tx *db.Tx, i Info) error {
	const q = `
		INSERT INTO blob_blob (id, owner, kind, content_type, size, made_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	return tx.Queue(q, i.ID, i.Owner, i.Kind, i.ContentType, i.Size, i.MadeAt)
}

func findInfo(ctx context.Context, tx *db.Tx, owner, id string) (Info, bool, error) {
	const q = `
		SELECT id, owner, kind, content_type, size, made_at
		  FROM blob_blob
		 WHERE id = $1 AND owner = $2`
	return db.Find(ctx, tx, scanInfo, q, id, owner)
}

func listInfo(ctx context.Context, tx *db.Tx, owner, after string, limit int) ([]Info, error) {
	const q = `
		SELECT id, owner, kind, content_type, size, made_at
		  FROM blob_blob
		 WHERE owner = $1 AND id > $2
		 ORDER BY id
		 LIMIT $3`
	return db.List(ctx, tx, scanInfo, q, owner, after, limit)
}

func scanInfo(r db.Row) (Info, error) {
	var i Info
	err := r.Scan(&i.ID, &i.Owner, &i.Kind, &i.ContentType, &i.Size, &i.MadeAt)
	return i, err
}

func deleteInfo(ctx context.Context, tx *db.Tx, owner, id string) (bool, error) {
	const q = `DELETE FROM blob_blob WHERE id = $1 AND owner = $2`
	n, err := tx.Exec(ctx, q, id, owner)
	return n == 1, err
}

// Database is the storage in the bank's own database.
func Database() Storage { return database{} }

type database struct{}

func (database) Put(_ context.Context, tx *db.Tx, id string, sealed []byte) error {
	const q = `INSERT INTO blob_content (id, sealed) VALUES ($1, $2)`
	return tx.Queue(q, id, sealed)
}

func (database) Find(ctx context.Context, tx *db.Tx, id string) ([]byte, bool, error) {
	const q = `SELECT sealed FROM blob_content WHERE id = $1`
	return db.Find(ctx, tx, db.Value[[]byte], q, id)
}

func (database) Delete(_ context.Context, tx *db.Tx, id string) error {
	const q = `DELETE FROM blob_content WHERE id = $1`
	return tx.Queue(q, id)
}
