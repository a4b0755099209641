package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// pair is a payment to be: who pays whom how much.
type pair struct {
	from, to *person
	amount   money.Amount
	intent   string    // sealed, when it was checked before
	payees   []*person // of a bulk payment: the same amount to each; then there is no to
}

// window is one measurement.
type window struct {
	callers int
	time    time.Duration
	via     Via
	bulk    int                              // transfers of one bulk payment; single payments when zero
	check   bool                             // each payment is checked within the window, too
	profile string                           // file for a CPU profile
	look    func(c *connection, i int) error // what callers do instead of paying: the i-th reading
}

// payer is one caller: it pays, and says whether the bank accepted.
type payer interface {
	pay(ctx context.Context, p *pair) error
	checkAndPay(ctx context.Context, p *pair) error
	close()
}

const (
	warmUp      = 2000 // payments before the window: caches, statements, pages of the database
	warmUpFew   = 400  // when each has a commit of its own
	reserve     = 1.3  // intents that are sealed for a window, over what the warm-up says that it will use
	amountsMost = 100  // minor units: everybody can pay all day
)

// measure seals intents, warms up, and then lets callers pay until the time is over or nothing is left to pay.
func (w *world) measure(ctx context.Context, m window) (result, error) {
	warm := warmUp
	switch {
	case m.bulk > 0:
		warm = warmBulks
	case m.callers <= referenceCallers:
		warm = warmUpFew
	}
	pairs, err := w.prepare(ctx, m, warm)
	if err != nil {
		return result{}, err
	}
	warmed, err := w.run(ctx, m, pairs)
	if err != nil {
		return result{}, fmt.Errorf("warm up: %w", err)
	}
	if pairs, err = w.prepare(ctx, m, int(warmed.rate()*m.time.Seconds()*reserve)/max(m.bulk, 1)+m.callers); err != nil {
		return result{}, err
	}
	if m.profile != "" {
		stop, err := profile(m.profile)
		if err != nil {
			return result{}, err
		}
		defer stop()
	}
	return w.run(ctx, m, pairs)
}

func profile(name string) (stop func(), err error) {
	f, err := os.Create(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close() // a profile
	}, nil
}

// prepare draws n payments and seals their intents, unless the window checks them itself.
func (w *world) prepare(ctx context.Context, m window, n int) ([]*pair, error) {
	if m.bulk > 0 {
		return w.prepareBulks(ctx, m, n)
	}
	pairs := make([]*pair, n)
	draw := w.draw()
	for i := range pairs {
		from, to := draw()
		pairs[i] = &pair{from: w.people[from], to: w.people[to], amount: money.New(1+w.chance.Int64N(amountsMost), money.CNY)}
	}
	if m.check {
		return pairs, nil
	}
	w.load.Progress(fmt.Sprintf("sealing %d intents …", n))
	return pairs, each(pairs, func(p *pair) error {
		c, err := w.bank.Payments.Check(ctx, p.from.by, p.draft())
		p.intent = c.Token
		return err
	})
}

func (p *pair) draft() payment.Draft {
	return payment.Draft{From: p.from.account, To: payment.PayeeRef{Number: p.to.number}, Amount: p.amount, Arrival: payment.RealTime}
}

// draw picks payer and payee as the shape says; nobody pays himself.
func (w *world) draw() func() (from, to int) {
	const skew, shift = 1.1, 4 // of people in shops: the first of thousands takes part in every twentieth payment or so
	n := len(w.people)
	zipf := rand.NewZipf(w.chance, skew, shift, uint64(n-1))
	pick := func() int {
		if w.load.Shape == Zipf {
			return int(zipf.Uint64())
		}
		return w.chance.IntN(n)
	}
	return func() (from, to int) {
		if from, to = pick(), pick(); w.load.Shape == Hot {
			to = 0
		}
		for from == to {
			from = w.chance.IntN(n)
		}
		return from, to
	}
}

// result is what a window saw.
type result struct {
	accepted, refused int64
	took              time.Duration
	latencies         []time.Duration // of those accepted, sorted
	own, server       time.Duration   // of processors
	batches, largest  int64
}

