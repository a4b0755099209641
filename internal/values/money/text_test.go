package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/values/money"
)

func TestAnExactDecimalIsRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		c    money.Currency
		want int64
		back string
	}{
		{"12.50", money.CNY, 1250, "12.50"},
		{"12.5", money.CNY, 1250, "12.50"},
		{"12", money.CNY, 1200, "12.00"},
		{"0", money.CNY, 0, "0.00"},
		{"0.00", money.CNY, 0, "0.00"},
		{"0.05", money.CNY, 5, "0.05"},
		{"-0.05", money.CNY, -5, "-0.05"},
		{"-12.50", money.CNY, -1250, "-12.50"},
		{"500", money.JPY, 500, "500"},
		{"0", money.JPY, 0, "0"},
		{"1.234", money.KWD, 1234, "1.234"},
		{"1.2345", money.CLF, 12345, "1.2345"},
		{"92233720368547758.07", money.CNY, math.MaxInt64, "92233720368547758.07"},
		{"-92233720368547758.08", money.CNY, math.MinInt64, "-92233720368547758.08"},
	} {
		got, err := money.Parse(tc.text, tc.c)
		if err != nil || got != money.New(tc.want, tc.c) || got.String() != tc.back {
			t.Errorf("Parse(%q, %v) = %v, %v; want %s", tc.text, tc.c, got, err, tc.back)
		}
	}
}

func TestWhatIsNotAnExactDecimalIsRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		c    money.Currency
		want error
	}{
		{"", money.CNY, money.ErrAmount},
		{"-", money.CNY, money.ErrAmount},
		{".", money.CNY, money.ErrAmount},
		{".5", money.CNY, money.ErrAmount},
		{"5.", money.CNY, money.ErrAmount},
		{"+5", money.CNY, money.ErrAmount},
		{"--5", money.CNY, money.ErrAmount},
		{"-0", money.CNY, money.ErrAmount},
		{"-0.00", money.CNY, money.ErrAmount},
		{"007", money.CNY, money.ErrAmount},
		{"00", money.CNY, money.ErrAmount},
		{"01.5", money.CNY, money.ErrAmount},
		{"1e3", money.CNY, money.ErrAmount},
		{"1E-2", money.CNY, money.ErrAmount},
		{"0x10", money.CNY, money.ErrAmount},
		{"1_000", money.CNY, money.ErrAmount},
		{"1,000.00", money.CNY, money.ErrAmount},
		{"1.2.3", money.CNY, money.ErrAmount},
		{" 1", money.CNY, money.ErrAmount},
		{"1 ", money.CNY, money.ErrAmount},
		{"1\n", money.CNY, money.ErrAmount},
		{"１２", money.CNY, money.ErrAmount},
		{"٣", money.CNY, money.ErrAmount},
		{"1．5", money.CNY, money.ErrAmount},
		{"\u22125", money.CNY, money.ErrAmount},
		{"\u202e5", money.CNY, money.ErrAmount},
		{"NaN", money.CNY, money.ErrAmount},
		{"Infinity", money.CNY, money.ErrAmount},
		{"¥5", money.CNY, money.ErrAmount},
		{"1.005", money.CNY, money.ErrPrecision},
		{"1.500", money.CNY, money.ErrPrecision},
		{"1.0", money.JPY, money.ErrPrecision},
		{"92233720368547758.08", money.CNY, money.ErrOverflow},
		{"-92233720368547758.09", money.CNY, money.ErrOverflow},
		{"184467440737095516.16", money.CNY, money.ErrOverflow},
		{strings.Repeat("9", 10_000), money.CNY, money.ErrOverflow},
		{"1", 0, money.ErrUnknownCurrency},
	} {
		if got, err := money.Parse(tc.text, tc.c); !errors.Is(err, tc.want) || got != (money.Amount{}) {
			t.Errorf("Parse(%.30q, %v) = %v, %v; want %v", tc.text, tc.c, got, err, tc.want)
		}
	}
}

func TestAnAmountTravelsWithItsCurrency(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(cny(1250))
	if err != nil || string(data) != `{"amount":"12.50","currency":"CNY"}` {
		t.Fatalf("Marshal = %s, %v", data, err)
	}
	for _, text := range []string{string(data), ` { "currency" : "CNY", "amount" : "12.5" } `} {
		var got money.Amount
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != cny(1250) {
			t.Errorf("Unmarshal(%s) = %v, %v", text, got, err)
		}
	}
	if _, err := json.Marshal(money.Amount{}); !errors.Is(err, money.ErrUnknownCurrency) {
		t.Errorf("no amount is written: %v", err)
	}
}

func TestAWireAmountOfAnotherShapeIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		`null`:                             money.ErrAmount,
		`{}`:                               money.ErrAmount,
		`[]`:                               money.ErrAmount,
		`"12.50"`:                          money.ErrAmount,
		`12.50`:                            money.ErrAmount,
		`{"amount":"1"}`:                   money.ErrAmount,
		`{"amount":"1"} `:                  money.ErrAmount,
		`{"currency":"CNY"}`:               money.ErrAmount,
		`{"amount":12.5,"currency":"CNY"}`: money.ErrAmount,
		`{"amount":null,"currency":"CNY"}`: money.ErrAmount,
		`{"amount":{"amount":"1"},"currency":"CNY"}`:         money.ErrAmount,
		`{"Amount":"1","currency":"CNY"}`:                    money.ErrAmount,
		`{"amount":"1","currency":"CNY","note":"x"}`:         money.ErrAmount,
		`{"amount":"1","amount":"2","currency":"CNY"}`:       money.ErrAmount,
		`{"amount":"1","currency":"CNY","currency":"CNY"}`:   money.ErrAmount,
		`{"amount":"1","currency":"CNY","a":"1","b":[1,2]}`:  money.ErrAmount,
		`{"amount":"1","currency":"cny"}`:                    money.ErrUnknownCurrency,
		`{"amount":"1.234","currency":"CNY"}`:                money.ErrPrecision,
		`{"amount":"99999999999999999999","currency":"CNY"}`: money.ErrOverflow,
	} {
		got := cny(7)
		if err := got.UnmarshalJSON([]byte(text)); !errors.Is(err, want) || got != cny(7) {
			t.Errorf("Unmarshal(%s) = %v, %v; want %v", text, got, err, want)
		}
	}
	got := cny(7)
	if err := got.UnmarshalJSON([]byte(`{"amount":"1","currency":"CNY"}{}`)); !errors.Is(err, money.ErrAmount) {
		t.Errorf("two values are read as %v, %v", got, err)
	}
}

func FuzzAnAmountThatIsReadIsWrittenAlike(f *testing.F) {
	for _, s := range []string{"12.50", "0", "-0.01", "007", "1e3", "92233720368547758.07", "1.", "٣", "0.1"} {
		f.Add(s, uint8(money.CNY))
		f.Add(s, uint8(money.JPY))
		f.Add(s, uint8(money.KWD))
	}
	f.Fuzz(func(t *testing.T, s string, currency uint8) {
		c := money.Currency(currency)
		a, err := money.Parse(s, c)
		if err != nil {
			return
		}
		written := a.String()
		if again, err := money.Parse(written, c); err != nil || again != a {
			t.Fatalf("%q is %v, which is read as %v, %v", s, a, again, err)
		}
		if !strings.HasPrefix(written, s) || strings.Trim(written[len(s):], ".0") != "" {
			t.Fatalf("%q is written %q: more than places were added", s, written)
		}
	})
}

func FuzzEveryAmountIsWrittenAndReadBack(f *testing.F) {
	f.Add(int64(0), uint8(money.CNY))
	f.Add(int64(math.MinInt64), uint8(money.CLF))
	f.Fuzz(func(t *testing.T, minor int64, currency uint8) {
		a := money.New(minor, money.Currency(currency))
		data, err := json.Marshal(a)
		if a.Currency().IsZero() {
			if !errors.Is(err, money.ErrUnknownCurrency) {
				t.Fatalf("currency %d is written: %s, %v", currency, data, err)
			}
			return
		}
		var back money.Amount
		if err := json.Unmarshal(data, &back); err != nil || back != a {
			t.Fatalf("%s is read as %v, %v", data, back, err)
		}
	})
}

func FuzzNoWireAmountBreaksTheReader(f *testing.F) {
	f.Add([]byte(`{"amount":"12.50","currency":"CNY"}`))
	f.Add([]byte(`{"amount":`))
	f.Add([]byte(`{"amount":"1","amount":"2"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a money.Amount
		if err := a.UnmarshalJSON(data); err == nil && a.Currency().IsZero() {
			t.Fatalf("%s is read as an amount without currency", data)
		}
	})
}
