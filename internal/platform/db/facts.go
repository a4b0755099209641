package db

import (
	"context"
	"fmt"
	"strconv"
)

// Facts say what a database is and how durable its commits are: for reports, no rule depends on them.
type Facts struct {
	Engine   string // with its version
	Settings string // those that decide what survives a loss of power
	Durable  bool   // a commit that was acknowledged survives it
	Server   int    // process of the PostgreSQL backend that answered; 0 on SQLite
}

// Facts asks the database, on the connection that writes.
func (d *DB) Facts(ctx context.Context) (Facts, error) {
	var f Facts
	err := d.Write(ctx, func(tx *Tx) error {
		if d.engine.dialect() == postgres {
			const q = `
				SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'),
				       current_setting('full_page_writes'), CAST(pg_backend_pid() AS BIGINT)`
			return tx.Each(ctx, f.fromPostgres, q)
		}
		const q = `SELECT sqlite_version(), j.journal_mode, s.synchronous FROM pragma_journal_mode AS j, pragma_synchronous AS s`
		return tx.Each(ctx, f.fromSQLite, q)
	})
	return f, err
}

func (f *Facts) fromPostgres(r Row) error {
	var version, sync, commit, pages string
	var server int64
	err := r.Scan(&version, &sync, &commit, &pages, &server)
	f.Engine, f.Server = "PostgreSQL "+version, int(server)
	f.Settings = fmt.Sprintf("fsync=%s synchronous_commit=%s full_page_writes=%s", sync, commit, pages)
	f.Durable = sync == "on" && commit != "off"
	return err
}

func (f *Facts) fromSQLite(r Row) error {
	const full = 2 // PRAGMA synchronous: 0 OFF, 1 NORMAL, 2 FULL, 3 EXTRA
	var version, journal string
	var sync int64
	err := r.Scan(&version, &journal, &sync)
	f.Engine, f.Settings = "SQLite "+version, "journal_mode="+journal+" synchronous="+strconv.FormatInt(sync, 10)
	f.Durable = sync >= full
	return err
}
