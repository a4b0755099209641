package deposit_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
)

func ExampleNumber() {
	number, err := deposit.Number("621700", 331)
	fmt.Println(number, deposit.MaskNumber(number), err)
	// Output: 6217000000000003313 6217 **** **** 3313 <nil>
}

func TestANumberIsPrefixSerialAndCheckDigit(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, tc := range []struct {
		prefix string
		serial int64
	}{
		{"621700", 0}, {"621700", 1}, {"621700", 999_999_999_999}, {"6217", 99_999_999_999_999}, {"621700123", 999_999_999},
	} {
		number, err := deposit.Number(tc.prefix, tc.serial)
		if err != nil {
			t.Errorf("Number(%s, %d): %v", tc.prefix, tc.serial, err)
			continue
		}
		body := fmt.Sprintf("%s%0*d", tc.prefix, 18-len(tc.prefix), tc.serial)
		if len(number) != 19 || number[:18] != body || deposit.CheckNumber(number) != nil || seen[number] {
			t.Errorf("Number(%s, %d) = %s", tc.prefix, tc.serial, number)
		}
		seen[number] = true
	}
}

func TestNoNumberIsBuiltFromABadPrefixOrWithoutRoom(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "621", "6217001234", "062170", "62170x", "６２１７", "-62170", "6217 0"} {
		if number, err := deposit.Number(prefix, 1); !errors.Is(err, deposit.ErrNumberPrefix) || number != "" {
			t.Errorf("Number(%q, 1) = %q, %v", prefix, number, err)
		}
	}
	for _, serial := range []int64{-1, math.MinInt64, 1_000_000_000_000, math.MaxInt64} {
		if number, err := deposit.Number("621700", serial); !errors.Is(err, deposit.ErrNumbersUsedUp) || number != "" {
			t.Errorf("Number(621700, %d) = %q, %v", serial, number, err)
		}
	}
}

func TestOnlyNumbersOfTheBanksFormPass(t *testing.T) {
	t.Parallel()
	const good = "6217000000000003313"
	if err := deposit.CheckNumber(good); err != nil {
		t.Errorf("CheckNumber(%s) = %v", good, err)
	}
	for why, s := range map[string]string{
		"empty":                "",
		"too short":            "621700000000000331",
		"too long":             good + "0",
		"a leading zero":       "0000000000000000000",
		"spaces":               "6217 0000 0000 0003 312",
		"a space at the end":   good[:18] + " ",
		"letters":              "621700000000000331O",
		"full-width digits":    "６217000000000003",
		"a sign":               "-217000000000003313",
		"a wrong digit":        "6217000000000003312",
		"neighbours swapped":   "6217000000000003132",
		"a card of 16 digits":  "4111111111111111",
		"a direction override": "\u202e7000000000003313",
	} {
		err := deposit.CheckNumber(s)
		if !errors.Is(err, deposit.ErrAccountNumber) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: CheckNumber(%q) = %v", why, s, err)
		}
	}
}

func TestEveryWrongDigitIsFound(t *testing.T) {
	t.Parallel()
	number, err := deposit.Number("621700", 987_654_321_012)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(number) {
		for digit := byte('0'); digit <= '9'; digit++ {
			wrong := number[:i] + string(digit) + number[i+1:]
			if digit != number[i] && deposit.CheckNumber(wrong) == nil {
				t.Errorf("%s passes for %s", wrong, number)
			}
		}
	}
}

func TestAMaskedNumberShowsItsEndsOnly(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"6217000000000003313": "6217 **** **** 3313",
		"4111111111111111":    "4111 **** **** 1111",
		"621700003313":        "6217 **** **** 3313",
		"62170000331":         "**** ****",
		"6217":                "**** ****",
		"":                    "**** ****",
		"Zhang Wei 13800001":  "**** ****",
	} {
		if got := deposit.MaskNumber(s); got != want {
			t.Errorf("MaskNumber(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestPublishedLuhnCasesAreJudgedAlike(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(bytes.NewReader(sharedLuhn(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	skips := map[string]string{
		"0000000000": "its sum fits; Apache refuses it as a card because it is all zeros, as CheckNumber does",
	}
	for _, row := range rows[1:] {
		number, want := row[0], row[1] == "valid"
		if reason := skips[number]; reason != "" {
			t.Logf("skipped %s: %s", number, reason)
			continue
		}
		if got := deposit.LuhnFits(number); got != want {
			t.Errorf("%s (%s): fits is %v, want %v", number, row[2], got, want)
		}
	}
	if len(rows) < 40 {
		t.Errorf("only %d published cases", len(rows))
	}
}

// sharedLuhn reads the published cases beside the repository, and skips the test where they are absent.
func sharedLuhn(t *testing.T) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", "payments", "luhn_mcc", "luhn_cases.csv"))
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

func FuzzEveryNumberBuiltPassesAndIsMasked(f *testing.F) {
	f.Add("621700", int64(331))
	f.Add("6217", int64(math.MaxInt64))
	f.Add("0", int64(-1))
	f.Fuzz(func(t *testing.T, prefix string, serial int64) {
		number, err := deposit.Number(prefix, serial)
		if err != nil {
			return
		}
		if err := deposit.CheckNumber(number); err != nil || !strings.HasPrefix(number, prefix) {
			t.Fatalf("Number(%q, %d) = %s, %v", prefix, serial, number, err)
		}
		if masked := deposit.MaskNumber(number); len(masked) != 19 || strings.Contains(masked, number[4:15]) {
			t.Fatalf("%s is masked as %s", number, masked)
		}
	})
}

func FuzzNoTextBreaksTheCheck(f *testing.F) {
	f.Add("6217000000000003313")
	f.Add("６２１７")
	f.Add("\xff\x00")
	f.Fuzz(func(t *testing.T, s string) {
		_ = deposit.MaskNumber(s)
		if deposit.CheckNumber(s) == nil && (len(s) != 19 || strings.Trim(s, "0123456789") != "") {
			t.Fatalf("%q is an account number", s)
		}
	})
}
