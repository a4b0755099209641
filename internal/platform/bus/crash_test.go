package bus_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

const kept = time.Hour // longer than any test: a published row stays in the outbox

// once says how many effects each event had: the books' view of "applied once".
func once(t *testing.T, d *db.DB, consumer string, want int64) {
	t.Helper()
	recorded(t, d, consumer, want)
	rows := count(t, d, `SELECT count(*) FROM effect_row WHERE consumer = $1`, consumer)
	events := count(t, d, `SELECT count(DISTINCT event) FROM effect_row WHERE consumer = $1`, consumer)
	if rows != want || events != want {
		t.Errorf("%s: %d effects of %d events, want %d", consumer, rows, events, want)
	}
}

// cluster is a NATS server of its own, as an operator would run it, on a port that stays the same.
type cluster struct {
	t    *testing.T
	dir  string
	port int
	s    *server.Server
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t, dir: filepath.Join(t.TempDir(), "nats"), port: server.RANDOM_PORT}
	c.start()
	t.Cleanup(func() { c.stop() })
	return c
}

func (c *cluster) start() {
	c.t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: c.port, JetStream: true, StoreDir: c.dir, NoSigs: true, NoLog: true,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		c.t.Fatal("the cluster does not start")
	}
	c.s, c.port = s, s.Addr().(*net.TCPAddr).Port
}

func (c *cluster) stop() {
	c.s.Shutdown()
	c.s.WaitForShutdown()
}

func (c *cluster) loseStore() {
	c.t.Helper()
	if err := os.RemoveAll(c.dir); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cluster) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", c.port) }

// deliveries counts what reaches a consumer that has seen nothing before.
type deliveries struct{ n atomic.Int64 }

func (c *deliveries) consumer() bus.Consumer {
	return bus.Consumer{Name: "witness", Types: []string{"payment.>"}, Handle: func(context.Context, *db.Tx, bus.Event) error {
		c.n.Add(1)
		return nil
	}}
}

func TestEventsPublishedBeforeTheBusRunsAreDelivered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		stopped := bus.New(d, clock.System(), bus.Options{Dir: t.TempDir()})
		for i := range 3 {
			publish(t, d, stopped, fact("payment.transfer_settled", fmt.Sprint(i)))
		}
		l, err := stopped.Lag(t.Context())
		if err != nil || l.Outbox != 3 || l.Oldest.IsZero() {
			t.Errorf("lag %+v, %v", l, err)
		}
		started(t, d, bus.Options{}, recorder("notify", "payment.>"))
		once(t, d, "notify", 3)
		outboxEmpty(t, d)
	})
}

// The node stops after publishing and before deleting; the next one publishes again. Its stream is another, so that no
// message id helps: only the consumer's own marks do.
func TestARelayThatStopsBeforeItDeletesRepeatsAndNothingIsAppliedTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		const events = 40
		first := started(t, d, bus.Options{Settle: kept, Lease: 50 * time.Millisecond}, recorder("notify", "payment.>"))
		for i := range events {
			publish(t, d, first, fact("payment.transfer_settled", fmt.Sprint(i)))
		}
		once(t, d, "notify", events)
		first.Close()
		if n := count(t, d, `SELECT count(*) FROM bus_outbox`); n != events {
			t.Fatalf("%d rows are left, not %d: the relay deleted too early", n, events)
		}
		var again deliveries
		started(t, d, bus.Options{Lease: 50 * time.Millisecond}, recorder("notify", "payment.>"), again.consumer())
		outboxEmpty(t, d)
		eventually(t, "the repetition", func() bool { return again.n.Load() >= events })
		once(t, d, "notify", events)
	})
}

func TestAClaimOfADeadNodeLapses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		stopped := bus.New(d, clock.System(), bus.Options{Dir: t.TempDir()})
		publish(t, d, stopped, fact("payment.transfer_settled", "1"))
		err := d.Write(t.Context(), func(tx *db.Tx) error { // a node claimed it and died
			_, err := tx.Exec(t.Context(), `UPDATE bus_outbox SET claimed_until = $1`, time.Now().Add(300*time.Millisecond))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		started(t, d, bus.Options{Lease: 100 * time.Millisecond}, recorder("notify", "payment.>"))
		once(t, d, "notify", 1)
	})
}

func TestWhatWasNotConsumedWaitsInTheStreamForTheNextStart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		blocked := recorder("notify", "payment.>")
		blocked.Backoff = time.Hour
		blocked.Handle = func(context.Context, *db.Tx, bus.Event) error { return fmt.Errorf("not in this life") }
		first := started(t, d, bus.Options{Dir: dir}, blocked)
		publish(t, d, first, fact("payment.transfer_settled", "1"))
		outboxEmpty(t, d)
		eventually(t, "a pending event", func() bool { l, err := first.Lag(t.Context()); return err == nil && l.Pending["notify"] == 1 })
		first.Close()
		second := started(t, d, bus.Options{Dir: dir}, recorder("notify", "payment.>"))
		l, err := second.Lag(t.Context())
		if err != nil || l.Pending["notify"] != 1 {
			t.Errorf("lag %+v, %v", l, err)
		}
	})
}

func TestNothingIsLostWhileTheClusterIsAwayAndWhenItLosesItsStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		c := newCluster(t)
		b := started(t, d, bus.Options{URL: c.url()}, recorder("notify", "payment.>"))
		publish(t, d, b, fact("payment.transfer_settled", "1"))
		once(t, d, "notify", 1)

		c.stop()
		publish(t, d, b, fact("payment.transfer_settled", "2"), fact("payment.transfer_settled", "3"))
		eventually(t, "events that wait in the outbox", func() bool { l, _ := b.Lag(t.Context()); return l.Outbox == 2 })
		c.start()
		once(t, d, "notify", 3)

		c.stop()
		c.loseStore()
		publish(t, d, b, fact("payment.transfer_settled", "4"))
		c.start()
		once(t, d, "notify", 4)
		outboxEmpty(t, d)
	})
}

func TestABusStartsWhileItsClusterIsAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		c := newCluster(t)
		c.stop()
		b := started(t, d, bus.Options{URL: c.url()}, recorder("notify", "payment.>"))
		publish(t, d, b, fact("payment.transfer_settled", "1"))
		c.start()
		once(t, d, "notify", 1)
	})
}

func TestTwoNodesShareTheWorkAndApplyEachEventOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		const events = 300
		c := newCluster(t)
		nodes := []*bus.Bus{
			started(t, d, bus.Options{URL: c.url()}, recorder("notify", "payment.>"), recorder("insight", "payment.>")),
			started(t, d, bus.Options{URL: c.url()}, recorder("notify", "payment.>"), recorder("insight", "payment.>")),
		}
		for i := range events / 3 {
			for range 3 {
				publish(t, d, nodes[i%2], fact("payment.transfer_settled", fmt.Sprint(i)))
			}
		}
		once(t, d, "notify", events)
		once(t, d, "insight", events)
		outboxEmpty(t, d)
	})
}
