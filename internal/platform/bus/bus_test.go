package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

const patience = 20 * time.Second // more than any wait that succeeds

// effects is a domain whose only table counts what handlers did: a second effect of one event is a second row.
func effects() db.Migrations {
	return db.Migrations{Domain: "effect", Files: fstest.MapFS{"migrations/001_row.sql": {Data: []byte(`
		CREATE TABLE effect_row (
			consumer TEXT NOT NULL, -- C1
			event    TEXT NOT NULL -- C1
		);`)}}}
}

func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, []db.Migrations{bus.Migrations(), effects()}, test)
}

// started makes and starts a bus that is quick to try again; it is closed at the end of the test at the latest.
func started(t *testing.T, d *db.DB, o bus.Options, consumers ...bus.Consumer) *bus.Bus {
	t.Helper()
	if o.Dir == "" && o.URL == "" {
		o.Dir = t.TempDir()
	}
	if o.Poll == 0 {
		o.Poll = 20 * time.Millisecond
	}
	if o.Gather == 0 {
		o.Gather = time.Millisecond
	}
	if o.Settle == 0 {
		o.Settle = time.Millisecond
	}
	b := bus.New(d, clock.System(), o)
	for _, c := range consumers {
		if err := b.Subscribe(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// recorder is a consumer that writes an effect for each event.
func recorder(name string, types ...string) bus.Consumer {
	return bus.Consumer{Name: name, Types: types, Backoff: 5 * time.Millisecond, Handle: func(ctx context.Context, tx *db.Tx, e bus.Event) error {
		return record(ctx, tx, name, e)
	}}
}

func record(ctx context.Context, tx *db.Tx, consumer string, e bus.Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO effect_row (consumer, event) VALUES ($1, $2)`, consumer, e.ID)
	return err
}

func fact(typ, subject string) bus.Event {
	now := clock.System().Now()
	return bus.Event{
		ID: "evnt_" + crypto.SortableKey(now), Type: typ, Version: 1, Subject: subject, At: now, Data: json.RawMessage(`{"n":1}`),
	}
}

func publish(t *testing.T, d *db.DB, b *bus.Bus, events ...bus.Event) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error { return b.Publish(t.Context(), tx, events) })
	if err != nil {
		t.Fatal(err)
	}
}

// recorded waits until a consumer has at least so many effects, and then says how many it has.
func recorded(t *testing.T, d *db.DB, consumer string, least int64) int64 {
	t.Helper()
	n := int64(0)
	eventually(t, fmt.Sprintf("%d effects of %s", least, consumer), func() bool {
		n = count(t, d, `SELECT count(*) FROM effect_row WHERE consumer = $1`, consumer)
		return n >= least
	})
	return n
}

func count(t *testing.T, d *db.DB, q string, args ...any) (n int64) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func outboxEmpty(t *testing.T, d *db.DB) {
	t.Helper()
	eventually(t, "an empty outbox", func() bool { return count(t, d, `SELECT count(*) FROM bus_outbox`) == 0 })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

func TestACommittedFactReachesEveryConsumerThatWantsIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b := started(t, d, bus.Options{},
			recorder("notify", "payment.transfer_settled", "customer.registered"),
			recorder("insight", "payment.>"), recorder("support", "customer.closed"))
		publish(t, d, b, fact("payment.transfer_settled", "t1"), fact("payment.transfer_refused", "t2"), fact("customer.registered", "c1"))
		recorded(t, d, "notify", 2)
		recorded(t, d, "insight", 2)
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		outboxEmpty(t, d)
		for consumer, want := range map[string]int64{"notify": 2, "insight": 2, "support": 0} {
			if n := recorded(t, d, consumer, 0); n != want {
				t.Errorf("%s had %d events, not %d", consumer, n, want)
			}
		}
	})
}

func TestAFactOfAnUndoneActWasNever(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		b := started(t, d, bus.Options{}, recorder("notify", "payment.>"))
		undone := errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(b.Publish(t.Context(), tx, []bus.Event{fact("payment.transfer_settled", "t1")}), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		publish(t, d, b, fact("payment.transfer_settled", "t2"))
		recorded(t, d, "notify", 1)
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := recorded(t, d, "notify", 1); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

func TestAnEventComesAsItWasPublished(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		got := make(chan bus.Event, 1)
		b := started(t, d, bus.Options{}, bus.Consumer{Name: "notify", Types: []string{"payment.>"},
			Handle: func(_ context.Context, _ *db.Tx, e bus.Event) error { got <- e; return nil }})
		sent := fact("payment.transfer_settled", "t1")
		sent.Sequence, sent.Trace, sent.Version = 7, "4bf92f3577b34da6", 2
		var err error
		if sent.BusinessDate, err = clock.ParseDate("2026-11-22"); err != nil {
			t.Fatal(err)
		}
		publish(t, d, b, sent)
		e := <-got
		if string(e.Data) != string(sent.Data) || !e.At.Equal(sent.At) {
			t.Errorf("got %+v", e)
		}
		e.Data, e.At, sent.Data, sent.At = nil, time.Time{}, nil, time.Time{}
		if fmt.Sprint(e) != fmt.Sprint(sent) {
			t.Errorf("got %+v, sent %+v", e, sent)
		}
	})
}

func TestARefusedEventComesAgainAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		bad := fact("payment.transfer_settled", "bad")
		var tries atomic.Int64
		c := recorder("notify", "payment.>")
		c.Handle = func(ctx context.Context, tx *db.Tx, e bus.Event) error {
			if err := record(ctx, tx, "notify", e); err != nil {
				return err
			}
			if e.ID == bad.ID && tries.Add(1) < 4 {
				return errors.New("not yet")
			}
			return nil
		}
		b := started(t, d, bus.Options{}, c)
		events := []bus.Event{bad}
		for i := range 50 {
			events = append(events, fact("payment.transfer_settled", fmt.Sprint(i)))
		}
		publish(t, d, b, events...)
		if n := recorded(t, d, "notify", 51); n != 51 {
			t.Errorf("%d effects of 51 events", n)
		}
		if letters, err := b.DeadLetters(t.Context(), bus.Page{}); err != nil || len(letters) != 0 {
			t.Errorf("dead letters %+v, %v", letters, err)
		}
	})
}

func TestWhatStaysRefusedIsADeadLetterThatCanBeRetried(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		errRule := fault.New(fault.Rejected, "test.rule")
		var mended atomic.Bool
		c := recorder("notify", "payment.>")
		c.Attempts = 3
		c.Handle = func(ctx context.Context, tx *db.Tx, e bus.Event) error {
			if err := record(ctx, tx, "notify", e); err != nil {
				return err
			}
			switch {
			case mended.Load() || e.Subject == "good":
				return nil
			case e.Subject == "panic":
				panic("a mistake")
			}
			return errRule
		}
		b := started(t, d, bus.Options{}, c)
		refused, panics := fact("payment.transfer_settled", "bad"), fact("payment.transfer_settled", "panic")
		publish(t, d, b, refused, panics, fact("payment.transfer_settled", "good"))
		var letters []bus.DeadLetter
		eventually(t, "two dead letters", func() bool {
			var err error
			letters, err = b.DeadLetters(t.Context(), bus.Page{})
			return err == nil && len(letters) == 2
		})
		l := letters[0]
		if l.Event != refused.ID || l.Consumer != "notify" || l.Type != refused.Type || l.Code != "test.rule" || l.Attempts != 3 || l.FailedAt.IsZero() {
			t.Errorf("dead letter %+v", l)
		}
		if letters[1].Code != "internal" {
			t.Errorf("after a panic: %+v", letters[1])
		}
		if n := recorded(t, d, "notify", 1); n != 1 {
			t.Errorf("%d effects: those of refused events are not undone", n)
		}

		if err := b.Retry(t.Context(), "notify", refused.ID); !errors.Is(err, bus.ErrRetryFailed) {
			t.Errorf("retry too early: %v", err)
		}
		if letters, _ := b.DeadLetters(t.Context(), bus.Page{}); len(letters) != 2 || letters[0].Attempts != 4 {
			t.Errorf("after a vain retry: %+v", letters)
		}
		mended.Store(true)
		if err := b.Retry(t.Context(), "notify", refused.ID); err != nil {
			t.Errorf("retry: %v", err)
		}
		if err := b.Retry(t.Context(), "notify", refused.ID); !errors.Is(err, bus.ErrNoDeadLetter) {
			t.Errorf("a second time: %v", err)
		}
		if err := b.Discard(t.Context(), "notify", panics.ID); err != nil {
			t.Errorf("discard: %v", err)
		}
		if err := b.Discard(t.Context(), "notify", panics.ID); !errors.Is(err, bus.ErrNoDeadLetter) {
			t.Errorf("discard twice: %v", err)
		}
		if n := recorded(t, d, "notify", 2); n != 2 {
			t.Errorf("%d effects", n)
		}
		l2, err := b.Lag(t.Context())
		if err != nil || l2.DeadLetters != 0 {
			t.Errorf("lag %+v, %v", l2, err)
		}
	})
}

func TestDeadLettersArePaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		c := recorder("notify", "payment.>")
		c.Attempts = 1
		c.Handle = func(context.Context, *db.Tx, bus.Event) error { return errors.New("no") }
		b := started(t, d, bus.Options{}, c)
		for i := range 5 {
			publish(t, d, b, fact("payment.transfer_settled", fmt.Sprint(i)))
		}
		eventually(t, "five dead letters", func() bool { l, err := b.Lag(t.Context()); return err == nil && l.DeadLetters == 5 })
		var all []bus.DeadLetter
		var p bus.Page
		for p.Limit = 2; ; {
			some, err := b.DeadLetters(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, some...)
			if len(some) < p.Limit {
				break
			}
			p.AfterConsumer, p.AfterEvent = some[1].Consumer, some[1].Event
		}
		if len(all) != 5 {
			t.Errorf("%d dead letters on the pages", len(all))
		}
	})
}

func TestAConsumerThatDropsOlderEventsSeesOnlyNewer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		c := recorder("insight", "deposit.>")
		c.DropOlder = true
		b := started(t, d, bus.Options{}, c, recorder("notify", "deposit.>"))
		sequence := func(subject string, n int64) bus.Event {
			e := fact("deposit.account_frozen", subject)
			e.Sequence = n
			return e
		}
		newest := sequence("a", 3)
		publish(t, d, b, newest)
		recorded(t, d, "insight", 1)
		publish(t, d, b, sequence("a", 2), sequence("a", 3), sequence("b", 1), sequence("a", 0), sequence("a", 4))
		recorded(t, d, "notify", 6)
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := recorded(t, d, "insight", 4); n != 4 { // a3, b1, the one without order, a4
			t.Errorf("%d events were applied, not 4", n)
		}
	})
}

func TestWhatWasConsumedLongAgoIsForgotten(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	now := clock.NewFake(start)
	dbtest.EachWith(t, db.Options{Clock: now}, []db.Migrations{bus.Migrations(), effects()}, func(t *testing.T, d *db.DB) {
		b := started(t, d, bus.Options{Remember: 14 * 24 * time.Hour}, recorder("notify", "payment.>"))
		publish(t, d, b, fact("payment.transfer_settled", "1"), fact("payment.transfer_settled", "2"))
		recorded(t, d, "notify", 2)
		if n, err := b.Purge(t.Context()); n != 0 || err != nil {
			t.Errorf("purged %d at once, %v", n, err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { // as if it had been three weeks ago
			_, err := tx.Exec(t.Context(), `UPDATE bus_consumed SET at = at - $1`, (21 * 24 * time.Hour).Microseconds())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		publish(t, d, b, fact("payment.transfer_settled", "3"))
		recorded(t, d, "notify", 3)
		if n, err := b.Purge(t.Context()); n != 2 || err != nil {
			t.Errorf("purged %d, %v", n, err)
		}
		if n := count(t, d, `SELECT count(*) FROM bus_consumed`); n != 1 {
			t.Errorf("%d marks are left", n)
		}
	})
}

func TestWhatCannotBePublishedOrSubscribedIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, bus.Migrations())
	b := bus.New(d, clock.System(), bus.Options{Dir: t.TempDir()})
	for name, spoil := range map[string]func(*bus.Event){
		"no id":           func(e *bus.Event) { e.ID = "" },
		"no subject":      func(e *bus.Event) { e.Subject = "" },
		"no data":         func(e *bus.Event) { e.Data = nil },
		"no version":      func(e *bus.Event) { e.Version = 0 },
		"a bare type":     func(e *bus.Event) { e.Type = "settled" },
		"a type with a *": func(e *bus.Event) { e.Type = "payment.*" },
		"broken data":     func(e *bus.Event) { e.Data = json.RawMessage(`{"n":`) },
		"too much":        func(e *bus.Event) { e.Data, _ = json.Marshal(make([]int, 64<<10)) },
	} {
		e := fact("payment.transfer_settled", "t")
		spoil(&e)
		err := d.Write(t.Context(), func(tx *db.Tx) error { return b.Publish(t.Context(), tx, []bus.Event{e}) })
		if !errors.Is(err, bus.ErrEvent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	handle := func(context.Context, *db.Tx, bus.Event) error { return nil }
	if err := b.Subscribe(bus.Consumer{Name: "a", Types: []string{"payment.>"}, Handle: handle}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]bus.Consumer{
		"no name":         {Types: []string{"payment.>"}, Handle: handle},
		"a name with dot": {Name: "a.b", Types: []string{"payment.>"}, Handle: handle},
		"no types":        {Name: "b", Handle: handle},
		"no handler":      {Name: "b", Types: []string{"payment.>"}},
		"a bad type":      {Name: "b", Types: []string{"pay ment"}, Handle: handle},
		"a taken name":    {Name: "a", Types: []string{"payment.>"}, Handle: handle},
	} {
		if err := b.Subscribe(c); !errors.Is(err, bus.ErrConsumer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.Retry(t.Context(), "nobody", "evnt_x"); !errors.Is(err, bus.ErrConsumer) {
		t.Errorf("retry of an unknown consumer: %v", err)
	}
}

func TestStartAndCloseLeaveNothingBehind(t *testing.T) {
	d := dbtest.SQLite(t, bus.Migrations(), effects())
	before := goleak.IgnoreCurrent()
	b := started(t, d, bus.Options{}, recorder("notify", "payment.>"))
	if err := b.Start(t.Context()); !errors.Is(err, bus.ErrStarted) {
		t.Errorf("second start: %v", err)
	}
	if err := b.Subscribe(recorder("late", "payment.>")); !errors.Is(err, bus.ErrStarted) {
		t.Errorf("late subscription: %v", err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { publish(t, d, b, fact("payment.transfer_settled", fmt.Sprint(i))) })
	}
	wg.Wait()
	recorded(t, d, "notify", 20)
	b.Close()
	b.Close() // again: no harm
	goleak.VerifyNone(t, before)
}
