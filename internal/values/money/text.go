package money

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

var (
	// ErrAmount says that a text is not an amount: digits, with a point and more digits when the currency has
	// a smaller unit, a minus in front when it is negative, and nothing else.
	ErrAmount = fault.New(fault.Invalid, "money.bad_amount")
	// ErrPrecision says that an amount has more decimal places than its currency.
	ErrPrecision = fault.New(fault.Invalid, "money.too_precise")
)

// Parse reads an exact decimal such as "12.50", "12.5", "12" or "-0.05". It refuses what people may read in two
// ways or what was not meant: a plus, spaces, grouping, exponents, a point without digits on both sides, leading
// zeros, minus nothing, digits that are not ASCII. Errors: ErrAmount, ErrPrecision, ErrOverflow, ErrUnknownCurrency.
func Parse(s string, c Currency) (Amount, error) {
	if c.IsZero() {
		return Amount{}, ErrUnknownCurrency
	}
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, point := strings.Cut(digits, ".")
	switch {
	case !isDigits(whole) || point && !isDigits(part):
		return Amount{}, ErrAmount
	case len(whole) > 1 && whole[0] == '0':
		return Amount{}, ErrAmount
	case negative && strings.Trim(whole+part, "0") == "":
		return Amount{}, ErrAmount
	case len(part) > c.Exponent():
		return Amount{}, ErrPrecision
	}
	size, err := sizeOf(whole, part+strings.Repeat("0", c.Exponent()-len(part)))
	if err != nil {
		return Amount{}, err
	}
	return signed(size, negative, c)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// sizeOf reads runs of digits as one number. Error: ErrOverflow.
func sizeOf(runs ...string) (uint64, error) {
	var size uint64
	for _, run := range runs {
		for i := range len(run) {
			high, low := bits.Mul64(size, 10)
			sum, carry := bits.Add64(low, uint64(run[i]-'0'), 0)
			if high != 0 || carry != 0 {
				return 0, ErrOverflow
			}
			size = sum
		}
	}
	return size, nil
}

// String is the amount as an exact decimal with all places of its currency, such as "12.50"; Parse reads it.
// It does not show the currency.
func (a Amount) String() string {
	places := a.currency.Exponent()
	digits := strconv.FormatUint(a.magnitude(), 10)
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	if places > 0 {
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
	}
	if a.IsNegative() {
		return "-" + digits
	}
	return digits
}

// MarshalJSON writes {"amount":"12.50","currency":"CNY"}. Error: ErrUnknownCurrency, for no amount.
func (a Amount) MarshalJSON() ([]byte, error) {
	if a.currency.IsZero() {
		return nil, ErrUnknownCurrency
	}
	return []byte(`{"amount":"` + a.String() + `","currency":"` + a.currency.Code() + `"}`), nil
}

// UnmarshalJSON reads what MarshalJSON writes: an object of exactly these two strings. It refuses other, missing,
// repeated and differently spelled keys, and numbers. Errors: those of Parse and ParseCurrency.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if text, code, ok := canonical(data); ok {
		return a.set(text, code)
	}
	fields, err := readStrings(data)
	if err != nil {
		return err
	}
	text, hasAmount := fields["amount"]
	code, hasCurrency := fields["currency"]
	if !hasAmount || !hasCurrency || len(fields) != 2 {
		return ErrAmount
	}
	return a.set(text, code)
}

func (a *Amount) set(text, code string) error {
	c, err := ParseCurrency(code)
	if err != nil {
		return err
	}
	parsed, err := Parse(text, c)
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// canonical takes the strings out of exactly what MarshalJSON writes: nearly all that is ever read, and far cheaper than
// to read any JSON. Whatever looks otherwise is for readStrings.
func canonical(data []byte) (amount, currency string, ok bool) {
	rest, ok := strings.CutPrefix(string(data), `{"amount":"`)
	if !ok {
		return "", "", false
	}
	amount, rest, _ = strings.Cut(rest, `","currency":"`)
	currency, ok = strings.CutSuffix(rest, `"}`)
	return amount, currency, ok && !strings.ContainsAny(amount, `"\`) && !strings.ContainsAny(currency, `"\`)
}

// readStrings reads an object of at most two strings, each under its own key.
func readStrings(data []byte) (map[string]string, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, ErrAmount
	}
	fields := make(map[string]string, 2)
	for decoder.More() && len(fields) < 3 {
		key, err := decoder.Token()
		if err != nil {
			return nil, ErrAmount
		}
		value, err := decoder.Token()
		if err != nil {
			return nil, ErrAmount
		}
		name, _ := key.(string)
		text, isText := value.(string)
		if _, twice := fields[name]; twice || !isText {
			return nil, ErrAmount
		}
		fields[name] = text
	}
	if end, err := decoder.Token(); err != nil || end != json.Delim('}') {
		return nil, ErrAmount
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrAmount
	}
	return fields, nil
}
