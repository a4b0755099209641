package deposit_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/rule"
)

// charges sets the fee of class I from a day on, and what waives it.
func (b *bank) charges(from, minor, waived string) {
	b.Helper()
	rules, ok := b.Rules.(*rule.Rules)
	if !ok {
		b.Fatal("no rules")
	}
	row := func(key, value string) rule.Row {
		return rule.Row{Key: key, Value: value, Unit: "CNY", From: date(b, from), Source: "test", Grade: "U", Note: "Of a test."}
	}
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		return rules.Add(b.Context(), tx, []rule.Row{row("deposit.fee.class_1.monthly_minor", minor), row("deposit.fee.waived_minor", waived)})
	}))
}

// A fee that an account cannot pay is in arrears until the next month: it is not tried again every day.
func TestAFeeIsChargedOnceAMonthWaivedAndInArrears(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.charges("2026-09-01", "300", "30000")
		_, rich := b.saver(30_000)
		_, small := b.saver(5_000)
		_, poor := b.saver(100)
		b.until("2026-10-31") // opened in September: that month is free
		for account, want := range map[string]int64{"rich": 30_000, "small": 5_000, "poor": 100} {
			if got := map[string]int64{"rich": b.booked(rich.ID).Minor(), "small": b.booked(small.ID).Minor(), "poor": b.booked(poor.ID).Minor()}[account]; got != want {
				t.Errorf("before the first month is over %s has %d, want %d", account, got, want)
			}
		}
		closed := b.today()
		b.endDay()
		b.step(closed) // nothing twice
		b.until("2026-11-15")
		b.must(b.pay(poor.ID, 800)) // not taken before the end of the month
		b.until("2026-11-30")
		if got := [3]int64{b.booked(rich.ID).Minor(), b.booked(small.ID).Minor(), b.booked(poor.ID).Minor()}; got != [3]int64{30_000, 4_700, 900} {
			t.Errorf("after the first fee %v", got)
		}
		b.endDay()
		if got := [3]int64{b.booked(rich.ID).Minor(), b.booked(small.ID).Minor(), b.booked(poor.ID).Minor()}; got != [3]int64{30_000, 4_400, 300} {
			t.Errorf("after the second, with the arrears of the first, %v", got)
		}
		b.verify()
	})
}

func TestTaxIsWithheldFromInterestAsTheFigureOfTheDaySays(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		rules, ok := b.Rules.(*rule.Rules)
		if !ok {
			t.Fatal("no rules")
		}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			return rules.Add(t.Context(), tx, []rule.Row{{
				Key: "deposit.interest.tax_ratio", Value: "0.2", Unit: "ratio", From: date(t, "2026-09-15"), Source: "test", Grade: "U", Note: "Of a test.",
			}})
		}))
		by, a := b.saver(1_000_000_00)
		b.until("2026-09-21")
		// 11 days of 1,000,000.00 at 0.05 %: 15.28, of which a fifth is 3.056: 3.05 is withheld.
		paid := b.paid(by, a.ID)
		if len(paid) != 1 || paid[0].Interest != cny(1_528) || paid[0].Tax != cny(305) {
			t.Errorf("paid %+v", paid)
		}
		if got := b.booked(a.ID); got != cny(100_000_000+1_528-305) {
			t.Errorf("booked %s", got)
		}
		b.verify()
	})
}
