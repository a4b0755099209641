package day_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/day"
)

func date(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func shanghai(t *testing.T) *time.Location {
	t.Helper()
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func today(t *testing.T, d *db.DB, k *day.Keeper) (clock.Date, error) {
	t.Helper()
	var got clock.Date
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		var err error
		got, err = k.Today(t.Context(), tx)
		return err
	})
	return got, err
}

func TestBusinessDateIsOpenedOnceAndMovesForward(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{day.Migrations()}, func(t *testing.T, d *db.DB) {
		k := day.New(d, shanghai(t))
		first, third := date(t, "2026-11-22"), date(t, "2026-11-24")
		if _, err := today(t, d, k); !errors.Is(err, day.ErrNotOpen) {
			t.Errorf("a bank without a day: %v", err)
		}
		if err := k.Roll(t.Context(), first); !errors.Is(err, day.ErrNotOpen) {
			t.Errorf("rolled a bank without a day: %v", err)
		}
		for _, d := range []clock.Date{first, third} { // the second time does nothing
			if err := k.Open(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := today(t, d, k); err != nil || got != first {
			t.Fatalf("today is %s, %v", got, err)
		}
		for range 2 { // a job may repeat itself
			if err := k.Roll(t.Context(), third); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.Roll(t.Context(), first); !errors.Is(err, day.ErrBackwards) {
			t.Errorf("rolled back: %v", err)
		}
		if err := k.Roll(t.Context(), clock.Date{}); !errors.Is(err, day.ErrDate) {
			t.Errorf("rolled to no date: %v", err)
		}
		checkDays(t, d, k, first, third)
	})
}

func checkDays(t *testing.T, d *db.DB, k *day.Keeper, first, third clock.Date) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		if got, err := k.Current(t.Context(), tx); err != nil || got != third {
			t.Errorf("current is %s, %v", got, err)
		}
		days, err := k.List(t.Context(), tx, clock.Date{}, 10)
		if err != nil || len(days) != 3 { // the day that nobody opened has its place
			t.Fatalf("days %v, %v", days, err)
		}
		if days[0].Date != third || days[0].State != day.Opened || !days[0].CutOffAt.IsZero() {
			t.Errorf("the open day is %+v", days[0])
		}
		for i, date := range []clock.Date{first.AddDays(1), first} {
			if d := days[i+1]; d.Date != date || d.State != day.Cutoff || d.CutOffAt.IsZero() {
				t.Errorf("%s is %+v", date, d)
			}
		}
		older, err := k.List(t.Context(), tx, third, 10)
		if err != nil || len(older) != 2 {
			t.Errorf("older days %v, %v", older, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever has read the business date keeps it until his commit: the roll waits for him.
func TestRollWaitsForThoseWhoBookIntoTheOldDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{day.Migrations()}, func(t *testing.T, d *db.DB) {
		k := day.New(d, shanghai(t))
		first := date(t, "2026-11-22")
		if err := k.Open(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		rolled := make(chan error, 1)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := k.Today(t.Context(), tx); err != nil {
				return err
			}
			go func() { rolled <- k.Roll(context.WithoutCancel(t.Context()), first.AddDays(1)) }()
			select {
			case err := <-rolled:
				t.Errorf("rolled under a booking: %v", err)
			case <-time.After(150 * time.Millisecond):
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-rolled; err != nil {
			t.Fatal(err)
		}
		if got, err := today(t, d, k); err != nil || got != first.AddDays(1) {
			t.Errorf("today is %s, %v", got, err)
		}
	})
}

func TestCalendarDayIsThatOfTheBanksZone(t *testing.T) {
	t.Parallel()
	k := day.New(nil, shanghai(t))
	if got := k.Date(time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)); got != date(t, "2026-11-22") {
		t.Errorf("midnight in Shanghai is on %s", got)
	}
	if k.Zone().String() != "Asia/Shanghai" {
		t.Errorf("zone %s", k.Zone())
	}
}

func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range i18n.NewCatalog(day.Texts()).Missing() {
		t.Error(problem)
	}
}
