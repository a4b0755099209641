package audit_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/id"
)

// owner does what somebody can do who owns the database: the triggers do not stop him.
func (b *bench) owner(t *testing.T, statements ...string) {
	t.Helper()
	var all []string
	for _, table := range []string{"audit_record", "audit_leaf", "audit_hash", "audit_checkpoint"} {
		if b.db.Kind() == "postgres" {
			all = append(all, fmt.Sprintf(`DROP TRIGGER IF EXISTS %s_append_only ON %s`, table, table))
			continue
		}
		all = append(all, fmt.Sprintf(`DROP TRIGGER IF EXISTS %s_no_update`, table), fmt.Sprintf(`DROP TRIGGER IF EXISTS %s_no_delete`, table))
	}
	err := b.db.Write(t.Context(), func(tx *db.Tx) error {
		for _, q := range append(all, statements...) {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

const recordOf = `(SELECT record FROM audit_leaf WHERE number = %d)`

// copied inserts a copy of a record under a new id.
func copied(to string) string {
	return `INSERT INTO audit_record (id, at, kind, actor, channel, branch, act, subject, outcome, mac_key, mac)
		SELECT '` + to + `', at, kind, actor, channel, branch, act, subject, outcome, mac_key, mac
		  FROM audit_record ORDER BY id LIMIT 1`
}

// TestTamperingIsFoundAndNamed: nine records sealed in three runs, of which the owner of the database makes something else.
func TestTamperingIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	swap := []string{
		`UPDATE audit_leaf SET number = -1 WHERE number = 2`, `UPDATE audit_leaf SET number = 2 WHERE number = 6`,
		`UPDATE audit_leaf SET number = 6 WHERE number = -1`,
	}
	cases := map[string]struct {
		statements []string
		kind       audit.Kind
		leaf       int64
	}{
		"a record is changed":           {[]string{`UPDATE audit_record SET outcome = 'done' WHERE id = ` + fmt.Sprintf(recordOf, 4)}, audit.Changed, 4},
		"the instant is changed":        {[]string{`UPDATE audit_record SET at = at + 1 WHERE id = ` + fmt.Sprintf(recordOf, 0)}, audit.Changed, 0},
		"sealed data are changed":       {[]string{`UPDATE audit_record SET personal = NULL WHERE id = ` + fmt.Sprintf(recordOf, 8)}, audit.Changed, 8},
		"a record is removed":           {[]string{`DELETE FROM audit_record WHERE id = ` + fmt.Sprintf(recordOf, 3)}, audit.Removed, 3},
		"a leaf is removed":             {[]string{`DELETE FROM audit_leaf WHERE number = 5`}, audit.Removed, 5},
		"record and leaf are removed":   {[]string{`DELETE FROM audit_record WHERE id = ` + fmt.Sprintf(recordOf, 5), `DELETE FROM audit_leaf WHERE number = 5`}, audit.Removed, 5},
		"the last leaves are removed":   {[]string{`DELETE FROM audit_leaf WHERE number >= 7`}, audit.Removed, 7},
		"the hash of a leaf is removed": {[]string{fmt.Sprintf(`DELETE FROM audit_hash WHERE position = %d`, tlog.StoredHashIndex(0, 1))}, audit.Removed, 1},
		"a record is inserted":          {[]string{copied("audt_zzz")}, audit.Inserted, -1},
		"a record is inserted to wait":  {[]string{copied("audt_zzz"), `INSERT INTO audit_pending (id) VALUES ('audt_zzz')`}, audit.Forged, -1},
		"records are swapped":           {swap, audit.Reordered, 2},
		"the hash of a leaf is changed": {[]string{fmt.Sprintf(`UPDATE audit_hash SET hash = mac FROM audit_record WHERE position = %d`, tlog.StoredHashIndex(0, 6))}, audit.Changed, 6},
		"an inner hash is changed":      {[]string{fmt.Sprintf(`UPDATE audit_hash SET hash = mac FROM audit_record WHERE position = %d`, tlog.StoredHashIndex(1, 2))}, audit.Changed, 5},
		"a checkpoint is forged":        {[]string{`UPDATE audit_checkpoint SET note = (SELECT note FROM audit_checkpoint WHERE size = 3) WHERE size = 6`}, audit.Forged, -1},
		"all checkpoints are removed":   {[]string{`DELETE FROM audit_checkpoint`}, audit.Removed, -1},
		"the head is set back":          {[]string{`UPDATE audit_head SET size = 3`}, audit.Changed, -1},
	}
	dbtest.Each(t, []db.Migrations{audit.Migrations()}, func(t *testing.T, d *db.DB) {
		for name, tc := range cases {
			b := newBench(t, d)
			b.owner(t, `DELETE FROM audit_record`, `DELETE FROM audit_pending`, `DELETE FROM audit_leaf`, `DELETE FROM audit_hash`,
				`DELETE FROM audit_checkpoint`, `UPDATE audit_head SET size = 0`)
			b.sealed(t, 9, 3)
			b.owner(t, tc.statements...)
			got := b.verify(t).Breach
			if got == nil || got.Kind != tc.kind || got.Leaf != tc.leaf {
				t.Errorf("%s: found %v, want %s at leaf %d", name, got, tc.kind, tc.leaf)
			}
		}
	})
}

func TestARecordChangedBeforeItIsSealedIsForged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.append(t, records(3)...)
		b.owner(t, `UPDATE audit_record SET outcome = 'done' WHERE id = (SELECT max(id) FROM audit_record)`)
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.Forged || got.Record == "" {
			t.Errorf("while it waits: %+v", got)
		}
		if strange := b.seal(t).Strange; len(strange) != 1 {
			t.Errorf("the sealer did not notice: %v", strange)
		}
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.Forged || got.Leaf != 2 {
			t.Errorf("after it was sealed: %+v", got)
		}
	})
}

