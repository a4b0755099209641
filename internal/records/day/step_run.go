package day

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
)

// StepState is how far a step of a day has come.
type StepState string

// The states of a step.
const (
	Waiting StepState = "waiting"
	Running StepState = "running"
	Done    StepState = "done"
)

// progress is a step's row, locked.
type progress struct {
	state  StepState
	cursor string
	place  int
	done   int
	aside  int
}

// step brings one step of a day to its end. The size of slices is halved when one fails, down to the one item that is
// set aside, and grows again behind it.
func (r *run) step(ctx context.Context, date clock.Date, s *Step) error {
	if s.Once != nil {
		return r.once(ctx, date, s)
	}
	most := s.Size
	if most == 0 {
		most = sliceDefault
	}
	busy := 0
	for size := most; ; {
		began := clock.System().Now()
		done, err := r.slice(ctx, date, s, size)
		var failed *failure
		switch {
		case err == nil && done:
			return nil
		case err == nil:
			size, busy = min(2*size, most), 0
			r.Pace(ctx, clock.System().Now().Sub(began))
		case ctx.Err() != nil || errors.Is(err, job.ErrFenced):
			return err
		case fault.KindOf(err) == fault.Busy && busy < tryMax: // also a commit whose outcome is unknown: the cursor knows
			busy++
			r.Pace(ctx, time.Duration(busy)*tryWait)
		case fault.KindOf(err) == fault.Busy || !errors.As(err, &failed):
			return err
		case len(failed.items) > 1:
			size = (len(failed.items) + 1) / 2
		default:
			if err := r.setAside(ctx, date, s, failed.items[0], failed.err); err != nil {
				return err
			}
		}
	}
}

// failure is what Do said about a slice.
type failure struct {
	items []string
	err   error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// slice does the next items of a step, in one transaction with the cursor, and says whether they were the last.
func (r *run) slice(ctx context.Context, date clock.Date, s *Step, size int) (done bool, err error) {
	err = r.write(ctx, func(tx *db.Tx) error {
		p, err := lockStep(ctx, tx, date, s.Name)
		if err != nil {
			return err
		}
		if done = p.state == Done; done {
			return nil
		}
		listed, err := s.Items(ctx, tx, date, p.cursor, size)
		if err != nil {
			return fmt.Errorf("list items after %q: %w", p.cursor, err)
		}
		items, asides, err := sift(ctx, tx, listed)
		if err != nil {
			return err
		}
		if len(items) > 0 {
			refused, err := s.Do(ctx, tx, date, items)
			if err != nil {
				return &failure{listed, err}
			}
			asides = append(asides, refused...)
		}
		if done = len(listed) < size; done {
			p.state = Done
		} else {
			p.state = Running
		}
		if len(listed) > 0 {
			p.cursor = listed[len(listed)-1]
		}
		p.done += len(listed) - len(asides)
		return r.keep(ctx, tx, date, s, p, asides)
	})
	return done, err
}

// sift leaves out what is set aside already: what an earlier step could not do is not done by halves.
func sift(ctx context.Context, tx *db.Tx, listed []string) (items []string, asides []Aside, err error) {
	open, err := openAsides(ctx, tx)
	if err != nil || len(open) == 0 {
		return listed, nil, err
	}
	for _, item := range listed {
		if open[item] {
			asides = append(asides, Aside{item, errEarlier})
		} else {
			items = append(items, item)
		}
	}
	return items, asides, nil
}

// keep writes where a step stands and what it set aside.
func (r *run) keep(ctx context.Context, tx *db.Tx, date clock.Date, s *Step, p progress, asides []Aside) error {
	if p.aside += len(asides); p.aside > asideMax {
		return ErrTooManyAside.With("step", s.Name)
	}
	if err := insertAsides(ctx, tx, date, s.Name, p.place, asides); err != nil {
		return err
	}
	return saveStep(ctx, tx, date, s.Name, p)
}

// setAside passes over one item that fails.
func (r *run) setAside(ctx context.Context, date clock.Date, s *Step, item string, why error) error {
	r.Log.Warn("item set aside", "date", date.String(), "step", s.Name, "item", item, "err", why)
	return r.write(ctx, func(tx *db.Tx) error {
		p, err := lockStep(ctx, tx, date, s.Name)
		if err != nil || p.cursor >= item {
			return err
		}
		p.cursor, p.state = item, Running
		return r.keep(ctx, tx, date, s, p, []Aside{{item, why}})
	})
}

// once does a step that has no items.
func (r *run) once(ctx context.Context, date clock.Date, s *Step) error {
	return r.write(ctx, func(tx *db.Tx) error {
		p, err := lockStep(ctx, tx, date, s.Name)
		if err != nil || p.state == Done {
			return err
		}
		if err := s.Once(ctx, tx, date); err != nil {
			return err
		}
		p.state, p.done = Done, 1
		return saveStep(ctx, tx, date, s.Name, p)
	})
}
