package api

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how often a route may be asked, per address and per session of a node. Finer counters, per phone and per
// account, are rules of the domains.
type Rate int

// The rates.
const (
	Normal Rate = iota // reading and everyday acts
	Slow               // what costs a hash, a message or a look-up of a person
)

const (
	bucketsMax    = 50_000 // remembered callers; beyond it those are forgotten who have been quiet the longest
	normalPerSec  = 50
	normalBurst   = 200
	slowPerSec    = 2
	slowBurst     = 30
	retryTooMany  = time.Second
	limitDisabled = 0
)

// Limiter damps floods. The zero scale disables it, for load tests of a bank's own. It remembers callers in two halves:
// when the young half is full the old one is forgotten, so that who asks all the time stays known.
type Limiter struct {
	scale      float64
	now        func() time.Time
	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// NewLimiter makes a limiter; scale multiplies all rates, 0 disables it.
func NewLimiter(scale float64, now func() time.Time) *Limiter {
	return &Limiter{scale: scale, now: now, young: make(map[string]*rate.Limiter)}
}

func (l *Limiter) allow(route Route, address, token string) error {
	if l.scale == limitDisabled {
		return nil
	}
	name := "n:"
	perSec, burst := float64(normalPerSec), normalBurst
	if route.Guard.Rate == Slow {
		name, perSec, burst = "s:"+route.ID+":", slowPerSec, slowBurst
	}
	if !l.take(name+network(address), perSec, burst) || token != "" && !l.take(name+token, perSec, burst) {
		return ErrTooMany.Wait(retryTooMany)
	}
	return nil
}

// Hourly damps what is no route, such as a page: so many requests of an address in an hour.
func (l *Limiter) Hourly(name, address string, most int64) error {
	if l.scale == limitDisabled || l.take("h:"+name+":"+network(address), float64(most)/time.Hour.Seconds(), int(most)) {
		return nil
	}
	return ErrTooMany.Wait(time.Hour / time.Duration(max(1, most)))
}

// network is what one caller can choose addresses from: a /64 of IPv6, an address of IPv4.
func network(address string) string {
	const bits6 = 64
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(bits6)
	if err != nil {
		return address
	}
	return p.String()
}

func (l *Limiter) take(name string, perSec float64, burst int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.young[name]
	if !known {
		if b, known = l.old[name]; !known {
			b = rate.NewLimiter(rate.Limit(perSec*l.scale), max(1, int(float64(burst)*l.scale)))
		}
		l.remember(name, b)
	}
	return b.AllowN(l.now(), 1)
}

func (l *Limiter) remember(name string, b *rate.Limiter) {
	if len(l.young) >= bucketsMax/2 {
		l.old, l.young = l.young, make(map[string]*rate.Limiter)
	}
	l.young[name] = b
}
