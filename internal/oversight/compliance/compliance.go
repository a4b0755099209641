// Package compliance tells those who watch over the bank how it was run.
//
// It makes the monthly audit report: what the audit log holds of a month (acts by kind of actor and way, refusals by
// code, what staff did and how many masked fields they had shown, files that were taken out), the requests under four
// eyes that ended, the alerts about staff, the sealed log with its signed checkpoint, and what the last examinations of
// the books found. The report is a signed paper; making one is an act of staff and stands in the log itself.
//
// The room keeps nothing: the rooms that own the tables count, with statements whose answers are small however long the
// month was, and no record is read one by one. A report of a month that is not over says how far it goes.
//
//	paper, err := compliance.AuditReport(ctx, by, "2026-11", i18n.ZhHans)
package compliance

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrMonth refuses what is no month, one that has not begun, or one before there were such banks.
var ErrMonth = fault.New(fault.Invalid, "compliance.bad_month")

// ActReport is what making a report is called in the audit log; its subject is the month.
const ActReport = "compliance.audit_report"

// Log is the part of the audit log that reports are made of.
type Log interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
	Counts(ctx context.Context, tx *db.Tx, s audit.Span) ([]audit.Count, error)
	StaffCounts(ctx context.Context, tx *db.Tx, s audit.Span, interest string, most int) (all []audit.StaffCount, people int64, err error)
	SubjectCounts(ctx context.Context, tx *db.Tx, s audit.Span, acts []string, most int) ([]audit.SubjectCount, error)
	Latest(ctx context.Context, tx *db.Tx) (size int64, signed string, err error)
	Lag(ctx context.Context) (audit.Lag, error)
}

// Staff knows who works for the bank, and what was noticed about them.
type Staff interface {
	Names(ctx context.Context, tx *db.Tx, of []id.Staff) (map[id.Staff]string, error)
	AlertTallies(ctx context.Context, tx *db.Tx, from, to clock.Date) ([]access.AlertTally, error)
}

// Approvals counts what was decided under four eyes.
type Approvals interface {
	Tallies(ctx context.Context, tx *db.Tx, from, to time.Time) ([]approval.Tally, error)
}

// Books lists the examinations of the books.
type Books interface {
	List(ctx context.Context, before id.Examination, limit int) ([]ledger.Examination, error)
}

// Needs are the rooms that compliance stands on.
type Needs struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location // in which the bank's months begin
	Log       Log
	Staff     Staff
	Approvals Approvals
	Books     Books
	Texts     *i18n.Catalog // of the whole bank: the report uses the words of other rooms too
	Bank      string        // name
	Signer    pdf.Signer    // of papers; unsigned when nil
}

// Service makes reports. It is safe for concurrent use.
type Service struct{ Needs }

// New makes the service.
func New(n Needs) *Service { return &Service{n} }

// AuditReport is the report of a month (2026-11) as a signed paper, made for a member of staff who may have it. That it
// was made is recorded before anybody gets it. Error: ErrMonth.
func (s *Service) AuditReport(ctx context.Context, by act.By, month string, l i18n.Locale) ([]byte, error) {
	now := s.Clock.Now()
	from, err := firstDay(month, clock.DateOf(now, s.Zone))
	if err != nil {
		return nil, err
	}
	f, err := s.figures(ctx, from, now)
	if err != nil {
		return nil, fmt.Errorf("figures of %s: %w", month, err)
	}
	f.Record, f.By = id.New[id.Audit](now), id.Staff(by.Actor)
	content, err := reportPaper{words{s.Texts, l}, f, s.Bank, now.In(s.Zone)}.print()
	if err != nil {
		return nil, fmt.Errorf("print audit report: %w", err)
	}
	if s.Signer != nil {
		if content, err = pdf.Sign(content, s.Signer, pdf.Signing{Name: s.Bank, At: now.In(s.Zone)}); err != nil {
			return nil, fmt.Errorf("sign audit report: %w", err)
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Log.Append(ctx, tx, []audit.Record{{ID: f.Record, By: by, Act: ActReport, Subject: month, Outcome: audit.Done}})
	})
	if err != nil {
		return nil, fmt.Errorf("record audit report: %w", err)
	}
	return content, nil
}

// firstYear is before any bank of this program: a year that is shorter to type wrong than to mean.
const firstYear = 2000

func firstDay(month string, today clock.Date) (clock.Date, error) {
	first, err := clock.ParseDate(month + "-01")
	if err != nil || first.Year() < firstYear || first.After(today) {
		return clock.Date{}, ErrMonth
	}
	return first, nil
}
