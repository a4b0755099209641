package ledger

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Pair is two guarded accounts between which a made-up history goes to and fro.
type Pair struct{ A, B string }

// fillMinor is what each made-up journal moves.
const fillMinor = 1

// Fill books a made-up history that Verify accepts: in each of some rounds, an even number, one minor unit between the
// accounts of each pair, forward and back, so that balances end as they began. The database makes the rows itself, which is
// some ten times quicker than posting them. It is for benches and empty banks: nothing is decided, nobody is told. The
// rounds of one call share an instant, so it must be called in transactions of different instants.
func (l *Ledger) Fill(ctx context.Context, tx *db.Tx, by act.By, pairs []Pair, rounds int64) error {
	if rounds <= 0 || rounds%2 != 0 {
		return fmt.Errorf("fill %d rounds: what goes must come back", rounds)
	}
	today, err := l.bookingDay(ctx, tx, nil)
	if err != nil {
		return err
	}
	accounts := make([]string, 0, 2*len(pairs))
	for _, p := range pairs {
		accounts = append(accounts, p.A, p.B)
	}
	b := &batch{today: today.String(), now: tx.Now(), deltas: make(map[string]*delta)}
	if b.balances, err = lockBalances(ctx, tx, accounts); err != nil {
		return fmt.Errorf("lock accounts to fill: %w", err)
	}
	lines, err := b.fillLines(pairs, rounds)
	if err != nil {
		return err
	}
	if err := queueFill(tx, b, by, lines, fillSize{rounds: rounds, pairs: int64(len(pairs))}); err != nil {
		return err
	}
	if err := saveBalances(tx, b.balances); err != nil {
		return err
	}
	return insertDeltas(tx, b)
}

// fillLines are the sides of the journals of a pair, one row for each account, and what they make of balances and totals.
func (b *batch) fillLines(pairs []Pair, rounds int64) (*db.Rows, error) {
	rows := db.NewRows(2 * len(pairs))
	for place, p := range pairs {
		for line, account := range []string{p.A, p.B} {
			r := b.balances[account]
			if r == nil || r.booked < fillMinor+r.held+r.frozen || r.currency != money.CNY || !r.closedAt.IsZero() || r.changed {
				return nil, fmt.Errorf("fill %s: it must be an open account in yuan that holds something, once", account)
			}
			rows.Add(int64(place), int64(line+1), account, r.number, r.booked)
			r.number, r.changed = r.number+rounds, true
			d := b.deltas[r.control]
			if d == nil {
				d = &delta{}
				b.deltas[r.control] = d
			}
			d.debit, d.credit = d.debit+rounds/2*fillMinor, d.credit+rounds/2*fillMinor
		}
	}
	return rows, nil
}

// fillSize is how much a call makes.
type fillSize struct{ rounds, pairs int64 }
