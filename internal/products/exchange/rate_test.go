package exchange_test

import (
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/values/money"
)

func TestRatesAreReadAndWrittenExactly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ plain, shown string }{
		"6.8325": {"6.8325", "683.2500"}, "0.042746": {"0.042746", "4.2746"}, "7": {"7.0000", "700.0000"}, "0.00000001": {"0.00000001", "0.000001"},
		"500": {"500.0000", "50000.0000"}, "23.1": {"23.1000", "2310.0000"},
	} {
		r, err := exchange.ParseRate(text)
		if err != nil || r.String() != want.plain || r.Shown() != want.shown {
			t.Errorf("%s is %s, shown %s, %v", text, r, r.Shown(), err)
		}
	}
	for _, text := range []string{"", "0", "0.00", "-1", "+1", "1,2", "1.", ".5", "1e3", "500.00000001", "0.000000001", "1234567890", " 7", "７"} {
		if r, err := exchange.ParseRate(text); !errors.Is(err, exchange.ErrRate) {
			t.Errorf("%q is %s, %v", text, r, err)
		}
	}
}

func TestAmountsAreConvertedInTheirMinorUnits(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rate  string
		other money.Amount
		yuan  int64 // fen, half up
		back  int64 // minor units that so much yuan buys, rounded down
	}{
		"two decimals":           {"7.1", usd(100_00), 710_00, 100_00},
		"none":                   {"0.0456", jpy(10_000), 456_00, 10_000},
		"one yen":                {"0.0456", jpy(1), 5, 1},
		"three":                  {"23.1", money.New(1_000, money.KWD), 23_10, 1_000},
		"half a fen goes up":     {"0.005", usd(1_00), 1, 2_00},
		"less than half is lost": {"0.0049", usd(1_00), 0, 0},
		"a debt mirrors it":      {"7.1", usd(-100_00), -710_00, -100_00},
	} {
		r, err := exchange.ParseRate(tc.rate)
		if err != nil {
			t.Fatal(err)
		}
		worth, err := r.Worth(tc.other, money.HalfUp)
		if err != nil || worth != cny(tc.yuan) {
			t.Errorf("%s: %v, %v", name, worth, err)
		}
		back, err := r.Buys(worth, tc.other.Currency(), money.Down)
		if err != nil || back.Minor() != tc.back {
			t.Errorf("%s: back %v, %v", name, back, err)
		}
	}
	most, _ := exchange.ParseRate("500")
	if _, err := most.Worth(usd(1<<62), money.HalfUp); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("too much: %v", err)
	}
}

func TestAQuotientIsRoundedOnceAndBounded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b, want string
		err        error
	}{
		{"7.9827", "1.1684", "6.83216364", nil}, {"7.9827", "186.75", "0.04274538", nil}, {"1", "3", "0.33333333", nil}, {"2", "3", "0.66666667", nil},
		{"499", "0.1", "", exchange.ErrRate}, {"0.00000001", "400", "", exchange.ErrRate},
	} {
		a, errA := exchange.ParseRate(tc.a)
		b, errB := exchange.ParseRate(tc.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if q, err := exchange.Quotient(a, b); !errors.Is(err, tc.err) || err == nil && q.String() != tc.want {
			t.Errorf("%s / %s = %s, %v", tc.a, tc.b, q, err)
		}
	}
}
