package db

import (
	"context"
	"errors"
)

// ErrNoFile says that a database is no file of ours: PostgreSQL is copied with its own tools.
var ErrNoFile = errors.New("only an SQLite database is one file")

// Pages hands over every page of an SQLite file as this transaction sees it, in order: written one after the other they
// are the database. Writers go on meanwhile; what they commit is not in it. The slice is the callee's to keep.
func (t *Tx) Pages(ctx context.Context, take func(page []byte) error) error {
	if t.dialect != sqlite {
		return ErrNoFile
	}
	return t.Each(ctx, func(r Row) error {
		var page []byte
		if err := r.Scan(&page); err != nil {
			return err
		}
		return take(page)
	}, `SELECT data FROM sqlite_dbpage ORDER BY pgno`)
}

// Schema tells for each domain the last migration that ran.
func (t *Tx) Schema(ctx context.Context) (map[string]string, error) {
	last := make(map[string]string)
	err := t.Each(ctx, func(r Row) error {
		var domain, version string
		err := r.Scan(&domain, &version)
		last[domain] = version
		return err
	}, `SELECT domain, max(version) FROM db_migration GROUP BY domain`)
	return last, err
}
