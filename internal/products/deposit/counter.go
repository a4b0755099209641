package deposit

import (
	"context"
	"fmt"
	"sort"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// Counters are locked counter rows: uses are decided over them in Go, in the order of requests, and saved once.
type Counters struct{ rows map[counterKey]*counter }

type counterKey struct {
	subject string
	kind    LimitKind
	period  string
}

type counter struct {
	amount, times int64
	changed       bool
	returned      bool // something was given back since it was locked
}

func (u Use) key() counterKey { return counterKey{u.Subject, u.Kind, u.Period} }

// LockCounters locks the counters that the uses consume, in one order everywhere, and makes those that lack.
func LockCounters(ctx context.Context, tx *db.Tx, uses []Use) (*Counters, error) {
	keys := distinct(uses)
	c := &Counters{rows: make(map[counterKey]*counter, len(keys))}
	if err := lockCounters(ctx, tx, keys, c.rows); err != nil {
		return nil, fmt.Errorf("lock counters: %w", err)
	}
	missing := keys[:0:0]
	for _, k := range keys {
		if c.rows[k] == nil {
			missing = append(missing, k)
		}
	}
	if len(missing) == 0 {
		return c, nil
	}
	if err := insertCounters(ctx, tx, missing); err != nil {
		return nil, fmt.Errorf("make counters: %w", err)
	}
	return c, lockCounters(ctx, tx, missing, c.rows)
}

// PeekCounters reads counters without locking them: to say what Try would, not to consume.
func PeekCounters(ctx context.Context, tx *db.Tx, uses []Use) (*Counters, error) {
	keys := distinct(uses)
	rows, err := readCounters(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if rows[k] == nil {
			rows[k] = &counter{}
		}
	}
	return &Counters{rows: rows}, nil
}

// distinct lists the counters of the uses once each, in the order in which they are locked.
func distinct(uses []Use) []counterKey {
	seen := make(map[counterKey]bool, len(uses))
	var keys []counterKey
	for _, u := range uses {
		if k := u.key(); !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].before(keys[j]) })
	return keys
}

func (k counterKey) before(o counterKey) bool {
	if k.subject != o.subject {
		return k.subject < o.subject
	}
	if k.kind != o.kind {
		return k.kind < o.kind
	}
	return k.period < o.period
}

// Try consumes all uses of one act, or none and says with Use.Err which limit forbids it. A use without Err only counts.
func (c *Counters) Try(uses []Use) error {
	for _, u := range uses {
		row := c.rows[u.key()]
		full := u.Amount > 0 && u.Amount > u.Most-row.amount || u.Times > 0 && row.times >= u.Times
		if full && u.Err != nil {
			return u.Err
		}
	}
	c.add(uses, 1)
	return nil
}

// Undo gives back what an act consumed that was refused later in the same batch, or whose money came back.
func (c *Counters) Undo(uses []Use) {
	c.add(uses, -1)
	for _, u := range uses {
		c.rows[u.key()].returned = true
	}
}

// Returned says whether a counter of these uses got something back: what was refused for it before might pass now.
func (c *Counters) Returned(uses []Use) bool {
	for _, u := range uses {
		if row := c.rows[u.key()]; row != nil && row.returned {
			return true
		}
	}
	return false
}

func (c *Counters) add(uses []Use, sign int64) {
	for _, u := range uses {
		row := c.rows[u.key()]
		row.amount = max(0, row.amount+sign*u.Amount)
		row.times = max(0, row.times+sign)
		row.changed = true
	}
}

// Used is what has been used of a use's counter: minor units, and how often.
func (c *Counters) Used(u Use) (amount, times int64) {
	row := c.rows[u.key()]
	if row == nil {
		return 0, 0
	}
	return row.amount, row.times
}

// Left is what a use's counter has left before it, in minor units.
func (c *Counters) Left(u Use) int64 {
	amount, _ := c.Used(u)
	return max(0, u.Most-amount)
}

// Save writes the counters that changed, in one statement.
func (c *Counters) Save(tx *db.Tx) error {
	rows := db.NewRows(len(c.rows))
	for k, v := range c.rows {
		if v.changed {
			rows.Add(k.subject, k.kind, k.period, v.amount, v.times)
		}
	}
	return saveCounters(tx, rows)
}

// GiveBack returns what an order consumed on its day: it was cancelled, refused later, or came back.
func GiveBack(ctx context.Context, tx *db.Tx, uses []Use) error {
	c, err := LockCounters(ctx, tx, uses)
	if err != nil {
		return err
	}
	c.Undo(uses)
	return c.Save(tx)
}
