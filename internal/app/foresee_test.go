package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/rule"
)

func TestAChangeOfTheFigureOfScreeningIsForeseenFromLastMonthsPayments(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("9000.00")), b.NewPerson()
		foreseen := func(value string) rule.Effect {
			t.Helper()
			effects, err := b.Figures.Foresee(t.Context(), rule.Change{
				Key: payment.ForeseenKey, Value: value, From: b.Days.Date(b.Clock.Now()).AddDays(2), Source: "the board", Grade: rule.GradeU,
			})
			if err != nil || len(effects) != 1 {
				t.Fatalf("foreseen %+v, %v", effects, err)
			}
			return effects[0]
		}
		li.Pay(wang, "20.00").Is(http.StatusCreated)
		own := *li
		own.Account, own.Number = li.Open(2)
		li.Pay(&own, "2000.00").Is(http.StatusCreated) // to oneself asks for nothing
		if e := foreseen("100000"); e.Of != 0 {
			t.Errorf("today is not over, and counts: %+v", e)
		}
		b.Pass(26 * time.Hour)
		li.SignIn()
		li.Pay(wang, "1500.00").Is(http.StatusCreated)
		b.Pass(24 * time.Hour)
		if e := foreseen("100000"); e.Name != "payment.effect.more_step_ups" || e.Of != 2 || e.Count != 1 || e.Amount.String() != "1500.00" {
			t.Errorf("from 1,000 on: %+v", e)
		}
		if e := foreseen("3000000"); e.Name != "payment.effect.fewer_step_ups" || e.Of != 2 || e.Count != 0 {
			t.Errorf("from 30,000 on: %+v", e)
		}
		b.Pass(32 * 24 * time.Hour)
		if e := foreseen("100000"); e.Of != 0 {
			t.Errorf("a month later: %+v", e)
		}
	})
}
