package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/records/ledger"
)

// GrowthReport is how a load fared on top of longer and longer histories.
type GrowthReport struct {
	Database string  `json:"database"`
	Settings string  `json:"settings"`
	Load     string  `json:"load"`
	Stages   []Stage `json:"stages"`
	Verified bool    `json:"verified"`
}

// Stage is the load on top of a history.
type Stage struct {
	Entries            int64   `json:"entries"` // of the ledger before the load
	TransfersPerSecond float64 `json:"transfersPerSecond"`
	PerCPUSecond       float64 `json:"perCPUSecond"`
	P99Ms              float64 `json:"p99Ms"`
	OfFirst            float64 `json:"ofFirst"` // work for a second of a processor, as part of the first stage's
}

// String is the report for a person.
func (r GrowthReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s); load of the machine before: %s\n", r.Database, r.Settings, r.Load)
	for _, s := range r.Stages {
		fmt.Fprintf(&b, "after %d entries: %.0f transfers/s, p99 %.1f ms; %.0f for a second of a processor (%.2f of the first)\n",
			s.Entries, s.TransfersPerSecond, s.P99Ms, s.PerCPUSecond, s.OfFirst)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Growth measures the same load after each of some numbers of entries, in rising order.
func Growth(ctx context.Context, l Load, entries []int64) (GrowthReport, error) {
	if err := l.check(); err != nil {
		return GrowthReport{}, err
	}
	w, err := found(ctx, l)
	if err != nil {
		return GrowthReport{}, fmt.Errorf("make the bench's bank: %w", err)
	}
	defer w.remove()
	var seen Report
	if err := w.describe(ctx, &seen); err != nil {
		return GrowthReport{}, err
	}
	r := GrowthReport{Database: seen.Database, Settings: seen.Settings, Load: loadAverage()}
	var written int64
	for _, n := range entries {
		if err := w.grow(ctx, n-written); err != nil {
			return r, fmt.Errorf("write a history: %w", err)
		}
		written = max(written, n)
		if err := w.stage(ctx, &r, n); err != nil {
			return r, err
		}
	}
	err = w.verify(ctx, &seen)
	r.Verified = seen.Verified
	return r, err
}

// grow writes entries between everybody: each account has its neighbour.
func (w *world) grow(ctx context.Context, entries int64) error {
	pairs := make([]ledger.Pair, 0, len(w.people)/2)
	for i := 0; i+1 < len(w.people); i += 2 {
		pairs = append(pairs, ledger.Pair{A: string(w.people[i].account), B: string(w.people[i+1].account)})
	}
	return w.fill(ctx, pairs, entries)
}

func (w *world) stage(ctx context.Context, r *GrowthReport, entries int64) error {
	if err := w.open(ctx, options{size: w.load.Batch, workers: w.load.Workers}); err != nil {
		return err
	}
	defer w.close()
	w.load.Progress(fmt.Sprintf("paying after %d entries …", entries))
	run, err := w.measure(ctx, window{callers: w.load.Concurrency, time: w.load.Time, via: w.load.Via})
	if err != nil {
		return err
	}
	speed := newReadSpeed(run)
	s := Stage{Entries: entries, TransfersPerSecond: speed.PerSecond, PerCPUSecond: speed.PerCPUSecond, P99Ms: speed.P99Ms, OfFirst: 1}
	if len(r.Stages) > 0 && r.Stages[0].PerCPUSecond > 0 {
		s.OfFirst = s.PerCPUSecond / r.Stages[0].PerCPUSecond
	}
	r.Stages = append(r.Stages, s)
	return nil
}
