package audit_test

import (
	"bytes"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/audit"
)

// FuzzLeaf: what is read as a record is the one form of that record; nothing else is.
func FuzzLeaf(f *testing.F) {
	d := dbtest.SQLite(f, audit.Migrations())
	b := newBench(f, d)
	b.sealed(f, 2, 1)
	entries, err := b.log.List(f.Context(), audit.Query{})
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		proof, err := b.log.Prove(f.Context(), e.ID)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(proof.Record)
	}
	f.Add([]byte{0, 0, 0})
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		if again, err := audit.ReadLeaf(data); err == nil && !bytes.Equal(again, data) {
			t.Errorf("%x was read as %x", data, again)
		}
	})
}

// BenchmarkAppend is what a batch of 256 payments spends on its records, commit included.
func BenchmarkAppend(b *testing.B) {
	d := dbtest.SQLite(b, audit.Migrations())
	bench := newBench(b, d)
	for b.Loop() {
		err := d.Write(b.Context(), func(tx *db.Tx) error { return bench.log.Append(b.Context(), tx, records(256)) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSeal is what the sealer spends on 2048 records.
func BenchmarkSeal(b *testing.B) {
	bench := newBench(b, dbtest.SQLite(b, audit.Migrations()))
	for b.Loop() {
		b.StopTimer()
		bench.append(b, records(2048)...)
		b.StartTimer()
		bench.seal(b)
	}
}
