package crypto

import (
	"container/list"
	"sync"
	"time"
)

// KeyCache remembers unwrapped data keys by owner, so that a busy customer costs one unwrapping. It is bounded in
// number and in time: the least recently used key goes first, and no key outlives its life, so that an erased
// customer's key is soon gone from every node. It is safe for concurrent use.
type KeyCache struct {
	capacity int
	life     time.Duration
	now      func() time.Time

	mu     sync.Mutex
	recent *list.List // of *cached, most recently used first
	byID   map[string]*list.Element
}

type cached struct {
	owner string
	key   DataKey
	until time.Time
}

// NewKeyCache makes a cache of at most capacity keys (at least one), each for at most life by the given clock.
func NewKeyCache(capacity int, life time.Duration, now func() time.Time) *KeyCache {
	return &KeyCache{
		capacity: max(capacity, 1),
		life:     life,
		now:      now,
		recent:   list.New(),
		byID:     map[string]*list.Element{},
	}
}

// Find gives the key of an owner, when it is remembered.
func (c *KeyCache) Find(owner string) (DataKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byID[owner]
	if !ok {
		return DataKey{}, false
	}
	entry := element.Value.(*cached)
	if !c.now().Before(entry.until) {
		c.drop(element)
		return DataKey{}, false
	}
	c.recent.MoveToFront(element)
	return entry.key, true
}

// Put remembers the key of an owner.
func (c *KeyCache) Put(owner string, key DataKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.byID[owner]; ok {
		c.drop(element)
	}
	c.byID[owner] = c.recent.PushFront(&cached{owner: owner, key: key, until: c.now().Add(c.life)})
	for c.recent.Len() > c.capacity {
		c.drop(c.recent.Back())
	}
}

// Forget drops the key of an owner, at erasure.
func (c *KeyCache) Forget(owner string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.byID[owner]; ok {
		c.drop(element)
	}
}

// Len is the number of keys remembered.
func (c *KeyCache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent.Len()
}

func (c *KeyCache) drop(element *list.Element) {
	delete(c.byID, element.Value.(*cached).owner)
	c.recent.Remove(element)
}
