package once_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
)

// tried claims keys and says what came of it and how long it took.
func tried(t *testing.T, d *db.DB, keys ...once.Key) (took time.Duration, err error) {
	t.Helper()
	begin := time.Now()
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := once.Claimed(t.Context(), tx, keys)
		return err
	})
	return time.Since(begin), err
}

func TestASecondUseWaitsTwoSecondsAtMostForTheFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{once.Migrations()}, func(t *testing.T, d *db.DB) {
		if !d.ManyWriters() {
			return // the second does not get as far as a transaction
		}
		held, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- d.Write(context.WithoutCancel(t.Context()), func(tx *db.Tx) error {
				_, err := once.Claimed(t.Context(), tx, []once.Key{key("k", "a", "e1")})
				close(held)
				<-end
				return err
			})
		}()
		<-held
		if took, err := tried(t, d, key("k", "a", "e2")); !errors.Is(err, once.ErrRunning) || took < time.Second || took > 2500*time.Millisecond {
			t.Errorf("alone: %v after %s", err, took)
		}
		// With others it is no verdict about them: the batch is split, and soon.
		others := key("other", "a", "e3")
		others.Principal = "cust_b"
		if took, err := tried(t, d, key("k", "a", "e2"), others); fault.KindOf(err) != fault.Internal || took > time.Second {
			t.Errorf("with another: %v after %s", err, took)
		}
		if _, err := tried(t, d, others); err != nil {
			t.Errorf("the other alone: %v", err)
		}
		time.AfterFunc(200*time.Millisecond, func() { close(end) })
		if got := claim(t, d, key("k", "a", "e2"))[0]; got.First || got.Entity != "e1" || got.Err != nil {
			t.Errorf("the first ended in time: %+v", got)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestUsesOfOneKeyOnANodeTakeTurns(t *testing.T) {
	t.Parallel()
	var turns once.Turns
	done, err := turns.Take(t.Context(), key("k", "a", "e1"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := turns.Take(t.Context(), key("l", "a", "e1"))
	if err != nil {
		t.Fatalf("another key waits: %v", err)
	}
	other()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns.Take(gone, key("k", "a", "e2")); !errors.Is(err, context.Canceled) {
		t.Errorf("who is gone: %v", err)
	}
	begin := time.Now()
	if _, err := turns.Take(t.Context(), key("k", "b", "e2")); !errors.Is(err, once.ErrRunning) || time.Since(begin) < 1900*time.Millisecond || time.Since(begin) > 3*time.Second {
		t.Errorf("%v after %s", err, time.Since(begin))
	}
	time.AfterFunc(50*time.Millisecond, done)
	for range 2 {
		done, err := turns.Take(t.Context(), key("k", "a", "e2"))
		if err != nil {
			t.Fatal(err)
		}
		done()
	}
}
