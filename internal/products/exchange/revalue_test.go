package exchange_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (b *bank) valuations(c money.Currency) []exchange.Valuation {
	b.Helper()
	var all []exchange.Valuation
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		all, err = b.Valuations(b.Context(), tx, c, clock.Date{}, 100)
		return err
	}))
	return all
}

// A position over some days: what is exchanged, at which rates, what the end of each day books in yuan, and what the bank's
// gains and losses have come to. A customer who buys makes the bank short.
func TestPositionsAreValuedEveryDay(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(1_000_000_00)
		dollars, yen := b.opens(by, "currency_usd"), b.opens(by, "currency_jpy")
		for i, d := range []struct {
			name             string
			buyUSD, sellUSD  int64  // cents
			buyJPY           int64  // yen
			closeUSD         string // middle rate in the evening
			closeJPY         string
			position, change int64 // of the dollar: cents, fen
			yenChange        int64 // fen
			gained           int64 // fen, of all valuations so far
		}{
			{name: "short 100 dollars, which rise by 0.1 yuan", buyUSD: 100_00, closeUSD: "7.2", closeJPY: "0.0456",
				position: -100_00, change: -10_00, gained: -10_00},
			{name: "nothing is exchanged and the dollar falls", closeUSD: "7.15", closeJPY: "0.0456",
				position: -100_00, change: 5_00, gained: -5_00},
			{name: "a part comes back at 7.15 and 10,000 yen go", sellUSD: 40_00, buyJPY: 10_000, closeUSD: "7.15", closeJPY: "0.0450",
				position: -60_00, change: 0, yenChange: 6_00, gained: 1_00},
			{name: "a rate with eight decimals is rounded to the fen", closeUSD: "7.12345678", closeJPY: "0.0450",
				position: -60_00, change: 1_59, gained: 2_59}, // 427.4074 to 427.41
			{name: "nothing is left of the dollar, and the rounding of all days comes out", sellUSD: 60_00, closeUSD: "7.3", closeJPY: "0.0450",
				position: 0, change: 0, gained: 2_59},
		} {
			if d.buyUSD > 0 {
				b.exchanged(by, yuan, dollars, usd(d.buyUSD))
			}
			if d.sellUSD > 0 {
				b.exchanged(by, dollars, yuan, usd(d.sellUSD))
			}
			if d.buyJPY > 0 {
				b.exchanged(by, yuan, yen, jpy(d.buyJPY))
			}
			closed := b.today()
			b.clock.Set(closed.AddDays(1).Midnight(b.days.Zone()).Add(-time.Hour))
			b.rates(map[money.Currency]string{money.USD: d.closeUSD, money.JPY: d.closeJPY})
			b.night()
			v := b.valuations(money.USD)
			if len(v) != i+1 || v[0].On != closed || v[0].Position != usd(d.position) || v[0].Change.Minor() != d.change || (v[0].Journal == "") != (d.change == 0) {
				t.Errorf("%s: %+v", d.name, v[0])
			}
			if y := b.valuations(money.JPY); len(y) > 0 && y[0].Change.Minor() != d.yenChange {
				t.Errorf("%s: yen %+v", d.name, y[0])
			}
			if got := -b.own(ledger.ExchangeValuation, money.CNY); got != d.gained {
				t.Errorf("%s: gained %d, want %d", d.name, got, d.gained)
			}
			b.verify()
			b.rates(map[money.Currency]string{money.USD: d.closeUSD, money.JPY: d.closeJPY})
		}
		if got := b.own(ledger.CurrencyPosition, money.USD); got != 0 {
			t.Errorf("%d cents are left in the position", got)
		}
	})
}

// What the end of a closed day books is that day's; what is exchanged after its cut-off is not valued with it.
func TestARevaluationIsOfItsDayAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(1_000_000_00)
		dollars := b.opens(by, "currency_usd")
		b.exchanged(by, yuan, dollars, usd(100_00))
		b.rates(map[money.Currency]string{money.USD: "7.2"})
		first := b.today()
		b.roll()
		b.rates(map[money.Currency]string{money.USD: "7.4"}) // after midnight
		b.exchanged(by, yuan, dollars, usd(1_000_00))
		b.must(b.end.Run(t.Context()))
		v := b.valuations(money.USD)
		if len(v) != 1 || v[0].On != first || v[0].Position != usd(-100_00) || v[0].Middle.String() != "7.2000" || v[0].Change != cny(-10_00) {
			t.Fatalf("valued %+v", v)
		}
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			totals, err := b.books.TrialBalance(t.Context(), tx, first)
			for _, total := range totals {
				if total.Account == ledger.Own(ledger.ExchangeValuation, money.CNY, "0001") && total.Balance() != cny(-10_00) {
					t.Errorf("the closed day has %v", total.Balance())
				}
			}
			sheets, err2 := b.books.BalanceSheets(t.Context(), tx, first, "")
			if len(sheets) != 2 {
				t.Errorf("%d sheets", len(sheets))
			}
			for _, s := range sheets {
				if !s.Balances() {
					t.Errorf("%s does not balance: %+v", s.Currency, s)
				}
			}
			return errors.Join(err, err2)
		}))
		b.verify()
	})
}

