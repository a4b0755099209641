//go:build unix

package chaos_test

import (
	"io"
	"net"
	"sync"
	"testing"
)

// wire carries connections to a server, until it is cut.
type wire struct {
	to       string
	listener net.Listener

	mu     sync.Mutex
	inside map[net.Conn]struct{}
	broken bool
}

// lay lays a wire to an address.
func lay(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{to: to, listener: l, inside: make(map[net.Conn]struct{})}
	go w.accept()
	t.Cleanup(func() {
		_ = l.Close() // the test is over
		w.cut()
	})
	return w
}

func (w *wire) address() string { return w.listener.Addr().String() }

func (w *wire) accept() {
	for {
		from, err := w.listener.Accept()
		if err != nil {
			return
		}
		go w.carry(from)
	}
}

func (w *wire) carry(from net.Conn) {
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		reset(from)
		return
	}
	if !w.keep(from, to) {
		reset(from)
		reset(to)
		return
	}
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1]) // ends when either end is gone
			_ = from.Close()
			_ = to.Close()
		})
	}
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.inside, from)
	delete(w.inside, to)
}

func (w *wire) keep(all ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken {
		return false
	}
	for _, c := range all {
		w.inside[c] = struct{}{}
	}
	return true
}

// cut resets every connection, in the middle of whatever they say; new ones are reset until mend.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = true
	for c := range w.inside {
		reset(c)
	}
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = false
}

// reset closes without a good-bye: the other side sees a reset, and what was under way is lost.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // best effort, as is the rest
	}
	_ = c.Close()
}
