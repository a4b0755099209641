package day

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
)

// SetAside is an item that end of day could not do yet.
type SetAside struct {
	AsideKey
	Code     string // why
	Detail   string // why, for engineers
	Attempts int
	place    int // of its step
}

// AsideKey names an item that was set aside.
type AsideKey struct {
	Date clock.Date // the closed day
	Step string
	Item string
}

// Asides lists what is set aside, the oldest day first and in the order of the steps, at most limit.
func (e *End) Asides(ctx context.Context, tx *db.Tx, limit int) ([]SetAside, error) {
	return listAsides(ctx, tx, limit)
}

// Retry does again what was set aside, on behalf of an operator. It answers why it failed again, if it did.
// Errors: ErrAsideNotFound, and the step's own.
func (e *End) Retry(ctx context.Context, by act.By, key AsideKey) error {
	err := e.retry(ctx, key, func(tx *db.Tx) error {
		return e.Audit.Append(ctx, tx, []audit.Record{{
			By: by, Act: "day.retry", Subject: key.Item, Outcome: audit.Done,
			Detail: map[string]string{"date": key.Date.String(), "step": key.Step},
		}})
	})
	if err == nil || errors.Is(err, ErrAsideNotFound) {
		return err
	}
	return errors.Join(err, e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := failAgain(ctx, tx, key, fault.CodeOf(err), err.Error()); err != nil {
			return err
		}
		return e.Audit.Append(ctx, tx, []audit.Record{{
			By: by, Act: "day.retry", Subject: key.Item, Outcome: audit.Refused, Code: fault.CodeOf(err),
			Detail: map[string]string{"date": key.Date.String(), "step": key.Step},
		}})
	}))
}

// retryOpen retries what is set aside, in the order of days and steps: by the end of a later day, or by a run that
// follows a repair. An item that fails again is left alone for the rest of them.
func (r *run) retryOpen(ctx context.Context, date clock.Date) error {
	var open []SetAside
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		open, err = listAsides(ctx, tx, asideMax)
		return err
	})
	if err != nil {
		return err
	}
	failed := make(map[string]bool)
	for _, a := range open {
		if failed[a.Item] || !a.Date.Before(date) {
			continue
		}
		if err := r.renew(ctx); err != nil {
			return err
		}
		err := r.retry(ctx, a.AsideKey, func(tx *db.Tx) error { return r.lease.CheckFence(ctx, tx) })
		if err == nil || errors.Is(err, ErrAsideNotFound) { // an operator was faster
			continue
		}
		if ctx.Err() != nil || fault.KindOf(err) == fault.Busy {
			return err
		}
		failed[a.Item] = true
		if err := r.write(ctx, func(tx *db.Tx) error { return failAgain(ctx, tx, a.AsideKey, fault.CodeOf(err), err.Error()) }); err != nil {
			return err
		}
	}
	return nil
}

// retry does one item again and marks it done, in one transaction.
func (e *End) retry(ctx context.Context, key AsideKey, also func(*db.Tx) error) error {
	step := e.find(key.Step)
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := also(tx); err != nil {
			return err
		}
		found, err := resolve(ctx, tx, key)
		if err != nil {
			return err
		}
		if !found || step == nil || step.Do == nil {
			return ErrAsideNotFound
		}
		refused, err := step.Do(ctx, tx, key.Date, []string{key.Item})
		if err != nil {
			return fmt.Errorf("step %s: %w", key.Step, err)
		}
		if len(refused) > 0 {
			return fmt.Errorf("step %s: %w", key.Step, refused[0].Err)
		}
		return nil
	})
}

func (e *End) find(name string) *Step {
	for i := range e.Steps {
		if e.Steps[i].Name == name {
			return &e.Steps[i]
		}
	}
	return nil
}
