package money_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/tongbao/tongbao/internal/values/money"
)

// sharedData reads a file of ../shared/data beside the repository, and skips the test where it is absent.
func sharedData(t *testing.T, path string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", path))
			if err != nil {
				t.Skipf("shared data is absent: %v", err)
			}
			return text
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("no go.mod above: shared data cannot be found")
	return nil
}

func TestTheCurrencyTableIsISO4217(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(bytes.NewReader(sharedData(t, "payments/currency/iso4217_active.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, row := range rows[1:] {
		code, numeric, unit := row[0], row[1], row[2]
		c, err := money.ParseCurrency(code)
		exponent, unitErr := strconv.Atoi(unit)
		if unitErr != nil { // a dash: gold, special drawing rights and the like have no minor unit
			if !errors.Is(err, money.ErrUnknownCurrency) {
				t.Errorf("%s has no minor unit, yet it is %v, %v", code, c, err)
			}
			continue
		}
		known++
		if err != nil || c.Code() != code || c.Numeric() != numeric || c.Exponent() != exponent || c.IsZero() {
			t.Errorf("%v: code %s, numeric %s, exponent %d, %v", row, c.Code(), c.Numeric(), c.Exponent(), err)
		}
	}
	if got := len(money.Currencies()); got != known {
		t.Errorf("%d currencies, ISO 4217 has %d with a minor unit", got, known)
	}
}

func TestTheConstantsAreTheCurrenciesTheyName(t *testing.T) {
	t.Parallel()
	for code, c := range map[string]money.Currency{
		"AED": money.AED, "CNY": money.CNY, "EUR": money.EUR, "GBP": money.GBP, "HKD": money.HKD, "JPY": money.JPY,
		"KRW": money.KRW, "KWD": money.KWD, "MOP": money.MOP, "SGD": money.SGD, "TWD": money.TWD, "USD": money.USD,
		"ZWG": money.ZWG,
	} {
		if got, err := money.ParseCurrency(code); got != c || err != nil || c.String() != code {
			t.Errorf("%s: constant is %v, parsed %v, %v", code, c, got, err)
		}
	}
	for i, c := range money.Currencies() {
		if got, err := money.ParseCurrency(c.Code()); got != c || err != nil {
			t.Errorf("currency %d, %s, is found as %v, %v: the table is out of order", i, c.Code(), got, err)
		}
	}
}

func TestACodeThatIsNoCurrencyIsRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "cny", "CN", "CNYY", "RMB", "XXX", "XAU", "ＣＮＹ", "BGN", " CNY", "ZZZ"} {
		if c, err := money.ParseCurrency(code); !errors.Is(err, money.ErrUnknownCurrency) || !c.IsZero() {
			t.Errorf("ParseCurrency(%q) = %v, %v", code, c, err)
		}
	}
	for _, none := range []money.Currency{0, 255} {
		if !none.IsZero() || none.Code() != "" || none.Numeric() != "" || none.Exponent() != 0 {
			t.Errorf("Currency(%d) is %q", uint8(none), none.Code())
		}
		if _, err := none.MarshalText(); !errors.Is(err, money.ErrUnknownCurrency) {
			t.Errorf("Currency(%d) is written: %v", uint8(none), err)
		}
		if v, err := none.Value(); v != nil || err != nil {
			t.Errorf("Currency(%d) is stored as %v, %v; want NULL", uint8(none), v, err)
		}
	}
}

func TestACurrencyTravelsAndIsStoredAsItsCode(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(map[money.Currency]money.Currency{money.CNY: money.USD})
	if err != nil || string(data) != `{"CNY":"USD"}` {
		t.Fatalf("Marshal = %s, %v", data, err)
	}
	var back map[money.Currency]money.Currency
	if err := json.Unmarshal(data, &back); err != nil || back[money.CNY] != money.USD {
		t.Errorf("Unmarshal = %v, %v", back, err)
	}
	for _, stored := range []any{"HKD", []byte("HKD")} {
		var c money.Currency
		if err := c.Scan(stored); err != nil || c != money.HKD {
			t.Errorf("Scan(%T) = %v, %v", stored, c, err)
		}
	}
	if v, err := money.HKD.Value(); v != "HKD" || err != nil {
		t.Errorf("Value = %v, %v", v, err)
	}
	null := money.HKD
	if err := null.Scan(nil); err != nil || !null.IsZero() {
		t.Errorf("NULL is read as %v, %v", null, err)
	}
	for _, stored := range []any{int64(344), "hkd", ""} {
		var c money.Currency
		if err := c.Scan(stored); !errors.Is(err, money.ErrUnknownCurrency) {
			t.Errorf("Scan(%v) = %v", stored, err)
		}
	}
}
