package deposit_test

import (
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// line is a line of a scenario: on a day somebody does something, and then so much stands on the current account and on
// the deposit. Interest is worked out by hand beside it; demand earns 0.05 %, six months 0.85 %.
type line struct {
	on      string
	act     string // open, withdraw; rate: posted from the day on; back: paid in, valued three days back; miss: the days up to it have no end of their own; or nothing: only look
	product string
	yuan    string
	current string
	deposit string
}

func TestScenariosOverMonthEndsLeapDaysAndHolidays(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string][]line{
		"six months from the 31st of August to the 29th of February, rolled over, then taken early": {
			{"2027-08-30", "", "", "", "100000.00", ""},
			{"2027-08-31", "open", "term_6m", "10000.00", "90000.00", "10000.00"},
			{"2027-09-20", "", "", "", "90000.00", "10000.00"},
			{"2027-09-21", "", "", "", "90002.76", "10000.00"}, // 1 × 100,000.00 + 21 × 90,000.00 = 1,990,000 yuan-days: 2.7639
			{"2027-10-08", "", "", "", "90002.76", "10000.00"}, // holidays earn as every day
			{"2027-12-21", "", "", "", "90014.14", "10000.00"}, // 91 × 90,002.76: 11.3754
			{"2028-02-28", "", "", "", "90014.14", "10000.00"},
			{"2028-02-29", "", "", "", "90014.14", "10042.50"},          // 180 / 360 × 0.85 %
			{"2028-03-21", "", "", "", "90025.52", "10042.50"},          // 91 × 90,014.14, the leap day among them: 11.3768
			{"2028-03-29", "withdraw", "", "10042.50", "100068.42", ""}, // 29 days at 0.05 %: 0.4045
		},
		"three months from the 30th of November to the 29th of February, rolled over with its interest": {
			{"2027-11-29", "", "", "", "100000.00", ""},
			{"2027-11-30", "open", "term_3m", "50000.00", "50000.00", "50000.00"},
			{"2027-12-21", "", "", "", "50001.60", "50000.00"}, // 1 × 100,000.00 + 21 × 50,000.00 = 1,150,000: 1.5972
			{"2028-02-29", "", "", "", "50001.60", "50081.25"}, // 90 / 360 × 0.65 %
		},
		"a rate that changes, a part taken early, an entry valued back, missed days": {
			{"2027-08-30", "", "", "", "100000.00", ""},
			{"2027-08-31", "open", "term_6m", "20000.00", "80000.00", "20000.00"},
			{"2027-09-10", "rate", "current_1", "0.001", "80000.00", "20000.00"},
			{"2027-09-21", "", "", "", "80004.94", "20000.00"},                // 1 × 100,000.00 + 21 × 80,000.00 = 1,780,000, all of it at 0.1 %: 4.9444
			{"2027-10-01", "withdraw", "", "5000.00", "85005.37", "15000.00"}, // 31 days at the demand rate of that day: 0.4306
			{"2027-10-05", "back", "", "1000.00", "86005.37", "15000.00"},
			{"2027-11-10", "miss", "", "", "86005.37", "15000.00"},
			{"2027-12-21", "", "", "", "86026.94", "15000.00"}, // 10 × 80,004.94 + 81 × 85,005.37 + 80 × 1,000.00: 21.5708
			{"2028-02-29", "", "", "", "86026.94", "15063.75"}, // what was left earns what was agreed: 180 / 360 × 0.85 %
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBankOn(t, "sqlite:"+t.TempDir()+"/bank.db", date(t, lines[0].on).Midnight(time.UTC).Add(2*time.Hour))
			by, a := b.saver(100_000_00)
			var made id.Account
			for _, l := range lines {
				if l.act == "miss" {
					b.misses(l.on)
				}
				b.until(l.on)
				switch l.act {
				case "rate":
					b.post(l.product, l.on, l.yuan)
				case "back":
					b.valuedBack(a.ID, yuan(t, l.yuan).Minor(), date(t, l.on).AddDays(-3).String())
				case "open":
					made, _ = b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: l.product, Linked: a.ID, Amount: yuan(t, l.yuan), Rollover: catalog.RollAll})
				case "withdraw":
					b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: made, Amount: yuan(t, l.yuan)})
				}
				if got := b.booked(a.ID); got != yuan(t, l.current) {
					t.Errorf("%s %s: the current account has %s, want %s", l.on, l.act, got, l.current)
				}
				if made == "" {
					continue
				}
				if got := b.booked(made); got != yuan(t, l.deposit) {
					t.Errorf("%s %s: the deposit has %s, want %s", l.on, l.act, got, l.deposit)
				}
				b.agrees()
			}
			b.verify()
		})
	}
}

// misses opens a day while the ends of those before it were never begun, and then makes them up one by one.
func (b *bank) misses(to string) {
	b.Helper()
	from, until := b.today(), date(b, to)
	b.clock.Set(until.Midnight(b.days.Zone()).Add(2 * time.Hour))
	b.must(b.days.Roll(b.Context(), until))
	for closed := from; closed.Before(until); closed = closed.AddDays(1) {
		b.step(closed)
	}
}

func yuan(t *testing.T, text string) money.Amount {
	t.Helper()
	if text == "" {
		return cny(0)
	}
	a, err := money.Parse(text, money.CNY)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
