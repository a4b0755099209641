package auth

import (
	"context"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// The ways in which a password is refused when it is chosen.
var (
	// ErrPasswordShort asks for a longer password.
	ErrPasswordShort = fault.New(fault.Rejected, "auth.password_short")
	// ErrPasswordLong asks for a shorter one.
	ErrPasswordLong = fault.New(fault.Rejected, "auth.password_long")
	// ErrPasswordText refuses characters that nobody can type again: control characters, broken UTF-8.
	ErrPasswordText = fault.New(fault.Invalid, "auth.password_text")
	// ErrPasswordSimple refuses one kind of characters only, few different ones, and runs along alphabet or keyboard.
	ErrPasswordSimple = fault.New(fault.Rejected, "auth.password_simple")
	// ErrPasswordCommon refuses what guessers try first.
	ErrPasswordCommon = fault.New(fault.Rejected, "auth.password_common")
	// ErrPasswordPersonal refuses a password with the person's phone, address or name in it.
	ErrPasswordPersonal = fault.New(fault.Rejected, "auth.password_personal")
)

const (
	passwordMost         = 128 // characters
	passphraseCharacters = 16  // from here on one kind of characters is enough
	differentLeast       = 5   // different characters
	personalLeast        = 4   // characters of a personal text that count as it
)

// commonText lists passwords and the words that they are made of, one a line; see its first lines for the sources.
//
//go:embed common.txt
var commonText string

// NewPassword is a password that has passed the rules, hashed.
type NewPassword struct{ phc string }

// HashPassword checks a password that is being chosen, against the person's own texts too (phone, mail address, name),
// and hashes it. It costs tens of milliseconds: call it outside of transactions. Errors: ErrPassword...
func (s *Service) HashPassword(ctx context.Context, password crypto.Secret, personal ...string) (NewPassword, error) {
	p, err := s.policyAt(ctx, s.clock.Now())
	if err != nil {
		return NewPassword{}, err
	}
	text := normalPassword(password)
	if err := checkPassword(text, p.passwordLength, personal); err != nil {
		return NewPassword{}, err
	}
	phc, err := s.passwords.Hash(ctx, text)
	if err != nil {
		return NewPassword{}, crowded(err)
	}
	return NewPassword{phc}, nil
}

// normalPassword is the one form of a password that keyboards write differently (NIST SP 800-63B, 3.1.1.2).
func normalPassword(password crypto.Secret) string { return norm.NFKC.String(password.Reveal()) }

func checkPassword(text string, least int, personal []string) error {
	size := utf8.RuneCountInString(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return ErrPasswordText
	case size < least:
		return ErrPasswordShort.With("least", strconv.Itoa(least))
	case size > passwordMost:
		return ErrPasswordLong.With("most", strconv.Itoa(passwordMost))
	case isPersonal(text, personal):
		return ErrPasswordPersonal
	case isCommon(text):
		return ErrPasswordCommon
	case isSimple(text):
		return ErrPasswordSimple
	}
	return nil
}

// isPersonal reports whether a password holds a text of the person: a phone number with or without country code, the
// name of a mail address.
func isPersonal(text string, personal []string) bool {
	text = strings.ToLower(text)
	for _, own := range personal {
		own = strings.ToLower(norm.NFKC.String(own))
		name, _, _ := strings.Cut(own, "@")
		for _, part := range []string{own, name, strings.TrimPrefix(own, "+"), strings.TrimPrefix(own, "+86")} {
			if utf8.RuneCountInString(part) >= personalLeast && strings.Contains(text, part) {
				return true
			}
		}
	}
	return false
}

// isCommon reports whether a password is on the list, or is a word of it with digits or signs around it.
func isCommon(text string) bool {
	text = strings.ToLower(text)
	bare := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	plain := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "!", "i").Replace(text)
	plain = strings.TrimFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) })
	for line := range strings.Lines(commonText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line == text || line == bare || line == plain {
			return true
		}
	}
	return false
}

func isSimple(text string) bool {
	runes := []rune(text)
	different := slices.Compact(slices.Sorted(slices.Values(runes)))
	if len(different) < differentLeast {
		return true
	}
	if len(runes) < passphraseCharacters && kinds(text) < 2 {
		return true
	}
	return isRun(runes)
}

// kinds counts the kinds of characters: small letters, capitals, letters of scripts without case, digits, signs.
func kinds(text string) int {
	var found [5]bool
	for _, r := range text {
		switch {
		case unicode.IsLower(r):
			found[0] = true
		case unicode.IsUpper(r):
			found[1] = true
		case unicode.IsLetter(r):
			found[2] = true
		case unicode.IsDigit(r):
			found[3] = true
		default:
			found[4] = true
		}
	}
	n := 0
	for _, f := range found {
		if f {
			n++
		}
	}
	return n
}

// isRun reports whether nearly all characters follow each other: abcdef12345, 0987654321a.
func isRun(runes []rune) bool {
	const breaks = 2 // where a run may stop and another begin
	n := 0
	for i := 1; i < len(runes); i++ {
		if step := runes[i] - runes[i-1]; step != 1 && step != -1 && step != 0 {
			n++
		}
	}
	return n <= breaks
}
