package log

import (
	"strings"
	"unicode/utf8"
)

const masked = "***"

// Lengths of numbers, in digits, by which they are known.
const (
	mobileDigits  = 11
	accountDigits = 15 // 16 to 19 of accounts and cards, 15 and 18 of identity numbers
	codeDigitsMin = 4
	codeDigitsMax = 8
)

// scrub masks what looks personal in a text: numbers of the lengths of Chinese mobiles, identity numbers, accounts
// and cards, also when written in groups, and mail addresses (with the user and password of a URL, which look alike).
func scrub(text string) string {
	return scrubNumbers(scrubMail(text))
}

// scrubNumbers masks runs of digits; single spaces and hyphens may stand within.
func scrubNumbers(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		if !digit(text[i]) {
			out.WriteByte(text[i])
			i++
			continue
		}
		end, groups := number(text, i)
		if personalNumber(groups) {
			out.WriteString(masked)
			if end < len(text) && (text[end] == 'X' || text[end] == 'x') {
				end++ // the check character of an identity number
			}
		} else {
			out.WriteString(text[i:end])
		}
		i = end
	}
	return out.String()
}

// number reads the run of digits that starts at i: where it ends, and its groups.
func number(text string, i int) (end int, groups []string) {
	start := i
	for ; i < len(text); i++ {
		if digit(text[i]) {
			continue
		}
		if (text[i] != ' ' && text[i] != '-') || i+1 == len(text) || !digit(text[i+1]) {
			break
		}
		groups = append(groups, text[start:i])
		start = i + 1
	}
	return i, append(groups, text[start:i])
}

// personalNumber judges a number by its length, and whether a mobile stands in any neighbouring groups of it: the
// minutes before "05 138-0013-8000" must not hide it.
func personalNumber(groups []string) bool {
	if len(strings.Join(groups, "")) >= accountDigits {
		return true
	}
	for first := range groups { // at most 14 digits are left, so at most 14 groups
		for last := first + 1; last <= len(groups); last++ {
			if mobile(strings.Join(groups[first:last], "")) {
				return true
			}
		}
	}
	return false
}

func mobile(digits string) bool {
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "00"), "86")
	return len(digits) == mobileDigits && digits[0] == '1' && digits[1] >= '3'
}

// scrubMail masks each word with an @ inside.
func scrubMail(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, separator)
		if end < 0 {
			end = len(text)
		}
		word := text[:end]
		if at := strings.IndexByte(word, '@'); at > 0 && at < len(word)-1 {
			word = masked
		}
		out.WriteString(word)
		_, size := utf8.DecodeRuneInString(text[end:])
		out.WriteString(text[end : end+size])
		text = text[end+size:]
	}
	return out.String()
}

// separator tells what a mail address or URL cannot contain.
func separator(r rune) bool {
	return strings.ContainsRune(" \t\r\n\"'<>()[]{},;，。；：（）《》、", r)
}

// oneTimeCode tells a code of digits, which is secret, from a code of words such as a fault's, which is not.
func oneTimeCode(text string) bool {
	return len(text) >= codeDigitsMin && len(text) <= codeDigitsMax && strings.Trim(text, "0123456789") == ""
}

func digit(b byte) bool { return '0' <= b && b <= '9' }
