package bus

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tongbao/tongbao/internal/platform/db"
)

const (
	relayBatch   = 512
	troubleFirst = 100 * time.Millisecond // wait after a failure, doubled at each further one
	troubleMax   = 10 * time.Second
)

// relay carries rows of the outbox to JetStream. It belongs to one goroutine.
type relay struct {
	bus      *Bus
	acked    []ackedRows // published and not yet deleted, oldest first
	returned []string    // claimed and not taken by JetStream
	born     time.Time   // when the stream was made, as far as this relay knows
	trouble  time.Duration
}

type ackedRows struct {
	ids []string
	due time.Time // when they may be deleted
}

func newRelay(b *Bus) *relay { return &relay{bus: b} }

func (r *relay) run(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := r.round(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			r.bus.log.Warn("events wait in the outbox", "err", err)
			r.release()
			r.recover(ctx)
		case n == relayBatch: // there may be more
		default:
			r.trouble = 0
			r.sleep(ctx)
		}
	}
	r.release()
}

// sleep waits until a commit wakes the relay, a published row may be deleted, or it is time to look anyway.
func (r *relay) sleep(ctx context.Context) {
	if !pause(ctx, r.bus.options.Gather) {
		return
	}
	wait := r.bus.options.Poll
	if len(r.acked) > 0 {
		wait = min(wait, max(0, r.acked[0].due.Sub(r.bus.clock.Now())))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-r.bus.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// recover waits after a failure, longer each time, and makes the stream and its consumers again if they are gone.
func (r *relay) recover(ctx context.Context) {
	r.trouble = min(max(2*r.trouble, troubleFirst), troubleMax)
	if !pause(ctx, r.trouble) {
		return
	}
	if err := r.bus.link.ensure(ctx); err != nil && ctx.Err() == nil {
		r.bus.log.Warn("event stream is away", "err", err)
	}
}

// round deletes what JetStream has on disk, claims the next rows in the same transaction, and publishes them after the
// commit: no network call happens inside a transaction.
func (r *relay) round(ctx context.Context) (int, error) {
	r.bus.moving.Store(true)
	defer r.bus.moving.Store(false)
	now := r.bus.clock.Now()
	if err := r.recognise(ctx, now); err != nil {
		return 0, err
	}
	due := 0
	for due < len(r.acked) && !r.acked[due].due.After(now) {
		due++
	}
	var claimed []message
	err := r.bus.db.Write(ctx, func(tx *db.Tx) (err error) {
		if err := deleteOutbox(ctx, tx, rowsOf(r.acked[:due])); err != nil {
			return err
		}
		if err := releaseOutbox(ctx, tx, rowsOf([]ackedRows{{ids: r.returned}})); err != nil {
			return err
		}
		claimed, err = claimOutbox(ctx, tx, relayBatch, now.Add(r.bus.options.Lease))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("claim outbox: %w", err)
	}
	r.acked, r.returned = r.acked[due:], nil
	if len(claimed) == 0 {
		return 0, nil
	}
	sort.Slice(claimed, func(i, j int) bool { return claimed[i].id < claimed[j].id })
	return len(claimed), r.publish(ctx, claimed)
}

// recognise looks, before rows are deleted, whether the stream is still the one that took them. One that was lost and made
// anew never had them; and what reached it before its consumers were made, it acknowledged and dropped. All of that goes
// back to the outbox.
func (r *relay) recognise(ctx context.Context, now time.Time) error {
	if !r.born.IsZero() && (len(r.acked) == 0 || r.acked[0].due.After(now)) {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, publishWait)
	defer cancel()
	stream, err := r.bus.link.js.Stream(asking, r.bus.options.Stream)
	if err != nil {
		return fmt.Errorf("look at the stream: %w", err)
	}
	born := stream.CachedInfo().Created
	if !r.born.IsZero() && !born.Equal(r.born) {
		for _, rows := range r.acked {
			r.returned = append(r.returned, rows.ids...)
		}
		r.bus.log.Warn("the event stream is another one: what it may not have is published again", "events", len(r.returned))
		r.acked = nil
	}
	r.born = born
	return nil
}

// messageID is known to one stream for a while: what is published twice to it arrives once, and what another stream had
// taken is taken again.
func (r *relay) messageID(event string) string {
	return event + "." + strconv.FormatInt(r.born.UnixMicro(), 36)
}

// publish sends a batch and waits for the acknowledgements. What was not acknowledged goes back to the outbox.
func (r *relay) publish(ctx context.Context, claimed []message) error {
	futures := make([]jetstream.PubAckFuture, len(claimed))
	var failed error
	for i, m := range claimed {
		f, err := r.bus.link.js.PublishAsync(subjectPrefix+m.kind, []byte(m.body), jetstream.WithMsgID(r.messageID(m.id)))
		if err != nil {
			failed = err
			break
		}
		futures[i] = f
	}
	var taken []string
	for i, f := range futures {
		if f == nil {
			r.returned = append(r.returned, claimed[i].id)
			continue
		}
		select {
		case <-f.Ok():
			taken = append(taken, claimed[i].id)
		case err := <-f.Err():
			failed = err
			r.returned = append(r.returned, claimed[i].id)
		case <-ctx.Done(): // it may arrive yet: published again, it has the same message id
			failed = ctx.Err()
			r.returned = append(r.returned, claimed[i].id)
		}
	}
	if len(taken) > 0 {
		r.acked = append(r.acked, ackedRows{ids: taken, due: r.bus.clock.Now().Add(r.bus.options.Settle)})
	}
	if failed != nil {
		return fmt.Errorf("publish events: %w", failed)
	}
	return nil
}

// release gives back at once what could not be published: Lag counts it, and another node need not wait for the lease
// to lapse.
func (r *relay) release() {
	if len(r.returned) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), publishWait)
	defer cancel()
	err := r.bus.db.Write(ctx, func(tx *db.Tx) error {
		return releaseOutbox(ctx, tx, rowsOf([]ackedRows{{ids: r.returned}}))
	})
	if err != nil { // the next round tries again, or the lease lapses
		r.bus.log.Warn("claimed events are not given back", "err", err)
		return
	}
	r.returned = nil
}

func rowsOf(groups []ackedRows) *db.Rows {
	rows := db.NewRows(0)
	for _, g := range groups {
		for _, id := range g.ids {
			rows.Add(id)
		}
	}
	return rows
}
