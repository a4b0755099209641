package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ReadsReport is what a bench of reading found.
type ReadsReport struct {
	Database string    `json:"database"`
	Settings string    `json:"settings"`
	Load     string    `json:"load"`
	Callers  int       `json:"concurrency"`
	Entries  int64     `json:"entries"` // of the account whose history is read
	Home     ReadSpeed `json:"home"`
	History  ReadSpeed `json:"history"`
	Verified bool      `json:"verified"`
}

// ReadSpeed is how fast one screen was answered over HTTP.
type ReadSpeed struct {
	PerSecond    float64 `json:"perSecond"`
	P50Ms        float64 `json:"p50Ms"`
	P99Ms        float64 `json:"p99Ms"`
	PerCPUSecond float64 `json:"perCPUSecond"`
}

func newReadSpeed(r result) ReadSpeed {
	s := ReadSpeed{PerSecond: r.rate(), P50Ms: r.millis(50), P99Ms: r.millis(99)}
	if used := r.own + r.server; used > 0 {
		s.PerCPUSecond = float64(r.accepted) / used.Seconds()
	}
	return s
}

// String is the report for a person.
func (r ReadsReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s); load of the machine before: %s\n", r.Database, r.Settings, r.Load)
	for _, s := range []struct {
		name string
		ReadSpeed
	}{{"home screen", r.Home}, {fmt.Sprintf("history page of an account with %d entries", r.Entries), r.History}} {
		fmt.Fprintf(&b, "%s: %.0f/s at %d connections, p50 %.1f ms, p99 %.1f ms; %.0f for a second of a processor\n",
			s.name, s.PerSecond, r.Callers, s.P50Ms, s.P99Ms, s.PerCPUSecond)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Reads measures the home screen of everybody and a page of the history of one account with many entries, over HTTP.
func Reads(ctx context.Context, l Load, entries int64) (ReadsReport, error) {
	l.Shape, l.Via = Random, ViaHTTP
	if err := l.check(); err != nil {
		return ReadsReport{}, err
	}
	w, err := found(ctx, l)
	if err != nil {
		return ReadsReport{}, fmt.Errorf("make the bench's bank: %w", err)
	}
	defer w.remove()
	var seen Report
	if err := w.describe(ctx, &seen); err != nil {
		return ReadsReport{}, err
	}
	r := ReadsReport{Database: seen.Database, Settings: seen.Settings, Load: loadAverage(), Callers: l.Concurrency, Entries: entries}
	if err := w.write(ctx, w.people[0].account, w.people[1].account, entries); err != nil {
		return r, fmt.Errorf("write a history: %w", err)
	}
	if err := w.read(ctx, &r); err != nil {
		return r, err
	}
	err = w.verify(ctx, &seen)
	r.Verified = seen.Verified
	return r, err
}

func (w *world) read(ctx context.Context, r *ReadsReport) error {
	if err := w.open(ctx, options{}); err != nil {
		return err
	}
	defer w.close()
	for _, screen := range []struct {
		name string
		to   *ReadSpeed
		look func(c *connection, i int) error
	}{
		{"home screens", &r.Home, func(c *connection, i int) error { return c.look("/home", w.people[i%len(w.people)]) }},
		{"histories", &r.History, func(c *connection, _ int) error {
			return c.look("/transactions?limit=50&accountId="+string(w.people[0].account), w.people[0])
		}},
	} {
		w.load.Progress("reading " + screen.name + " …")
		m := window{callers: w.load.Concurrency, time: w.load.Time, via: ViaHTTP, look: screen.look}
		warm := m
		warm.time /= warmPart
		if _, err := w.run(ctx, warm, nil); err != nil {
			return err
		}
		run, err := w.run(ctx, m, nil)
		if err != nil {
			return err
		}
		*screen.to = newReadSpeed(run)
	}
	return nil
}

// warmPart is what part of a window is read before it.
const warmPart = 4

func (c *connection) look(path string, p *person) error {
	_, err := c.get(path, p.token)
	return err
}

const (
	fillJournals = 50_000 // of one transaction while a history is written
	fillEntries  = 2      // of a journal
)

// write books a history of so many entries on each of two accounts.
func (w *world) write(ctx context.Context, a, b id.Account, entries int64) error {
	return w.fill(ctx, []ledger.Pair{{A: string(a), B: string(b)}}, entries*fillEntries)
}

// fill books a history of about so many entries between the accounts of pairs. It need not wait for the disk.
func (w *world) fill(ctx context.Context, pairs []ledger.Pair, entries int64) error {
	if entries <= 0 {
		return nil
	}
	if err := w.open(ctx, options{relaxed: true}); err != nil {
		return err
	}
	defer w.close()
	w.load.Progress(fmt.Sprintf("writing %d entries of history …", entries))
	n := int64(len(pairs))
	rounds := even(entries / fillEntries / n)
	for most := even(fillJournals / n); rounds > 0; rounds -= most {
		part := min(rounds, most)
		err := w.bank.DB.Write(ctx, func(tx *db.Tx) error { return w.bank.Ledger.Fill(ctx, tx, act.Job("bench"), pairs, part) })
		if err != nil {
			return err
		}
		w.journals += part * n
	}
	return nil
}

// even is the next even number, and at least two.
func even(n int64) int64 { return max(2, n+n%2) }
