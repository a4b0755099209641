package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// hand is a clock that a test moves.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hand) move(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.at = h.at.Add(d) }

// flooded is an API with one slow and one everyday route.
func flooded(scale float64) (*api.Router, *hand) {
	clock := &hand{at: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	r := api.New(api.Config{
		Prefix: prefix, Audience: "toy", Sessions: people{}, Catalog: i18n.NewCatalog(api.Texts()),
		Log: slog.New(slog.DiscardHandler), Limits: api.NewLimiter(scale, clock.now),
	})
	nothingToDo := func(context.Context, *nothing) (*nothing, error) { return &nothing{}, nil }
	api.Add(r, api.Route{Method: "GET", Path: "/slow", ID: "slow", Guard: api.Guard{Public: true, Rate: api.Slow}}, nothingToDo)
	api.Add(r, api.Route{Method: "GET", Path: "/other", ID: "other", Guard: api.Guard{Public: true, Rate: api.Slow}}, nothingToDo)
	api.Add(r, api.Route{Method: "GET", Path: "/quick", ID: "quick", Guard: api.Guard{Public: true}}, nothingToDo)
	return r, clock
}

func from(t *testing.T, r *api.Router, address, path string, change ...func(*http.Request)) answer {
	t.Helper()
	req := httptest.NewRequestWithContext(api.WithEdge(t.Context(), address, "t"), "GET", prefix+path, nil)
	for _, c := range change {
		c(req)
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return read(t, w)
}

// admitted counts how many of n requests at once get through.
func admitted(t *testing.T, n int, ask func() answer) int {
	t.Helper()
	done := 0
	for range n {
		if a := ask(); a.Status < 400 {
			done++
		} else if a.Status != http.StatusTooManyRequests || a.Problem.Code != "request.too_many" || a.Header.Get("Retry-After") == "" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	return done
}

func TestAFloodFromOneAddressIsDampedAndOthersAreServed(t *testing.T) {
	t.Parallel()
	r, clock := flooded(1)
	slow := func(address string) func() answer { return func() answer { return from(t, r, address, "/slow") } }
	if n := admitted(t, 100, slow("203.0.113.1")); n != 30 {
		t.Errorf("%d of 100 slow requests got through, want the burst of 30", n)
	}
	if n := admitted(t, 10, slow("203.0.113.2")); n != 10 {
		t.Errorf("another address: %d of 10", n)
	}
	if n := admitted(t, 10, func() answer { return from(t, r, "203.0.113.1", "/other") }); n != 10 {
		t.Errorf("another route: %d of 10", n)
	}
	if n := admitted(t, 300, func() answer { return from(t, r, "203.0.113.1", "/quick") }); n != 200 {
		t.Errorf("everyday requests: %d of 300, want 200", n)
	}
	clock.move(5 * time.Second)
	if n := admitted(t, 100, slow("203.0.113.1")); n != 10 {
		t.Errorf("five seconds later: %d, want 10", n)
	}
}

func TestOneSessionIsDampedOverAllItsAddresses(t *testing.T) {
	t.Parallel()
	r, _ := flooded(1)
	i := 0
	n := admitted(t, 100, func() answer {
		i++
		return from(t, r, fmt.Sprintf("203.0.113.%d", i), "/slow", header("Authorization", "Bearer li"))
	})
	if n != 30 {
		t.Errorf("%d of 100, want 30", n)
	}
}

func TestANetworkOfIPv6CountsAsOneCaller(t *testing.T) {
	t.Parallel()
	r, _ := flooded(1)
	i := 0
	n := admitted(t, 100, func() answer { i++; return from(t, r, fmt.Sprintf("2001:db8:1:2::%x", i), "/slow") })
	if n != 30 {
		t.Errorf("%d of 100, want 30", n)
	}
	if a := from(t, r, "2001:db8:1:3::1", "/slow"); a.Status >= 400 {
		t.Errorf("the network beside it: %d %s", a.Status, a.Body)
	}
}

func TestALoadTestMayLiftTheRates(t *testing.T) {
	t.Parallel()
	r, _ := flooded(0)
	if n := admitted(t, 500, func() answer { return from(t, r, "203.0.113.1", "/slow") }); n != 500 {
		t.Errorf("%d of 500", n)
	}
}

func TestWhoFloodsTheTableIsNotForgotten(t *testing.T) {
	t.Parallel()
	r, _ := flooded(1)
	flooder := func() answer { return from(t, r, "203.0.113.7", "/slow") }
	if got := admitted(t, 40, flooder); got != 30 {
		t.Fatalf("%d of 40 got through", got)
	}
	for i := range 26_000 { // more than one half of the table
		if err := r.Limits.Hourly("page", fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), 10); err != nil {
			t.Fatal("a stranger is refused")
		}
		if i%1000 == 0 && flooder().Status < 400 {
			t.Fatal("the flooder was forgotten")
		}
	}
}
