package db_test

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
)

//go:embed testdata/migrations
var files embed.FS

func notes(t *testing.T) []db.Migrations {
	t.Helper()
	sub, err := fs.Sub(files, "testdata")
	if err != nil {
		t.Fatal(err)
	}
	return []db.Migrations{{Domain: "note", Files: sub}}
}

type page struct {
	ID     string
	Amount int64
	Done   bool
	Body   []byte
	Made   time.Time
}

func scanPage(r db.Row) (p page, err error) {
	err = r.Scan(&p.ID, &p.Amount, &p.Done, &p.Body, &p.Made)
	return p, err
}

const (
	insertPages = `
		INSERT INTO note_page (id, title, amount, done, body, made_at)
		SELECT r.id, $2, r.amount, r.done, r.body, r.made_at
		  FROM ROWS($1: id TEXT, amount BIGINT, done BOOLEAN, body BYTEA, made_at BIGINT) AS r
		 WHERE true
		ON CONFLICT (id) DO NOTHING`
	selectPages = `SELECT id, amount, done, body, made_at FROM note_page ORDER BY id`
)

func TestRowsTravelAsOneArgumentOnBothDatabases(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		const n = 300 // more than one chunk
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			rows := db.NewRows(n)
			for i := range n {
				rows.Add(fmt.Sprintf("p%03d", i), int64(i), i%2 == 0, []byte{byte(i)}, tx.Now())
			}
			rows.Add("p300", 1, false, nil, nil)
			touched, err := tx.Exec(t.Context(), insertPages, rows, "one title")
			if err == nil && touched != n+1 {
				t.Errorf("touched %d rows", touched)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var pages []page
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			var err error
			pages, err = db.List(t.Context(), tx, scanPage, selectPages)
			return err
		})
		if err != nil || len(pages) != n+1 {
			t.Fatalf("%d pages, %v", len(pages), err)
		}
		if p := pages[42]; p.Amount != 42 || !p.Done || p.Body[0] != 42 || p.Made.IsZero() {
			t.Errorf("page 42 = %+v", p)
		}
		if p := pages[300]; p.Body != nil || !p.Made.IsZero() {
			t.Errorf("NULL did not become zero: %+v", p)
		}
	})
}

func TestQueuedWritesArriveWithTheCommitAndFailItWhole(t *testing.T) {
	t.Parallel()
	const q = `INSERT INTO note_page (id, title, amount, done) VALUES ($1, $2, $3, $4)`
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := tx.Queue(q, "a", "t", 1, false); err != nil {
				return err
			}
			return tx.Queue(q, "b", "t", -1, false)
		})
		if !db.IsCheck(err) {
			t.Fatalf("err = %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return tx.Queue(q, "a", "t", 1, false) })
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return tx.Queue(q, "a", "t", 1, false) })
		if !db.IsUnique(err) {
			t.Fatalf("err = %v", err)
		}
	})
}

func TestAnAppendOnlyTableRefusesChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		exec := func(q string, args ...any) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), q, args...)
				return err
			})
		}
		if err := exec(`INSERT INTO note_line (id) VALUES ($1)`, "x"); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{`UPDATE note_line SET id = $1`, `DELETE FROM note_line WHERE id <> $1`} {
			if err := exec(q, "y"); !db.IsAppendOnly(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestARefusedTransactionLeavesNothingAndRunsNoAfterCommit(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { t.Error("ran after a rollback") })
			if _, err := tx.Exec(t.Context(), `INSERT INTO note_line (id) VALUES ($1)`, "x"); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if n := count(t, d); n != 0 {
			t.Fatalf("%d rows remain", n)
		}
	})
}

func TestAReaderCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO note_line (id) VALUES ($1)`, "x")
			return err
		})
		if err == nil {
			t.Fatal("a read transaction wrote")
		}
	})
}

func TestWritersThatRaceForOneRowAllCount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return tx.Queue(`INSERT INTO note_page (id, title, amount, done) VALUES ($1, $2, $3, $4)`, "n", "", 0, false)
		}))
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() { must(t, increment(ctx, d)) })
		}
		wg.Wait()
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT amount FROM note_page WHERE id = $1`, "n")
			if n != 40 {
				t.Errorf("amount = %d", n)
			}
			return err
		}))
	})
}

func increment(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		n, err := db.One(ctx, tx, db.Value[int64], `SELECT amount FROM note_page WHERE id = $1 FOR UPDATE`, "n")
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE note_page SET amount = $2 WHERE id = $1`, "n", n+1)
		return err
	})
}

func TestMigratingTwiceIsHarmlessAndAForeignSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		must(t, d.Migrate(t.Context(), notes(t)...))
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Queue(`INSERT INTO db_migration (domain, version, checksum, applied_at) VALUES ($1, $2, $3, $4)`, "note", "002_x", "", tx.Now())
		}))
		if err := d.CheckSchema(t.Context(), notes(t)...); !errors.Is(err, db.ErrNewer) {
			t.Fatalf("err = %v", err)
		}
	})
}

func count(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], `SELECT count(*) FROM note_line`)
		return err
	}))
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
