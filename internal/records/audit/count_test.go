package audit_test

import (
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
)

func TestASpanOfTheLogIsCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{audit.Migrations()}, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		by := func(who string) act.By {
			return act.By{Kind: act.Staff, Actor: who, Channel: act.Console, Branch: act.HeadOffice}
		}
		look := audit.Record{By: by("staf_a"), Act: "access.look", Subject: "look_1", Outcome: audit.Done}
		denied := audit.Record{By: by("staf_a"), Act: "access.look", Subject: "look_2", Outcome: audit.Refused, Code: "access.denied"}
		took := audit.Record{By: by("staf_b"), Act: "console.export", Subject: "console.export.audit", Outcome: audit.Done}
		b.append(t, look, denied, took, took, took)
		b.append(t, records(4)...)
		now := time.Now()
		month := audit.Span{From: now.Add(-time.Hour), To: now.Add(time.Hour)}
		before := audit.Span{From: now.Add(-2 * time.Hour), To: now.Add(-time.Hour)}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := b.log.Counts(t.Context(), tx, month)
			if err != nil {
				return err
			}
			want := []audit.Count{
				{act.Staff, act.Console, "access.look", audit.Done, "", 1}, {act.Staff, act.Console, "access.look", audit.Refused, "access.denied", 1},
				{act.Staff, act.Console, "console.export", audit.Done, "", 3},
			}
			if len(all) != 4 || all[0] != want[0] || all[1] != want[1] || all[2] != want[2] || all[3].Records != 4 {
				t.Errorf("counted %+v", all)
			}
			staff, people, err := b.log.StaffCounts(t.Context(), tx, month, "access.look", 1)
			if err != nil {
				return err
			}
			if people != 2 || len(staff) != 1 || staff[0] != (audit.StaffCount{Staff: "staf_a", Records: 2, Refused: 1, OfInterest: 2, RefusedOfThose: 1}) {
				t.Errorf("%d people, %+v", people, staff)
			}
			taken, err := b.log.SubjectCounts(t.Context(), tx, month, []string{"console.export", "compliance.audit_report"}, 10)
			if err != nil {
				return err
			}
			if len(taken) != 1 || taken[0] != (audit.SubjectCount{Actor: "staf_b", Act: "console.export", Subject: "console.export.audit", Records: 3}) {
				t.Errorf("taken %+v", taken)
			}
			if all, err = b.log.Counts(t.Context(), tx, before); len(all) != 0 {
				t.Errorf("an hour before: %+v", all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
