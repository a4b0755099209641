package audit_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const origin = "bank.example/audit"

// bench is a log over a database, with its keys and its outside.
type bench struct {
	db     *db.DB
	ring   *crypto.Ring
	folder *audit.Folder
	log    *audit.Log
}

func newBench(t testing.TB, d *db.DB) *bench {
	t.Helper()
	ring, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := audit.NewFolder(filepath.Join(t.TempDir(), "outside"))
	if err != nil {
		t.Fatal(err)
	}
	return &bench{d, ring, folder, audit.New(d, ring, folder, audit.Options{Name: origin})}
}

func (b *bench) append(t testing.TB, records ...audit.Record) {
	t.Helper()
	err := b.db.Write(t.Context(), func(tx *db.Tx) error { return b.log.Append(t.Context(), tx, records) })
	if err != nil {
		t.Fatal(err)
	}
}

// sealed appends n records, in as many runs of the sealer as given, and publishes after each.
func (b *bench) sealed(t testing.TB, n, runs int) {
	t.Helper()
	for range runs {
		b.append(t, records(n/runs)...)
		b.seal(t)
	}
}

func (b *bench) seal(t testing.TB) audit.Sealed {
	t.Helper()
	sealed, err := b.log.Seal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.log.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return sealed
}

func (b *bench) verify(t testing.TB) audit.Report {
	t.Helper()
	report, err := b.log.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func records(n int) []audit.Record {
	all := make([]audit.Record, n)
	for i := range all {
		all[i] = transfer(id.Customer("cust_a"))
	}
	return all
}

func transfer(customer id.Customer) audit.Record {
	by := act.Person(customer, act.Mobile)
	by.Address, by.Trace, by.Session, by.Device = "203.0.113.9", "4bf92f3577b34da6", "sess_1", "devc_1"
	return audit.Record{
		By: by, Act: "transfer.send", Subject: "trfr_1", Outcome: audit.Refused, Code: "ledger.insufficient_funds",
		Detail: map[string]string{"payee": "acct_2", "account": "acct_1"}, Personal: []byte{1, 2, 3},
	}
}

func each(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	dbtest.Each(t, []db.Migrations{audit.Migrations()}, func(t *testing.T, d *db.DB) { test(t, newBench(t, d)) })
}

func TestARecordIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		want := transfer("cust_a")
		want.ID = id.New[id.Audit](time.Now())
		b.append(t, want)
		read := func() audit.Entry {
			entries, err := b.log.List(t.Context(), audit.Query{Customer: "cust_a"})
			if err != nil || len(entries) != 1 {
				t.Fatalf("%d entries, %v", len(entries), err)
			}
			return entries[0]
		}
		e := read()
		if e.Sealed || e.ID != want.ID || e.By != want.By || e.Customer != "cust_a" || e.Code != want.Code ||
			e.Detail["payee"] != "acct_2" || string(e.Personal) != "\x01\x02\x03" || e.At.IsZero() {
			t.Errorf("read %+v", e)
		}
		if b.seal(t).Records != 1 {
			t.Error("the record was not sealed")
		}
		if e := read(); !e.Sealed || e.Leaf != 0 {
			t.Errorf("after sealing: %+v", e)
		}
	})
}

func TestARecordOfARefusedTransactionIsNotKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		refusal := errors.New("no")
		err := b.db.Write(t.Context(), func(tx *db.Tx) error {
			if err := b.log.Append(t.Context(), tx, records(2)); err != nil {
				return err
			}
			return refusal
		})
		if !errors.Is(err, refusal) {
			t.Fatal(err)
		}
		if n := b.seal(t).Records; n != 0 {
			t.Errorf("%d records of an act that did not happen", n)
		}
	})
}

func TestARecordNeedsAnActAndAnOutcome(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, audit.Migrations()))
	for name, spoil := range map[string]func(*audit.Record){
		"no act":     func(r *audit.Record) { r.Act = "" },
		"no outcome": func(r *audit.Record) { r.Outcome = "" },
		"no actor":   func(r *audit.Record) { r.By = act.By{} },
	} {
		r := transfer("cust_a")
		spoil(&r)
		err := b.db.Write(t.Context(), func(tx *db.Tx) error { return b.log.Append(t.Context(), tx, []audit.Record{r}) })
		if !errors.Is(err, audit.ErrBadRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheDatabaseRefusesToChangeTheLog(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.sealed(t, 3, 1)
		for _, q := range []string{
			`UPDATE audit_record SET code = NULL`, `DELETE FROM audit_record`, `UPDATE audit_leaf SET number = number + 9`,
			`DELETE FROM audit_leaf`, `DELETE FROM audit_hash`, `DELETE FROM audit_checkpoint`,
		} {
			err := b.db.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), q)
				return err
			})
			if !db.IsAppendOnly(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestASoundLogVerifiesAtEverySize(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		if r := b.verify(t); r.Breach != nil || r.Leaves != 0 {
			t.Errorf("an empty log: %+v %v", r, r.Breach)
		}
		total := int64(0)
		for n := 1; n <= 9; n++ {
			b.sealed(t, n, 1)
			total += int64(n)
			if r := b.verify(t); r.Breach != nil || r.Leaves != total || r.Outside != total {
				t.Fatalf("with %d leaves: %+v %v", total, r, r.Breach)
			}
		}
		b.append(t, records(4)...)
		if r := b.verify(t); r.Breach != nil || r.Waiting != 4 {
			t.Errorf("with four that wait: %+v %v", r, r.Breach)
		}
	})
}