// A currency without a fresh rate is set aside with its reason; the next valuation counts what was left out.
func TestACurrencyWithoutARateIsSetAsideAndCaughtUp(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(1_000_000_00)
		dollars := b.opens(by, "currency_usd")
		b.exchanged(by, yuan, dollars, usd(100_00))
		for range 11 { // the rate is older than ten days
			b.night()
		}
		if v := b.valuations(money.USD); len(v) != 10 {
			t.Fatalf("%d valuations: the 11th day has no rate", len(v))
		}
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			aside, err := b.end.Asides(t.Context(), tx, 10)
			if len(aside) != 1 || aside[0].Item != "USD" || aside[0].Code != exchange.ErrStale.Code() {
				t.Errorf("set aside %+v", aside)
			}
			return err
		}))
		b.rates(map[money.Currency]string{money.USD: "7.2"})
		b.exchanged(by, dollars, yuan, usd(20_00))
		b.night()
		v := b.valuations(money.USD)
		if len(v) != 12 || v[0].Position != usd(-80_00) || !v[0].Change.IsZero() || v[1].Position != usd(-100_00) || v[1].Change != cny(-10_00) {
			t.Errorf("caught up %+v", v[:2])
		}
		b.verify()
	})
}

func TestARevaluationThatIsRepeatedDoesNothing(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(1_000_000_00)
		dollars := b.opens(by, "currency_usd")
		b.exchanged(by, yuan, dollars, usd(100_00))
		b.rates(map[money.Currency]string{money.USD: "7.2"})
		closed := b.today()
		b.roll()
		step := b.Steps()[0]
		for range 3 {
			b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
				items, err := step.Items(t.Context(), tx, closed, "", 10)
				if len(items) != 1 || items[0] != "USD" {
					t.Errorf("items %v", items)
				}
				aside, err2 := step.Do(t.Context(), tx, closed, items)
				if len(aside) != 0 {
					t.Errorf("aside %v", aside)
				}
				return errors.Join(err, err2)
			}))
		}
		if got := b.own(ledger.ExchangeValuation, money.CNY); got != 10_00 {
			t.Errorf("lost %d, want 1000 once", got)
		}
		b.must(b.end.Run(t.Context()))
		b.verify()
	})
}

// Wherever a node dies, each day's revaluation is booked once.
func TestRevaluationSurvivesLostConnections(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		random := rand.New(rand.NewPCG(7, 9))
		b.usual()
		by, yuan := b.person(1_000_000_00)
		dollars, yen := b.opens(by, "currency_usd"), b.opens(by, "currency_jpy")
		lost := 0
		for i := range 6 {
			b.exchanged(by, yuan, dollars, usd(100_00))
			b.exchanged(by, yuan, yen, jpy(10_000))
			b.rates(map[money.Currency]string{money.USD: []string{"7.2", "7.1"}[i%2], money.JPY: []string{"0.0460", "0.0450"}[i%2]})
			closed := b.today()
			b.roll()
			for try := 0; ; try++ {
				left := random.IntN(30) + 1
				b.fault = func(db.Point) error {
					if left--; left > 0 {
						return nil
					}
					left = random.IntN(60) + 1
					lost++
					return errors.New("the connection is lost")
				}
				err := b.doStep(t.Context(), b.Steps()[0], closed)
				b.fault = nil
				if err == nil {
					break
				}
				if try > 500 {
					t.Fatalf("never through: %v", err)
				}
			}
			b.must(b.end.Run(t.Context()))
			b.usual()
		}
		if lost == 0 {
			t.Error("no connection was lost: the test proves nothing")
		}
		if got := len(b.valuations(money.USD)); got != 6 {
			t.Errorf("%d valuations", got)
		}
		b.verify()
	})
}

// doStep does a step of a day, item by item, each in a transaction of its own.
func (b *bank) doStep(ctx context.Context, s day.Step, closed clock.Date) error {
	for after := ""; ; {
		var items []string
		err := b.d.Write(ctx, func(tx *db.Tx) (err error) {
			if items, err = s.Items(ctx, tx, closed, after, 1); err != nil || len(items) == 0 {
				return err
			}
			_, err = s.Do(ctx, tx, closed, items)
			return err
		})
		if err != nil || len(items) == 0 {
			return err
		}
		after = items[0]
	}
}
