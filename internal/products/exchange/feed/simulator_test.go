package feed_test

import (
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/products/exchange/feed"
	"github.com/tongbao/tongbao/internal/values/money"
)

var all = []money.Currency{money.USD, money.EUR, money.GBP, money.HKD, money.JPY}

func told(t *testing.T, s exchange.Source, at time.Time) map[money.Currency]exchange.Rate {
	t.Helper()
	rates, err := s.Rates(t.Context(), at, all)
	if err != nil || len(rates) != len(all) {
		t.Fatalf("%d rates, %v", len(rates), err)
	}
	out := make(map[money.Currency]exchange.Rate)
	for _, r := range rates {
		if r.At != at {
			t.Fatalf("told for %v, asked at %v", r.At, at)
		}
		out[r.Currency] = r.Middle
	}
	return out
}

func TestTheSimulatorMovesLikeAMarketAndTellsTheSameStoryToEverybody(t *testing.T) {
	t.Parallel()
	source, other := feed.Simulator(1), feed.Simulator(2)
	if source.Name() != exchange.Simulated {
		t.Errorf("it calls itself %s", source.Name())
	}
	start := time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC) // a Monday
	low, high := make(map[money.Currency]exchange.Rate), make(map[money.Currency]exchange.Rate)
	before := told(t, source, start)
	same, moved, differs := 0, 0, 0
	for step := 1; step < 2*365*24; step++ {
		at := start.Add(time.Duration(step) * time.Hour)
		now := told(t, source, at)
		if again := told(t, feed.Simulator(1), at); again[money.USD] != now[money.USD] {
			t.Fatal("the same seed tells another story")
		}
		if told(t, other, at)[money.USD] != now[money.USD] {
			differs++
		}
		for c, r := range now {
			if low[c] == 0 || r < low[c] {
				low[c] = r
			}
			high[c] = max(high[c], r)
			if change := int64(r-before[c]) * 10_000 / int64(r); change > 60 || change < -60 {
				t.Errorf("%s moved from %s to %s in an hour", c, before[c], r)
			}
		}
		if now[money.USD] == before[money.USD] {
			same++
		} else {
			moved++
		}
		before = now
	}
	if weekend := 2 * 52 * 48; same < weekend-2*52 || same > weekend+500 {
		t.Errorf("it stood still for %d hours of two years: weekends have %d", same, weekend)
	}
	if moved == 0 || differs < 10_000 {
		t.Errorf("moved %d, another seed differed %d times", moved, differs)
	}
	for c := range low {
		if span := int64(high[c]-low[c]) * 100 / int64(low[c]); span < 2 || span > 12 {
			t.Errorf("%s was between %s and %s in two years: %d %%", c, low[c], high[c], span)
		}
	}
	for at := start; at.Before(start.AddDate(1, 0, 0)); at = at.Add(7 * time.Hour) {
		now := told(t, source, at)
		if peg := int64(now[money.USD]) * 10_000 / int64(now[money.HKD]); peg < 7_75_00 || peg > 7_90_00 {
			t.Fatalf("a dollar is %d Hong Kong cents of cents", peg)
		}
	}
}