func TestALongLogVerifiesOverManyPages(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, audit.Migrations()))
	b.append(t, records(2500)...)
	if n := b.seal(t).Records; n != 2500 {
		t.Fatalf("%d records sealed", n)
	}
	if r := b.verify(t); r.Breach != nil || r.Leaves != 2500 {
		t.Errorf("%+v %v", r, r.Breach)
	}
}

func TestTwoSealersGiveEachRecordOnePlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		other := audit.New(b.db, b.ring, b.folder, audit.Options{Name: origin})
		const rounds, each = 20, 5
		failed := make(chan error, 2)
		for _, l := range []*audit.Log{b.log, other} {
			go func() {
				for range rounds {
					err := b.db.Write(t.Context(), func(tx *db.Tx) error { return l.Append(t.Context(), tx, records(each)) })
					if err == nil {
						_, err = l.Seal(t.Context())
					}
					if err != nil {
						failed <- err
						return
					}
				}
				failed <- nil
			}()
		}
		if err := errors.Join(<-failed, <-failed); err != nil {
			t.Fatal(err)
		}
		b.seal(t)
		if r := b.verify(t); r.Breach != nil || r.Leaves != 2*rounds*each {
			t.Errorf("%+v %v", r, r.Breach)
		}
	})
}

func TestTheRunningSealerSealsAndPublishes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		l := audit.New(b.db, b.ring, b.folder, audit.Options{Name: origin, Every: time.Millisecond, Outside: time.Millisecond})
		l.Start(t.Context())
		b.append(t, records(3)...)
		deadline := time.Now().Add(10 * time.Second)
		for {
			lag, err := l.Lag(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if lag.Waiting == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("not sealed: %+v", lag)
			}
			time.Sleep(time.Millisecond)
		}
		b.append(t, records(2)...)
		l.Close()     // seals the rest
		l.Close()     // twice is once
		b.log.Close() // never started
		if r := b.verify(t); r.Breach != nil || r.Leaves != 5 || r.Outside != 5 {
			t.Errorf("%+v %v", r, r.Breach)
		}
	})
}

func TestLagTellsHowLongTheOldestWaits(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, db.Options{Clock: fake}, []db.Migrations{audit.Migrations()}, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.append(t, records(2)...)
		lag, err := b.log.Lag(t.Context())
		if err != nil || lag.Waiting != 2 || lag.Oldest != 0 {
			t.Errorf("%+v, %v", lag, err)
		}
	})
}

func TestListsPageByCustomerStaffAndTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		helped := transfer("cust_b")
		helped.By = act.By{Kind: act.Staff, Actor: "stff_1", OnBehalfOf: "cust_b", Channel: act.Console, Branch: "0002", Reason: "asked by phone"}
		job := audit.Record{By: act.Job("purge"), Act: "auth.purge", Outcome: audit.Done}
		b.append(t, transfer("cust_a"), transfer("cust_a"), helped, job)
		middle := time.Now()
		time.Sleep(2 * time.Millisecond)
		b.append(t, transfer("cust_a"))

		count := func(q audit.Query) int {
			t.Helper()
			entries, err := b.log.List(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.IsSortedFunc(entries, func(x, y audit.Entry) int { return strings.Compare(string(y.ID), string(x.ID)) }) {
				t.Error("not the latest first")
			}
			return len(entries)
		}
		for name, tc := range map[string]struct {
			q    audit.Query
			want int
		}{
			"everything":              {audit.Query{}, 5},
			"of a customer":           {audit.Query{Customer: "cust_a"}, 3},
			"staff acts for a person": {audit.Query{Customer: "cust_b"}, 1},
			"of a member of staff":    {audit.Query{Staff: "stff_1"}, 1},
			"a customer is no staff":  {audit.Query{Staff: "cust_a"}, 0},
			"since":                   {audit.Query{From: middle}, 1},
			"before":                  {audit.Query{To: middle}, 4},
			"of a customer, before":   {audit.Query{Customer: "cust_a", To: middle}, 2},
			"a small page":            {audit.Query{Limit: 2}, 2},
			"nobody":                  {audit.Query{Customer: "cust_z"}, 0},
		} {
			if got := count(tc.q); got != tc.want {
				t.Errorf("%s: %d entries, want %d", name, got, tc.want)
			}
		}
		seen := map[id.Audit]bool{}
		for before := id.Audit(""); ; {
			page, err := b.log.List(t.Context(), audit.Query{Limit: 2, Before: before})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				seen[e.ID], before = true, e.ID
			}
		}
		if len(seen) != 5 {
			t.Errorf("pages showed %d entries", len(seen))
		}
	})
}

func TestTheFolderSurvivesATornWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, audit.Migrations()))
	b.sealed(t, 2, 2)
	path := filepath.Join(t.TempDir(), "outside")
	folder, err := audit.NewFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	notes, err := b.folder.Latest(context.Background())
	if err != nil || len(notes) != 2 {
		t.Fatalf("%d notes, %v", len(notes), err)
	}
	if got, err := folder.Latest(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("an empty folder: %d, %v", len(got), err)
	}
	if err := os.WriteFile(filepath.Join(path, "audit-checkpoints.txt"), notes[0][:30], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		if err := folder.Put(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	got, err := folder.Latest(t.Context())
	if err != nil || len(got) != 2 || string(got[0]) != string(notes[0]) || string(got[1]) != string(notes[1]) {
		t.Errorf("after a torn write: %q, %v", got, err)
	}
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	if problems := i18n.NewCatalog(audit.Texts()).Missing(); len(problems) > 0 {
		t.Error(problems)
	}
}
