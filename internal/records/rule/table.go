package rule

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// table is all rows as they were read once; it never changes.
type table struct {
	byKey map[string][]Row // each by first day
	read  time.Time        // by the machine's clock
}

func newTable(rows []Row, read time.Time) *table {
	t := &table{byKey: make(map[string][]Row), read: read}
	for _, row := range rows {
		t.byKey[row.Key] = append(t.byKey[row.Key], row)
	}
	for _, of := range t.byKey {
		slices.SortFunc(of, func(a, b Row) int { return a.From.Compare(b.From) })
	}
	return t
}

// find picks the latest row that has begun, unless it has ended.
func (t *table) find(key string, on clock.Date) (Row, error) {
	rows, known := t.byKey[key]
	if !known {
		return Row{}, ErrUnknown.Because(fmt.Errorf("no figure has the key %q: add it to figures.json, with its source", key))
	}
	later := sort.Search(len(rows), func(i int) bool { return rows[i].From.After(on) })
	if later == 0 {
		return Row{}, ErrNotInForce.Because(fmt.Errorf("figure %s begins on %s, after %s", key, rows[0].From, on))
	}
	row := rows[later-1]
	if !row.To.IsZero() && on.After(row.To) {
		return Row{}, ErrNotInForce.Because(fmt.Errorf("figure %s ended on %s, before %s", key, row.To, on))
	}
	return row, nil
}

func (t *table) all() []Row {
	var rows []Row
	for _, key := range slices.Sorted(maps.Keys(t.byKey)) {
		rows = append(rows, t.byKey[key]...)
	}
	return rows
}

// overlaps tells about two rows of one key that claim the same day, or change what the key counts.
func (t *table) overlaps() error {
	for _, rows := range t.byKey {
		for i := 1; i < len(rows); i++ {
			before, row := rows[i-1], rows[i]
			if before.From == row.From || (!before.To.IsZero() && !before.To.Before(row.From)) {
				return ErrBadRow.Because(fmt.Errorf("figure %s has two rows on %s", row.Key, row.From))
			}
			if before.Unit != row.Unit {
				return ErrBadRow.Because(fmt.Errorf("figure %s changes its unit on %s", row.Key, row.From))
			}
		}
	}
	return nil
}
