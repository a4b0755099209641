package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrNoDeadLetter says that there is no such dead letter: perhaps somebody else has dealt with it.
var ErrNoDeadLetter = fault.New(fault.NotFound, "bus.no_dead_letter")

// ErrRetryFailed says that the consumer refused the event again; the dead letter stays.
var ErrRetryFailed = fault.New(fault.Conflict, "bus.retry_failed")

const pageMax = 200

// DeadLetter is an event that a consumer refused too often.
type DeadLetter struct {
	Consumer string
	Event    string
	Type     string
	Code     string // of the last failure; the log has its words
	Attempts int64
	FailedAt time.Time
}

// Page asks for dead letters after one, in the order of consumer and event.
type Page struct {
	AfterConsumer, AfterEvent string
	Limit                     int // at most 200, which is also what zero means
}

// DeadLetters lists what a person must look at.
func (b *Bus) DeadLetters(ctx context.Context, p Page) ([]DeadLetter, error) {
	if p.Limit <= 0 || p.Limit > pageMax {
		p.Limit = pageMax
	}
	var all []DeadLetter
	err := b.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = listDeadLetters(ctx, tx, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return all, nil
}

// Retry applies a dead letter now and removes it: ErrNoDeadLetter when it is gone, ErrRetryFailed when the consumer
// refuses it again.
func (b *Bus) Retry(ctx context.Context, consumer, event string) error {
	b.mu.Lock()
	c, known := b.consumers[consumer]
	b.mu.Unlock()
	if !known {
		return fmt.Errorf("%w: %q", ErrConsumer, consumer)
	}
	var e Event
	var attempts int64
	err := b.db.Write(ctx, func(tx *db.Tx) error {
		body, n, err := lockDeadLetter(ctx, tx, consumer, event)
		if errors.Is(err, db.ErrNotFound) {
			return ErrNoDeadLetter
		}
		if err != nil {
			return err
		}
		attempts = n + 1
		if e, err = parse([]byte(body)); err != nil {
			return err
		}
		if err := c.applyIn(ctx, tx, []Event{e}); err != nil {
			return ErrRetryFailed.Because(err)
		}
		_, err = deleteDeadLetter(ctx, tx, consumer, event)
		return err
	})
	if errors.Is(err, ErrRetryFailed) {
		return errors.Join(err, b.bury(ctx, consumer, e, attempts, errors.Unwrap(err)))
	}
	return err
}

// Discard gives a dead letter up. The caller records who decided so.
func (b *Bus) Discard(ctx context.Context, consumer, event string) error {
	return b.db.Write(ctx, func(tx *db.Tx) error {
		found, err := deleteDeadLetter(ctx, tx, consumer, event)
		if err == nil && !found {
			err = ErrNoDeadLetter
		}
		return err
	})
}

// bury keeps a refused event as a dead letter.
func (b *Bus) bury(ctx context.Context, consumer string, e Event, attempts int64, why error) error {
	body, err := e.body()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handleMax)
	defer cancel()
	return b.db.Write(ctx, func(tx *db.Tx) error {
		return saveDeadLetter(ctx, tx, DeadLetter{
			Consumer: consumer, Event: e.ID, Type: e.Type, Code: fault.CodeOf(why), Attempts: attempts, FailedAt: tx.Now(),
		}, body)
	})
}
