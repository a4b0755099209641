// Package bus tells other rooms what happened: published in the transaction of the act, delivered at least once,
// applied once.
//
// The words: an *event* is a fact in the past tense; the *outbox* is a table into which Publish writes in the act's own
// transaction; the *relay* carries the outbox to NATS JetStream; a *consumer* is a named, durable reader of some types;
// a *dead letter* is an event that a consumer refused so often that a person must look at it.
//
//	err := b.Subscribe(bus.Consumer{Name: "notify", Types: []string{"payment.transfer_settled"}, Handle: tell})
//	err = b.Start(ctx)
//	...
//	err = b.Publish(ctx, tx, []bus.Event{e}) // e comes from package values/event, which knows the facts
//
// This package lies below the bank's values and knows an event only as an envelope around JSON. Package values/event
// holds the facts with their types, makes envelopes of them and opens them again; rooms use that.
//
// What is promised. An event exists if and only if its act was committed. It reaches every consumer at least once;
// the consumer's effects and the mark that it has seen the event are one transaction, so they happen once. No order is
// promised: events of one subject carry a sequence, and a consumer that only wants the newest state sets DropOlder.
//
// The life of an event: outbox → claimed by one relay (FOR UPDATE SKIP LOCKED, with a lease) → acknowledged by JetStream
// → deleted from the outbox a little later, when JetStream has written it to disk. Until then the outbox is the truth:
// when NATS is away, restarts, or the machine loses power, the lease lapses and the event is published again under the
// same message id. After that the stream's files hold it until every consumer has acknowledged it. docs/domains/bus.md
// says what a lost stream costs.
//
// NATS runs inside the program, without a port, and keeps its files in a folder; or Options.URL names a cluster.
package bus

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "bus", Files: files} }

var (
	// ErrConsumer refuses a consumer without a proper name, types or handler, or with a name that is taken.
	ErrConsumer = errors.New("bus: not a consumer")
	// ErrStarted refuses to subscribe or start once the bus runs.
	ErrStarted = errors.New("bus: already started")
)

// Options say where NATS is and how patient the bus is. Zero values mean the defaults in brackets.
type Options struct {
	Dir         string       // folder of the NATS server inside this program; needed unless URL is set
	URL         string       // of a NATS cluster: nats://a:4222,nats://b:4222
	Credentials string       // file with the cluster's user credentials
	Replicas    int          // of the stream in a cluster (1; a cluster of three wants 3)
	Stream      string       // name of the stream (BANK)
	StreamBytes int64        // the stream takes no more than this; what does not fit waits in the outbox (512 MiB)
	Log         *slog.Logger // (nowhere)

	Poll     time.Duration // how often the outbox is looked at when nobody wakes the relay (1 s)
	Gather   time.Duration // pause between two small batches, so that the relay does not compete with payments (20 ms)
	Lease    time.Duration // of a relay on the rows that it claimed (60 s)
	Settle   time.Duration // how long a published row stays, until JetStream has it on disk (3 s)
	Remember time.Duration // how long a consumer remembers what it has seen (14 days)
}

func (o Options) withDefaults() Options {
	o.Replicas = max(o.Replicas, 1)
	if o.Stream == "" {
		o.Stream = "BANK"
	}
	if o.StreamBytes == 0 {
		o.StreamBytes = 512 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	for _, d := range []struct {
		set      *time.Duration
		standard time.Duration
	}{
		{&o.Poll, time.Second}, {&o.Gather, 20 * time.Millisecond}, {&o.Lease, time.Minute},
		{&o.Settle, 3 * time.Second}, {&o.Remember, 14 * 24 * time.Hour},
	} {
		if *d.set == 0 {
			*d.set = d.standard
		}
	}
	return o
}

// Bus publishes and delivers events. It is safe for concurrent use.
type Bus struct {
	db      *db.DB
	clock   clock.Clock
	options Options
	log     *slog.Logger
	wake    chan struct{} // holds one token when the outbox may have something
	moving  atomic.Bool   // the relay is between claiming rows and their acknowledgement

	mu        sync.Mutex
	consumers map[string]*Consumer
	started   bool
	link      *link
	stop      context.CancelFunc
	running   sync.WaitGroup
}

// New makes a bus. The clock is the machine's: it times leases, also while a demo lives in another year.
func New(d *db.DB, c clock.Clock, o Options) *Bus {
	o = o.withDefaults()
	return &Bus{
		db: d, clock: c, options: o, log: o.Log,
		wake: make(chan struct{}, 1), consumers: make(map[string]*Consumer),
	}
}

// Publish adds events to the act's transaction: one queued INSERT, whatever their number. The relay is woken by the
// commit. ErrEvent for an event that lacks its type, subject or id.
func (b *Bus) Publish(_ context.Context, tx *db.Tx, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := db.NewRows(len(events))
	for _, e := range events {
		body, err := e.body()
		if err != nil {
			return err
		}
		rows.Add(e.ID, e.Type, body, e.At)
	}
	if err := queueOutbox(tx, rows); err != nil {
		return fmt.Errorf("publish %d events: %w", len(events), err)
	}
	tx.AfterCommit(b.nudge)
	return nil
}

func (b *Bus) nudge() {
	select {
	case b.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Subscribe adds a durable consumer. All of them are added before Start.
func (b *Bus) Subscribe(c Consumer) error {
	if err := c.check(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.started {
		return ErrStarted
	}
	if _, taken := b.consumers[c.Name]; taken {
		return fmt.Errorf("%w: the name %q is taken", ErrConsumer, c.Name)
	}
	c = c.withDefaults()
	b.consumers[c.Name] = &c
	return nil
}

// Start begins to relay and to deliver, until Close. It fails when the server in this program cannot start; a cluster
// that is away is waited for in the background, and events wait in the outbox.
func (b *Bus) Start(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.started {
		return ErrStarted
	}
	l, err := connect(b.options, b.consumers)
	if err != nil {
		return fmt.Errorf("start bus: %w", err)
	}
	if err := l.ensure(ctx); err != nil {
		if b.options.URL == "" {
			l.close()
			return fmt.Errorf("start bus: %w", err)
		}
		b.log.Warn("event cluster is away", "err", err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	b.link, b.stop, b.started = l, stop, true
	b.running.Go(func() { newRelay(b).run(running) })
	b.running.Go(func() { b.keepHouse(running) })
	for _, c := range b.consumers {
		b.running.Go(func() { (&reader{bus: b, consumer: c}).run(running) })
	}
	b.nudge()
	return nil
}

// Close stops: batches under way are finished, the rest waits in the outbox and in the stream for the next start.
func (b *Bus) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.link == nil {
		return
	}
	b.stop()
	b.running.Wait()
	b.link.close()
	b.link = nil
}

// pause waits, and reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
