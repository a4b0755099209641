package vault

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// stored is an owner's key as the database keeps it.
type stored struct {
	owner       string
	wrapped     []byte
	madeAt      time.Time
	destroyedAt time.Time
}

func (k stored) destroyed() bool { return !k.destroyedAt.IsZero() }

// key finds the key of an owner: remembered, or read and unwrapped.
func (v *Vault) key(ctx context.Context, tx *db.Tx, owner string) (crypto.DataKey, error) {
	if key, known := v.cache.Find(owner); known {
		return key, nil
	}
	erased := v.erasures()
	k, found, err := findKey(ctx, tx, owner)
	switch {
	case err != nil:
		return crypto.DataKey{}, fmt.Errorf("read data key: %w", err)
	case !found && owner == Bank:
		return v.create(ctx, tx, owner)
	case !found:
		return crypto.DataKey{}, fmt.Errorf("%w: %s", ErrNoKey, owner)
	case k.destroyed():
		return crypto.DataKey{}, ErrDestroyed
	}
	return v.unwrap(tx, k, erased)
}

func (v *Vault) create(ctx context.Context, tx *db.Tx, owner string) (crypto.DataKey, error) {
	wrapped, key, err := v.ring.NewDataKey()
	if err != nil {
		return crypto.DataKey{}, fmt.Errorf("make data key: %w", err)
	}
	first, err := insertKey(ctx, tx, owner, wrapped)
	if err != nil {
		return crypto.DataKey{}, fmt.Errorf("store data key: %w", err)
	}
	if first {
		erased := v.erasures()
		tx.AfterCommit(func() { v.remember(owner, key, erased) })
		return key, nil
	}
	k, found, err := findKey(ctx, tx, owner) // somebody else was first
	switch {
	case err != nil:
		return crypto.DataKey{}, fmt.Errorf("read data key: %w", err)
	case !found:
		return crypto.DataKey{}, fmt.Errorf("%w: %s", ErrNoKey, owner)
	case k.destroyed():
		return crypto.DataKey{}, ErrDestroyed
	}
	return v.unwrap(tx, k, v.erasures())
}

// unwrap opens a stored key and remembers it. A key that this very transaction may have made is remembered only once
// it is committed: after a rollback nobody could ever open what was sealed under it.
func (v *Vault) unwrap(tx *db.Tx, k stored, erased uint64) (crypto.DataKey, error) {
	key, err := v.ring.Unwrap(k.wrapped)
	if err != nil {
		return crypto.DataKey{}, fmt.Errorf("owner %s: %w", k.owner, err)
	}
	if k.madeAt.Before(tx.Now()) {
		v.remember(k.owner, key, erased)
	} else {
		tx.AfterCommit(func() { v.remember(k.owner, key, erased) })
	}
	return key, nil
}

func (v *Vault) erasures() uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.erased
}

// remember keeps a key unless some key was destroyed since it was read: it may have been this one.
func (v *Vault) remember(owner string, key crypto.DataKey, erased uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if erased == v.erased {
		v.cache.Put(owner, key)
	}
}

func (v *Vault) forget(owner string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.erased++
	v.cache.Forget(owner)
}
