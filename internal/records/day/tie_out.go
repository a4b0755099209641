package day

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
)

const differencesShown = 10 // of a check, in its row

// tieOut runs the checks of a day, and lets it be tied out when they all agree.
func (r *run) tieOut(ctx context.Context, date clock.Date) error {
	differ := 0
	for _, c := range r.Checks {
		if err := r.renew(ctx); err != nil {
			return err
		}
		var found []Difference
		err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
			found, err = c.Run(ctx, tx, date)
			return err
		})
		if err != nil {
			return fmt.Errorf("check %s of %s: %w", c.Name, date, err)
		}
		differ += len(found)
		if err := r.write(ctx, func(tx *db.Tx) error { return saveCheck(ctx, tx, date, c.Name, len(found), told(found)) }); err != nil {
			return err
		}
	}
	if differ > 0 {
		return ErrNotTiedOut.With("date", date.String())
	}
	return r.write(ctx, func(tx *db.Tx) error { return r.advance(ctx, tx, date, TiedOut) })
}

// told is the first differences as text.
func told(found []Difference) string {
	var lines []string
	for _, d := range found[:min(len(found), differencesShown)] {
		lines = append(lines, d.Subject+": "+d.Detail)
	}
	return strings.Join(lines, "\n")
}

// advance brings a day to its next state; one that is there already stays.
func (r *run) advance(ctx context.Context, tx *db.Tx, date clock.Date, to State) error {
	moved, err := moveState(ctx, tx, date, to)
	if err != nil || !moved {
		return err
	}
	if err := endReached(ctx, tx, date, to); err != nil {
		return err
	}
	return r.Audit.Append(ctx, tx, []audit.Record{{
		By: act.Job("day.end"), Act: "day." + strings.ToLower(string(to)), Subject: date.String(), Outcome: audit.Done,
	}})
}
