package batch

import "sync"

const (
	besidePart = 8 // a batch runs beside another when it would be at least an eighth of a full one
	passesMost = 3 // how often an act is left behind before those after it that share a key wait for it
	lookedMost = 8 // batches' worth of acts that are looked through for one batch
)

// queue holds the acts that wait, in the order in which they came, and knows what the batches under way have locked.
type queue[Q, R any] struct {
	keys func(Q) []string
	size int // of a batch
	most int // acts that may wait

	mu      sync.Mutex
	changed *sync.Cond
	waiting []*waiting[Q, R]
	ready   int // of them meet nothing that was locked when it was last looked at
	running int // batches under way
	locked  map[string]bool
	closed  bool
}

func newQueue[Q, R any](o Options, keys func(Q) []string) *queue[Q, R] {
	q := &queue[Q, R]{keys: keys, size: o.Size, most: o.Queue, locked: make(map[string]bool)}
	if o.Workers == 1 {
		q.keys = nil // nothing runs beside it
	}
	q.changed = sync.NewCond(&q.mu)
	return q
}

func (q *queue[Q, R]) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// put appends an act, or refuses it with ErrFull or ErrClosed.
func (q *queue[Q, R]) put(w *waiting[Q, R]) error {
	if q.keys != nil {
		w.keys = q.keys(w.request)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case len(q.waiting) >= q.most:
		return ErrFull
	}
	q.waiting = append(q.waiting, w)
	if !meets(w.keys, q.locked) {
		q.ready++
	}
	if q.worth(q.ready) {
		q.changed.Signal()
	}
	return nil
}

// worth says whether so many acts make a batch: any number when none is under way, else enough to pay for the round
// trips of one more. Fewer wait for the batch under way.
func (q *queue[Q, R]) worth(acts int) bool {
	return acts > 0 && (q.running == 0 || acts >= q.size/besidePart)
}

// take waits for acts that may run now and locks their keys; none when the queue was closed.
func (q *queue[Q, R]) take() []*waiting[Q, R] {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed {
		if q.worth(q.ready) {
			if group := q.gather(); len(group) > 0 {
				return group
			}
		}
		q.changed.Wait()
	}
	return nil
}

// gather takes what waits already and shares no key with a batch under way; who has gone away is left out.
func (q *queue[Q, R]) gather() []*waiting[Q, R] {
	group, left := q.choose()
	if q.ready = len(group); !q.worth(len(group)) {
		return nil
	}
	clear(q.waiting[copy(q.waiting, left):])
	q.waiting, q.ready = q.waiting[:len(left)], 0
	for _, w := range group {
		add(q.locked, w.keys)
	}
	q.running++
	return group
}

// choose parts those who may run now from those who are left.
func (q *queue[Q, R]) choose() (group, left []*waiting[Q, R]) {
	var reserved map[string]bool // by acts that were left behind too often
	for i, w := range q.waiting {
		if len(group) == q.size || i == lookedMost*q.size {
			return group, append(left, q.waiting[i:]...)
		}
		switch {
		case w.ctx.Err() != nil:
		case meets(w.keys, q.locked) || meets(w.keys, reserved):
			if w.passed++; w.passed > passesMost {
				reserved = add(reserved, w.keys)
			}
			left = append(left, w)
		default:
			group = append(group, w)
		}
	}
	return group, left
}

func meets(keys []string, in map[string]bool) bool {
	for _, k := range keys {
		if in[k] {
			return true
		}
	}
	return false
}

func add(to map[string]bool, keys []string) map[string]bool {
	if to == nil {
		to = make(map[string]bool)
	}
	for _, k := range keys {
		to[k] = true
	}
	return to
}

// free lets others have what a batch had locked.
func (q *queue[Q, R]) free(group []*waiting[Q, R]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range group {
		for _, k := range w.keys {
			delete(q.locked, k)
		}
	}
	q.running--
	q.ready = len(q.waiting) // to be looked at again
	q.changed.Broadcast()
}

// close refuses what waits, and what comes.
func (q *queue[Q, R]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, w := range q.waiting {
		w.done <- Outcome[R]{Err: ErrClosed}
	}
	q.waiting = nil
	q.changed.Broadcast()
}
