//go:build unix

package chaos_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What the bank leans on beside its database: the event server, and the clock.

// eventServer is a NATS server that can be killed, and started again where it was.
type eventServer struct {
	part    natsPart
	process *process
}

func natsServer(t *testing.T) *eventServer {
	t.Helper()
	e := &eventServer{part: natsPart{Address: freeAddress(t), Folder: filepath.Join(t.TempDir(), "nats")}}
	e.start(t)
	return e
}

func (e *eventServer) start(t *testing.T) {
	t.Helper()
	e.process = playRole(t, roleNATS, e.part)
}

func (e *eventServer) url() string { return "nats://" + e.part.Address }

func TestTheEventServerIsKilledAndComesBack(t *testing.T) {
	needsTime(t)
	seed, server, events := seedOf(t), postgres(t), natsServer(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	b.node(t, database, "--nats", events.url())
	b.node(t, database, "--nats", events.url())
	play(t, b, database, roundsOr(t, 1), func(s *scene) {
		s.wait(50*time.Millisecond, 800*time.Millisecond)
		events.process.kill()
		s.traffic.until(lively) // payments need no events
		events.start(t)
	})
}

// The event server loses its disk. What nobody had taken from it yet and the outbox had let go is lost to the consumers:
// docs/domains/bus.md says so. Everything else is told as ever, and no payment notices.
func TestTheEventServerLosesItsDisk(t *testing.T) {
	needsTime(t)
	seed, server, events := seedOf(t), postgres(t), natsServer(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	b.node(t, database, "--nats", events.url())
	play(t, b, database, roundsOr(t, 1), func(s *scene) {
		s.wait(50*time.Millisecond, 800*time.Millisecond)
		events.process.kill()
		b.forgot = s.traffic.since()
		if err := os.RemoveAll(events.part.Folder); err != nil {
			t.Fatal(err)
		}
		s.traffic.until(lively)
		events.start(t)
	})
}

// jumpMost is less than a session or an intent lives: beyond it people would only have to sign in again.
const jumpMost = 4 * time.Minute

func TestTheClockJumps(t *testing.T) {
	needsTime(t)
	seed, server := seedOf(t), postgres(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	file := filepath.Join(t.TempDir(), "offset")
	setClock(t, file, 0)
	for range 2 { // the second is off by as much as the first, and each sees the jump when it looks
		c := b.config(t, database)
		n := &node{bank: b, database: database, listen: c.Listen, data: b.data}
		if len(b.nodes) > 0 {
			c.Data += "-2"
		}
		n.process = playRole(t, roleNode, nodePart{Config: c, Offset: file})
		b.nodes = append(b.nodes, n)
	}
	play(t, b, database, roundsOr(t, 2), func(s *scene) {
		s.wait(50*time.Millisecond, 500*time.Millisecond)
		setClock(t, file, time.Duration(s.chance.Int64N(int64(2*jumpMost)))-jumpMost)
		s.wait(50*time.Millisecond, 500*time.Millisecond)
		setClock(t, file, 0)
	})
}
