package db

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

var roleName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$`)

// Grant lets the role of another address use the tables without owning them: what only grows it may read and add to,
// the rest it may change. On SQLite, and when both addresses name one role, there is nothing to grant.
func (d *DB) Grant(ctx context.Context, serving string) error {
	u, err := url.Parse(serving)
	if d.engine.dialect() != postgres || err != nil || u.User == nil {
		return nil //nolint:nilerr // an address that cannot be read names no role; opening it says so
	}
	role := u.User.Username()
	if !roleName.MatchString(role) {
		return fmt.Errorf("the serving role's name has unusual characters")
	}
	return d.Write(ctx, func(tx *Tx) error {
		own, err := One(ctx, tx, Value[string], `SELECT current_user`)
		if err != nil || own == role {
			return err
		}
		return grantTables(ctx, tx, role)
	})
}

func grantTables(ctx context.Context, tx *Tx, role string) error {
	const q = `
		SELECT c.relname, EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_append_only')
		  FROM pg_class c
		 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace`
	type table struct {
		name    string
		growing bool
	}
	tables, err := List(ctx, tx, func(r Row) (t table, err error) {
		err = r.Scan(&t.name, &t.growing)
		return t, err
	}, q)
	if err != nil {
		return err
	}
	for _, t := range tables {
		rights := "SELECT, INSERT, UPDATE, DELETE"
		if t.growing {
			rights = "SELECT, INSERT"
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(`GRANT %s ON %q TO %q`, rights, t.name, role)); err != nil {
			return err
		}
	}
	return nil
}

// Skew is how far the machine's clock is ahead of the database's. SQLite runs on the machine's own.
func (d *DB) Skew(ctx context.Context) (time.Duration, error) {
	if d.engine.dialect() != postgres {
		return 0, nil
	}
	machine := clock.System()
	var skew time.Duration
	err := d.Read(ctx, func(tx *Tx) error {
		before := machine.Now()
		micros, err := One(ctx, tx, Value[int64], `SELECT CAST(date_part('epoch', clock_timestamp()) * 1000000 AS BIGINT)`)
		if err != nil {
			return err
		}
		middle := before.Add(machine.Now().Sub(before) / 2)
		skew = middle.Sub(time.UnixMicro(micros))
		return nil
	})
	return skew, err
}
