package bus_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
)

func TestAnEnvelopeIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 3, 4, 5, 678_900_000, time.UTC)
	plain := bus.Event{ID: "evnt_1", Type: "payment.transfer_settled", Version: 2, Subject: "trfr_1", At: at, Data: json.RawMessage(`{"n":1}`)}
	full := plain
	full.Sequence, full.Trace, full.BusinessDate = -7, `a"b\c<d>é`+"\n\x7f", clock.DateOf(at, time.UTC)
	for name, e := range map[string]bus.Event{"what may be left out is": plain, "everything is there": full} {
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Body()
		if err != nil || got != string(want) {
			t.Errorf("%s: %s, not %s: %v", name, got, want, err)
		}
	}
}
