package ledger_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// kept remembers what was recorded.
type kept struct{ records []audit.Record }

func (k *kept) Append(_ context.Context, _ *db.Tx, records []audit.Record) error {
	k.records = append(k.records, records...)
	return nil
}

// examiner is one at work; drain waits until it is done.
func (b *bank) examiner() (x *ledger.Examiner, drain func(), log *kept) {
	b.Helper()
	jobs := job.New(b.db, clock.System(), job.Config{})
	log = &kept{}
	x, err := ledger.NewExaminer(ledger.ExaminerNeeds{DB: b.db, Ledger: b.books, Days: b.days, Jobs: jobs, Audit: log, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	if err := jobs.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(jobs.Close)
	return x, func() {
		b.Helper()
		if err := jobs.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
	}, log
}

var auditor = act.By{Kind: act.Staff, Actor: "stff_auditor", Channel: act.Console, Branch: branch}

func (b *bank) examine(x *ledger.Examiner, drain func(), scope ledger.ExaminationScope) ledger.Examination {
	b.Helper()
	asked, err := x.Ask(b.Context(), auditor, scope)
	if err != nil {
		b.Fatal(err)
	}
	drain()
	got, err := x.Find(b.Context(), asked.ID)
	if err != nil {
		b.Fatal(err)
	}
	return got
}

func TestBooksAreExaminedForStaff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := settled(t, d)
		x, drain, log := b.examiner()
		if _, err := x.Ask(t.Context(), auditor, ledger.ExaminationScope{Later: true}); !errors.Is(err, ledger.ErrNoLockedDay) {
			t.Errorf("later than no locked day: %v", err)
		}
		whole := b.examine(x, drain, ledger.ExaminationScope{})
		if whole.State != ledger.BooksHold || whole.Report.Journals != 8 || whole.Report.Accounts != 3 || whole.EndedAt.IsZero() || whole.AskedBy != "stff_auditor" {
			t.Errorf("whole: %+v", whole)
		}
		b.closeDay()
		b.mustPost(transfer("acct_a", "acct_b", 7))
		later := b.examine(x, drain, ledger.ExaminationScope{Later: true})
		if later.State != ledger.BooksHold || later.Since != b.today.AddDays(-1) {
			t.Errorf("later: %+v", later)
		}
		b.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE ledger_balance SET held = held + 1 WHERE account_id = 'acct_b'`)
			return err
		})
		if one := b.examine(x, drain, ledger.ExaminationScope{From: "acct_a", To: "acct_a"}); one.State != ledger.BooksHold || one.Report.Accounts != 1 {
			t.Errorf("a range beside what is wrong: %+v", one)
		}
		broken := b.examine(x, drain, ledger.ExaminationScope{Later: true})
		if broken.State != ledger.BooksBroken || broken.Report.Breach == nil || broken.Report.Breach.Subject != "acct_b" {
			t.Errorf("broken: %+v", broken)
		}
		all, err := x.List(t.Context(), "", 10)
		if err != nil || len(all) != 4 || all[0].ID != broken.ID {
			t.Errorf("list: %+v, %v", all, err)
		}
		if n := len(log.records); n != 8 || log.records[7].Detail["rule"] != "held" {
			t.Errorf("recorded %d: %+v", n, log.records)
		}
	})
}

func TestOneExaminationRunsAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := settled(t, d)
		x, drain, _ := b.examiner()
		b.write(func(tx *db.Tx) error { // one whose node died
			_, err := tx.Exec(t.Context(), `INSERT INTO ledger_examination
				(id, state, asked_by, asked_at, from_id, to_id, step, done, journals, entries, accounts, broken, subject, detail)
				VALUES ('exam_x', 'running', '', 0, '', '', '', 0, 0, 0, 0, '', '', '')`)
			return err
		})
		if _, err := x.Ask(t.Context(), auditor, ledger.ExaminationScope{}); !errors.Is(err, ledger.ErrExaminationRuns) {
			t.Errorf("beside one that runs: %v", err)
		}
		b.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE ledger_examination SET state = 'failed'`)
			return err
		})
		if _, err := x.Ask(t.Context(), auditor, ledger.ExaminationScope{}); err != nil {
			t.Errorf("after it: %v", err)
		}
		drain()
		if _, err := x.Find(t.Context(), id.New[id.Examination](clock.System().Now())); !errors.Is(err, ledger.ErrExaminationNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	})
}
