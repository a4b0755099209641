package batch_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

var errOdd = fault.New(fault.Rejected, "test.odd")

func TestActsThatArriveDuringACommitShareTheNextOne(t *testing.T) {
	t.Parallel()
	var commits atomic.Int64
	release := make(chan struct{})
	b := batch.New(dbtest.SQLite(t), batch.Options{}, nil, func(_ context.Context, _ *db.Tx, in []int) ([]batch.Outcome[int], error) {
		if commits.Add(1) == 1 {
			<-release
		}
		out := make([]batch.Outcome[int], len(in))
		for i, n := range in {
			out[i].Value = n * 2
			if n%2 == 1 {
				out[i].Err = errOdd
			}
		}
		return out, nil
	})
	defer b.Close()
	var wg sync.WaitGroup
	var queued sync.WaitGroup
	for n := range 100 {
		queued.Add(1)
		wg.Go(func() {
			queued.Done()
			got, err := b.Do(t.Context(), n)
			if n%2 == 1 && !errors.Is(err, errOdd) || n%2 == 0 && (err != nil || got != 2*n) {
				t.Errorf("%d → %d, %v", n, got, err)
			}
		})
	}
	queued.Wait()
	close(release)
	wg.Wait()
	if c := commits.Load(); c >= 100 {
		t.Errorf("%d commits for 100 acts: nothing was shared", c)
	}
}

func TestOnePoisonousActFailsAlone(t *testing.T) {
	t.Parallel()
	poison := errors.New("poison")
	started := make(chan struct{})
	var first sync.Once
	b := batch.New(dbtest.SQLite(t), batch.Options{}, nil, func(_ context.Context, _ *db.Tx, in []int) ([]batch.Outcome[int], error) {
		first.Do(func() { <-started })
		for _, n := range in {
			if n == 13 {
				return nil, poison
			}
		}
		return make([]batch.Outcome[int], len(in)), nil
	})
	defer b.Close()
	var wg sync.WaitGroup
	for n := range 32 {
		wg.Go(func() {
			_, err := b.Do(t.Context(), n)
			if (n == 13) != errors.Is(err, poison) || n != 13 && err != nil {
				t.Errorf("%d: %v", n, err)
			}
		})
	}
	close(started)
	wg.Wait()
}

func TestAFullQueueRefusesAtOnceAndAClosedOneToo(t *testing.T) {
	t.Parallel()
	inside, release := make(chan struct{}), make(chan struct{})
	b := batch.New(dbtest.SQLite(t), batch.Options{Queue: 1, Size: 1}, nil, func(_ context.Context, _ *db.Tx, in []int) ([]batch.Outcome[int], error) {
		if in[0] == 0 {
			close(inside)
			<-release
		}
		return make([]batch.Outcome[int], len(in)), nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = b.Do(t.Context(), 0) })
	<-inside
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = b.Do(gone, 1) // stays in the queue
	if _, err := b.Do(t.Context(), 2); !errors.Is(err, batch.ErrFull) {
		t.Errorf("err = %v", err)
	}
	close(release)
	wg.Wait()
	b.Close()
	if _, err := b.Do(t.Context(), 3); !errors.Is(err, batch.ErrClosed) {
		t.Errorf("err = %v", err)
	}
}

func TestAnActThatPanicsFailsAloneAndTheNodeLives(t *testing.T) {
	t.Parallel()
	b := batch.New(dbtest.SQLite(t), batch.Options{}, nil, func(_ context.Context, _ *db.Tx, in []int) ([]batch.Outcome[int], error) {
		for _, n := range in {
			if n == 13 {
				panic("no such thing")
			}
		}
		return make([]batch.Outcome[int], len(in)), nil
	})
	defer b.Close()
	var wg sync.WaitGroup
	for n := range 32 {
		wg.Go(func() {
			if _, err := b.Do(t.Context(), n); (n == 13) != (fault.KindOf(err) == fault.Internal && err != nil) {
				t.Errorf("%d: %v", n, err)
			}
		})
	}
	wg.Wait()
	if _, err := b.Do(t.Context(), 1); err != nil {
		t.Errorf("after the panic: %v", err)
	}
}

func TestBatchesUnderWayShareNoKeyAndNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		locked := make(map[string]bool)
		keys := func(n int) []string { return []string{strconv.Itoa(n % 7), strconv.Itoa(n % 11)} }
		change := func(in []int, to bool) {
			mu.Lock()
			defer mu.Unlock()
			mine := make(map[string]bool)
			for _, n := range in {
				for _, k := range keys(n) {
					if to && locked[k] && !mine[k] {
						t.Errorf("%s is locked twice", k)
					}
					locked[k], mine[k] = to, true
				}
			}
		}
		b := batch.New(d, batch.Options{Workers: 3, Size: 4}, keys, func(_ context.Context, _ *db.Tx, in []int) ([]batch.Outcome[int], error) {
			change(in, true)
			time.Sleep(time.Millisecond)
			change(in, false)
			return make([]batch.Outcome[int], len(in)), nil
		})
		var wg sync.WaitGroup
		for n := range 300 {
			wg.Go(func() {
				if _, err := b.Do(t.Context(), n); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b.Close()
	})
}
