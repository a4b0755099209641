package exchange_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// checks is how many sequences of acts are played on each database, unless -rapid.checks says another number.
const checks = "6"

func TestMain(m *testing.M) {
	const name = "rapid.checks"
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if !given {
		if err := flag.Set(name, checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// Random exchanges, rates and ends of days: no currency gains or loses money. What a customer holds is what he brought and
// what his exchanges say; what the bank is long is what customers lack; and the books hold after every act.
func TestNoCurrencyGainsOrLosesMoney(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rapid.Check(t, func(rt *rapid.T) {
			p := newPlay(rt, b)
			rt.Repeat(map[string]func(*rapid.T){"exchange": p.exchange, "move a rate": p.move, "end a day": p.night, "": p.check})
			b.verify()
		})
	})
}

type play struct {
	b        *bank
	by       act.By
	accounts map[money.Currency]id.Account
	holds    map[money.Currency]int64
}

var played = []money.Currency{money.USD, money.EUR, money.HKD, money.JPY}

func newPlay(rt *rapid.T, b *bank) *play {
	p := &play{b: b, accounts: make(map[money.Currency]id.Account), holds: make(map[money.Currency]int64)}
	b.clock.Advance(time.Minute)
	for c := range b.told {
		delete(b.told, c)
	}
	if len(b.valuations(money.USD)) == 0 && b.clock.Now().Before(b.today().Midnight(b.days.Zone()).Add(10*time.Hour)) {
		b.usual()
	}
	p.by, p.accounts[money.CNY] = b.person(300_000_00)
	p.holds[money.CNY] = 300_000_00
	for c, product := range map[money.Currency]string{money.USD: "currency_usd", money.EUR: "currency_eur", money.HKD: "currency_hkd", money.JPY: "currency_jpy"} {
		p.accounts[c] = b.opens(p.by, product)
	}
	p.refresh(0)
	return p
}

// refresh tells rates that are a little off the usual ones.
func (p *play) refresh(off int64) {
	p.b.Helper()
	for c, r := range map[money.Currency]int64{money.USD: 710_000_000, money.EUR: 820_000_000, money.HKD: 91_000_000, money.JPY: 4_560_000} {
		p.b.told[c] = exchange.Rate(r + r/10_000*off + off)
	}
	p.b.clock.Advance(time.Second)
	_, err := p.b.Refresh(p.b.Context())
	p.b.must(err)
}

func (p *play) exchange(rt *rapid.T) {
	c := rapid.SampledFrom(played).Draw(rt, "currency")
	from, to, typed := money.CNY, c, c
	if rapid.Bool().Draw(rt, "sells") {
		from, to = c, money.CNY
	}
	if rapid.Bool().Draw(rt, "types yuan") {
		typed = money.CNY
	}
	amount := money.New(rapid.Int64Range(1, 5_000_00).Draw(rt, "amount"), typed)
	x, err := p.b.exchanges(p.by, exchange.Draft{From: p.accounts[from], To: p.accounts[to], Amount: amount})
	if err != nil {
		if fault.KindOf(err) != fault.Rejected {
			rt.Fatal(err)
		}
		return
	}
	if x.Spread.IsNegative() || from == money.CNY && typed == money.CNY && x.Paid().Minor() > amount.Minor() ||
		to == money.CNY && typed == money.CNY && x.Received().Minor() < amount.Minor() {
		rt.Errorf("%v typed, booked %+v", amount, x)
	}
	p.holds[from] -= x.Paid().Minor()
	p.holds[to] += x.Received().Minor()
}

func (p *play) move(rt *rapid.T) {
	p.refresh(rapid.Int64Range(-200, 200).Draw(rt, "off"))
}

func (p *play) night(rt *rapid.T) {
	p.b.night()
	p.refresh(rapid.Int64Range(-200, 200).Draw(rt, "off"))
}

func (p *play) check(rt *rapid.T) {
	for c, account := range p.accounts {
		if c == money.JPY || c == money.CNY || c == money.USD || c == money.EUR || c == money.HKD {
			if got := p.b.booked(account).Minor(); got != p.holds[c] {
				rt.Errorf("%s: holds %d, want %d", c, got, p.holds[c])
			}
		}
	}
	p.b.verify()
}
