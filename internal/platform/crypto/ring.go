package crypto

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Refusals of a ring.
var (
	// ErrPurpose refuses a purpose that the ring does not know, or that cannot do what was asked.
	ErrPurpose = errors.New("crypto: not a purpose for this act")
	// ErrNoRing reports a folder without the key file of a purpose.
	ErrNoRing = errors.New("crypto: key file missing")
	// ErrRingExists refuses to create a ring over an existing one.
	ErrRingExists = errors.New("crypto: the folder already holds keys")
	// ErrLooseMode refuses key files that others than their owner may touch.
	ErrLooseMode = errors.New("crypto: keys are open to other users")
	// ErrSealed is the one answer for everything that cannot be opened: changed, moved, foreign, or of a retired key.
	ErrSealed = errors.New("crypto: cannot be opened")
)

// Ring holds the bank's keys. It is safe for concurrent use.
type Ring struct {
	dir  string // empty for a ring in memory
	keys atomic.Pointer[keys]
	mu   sync.Mutex // serialises changes of keys
}

// NewRing makes a ring in memory, for tests and for tools that need no key tomorrow: it dies with the process.
// Its document keys are made when first asked for, because RSA keys are slow to make.
func NewRing() (*Ring, error) {
	made := newKeys()
	for _, p := range Purposes() {
		if p.kind() == signing {
			continue
		}
		if err := made.create(p); err != nil {
			return nil, err
		}
	}
	r := &Ring{}
	r.keys.Store(made)
	return r, nil
}

// CreateRing makes a new ring in dir, with mode 0700 for the folder and 0600 for its files. It refuses a folder
// that already holds keys: overwriting them would destroy every customer's data.
func CreateRing(dir string) (*Ring, error) {
	for _, p := range Purposes() {
		if _, err := os.Lstat(filepath.Join(dir, p.file())); err == nil {
			return nil, fmt.Errorf("%w: %s", ErrRingExists, dir)
		}
	}
	return CompleteRing(dir)
}

// CompleteRing opens the ring in dir after making the key files that it lacks: what an upgrade needs when a release
// brings a new purpose. Run it only by command; a file that was lost must come from its safe copy instead.
func CompleteRing(dir string) (*Ring, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("make key folder: %w", err)
	}
	if err := checkMode(dir); err != nil {
		return nil, err
	}
	made := newKeys()
	for _, p := range Purposes() {
		path := filepath.Join(dir, p.file())
		if _, err := os.Stat(path); err == nil {
			continue
		}
		err := changeKeyFile(path, func([]byte) ([]byte, error) {
			if err := made.create(p); err != nil {
				return nil, err
			}
			return made.marshal(p)
		})
		if err != nil {
			return nil, err
		}
	}
	return OpenRing(dir)
}

// OpenRing reads the ring in dir. It refuses a folder or file that other users may read or write, a missing file
// and a damaged one, and says which.
func OpenRing(dir string) (*Ring, error) {
	r := &Ring{dir: dir}
	if err := r.Reload(); err != nil {
		return nil, err
	}
	return r, nil
}

// Reload reads the folder again, after keys were distributed to a running node. On failure the old keys stay.
// A ring in memory has nothing to read.
func (r *Ring) Reload() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dir == "" {
		return nil
	}
	if err := checkMode(r.dir); err != nil {
		return err
	}
	read := newKeys()
	for _, p := range Purposes() {
		text, err := readKeyFile(filepath.Join(r.dir, p.file()))
		if err != nil {
			return fmt.Errorf("read keys for %q: %w", p, err)
		}
		if err := read.unmarshal(p, text); err != nil {
			return fmt.Errorf("read keys for %q: %w", p, err)
		}
	}
	r.keys.Store(read)
	return nil
}

// Dir is the folder of the ring; empty for a ring in memory. Start-up uses it to refuse keys inside the data folder.
func (r *Ring) Dir() string { return r.dir }
