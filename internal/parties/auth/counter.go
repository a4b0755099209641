package auth

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// tally is one use of a counter: at most limit uses in a window. With a lock, the last of them closes the counter for
// that long, unless forget opens it again because that use was right.
type tally struct {
	kind   string
	id     []byte
	limit  int64
	window time.Duration
	lock   time.Duration
}

// counter is a row of auth_counter.
type counter struct {
	kind   string
	id     []byte
	used   int64
	ends   time.Time
	locked time.Time // until when
}

// wait is how long the counter takes no further use; zero when it does.
func (c *counter) wait(t tally, now time.Time) time.Duration {
	switch {
	case c.locked.After(now):
		return c.locked.Sub(now)
	case c.fresh(now) || c.used < t.limit:
		return 0
	default:
		return c.ends.Sub(now)
	}
}

// fresh reports whether the window, or the lock that it ended with, is over.
func (c *counter) fresh(now time.Time) bool {
	return !c.ends.After(now) || (!c.locked.IsZero() && !c.locked.After(now))
}

// use counts one; wait must have been zero.
func (c *counter) use(t tally, now time.Time) {
	if c.fresh(now) {
		c.used, c.ends, c.locked = 0, now.Add(t.window), time.Time{}
	}
	c.used++
	if t.lock > 0 && c.used >= t.limit {
		c.locked = now.Add(t.lock)
	}
}

// closed is why tallies were refused: which, and for how long.
type closed struct {
	kind string
	wait time.Duration
}

// use counts all tallies or, when one of them is closed, none: whoever is refused by one counter must not be able to
// use up another. What it counts stays counted when the transaction commits, also when the act is refused.
func (s *Service) use(ctx context.Context, tx *db.Tx, tallies []tally) (closed, error) {
	slices.SortFunc(tallies, func(a, b tally) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), bytes.Compare(a.id, b.id))
	})
	counters, err := lockCounters(ctx, tx, tallies)
	if err != nil {
		return closed{}, fmt.Errorf("lock counters: %w", err)
	}
	if len(counters) != len(tallies) {
		return closed{}, fmt.Errorf("locked %d counters of %d", len(counters), len(tallies))
	}
	var worst closed
	for i, t := range tallies {
		if wait := counters[i].wait(t, tx.Now()); wait > worst.wait {
			worst = closed{t.kind, wait}
		}
	}
	if worst.wait > 0 {
		return worst, nil
	}
	for i, t := range tallies {
		counters[i].use(t, tx.Now())
	}
	if err := saveCounters(ctx, tx, counters); err != nil {
		return closed{}, fmt.Errorf("save counters: %w", err)
	}
	return closed{}, nil
}

// forget takes back the uses of an attempt that was right: counters with a lock start anew, others lose this one use.
func (s *Service) forget(ctx context.Context, tx *db.Tx, tallies []tally) error {
	for _, t := range tallies {
		var err error
		if t.lock > 0 {
			err = deleteCounter(ctx, tx, t.kind, t.id)
		} else {
			err = lowerCounter(ctx, tx, t.kind, t.id)
		}
		if err != nil {
			return fmt.Errorf("reset counter %s: %w", t.kind, err)
		}
	}
	return nil
}

// counterID names a counter by a keyed hash, so that the table names nobody.
func (s *Service) counterID(kind string, parts ...string) []byte {
	var key []byte
	for _, part := range parts {
		key = append(key, part...)
		key = append(key, 0)
	}
	return s.ring.Index("auth_counter."+kind, string(key))
}
