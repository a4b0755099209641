package payment_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/payment"
)

// hang keeps a person's PIN locked until end is called: whoever proves a payment by it stands still in the midst of his batch.
func (b *bank) hang(h *holder) (end func()) {
	b.Helper()
	locked, free, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- b.d.Write(context.WithoutCancel(b.Context()), func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), `UPDATE auth_pin SET failures = failures WHERE principal = $1`, h.id)
			close(locked)
			<-free
			return err
		})
	}()
	<-locked
	var once sync.Once
	end = func() {
		once.Do(func() {
			close(free)
			if err := <-ended; err != nil {
				b.Error(err)
			}
		})
	}
	b.Cleanup(end)
	return end
}

// sent is what came of an order that was sent by itself, and how long that took.
type sent struct {
	transfer payment.Transfer
	err      error
	took     time.Duration
}

// sending sends an order beside the test.
func (b *bank) sending(h *holder, o payment.Order) <-chan sent {
	done := make(chan sent, 1)
	go func() {
		begin := time.Now()
		seen, err := b.Send(context.WithoutCancel(b.Context()), h.by, o)
		done <- sent{seen.Transfer, err, time.Since(begin)}
	}()
	return done
}

// waits waits until so many acts stand in the line for the next batch.
func (b *bank) waits(acts int) {
	b.Helper()
	for until := time.Now().Add(5 * time.Second); b.Waiting() != acts; time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			b.Fatalf("%d acts wait, not %d", b.Waiting(), acts)
		}
	}
}

// eventually waits until a question of rows has a number for its answer.
func (b *bank) eventually(n int64, q string, args ...any) {
	b.Helper()
	for until := time.Now().Add(5 * time.Second); b.count(q, args...) < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			b.Fatalf("%s is %d, not %d", q, b.count(q, args...), n)
		}
	}
}

// Two nodes of one bank: the first hangs in the midst of li's payment, and his app repeats the order at the second, whose
// next batch it shares with others.
func TestAKeyThatAnotherNodeHangsOnIsRefusedSoonAndAloneInItsBatch(t *testing.T) {
	t.Parallel()
	address := dbtest.Postgres(t)
	first := newBank(t, address, true, batch.Options{})
	second := newNode(t, first, address, batch.Options{Workers: 1})
	li, wang, opener, zhao := first.holder(100_00, 1), first.holder(0, 1), first.holder(100_00, 1), first.holder(0, 1)
	others := make([]*holder, 7)
	for i := range others {
		others[i] = first.holder(100_00, 1)
	}
	stuck := first.order(first.check(li, draft(li, wang, 0, 10_00, payment.RealTime)))

	release := first.hang(li)
	atFirst := first.sending(li, stuck)
	first.eventually(1, waitingForLocks)

	// The second node is kept busy until all stand in one line: then they are one batch.
	releaseOpener := first.hang(opener)
	opening := second.sending(opener, first.order(first.check(opener, draft(opener, zhao, 0, 1_00, payment.RealTime))))
	first.eventually(2, waitingForLocks)
	var atSecond <-chan sent
	rest := make([]<-chan sent, len(others))
	for i, h := range others {
		if i == 3 {
			atSecond = second.sending(li, stuck) // in the middle: before some and after others
		}
		rest[i] = second.sending(h, first.order(first.check(h, draft(h, zhao, 0, 2_00, payment.RealTime))))
	}
	second.waits(len(others) + 1)
	begin := time.Now()
	releaseOpener()
	if got := <-opening; got.err != nil {
		t.Fatalf("who opens: %v", got.err)
	}
	for i, done := range rest {
		if got := <-done; got.err != nil || got.transfer.State != payment.Settled {
			t.Errorf("other %d: %s, %v", i, got.transfer.State, got.err)
		}
	}
	if got := <-atSecond; !errors.Is(got.err, once.ErrRunning) {
		t.Errorf("the key that hangs: %s, %v", got.transfer.State, got.err)
	}
	if took := time.Since(begin); took > 2500*time.Millisecond {
		t.Errorf("the batch took %s", took)
	}

	release()
	made := <-atFirst
	if made.err != nil || made.transfer.State != payment.Settled {
		t.Fatalf("the first use: %s, %v", made.transfer.State, made.err)
	}
	if again := <-second.sending(li, stuck); again.err != nil || again.transfer.ID != made.transfer.ID {
		t.Errorf("asked again: %s, %v; want %s", again.transfer.ID, again.err, made.transfer.ID)
	}
	if booked, _ := first.balance(li.accounts[0]); booked != 90_00 {
		t.Errorf("li has %d", booked)
	}
	first.verify()
}

// waitingForLocks counts the sessions of this test's own database that wait for a row of another's.
const waitingForLocks = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

// On one node, whichever the database, a second use is told after two seconds and the first is not disturbed.
func TestASecondUseOfAKeyOnOneNodeIsToldAfterTwoSeconds(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "bank.db") },
		"postgres": func(t *testing.T) string { return dbtest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBank(t, address(t), true, batch.Options{})
			li, wang := b.holder(100_00, 1), b.holder(0, 1)
			o := b.order(b.check(li, draft(li, wang, 0, 10_00, payment.RealTime)))
			release := b.hang(li)
			one, two := b.sending(li, o), b.sending(li, o)
			var told sent
			select { // whichever came second
			case told = <-one:
				one = two
			case told = <-two:
			}
			if !errors.Is(told.err, once.ErrRunning) || told.took < 1900*time.Millisecond || told.took > 3*time.Second {
				t.Errorf("%v after %s", told.err, told.took)
			}
			release()
			made := <-one
			if made.err != nil {
				t.Fatal(made.err)
			}
			if again := <-b.sending(li, o); again.err != nil || again.transfer.ID != made.transfer.ID {
				t.Errorf("asked again: %s, %v", again.transfer.ID, again.err)
			}
			if booked, _ := b.balance(li.accounts[0]); booked != 90_00 {
				t.Errorf("li has %d", booked)
			}
		})
	}
}
