package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// measures are what the bank counts about its own work. Their labels are words of the program (a kind of job, a code of
// a refusal), never an id, and never anything about a person.
type measures struct {
	transactions *prometheus.HistogramVec
	attempts     prometheus.Counter
	batches      prometheus.Histogram
	signIns      *prometheus.CounterVec
	panics       *prometheus.CounterVec
}

func newMeasures() *measures {
	const shortest, factor, spans = 0.0005, 4, 8 // half a millisecond to eight seconds
	return &measures{
		transactions: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tongbao_db_transaction_seconds", Help: "Transactions by kind and outcome, all attempts together.",
			Buckets: prometheus.ExponentialBuckets(shortest, factor, spans),
		}, []string{"kind", "outcome"}),
		attempts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tongbao_db_transaction_repeats_total", Help: "Transactions that ran again, because locks or the connection were lost.",
		}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tongbao_payment_batch_acts", Help: "Payments of one commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 9),
		}),
		signIns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tongbao_sign_ins_total", Help: "Sign-ins by method and outcome: done, or the code of the refusal.",
		}, []string{"method", "outcome"}),
		panics: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tongbao_panics_total", Help: "Requests whose handler panicked: each is a fault of the program, and in the log.",
		}, []string{"listener"}),
	}
}

// transaction counts a transaction of the database.
func (m *measures) transaction(t db.Transaction) {
	kind := "read"
	if t.Write {
		kind = "write"
	}
	m.transactions.WithLabelValues(kind, outcomeOf(t.Err)).Observe(t.Took.Seconds())
	m.attempts.Add(float64(max(0, t.Attempts-1)))
}

// outcomeOf sorts what a transaction ended with.
func outcomeOf(err error) string {
	switch {
	case err == nil:
		return "committed"
	case errors.Is(err, db.ErrOutcomeUnknown):
		return "unknown"
	case errors.Is(err, context.Canceled):
		return "gone"
	case fault.KindOf(err) == fault.Busy:
		return "busy"
	case fault.KindOf(err) == fault.Internal:
		return "failed"
	}
	return "refused"
}

// signIn counts a sign-in; the code is empty when it was done.
func (m *measures) signIn(method auth.Method, code string) {
	if code == "" {
		code = "done"
	}
	m.signIns.WithLabelValues(string(method), code).Inc()
}

// observed adds the bank's own counting to what the options ask for.
func (m *measures) observed(o batch.Options) batch.Options {
	others := o.Observe
	o.Observe = func(acts int) {
		m.batches.Observe(float64(acts))
		if others != nil {
			others(acts)
		}
	}
	return o
}

// register shows everything to Prometheus.
func (b *Bank) register(to prometheus.Registerer) error {
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "tongbao_payment_batch_waiting", Help: "Payments of this node that wait for the next commit.",
	}, func() float64 { return float64(b.Payments.Waiting()) })
	var failed []error
	for _, c := range []prometheus.Collector{
		b.measures.transactions, b.measures.attempts, b.measures.batches, b.measures.signIns, b.measures.panics, waiting, &backlog{bank: b},
	} {
		failed = append(failed, to.Register(c))
	}
	return errors.Join(failed...)
}

const (
	backlogFresh = 5 * time.Second // whoever asks more often gets the last answer: counting costs queries
	backlogWait  = 3 * time.Second // for the database and the event stream
)

// backlog measures what waits in the bank, when Prometheus asks. All nodes see the same; take the maximum of them.
type backlog struct {
	bank *Bank

	mu   sync.Mutex
	at   time.Time
	last []prometheus.Metric
}

// Describe implements prometheus.Collector: which gauges there are depends on consumers and kinds of jobs.
func (l *backlog) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (l *backlog) Collect(to chan<- prometheus.Metric) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := clock.System().Now(); l.last == nil || now.Sub(l.at) >= backlogFresh {
		ctx, cancel := context.WithTimeout(context.Background(), backlogWait)
		defer cancel()
		l.at, l.last = now, l.measure(ctx, now)
	}
	for _, m := range l.last {
		to <- m
	}
}

// measure leaves out what cannot be measured now: a gauge that is missing alarms, one that stands still does not.
func (l *backlog) measure(ctx context.Context, now time.Time) []prometheus.Metric {
	g := gauges{}
	events, err := l.bank.Bus.Lag(ctx)
	if err != nil {
		l.bank.Log.Warn("lag of events is not measured", slog.Any("err", err))
	} else {
		g.add("tongbao_events_outbox", "Events that the stream does not have yet.", float64(events.Outbox))
		g.add("tongbao_events_outbox_age_seconds", "Age of the oldest of them.", age(now, events.Oldest))
		g.add("tongbao_events_dead_letters", "Events that a person must look at.", float64(events.DeadLetters))
		for consumer, n := range events.Pending {
			g.add("tongbao_events_pending", "Events that a consumer has not applied yet.", float64(n), "consumer", consumer)
		}
	}
	counts, err := l.bank.Jobs.Counts(ctx)
	if err != nil {
		l.bank.Log.Warn("jobs are not measured", slog.Any("err", err))
	}
	for _, c := range counts {
		g.add("tongbao_jobs", "Jobs that are not done.", float64(c.Jobs), "kind", c.Kind, "state", c.State)
		g.add("tongbao_jobs_late_seconds", "How long the earliest of them has been due.", age(now, c.Oldest), "kind", c.Kind, "state", c.State)
	}
	sealing, err := l.bank.Audit.Lag(ctx)
	if err != nil {
		l.bank.Log.Warn("lag of the audit log is not measured", slog.Any("err", err))
	} else {
		g.add("tongbao_audit_waiting", "Audit records without a place in the log.", float64(sealing.Waiting))
		g.add("tongbao_audit_waiting_age_seconds", "Age of the oldest of them.", max(0, sealing.Oldest.Seconds()))
	}
	return g.all
}

// age is how long ago an instant was; nothing when there is none, or when it is still to come.
func age(now, then time.Time) float64 {
	if then.IsZero() {
		return 0
	}
	return max(0, now.Sub(then).Seconds())
}

type gauges struct{ all []prometheus.Metric }

// add takes names and values of labels in turn.
func (g *gauges) add(name, help string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, strings.ToValidUTF8(labels[i+1], ""))
	}
	g.all = append(g.all, prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, names, nil), prometheus.GaugeValue, value, values...))
}
