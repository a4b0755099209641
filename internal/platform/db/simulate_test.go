package db_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func TestASimulatedFaultLosesTheTransactionOrItsAnswer(t *testing.T) {
	t.Parallel()
	var at db.Point
	times := 0
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), db.Options{Fault: func(p db.Point) error {
		if p != at || times == 0 {
			return nil
		}
		times--
		return errors.New("simulated")
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	insert := func(n int64) error {
		return d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO simulated (n) VALUES ($1)`, n)
			return err
		})
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `CREATE TABLE simulated (n INTEGER PRIMARY KEY)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rows := int64(0)
	for n, c := range []struct {
		at     db.Point
		times  int
		err    error
		stored bool
	}{
		{db.AtBegin, 1, nil, true}, {db.AtStatement, 2, nil, true}, {db.AtCommit, 1, nil, true}, // run again, and done once
		{db.AtStatement, 100, db.ErrBusy, false}, {db.AtCommit, 100, db.ErrBusy, false}, // given up: nothing was done
		{db.AfterCommit, 1, db.ErrOutcomeUnknown, true}, // done, and nobody knows
	} {
		at, times = c.at, c.times
		if err := insert(int64(n)); !errors.Is(err, c.err) {
			t.Errorf("%s, %d times: %v, want %v", c.at, c.times, err, c.err)
		}
		times = 0
		if c.stored {
			rows++
		}
		var has int64
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			has, err = db.One(t.Context(), tx, db.Value[int64], `SELECT count(*) FROM simulated`)
			return err
		}); err != nil || has != rows {
			t.Fatalf("%s, %d times: %d rows, want %d (%v)", c.at, c.times, has, rows, err)
		}
	}
}
