// Package once makes an act happen once, however often it is asked for.
//
// The client sends a key with each act that must not happen twice. Claim binds (principal, operation, key) to the
// hash of the request and to the entity that the act is about to make, in the act's own transaction. A second use
// finds the claim: the answer is rendered again from the entity. While the first is still under way the second waits
// for it, as long as the database lets it, and is then told that the act is running. Nothing of an answer is stored.
package once

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"sort"
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

type scope struct{ principal, operation, key string }

// Claimed claims keys, one claim per key in order. Equal keys in one call are one first use and repetitions.
// Locks are taken in the order of the keys.
func Claimed(ctx context.Context, tx *db.Tx, keys []Key) ([]Claim, error) {
	first, err := insert(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	claims := make([]Claim, len(keys))
	bodies := make(map[scope]Key, len(keys))
	for i, k := range keys {
		if first[scope{k.Principal, k.Operation, k.Key}] == k.Entity {
			claims[i] = Claim{First: true, Entity: k.Entity}
			bodies[k.scope()] = k
		}
	}
	if err := repetitions(ctx, tx, keys, claims, bodies); err != nil {
		return nil, err
	}
	for i, k := range keys {
		if claims[i].First {
			continue
		}
		original, found := bodies[k.scope()]
		if !found { // given back between the two statements
			claims[i] = Claim{Err: ErrRunning}
			continue
		}
		claims[i].Entity = original.Entity
		if subtle.ConstantTimeCompare(original.Body[:], k.Body[:]) == 0 {
			claims[i] = Claim{Err: ErrReused}
		}
	}
	return claims, nil
}

func (k Key) scope() scope { return scope{k.Principal, k.Operation, k.Key} }

// Release gives keys back whose act came to no final result: a wrong PIN, a step-up, a full queue.
func Release(ctx context.Context, tx *db.Tx, keys []Key) error {
	rows := db.NewRows(len(keys))
	for _, k := range keys {
		rows.Add(k.Principal, k.Operation, k.Key)
	}
	return remove(ctx, tx, rows)
}

// insert returns, for each scope that was new, the entity that took it.
func insert(ctx context.Context, tx *db.Tx, keys []Key) (map[scope]string, error) {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return keys[order[a]].scope().before(keys[order[b]].scope()) })
	rows := db.NewRows(len(keys))
	var last scope
	for n, i := range order {
		k := keys[i]
		if n > 0 && k.scope() == last {
			continue // a repetition within this very batch
		}
		last = k.scope()
		rows.Add(k.Principal, k.Operation, k.Key, k.Body[:], k.Entity, tx.Now())
	}
	return insertRows(ctx, tx, rows)
}

func (s scope) before(o scope) bool {
	if s.principal != o.principal {
		return s.principal < o.principal
	}
	if s.operation != o.operation {
		return s.operation < o.operation
	}
	return s.key < o.key
}

// repetitions reads the claims of earlier transactions.
func repetitions(ctx context.Context, tx *db.Tx, keys []Key, claims []Claim, bodies map[scope]Key) error {
	rows := db.NewRows(0)
	for i, k := range keys {
		if _, known := bodies[k.scope()]; !claims[i].First && !known {
			rows.Add(k.Principal, k.Operation, k.Key)
		}
	}
	if rows.Len() == 0 {
		return nil
	}
	return read(ctx, tx, rows, bodies)
}
