package bus

import (
	"context"
	"fmt"
	"regexp"
	"runtime/debug"
	"sort"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

const (
	attemptsDefault = 10
	backoffDefault  = time.Second      // doubled at each further attempt
	backoffMax      = 10 * time.Minute // between two attempts
	groupMax        = 64               // events of one transaction
	fetchWait       = 5 * time.Second  // one question to the stream
	handleMax       = 30 * time.Second // for one transaction of a consumer; less than ackWait
)

var consumerName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// Consumer is a durable reader of some types of events. Its name is for ever: it says what has been delivered.
type Consumer struct {
	Name  string   // "notify"
	Types []string // "payment.transfer_settled", or "payment.>" for all of a domain
	// Handle applies an event inside tx. An error undoes tx, and the event comes again later. It may run more than
	// once for one event, with other events in the same transaction, so it has no effect outside tx: what must
	// leave the bank becomes a job.
	Handle func(ctx context.Context, tx *db.Tx, e Event) error

	DropOlder bool          // skip an event when one of its subject with a higher sequence was applied
	Attempts  int           // before an event is a dead letter; 10 when zero
	Backoff   time.Duration // before the second attempt, doubled up to 10 minutes; 1 s when zero
}

func (c Consumer) check() error {
	if !consumerName.MatchString(c.Name) || len(c.Types) == 0 || c.Handle == nil {
		return fmt.Errorf("%w: %q", ErrConsumer, c.Name)
	}
	for _, t := range c.Types {
		if !typeFilter.MatchString(t) {
			return fmt.Errorf("%w: %q wants %q", ErrConsumer, c.Name, t)
		}
	}
	return nil
}

func (c Consumer) withDefaults() Consumer {
	if c.Attempts == 0 {
		c.Attempts = attemptsDefault
	}
	if c.Backoff == 0 {
		c.Backoff = backoffDefault
	}
	return c
}

func (c Consumer) subjects() []string {
	all := make([]string, len(c.Types))
	for i, t := range c.Types {
		all[i] = subjectPrefix + t
	}
	return all
}

// wait is the time before attempt n+1, with up to a quarter more, so that consumers do not all come back together.
func (c Consumer) wait(n int) time.Duration {
	d := c.Backoff
	for ; n > 1 && d < backoffMax; n-- {
		d *= 2
	}
	d = min(d, backoffMax)
	return d + d/4*time.Duration(crypto.Random(1)[0])/256
}

// reader delivers to one consumer. It belongs to one goroutine.
type reader struct {
	bus      *Bus
	consumer *Consumer
	trouble  time.Duration
}

func (r *reader) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := r.fetch(ctx)
		if err == nil || ctx.Err() != nil {
			r.trouble = 0
			continue
		}
		r.bus.log.Warn("events cannot be fetched", "consumer", r.consumer.Name, "err", err)
		r.trouble = min(max(2*r.trouble, troubleFirst), troubleMax)
		if pause(ctx, r.trouble) {
			_ = r.bus.link.ensure(ctx) // the next fetch says if this did not help
		}
	}
}

// fetch asks the stream once and applies what comes, as it comes: a lone event alone, a crowd in groups.
func (r *reader) fetch(ctx context.Context) error {
	consumer, err := r.bus.link.js.Consumer(ctx, r.bus.options.Stream, r.consumer.Name)
	if err != nil {
		return fmt.Errorf("find consumer: %w", err)
	}
	for ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, fetchWait)
		batch, err := consumer.Fetch(groupMax, jetstream.FetchContext(asking))
		if err != nil {
			cancel()
			return fmt.Errorf("fetch: %w", err)
		}
		r.drain(ctx, batch.Messages())
		cancel()
		if err := batch.Error(); err != nil && asking.Err() == nil {
			return fmt.Errorf("fetch: %w", err)
		}
	}
	return nil
}

func (r *reader) drain(ctx context.Context, messages <-chan jetstream.Msg) {
	for first := range messages {
		group := []jetstream.Msg{first}
		for more := true; more && len(group) < groupMax; {
			select {
			case m, open := <-messages:
				if more = open; open {
					group = append(group, m)
				}
			default:
				more = false
			}
		}
		if ctx.Err() != nil {
			giveBack(group)
			continue
		}
		r.apply(ctx, group)
	}
}

// giveBack lets another node have what this one, which is stopping, had already fetched.
func giveBack(group []jetstream.Msg) {
	for _, m := range group {
		_ = m.Nak() // when it is lost the stream delivers again after ackWait
	}
}

// delivery is a message with the event that it carries.
type delivery struct {
	message jetstream.Msg
	event   Event
}

