package sim_test

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/payment"
)

// stream is what NATS is to a bank: it takes what the outbox holds, and delivers it late, in any order, some of it again.
type stream struct {
	consumer string
	waiting  []bus.Event // not delivered yet
	told     []bus.Event // delivered, and sometimes once more
}

const (
	deliverMost = 8  // events of one delivery
	againMost   = 3  // of them, delivered before
	recallMost  = 50 // of the newest that may come again
)

// subscribe lets the bank's own consumer of payments hear the stream, and notes in its transaction what it has applied.
func (s *sim) subscribe() {
	c := s.payments.Messenger(silence{})
	handle := c.Handle
	c.Handle = func(ctx context.Context, tx *db.Tx, e bus.Event) error {
		if err := handle(ctx, tx, e); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO sim_told (event, type) VALUES ($1, $2)`, e.ID, e.Type)
		return err
	}
	s.stream.consumer = c.Name
	s.must(s.events.Subscribe(c))
}

// collect takes what the outbox holds, as the relay does.
func (s *sim) collect() {
	s.must(s.d.Write(s.ctx, func(tx *db.Tx) error {
		err := tx.Each(s.ctx, func(r db.Row) error {
			var body string
			var e bus.Event
			if err := r.Scan(&body); err != nil {
				return err
			}
			err := json.Unmarshal([]byte(body), &e)
			if eventOf[e.Type] != "" {
				s.stream.waiting = append(s.stream.waiting, e)
			}
			return err
		}, `SELECT body FROM bus_outbox ORDER BY rowid`)
		if err != nil {
			return err
		}
		_, err = tx.Exec(s.ctx, `DELETE FROM bus_outbox`)
		return err
	}))
}

// eventOf names the events that the consumer hears, with the state that the transfer came to.
var eventOf = map[string]payment.State{
	"payment.transfer_settled": payment.Settled, "payment.transfer_delayed": payment.Delayed, "payment.transfer_held": payment.Held,
	"payment.transfer_refused": payment.Refused, "payment.transfer_cancelled": payment.Cancelled, "payment.transfer_reversed": payment.Reversed,
}

// deliver brings some events, in any order, with some that came before.
func (s *sim) deliver() {
	s.calm(s.collect)
	s.chance.Shuffle(len(s.stream.waiting), func(i, j int) {
		s.stream.waiting[i], s.stream.waiting[j] = s.stream.waiting[j], s.stream.waiting[i]
	})
	n := min(len(s.stream.waiting), 1+s.chance.IntN(deliverMost))
	s.hand(s.stream.waiting[:n])
	s.stream.waiting = slices.Clone(s.stream.waiting[n:])
}

// hand delivers, and repeats until it is known to have been applied.
func (s *sim) hand(events []bus.Event) {
	batch := slices.Clone(events)
	for range s.chance.IntN(againMost + 1) {
		if newest := s.stream.told[max(0, len(s.stream.told)-recallMost):]; len(newest) > 0 {
			batch = append(batch, newest[s.chance.IntN(len(newest))])
		}
	}
	if len(batch) == 0 {
		return
	}
	slices.SortFunc(batch, func(a, b bus.Event) int { return compareText(a.ID, b.ID) }) // as the bus hands over a group
	s.must(s.again(nil, func() error { return s.events.Deliver(s.ctx, s.stream.consumer, batch) }))
	s.stream.told = append(s.stream.told, events...)
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// allTold delivers the rest, and requires that each fact of the model was told, and applied once.
func (s *sim) allTold() {
	s.collect()
	s.hand(s.stream.waiting)
	s.stream.waiting = nil
	times, facts := make(map[string]int), make(map[string]int)
	s.must(s.d.Read(s.ctx, func(tx *db.Tx) error {
		return tx.Each(s.ctx, func(r db.Row) error {
			var event, kind string
			err := r.Scan(&event, &kind)
			times[event]++
			if times[event] == 1 {
				facts[string(eventOf[kind])]++
			}
			return err
		}, `SELECT event, type FROM sim_told`)
	}))
	for _, e := range s.stream.told {
		if times[e.ID] != 1 {
			s.Fatalf("%s of %s was applied %d times", e.Type, e.Subject, times[e.ID])
		}
	}
	for _, state := range eventOf {
		// A payment that was refused at once is told too, and no transfer of the model.
		if has, want := facts[string(state)], s.facts[string(state)]; has != want && (state != payment.Refused || has < want) {
			s.Fatalf("%d transfers were told as %s; the model has %d", has, state, want)
		}
	}
}
