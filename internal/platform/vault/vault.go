// Package vault keeps one data key for each person that the bank serves, and seals personal fields under it.
//
// An *owner* is a customer's id, or Bank for what belongs to nobody. An owner has one key from Create until Destroy:
// none → kept → destroyed. The key is stored wrapped by the bank's ring; the ring never enters the database. A field is
// sealed with the table, column and row where it stands, so that nobody who can write to the database can move it to
// another person, row or column. Everything personal that any room stores goes through here, copies included:
//
//	aad := crypto.AAD{Table: "customer_person", Column: "name", Row: string(person)}
//	err := v.Create(ctx, tx, string(person))                       // once, with the customer
//	sealed, err := v.SealText(ctx, tx, string(person), aad, "王小明")
//	name, err := v.OpenText(ctx, tx, string(person), aad, sealed)
//
// Erasure (Personal Information Protection Law, art. 47; after the legal retention) is Destroy: one small value goes, and
// every copy of every field of that person, in tables, in old audit differences and in images, is noise. Unwrapped keys
// are remembered for a short time, so another node may still open an erased field for KeyLife; the node that destroyed
// the key forgets it at once. Backups made before hold the wrapped key until they expire.
//
// When the ring's wrapping key is rotated, Rewrap wraps all keys again; sealed fields stay as they are.
package vault

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "vault", Files: files} }

// Bank is the owner of what belongs to no customer. Its key is made at its first use and is never destroyed.
const Bank = "bank"

// KeyLife is how long a node remembers an unwrapped key.
const KeyLife = 5 * time.Minute

const (
	keysMax     = 20_000 // remembered at the same time
	rewrapBatch = 256    // keys of one transaction
)

var (
	// ErrDestroyed says that the owner's personal data were erased and cannot come back.
	ErrDestroyed = fault.New(fault.NotFound, "vault.destroyed")
	// ErrNoKey reports an owner for whom Create was never called: a mistake of the program.
	ErrNoKey = errors.New("vault: the owner has no key")
	// ErrBank refuses to destroy the bank's own key.
	ErrBank = errors.New("vault: the bank's own key cannot be destroyed")
)

// Vault seals and opens personal fields. It is safe for concurrent use.
type Vault struct {
	ring  *crypto.Ring
	cache *crypto.KeyCache

	mu     sync.Mutex // orders remembering a key and forgetting it
	erased uint64     // destructions so far: a key that was read before one is not remembered after it
}

// New makes a vault over the bank's ring.
func New(ring *crypto.Ring) *Vault {
	return &Vault{ring: ring, cache: crypto.NewKeyCache(keysMax, KeyLife, clock.System().Now)}
}

// Create makes the key of a new owner. Repeating it changes nothing; ErrDestroyed for an owner who was erased.
func (v *Vault) Create(ctx context.Context, tx *db.Tx, owner string) error {
	_, err := v.create(ctx, tx, owner)
	return err
}

// Seal encrypts a field of an owner for the place where it will stand.
func (v *Vault) Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error) {
	key, err := v.key(ctx, tx, owner)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", aad.Table, aad.Column, err)
	}
	return key.Seal(plain, aad), nil
}

// Open decrypts a field that stands at aad: ErrDestroyed when the owner was erased, crypto.ErrSealed when the value
// was changed, moved, or belongs to somebody else.
func (v *Vault) Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error) {
	key, err := v.key(ctx, tx, owner)
	if err != nil {
		return nil, fmt.Errorf("open %s.%s: %w", aad.Table, aad.Column, err)
	}
	plain, err := key.Open(sealed, aad)
	if err != nil {
		return nil, fmt.Errorf("open %s.%s of row %s: %w", aad.Table, aad.Column, aad.Row, err)
	}
	return plain, nil
}

// SealText seals a text; an empty one stays empty (NULL in the database).
func (v *Vault) SealText(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	return v.Seal(ctx, tx, owner, aad, []byte(text))
}

// OpenText opens what SealText sealed.
func (v *Vault) OpenText(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := v.Open(ctx, tx, owner, aad, sealed)
	return string(plain), err
}

// Prepare fetches the keys of many owners with one statement, before a batch seals or opens their fields one by one.
// An owner without a key, or with a destroyed one, shows when it is used.
func (v *Vault) Prepare(ctx context.Context, tx *db.Tx, owners []string) error {
	missing := db.NewRows(len(owners))
	seen := make(map[string]bool, len(owners))
	for _, owner := range owners {
		if _, known := v.cache.Find(owner); !known && !seen[owner] {
			seen[owner] = true
			missing.Add(owner)
		}
	}
	if missing.Len() == 0 {
		return nil
	}
	erased := v.erasures()
	found, err := readKeys(ctx, tx, missing)
	if err != nil {
		return fmt.Errorf("read data keys: %w", err)
	}
	for _, k := range found {
		if k.destroyed() {
			continue
		}
		if _, err := v.unwrap(tx, k, erased); err != nil {
			return err
		}
	}
	return nil
}

// Destroy erases the key of an owner: nothing that was sealed under it can ever be opened again. Repeating it changes
// nothing; ErrNoKey for an owner who never had one.
func (v *Vault) Destroy(ctx context.Context, tx *db.Tx, owner string) error {
	if owner == Bank {
		return ErrBank
	}
	k, err := lockKey(ctx, tx, owner)
	if err != nil || k.destroyed() {
		return err
	}
	if err := destroyKey(ctx, tx, owner); err != nil {
		return fmt.Errorf("destroy data key of %s: %w", owner, err)
	}
	v.forget(owner) // already now: this transaction itself must find the key gone
	tx.AfterCommit(func() { v.forget(owner) })
	return nil
}

// Rewrap wraps every key under the ring's present wrapping key, in short transactions, and says how many there were.
// Run it after crypto.Ring.Rotate(crypto.Wrap) and before the old key is retired; it may be repeated.
func (v *Vault) Rewrap(ctx context.Context, d *db.DB) (int, error) {
	total, after := 0, ""
	for {
		var n int
		var last string
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			n, last, err = v.rewrapSome(ctx, tx, after)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("rewrap data keys after %q: %w", after, err)
		}
		total += n
		if n < rewrapBatch {
			return total, nil
		}
		after = last
	}
}

func (v *Vault) rewrapSome(ctx context.Context, tx *db.Tx, after string) (n int, last string, err error) {
	some, err := lockKeysAfter(ctx, tx, after, rewrapBatch)
	if err != nil {
		return 0, "", err
	}
	rows := db.NewRows(len(some))
	for _, k := range some {
		wrapped, err := v.ring.Rewrap(k.wrapped)
		if err != nil {
			return 0, "", fmt.Errorf("owner %s: %w", k.owner, err)
		}
		rows.Add(k.owner, wrapped)
		last = k.owner
	}
	return len(some), last, replaceKeys(ctx, tx, rows)
}
