package i18n_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

func TestParseLocale(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]i18n.Locale{
		"zh-Hans": i18n.ZhHans, "zh-CN": i18n.ZhHans, "zh": i18n.ZhHans, "zh_CN": i18n.ZhHans, "zh-SG": i18n.ZhHans,
		"zh-Hant": i18n.ZhHant, "zh-HK": i18n.ZhHant, "zh-TW": i18n.ZhHant, "zh-MO": i18n.ZhHant, "yue-HK": i18n.ZhHant,
		"zh-Hans-HK": i18n.ZhHans, "en": i18n.En, "en-GB": i18n.En, "EN-us": i18n.En,
	} {
		if got, ok := i18n.ParseLocale(tag); !ok || got != want {
			t.Errorf("%s: %q, %v; want %q", tag, got, ok, want)
		}
	}
	for _, tag := range []string{"", "fr", "de-CH", "und", "english", "zh-", "../..", strings.Repeat("a-", 4096), "\x00"} {
		if got, ok := i18n.ParseLocale(tag); ok {
			t.Errorf("%.20q gives %q", tag, got)
		}
	}
}

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		header string
		want   i18n.Locale
	}{
		"a browser in China":                 {"zh-CN,zh;q=0.9,en;q=0.8", i18n.ZhHans},
		"a browser in Hong Kong":             {"zh-HK,zh;q=0.9,en;q=0.8", i18n.ZhHant},
		"a browser in Britain":               {"en-GB,en;q=0.9", i18n.En},
		"weight counts, not order":           {"en;q=0.1,zh-TW", i18n.ZhHant},
		"first language that the bank knows": {"fr-FR,fr;q=0.9,zh-TW;q=0.5,en;q=0.4", i18n.ZhHant},
		"only other languages":               {"fr-FR,de;q=0.5", i18n.En},
		"no header":                          {"", i18n.ZhHans},
		"anything":                           {"*", i18n.ZhHans},
		"nonsense":                           {";;;q=x", i18n.ZhHans},
		"a huge header":                      {strings.Repeat("en,", 1000), i18n.ZhHans},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := i18n.Negotiate(tc.header); got != tc.want {
				t.Errorf("%.40q gives %s, want %s", tc.header, got, tc.want)
			}
		})
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("zh-HK,zh;q=0.9")
	f.Add("*")
	f.Fuzz(func(t *testing.T, header string) {
		if got := i18n.Negotiate(header); !slices.Contains(i18n.Locales(), got) {
			t.Fatalf("%q gives %q", header, got)
		}
		_, _ = i18n.ParseLocale(header)
	})
}

func TestText(t *testing.T) {
	t.Parallel()
	c := i18n.NewCatalog(
		i18n.Messages{"payment.sent": {"{amount}已转给{payee}。", "{amount}已轉給{payee}。", "{amount} sent to {payee}."}},
		i18n.Messages{"auth.locked": {"已锁定", "已鎖定", "Locked"}},
	)
	if missing := c.Missing(); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
	params := map[string]string{"amount": "¥12.50", "payee": "{amount}{x}"}
	for locale, want := range map[i18n.Locale]string{
		i18n.ZhHans: "¥12.50已转给{amount}{x}。",
		i18n.ZhHant: "¥12.50已轉給{amount}{x}。",
		i18n.En:     "¥12.50 sent to {amount}{x}.",
		"fr":        "¥12.50已转给{amount}{x}。",
	} {
		if got := c.Text(locale, "payment.sent", params); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
	if got := c.Text(i18n.En, "payment.sent", map[string]string{"payee": "Li"}); got != "{amount} sent to Li." {
		t.Errorf("without a parameter: %q", got)
	}
	if got := c.Text(i18n.En, "auth.locked", nil); got != "Locked" {
		t.Errorf("without parameters: %q", got)
	}
	if got := c.Text(i18n.En, "no.such", nil); got != "no.such" || c.Has("no.such") {
		t.Errorf("unknown key: %q", got)
	}
}

func TestMissingNamesEachHole(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		parts []i18n.Messages
		want  string
	}{
		"a language without text":    {[]i18n.Messages{{"k": {"一", "一"}}}, "k has no text in en"},
		"only blanks":                {[]i18n.Messages{{"k": {" ", "一", "one"}}}, "k has no text in zh-Hans"},
		"a placeholder lost":         {[]i18n.Messages{{"k": {"{a}", "{a}", "one"}}}, "k has placeholders [] in en"},
		"a placeholder misspelt":     {[]i18n.Messages{{"k": {"{a}", "{b}", "{a}"}}}, "k has placeholders [{b}] in zh-Hant"},
		"a stray brace":              {[]i18n.Messages{{"k": {"{a}", "{a}}", "{a}"}}}, "k has a stray brace in zh-Hant"},
		"two domains with one key":   {[]i18n.Messages{{"k": {"一", "一", "one"}}, {"k": {"一", "一", "one"}}}, "k is defined twice"},
		"an empty first placeholder": {[]i18n.Messages{{"k": {"一", "{a}", "{a}"}}}, "k has placeholders [{a}] in zh-Hant"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := i18n.NewCatalog(tc.parts...).Missing()
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, tc.want) }) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// The expected texts are those of Intl.NumberFormat(locale, {style: 'currency'}) in V8.
func TestAmount(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		locale        i18n.Locale
		decimal, code string
		want          string
	}{
		{i18n.ZhHans, "1234567.50", "CNY", "¥1,234,567.50"},
		{i18n.ZhHant, "1234567.50", "CNY", "CN¥1,234,567.50"},
		{i18n.En, "1234567.50", "CNY", "CN¥1,234,567.50"},
		{i18n.ZhHans, "-0.01", "CNY", "-¥0.01"},
		{i18n.ZhHans, "999", "CNY", "¥999"},
		{i18n.ZhHans, "1000", "CNY", "¥1,000"},
		{i18n.En, "-1000.00", "USD", "-$1,000.00"},
		{i18n.ZhHans, "12.50", "USD", "US$12.50"},
		{i18n.En, "100000", "JPY", "¥100,000"},
		{i18n.En, "12.50", "CHF", "CHF\u00a012.50"},
		{i18n.En, "12.50", "ZZZ", "ZZZ\u00a012.50"},
	} {
		if got := i18n.Amount(tc.locale, tc.decimal, tc.code); got != tc.want {
			t.Errorf("%s %s %s: %q, want %q", tc.locale, tc.decimal, tc.code, got, tc.want)
		}
	}
	if got := i18n.Grouped("-1234567.895"); got != "-1,234,567.895" {
		t.Errorf("grouped: %q", got)
	}
}

func TestDatesAsEachLanguageWritesThem(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 8, 5, 59, 0, time.UTC).In(time.FixedZone("CST", 8*3600))
	for locale, want := range map[i18n.Locale][2]string{
		i18n.ZhHans: {"2026年11月22日", "2026年11月22日 16:05"},
		i18n.ZhHant: {"2026年11月22日", "2026年11月22日 16:05"},
		i18n.En:     {"22 Nov 2026", "22 Nov 2026, 16:05"},
	} {
		if got := i18n.Date(locale, 2026, time.November, 22); got != want[0] {
			t.Errorf("%s: %q", locale, got)
		}
		if got := i18n.Instant(locale, at); got != want[1] {
			t.Errorf("%s: %q", locale, got)
		}
	}
}
