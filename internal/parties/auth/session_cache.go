package auth

import (
	"sync"
	"time"
)

const (
	rememberFor = 5 * time.Second // how long a session that ended on another node may seem open here
	rememberMax = 20_000          // sessions
)

// sessionCache remembers sessions that were just read, by the hash of their token.
type sessionCache struct {
	mu    sync.Mutex
	byKey map[string]remembered
	epoch uint64 // how often something was forgotten: what was read before that is not remembered after it
}

type remembered struct {
	session Session
	until   time.Time
}

func newSessionCache() *sessionCache { return &sessionCache{byKey: make(map[string]remembered)} }

// find also gives the epoch, which put wants to see again.
func (c *sessionCache) find(hash []byte, now time.Time) (Session, uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, found := c.byKey[string(hash)]
	return r.session, c.epoch, found && now.Before(r.until)
}

func (c *sessionCache) put(hash []byte, x Session, now time.Time, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return
	}
	if len(c.byKey) >= rememberMax {
		clear(c.byKey) // rare, and cheaper than keeping an order: each is read again once
	}
	c.byKey[string(hash)] = remembered{x, now.Add(rememberFor)}
}

func (c *sessionCache) touch(hash []byte, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, found := c.byKey[string(hash)]; found {
		r.session.SeenAt = now
		c.byKey[string(hash)] = r
	}
}

func (c *sessionCache) forget(who Principal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for key, r := range c.byKey {
		if r.session.Principal == who {
			delete(c.byKey, key)
		}
	}
}
