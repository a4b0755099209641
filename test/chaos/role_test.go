//go:build unix

package chaos_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	nats "github.com/nats-io/nats-server/v2/server"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/platform/clock"
)

// This test binary is also other programs: what a test needs as a process of its own and no command of the product is.
const (
	roleVariable = "TONGBAO_CHAOS_ROLE"
	partVariable = "TONGBAO_CHAOS_PART" // what the role is told, as JSON

	roleLinger = "linger" // starts a child and waits
	roleNATS   = "nats"   // a NATS server that keeps its streams on disk
	roleNode   = "node"   // `tongbao serve` with a clock that can be moved
)

// role plays what the environment asks for; false when it asks for nothing.
func role() (played bool, err error) {
	switch name := os.Getenv(roleVariable); name {
	case "":
		return false, nil
	case roleLinger:
		return true, linger()
	case roleNATS:
		return true, serveNATS()
	case roleNode:
		return true, serveNode()
	default:
		return true, fmt.Errorf("no role is called %q", name)
	}
}

// playRole starts this binary in a role, and waits until it says that it is ready.
func playRole(t *testing.T, name string, part any) *process {
	t.Helper()
	text, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0]) //nolint:gosec // this very program
	c.Env = append(os.Environ(), roleVariable+"="+name, partVariable+"="+string(text))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, c)
	ready := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n') // at the end of the process an empty line
		ready <- line
	}()
	select {
	case line := <-ready:
		if line != "ready\n" {
			t.Fatalf("%s did not start: %q\n%s", name, line, p.errors)
		}
	case <-time.After(startPatience):
		t.Fatalf("%s is not ready after %s\n%s", name, startPatience, p.errors)
	}
	return p
}

// told reads what the role was told.
func told(part any) error { return json.Unmarshal([]byte(os.Getenv(partVariable)), part) }

func untilAsked() context.Context {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) //nolint:gosec // until the process ends
	return ctx
}

func linger() error {
	child := exec.Command("sleep", "600")
	child.SysProcAttr = &syscall.SysProcAttr{}
	bind(child.SysProcAttr)
	if err := onParent(child.Start); err != nil {
		return err
	}
	fmt.Println(child.Process.Pid)
	return child.Wait()
}

// natsPart is where a NATS server listens and keeps its files.
type natsPart struct{ Address, Folder string }

func serveNATS() error {
	var part natsPart
	if err := told(&part); err != nil {
		return err
	}
	host, text, err := net.SplitHostPort(part.Address)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	s, err := nats.NewServer(&nats.Options{
		ServerName: "chaos", Host: host, Port: port, NoSigs: true, NoLog: true, JetStream: true, StoreDir: part.Folder,
		SyncInterval: time.Second, // as docs/domains/bus.md asks of a cluster
	})
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(startPatience) {
		return errors.New("the NATS server is not ready")
	}
	fmt.Println("ready")
	<-untilAsked().Done()
	s.Shutdown()
	return nil
}

// nodePart is a node's settings and the file that says how far its clock is off.
type nodePart struct {
	Config app.Config
	Offset string
}

func serveNode() error {
	var part nodePart
	if err := told(&part); err != nil {
		return err
	}
	ctx := untilAsked()
	c := &movable{}
	go c.follow(ctx, part.Offset)
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return app.Serve(ctx, part.Config, app.Options{Clock: c, Log: log}, func(*app.Bank, app.Addresses) { fmt.Println("ready") })
}

// movable is the machine's clock, moved by what a file says.
type movable struct{ offset atomic.Int64 }

// Now implements clock.Clock. Like a real clock that somebody has set, it has no memory of what it said before.
func (m *movable) Now() time.Time {
	return clock.System().Now().Round(0).Add(time.Duration(m.offset.Load()))
}

func (m *movable) follow(ctx context.Context, file string) {
	for ctx.Err() == nil {
		if text, err := os.ReadFile(file); err == nil {
			if offset, err := time.ParseDuration(strings.TrimSpace(string(text))); err == nil {
				m.offset.Store(int64(offset))
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// setClock moves the clock of the bank's nodes that follow a file.
func setClock(t *testing.T, file string, offset time.Duration) {
	t.Helper()
	temporary := file + ".new"
	if err := os.WriteFile(temporary, []byte(offset.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(temporary, file); err != nil {
		t.Fatal(err)
	}
}

// settings of a node that this binary serves.
func (b *bank) config(t *testing.T, database string) app.Config {
	t.Helper()
	return app.Config{
		Data: b.data, Keys: b.keys, Checkpoints: filepath.Join(b.keys, "checkpoints"), Database: database, Demo: true,
		Listen: freeAddress(t), ConsoleListen: "127.0.0.1:0", MetricsListen: "127.0.0.1:0",
		BankName: "通宝银行", AccountPrefix: "621700", Timezone: "Asia/Shanghai",
	}
}
