package crypto

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/tink-crypto/tink-go/v2/keyset"
)

// maxIndexKeys is how many generations of blind-index keys may live at once: the old one that rows still carry and
// the new one that they are being moved to. More would make every look-up dearer and no rotation ever finish.
const maxIndexKeys = 2

// Refusals of a change of keys.
var (
	// ErrGenerations refuses a third generation of index keys while rows of the first may exist.
	ErrGenerations = errors.New("crypto: two generations live; move the rows and retire the old key first")
	// ErrKey refuses an unknown key id, or retiring the key that is in use.
	ErrKey = errors.New("crypto: no such key, or still in use")
)

// KeyInfo describes one key without showing it.
type KeyInfo struct {
	ID      string
	Primary bool // writes; the others only read
}

// Keys lists the live keys of a purpose, the primary first. Document keys of a ring in memory appear once used.
func (r *Ring) Keys(p Purpose) []KeyInfo {
	now := r.keys.Load()
	var all []KeyInfo
	if handle, ok := now.sets[p]; ok {
		ids, err := idsOf(handle)
		if err != nil {
			return nil
		}
		for i, id := range ids {
			all = append(all, KeyInfo{ID: keyID(id), Primary: i == 0})
		}
		return all
	}
	for i, made := range slices.Backward(now.pairs[p]) {
		all = append(all, KeyInfo{ID: made.id, Primary: i == len(now.pairs[p])-1})
	}
	return all
}

// Stage adds a key that reads but does not write yet, for clusters: stage, distribute the folder, Rotate.
// Document and checkpoint keys need no stage, because their signatures are checked with the public key alone.
func (r *Ring) Stage(p Purpose) error {
	return r.change(p, func(next *keys) error {
		_, err := next.stage(p)
		return err
	})
}

// Rotate makes the staged key primary, or a new one when none is staged. Old keys keep reading until Retire.
func (r *Ring) Rotate(p Purpose) error {
	return r.change(p, func(next *keys) error { return next.rotate(p) })
}

// Retire destroys a key that is not primary: what only it could read is lost. Move the data to the new key first.
func (r *Ring) Retire(p Purpose, id string) error {
	return r.change(p, func(next *keys) error { return next.retire(p, id) })
}

// change applies an edit to the keys of a purpose, in the folder first and then in memory.
func (r *Ring) change(p Purpose, edit func(*keys) error) error {
	if p.kind() == 0 {
		return fmt.Errorf("%w: %q", ErrPurpose, p)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.keys.Load().clone()
	if r.dir == "" {
		if err := edit(next); err != nil {
			return err
		}
		r.keys.Store(next)
		return nil
	}
	err := changeKeyFile(filepath.Join(r.dir, p.file()), func(old []byte) ([]byte, error) {
		if old == nil {
			return nil, ErrNoRing
		}
		if err := next.unmarshal(p, old); err != nil {
			return nil, err
		}
		if err := edit(next); err != nil {
			return nil, err
		}
		return next.marshal(p)
	})
	if err != nil {
		return fmt.Errorf("change keys for %q: %w", p, err)
	}
	r.keys.Store(next)
	return nil
}

// stage adds a key behind the primary one and tells its id.
func (k *keys) stage(p Purpose) (uint32, error) {
	template, err := p.template()
	if err != nil {
		return 0, err
	}
	if p == Index && k.sets[p].Len() >= maxIndexKeys {
		return 0, ErrGenerations
	}
	manager := keyset.NewManagerFromHandle(k.sets[p])
	id, err := manager.Add(template)
	if err != nil {
		return 0, fmt.Errorf("add key: %w", err)
	}
	return id, k.manage(p, manager)
}

func (k *keys) rotate(p Purpose) error {
	if kind := p.kind(); kind == noting || kind == signing {
		made, err := newPair(p)
		if err != nil {
			return fmt.Errorf("make key: %w", err)
		}
		k.pairs[p] = append(slices.Clone(k.pairs[p]), made)
		return nil
	}
	// Keys are added at the end, so a last key that is not primary is a staged one.
	last, err := k.sets[p].Entry(k.sets[p].Len() - 1)
	if err != nil {
		return fmt.Errorf("read key set: %w", err)
	}
	id := last.KeyID()
	if last.IsPrimary() {
		if id, err = k.stage(p); err != nil {
			return err
		}
	}
	manager := keyset.NewManagerFromHandle(k.sets[p])
	if err := manager.SetPrimary(id); err != nil {
		return fmt.Errorf("choose primary key: %w", err)
	}
	return k.manage(p, manager)
}

func (k *keys) retire(p Purpose, id string) error {
	if handle, ok := k.sets[p]; ok {
		number, ok := parseKeyID(id)
		if !ok {
			return ErrKey
		}
		manager := keyset.NewManagerFromHandle(handle)
		if err := manager.Delete(number); err != nil {
			return fmt.Errorf("%w: %w", ErrKey, err)
		}
		return k.manage(p, manager)
	}
	pairs := k.pairs[p]
	at := slices.IndexFunc(pairs, func(made pair) bool { return made.id == id })
	if at < 0 || at == len(pairs)-1 {
		return ErrKey
	}
	k.pairs[p] = slices.Delete(slices.Clone(pairs), at, at+1)
	return nil
}

// manage takes over the key set that a Tink manager changed.
func (k *keys) manage(p Purpose, manager *keyset.Manager) error {
	handle, err := manager.Handle()
	if err != nil {
		return fmt.Errorf("change key set: %w", err)
	}
	return k.use(p, handle)
}