func TestARecordRemovedBeforeItIsSealedIsMissed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.append(t, records(3)...)
		b.owner(t, `DELETE FROM audit_record WHERE id = (SELECT max(id) FROM audit_record)`)
		if n := b.seal(t).Records; n != 2 {
			t.Errorf("%d records sealed", n)
		}
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.Removed || got.Leaf != -1 {
			t.Errorf("%+v", got)
		}
	})
}

// TestARollBackIsFoundFromOutside: the database is brought back to an older state that was sound.
func TestARollBackIsFoundFromOutside(t *testing.T) {
	t.Parallel()
	back := []string{
		`DELETE FROM audit_record WHERE id IN (SELECT record FROM audit_leaf WHERE number >= 6)`, `DELETE FROM audit_leaf WHERE number >= 6`,
		fmt.Sprintf(`DELETE FROM audit_hash WHERE position >= %d`, tlog.StoredHashIndex(0, 6)),
		`DELETE FROM audit_checkpoint WHERE size > 6`, `UPDATE audit_head SET size = 6`,
	}
	each(t, func(t *testing.T, b *bench) {
		b.sealed(t, 9, 3)
		b.owner(t, back...)
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.RolledBack || got.Leaf != 6 {
			t.Errorf("after a roll-back: %+v", got)
		}
		elsewhere, err := audit.NewFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		blind := audit.New(b.db, b.ring, elsewhere, audit.Options{Name: origin})
		if r, err := blind.Verify(t.Context()); err != nil || r.Breach != nil || r.Outside != 0 {
			t.Errorf("without the outside nothing can be seen, and the report says so: %+v %v", r, err)
		}
		b.sealed(t, 5, 1) // the bank goes on, past the size that was lost
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.Rewritten {
			t.Errorf("after it went on: %+v", got)
		}
	})
}

// TestALogMadeAnewWithoutTheKeyIsRewritten: genuine records in another order, with every hash of the tree made again.
func TestALogMadeAnewWithoutTheKeyIsRewritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.sealed(t, 9, 3)
		hashes := b.leafHashes(t)
		hashes[3], hashes[5] = hashes[5], hashes[3]
		statements := []string{
			`UPDATE audit_leaf SET number = -1 WHERE number = 3`, `UPDATE audit_leaf SET number = 3 WHERE number = 5`,
			`UPDATE audit_leaf SET number = 5 WHERE number = -1`,
		}
		b.owner(t, statements...)
		b.replant(t, hashes)
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.Rewritten || got.What != "the first 6 leaves are not those of the checkpoint kept outside" {
			t.Errorf("%+v", got)
		}
	})
}

// TestCheckpointsOfTheDatabaseNarrowWhatWasRewritten: with nothing outside, the signed sizes inside say where.
func TestCheckpointsOfTheDatabaseNarrowWhatWasRewritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		nowhere, err := audit.NewFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		b.sealed(t, 9, 3)
		hashes := b.leafHashes(t)
		hashes[4], hashes[5] = hashes[5], hashes[4]
		b.owner(t, `UPDATE audit_leaf SET number = -1 WHERE number = 4`, `UPDATE audit_leaf SET number = 4 WHERE number = 5`,
			`UPDATE audit_leaf SET number = 5 WHERE number = -1`)
		b.replant(t, hashes)
		r, err := audit.New(b.db, b.ring, nowhere, audit.Options{Name: origin}).Verify(t.Context())
		if err != nil || r.Breach == nil || r.Breach.What != "leaves 3 to 5 are not those that were signed" {
			t.Errorf("%+v, %v", r.Breach, err)
		}
	})
}

func (b *bench) leafHashes(t *testing.T) []tlog.Hash {
	t.Helper()
	var hashes []tlog.Hash
	err := b.db.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), func(r db.Row) error {
			var position int64
			var hash []byte
			err := r.Scan(&position, &hash)
			if level, _ := tlog.SplitStoredHashIndex(position); level == 0 {
				hashes = append(hashes, tlog.Hash(hash))
			}
			return err
		}, `SELECT position, hash FROM audit_hash ORDER BY position`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return hashes
}

