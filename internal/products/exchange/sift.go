package exchange

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// sift puts what a source told in order and leaves out what is not to be taken: other currencies, rates that are not newer
// than what there is, that are of the future, or that no currency has. A rate that jumps ends its currency's turn and is
// answered as ErrJump: what comes after it may be wrong too.
func sift(told []Observed, wanted []money.Currency, last map[money.Currency]Middle, jump interest.Rate, until time.Time) ([]Observed, error) {
	told = slices.Clone(told)
	slices.SortStableFunc(told, func(a, b Observed) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), a.At.Compare(b.At))
	})
	var fresh []Observed
	var jumped error
	stopped := make(map[money.Currency]bool)
	before := make(map[money.Currency]Observed, len(last))
	for c, m := range last {
		before[c] = m.Observed
	}
	for _, o := range told {
		o.At = o.At.Truncate(time.Microsecond)
		b, known := before[o.Currency]
		switch {
		case stopped[o.Currency], !slices.Contains(wanted, o.Currency), o.Middle.check() != nil, o.At.After(until):
			continue
		case known && !o.At.After(b.At):
			continue
		case known && b.Middle.apart(o.Middle, jump):
			stopped[o.Currency] = true
			jumped = errors.Join(jumped, ErrJump.With("currency", o.Currency.Code()).With("from", b.Middle.String()).With("to", o.Middle.String()))
			continue
		}
		before[o.Currency] = o
		fresh = append(fresh, o)
	}
	return fresh, jumped
}
