package sim_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

const (
	secondsShort = 60
	secondsLong  = 300
	worlds       = 2    // that are lived through at the same time
	stepsOfDay   = 2000 // of one world, before another begins
	verifyEvery  = 200  // steps
	people       = 4
	faultOnce    = 400 // one call of the database in so many is lost
	ofOpenOnes   = 12  // transfers that are looked at most, newest first
)

// errSimulated is what a lost connection says.
var errSimulated = errors.New("simulated")

// sim is a world with its model.
type sim struct {
	*world
	chance    *rand.Rand // of what people do
	weather   *rand.Rand // of what is lost
	quiet     bool       // nothing is lost now
	holders   []*holder
	accounts  []*account
	transfers []*transfer
	used      map[counter]int64
	touched   map[counter]bool // of used, since the last look
	facts     map[string]int   // what must have been told, by the state that a transfer came to
	stream    stream
	refusals  map[string]int
	keys      int
	lost      int
	nested    bool
}

func TestRandomBankDaysAreThoseOfTheModel(t *testing.T) {
	if text := os.Getenv("SIM_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SIM_SEED: %v", err)
		}
		live(t, seed)
		return
	}
	seconds := secondsShort
	if os.Getenv("TONGBAO_TEST_LONG") != "" {
		seconds = secondsLong
	}
	if text := os.Getenv("SIM_SECONDS"); text != "" {
		var err error
		if seconds, err = strconv.Atoi(text); err != nil {
			t.Fatalf("SIM_SECONDS: %v", err)
		}
	}
	first := uint64(clock.System().Now().UnixNano()) //nolint:gosec // any number will do
	began := clock.System().Now()
	end := began.Add(time.Duration(seconds) * time.Second)
	var next, steps atomic.Int64
	t.Run("worlds", func(t *testing.T) {
		for i := range worlds {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				for alive := true; alive && clock.System().Now().Before(end); {
					seed := first + uint64(next.Add(1)) //nolint:gosec // not negative
					alive = t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { live(t, seed) })
					steps.Add(stepsOfDay)
				}
			})
		}
	})
	took := clock.System().Now().Sub(began).Seconds()
	t.Logf("%d steps in %.0f s: %.0f a second", steps.Load(), took, float64(steps.Load())/took)
}

// live draws people and lives through one world.
func live(t *testing.T, seed uint64) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to see it again: SIM_SEED=%d go test ./test/sim", seed)
		}
	})
	s := &sim{
		chance: rand.New(rand.NewPCG(seed, 1)), weather: rand.New(rand.NewPCG(seed, 2)), //nolint:gosec // repeatable, not secret
		used: make(map[counter]int64), touched: make(map[counter]bool), facts: make(map[string]int), refusals: make(map[string]int), quiet: true,
	}
	s.world = newWorld(t, s.fault)
	s.subscribe()
	for i := range people {
		h := &holder{by: s.admit()}
		s.holders = append(s.holders, h)
		for _, class := range [][]int{{1, 2}, {1, 3}, {1}, {2, 3}}[i] {
			s.open(h, class)
		}
	}
	for _, a := range s.accounts {
		s.must(s.endow(a.id, 100_00))
		a.booked = 100_00
	}
	s.quiet = false
	for step := 1; step <= stepsOfDay; step++ {
		s.step()
		s.calm(s.mutate)
		s.calm(s.compare)
		if step%verifyEvery == 0 || step == stepsOfDay {
			s.calm(s.verify)
		}
	}
	states := make(map[payment.State]int)
	for _, tr := range s.transfers {
		states[tr.State]++
	}
	t.Logf("%d steps, %d answers lost, transfers %v, refusals %v", stepsOfDay, s.lost, states, s.refusals)
}

// fault loses a connection now and then.
func (s *sim) fault(db.Point) error {
	if s.quiet || s.weather.IntN(faultOnce) != 0 {
		return nil
	}
	return errSimulated
}

// calm does something while nothing is lost.
func (s *sim) calm(do func()) {
	before := s.quiet
	s.quiet = true
	do()
	s.quiet = before
}

// step draws one act.
func (s *sim) step() {
	acts := []struct {
		often int
		do    func()
	}{
		{60, s.pay}, {8, s.cancel}, {10, s.settle}, {6, s.look}, {5, s.reverse}, {2, s.stop}, {6, s.resume}, {2, s.freeze}, {8, s.thaw},
		{3, s.closeOne}, {6, s.wait}, {8, s.fund}, {10, s.deliver},
	}
	total := 0
	for _, a := range acts {
		total += a.often
	}
	drawn := s.chance.IntN(total)
	for _, a := range acts {
		if drawn -= a.often; drawn < 0 {
			a.do()
			return
		}
	}
}

// between sometimes does something else between a check and its order.
func (s *sim) between() {
	if !s.nested && s.chance.IntN(4) == 0 {
		s.nested = true
		[]func(){s.stop, s.freeze, s.pay, s.closeOne, s.fund}[s.chance.IntN(5)]()
		s.nested = false
	}
}

