package customer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrName says that a text cannot be the name on an identity document.
var ErrName = fault.New(fault.Invalid, "customer.bad_name")

const (
	minNameRunes = 2
	maxNameRunes = 40
	maxNameBytes = maxNameRunes * utf8.UTFMax
)

// ValidName tells whether a text can be a real name as identity documents show it, in one of two scripts:
//
//   - Han: characters, extension blocks included (rare ones are in names, and a person must not be refused for
//     theirs), and the dot · (U+00B7) between the parts of a name of another people: 阿卜杜拉·买买提;
//   - Latin: letters with or without accents, and between them one space, point, dash or apostrophe: Jean-Luc O'Neil.
//
// It has 2 to 40 characters. Digits, spaces at the ends, look-alike dots, full-width letters, radicals, characters of
// private use, zero-width, control and direction characters are refused, so that two equal-looking names are equal.
// Latin letters are expected composed (NFC). Error: ErrName.
func ValidName(s string) error {
	if len(s) > maxNameBytes || !utf8.ValidString(s) {
		return ErrName
	}
	if count := utf8.RuneCountInString(s); count < minNameRunes || count > maxNameRunes {
		return ErrName
	}
	if isName(s, isHan, "·") || isName(s, isLatin, " .-'") {
		return nil
	}
	return ErrName
}

// isName reports whether a text is letters with single joints between them. A point may be followed by a space, and
// may end a name (John D. Rockefeller Jr.).
func isName(s string, letter func(rune) bool, joints string) bool {
	last := ' ' // as if a joint stood before the name
	for _, r := range s {
		afterLetter := letter(last)
		switch {
		case letter(r):
		case strings.ContainsRune(joints, r) && (afterLetter || r == ' ' && last == '.'):
		default:
			return false
		}
		last = r
	}
	return letter(last) || last == '.'
}

// isHan reports whether a rune is an ideograph of its own: in no compatibility block, except 〇, which is in names.
func isHan(r rune) bool {
	const (
		zero       = '〇'
		extensionI = 0x2EBF0 // Unicode 15.1: the name characters of GB 18030-2022's amendment, newer than Go's tables
		endOfI     = 0x2EE5D
	)
	return unicode.Is(unicode.Unified_Ideograph, r) || r == zero || r >= extensionI && r <= endOfI
}

// isLatin reports whether a rune is a Latin letter of a European or Vietnamese alphabet.
func isLatin(r rune) bool {
	const (
		endOfExtendedB = 0x024F
		additional     = 0x1E00
		endAdditional  = 0x1EFF
	)
	if r > endOfExtendedB && (r < additional || r > endAdditional) {
		return false // phonetic, small-capital and full-width look-alikes
	}
	return unicode.Is(unicode.Latin, r) && (unicode.IsUpper(r) || unicode.IsLower(r)) // not ª, º, ǀ
}
