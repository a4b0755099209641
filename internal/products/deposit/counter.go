package deposit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// Counters are locked counters: uses are decided over them in Go, in the order of requests, and saved once. All
// counters of a subject are one row, so that a payment locks and writes one row however many limits it is under.
type Counters struct{ subjects map[string]*usage }

// usage is what a subject has used.
type usage struct {
	counters []counter
	changed  bool
}

// counter is one of them.
type counter struct {
	kind          LimitKind
	period        string
	amount, times int64
	returned      bool  // something was given back since it was locked
	figure        int64 // of a turnover that was added to: whoever reaches it is noted; 0 for none
}

// periodsKept is how many periods of a kind are kept, the latest: today's, and the one before, to which an order of
// yesterday that is cancelled today is given back.
const periodsKept = 2

// LockCounters locks the counters that the uses consume, in one order everywhere, and makes those that lack.
func LockCounters(ctx context.Context, tx *db.Tx, uses []Use) (*Counters, error) {
	subjects := subjectsOf(uses)
	c := &Counters{subjects: make(map[string]*usage, len(subjects))}
	if err := lockUsages(ctx, tx, subjects, c.subjects); err != nil {
		return nil, fmt.Errorf("lock counters: %w", err)
	}
	missing := subjects[:0:0]
	for _, s := range subjects {
		if c.subjects[s] == nil {
			missing = append(missing, s)
		}
	}
	if len(missing) == 0 {
		return c, nil
	}
	if err := insertUsages(ctx, tx, missing); err != nil {
		return nil, fmt.Errorf("make counters: %w", err)
	}
	return c, lockUsages(ctx, tx, missing, c.subjects)
}

// PeekCounters reads counters without locking them: to say what Try would, not to consume.
func PeekCounters(ctx context.Context, tx *db.Tx, uses []Use) (*Counters, error) {
	subjects := subjectsOf(uses)
	c := &Counters{subjects: make(map[string]*usage, len(subjects))}
	if err := readUsages(ctx, tx, subjects, c.subjects); err != nil {
		return nil, err
	}
	for _, s := range subjects {
		if c.subjects[s] == nil {
			c.subjects[s] = &usage{}
		}
	}
	return c, nil
}

// subjectsOf lists the subjects of the uses once each, in the order in which they are locked.
func subjectsOf(uses []Use) []string {
	subjects := make([]string, 0, len(uses))
	for i := range uses {
		if n := len(subjects); n == 0 || subjects[n-1] != uses[i].Subject {
			subjects = append(subjects, uses[i].Subject)
		}
	}
	slices.Sort(subjects)
	return slices.Compact(subjects)
}

// of is the counter of a use; one that was never used begins at nothing. It holds until the next call.
func (c *Counters) of(u *Use) *counter {
	s := c.subjects[u.Subject]
	if found := s.find(u); found != nil {
		return found
	}
	s.counters = append(s.counters, counter{kind: u.Kind, period: u.Period})
	return &s.counters[len(s.counters)-1]
}

func (s *usage) find(u *Use) *counter {
	if s == nil {
		return nil
	}
	for i := range s.counters {
		if c := &s.counters[i]; c.kind == u.Kind && c.period == u.Period {
			return c
		}
	}
	return nil
}

// Try consumes all uses of one act, or none and says with Use.Err which limit forbids it. A use without Err only counts.
func (c *Counters) Try(uses []Use) error {
	for i := range uses {
		u := &uses[i]
		row := c.of(u)
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
	for i := range uses {
		c.of(&uses[i]).returned = true
	}
}

// Returned says whether a counter of these uses got something back: what was refused for it before might pass now.
func (c *Counters) Returned(uses []Use) bool {
	for i := range uses {
		if row := c.subjects[uses[i].Subject].find(&uses[i]); row != nil && row.returned {
			return true
		}
	}
	return false
}

func (c *Counters) add(uses []Use, sign int64) {
	for i := range uses {
		u := &uses[i]
		row := c.of(u)
		row.amount = max(0, row.amount+sign*u.Amount)
		row.times = max(0, row.times+sign)
		if u.Kind == ClassTurnover {
			row.figure = u.Most
		}
		c.subjects[u.Subject].changed = true
	}
}

// Used is what has been used of a use's counter: minor units, and how often.
func (c *Counters) Used(u Use) (amount, times int64) {
	row := c.subjects[u.Subject].find(&u)
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

// Save writes the counters that changed, in one statement, and notes in another who reached the figure of a turnover.
func (c *Counters) Save(tx *db.Tx) error {
	rows, reached := db.NewRows(len(c.subjects)), db.NewRows(0)
	for subject, s := range c.subjects {
		if !s.changed {
			continue
		}
		if s.reached() {
			reached.Add(subject, tx.Now())
		}
		rows.Add(subject, s.text())
	}
	if err := saveUsages(tx, rows); err != nil || reached.Len() == 0 {
		return err
	}
	return noteReached(tx, reached)
}

// reached says whether a turnover has come to its figure.
func (s *usage) reached() bool {
	return slices.ContainsFunc(s.counters, func(c counter) bool { return c.figure > 0 && c.amount >= c.figure })
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

// text writes the latest periods of each kind as "kind period amount times", one after another with semicolons. What
// was never used, or was given back whole, is left out.
func (s *usage) text() string {
	used := slices.DeleteFunc(s.counters, func(c counter) bool { return c.amount == 0 && c.times == 0 })
	slices.SortFunc(used, func(a, b counter) int {
		return cmp.Or(strings.Compare(string(a.kind), string(b.kind)), strings.Compare(b.period, a.period))
	})
	var b []byte
	for i, c := range used {
		if i >= periodsKept && used[i-periodsKept].kind == c.kind {
			continue
		}
		if len(b) > 0 {
			b = append(b, ';')
		}
		b = append(append(append(append(b, c.kind...), ' '), c.period...), ' ')
		b = strconv.AppendInt(append(strconv.AppendInt(b, c.amount, 10), ' '), c.times, 10)
	}
	return string(b)
}

// parseUsage reads what text wrote.
func parseUsage(text string) (*usage, error) {
	u := &usage{}
	for part := range strings.SplitSeq(text, ";") {
		if part == "" {
			continue
		}
		kind, rest, _ := strings.Cut(part, " ")
		period, rest, _ := strings.Cut(rest, " ")
		amount, times, found := strings.Cut(rest, " ")
		a, errAmount := strconv.ParseInt(amount, 10, 64)
		n, errTimes := strconv.ParseInt(times, 10, 64)
		if !found || errAmount != nil || errTimes != nil || a < 0 || n < 0 {
			return nil, fmt.Errorf("counters %q cannot be read", text)
		}
		u.counters = append(u.counters, counter{kind: LimitKind(kind), period: period, amount: a, times: n})
	}
	return u, nil
}
