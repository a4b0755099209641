package compliance

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// How much of each list a report has; what more there is, it says.
const (
	staffMost        = 200
	takenMost        = 200
	examinationsMost = 10
)

// figures are what a report says.
type figures struct {
	First, Last  clock.Date
	Over         bool // the month is; else the figures are those until now
	Record       id.Audit
	By           id.Staff
	Counts       []audit.Count
	Staff        []audit.StaffCount
	People       int64 // members of staff who did something
	Taken        []audit.SubjectCount
	Names        map[id.Staff]string // masked
	Approvals    []approval.Tally
	Alerts       []access.AlertTally
	Sealed       int64 // leaves under the last checkpoint
	Checkpoint   string
	Waiting      int64 // records without a place in the log
	Examinations []ledger.Examination
}

// figures counts a month, in one view of the database. State of log and books is that of now, whatever the month.
func (s *Service) figures(ctx context.Context, first clock.Date, now time.Time) (figures, error) {
	next := first.AddMonths(1)
	f := figures{First: first, Last: next.AddDays(-1), Over: !next.Midnight(s.Zone).After(now)}
	span := audit.Span{From: first.Midnight(s.Zone), To: next.Midnight(s.Zone)}
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f.Counts, err = s.Log.Counts(ctx, tx, span); err != nil {
			return err
		}
		if f.Staff, f.People, err = s.Log.StaffCounts(ctx, tx, span, access.ActLook, staffMost); err != nil {
			return err
		}
		if f.Taken, err = s.Log.SubjectCounts(ctx, tx, span, []string{access.ActTakeFile, ActReport}, takenMost); err != nil {
			return err
		}
		if f.Approvals, err = s.Approvals.Tallies(ctx, tx, span.From, span.To); err != nil {
			return err
		}
		if f.Alerts, err = s.Staff.AlertTallies(ctx, tx, first, next); err != nil {
			return err
		}
		if f.Sealed, f.Checkpoint, err = s.Log.Latest(ctx, tx); err != nil {
			return fmt.Errorf("read checkpoint: %w", err)
		}
		return s.name(ctx, tx, &f)
	})
	if err != nil {
		return f, err
	}
	lag, err := s.Log.Lag(ctx)
	if err != nil {
		return f, err
	}
	f.Waiting = lag.Waiting
	f.Examinations, err = s.Books.List(ctx, "", examinationsMost)
	return f, err
}

// name finds the names of those in the lists, and masks them: the report is about what was done, and leaves the house.
func (s *Service) name(ctx context.Context, tx *db.Tx, f *figures) error {
	var who []id.Staff
	for _, x := range f.Staff {
		who = append(who, x.Staff)
	}
	for _, x := range f.Taken {
		who = append(who, id.Staff(x.Actor))
	}
	names, err := s.Staff.Names(ctx, tx, who)
	if err != nil {
		return err
	}
	for staff, name := range names {
		names[staff] = customer.MaskName(name)
	}
	f.Names = names
	return nil
}

// refusal is how often an act was refused with a code, whatever the way.
type refusal struct {
	code, act string
	records   int64
}

// line is what was done of an act by one kind of actor on one way.
type line struct {
	audit.Count
	done, refused int64
}

// lines and refusals are the counts as the report has them.
func (f figures) lines() (lines []line, refusals []refusal, done, refused int64) {
	at := map[refusal]int{}
	for _, c := range f.Counts {
		n := len(lines) - 1
		if n < 0 || lines[n].Act != c.Act || lines[n].Kind != c.Kind || lines[n].Channel != c.Channel {
			lines, n = append(lines, line{Count: c}), n+1
		}
		if c.Outcome == audit.Done {
			lines[n].done += c.Records
			done += c.Records
			continue
		}
		lines[n].refused += c.Records
		refused += c.Records
		key := refusal{code: c.Code, act: c.Act}
		i, known := at[key]
		if !known {
			i, refusals = len(refusals), append(refusals, key)
			at[key] = i
		}
		refusals[i].records += c.Records
	}
	return lines, refusals, done, refused
}
