//go:build unix

package chaos_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/clock"
)

func TestMain(m *testing.M) {
	if err := bindSelf(); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
	if played, err := role(); played {
		if err != nil {
			fmt.Fprintln(os.Stderr, "chaos:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	status := m.Run()
	if name, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(name)) // temporary
	}
	apptest.RemoveRing()
	os.Exit(status)
}

// long says whether there is time for every scenario, and for longer.
func long() bool { return os.Getenv("TONGBAO_TEST_LONG") != "" }

// roundsOr is how often a thing breaks.
func roundsOr(t *testing.T, short int) int {
	t.Helper()
	if text := os.Getenv("CHAOS_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("CHAOS_ROUNDS=%s", text)
		}
		return n
	}
	if long() {
		return 4 * short
	}
	return short
}

// seedOf draws the seed of a test, or takes it from CHAOS_SEED.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(clock.System().Now().UnixNano()) //nolint:gosec // any number will do
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("CHAOS_SEED: %v", err)
		}
	}
	t.Logf("seed %d: CHAOS_SEED=%d go test ./test/chaos -run '^%s$'", seed, seed, t.Name())
	return seed
}

func needsTime(t *testing.T) {
	t.Helper()
	if !long() {
		t.Skip("long form: TONGBAO_TEST_LONG=1, or make chaos")
	}
}

// lively is how many payments must be acknowledged before a thing breaks, and after it was mended.
const lively = 20

// scene is a bank in which people pay while something breaks.
type scene struct {
	*bank
	t       *testing.T
	traffic *traffic
}

// play lets people pay, breaks things, and counts. It ends with all nodes running.
func play(t *testing.T, b *bank, database string, rounds int, breakIt func(s *scene)) {
	t.Helper()
	s := &scene{bank: b, t: t, traffic: begin(t, b)}
	s.traffic.until(lively)
	for range rounds {
		breakIt(s)
		s.traffic.until(lively)
	}
	s.traffic.finish()
	count(t, b, s.traffic, database)
	for _, n := range b.nodes {
		n.process.stop(t)
	}
	b.nodes[0].verify(t)
}

// killNode kills one node while it works, and starts it again a moment later.
func (s *scene) killNode(n *node) {
	s.wait(50*time.Millisecond, 800*time.Millisecond)
	n.process.kill()
	s.wait(10*time.Millisecond, 300*time.Millisecond)
	n.start(s.t)
}

func TestANodeOnSQLiteIsKilled(t *testing.T) {
	seed, database := seedOf(t), sqlite(t)
	b := found(t, seed, database)
	n := b.node(t, database)
	play(t, b, database, roundsOr(t, 2), func(s *scene) { s.killNode(n) })
}

func TestANodeOnPostgreSQLIsKilled(t *testing.T) {
	seed, server := seedOf(t), postgres(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	n := b.node(t, database)
	play(t, b, database, roundsOr(t, 2), func(s *scene) { s.killNode(n) })
}

func TestPostgreSQLIsKilled(t *testing.T) {
	seed, server := seedOf(t), postgres(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	b.node(t, database)
	play(t, b, database, roundsOr(t, 2), func(s *scene) {
		s.wait(50*time.Millisecond, 800*time.Millisecond)
		server.kill()
		s.wait(10*time.Millisecond, time.Second)
		server.start(t)
	})
}

func TestThePostgreSQLConnectionIsCut(t *testing.T) {
	needsTime(t)
	seed, server := seedOf(t), postgres(t)
	server.create(t, "bank")
	w := lay(t, server.address)
	b := found(t, seed, server.url("bank"))
	b.node(t, through(w.address(), "bank"))
	play(t, b, server.url("bank"), roundsOr(t, 8), func(s *scene) {
		s.wait(10*time.Millisecond, 400*time.Millisecond)
		w.cut()
		s.wait(time.Millisecond, 300*time.Millisecond)
		w.mend()
	})
}

func TestPostgreSQLStandsStillForLongerThanAnybodyWaits(t *testing.T) {
	needsTime(t)
	seed, server := seedOf(t), postgres(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	b.node(t, database)
	play(t, b, database, roundsOr(t, 1), func(s *scene) {
		s.wait(50*time.Millisecond, 800*time.Millisecond)
		server.signal(syscall.SIGSTOP)
		s.wait(2*answerPatience, 3*answerPatience)
		server.signal(syscall.SIGCONT)
	})
}

func TestOneOfTwoNodesOnOnePostgreSQLIsKilled(t *testing.T) {
	needsTime(t)
	seed, server := seedOf(t), postgres(t)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	b.node(t, database)
	b.node(t, database)
	play(t, b, database, roundsOr(t, 2), func(s *scene) {
		s.killNode(b.nodes[s.chance.IntN(len(b.nodes))])
	})
}
