package customer

import (
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// Why a resident ID number is refused. The number itself is personal data and is in none of them.
var (
	// ErrIDNumberForm says that it is not 17 digits and a digit or X.
	ErrIDNumberForm = fault.New(fault.Invalid, "customer.id_number_form")
	// ErrIDNumberOld says that it has the 15 digits of before 1999. No card that bears such a number is valid since
	// 2013; Upgrade15 gives the number that replaced it.
	ErrIDNumberOld = fault.New(fault.Invalid, "customer.id_number_15_digits")
	// ErrIDNumberCheck says that the check digit does not fit: a digit is mistyped.
	ErrIDNumberCheck = fault.New(fault.Invalid, "customer.id_number_check_digit")
	// ErrIDNumberBirth says that nobody alive was born that day: no such date, to come, or too long ago.
	ErrIDNumberBirth = fault.New(fault.Invalid, "customer.id_number_birth_date")
	// ErrIDNumberDivision says that no division had that code in the person's lifetime.
	ErrIDNumberDivision = fault.New(fault.Invalid, "customer.id_number_division")
)

const (
	idNumberLength    = 18
	oldIDNumberLength = 15
	maxAgeYears       = 150 // no one has reached it; more is a typing error
)

// IDNumber is a citizen's number (公民身份号码) as GB 11643-1999 builds it: six digits of the division where it was
// first registered, eight of the birth date, three of a serial (odd for men, even for women), a check digit.
// Residents from Hong Kong, Macao and Taiwan have numbers of the same make, with divisions of their own.
//
// It can only be made by ParseIDNumber, so who holds one holds a number that fits. Whether it is this person's, only
// the verification provider can say. It is personal data, and prints masked.
type IDNumber struct {
	digits string
	birth  clock.Date
}

// ParseIDNumber reads an ID number: 17 digits and a digit or X, of which a small x is made a capital. Full-width
// digits, spaces and dashes are refused. The checks, in this order, each with its own fault: form, check digit,
// birth date (real, not after today, at most 150 years ago), division.
//
// A division counts when its code was in force at any time from the year of birth to this year. That is lenient on
// purpose: numbers were first given out in 1984 to people long born, children are registered late, and registers
// kept old codes for a while; yet a code that was gone before the person was born is a mistake.
func ParseIDNumber(s string, today clock.Date) (IDNumber, error) {
	if len(s) == oldIDNumberLength && isDigits(s) {
		return IDNumber{}, ErrIDNumberOld
	}
	if len(s) != idNumberLength || !isDigits(s[:idNumberLength-1]) {
		return IDNumber{}, ErrIDNumberForm
	}
	digits := s[:idNumberLength-1]
	check := s[idNumberLength-1]
	if check == 'x' {
		check = 'X'
	}
	if check != 'X' && !isDigits(string(check)) {
		return IDNumber{}, ErrIDNumberForm
	}
	if check != checkDigit(digits) {
		return IDNumber{}, ErrIDNumberCheck
	}
	birth, err := clock.ParseDate(digits[6:10] + "-" + digits[10:12] + "-" + digits[12:14])
	if err != nil || birth.After(today) || ageOn(birth, today) > maxAgeYears {
		return IDNumber{}, ErrIDNumberBirth
	}
	if !divisionInForce(digits[:6], birth.Year(), today.Year()) {
		return IDNumber{}, ErrIDNumberDivision
	}
	return IDNumber{digits: digits + string(check), birth: birth}, nil
}

// Upgrade15 gives the number of 18 digits that replaced one of 15: the century 19 is put in and a check digit added
// (国务院关于实行公民身份号码制度的决定, 国发〔1999〕15号). The result still has to be read by ParseIDNumber. Error: ErrIDNumberForm.
func Upgrade15(s string) (string, error) {
	if len(s) != oldIDNumberLength || !isDigits(s) {
		return "", ErrIDNumberForm
	}
	digits := s[:6] + "19" + s[6:]
	return digits + string(checkDigit(digits)), nil
}

// checkDigit is ISO 7064 MOD 11-2 over 17 digits.
func checkDigit(digits string) byte {
	const radix, modulus = 2, 11
	sum := 0
	for i := range len(digits) {
		sum = (sum + int(digits[i]-'0')) * radix % modulus
	}
	return "10X98765432"[sum] // 0 to 10, taken from 12
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// ageOn is a person's age in full years (周岁). The day of birth does not count (民法典 art. 201), so a year is full
// on the day after the birthday; for someone born on 29 February, on 1 March of a common year.
func ageOn(birth, on clock.Date) int {
	years := on.Year() - birth.Year()
	if on.Month() < birth.Month() || on.Month() == birth.Month() && on.Day() <= birth.Day() {
		years--
	}
	return max(years, 0)
}

// Reveal is the whole number, for the verification provider and for sealing; never for a log or a screen.
func (n IDNumber) Reveal() string { return n.digits }

// String is the number with all but its first and last digits masked, as 1****************X.
func (n IDNumber) String() string {
	if n.digits == "" {
		return ""
	}
	return n.digits[:1] + strings.Repeat("*", idNumberLength-2) + n.digits[idNumberLength-1:]
}

// GoString is as String, so that %#v shows no more.
func (n IDNumber) GoString() string { return n.String() }

// IsZero reports whether this is no number.
func (n IDNumber) IsZero() bool { return n.digits == "" }

// Birth is the birth date.
func (n IDNumber) Birth() clock.Date { return n.birth }

// Male reports whether the number is a man's: its serial is odd.
func (n IDNumber) Male() bool { return !n.IsZero() && (n.digits[16]-'0')%2 == 1 }

// Division is the code of six digits under which the number was first registered; not where the person lives now.
func (n IDNumber) Division() string {
	if n.IsZero() {
		return ""
	}
	return n.digits[:6]
}

// Province is the name of the province, region or municipality of the division, such as 北京市.
func (n IDNumber) Province() string {
	if n.IsZero() {
		return ""
	}
	return provinceName(n.digits[:2])
}

// Age is the person's age in full years (周岁) on a day: it grows on the day after the birthday.
func (n IDNumber) Age(on clock.Date) int { return ageOn(n.birth, on) }
