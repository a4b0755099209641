package once

import (
	"context"
	"sync"
	"time"
)

// How long a second use of a key waits for the first: two seconds at most, whichever way it comes. The database is given
// less, because a batch that waits for one key of many is split until that key is alone, and waits a little at each split.
const (
	waitMost     = 2 * time.Second
	waitAlone    = 1500 * time.Millisecond
	waitTogether = 50 * time.Millisecond
)

// Turns lets the uses of one key on this node take turns before they reach the database. The zero value is ready.
type Turns struct {
	mu      sync.Mutex
	running map[scope]chan struct{}
}

// Take begins a use of a key; done ends it. A use that finds another one waits until that is done, two seconds at most:
// ErrRunning, or what ended ctx. Those that waited go on together: they find what the first made.
func (t *Turns) Take(ctx context.Context, k Key) (done func(), err error) {
	of := k.scope()
	t.mu.Lock()
	before, taken := t.running[of]
	if !taken {
		mine := make(chan struct{})
		if t.running == nil {
			t.running = make(map[scope]chan struct{})
		}
		t.running[of] = mine
		t.mu.Unlock()
		return func() { t.end(of, mine) }, nil
	}
	t.mu.Unlock()
	patience := time.NewTimer(waitMost)
	defer patience.Stop()
	select {
	case <-before:
		return func() {}, nil
	case <-patience.C:
		return nil, ErrRunning
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *Turns) end(of scope, mine chan struct{}) {
	t.mu.Lock()
	delete(t.running, of)
	t.mu.Unlock()
	close(mine)
}
