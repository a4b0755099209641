package day

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// Progress is how far the end of a day has come.
type Progress struct {
	Date      clock.Date      `json:"date"`
	State     State           `json:"state"`
	BeganAt   time.Time       `json:"beganAt"`   // zero: nobody has begun
	TiedOutAt time.Time       `json:"tiedOutAt"` // zero: not yet
	LockedAt  time.Time       `json:"lockedAt"`  // zero: not yet
	Problem   string          `json:"problem"`   // why it waits for operators, as a code
	Detail    string          `json:"detail"`    // the same for engineers
	Steps     []StepProgress  `json:"steps"`
	Checks    []CheckProgress `json:"checks"`
}

// StepProgress is how far a step has come.
type StepProgress struct {
	Name      string    `json:"name"`
	State     StepState `json:"state"`
	Done      int       `json:"done"`
	Aside     int       `json:"aside"` // set aside in this step, whether a retry has done them or not
	StartedAt time.Time `json:"startedAt"`
	EndedAt   time.Time `json:"endedAt"`
}

// CheckProgress is what a check found when it ran last.
type CheckProgress struct {
	Name        string    `json:"name"`
	Differences int       `json:"differences"`
	Detail      string    `json:"detail"` // the first of them
	At          time.Time `json:"at"`
}

// Progress tells of the newest closed days, newest first, at most limit.
func (e *End) Progress(ctx context.Context, tx *db.Tx, limit int) ([]Progress, error) {
	all, err := listEnds(ctx, tx, limit)
	for i := range all {
		if err == nil {
			all[i].Steps, err = listSteps(ctx, tx, all[i].Date)
		}
		if err == nil {
			all[i].Checks, err = listChecks(ctx, tx, all[i].Date)
		}
	}
	return all, err
}

// warnDays is how early operators learn that the calendar ends: the yearly notice comes in November.
const warnDays = 60

// Warnings are what operators should know before it hurts. The calendar of working days must reach far enough; which
// days of an unknown year are worked is never guessed.
func (e *End) Warnings(date clock.Date) []string {
	if e.Calendar == nil {
		return nil
	}
	until := date.AddDays(warnDays)
	if _, err := e.Calendar.IsWorkday(until); errors.Is(err, clock.ErrUnknownYear) {
		return []string{fmt.Sprintf("working days of %d are unknown, and %s is %d days ahead: add the yearly notice to the calendar",
			until.Year(), until, warnDays)}
	}
	return nil
}
