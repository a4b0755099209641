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

// Of tells of the end of one closed day. Error: ErrNotCutOff.
func (e *End) Of(ctx context.Context, tx *db.Tx, date clock.Date) (Progress, error) {
	p, found, err := findEnd(ctx, tx, date)
	if err != nil {
		return p, err
	}
	if !found {
		return p, ErrNotCutOff.With("date", date.String())
	}
	if p.Steps, err = listSteps(ctx, tx, date); err != nil {
		return p, err
	}
	p.Checks, err = listChecks(ctx, tx, date)
	return p, err
}

// Times are when the ends of closed days began and came to their states, from one day to another.
func (e *End) Times(ctx context.Context, tx *db.Tx, from, to clock.Date) (map[clock.Date]Progress, error) {
	all, err := endsBetween(ctx, tx, from, to)
	byDate := make(map[clock.Date]Progress, len(all))
	for _, p := range all {
		byDate[p.Date] = p
	}
	return byDate, err
}

// Waiting is how many closed days are not locked yet.
func (e *End) Waiting(ctx context.Context, tx *db.Tx) (int, error) { return countUnlocked(ctx, tx) }

// CalendarEnds is the last day whose year the calendar of working days knows; false without a calendar.
func (e *End) CalendarEnds() (clock.Date, bool) {
	if e.Calendar == nil || len(e.Calendar.Years()) == 0 {
		return clock.Date{}, false
	}
	years := e.Calendar.Years()
	return clock.DateOf(time.Date(years[len(years)-1], time.December, 31, 0, 0, 0, 0, time.UTC), time.UTC), true
}

// Usual is how many items each step did on the last day before a date that was locked: what one may expect of it now.
func (e *End) Usual(ctx context.Context, tx *db.Tx, date clock.Date) (map[string]int, error) {
	return usualItems(ctx, tx, date)
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
