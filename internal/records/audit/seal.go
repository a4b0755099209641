package audit

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	sealEvery    = 500 * time.Millisecond
	outsideEvery = 10 * time.Second
	sealMax      = 2048             // records of one run
	runsMax      = 1000             // runs of one call of Seal
	lastWords    = 10 * time.Second // for the last run when the node stops
)

// Sealed says what a call of Seal did.
type Sealed struct {
	Records int        // that got their place in the log
	Strange []id.Audit // those among them whose MAC is not the bank's: somebody else wrote or changed them. An alarm
}

// Start runs the sealer until Close. Every node may run one: they take turns at a locked row, so that the log has one
// sealer at a time, and a node that dies leaves nothing behind.
func (l *Log) Start(ctx context.Context) {
	if l.started.CompareAndSwap(false, true) {
		go l.run(context.WithoutCancel(ctx))
	}
}

// Close seals what waits, publishes the last checkpoint and stops the sealer, if it was started.
func (l *Log) Close() {
	if l.started.Load() {
		l.closing.Do(func() { close(l.stop) })
		<-l.stopped
	}
}

func (l *Log) run(ctx context.Context) {
	defer close(l.stopped)
	every, outside := time.NewTicker(l.o.Every), time.NewTicker(l.o.Outside)
	defer every.Stop()
	defer outside.Stop()
	for {
		select {
		case <-every.C:
			l.sealOrTell(ctx)
		case <-outside.C:
			l.publishOrTell(ctx)
		case <-l.stop:
			last, cancel := context.WithTimeout(ctx, lastWords)
			defer cancel()
			l.sealOrTell(last)
			l.publishOrTell(last)
			return
		}
	}
}

func (l *Log) sealOrTell(ctx context.Context) {
	sealed, err := l.Seal(ctx)
	if err != nil {
		l.o.Logger.ErrorContext(ctx, "audit records not sealed", "err", err)
	}
	for _, record := range sealed.Strange {
		l.o.Logger.ErrorContext(ctx, "audit record without the bank's authentication", "record", string(record))
	}
}

func (l *Log) publishOrTell(ctx context.Context) {
	if err := l.Publish(ctx); err != nil {
		l.o.Logger.ErrorContext(ctx, "audit checkpoint not kept outside", "err", err)
	}
}

// Seal gives every record that waits its place in the log, and signs a checkpoint for each run.
func (l *Log) Seal(ctx context.Context) (Sealed, error) {
	var total Sealed
	for range runsMax {
		waits, err := l.waits(ctx)
		if err != nil || !waits {
			return total, err
		}
		var some Sealed
		err = l.db.Write(ctx, func(tx *db.Tx) (err error) {
			some, err = l.sealSome(ctx, tx)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("seal audit records: %w", err)
		}
		total.Records += some.Records
		total.Strange = append(total.Strange, some.Strange...)
		if some.Records < sealMax {
			return total, nil
		}
	}
	return total, nil
}

// waits looks without locking anything: most runs of an idle bank end here.
func (l *Log) waits(ctx context.Context) (waits bool, err error) {
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		waits, err = anyPending(ctx, tx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for audit records that wait: %w", err)
	}
	return waits, nil
}

// sealSome is one run. A record whose MAC is wrong is sealed as it is: that keeps the evidence, and one bad row cannot
// stop the log. Verify names it.
func (l *Log) sealSome(ctx context.Context, tx *db.Tx) (Sealed, error) {
	size, err := lockHead(ctx, tx)
	if err != nil {
		return Sealed{}, err
	}
	rows, err := claimPending(ctx, tx, sealMax)
	if err != nil || len(rows) == 0 {
		return Sealed{}, err
	}
	known, err := hashesAt(ctx, tx, edge(size))
	if err != nil {
		return Sealed{}, err
	}
	t := newTree(size, known)
	sealed := Sealed{Records: len(rows)}
	for i := range rows {
		rows[i].leaf = t.size
		if _, err := t.grow(rows[i].hash()); err != nil {
			return Sealed{}, err
		}
		if !l.genuine(rows[i]) {
			sealed.Strange = append(sealed.Strange, rows[i].id)
		}
	}
	root, err := t.root()
	if err != nil {
		return Sealed{}, err
	}
	signed, err := l.sign(t.size, root)
	if err != nil {
		return Sealed{}, err
	}
	return sealed, insertSealed(tx, rows, t.added, signed)
}

// genuine reports whether the bank wrote the record as it stands.
func (l *Log) genuine(r row) bool {
	return l.ring.VerifyMAC(crypto.Audit, r.macKey, r.mac, r.parts()...)
}

// hashesAt reads stored hashes by position.
func hashesAt(ctx context.Context, tx *db.Tx, positions []int64) (map[int64]tlog.Hash, error) {
	rows := db.NewRows(len(positions))
	for _, p := range positions {
		rows.Add(p)
	}
	return readHashes(ctx, tx, rows)
}

// Lag is how far the sealer is behind.
type Lag struct {
	Waiting int64         // records without a place in the log
	Oldest  time.Duration // age of the oldest of them
}

// Lag looks how far the sealer is behind: more than a few seconds means that no node seals.
func (l *Log) Lag(ctx context.Context) (Lag, error) {
	var lag Lag
	err := l.db.Read(ctx, func(tx *db.Tx) error {
		count, oldest, err := pendingAge(ctx, tx)
		lag.Waiting = count
		if !oldest.IsZero() {
			lag.Oldest = tx.Now().Sub(oldest)
		}
		return err
	})
	if err != nil {
		return Lag{}, fmt.Errorf("read lag of the audit log: %w", err)
	}
	return lag, nil
}
