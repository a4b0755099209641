package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Span is a stretch of the log: from an instant on, and before another.
type Span struct{ From, To time.Time }

func (s Span) ids() (from, to string) { return Query{From: s.From, To: s.To}.span() }

// Count is how many records of a span are alike.
type Count struct {
	Kind    act.Kind
	Channel act.Channel
	Act     string
	Outcome Outcome
	Code    string // of a refusal
	Records int64
}

// countsMost bounds the counts of a span: acts, ways and codes are words of the program, some hundreds.
const countsMost = 10_000

// Counts counts the records of a span. The database counts, so a span may hold millions.
func (l *Log) Counts(ctx context.Context, tx *db.Tx, s Span) ([]Count, error) {
	all, err := counts(ctx, tx, s)
	if err != nil {
		return nil, fmt.Errorf("count audit records: %w", err)
	}
	return all, nil
}

// StaffCount is how much one member of staff did in a span.
type StaffCount struct {
	Staff                      id.Staff
	Records, Refused           int64 // refused ones are among the records
	OfInterest, RefusedOfThose int64 // records of the act that was asked about
}

// StaffCounts are the members of staff with the most records in a span, those with records of one act of interest first,
// and how many members of staff there are in all.
func (l *Log) StaffCounts(ctx context.Context, tx *db.Tx, s Span, interest string, most int) (all []StaffCount, people int64, err error) {
	if all, people, err = staffCounts(ctx, tx, s, interest, most); err != nil {
		return nil, 0, fmt.Errorf("count records of staff: %w", err)
	}
	return all, people, nil
}

// SubjectCount is how often somebody did an act to one thing.
type SubjectCount struct {
	Actor, Act, Subject string
	Records             int64
}

// SubjectCounts counts what staff did of some acts in a span, by thing, the most frequent first.
func (l *Log) SubjectCounts(ctx context.Context, tx *db.Tx, s Span, acts []string, most int) ([]SubjectCount, error) {
	all, err := subjectCounts(ctx, tx, s, acts, most)
	if err != nil {
		return nil, fmt.Errorf("count audit records by subject: %w", err)
	}
	return all, nil
}
