package feed

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/values/money"
)

// simulator makes rates up, for demo banks. A rate is a function of seed and instant alone, so that equal seeds tell equal
// stories and nothing is kept: around an anchor, the sum of slow and quick waves whose turning points are drawn from the
// seed. A wave that lasts k times as long swings about √k times as far, which is how prices move. Markets rest at
// weekends; the Hong Kong dollar stays in its band around the American one.
type simulator struct{ seed uint64 }

// Simulator is the source of rates of demo banks. Its name says what it is.
func Simulator(seed int64) exchange.Source { return simulator{uint64(seed)} }

// Name implements exchange.Source.
func (simulator) Name() string { return exchange.Simulated }

// anchors are what the rates swing around: reference rates of the European Central Bank of 2026-04-13 in yuan.
var anchors = [...]struct {
	currency money.Currency
	rate     int64 // yuan for one unit, in hundred-millionths
}{
	{money.USD, 683_220_000}, {money.EUR, 798_270_000}, {money.GBP, 916_940_000}, {money.HKD, 87_240_000}, {money.JPY, 4_275_000},
}

// wave is a part of the movement.
type wave struct {
	period time.Duration
	swing  int64 // in millionths of the rate, either way
}

var waves = [...]wave{
	{400 * 24 * time.Hour, 30_000}, {150 * 24 * time.Hour, 18_000}, {37 * 24 * time.Hour, 9_000}, {9 * 24 * time.Hour, 4_400}, {53 * time.Hour, 2_100},
	{11 * time.Hour, 950}, {2 * time.Hour, 420}, {23 * time.Minute, 190}, {5 * time.Minute, 90},
}

const millionth = 1_000_000

// Rates implements exchange.Source.
func (s simulator) Rates(_ context.Context, at time.Time, currencies []money.Currency) ([]exchange.Observed, error) {
	traded := trading(at)
	var all []exchange.Observed
	for _, wanted := range currencies {
		for _, a := range anchors {
			if a.currency == wanted {
				all = append(all, exchange.Observed{Currency: wanted, At: at, Middle: s.middle(a.currency, a.rate, traded)})
			}
		}
	}
	return all, nil
}

func (s simulator) middle(c money.Currency, anchor int64, at time.Time) exchange.Rate {
	moved := s.moved(c, at)
	if c == money.HKD {
		moved = s.moved(money.USD, at) + moved/12 // the linked rate: 7.75 to 7.85 for a dollar
	}
	const step = 100 // four decimals for a hundred units
	rate := anchor + anchor/millionth*moved + anchor%millionth*moved/millionth
	return exchange.Rate(rate - rate%step)
}

// moved is how far a rate is from its anchor, in millionths.
func (s simulator) moved(c money.Currency, at time.Time) int64 {
	var sum int64
	for i, w := range waves {
		period := w.period.Milliseconds()
		now := at.UnixMilli() + int64(s.draw(c, i, -1)%uint64(period)) // waves of different currencies turn at different times
		turn, since := now/period, now%period
		from, to := s.turning(c, i, turn, w.swing), s.turning(c, i, turn+1, w.swing)
		sum += from + (to-from)*since/period
	}
	return sum
}

// turning is where a wave turns, within its swing.
func (s simulator) turning(c money.Currency, wave int, turn, swing int64) int64 {
	return int64(s.draw(c, wave, turn)%uint64(2*swing+1)) - swing
}

// draw is a number that seed, currency, wave and turn decide (SplitMix64).
func (s simulator) draw(c money.Currency, wave int, turn int64) uint64 {
	x := s.seed
	for _, n := range []uint64{uint64(c) + 1, uint64(wave) + 1, uint64(turn) + 2} {
		x += n * 0x9e3779b97f4a7c15
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		x ^= x >> 31
	}
	return x
}

// trading is an instant on a clock that stands still at weekends, so that Monday goes on where Friday ended.
func trading(at time.Time) time.Time {
	const week, open = 7 * 24 * time.Hour, 5 * 24 * time.Hour
	monday := time.Date(1970, time.January, 5, 0, 0, 0, 0, time.UTC)
	since := at.Sub(monday)
	if since < 0 {
		return monday
	}
	return monday.Add(since/week*open + min(since%week, open))
}
