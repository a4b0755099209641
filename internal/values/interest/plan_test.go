package interest_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/interest"
)

func TestTheLastSettlementIsTheOneOnOrBeforeADay(t *testing.T) {
	t.Parallel()
	for on, want := range map[string]string{
		"2026-12-20": "2026-12-20", "2026-12-19": "2026-09-20", "2026-12-21": "2026-12-20", "2027-01-01": "2026-12-20", "2024-02-29": "2023-12-20", "2026-05-31": "2026-03-20",
	} {
		d, err := clock.ParseDate(on)
		if err != nil {
			t.Fatal(err)
		}
		if got := interest.LastSettlement(d, 20).String(); got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
}
