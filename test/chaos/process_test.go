//go:build unix

package chaos_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	startPatience = 60 * time.Second // on a busy machine
	stopPatience  = 20 * time.Second
)

// binary is built once for all tests of the package, from these sources.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "tongbao-chaos-")
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "tongbao")
	build := exec.Command("go", "build", "-o", name, "./cmd/tongbao")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return name, fmt.Errorf("build: %w\n%s", err, out)
	}
	return name, nil
})

// process is a child in a process group of its own, so that a kill takes all of it. It dies with this process, however
// that ends.
type process struct {
	*exec.Cmd
	errors *tail
	ended  chan struct{}
}

// parent starts all children on one thread that never ends: where a child dies with its parent, that is the thread which
// started it.
var parent = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for do := range work {
			do()
		}
	}()
	return work
})

func onParent(do func() error) error {
	done := make(chan error)
	parent() <- func() { done <- do() }
	return <-done
}

// launch starts a command; it is killed when the test ends, if it has not been before.
func launch(t *testing.T, c *exec.Cmd) *process {
	t.Helper()
	p := &process{Cmd: c, errors: &tail{}, ended: make(chan struct{})}
	c.Stderr = p.errors
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	c.SysProcAttr.Setpgid = true
	bind(c.SysProcAttr)
	if err := onParent(c.Start); err != nil {
		t.Fatalf("start %s: %v", c.Path, err)
	}
	go func() {
		_ = c.Wait() // killed, as a rule
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

func (p *process) signal(s syscall.Signal) { _ = syscall.Kill(-p.Process.Pid, s) } // it may have gone

// kill is kill -9 of the whole group, and waits until it is gone.
func (p *process) kill() {
	select {
	case <-p.ended: // its id may be another's by now
	default:
		p.signal(syscall.SIGKILL)
		<-p.ended
	}
}

// stop asks to end, as an operator does.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.signal(syscall.SIGINT)
	select {
	case <-p.ended:
	case <-time.After(stopPatience):
		t.Errorf("%s does not stop\n%s", p.Path, p.errors)
		p.kill()
	}
}

// tail keeps the end of what a process says.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 8 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailBytes; over > 0 {
		t.text = bytes.Clone(t.text[over:])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// node is one `tongbao serve`. It keeps its address when it is started again.
type node struct {
	bank     *bank
	database string
	listen   string
	data     string
	more     []string // flags beside those that all have
	process  *process
}

func (b *bank) node(t *testing.T, database string, more ...string) *node {
	t.Helper()
	n := &node{bank: b, database: database, listen: freeAddress(t), data: b.data, more: more}
	if len(b.nodes) > 0 { // its own events are kept apart; the data are in the database
		n.data = fmt.Sprintf("%s-%d", b.data, len(b.nodes)+1)
	}
	b.nodes = append(b.nodes, n)
	n.start(t)
	return n
}

func (n *node) url() string { return "http://" + n.listen }

// start begins to serve, and returns when it is ready.
func (n *node) start(t *testing.T) {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(name, append([]string{
		"serve", "--demo", "--customers", "5", "--rate-scale", "0", "--log-level", "warn",
		"--listen", n.listen, "--console-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
	}, append(n.settings(), n.more...)...)...)
	c.Env = append(os.Environ(), "TONGBAO_READY_JSON=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	n.process = launch(t, c)
	ready := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n') // at the end of the process an empty line
		ready <- line
	}()
	select {
	case line := <-ready:
		if !strings.Contains(line, `"ready":true`) {
			t.Fatalf("the node did not start: %q\n%s", line, n.process.errors)
		}
	case <-time.After(startPatience):
		t.Fatalf("the node is not ready after %s\n%s", startPatience, n.process.errors)
	}
}

func (n *node) settings() []string {
	return []string{"--data", n.data, "--keys", n.bank.keys, "--database", n.database}
}

// verify runs `tongbao verify`, which recomputes books and audit log.
func (n *node) verify(t *testing.T) {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, append([]string{"verify", "--json", "--demo"}, n.settings()...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("tongbao verify: %v\n%s", err, out)
	}
	var report struct {
		Books struct{ Journals int64 }
		Audit struct{ From, Leaves int64 } // checked from there on; what is before it was checked by an earlier run
	}
	if err := json.Unmarshal(out, &report); err != nil || report.Books.Journals == 0 || report.Audit.From+report.Audit.Leaves == 0 {
		t.Errorf("tongbao verify found nothing to verify: %v\n%s", err, out)
	}
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // only its number is wanted
	return l.Addr().String()
}
