// Package batch is group commit: acts that arrive while a commit is under way form the next batch, and the whole
// batch is booked in one transaction.
//
// Idle, an act is a batch of one and waits for nobody. Busy, hundreds share one commit. There is no timer. Each act
// gets its own outcome; an error of the whole batch is retried by the database layer, and if it stays, the batch is
// split so that one poisonous act cannot take its neighbours along.
package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrFull says that too many acts wait already; nothing of this one was done.
var ErrFull = fault.New(fault.Busy, "batch.full").Wait(time.Second)

// ErrClosed says that the node is stopping; nothing of the act was done.
var ErrClosed = fault.New(fault.Busy, "batch.closed").Wait(time.Second)

// Outcome is the result of one act of a batch: a value, or why that one act was refused.
type Outcome[R any] struct {
	Value R
	Err   error
}

// Act decides and books a whole batch in tx: one outcome per request, in order. An error fails them all. It may run
// more than once for one batch, so it has no effect outside tx.
type Act[Q, R any] func(ctx context.Context, tx *db.Tx, requests []Q) ([]Outcome[R], error)

// Options bound a batcher.
type Options struct {
	Size     int            // acts of one transaction at most; 256 when zero
	Queue    int            // acts that may wait; 4096 when zero
	Workers  int            // batches under way at the same time; when zero 2, or 1 where the database or missing keys allow no more
	Patience time.Duration  // of one batch with its database; 30 s when zero
	Observe  func(acts int) // told the size of each batch that was committed; may be nil
}

// Batcher gathers acts of one kind.
type Batcher[Q, R any] struct {
	db      *db.DB
	act     Act[Q, R]
	options Options
	queue   *queue[Q, R]
	workers sync.WaitGroup
}

type waiting[Q, R any] struct {
	ctx     context.Context //nolint:containedctx // travels with its request, as a function argument would
	request Q
	keys    []string
	passed  int // how often it was left behind
	done    chan Outcome[R]
}

// New starts a batcher; Close stops it. Keys names what an act will lock; nil when no two acts ever meet.
func New[Q, R any](d *db.DB, o Options, keys func(Q) []string, act Act[Q, R]) *Batcher[Q, R] {
	if o.Size == 0 {
		o.Size = 256
	}
	if o.Queue == 0 {
		o.Queue = 4096
	}
	if o.Workers == 0 && (keys == nil || !d.ManyWriters()) {
		o.Workers = 1
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	b := &Batcher[Q, R]{db: d, act: act, options: o, queue: newQueue[Q, R](o, keys)}
	for range o.Workers {
		b.workers.Go(b.work)
	}
	return b
}

// Close lets what is under way finish, refuses the rest with ErrClosed, and returns when all is quiet.
func (b *Batcher[Q, R]) Close() {
	b.queue.close()
	b.workers.Wait()
}

// Waiting is how many acts wait for the next batch.
func (b *Batcher[Q, R]) Waiting() int { return b.queue.len() }

// Do books one request and returns its outcome after the commit. When ctx ends first the act may still happen: the
// caller learns it by repeating its idempotency key.
func (b *Batcher[Q, R]) Do(ctx context.Context, request Q) (R, error) {
	var none R
	w := &waiting[Q, R]{ctx: ctx, request: request, done: make(chan Outcome[R], 1)}
	if err := b.queue.put(w); err != nil {
		return none, err
	}
	select {
	case o := <-w.done:
		return o.Value, o.Err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (b *Batcher[Q, R]) work() {
	for {
		group := b.queue.take()
		if len(group) == 0 {
			return
		}
		b.book(group)
		b.queue.free(group)
	}
}

func (b *Batcher[Q, R]) book(group []*waiting[Q, R]) {
	requests := make([]Q, len(group))
	for i, w := range group {
		requests[i] = w.request
	}
	outcomes, err := b.commit(group[0].ctx, requests)
	if db.IsUnique(err) { // somebody else was first with a row: it is committed now, and the act will see it
		outcomes, err = b.commit(group[0].ctx, requests)
	}
	switch {
	case err == nil:
		if b.options.Observe != nil {
			b.options.Observe(len(group))
		}
		for i, w := range group {
			w.done <- outcomes[i]
		}
	case len(group) > 1 && !errors.Is(err, db.ErrOutcomeUnknown) && fault.KindOf(err) == fault.Internal:
		half := len(group) / 2 // bounded: each split halves the group
		b.book(group[:half])
		b.book(group[half:])
	default:
		for _, w := range group {
			w.done <- Outcome[R]{Err: err}
		}
	}
}

func (b *Batcher[Q, R]) commit(ctx context.Context, requests []Q) ([]Outcome[R], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.options.Patience)
	defer cancel()
	var outcomes []Outcome[R]
	err := b.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		outcomes, err = b.call(ctx, tx, requests)
		if err == nil && len(outcomes) != len(requests) {
			err = errors.New("a batch must answer each of its requests")
		}
		return err
	})
	return outcomes, err
}

// call turns a panic into an error: it fails this batch, and when the batch is split only the act that causes it. Left
// alone it would take the whole node down, because no server stands above a worker.
func (b *Batcher[Q, R]) call(ctx context.Context, tx *db.Tx, requests []Q) (outcomes []Outcome[R], err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a batch of %d: %v\n%s", len(requests), p, debug.Stack())
		}
	}()
	return b.act(ctx, tx, requests)
}
