package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
)

// Migrations are the tables of one domain: files 001_name.sql, 002_name.sql ... in folder migrations of Files.
type Migrations struct {
	Domain string
	Files  fs.FS
}

// ErrNewer says that the database was migrated by a newer program than this one.
var ErrNewer = errors.New("the database has a newer schema than this program")

// ErrChanged says that a migration that ran before has another text now.
var ErrChanged = errors.New("a migration was changed after it ran")

// migrationLock is held on PostgreSQL while a node migrates, so that nodes that start together take turns.
const migrationLock = 7340021

const migrationTable = `
	CREATE TABLE IF NOT EXISTS db_migration (
		domain     TEXT NOT NULL, -- C1
		version    TEXT NOT NULL, -- C1
		checksum   TEXT NOT NULL, -- C1
		applied_at BIGINT NOT NULL, -- C1
		CONSTRAINT db_migration_pk PRIMARY KEY (domain, version)
	)`

type migration struct{ domain, version, checksum, text string }

// Migrate brings the tables of the domains up to date, in the order given, each file in a transaction of its own.
func (d *DB) Migrate(ctx context.Context, domains ...Migrations) error {
	wanted, err := readMigrations(domains)
	if err != nil {
		return err
	}
	if err := d.Write(ctx, func(tx *Tx) error { return d.prepare(ctx, tx) }); err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	for _, m := range wanted {
		if err := d.Write(ctx, func(tx *Tx) error { return d.apply(ctx, tx, m) }); err != nil {
			return fmt.Errorf("migrate %s %s: %w", m.domain, m.version, err)
		}
	}
	return d.CheckSchema(ctx, domains...)
}

// CheckSchema compares the database with what the program knows: ErrNewer, ErrChanged, or a list of what is missing.
func (d *DB) CheckSchema(ctx context.Context, domains ...Migrations) error {
	wanted, err := readMigrations(domains)
	if err != nil {
		return err
	}
	var applied map[string]string
	err = d.Read(ctx, func(tx *Tx) error {
		applied, err = appliedMigrations(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("read applied migrations: %w", err)
	}
	for _, m := range wanted {
		sum, ok := applied[m.domain+"/"+m.version]
		if !ok {
			return fmt.Errorf("migration %s %s has not run: run tongbao migrate", m.domain, m.version)
		}
		if sum != m.checksum {
			return fmt.Errorf("%s %s: %w", m.domain, m.version, ErrChanged)
		}
		delete(applied, m.domain+"/"+m.version)
	}
	for name := range applied {
		return fmt.Errorf("%s: %w", name, ErrNewer)
	}
	return nil
}

func (d *DB) prepare(ctx context.Context, tx *Tx) error {
	if err := d.lockMigrations(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, schemaText(migrationTable, tx.dialect)); err != nil {
		return err
	}
	if tx.dialect == postgres {
		_, err := tx.Exec(ctx, `
			CREATE OR REPLACE FUNCTION db_refuse() RETURNS trigger LANGUAGE plpgsql AS
			$f$ BEGIN RAISE EXCEPTION '`+refusal+` %', TG_TABLE_NAME; END $f$`)
		return err
	}
	return nil
}

func (d *DB) lockMigrations(ctx context.Context, tx *Tx) error {
	if tx.dialect != postgres {
		return nil // SQLite has one writer
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, migrationLock))
	return err
}

func (d *DB) apply(ctx context.Context, tx *Tx, m migration) error {
	if err := d.lockMigrations(ctx, tx); err != nil {
		return err
	}
	applied, err := appliedMigrations(ctx, tx)
	if err != nil {
		return err
	}
	if _, done := applied[m.domain+"/"+m.version]; done {
		return nil
	}
	for _, s := range statements(m.text, tx.dialect) {
		if _, err := tx.Exec(ctx, s); err != nil {
			return err
		}
	}
	const q = `INSERT INTO db_migration (domain, version, checksum, applied_at) VALUES ($1, $2, $3, $4)`
	_, err = tx.Exec(ctx, q, m.domain, m.version, m.checksum, tx.Now())
	return err
}

func appliedMigrations(ctx context.Context, tx *Tx) (map[string]string, error) {
	applied := make(map[string]string)
	err := tx.Each(ctx, func(r Row) error {
		var domain, version, checksum string
		err := r.Scan(&domain, &version, &checksum)
		applied[domain+"/"+version] = checksum
		return err
	}, `SELECT domain, version, checksum FROM db_migration`)
	return applied, err
}

func readMigrations(domains []Migrations) ([]migration, error) {
	var all []migration
	for _, d := range domains {
		names, err := fs.Glob(d.Files, "migrations/*.sql")
		if err != nil || len(names) == 0 {
			return nil, fmt.Errorf("domain %s has no migrations", d.Domain)
		}
		sort.Strings(names)
		for _, name := range names {
			text, err := fs.ReadFile(d.Files, name)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(text)
			version := strings.TrimSuffix(path.Base(name), ".sql")
			all = append(all, migration{d.Domain, version, hex.EncodeToString(sum[:]), string(text)})
		}
	}
	return all, nil
}

var (
	appendOnly   = regexp.MustCompile(`(?m)^-- append-only: ([a-z_]+)$`)
	comment      = regexp.MustCompile(`--[^\n]*`)
	createTable  = regexp.MustCompile(`(?s)^CREATE TABLE .*\)$`)
	addColumn    = regexp.MustCompile(`^ALTER TABLE \w+ ADD COLUMN `)
	textType     = regexp.MustCompile(`\bTEXT\b`)
	integerTypes = regexp.MustCompile(`\b(?:BIGINT|BOOLEAN)\b`)
	blobType     = regexp.MustCompile(`\bBYTEA\b`)
)

// statements splits a migration's text and writes each statement in the dialect.
func statements(text string, d dialect) []string {
	growing := appendOnly.FindAllStringSubmatch(text, -1)
	var all []string
	for part := range strings.SplitSeq(comment.ReplaceAllString(text, ""), ";") {
		if s := strings.TrimSpace(part); s != "" {
			all = append(all, schemaText(s, d))
		}
	}
	for _, g := range growing {
		all = append(all, refuseChanges(g[1], d)...)
	}
	return all
}

// schemaText maps the types of tables and added columns: STRICT on SQLite, and on PostgreSQL text that sorts as bytes do.
func schemaText(s string, d dialect) string {
	s = strings.TrimSpace(comment.ReplaceAllString(s, ""))
	isTable := createTable.MatchString(s)
	switch {
	case !isTable && !addColumn.MatchString(s):
		return s
	case d == postgres:
		return textType.ReplaceAllString(s, `TEXT COLLATE "C"`)
	}
	s = blobType.ReplaceAllString(integerTypes.ReplaceAllString(s, "INTEGER"), "BLOB")
	if isTable {
		s += " STRICT"
	}
	return s
}

// refuseChanges makes the database itself refuse to update, delete or truncate rows of a table.
func refuseChanges(table string, d dialect) []string {
	if d == postgres {
		return []string{fmt.Sprintf(`CREATE TRIGGER %s_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
			FOR EACH STATEMENT EXECUTE FUNCTION db_refuse()`, table, table)}
	}
	var all []string
	for _, act := range []string{"UPDATE", "DELETE"} {
		all = append(all, fmt.Sprintf(`CREATE TRIGGER %s_no_%s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, '%s %s'); END`,
			table, strings.ToLower(act), act, table, refusal, table))
	}
	return all
}
