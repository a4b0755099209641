package i18n

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

const (
	groupDigits     = 3
	noBreakingSpace = "\u00a0"
)

// Amount writes an exact decimal ("-1234567.50") and its ISO 4217 currency for a reader: -¥1,234,567.50 in
// simplified Chinese, -CN¥1,234,567.50 elsewhere. It only inserts signs: no digit is read as a number or rounded.
func Amount(locale Locale, decimal, code string) string {
	digits, negative := strings.CutPrefix(decimal, "-")
	mark := symbol(locale, code)
	if last, _ := utf8.DecodeLastRuneInString(mark); unicode.IsLetter(last) {
		mark += noBreakingSpace
	}
	if negative {
		mark = "-" + mark
	}
	return mark + Grouped(digits)
}

// Grouped puts commas between the thousands of an exact decimal, as all three languages write them.
func Grouped(decimal string) string {
	whole, fraction, hasFraction := strings.Cut(decimal, ".")
	digits, negative := strings.CutPrefix(whole, "-")
	var out strings.Builder
	if negative {
		out.WriteByte('-')
	}
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%groupDigits == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(digit)
	}
	if hasFraction {
		out.WriteString("." + fraction)
	}
	return out.String()
}

// symbol is the sign of a currency in a locale; the code itself for those without one.
func symbol(locale Locale, code string) string {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return code
	}
	mark := message.NewPrinter(language.Make(string(locale))).Sprint(currency.Symbol(unit))
	return strings.ReplaceAll(mark, "￥", "¥") // the full-width sign of older CLDR; browsers have left it
}

// Date writes a day: 2026年11月22日, 22 Nov 2026.
func Date(locale Locale, year int, month time.Month, day int) string {
	if locale.chinese() {
		return fmt.Sprintf("%d年%d月%d日", year, month, day)
	}
	return fmt.Sprintf("%d %s %d", day, month.String()[:3], year)
}

// Instant writes a moment to the minute, in the zone that the time carries: 2026年11月22日 16:05, 22 Nov 2026, 16:05.
func Instant(locale Locale, at time.Time) string {
	date := Date(locale, at.Year(), at.Month(), at.Day())
	if locale.chinese() {
		return date + " " + at.Format("15:04")
	}
	return date + ", " + at.Format("15:04")
}
