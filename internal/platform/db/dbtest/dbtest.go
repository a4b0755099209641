// Package dbtest gives tests real databases: a fresh SQLite file, and a fresh database on the PostgreSQL server
// that TONGBAO_TEST_POSTGRES names (make test starts one). A test that ran on SQLite alone has not passed.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Variable names the environment variable with the address of a PostgreSQL server for tests.
const Variable = "TONGBAO_TEST_POSTGRES"

// Each runs a test once on each database, with the tables of the domains migrated.
func Each(t *testing.T, domains []db.Migrations, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachWith(t, db.Options{}, domains, test)
}

// EachWith is Each with options, for tests that set the clock.
func EachWith(t *testing.T, o db.Options, domains []db.Migrations, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), o, domains))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, Postgres(t), o, domains))
	})
}

// SQLite opens a fresh, migrated SQLite database: for what does not depend on the database.
func SQLite(t testing.TB, domains ...db.Migrations) *db.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), db.Options{}, domains)
}

// Postgres makes an empty database on the test server and returns its address; it is dropped at the end.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		t.Skipf("no PostgreSQL: %s is not set (make test starts a server)", Variable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	name := "t_" + id.Raw(time.Now())
	administer(t, server, fmt.Sprintf(`CREATE DATABASE %s`, name))
	t.Cleanup(func() { administer(t, server, fmt.Sprintf(`DROP DATABASE IF EXISTS %s WITH (FORCE)`, name)) })
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, address string, o db.Options, domains []db.Migrations) *db.DB {
	t.Helper()
	o.Relaxed = true
	if o.Readers == 0 {
		o.Readers = 4
	}
	d, err := db.Open(context.Background(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if len(domains) > 0 {
		if err := d.Migrate(context.Background(), domains...); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func administer(t testing.TB, server, statement string) {
	t.Helper()
	if err := db.Administer(context.Background(), server, statement); err != nil {
		t.Fatal(err)
	}
}
