package deposit

import (
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

var (
	// ErrAccountNumber says that a text is no account number of the bank's form; most often a digit is mistyped.
	ErrAccountNumber = fault.New(fault.Invalid, "deposit.bad_account_number")
	// ErrNumberPrefix says that the configured prefix is not 4 to 9 digits of which the first is not 0.
	ErrNumberPrefix = fault.New(fault.Internal, "deposit.bad_number_prefix")
	// ErrNumbersUsedUp says that the prefix has no number for a serial: it is negative or has too many digits.
	ErrNumbersUsedUp = fault.New(fault.Internal, "deposit.numbers_used_up")
)

const (
	numberLength    = 19 // as debit cards of mainland banks have; ISO/IEC 7812-1 allows no more
	minPrefixDigits = 4
	maxPrefixDigits = 9 // leaves room for a billion accounts
	shownDigits     = 4 // at each end of a masked number
	mask            = " **** **** "
)

// Number builds an account number: the bank's prefix (its issuer identification, usually six digits), the serial
// filled up with zeros, and a check digit by Luhn, which finds any one wrong digit and most swapped neighbours.
// With prefix 621700, serial 331 is 6217000000000003313. Errors: ErrNumberPrefix, ErrNumbersUsedUp.
func Number(prefix string, serial int64) (string, error) {
	if len(prefix) < minPrefixDigits || len(prefix) > maxPrefixDigits || !isDigits(prefix) || prefix[0] == '0' {
		return "", ErrNumberPrefix
	}
	room := numberLength - 1 - len(prefix)
	digits := prefix + fmt.Sprintf("%0*d", room, serial)
	if serial < 0 || len(digits) >= numberLength {
		return "", ErrNumbersUsedUp
	}
	return digits + string(luhnDigit(digits)), nil
}

// CheckNumber tells whether a text has the form of an account number of the bank: 19 digits with a fitting check
// digit and no leading zero, nothing between them. Whether the account exists is another question. It takes any
// prefix, because a bank that merged has several. Error: ErrAccountNumber.
func CheckNumber(s string) error {
	if len(s) != numberLength || s[0] == '0' || !luhnFits(s) {
		return ErrAccountNumber
	}
	return nil
}

// MaskNumber shows the first and last four digits, as 6217 **** **** 3318, the same for numbers of any length. What
// is too short to hide anything behind them is hidden whole.
func MaskNumber(s string) string {
	if len(s) < 3*shownDigits || !isDigits(s) {
		return strings.TrimSpace(mask)
	}
	return s[:shownDigits] + mask + s[len(s)-shownDigits:]
}

// luhnFits reports whether digits end in their own check digit (ISO/IEC 7812-1, annex B).
func luhnFits(digits string) bool {
	if len(digits) < 2 || !isDigits(digits) {
		return false
	}
	last := len(digits) - 1
	return digits[last] == luhnDigit(digits[:last])
}

// luhnDigit is the check digit for digits: each second one from the right, the last included, counts twice, a sum
// above 9 by its own digits, and the check digit fills up to a multiple of ten.
func luhnDigit(digits string) byte {
	const base = 10
	sum := 0
	for i := range len(digits) {
		digit := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			digit *= 2
		}
		sum += digit/base + digit%base
	}
	return byte('0' + (base-sum%base)%base)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
