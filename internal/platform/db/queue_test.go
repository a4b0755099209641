package db_test

import (
	"fmt"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
)

// Many rows: on SQLite such a statement begins beside the program.
func manyPages(from, n int, amount int64) *db.Rows {
	rows := db.NewRows(n)
	for i := range n {
		rows.Add(fmt.Sprintf("q%03d", from+i), amount, false, nil, nil)
	}
	return rows
}

const countPages = `SELECT count(*) FROM note_page`

func pages(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], countPages)
		return err
	}))
	return n
}

func TestManyQueuedRowsAreThereForWhatReadsNextAndFailItWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, notes(t), func(t *testing.T, d *db.DB) {
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			must(t, tx.Queue(insertPages, manyPages(0, 100, 1), "t"))
			must(t, tx.Queue(`UPDATE note_page SET amount = 2 WHERE id = $1`, "q007"))
			n, err := db.One(t.Context(), tx, db.Value[int64], countPages)
			must(t, err)
			if n != 100 {
				t.Errorf("%d rows are seen in their own transaction", n)
			}
			changed, err := tx.Exec(t.Context(), `UPDATE note_page SET amount = 3 WHERE amount = 2`)
			must(t, err)
			if changed != 1 {
				t.Errorf("%d rows had been changed before", changed)
			}
			return tx.Queue(insertPages, manyPages(100, 100, 1), "t")
		}))
		for name, last := range map[string]func(tx *db.Tx) error{
			"the commit": func(*db.Tx) error { return nil },
			"a statement": func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE note_page SET amount = 4`)
				if !db.IsCheck(err) {
					t.Errorf("a statement after a refused one: %v", err)
				}
				return err
			},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				must(t, tx.Queue(insertPages, manyPages(200, 100, 1), "t"))
				must(t, tx.Queue(insertPages, manyPages(300, 100, -1), "t"))
				must(t, tx.Queue(insertPages, manyPages(400, 100, 1), "t"))
				return last(tx)
			})
			if !db.IsCheck(err) {
				t.Errorf("%s says %v", name, err)
			}
		}
		if n := pages(t, d); n != 200 {
			t.Errorf("%d rows stay, not 200", n)
		}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { // rows that are queued while others are read come after them
			seen := 0
			err := tx.Each(t.Context(), func(r db.Row) error {
				var id string
				if err := r.Scan(&id); err != nil {
					return err
				}
				if seen++; seen == 1 {
					return tx.Queue(insertPages, manyPages(500, 100, 1), "t")
				}
				return nil
			}, `SELECT id FROM note_page ORDER BY id`)
			if seen != 200 {
				t.Errorf("%d rows are read, not 200", seen)
			}
			return err
		}))
		if n := pages(t, d); n != 300 {
			t.Errorf("%d rows at last, not 300", n)
		}
	})
}
