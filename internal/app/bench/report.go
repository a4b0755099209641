package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// Report is what a bench of transfers found.
type Report struct {
	Database    string `json:"database"` // with its version
	Settings    string `json:"settings"`
	Shape       Shape  `json:"shape"`
	Via         Via    `json:"via"`
	Customers   int    `json:"customers"`
	Concurrency int    `json:"concurrency"`
	Bulk        int    `json:"bulk,omitempty"` // transfers of one bulk payment
	Live        bool   `json:"live"`           // events, messages and sealing beside the load
	Load        string `json:"load"`           // of the machine before the bench: averages of 1, 5 and 15 minutes

	TransfersPerSecond    float64 `json:"transfersPerSecond"`
	ReferencePerSecond    float64 `json:"referencePerSecond"` // one transaction for each transfer
	TimesReference        float64 `json:"timesReference"`
	CheckAndSendPerSecond float64 `json:"checkAndSendPerSecond,omitempty"`

	Seconds   float64 `json:"seconds"` // of the measured window
	Transfers int64   `json:"transfers"`
	Refused   int64   `json:"refused"`
	P50Ms     float64 `json:"p50Ms"`
	P95Ms     float64 `json:"p95Ms"`
	P99Ms     float64 `json:"p99Ms"`
	MaxMs     float64 `json:"maxMs"`

	BatchMean    float64 `json:"batchMean"` // acts of one transaction
	BatchLargest int64   `json:"batchLargest"`
	OwnCPU       float64 `json:"ownCPU"`      // processors that the bank and the load used
	DatabaseCPU  float64 `json:"databaseCPU"` // and PostgreSQL, when it runs on this machine

	PerCPUSecond float64 `json:"perCPUSecond"` // transfers for each second of a processor: what a busy machine does not distort
	Journals     int64   `json:"journals"`
	Verified     bool    `json:"verified"`
}

// take fills in what a window saw.
func (r *Report) take(run result) {
	r.TransfersPerSecond, r.Seconds, r.Transfers, r.Refused = run.rate(), run.took.Seconds(), run.accepted, run.refused
	r.P50Ms, r.P95Ms, r.P99Ms, r.MaxMs = run.millis(50), run.millis(95), run.millis(99), run.millis(100)
	if run.batches > 0 {
		r.BatchMean = float64(run.accepted+run.refused) / float64(run.batches)
	}
	r.BatchLargest = run.largest
	if used := run.own + run.server; used > 0 {
		r.PerCPUSecond = float64(run.accepted) / used.Seconds()
	}
	r.OwnCPU, r.DatabaseCPU = run.own.Seconds()/run.took.Seconds(), run.server.Seconds()/run.took.Seconds()
}

// millis is the latency that a part of a hundred stays within.
func (r result) millis(percent int) float64 {
	if len(r.latencies) == 0 {
		return 0
	}
	at := (len(r.latencies)*percent + 99) / 100
	return float64(r.latencies[max(at, 1)-1]) / float64(time.Millisecond)
}

// String is the report for a person.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s); load of the machine before: %s\n", r.Database, r.Settings, r.Load)
	fmt.Fprintf(&b, "%s via %s, %d customers, %d at once: %.0f transfers/s in %.1f s", r.Shape, r.Via, r.Customers, r.Concurrency, r.TransfersPerSecond, r.Seconds)
	if r.CheckAndSendPerSecond > 0 {
		fmt.Fprintf(&b, "; checked and sent: %.0f/s", r.CheckAndSendPerSecond)
	}
	fmt.Fprintf(&b, "\none transaction for each: %.0f transfers/s; together %.1f times as many\n", r.ReferencePerSecond, r.TimesReference)
	fmt.Fprintf(&b, "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms; %d refused\n", r.P50Ms, r.P95Ms, r.P99Ms, r.MaxMs, r.Refused)
	fmt.Fprintf(&b, "batches of %.0f, at most %d; processors: bank and load %.2f, database %.2f; %.0f transfers for a second of a processor\n", r.BatchMean, r.BatchLargest, r.OwnCPU,
		r.DatabaseCPU, r.PerCPUSecond)
	if r.Verified {
		fmt.Fprintf(&b, "books and audit log hold: %d journals, one for each payment that was acknowledged", r.Journals)
	} else {
		b.WriteString("NOT VERIFIED")
	}
	return b.String()
}

// sizes counts batches.
type sizes struct{ count, largest atomic.Int64 }

func (s *sizes) add(acts int) {
	s.count.Add(1)
	for {
		largest := s.largest.Load()
		if int64(acts) <= largest || s.largest.CompareAndSwap(largest, int64(acts)) {
			return
		}
	}
}

func (s *sizes) reset() {
	s.count.Store(0)
	s.largest.Store(0)
}

func (s *sizes) read() (count, largest int64) { return s.count.Load(), s.largest.Load() }

// loadAverage is what else the machine had to do.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

// Machine says what the figures were measured on.
func Machine() string {
	name := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if value, found := strings.CutPrefix(line, "model name"); found {
				name = strings.Trim(value, " \t:\n")
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s/%s, %s", name, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}
