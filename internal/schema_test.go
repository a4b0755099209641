package internal_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var tableName = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES|TABLE)\s+([a-z]+)_[a-z_]+\b`)

// TestTablesHaveOneOwner holds each domain to its own tables, named <domain>_<noun>.
func TestTablesHaveOneOwner(t *testing.T) {
	t.Parallel()
	for _, r := range rooms(t) {
		for _, finding := range append(strangeTables(r), foreignSQL(r)...) {
			t.Error(finding)
		}
	}
}

// strangeTables finds SQL that touches the table of another domain. Names that a statement makes itself (WITH) are its own.
func strangeTables(r *room) []string {
	var all []string
	_, owner := home(r.name)
	for _, file := range r.files {
		for _, lit := range statements(file) {
			text, _ := strconv.Unquote(lit.Value) // statements has unquoted it before
			for _, m := range tableName.FindAllStringSubmatch(text, -1) {
				name := m[0][strings.LastIndexAny(m[0], " \t\n")+1:]
				if own := regexp.MustCompile(`\b` + name + `\s*(?:\([^)]*\)\s*)?AS\s*(?:MATERIALIZED\s*)?\(`).MatchString(text); own {
					continue
				}
				if catalogue := (m[1] == "pg" || m[1] == "pragma" || m[1] == "sqlite") && path.Base(owner) == "db"; !catalogue && m[1] != path.Base(owner) {
					all = append(all, fmt.Sprintf("%s: SQL touches %s's table: %q", r.set.Position(lit.Pos()), m[1], m[0]))
				}
			}
		}
	}
	return all
}

// notShared is SQL that the two databases do not read alike, or that a bank must not write.
var notShared = regexp.MustCompile(`(?i)SELECT\s+\*|\bOFFSET\s+[$\d]|\bnow\(\)|\bCURRENT_(?:TIMESTAMP|DATE)\b|\bILIKE\b|->>?|::[a-z]|` +
	`\b(?:NUMERIC|DECIMAL|SERIAL|BIGSERIAL|REAL|DOUBLE|FLOAT|JSONB?|TIMESTAMP|TIMESTAMPTZ|AUTOINCREMENT|VARCHAR)\b`)

// foreignSQL finds what is not in the shared subset.
func foreignSQL(r *room) []string {
	if within(r.name, "platform/db") {
		return nil
	}
	var all []string
	for _, file := range r.files {
		for _, lit := range statements(file) {
			if m := notShared.FindString(lit.Value); m != "" {
				all = append(all, fmt.Sprintf("%s: %q is not SQL of both databases", r.set.Position(lit.Pos()), m))
			}
		}
	}
	return all
}

func TestMigrations(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if err != nil || filepath.Ext(name) != ".sql" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, finding := range badMigration(filepath.ToSlash(name), string(text)) {
			t.Errorf("%s: %s", name, finding)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	migrationName = regexp.MustCompile(`^\d{3}_[a-z0-9_]+\.sql$`)
	comments      = regexp.MustCompile(`--[^\n]*`)
	createTable   = regexp.MustCompile(`(?s)\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)\s*\((.*?)\n\)`)
	madeName      = regexp.MustCompile(`\b(?:CREATE TABLE|CREATE UNIQUE INDEX|CREATE INDEX|ALTER TABLE|DROP TABLE|INSERT INTO|UPDATE|REFERENCES|CONSTRAINT|append-only:)\s+(?:IF NOT EXISTS )?(\w+)`)
	constraint    = regexp.MustCompile(`\bPRIMARY KEY\b|\bUNIQUE\b|\bCHECK\b|\bREFERENCES\b|\bFOREIGN KEY\b`)
	named         = regexp.MustCompile(`\bCONSTRAINT \w+ (?:PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY|REFERENCES)`)
	columnLine    = regexp.MustCompile(`(?m)^\s*([a-z][a-z0-9_]*)\s+(?:TEXT|BIGINT|BOOLEAN|BYTEA)\b.*$`)
	addedColumn   = regexp.MustCompile(`(?m)^.*\bADD COLUMN\s+([a-z][a-z0-9_]*).*$`)
	classified    = regexp.MustCompile(`-- C[123](?:\s.*)?$`)
	otherType     = regexp.MustCompile(`(?m)^\s*([a-z][a-z0-9_]*)\s+(INTEGER|INT|BLOB|SMALLINT|BOOL|VARCHAR|CHAR|DATE)\b`)
)

// badMigration says what a migration gets wrong: its name, its owner, nameless constraints, columns without a class.
func badMigration(file, text string) []string {
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }

	folder := path.Dir(file)
	_, owner := home(folder)
	domain := path.Base(owner)
	if path.Base(folder) != "migrations" || path.Dir(folder) != owner {
		say("migrations live in the folder migrations of their domain")
	}
	if !migrationName.MatchString(path.Base(file)) {
		say("its name is not like 001_transfer.sql")
	}
	for _, m := range madeName.FindAllStringSubmatch(text, -1) {
		if m[1] != domain && !strings.HasPrefix(m[1], domain+"_") {
			say("%q: names of %s start with %s_", m[0], domain, domain)
		}
	}
	bare := comments.ReplaceAllString(text, "")
	for _, table := range createTable.FindAllStringSubmatch(bare, -1) {
		for _, line := range strings.Split(table[2], "\n") {
			if constraint.MatchString(line) && !named.MatchString(line) {
				say("table %s: a constraint without a name: %s", table[1], strings.TrimSpace(line))
			}
		}
	}
	for _, m := range append(columnLine.FindAllStringSubmatch(text, -1), addedColumn.FindAllStringSubmatch(text, -1)...) {
		if !classified.MatchString(strings.TrimRight(m[0], " \t\r")) {
			say("column %s has no class of JR/T 0171: end its line with -- C1, -- C2 or -- C3", m[1])
		}
	}
	for _, m := range otherType.FindAllStringSubmatch(bare, -1) {
		say("column %s is %s: columns are TEXT, BIGINT, BOOLEAN or BYTEA", m[1], m[2])
	}
	if m := notShared.FindString(bare); m != "" {
		say("%q is not SQL of both databases", m)
	}
	return all
}
