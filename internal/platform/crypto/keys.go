package crypto

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// keys is one state of a ring: replaced as a whole, never changed once a ring shows it.
type keys struct {
	sets   map[Purpose]*keyset.Handle // of sealing and hashing purposes
	aeads  map[Purpose]tink.AEAD
	hashes map[Purpose]hashSet
	pairs  map[Purpose][]pair // of noting and signing purposes, oldest first; the last one signs
}

// hashSet is a PRF per key id; the primary first, then the others, youngest first.
type hashSet struct {
	ids []uint32
	set *prf.Set
}

func newKeys() *keys {
	return &keys{
		sets:   map[Purpose]*keyset.Handle{},
		aeads:  map[Purpose]tink.AEAD{},
		hashes: map[Purpose]hashSet{},
		pairs:  map[Purpose][]pair{},
	}
}

// clone copies the state, so that a change can be prepared beside the one in use.
func (k *keys) clone() *keys {
	return &keys{sets: maps.Clone(k.sets), aeads: maps.Clone(k.aeads), hashes: maps.Clone(k.hashes), pairs: maps.Clone(k.pairs)}
}

// create makes the first key of a purpose.
func (k *keys) create(p Purpose) error {
	switch p.kind() {
	case sealing, hashing:
		template, err := p.template()
		if err != nil {
			return err
		}
		handle, err := keyset.NewHandle(template)
		if err != nil {
			return fmt.Errorf("make key set %q: %w", p, err)
		}
		return k.use(p, handle)
	case noting, signing:
		made, err := newPair(p)
		if err != nil {
			return fmt.Errorf("make key %q: %w", p, err)
		}
		k.pairs[p] = []pair{made}
		return nil
	}
	return fmt.Errorf("%w: %q", ErrPurpose, p)
}

// use builds the working primitive of a key set.
func (k *keys) use(p Purpose, handle *keyset.Handle) error {
	if p.kind() == sealing {
		primitive, err := aead.New(handle)
		if err != nil {
			return fmt.Errorf("use key set %q: %w", p, err)
		}
		k.aeads[p] = primitive
	} else {
		set, err := prf.NewPRFSet(handle)
		if err != nil {
			return fmt.Errorf("use key set %q: %w", p, err)
		}
		ids, err := idsOf(handle)
		if err != nil {
			return err
		}
		k.hashes[p] = hashSet{ids: ids, set: set}
	}
	k.sets[p] = handle
	return nil
}

// idsOf lists the live keys of a set: the primary first, then the others, youngest first.
func idsOf(handle *keyset.Handle) ([]uint32, error) {
	var primary, others []uint32
	for i := range handle.Len() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, fmt.Errorf("read key set: %w", err)
		}
		switch {
		case entry.IsPrimary():
			primary = append(primary, entry.KeyID())
		case entry.KeyStatus() == keyset.Enabled:
			others = append(others, entry.KeyID())
		}
	}
	slices.Reverse(others)
	return append(primary, others...), nil
}

// marshal writes the key file of a purpose. Keys are in clear: the folder's mode and place protect them.
func (k *keys) marshal(p Purpose) ([]byte, error) {
	if handle, ok := k.sets[p]; ok {
		var text bytes.Buffer
		if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
			return nil, fmt.Errorf("write key set %q: %w", p, err)
		}
		return text.Bytes(), nil
	}
	return marshalPairs(k.pairs[p])
}

// unmarshal reads the key file of a purpose.
func (k *keys) unmarshal(p Purpose, text []byte) error {
	switch p.kind() {
	case sealing, hashing:
		handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
		if err != nil {
			return fmt.Errorf("parse key set: %w", err)
		}
		return k.use(p, handle)
	}
	pairs, err := parsePairs(p, text)
	if err != nil {
		return err
	}
	k.pairs[p] = pairs
	return nil
}
