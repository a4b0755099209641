// Package once makes an act happen once, however often it is asked for.
//
// The client sends a key with each act that must not happen twice. Claim binds (principal, operation, key) to the
// hash of the request and to the entity that the act is about to make, in the act's own transaction. A second use
// finds the claim: the answer is rendered again from the entity. While the first is still under way the second waits
// for it, two seconds at most, and is then told that the act is running. Nothing of an answer is stored.
package once

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"errors"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "once", Files: files} }

// The ways in which a key is refused.
var (
	// ErrKey says that a key is missing, longer than 128 characters, or not printable ASCII.
	ErrKey = fault.New(fault.Invalid, "once.bad_key")
	// ErrReused says that the key was used for another request.
	ErrReused = fault.New(fault.Rejected, "once.key_reused")
	// ErrRunning says that the first use is still under way.
	ErrRunning = fault.New(fault.Conflict, "once.running").Wait(time.Second)
)

const keyMax = 128

// Key is a client's key for one act.
type Key struct {
	Principal string            // who: a customer's or staff member's id
	Operation string            // what: "payment.send"
	Key       string            // the client's own
	Body      [sha256.Size]byte // hash of what was asked
	Entity    string            // id of what the act will make, if this is the first use
}

// Check refuses a malformed key before anything is done.
func (k Key) Check() error {
	if k.Key == "" || len(k.Key) > keyMax {
		return ErrKey
	}
	for i := range len(k.Key) {
		if k.Key[i] <= ' ' || k.Key[i] > '~' {
			return ErrKey
		}
	}
	return nil
}

// Claim is what became of a key.
type Claim struct {
	First  bool   // this use is the first: do the act
	Entity string // what the first use made, or will make
	Err    error  // ErrReused or ErrRunning
}

// scope is what a key is unique in, hashed: who, what for, and the client's own key. Rows are small that way, and half
// of SHA-256 is far more than keys could ever collide in.
type scope [sha256.Size / 2]byte

func (k Key) scope() scope {
	var buffer [256]byte
	text := append(buffer[:0], k.Principal...)
	text = append(append(text, 0), k.Operation...)
	text = append(append(text, 0), k.Key...)
	sum := sha256.Sum256(text)
	return scope(sum[:len(scope{})])
}

// Claimed claims keys, one claim per key in order. Equal keys in one call are one first use and repetitions.
// Locks are taken in the order of the keys. Errors: ErrRunning, when the keys are one principal's and the first use does
// not end in time.
func Claimed(ctx context.Context, tx *db.Tx, keys []Key) ([]Claim, error) {
	scopes := make([]scope, len(keys))
	for i, k := range keys {
		scopes[i] = k.scope()
	}
	var first map[scope]string
	alone := ofOne(keys)
	err := tx.WaitAtMost(patience(alone), func() (err error) {
		first, err = insert(ctx, tx, keys, scopes)
		return err
	})
	switch {
	case db.IsLockWait(err) && alone:
		return nil, ErrRunning
	case db.IsLockWait(err):
		return nil, errOneRunning
	case err != nil:
		return nil, err
	}
	claims := make([]Claim, len(keys))
	originals := make(map[scope]original, len(keys))
	for i, k := range keys {
		if _, taken := originals[scopes[i]]; !taken && first[scopes[i]] == k.Entity {
			claims[i] = Claim{First: true, Entity: k.Entity}
			originals[scopes[i]] = original{k.Entity, k.Body}
		}
	}
	if err := repetitions(ctx, tx, scopes, claims, originals); err != nil {
		return nil, err
	}
	for i, k := range keys {
		if claims[i].First {
			continue
		}
		o, found := originals[scopes[i]]
		if !found { // given back between the two statements
			claims[i] = Claim{Err: ErrRunning}
			continue
		}
		claims[i].Entity = o.entity
		if subtle.ConstantTimeCompare(o.body[:], k.Body[:]) == 0 {
			claims[i] = Claim{Err: ErrReused}
		}
	}
	return claims, nil
}

// errOneRunning fails a batch one of whose keys is in use elsewhere; alone each learns whether it is his.
var errOneRunning = errors.New("the first use of one of these keys is still under way")

// ofOne says whether all keys are one principal's, and so one act's: then there is nobody else to go on.
func ofOne(keys []Key) bool {
	return !slices.ContainsFunc(keys, func(k Key) bool { return k.Principal != keys[0].Principal })
}

// patience is how long the database waits for the first use.
func patience(alone bool) time.Duration {
	if alone {
		return waitAlone
	}
	return waitTogether
}

// original is the first use of a key.
type original struct {
	entity string
	body   [sha256.Size]byte
}

// Release gives keys back whose act came to no final result: a wrong PIN, a step-up, a full queue.
func Release(ctx context.Context, tx *db.Tx, keys []Key) error {
	rows := db.NewRows(len(keys))
	for _, k := range keys {
		of := k.scope()
		rows.Add(of[:])
	}
	return remove(ctx, tx, rows)
}

// insert returns, for each scope that was new, the entity that took it.
func insert(ctx context.Context, tx *db.Tx, keys []Key, scopes []scope) (map[scope]string, error) {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare(scopes[a][:], scopes[b][:]) })
	rows := db.NewRows(len(keys))
	for n, i := range order {
		if n > 0 && scopes[i] == scopes[order[n-1]] {
			continue // a repetition within this very batch
		}
		rows.Add(scopes[i][:], keys[i].Operation, keys[i].Key, keys[i].Body[:], keys[i].Entity, tx.Now())
	}
	return insertRows(ctx, tx, rows)
}

// repetitions reads the claims of earlier transactions.
func repetitions(ctx context.Context, tx *db.Tx, scopes []scope, claims []Claim, originals map[scope]original) error {
	rows := db.NewRows(0)
	for i, of := range scopes {
		if _, known := originals[of]; !claims[i].First && !known {
			rows.Add(of[:])
		}
	}
	if rows.Len() == 0 {
		return nil
	}
	return read(ctx, tx, rows, originals)
}
