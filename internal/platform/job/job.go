// Package job does work after the act that asked for it: sending, retrying, what is due later, what is due every night.
//
// A *job* is a row that is inserted in the act's own transaction: if the act is undone, the job never was. Its *kind* says
// which handler does it. Its life: waiting → running → done, or back to waiting after a failure, or dead when it failed
// too often; a person looks at the dead, and may have them run again. A *schedule* enqueues a job of a kind whenever
// its cron expression says so, once in the whole cluster.
//
//	runner := job.New(d, clk, job.Config{Zone: zone})
//	runner.Register("notify.send", job.Options{Attempts: 8, Timeout: 30 * time.Second}, send)
//	runner.Every("deposit.interest", "5 0 * * *", "deposit.accrue")
//	err := runner.Start(ctx)
//	...
//	err = runner.Enqueue(ctx, tx, job.Request{Kind: "notify.send", Payload: delivery{ID: n.ID}})
//
// What is promised. A job runs at least once: a node may die after the work and before it says so. A handler that changes
// the database therefore does so in a transaction that begins with Job.CheckFence, which refuses it when the job was
// meanwhile given to another node; and what it sends outside carries an idempotency key, the job's id.
//
// A node runs a job under a *lease* that it renews while it lives. When the node is gone the lease lapses and another
// node takes the job, with a higher *fencing number*. Lease is the same for roles: what one node at a time may do, such as
// sealing the audit log.
//
// Payloads hold ids and codes, never personal data: handlers read what they need.
package job

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "job", Files: files} }

var (
	// ErrKind refuses an unknown kind, a name that is no kind, or a second handler for one.
	ErrKind = errors.New("job: not a kind")
	// ErrSpec refuses a schedule whose cron expression cannot be read, or whose name is taken.
	ErrSpec = errors.New("job: not a schedule")
	// ErrPayload refuses a payload that cannot be written as JSON or is too large.
	ErrPayload = errors.New("job: not a payload")
	// ErrStarted refuses to register or start once the runner runs.
	ErrStarted = errors.New("job: already started")
)

const (
	payloadMax = 64 << 10
	prefix     = "jobx_" // of ids, as in package id
)

var properName = regexp.MustCompile(`^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$`)

// Config tunes a runner. Zero values mean the defaults in brackets.
type Config struct {
	Zone    *time.Location // of cron expressions (UTC; the bank hands in its own)
	Workers int            // jobs that run at the same time on this node (8)
	Node    string         // name of this node in leases (made at random)
	Poll    time.Duration  // how often due jobs are looked for when nobody wakes the runner (1 s)
	Lease   time.Duration  // how soon the jobs of a dead node are taken over (30 s)
	Grace   time.Duration  // how long Close lets running jobs finish (20 s)
	Keep    time.Duration  // how long done jobs stay visible (7 days)
	Log     *slog.Logger   // (nowhere)
}

func (c Config) withDefaults() Config {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Workers == 0 {
		c.Workers = 8
	}
	if c.Node == "" {
		c.Node = "node_" + crypto.Token(64)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	for _, d := range []struct {
		set      *time.Duration
		standard time.Duration
	}{
		{&c.Poll, time.Second}, {&c.Lease, 30 * time.Second}, {&c.Grace, 20 * time.Second}, {&c.Keep, 7 * 24 * time.Hour},
	} {
		if *d.set == 0 {
			*d.set = d.standard
		}
	}
	return c
}

// Options say how patient the bank is with jobs of a kind. Zero values mean the defaults in brackets.
type Options struct {
	Attempts int           // before a job is dead (10)
	Timeout  time.Duration // of one attempt: its context ends then (1 min)
	Backoff  time.Duration // before the second attempt, doubled up to 1 h, with a little chance added (2 s)
}

// Handler does a job. An error or a panic is a failed attempt. It runs without a transaction and opens its own.
type Handler func(ctx context.Context, j Job) error

// Request asks for a job.
type Request struct {
	Kind    string
	Payload any       // written as JSON: ids and codes
	RunAt   time.Time // not before; now when zero
	Unique  string    // when a job of the kind with this key waits or runs already, the request changes nothing
	Trace   string
}

// Runner keeps jobs, and runs them once started. It is safe for concurrent use.
type Runner struct {
	db     *db.DB
	clock  clock.Clock // what is due
	leases *Leases
	config Config
	log    *slog.Logger
	wake   chan struct{} // holds one token when something may be due

	mu        sync.Mutex
	kinds     map[string]kind
	schedules []schedule
	active    map[string]*attempt // running on this node, by job id
	started   bool
	stop      context.CancelFunc // no more is claimed
	abort     context.CancelFunc // attempts under way end
	leave     context.CancelFunc // leases are no longer renewed
	claims    sync.WaitGroup     // what stop ends
	attempts  sync.WaitGroup     // under way
	renewals  sync.WaitGroup     // what leave ends
}

type kind struct {
	options Options
	handle  Handler
}

// New makes a runner. The clock decides what is due; leases are timed by the machine's own.
func New(d *db.DB, c clock.Clock, config Config) *Runner {
	config = config.withDefaults()
	return &Runner{
		db: d, clock: c, leases: NewLeases(d, config.Node), config: config, log: config.Log, wake: make(chan struct{}, 1),
		kinds: make(map[string]kind), active: make(map[string]*attempt),
	}
}

// Register says what does jobs of a kind, before Start. Every node that enqueues a kind registers it too.
func (r *Runner) Register(kindName string, o Options, h Handler) error {
	if o.Attempts == 0 {
		o.Attempts = 10
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.Backoff == 0 {
		o.Backoff = 2 * time.Second
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return ErrStarted
	}
	if _, taken := r.kinds[kindName]; taken || h == nil || !properName.MatchString(kindName) {
		return fmt.Errorf("%w: %q", ErrKind, kindName)
	}
	r.kinds[kindName] = kind{o, h}
	return nil
}

// Enqueue adds jobs to the act's transaction, with one queued statement. The commit wakes this node's runner.
func (r *Runner) Enqueue(_ context.Context, tx *db.Tx, requests ...Request) error {
	rows := db.NewRows(len(requests))
	for _, q := range requests {
		if err := r.add(rows, tx.Now(), q); err != nil {
			return err
		}
	}
	if rows.Len() == 0 {
		return nil
	}
	if err := queueJobs(tx, rows); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", rows.Len(), err)
	}
	tx.AfterCommit(r.nudge)
	return nil
}

func (r *Runner) add(rows *db.Rows, now time.Time, q Request) error {
	r.mu.Lock()
	_, known := r.kinds[q.Kind]
	r.mu.Unlock()
	if !known {
		return fmt.Errorf("%w: %q", ErrKind, q.Kind)
	}
	payload, err := json.Marshal(q.Payload)
	if err != nil || len(payload) > payloadMax {
		return fmt.Errorf("%w: %s, %d bytes", errors.Join(ErrPayload, err), q.Kind, len(payload))
	}
	if q.RunAt.IsZero() {
		q.RunAt = now
	}
	rows.Add(prefix+crypto.SortableKey(now), q.Kind, string(payload), optional(q.Unique), optional(q.Trace), q.RunAt, now)
	return nil
}

// optional keeps an empty text as NULL.
func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (r *Runner) nudge() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already
	}
}
