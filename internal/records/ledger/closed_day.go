package ledger

import (
	"context"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
)

// bookingDay is the business day of a Post, locked shared until tx ends: the open one, or the closed one that end of
// day books for. A customer's account never sees a closed day again, so that its business dates never go back along
// its running numbers, and what it held at the end of a day is the balance after its last entry of that day.
func (l *Ledger) bookingDay(ctx context.Context, tx *db.Tx, journals []Journal) (clock.Date, error) {
	today, err := l.days.Today(ctx, tx)
	if err != nil || len(journals) == 0 {
		return today, err
	}
	closed := journals[0].ClosedDay
	for i := range journals {
		if journals[i].ClosedDay != closed {
			return clock.Date{}, ErrMixedDays
		}
	}
	if closed.IsZero() {
		return today, nil
	}
	takes, err := l.days.Closing(ctx, tx, closed)
	if err != nil || takes {
		return closed, err
	}
	for i := range journals { // tied out meanwhile: a retry of what was set aside
		if journals[i].ValueDate.IsZero() {
			journals[i].ValueDate = closed
		}
	}
	return today, nil
}

// ofTheDay says that a journal may be booked into a closed day: the bank's own machinery books it, on the bank's own
// accounts alone.
func (j *Journal) ofTheDay() bool {
	for i := range j.Lines {
		if !strings.HasPrefix(j.Lines[i].Account, ownPrefix) {
			return false
		}
	}
	return j.By.Kind == act.System && j.Reverses == "" && len(j.Captures) == 0
}
