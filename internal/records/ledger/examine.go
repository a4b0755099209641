package ledger

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ExaminationState is how far an examination has come.
type ExaminationState string

// The states of an examination.
const (
	Examining   ExaminationState = "running"
	BooksHold   ExaminationState = "holds"
	BooksBroken ExaminationState = "broken"
	NotExamined ExaminationState = "failed" // it could not be read to its end; nothing is said about the books
)

// Examination is a verification of the books that a member of staff asked for. It runs as a job and only reads the
// books; one runs at a time.
type Examination struct {
	ID      id.Examination
	State   ExaminationState
	AskedBy string
	AskedAt time.Time
	ExaminationScope
	Since   clock.Date // the locked day that it goes on from; zero when it reads everything
	Step    string     // what is being checked, as in Progress
	Done    int64      // how many of them so far
	Report  Report     // counts; its breach is set when the books are broken
	EndedAt time.Time
}

// ExaminationScope is what somebody wants examined.
type ExaminationScope struct {
	From, To string // accounts; empty: all
	Later    bool   // only what came after the last locked day
}

var (
	// ErrExaminationRuns says that the books are being examined already.
	ErrExaminationRuns = fault.New(fault.Conflict, "ledger.examination_runs")
	// ErrExaminationNotFound says that there is no such examination.
	ErrExaminationNotFound = fault.New(fault.NotFound, "ledger.examination_not_found")
	// ErrNoLockedDay says that no day is locked yet, so that everything has to be read.
	ErrNoLockedDay = fault.New(fault.Rejected, "ledger.no_locked_day")
)

// ActExamine is what an examination is called in the audit log, and the permission to ask for one.
const ActExamine = "ledger.verify"

const (
	jobExamine     = "ledger.examine"
	examineTimeout = 12 * time.Hour
	examineTell    = time.Second // between two saves of the progress
	lockedDaysRead = 400         // newest days among which the last locked one is looked for
)

// Calendar lists business days, the newest first (day.Keeper).
type Calendar interface {
	List(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]day.Business, error)
}

// Recorder keeps what was done (audit.Log).
type Recorder interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// ExaminerNeeds are what examinations are made of.
type ExaminerNeeds struct {
	DB     *db.DB
	Ledger *Ledger
	Days   Calendar
	Jobs   *job.Runner
	Audit  Recorder
	Log    *slog.Logger
}

// Examiner runs verifications for staff.
type Examiner struct{ ExaminerNeeds }

// NewExaminer makes the examiner and registers its job.
func NewExaminer(n ExaminerNeeds) (*Examiner, error) {
	e := &Examiner{n}
	return e, n.Jobs.Register(jobExamine, job.Options{Timeout: examineTimeout, Attempts: 2}, e.run)
}

type examinePayload struct {
	Examination id.Examination `json:"examination"`
}

// Ask begins an examination. Errors: ErrExaminationRuns, ErrNoLockedDay.
func (e *Examiner) Ask(ctx context.Context, by act.By, scope ExaminationScope) (Examination, error) {
	var x Examination
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		x = Examination{ID: id.New[id.Examination](tx.Now()), State: Examining, AskedBy: by.Actor, AskedAt: tx.Now(), ExaminationScope: scope}
		if scope.Later {
			since, err := e.locked(ctx, tx)
			if err != nil {
				return err
			}
			x.Since = since.Day
		}
		if err := insertExamination(ctx, tx, x); err != nil {
			if db.IsUnique(err) {
				return ErrExaminationRuns.Because(err)
			}
			return fmt.Errorf("keep examination: %w", err)
		}
		if err := e.Jobs.Enqueue(ctx, tx, job.Request{Kind: jobExamine, Payload: examinePayload{x.ID}, Unique: string(x.ID), Trace: by.Trace}); err != nil {
			return fmt.Errorf("enqueue examination: %w", err)
		}
		return e.record(ctx, tx, by, x, nil)
	})
	return x, err
}

