package money

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrUnknownCurrency says that a code is no active currency of ISO 4217 with a minor unit.
var ErrUnknownCurrency = fault.New(fault.Invalid, "money.unknown_currency")

// Currency is an active currency of ISO 4217, such as CNY. It is a small value: compare it with ==, use it as a map
// key. The zero value is no currency. Its number is not ISO's and is never stored; codes are. Codes without a minor
// unit (gold, special drawing rights, XXX) are not here, because no Amount could be counted in them.
type Currency uint8

type currency struct {
	code     string
	numeric  string
	exponent int
}

func (c Currency) row() currency {
	if int(c) >= len(currencies) {
		return currency{}
	}
	return currencies[c]
}

// ParseCurrency finds a currency by its alphabetic code in capitals.
func ParseCurrency(code string) (Currency, error) {
	i, found := slices.BinarySearchFunc(currencies[1:], code, func(c currency, code string) int {
		return strings.Compare(c.code, code)
	})
	if !found {
		return 0, ErrUnknownCurrency
	}
	return Currency(i + 1), nil
}

// Currencies lists every currency, by code.
func Currencies() []Currency {
	all := make([]Currency, 0, len(currencies)-1)
	for i := 1; i < len(currencies); i++ {
		all = append(all, Currency(i))
	}
	return all
}

// Code is the alphabetic code, such as "CNY"; empty for no currency.
func (c Currency) Code() string { return c.row().code }

// Numeric is ISO's code of three digits, such as "156", which card and payment networks use.
func (c Currency) Numeric() string { return c.row().numeric }

// Exponent is how many decimal places the minor unit stands for: 2 for CNY, 0 for JPY, 3 for KWD.
func (c Currency) Exponent() int { return c.row().exponent }

// IsZero reports whether this is no currency.
func (c Currency) IsZero() bool { return c.Code() == "" }

// String is the code.
func (c Currency) String() string { return c.Code() }

// MarshalText writes the code. No currency is an error, as it would be read by nobody.
func (c Currency) MarshalText() ([]byte, error) {
	if c.IsZero() {
		return nil, ErrUnknownCurrency
	}
	return []byte(c.Code()), nil
}

// UnmarshalText reads a code.
func (c *Currency) UnmarshalText(text []byte) error {
	parsed, err := ParseCurrency(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Value stores the code as TEXT, and NULL for no currency.
func (c Currency) Value() (driver.Value, error) {
	if c.IsZero() {
		return nil, nil
	}
	return c.Code(), nil
}

// Scan reads what Value stored.
func (c *Currency) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*c = 0
		return nil
	case string:
		return c.UnmarshalText([]byte(v))
	case []byte:
		return c.UnmarshalText(v)
	}
	return fmt.Errorf("scan currency from %T: %w", stored, ErrUnknownCurrency)
}
