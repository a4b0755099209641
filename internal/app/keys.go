package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// ringEvery is how often a node looks whether keys were distributed to it.
const ringEvery = 5 * time.Second

// Refusals to retire a key.
var (
	errAuditKey = errors.New("keys of the audit log are never retired: old records could not be told from forged ones")
	errPINKey   = errors.New("payment PINs still hang on this key: each moves when it is next right")
)

// MovedKeys says what was moved to the keys in use.
type MovedKeys struct {
	Wrapped   int   // data keys
	Contacts  int64 // phones and mail addresses
	Customers int64 // ID numbers
	Accounts  int64 // account numbers
}

// String is the report of the command.
func (m MovedKeys) String() string {
	return fmt.Sprintf("%d data keys wrapped, %d contacts, %d ID numbers and %d account numbers indexed under the keys in use", m.Wrapped, m.Contacts, m.Customers, m.Accounts)
}

// MoveKeys wraps all data keys and writes all blind indexes under the keys in use, in short transactions while the bank
// is served. It may be repeated.
func (b *Bank) MoveKeys(ctx context.Context) (MovedKeys, error) {
	var m MovedKeys
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"wrap data keys", func() (err error) { m.Wrapped, err = b.Vault.Rewrap(ctx, b.DB); return err }},
		{"index contacts", func() (err error) { m.Contacts, err = b.Auth.Reindex(ctx); return err }},
		{"index ID numbers", func() (err error) { m.Customers, err = b.Customers.Reindex(ctx); return err }},
		{"index account numbers", func() (err error) { m.Accounts, err = b.Deposits.Reindex(ctx); return err }},
	} {
		if err := step.do(); err != nil {
			return m, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return m, nil
}

// moveOldKeys is the nightly form: it does nothing unless a rotation is under way.
func (b *Bank) moveOldKeys(ctx context.Context) error {
	if len(b.Ring.Keys(crypto.Wrap)) < 2 && len(b.Ring.Keys(crypto.Index)) < 2 {
		return nil
	}
	_, err := b.MoveKeys(ctx)
	return err
}

// MoveKeys moves a bank's rows to the keys in use, whether the bank is being served or not.
func MoveKeys(ctx context.Context, c Config, log *slog.Logger) (MovedKeys, error) {
	b, err := New(ctx, c, Options{Log: log, Quiet: true})
	if err != nil {
		return MovedKeys{}, err
	}
	defer b.Close()
	return b.MoveKeys(ctx)
}

// RetireKey destroys a key that is not in use any more, after it has moved what only this key could read.
func RetireKey(ctx context.Context, c Config, log *slog.Logger, p crypto.Purpose, key string) error {
	if p == crypto.Audit {
		return errAuditKey
	}
	b, err := New(ctx, c, Options{Log: log, Quiet: true})
	if err != nil {
		return err
	}
	defer b.Close()
	switch p {
	case crypto.Wrap, crypto.Index:
		if _, err := b.MoveKeys(ctx); err != nil {
			return err
		}
	case crypto.PIN:
		var left int64
		err := b.DB.Read(ctx, func(tx *db.Tx) error {
			left, err = b.Auth.PINsUnder(ctx, tx, key)
			return err
		})
		if err != nil {
			return err
		}
		if left > 0 {
			return fmt.Errorf("%w: %d of them", errPINKey, left)
		}
	}
	return b.Ring.Retire(p, key)
}

// watchRing reads the ring again whenever its files change, until ctx ends: keys that are staged, rotated or retired by
// command, or distributed as secrets are, reach a running node within seconds. A folder that cannot be read, or is only half
// written, changes nothing.
func (b *Bank) watchRing(ctx context.Context, every time.Duration) {
	seen := ringState(b.Ring.Dir())
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := ringState(b.Ring.Dir())
		if now == seen {
			continue
		}
		if err := b.Ring.Reload(); err != nil {
			b.Log.Error("keys changed and cannot be read: the old ones go on", slog.Any("err", err))
			continue // and tries again: seen stays
		}
		seen = now
		b.Log.Info("keys were read again")
	}
}

// ringState tells one state of the ring's files from another.
func ringState(folder string) string {
	files, err := os.ReadDir(folder)
	if err != nil {
		return "" // Reload says why
	}
	var state strings.Builder
	for _, f := range files {
		if about, err := os.Stat(filepath.Join(folder, f.Name())); err == nil && about.Mode().IsRegular() { // mounted secrets are links
			fmt.Fprintf(&state, "%s %d %d\n", f.Name(), about.ModTime().UnixNano(), about.Size())
		}
	}
	return state.String()
}