// account draws one; closed ones rarely.
func (s *sim) account() *account {
	for {
		if a := s.accounts[s.chance.IntN(len(s.accounts))]; !a.closed || s.chance.IntN(20) == 0 {
			return a
		}
	}
}

// accountThat draws one of those of a kind, or none.
func (s *sim) accountThat(is func(*account) bool) *account {
	var some []*account
	for _, a := range s.accounts {
		if is(a) {
			some = append(some, a)
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some[s.chance.IntN(len(some))]
}

// transfer draws one of the newest of a state, or none.
func (s *sim) transfer(state payment.State) *transfer {
	var some []*transfer
	for _, t := range slices.Backward(s.transfers) {
		if t.State == state && len(some) < ofOpenOnes {
			some = append(some, t)
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some[s.chance.IntN(len(some))]
}

// amount draws minor units: mostly small, sometimes as large as limits are.
func (s *sim) amount() int64 {
	return 1 + s.chance.Int64N([]int64{1_00, 10_00, 10_00, 50_00, 50_00, 50_00, 500_00, 500_00, 5_000_00, 60_000_00}[s.chance.IntN(10)])
}

// open opens an account of a class.
func (s *sim) open(h *holder, class int) {
	opened, err := s.deposits.Open(s.ctx, h.by, deposit.Opening{Customer: h.by.Customer(), Product: product(class)})
	s.must(err)
	a := &account{id: opened.ID, holder: h, class: class}
	s.must(s.d.Read(s.ctx, func(tx *db.Tx) error {
		holding, err := s.deposits.Holding(s.ctx, tx, h.by.Customer(), a.id)
		a.number = holding.Number
		return err
	}))
	h.accounts, s.accounts = append(h.accounts, a), append(s.accounts, a)
}

// compare requires that all balances, holds, limits and states are those of the model.
func (s *sim) compare() {
	s.Helper()
	ids := make([]string, len(s.accounts))
	for i, a := range s.accounts {
		ids[i] = string(a.id)
	}
	s.must(s.d.Read(s.ctx, func(tx *db.Tx) error {
		all, err := s.books.Balances(s.ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, a := range s.accounts {
			b := all[string(a.id)]
			if b.Booked.Minor() != a.booked || b.Held.Minor() != a.held || b.Available().Minor() != a.available() || b.Closed != a.closed {
				s.Fatalf("%s has booked %s, held %s, available %s; the model %d, %d, %d", a.id, b.Booked, b.Held, b.Available(), a.booked, a.held, a.available())
			}
		}
		return s.compareLimits(tx)
	}))
}

// compareLimits compares what was used since the last look.
func (s *sim) compareLimits(tx *db.Tx) error {
	defer clear(s.touched)
	return s.comparePeriods(tx, s.touched)
}

// comparePeriods compares counters of today and of this year: of those gone by only the latest is kept.
func (s *sim) comparePeriods(tx *db.Tx, which map[counter]bool) error {
	var uses []deposit.Use
	today := s.today().String()
	for c := range which {
		if !strings.HasPrefix(today, c.period) {
			continue
		}
		uses = append(uses, deposit.Use{Subject: c.subject, Kind: c.kind, Period: c.period})
	}
	if len(uses) == 0 {
		return nil
	}
	counters, err := deposit.PeekCounters(s.ctx, tx, uses)
	if err != nil {
		return err
	}
	for _, u := range uses {
		want := s.used[counter{u.Subject, u.Kind, u.Period}]
		if has, _ := counters.Used(u); has != want {
			s.Fatalf("of %s %s %s %d is used; the model has %d", u.Subject, u.Kind, u.Period, has, want)
		}
	}
	return nil
}

// verify recomputes the books, and reads every transfer that the model knows.
func (s *sim) verify() {
	report, err := s.books.Verify(s.ctx, ledger.Options{})
	s.must(err)
	if report.Breach != nil {
		s.Fatalf("the books: %v", report.Breach)
	}
	states, all := make(map[string]string), make(map[counter]bool)
	for c := range s.used {
		all[c] = true
	}
	s.must(s.d.Read(s.ctx, func(tx *db.Tx) error {
		if err := s.comparePeriods(tx, all); err != nil {
			return err
		}
		return tx.Each(s.ctx, func(r db.Row) error {
			var which, state string
			err := r.Scan(&which, &state)
			states[which] = state
			return err
		}, `SELECT id, state FROM payment_transfer WHERE hold IS NOT NULL OR state <> 'refused'`)
	}))
	for _, t := range s.transfers {
		if states[string(t.ID)] != string(t.State) {
			s.Fatalf("%s is %q; the model has %s", t.ID, states[string(t.ID)], t.State)
		}
	}
	if len(states) != len(s.transfers) {
		s.Fatalf("the bank has %d transfers, the model %d", len(states), len(s.transfers))
	}
	s.allTold()
}