func (r result) rate() float64 {
	if r.took <= 0 {
		return 0
	}
	return float64(r.accepted) / r.took.Seconds()
}

// run lets callers pay. The first failure that is no refusal of the bank's stops it.
func (w *world) run(ctx context.Context, m window, pairs []*pair) (result, error) {
	callers, err := w.callers(ctx, m)
	if err != nil {
		return result{}, err
	}
	defer func() {
		for _, c := range callers {
			c.close()
		}
	}()
	w.sizes.reset()
	own, server := w.processors()
	began := clock.System().Now()
	s := &stretch{window: m, pairs: pairs, until: began.Add(m.time)}
	r := s.drive(ctx, callers)
	r.took = clock.System().Now().Sub(began)
	ownAfter, serverAfter := w.processors()
	r.own, r.server = ownAfter-own, serverAfter-server
	r.batches, r.largest = w.sizes.read()
	if m.look == nil {
		w.acknowledged.Add(r.accepted)
	}
	slices.Sort(r.latencies)
	return r, s.failed
}

// stretch is a run under way.
type stretch struct {
	window
	pairs  []*pair
	until  time.Time
	next   atomic.Int64
	mu     sync.Mutex
	failed error
}

func (s *stretch) drive(ctx context.Context, callers []payer) result {
	var wg sync.WaitGroup
	parts := make([]result, len(callers))
	for i, c := range callers {
		wg.Go(func() { parts[i] = s.call(ctx, c) })
	}
	wg.Wait()
	var all result
	for _, p := range parts {
		all.accepted += p.accepted
		all.refused += p.refused
		all.latencies = append(all.latencies, p.latencies...)
	}
	return all
}

func (s *stretch) call(ctx context.Context, c payer) (r result) {
	for {
		began := clock.System().Now()
		i := s.next.Add(1) - 1
		if s.look == nil && i >= int64(len(s.pairs)) || began.After(s.until) || ctx.Err() != nil {
			return r
		}
		err := s.once(ctx, c, int(i))
		switch {
		case err == nil:
			r.accepted += int64(max(s.bulk, 1))
			r.latencies = append(r.latencies, clock.System().Now().Sub(began))
		case fault.KindOf(err) == fault.Internal:
			s.mu.Lock()
			s.failed = errors.Join(s.failed, err)
			s.mu.Unlock()
			return r
		default:
			r.refused++
		}
	}
}

// once is one act of a caller.
func (s *stretch) once(ctx context.Context, c payer, i int) error {
	switch {
	case s.look != nil:
		reader, ok := c.(*connection)
		if !ok {
			return errShape // screens are read over HTTP
		}
		return s.look(reader, i)
	case s.check:
		return c.checkAndPay(ctx, s.pairs[i])
	}
	return c.pay(ctx, s.pairs[i])
}

// callers are as many as the window asks for.
func (w *world) callers(ctx context.Context, m window) ([]payer, error) {
	all := make([]payer, m.callers)
	if m.via == ViaHTTP {
		s, err := w.serve(ctx)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i], err = s.dial(); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	for i := range all {
		all[i] = direct{w}
	}
	return all, nil
}

// direct calls the services, as a handler does: who has the session, and then the payment.
type direct struct{ w *world }

func (d direct) pay(ctx context.Context, p *pair) error {
	x, err := d.w.bank.Auth.Authenticate(ctx, auth.App, p.from.token)
	if err != nil {
		return err
	}
	t, err := d.w.bank.Payments.Send(ctx, x.Identify(p.from.by), payment.Order{
		Key: id.Raw(d.w.bank.Clock.Now()), Intent: p.intent, Proof: payment.Proof{Method: auth.MethodPIN, PIN: secretPIN},
	})
	if err == nil && t.State != payment.Settled {
		return errNotSettled
	}
	return err
}

func (d direct) checkAndPay(ctx context.Context, p *pair) error {
	c, err := d.w.bank.Payments.Check(ctx, p.from.by, p.draft())
	if err != nil {
		return err
	}
	p.intent = c.Token
	return d.pay(ctx, p)
}

func (direct) close() {}

// errNotSettled tells that a payment waits for something: the load is not what it should be.
var errNotSettled = errors.New("bench: a payment was accepted and not settled")
