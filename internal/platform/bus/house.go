package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

const (
	purgeEvery = time.Hour
	purgeBatch = 1000 // rows of one transaction
	waitStep   = 20 * time.Millisecond
)

// keepHouse gives back lapsed claims and forgets what was consumed long ago.
func (b *Bus) keepHouse(ctx context.Context) {
	every := b.options.Lease / 2
	purge := b.clock.Now().Add(purgeEvery)
	for {
		if n, err := b.recoverClaims(ctx); err != nil {
			b.log.Warn("lapsed claims stay", "err", err)
		} else if n > 0 {
			b.log.Info("claims had lapsed, events are published again", "events", n)
			b.nudge()
		}
		if now := b.clock.Now(); !now.Before(purge) {
			purge = now.Add(purgeEvery)
			if _, err := b.Purge(ctx); err != nil {
				b.log.Warn("consumed events cannot be purged", "err", err)
			}
		}
		if !pause(ctx, every) {
			return
		}
	}
}

func (b *Bus) recoverClaims(ctx context.Context) (n int64, err error) {
	err = b.db.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = recoverOutbox(ctx, tx, b.clock.Now())
		return err
	})
	return n, err
}

// Purge forgets what consumers applied longer ago than Options.Remember, in short transactions, and says how much. It
// runs every hour by itself.
func (b *Bus) Purge(ctx context.Context) (int, error) {
	total := 0
	for name := range b.consumers {
		for {
			var n int
			err := b.db.Write(ctx, func(tx *db.Tx) (err error) {
				n, err = forget(ctx, tx, name, tx.Now().Add(-b.options.Remember))
				return err
			})
			if err != nil {
				return total, fmt.Errorf("purge what %s consumed: %w", name, err)
			}
			total += n
			if n < purgeBatch {
				break
			}
		}
	}
	return total, nil
}

// forget deletes the oldest marks of a consumer that are older than an instant. Ids sort by time, so the first younger
// one ends it, and no index by time is needed on a table that every event writes to.
func forget(ctx context.Context, tx *db.Tx, consumer string, before time.Time) (int, error) {
	oldest, err := oldestConsumed(ctx, tx, consumer, purgeBatch)
	if err != nil {
		return 0, err
	}
	n := 0
	for n < len(oldest) && oldest[n].at.Before(before) {
		n++
	}
	if n == 0 {
		return 0, nil
	}
	return n, deleteConsumed(ctx, tx, consumer, oldest[n-1].event)
}

// Lag says how far behind delivery is, for metrics and for the console.
type Lag struct {
	Outbox      int64             // events that JetStream does not have yet
	Oldest      time.Time         // when the oldest of them was published; zero when there is none
	DeadLetters int64             // events that a person must look at
	Pending     map[string]uint64 // by consumer: delivered to nobody yet, or not yet acknowledged

	moving bool // this node's relay was between the outbox and the stream
}

// Lag measures. When the stream is away, Pending is empty and the error says so; the rest is true all the same.
func (b *Bus) Lag(ctx context.Context) (Lag, error) {
	var l Lag
	err := b.db.Read(ctx, func(tx *db.Tx) (err error) {
		if l.Outbox, l.Oldest, err = waiting(ctx, tx); err != nil {
			return err
		}
		l.DeadLetters, err = countDeadLetters(ctx, tx)
		return err
	})
	if err != nil {
		return Lag{}, fmt.Errorf("measure the outbox: %w", err)
	}
	l.moving = b.moving.Load() // read between the outbox and the stream: an event is seen at least once
	b.mu.Lock()
	to := b.link
	b.mu.Unlock()
	if to == nil {
		return l, nil
	}
	pending := make(map[string]uint64, len(b.consumers))
	for name := range b.consumers {
		c, err := to.js.Consumer(ctx, b.options.Stream, name) // asks the server: its answer is fresh
		if err != nil {
			return l, fmt.Errorf("measure consumer %s: %w", name, err)
		}
		i := c.CachedInfo()
		pending[name] = i.NumPending + uint64(max(i.NumAckPending, 0))
	}
	l.Pending = pending
	return l, nil
}

// Drain waits until everything published so far through this node has been applied or is a dead letter: for tools that
// end when their work is done, and for tests.
func (b *Bus) Drain(ctx context.Context) error {
	for {
		l, err := b.Lag(ctx)
		if err != nil {
			return err
		}
		busy := l.Outbox > 0 || l.moving
		for _, n := range l.Pending {
			busy = busy || n > 0
		}
		if !busy {
			return nil
		}
		if !pause(ctx, waitStep) {
			return ctx.Err()
		}
	}
}
