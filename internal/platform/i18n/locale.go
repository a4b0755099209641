// Package i18n holds every text that the server itself shows: problem titles, notifications, documents.
//
// A Locale is one of three languages: simplified Chinese, traditional Chinese, English. A Message is one text in all
// three. Each domain keeps the Messages of its own keys (fault codes, templates) and the program joins them into one
// Catalog, whose Missing must be empty: a test holds that, so no customer ever meets a key or a hole.
//
//	catalog := i18n.NewCatalog(payment.Texts(), auth.Texts())
//	catalog.Text(i18n.En, "payment.sent", map[string]string{"amount": "CN¥12.50"})   // CN¥12.50 is on its way.
//
// Amounts and dates come out as the browser's Intl writes them in the same locale, so that paper and screen agree.
package i18n

import (
	"golang.org/x/text/language"
)

// Locale is a language that the bank speaks; its text is the BCP 47 tag.
type Locale string

// The languages of the bank.
const (
	ZhHans Locale = "zh-Hans"
	ZhHant Locale = "zh-Hant"
	En     Locale = "en"
)

// maxHeader bounds an Accept-Language header in bytes; browsers send a tenth of it.
const maxHeader = 1024

// Locales lists all of them, in the order of a Message.
func Locales() []Locale { return []Locale{ZhHans, ZhHant, En} }

// ParseLocale reads a language tag and finds the language of the bank for it: zh-CN is zh-Hans, zh-HK is zh-Hant,
// en-GB is en. It is false for languages that the bank does not speak.
func ParseLocale(tag string) (Locale, bool) {
	if len(tag) > maxHeader {
		return "", false
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return "", false
	}
	return of(parsed)
}

// Negotiate picks the language for an Accept-Language header: the first that the bank speaks; English for readers of
// other languages only; simplified Chinese when nothing readable was asked for.
func Negotiate(header string) Locale {
	if len(header) > maxHeader {
		return ZhHans
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ZhHans
	}
	others := false
	for _, tag := range tags {
		if locale, ok := of(tag); ok {
			return locale
		}
		base, confidence := tag.Base()
		others = others || confidence == language.Exact && base.String() != "mul"
	}
	if others {
		return En
	}
	return ZhHans
}

// of finds the bank's language for a tag. The script decides between the Chinese ones; a region implies it.
func of(tag language.Tag) (Locale, bool) {
	base, confidence := tag.Base()
	if confidence < language.High {
		return "", false
	}
	switch base.String() {
	case "en":
		return En, true
	case "zh", "cmn", "yue":
		if script, _ := tag.Script(); script.String() == "Hant" {
			return ZhHant, true
		}
		return ZhHans, true
	}
	return "", false
}

// index is the place of the locale in a Message; unknown locales read simplified Chinese.
func (l Locale) index() int {
	switch l {
	case ZhHant:
		return 1
	case En:
		return 2
	}
	return 0
}

// chinese tells whether the locale writes as Chinese does.
func (l Locale) chinese() bool { return l != En }