// replant computes all hashes of the tree again, as a clever forger would.
func (b *bench) replant(t *testing.T, leaves []tlog.Hash) {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(positions))
		for i, p := range positions {
			out[i] = stored[p]
		}
		return out, nil
	})
	for n, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	err := b.db.Write(t.Context(), func(tx *db.Tx) error {
		for p, h := range stored {
			if _, err := tx.Exec(t.Context(), `UPDATE audit_hash SET hash = $2 WHERE position = $1`, p, h[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAForeignOutsideIsNotTrusted(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, audit.Migrations()))
	b.sealed(t, 3, 1)
	strangers, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.New(b.db, strangers, b.folder, audit.Options{Name: origin}).Verify(t.Context()); err == nil {
		t.Error("checkpoints of another ring were taken for ours")
	}
}

func TestAProofConvincesSomebodyWithThePublicKeyAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.sealed(t, 10, 2)
		keys, err := b.ring.CheckpointKeys(origin)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := b.log.List(t.Context(), audit.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			proof, err := b.log.Prove(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			shown, err := audit.CheckProof(proof, keys...)
			if err != nil || shown.ID != e.ID || shown.Act != e.Act || shown.By != e.By || shown.Leaf != e.Leaf || shown.Detail["payee"] != "acct_2" || !shown.At.Equal(e.At) {
				t.Errorf("leaf %d: %+v, %v", e.Leaf, shown, err)
			}
		}
	})
}

func TestProofsThatProveNothingAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, audit.Migrations()))
	b.sealed(t, 7, 1)
	entries, err := b.log.List(t.Context(), audit.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	keys, _ := b.ring.CheckpointKeys(origin)
	others, _ := crypto.NewRing()
	foreign, _ := others.CheckpointKeys(origin)
	for name, tc := range map[string]struct {
		spoil func(*audit.Proof)
		keys  []string
	}{
		"another record":        {func(p *audit.Proof) { p.Record[len(p.Record)-1] ^= 1 }, keys},
		"another place":         {func(p *audit.Proof) { p.Leaf-- }, keys},
		"a place out of bounds": {func(p *audit.Proof) { p.Leaf = 99 }, keys},
		"a shorter path":        {func(p *audit.Proof) { p.Path = p.Path[1:] }, keys},
		"another checkpoint":    {func(p *audit.Proof) { p.Checkpoint = "bank.example/audit\n7\n" + tlog.Hash{}.String() + "\n" }, keys},
		"another bank's key":    {func(*audit.Proof) {}, foreign},
		"no key":                {func(*audit.Proof) {}, nil},
		"a key that is none":    {func(*audit.Proof) {}, []string{"x"}},
	} {
		proof, err := b.log.Prove(t.Context(), entries[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		tc.spoil(&proof)
		if _, err := audit.CheckProof(proof, tc.keys...); !errors.Is(err, audit.ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlySealedRecordsHaveProofs(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, audit.Migrations()))
	b.append(t, records(1)...)
	entries, err := b.log.List(t.Context(), audit.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.log.Prove(t.Context(), entries[0].ID); !errors.Is(err, audit.ErrNotSealed) {
		t.Errorf("while it waits: %v", err)
	}
	if _, err := b.log.Prove(t.Context(), id.New[id.Audit](time.Now())); !errors.Is(err, audit.ErrUnknown) {
		t.Errorf("no such record: %v", err)
	}
}

// TestTheTailIsVerifiedFromTheCheckpointOutside: what comes after the checkpoint is read, what hangs on it is not.
func TestTheTailIsVerifiedFromTheCheckpointOutside(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.sealed(t, 9, 3)
		kept := b.tail(t)
		if kept.Breach != nil || kept.From != 9 || kept.Leaves != 0 || kept.Outside != 9 {
			t.Errorf("all of it hangs on the checkpoint: %+v", kept)
		}
		b.owner(t, `UPDATE audit_record SET outcome = 'done' WHERE id = `+fmt.Sprintf(recordOf, 4))
		if got := b.tail(t); got.Breach != nil {
			t.Errorf("an old record is read: %+v", got.Breach)
		}
		if got := b.verify(t).Breach; got == nil || got.Kind != audit.Changed || got.Leaf != 4 {
			t.Errorf("the whole log: %+v", got)
		}
	})
}

func TestATailOnAnotherTreeIsRewritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.sealed(t, 9, 3)
		b.owner(t, fmt.Sprintf(`UPDATE audit_hash SET hash = (SELECT hash FROM audit_hash WHERE position = 0) WHERE position = %d`, tlog.StoredHashIndex(3, 0)))
		if got := b.tail(t).Breach; got == nil || got.Kind != audit.Rewritten {
			t.Errorf("a changed subtree: %+v", got)
		}
		b.owner(t, fmt.Sprintf(`DELETE FROM audit_hash WHERE position >= %d`, tlog.StoredHashIndex(0, 6)))
		if got := b.tail(t).Breach; got == nil || got.Kind != audit.RolledBack {
			t.Errorf("a roll-back: %+v", got)
		}
	})
}

// tail verifies what came after the checkpoint outside.
func (b *bench) tail(t *testing.T) audit.Report {
	t.Helper()
	r, err := b.log.VerifyTail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}