// locked is the newest locked day.
func (e *Examiner) locked(ctx context.Context, tx *db.Tx) (Since, error) {
	all, err := e.Days.List(ctx, tx, clock.Date{}, lockedDaysRead)
	if err != nil {
		return Since{}, fmt.Errorf("list days: %w", err)
	}
	for _, d := range all {
		if d.State == day.Locked {
			return Since{d.Date, d.CutOffAt}, nil
		}
	}
	return Since{}, ErrNoLockedDay
}

// Find is one examination as it stands.
func (e *Examiner) Find(ctx context.Context, which id.Examination) (Examination, error) {
	var x Examination
	err := e.DB.Read(ctx, func(tx *db.Tx) error {
		found, ok, err := findExamination(ctx, tx, which)
		if err == nil && !ok {
			err = ErrExaminationNotFound
		}
		x = found
		return err
	})
	return x, err
}

// List is the newest examinations before one; empty starts with the newest.
func (e *Examiner) List(ctx context.Context, before id.Examination, limit int) ([]Examination, error) {
	var all []Examination
	err := e.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = listExaminations(ctx, tx, before, limit)
		return err
	})
	return all, err
}

// run is the job. A node that dies in the middle leaves it to another, which begins again.
func (e *Examiner) run(ctx context.Context, j job.Job) error {
	var p examinePayload
	if err := j.Payload(&p); err != nil {
		return err
	}
	x, err := e.Find(ctx, p.Examination)
	if err != nil || x.State != Examining {
		return err
	}
	report, err := e.verify(ctx, j, &x)
	x.Report = report
	switch {
	case err == nil && report.Breach == nil:
		x.State = BooksHold
	case err == nil:
		x.State = BooksBroken
		e.Log.Error("the books do not hold", "examination", x.ID, "rule", report.Breach.Rule, "subject", report.Breach.Subject)
	case !j.Last:
		return err
	default:
		x.State = NotExamined
	}
	ended := e.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if err := j.CheckFence(ctx, tx); err != nil {
			return err
		}
		x.EndedAt = tx.Now()
		if err := saveExamination(ctx, tx, x); err != nil {
			return fmt.Errorf("keep what was found: %w", err)
		}
		return e.record(ctx, tx, act.Job(jobExamine), x, report.Breach)
	})
	if err != nil {
		return err
	}
	return ended
}

// verify reads the books, and tells how far it is.
func (e *Examiner) verify(ctx context.Context, j job.Job, x *Examination) (Report, error) {
	o := Options{From: x.From, To: x.To}
	if !x.Since.IsZero() {
		err := e.DB.Read(ctx, func(tx *db.Tx) (err error) {
			o.Since, err = e.locked(ctx, tx)
			return err
		})
		if err != nil {
			return Report{}, err
		}
		x.Since = o.Since.Day // a day more may be locked by now
	}
	told := time.Time{}
	var lost error
	o.Progress = func(p Progress) {
		if now := clock.System().Now(); lost == nil && now.Sub(told) >= examineTell {
			told = now
			x.Step, x.Done = p.Check, p.Done
			lost = e.tell(ctx, j, *x)
		}
	}
	report, err := e.Ledger.Verify(ctx, o)
	if err == nil {
		err = lost
	}
	return report, err
}

func (e *Examiner) tell(ctx context.Context, j job.Job, x Examination) error {
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := j.CheckFence(ctx, tx); err != nil {
			return err
		}
		return saveExamination(ctx, tx, x)
	})
}

func (e *Examiner) record(ctx context.Context, tx *db.Tx, by act.By, x Examination, found *Breach) error {
	r := audit.Record{By: by, Act: ActExamine, Subject: string(x.ID), Outcome: audit.Done, Detail: map[string]string{"state": string(x.State)}}
	if !x.Since.IsZero() {
		r.Detail["since"] = x.Since.String()
	}
	if found != nil {
		r.Detail["rule"], r.Detail["subject"] = found.Rule, found.Subject
	}
	return e.Audit.Append(ctx, tx, []audit.Record{r})
}
