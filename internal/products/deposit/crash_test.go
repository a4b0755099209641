package deposit_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

// stormy loses a connection every so many points of transactions, wherever that is.
func (b *bank) stormy(random *rand.Rand) {
	left := random.IntN(60) + 1
	b.fault = func(db.Point) error {
		if left--; left > 0 {
			return nil
		}
		left = random.IntN(60) + 1
		return errors.New("the connection is lost")
	}
}

// life is a few deposits of each kind over the days of a settlement and of some maturities, in the order of their making.
func life(b *bank, night func()) []int64 {
	by, a := b.saver(1_000_000_00)
	ids := []id.Account{a.ID}
	for _, d := range []deposit.Draft{
		{Product: "term_3m", Amount: cny(1_234_567), Rollover: catalog.RollAll},
		{Product: "term_3m", Amount: cny(7_654_321), Rollover: catalog.PayOut},
		{Product: "notice_1d", Amount: cny(6_000_000)},
		{Product: "instalment_1y", Amount: cny(12_345)},
		{Product: "pot_1", Amount: cny(100), Plan: deposit.Plan{Monthly: cny(777), Day: 12}},
	} {
		d.Kind, d.Linked = deposit.DraftOpen, a.ID
		account, _ := b.does(by, d)
		ids = append(ids, account)
		b.clock.Advance(time.Millisecond)
	}
	for b.today().Before(date(b, "2026-12-23")) {
		night()
	}
	b.fault = nil
	b.verify()
	var all []int64
	for _, account := range ids {
		all = append(all, b.booked(account).Minor(), int64(len(b.paid(by, account))))
	}
	for _, account := range ids[1:] {
		all = append(all, b.contract(by, account).Accrued.Minor())
	}
	return all
}

// Whatever step the machine dies in, the end of day goes on where it stopped and does nothing twice.
func TestEndOfDaySurvivesLostConnectionsInEveryStep(t *testing.T) {
	t.Parallel()
	calm := newBank(t, "sqlite:"+t.TempDir()+"/calm.db")
	want := life(calm, calm.endDay)
	onBanks(t, func(t *testing.T, b *bank) {
		random := rand.New(rand.NewPCG(7, 7))
		lost := 0
		got := life(b, func() {
			closed := b.today()
			b.clock.Set(closed.AddDays(1).Midnight(b.days.Zone()).Add(2 * time.Hour))
			b.must(b.days.Roll(t.Context(), closed.AddDays(1)))
			for try := 0; ; try++ {
				b.stormy(random)
				err := b.attempt(closed)
				b.fault = nil
				if err == nil {
					break
				}
				if lost++; try > 500 {
					t.Fatalf("never through: %v", err)
				}
			}
		})
		if len(got) != len(want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("figure %d is %d, want %d", i, got[i], want[i])
			}
		}
		if lost == 0 {
			t.Error("no connection was lost: the test proves nothing")
		}
	})
}