// apply applies a group in one transaction; when that fails, each event alone, so that one cannot hold up the others.
func (r *reader) apply(ctx context.Context, group []jetstream.Msg) {
	deliveries := make([]delivery, 0, len(group))
	for _, m := range group {
		e, err := parse(m.Data())
		if err != nil {
			r.bus.log.Error("an event cannot be read", "consumer", r.consumer.Name, "err", err)
			_ = m.Term() // nothing that this program could ever do with it
			continue
		}
		deliveries = append(deliveries, delivery{m, e})
	}
	sort.Slice(deliveries, func(i, j int) bool { return deliveries[i].event.ID < deliveries[j].event.ID })
	if len(deliveries) > 1 && r.commit(ctx, deliveries) == nil {
		return
	}
	for _, d := range deliveries {
		if err := r.commit(ctx, []delivery{d}); err != nil {
			r.refused(ctx, d, err)
		}
	}
}

// commit applies events and their marks in one transaction, and then acknowledges them. A lost acknowledgement means
// another delivery, which the marks turn into nothing.
func (r *reader) commit(ctx context.Context, group []delivery) error {
	events := make([]Event, len(group))
	for i, d := range group {
		events[i] = d.event
	}
	if err := r.bus.applyOnce(ctx, r.consumer, events); err != nil {
		return err
	}
	for _, d := range group {
		_ = d.message.Ack()
	}
	return nil
}

// Deliver hands events to a consumer as the stream does: in any order, and more than once. For simulations, which have no
// stream; ErrConsumer for a name that nobody has.
func (b *Bus) Deliver(ctx context.Context, consumer string, events []Event) error {
	b.mu.Lock()
	c, found := b.consumers[consumer]
	b.mu.Unlock()
	if !found {
		return fmt.Errorf("%w: nobody is called %q", ErrConsumer, consumer)
	}
	return b.applyOnce(ctx, c, events)
}

// applyOnce runs the handler for those events that the consumer has not applied yet. It outlives a Close that begins
// meanwhile: what has begun is finished.
func (b *Bus) applyOnce(ctx context.Context, c *Consumer, events []Event) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handleMax)
	defer cancel()
	return b.db.Write(ctx, func(tx *db.Tx) error { return c.applyIn(ctx, tx, events) })
}

func (c *Consumer) applyIn(ctx context.Context, tx *db.Tx, events []Event) error {
	rows := db.NewRows(len(events))
	for i, e := range events {
		if i == 0 || events[i-1].ID != e.ID { // one event may have been delivered twice
			rows.Add(c.Name, e.ID, tx.Now())
		}
	}
	fresh, err := insertConsumed(ctx, tx, rows)
	if err != nil {
		return fmt.Errorf("mark events: %w", err)
	}
	for _, e := range events {
		if !fresh[e.ID] {
			continue
		}
		delete(fresh, e.ID)
		if c.DropOlder && e.Sequence > 0 {
			newer, err := advance(ctx, tx, c.Name, e.Subject, e.Sequence)
			if err != nil {
				return fmt.Errorf("move position: %w", err)
			}
			if !newer {
				continue
			}
		}
		if err := c.call(ctx, tx, e); err != nil {
			return fmt.Errorf("apply %s %s: %w", e.Type, e.ID, err)
		}
	}
	return nil
}

// call turns a panic of the handler into an error: one event must not take the node down.
func (c *Consumer) call(ctx context.Context, tx *db.Tx, e Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Handle(ctx, tx, e)
}

// refused brings an event back later, or makes it a dead letter. A busy database is nobody's fault and costs no
// attempt.
func (r *reader) refused(ctx context.Context, d delivery, err error) {
	attempts := 1
	if m, e := d.message.Metadata(); e == nil {
		attempts = int(min(m.NumDelivered, uint64(1<<30)))
	}
	if attempts < r.consumer.Attempts || fault.KindOf(err) == fault.Busy {
		r.bus.log.Warn("event refused, comes again", "consumer", r.consumer.Name, "type", d.event.Type,
			"event", d.event.ID, "attempt", attempts, "err", err)
		_ = d.message.NakWithDelay(r.consumer.wait(attempts))
		return
	}
	if saved := r.bus.bury(ctx, r.consumer.Name, d.event, int64(attempts), err); saved != nil {
		r.bus.log.Error("dead letter cannot be kept", "consumer", r.consumer.Name, "event", d.event.ID, "err", saved)
		_ = d.message.NakWithDelay(r.consumer.wait(attempts))
		return
	}
	r.bus.log.Error("event is a dead letter", "consumer", r.consumer.Name, "type", d.event.Type,
		"event", d.event.ID, "attempts", attempts, "err", err)
	_ = d.message.Ack() // it lives in the table now
}
