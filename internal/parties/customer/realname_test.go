package customer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/customer"
)

func TestNamesOfIdentityDocumentsAreValid(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"王伟", "欧阳娜娜", "李〇", "㐂大明", "𠮷田", "王\U0002EBF0", "赵\U000323AF", "阿卜杜拉·买买提",
		"爱新觉罗·溥仪·甲", "Al", "Jean-Luc Picard", "Conan O'Brien", "José Núñez", "Nguyễn Văn Anh", "Ágnes",
		"John D. Rockefeller Jr.", strings.Repeat("王", 40),
	} {
		if err := customer.ValidName(name); err != nil {
			t.Errorf("ValidName(%q) = %v", name, err)
		}
	}
}

func TestTextsThatAreNoNamesAreRefused(t *testing.T) {
	t.Parallel()
	for why, name := range map[string]string{
		"empty":                      "",
		"one character":              "王",
		"41 characters":              strings.Repeat("王", 41),
		"a megabyte":                 strings.Repeat("a", 1<<20),
		"both scripts":               "王Wei",
		"digits":                     "王伟2",
		"full-width digits":          "王伟２",
		"a space among Han":          "王 伟",
		"a space before":             " Anna",
		"a space after":              "Anna ",
		"two spaces":                 "Anna  Lee",
		"a full-width space":         "王\u3000伟",
		"a no-break space":           "Anna\u00a0Lee",
		"a dot first":                "·买买提",
		"a dot last":                 "买买提·",
		"two dots":                   "阿卜··买",
		"a bullet for the dot":       "阿卜杜拉•买买提",
		"a katakana dot":             "阿卜杜拉・买买提",
		"a full stop among Han":      "阿卜杜拉.买买提",
		"kana":                       "さくら",
		"Cyrillic that looks Latin":  "Аnna",
		"Greek":                      "Νικος",
		"full-width letters":         "Ａｎｎａ",
		"an ordinal":                 "Mariª",
		"a click that looks like l":  "A\u01c0ex",
		"a phonetic letter":          "ɑnna",
		"a mark without its letter":  "Ann\u0301a",
		"a radical that looks Han":   "⼈⼤",
		"a compatibility ideograph":  "\uf900\uf901",
		"private use":                "王\ue000",
		"a zero-width space":         "王\u200b伟",
		"a zero-width joiner":        "王\u200d伟",
		"a byte order mark":          "\ufeff王伟",
		"a direction override":       "\u202e王伟",
		"a variation selector":       "王伟\U000e0100",
		"a control character":        "王\x00伟",
		"a line end":                 "王伟\n",
		"an emoji":                   "王伟😀",
		"markup":                     "<b>Anna</b>",
		"a spreadsheet formula":      "=Anna",
		"a dash first":               "-Anna",
		"a dash last":                "Anna-",
		"two apostrophes":            "O''Brien",
		"a typographic apostrophe":   "O’Brien",
		"bytes that are not UTF-8":   "王\xff",
		"half a character":           "王\xe4\xbc",
		"a surrogate written out":    "王\xed\xa0\x80",
		"ideographic iteration mark": "王々",
	} {
		if err := customer.ValidName(name); !errors.Is(err, customer.ErrName) {
			t.Errorf("%s: ValidName(%.40q) = %v, want ErrName", why, name, err)
		}
	}
}

func FuzzAValidNameHasNothingHidden(f *testing.F) {
	for _, s := range []string{"王伟", "阿卜杜拉·买买提", "Jean-Luc O'Neil", "John D. R.", "王\u200b伟", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if customer.ValidName(s) != nil {
			return
		}
		if strings.TrimSpace(s) != s || strings.Contains(s, "  ") || strings.ContainsAny(s, "0123456789<>=\x00\u200b\u202e\ufeff") {
			t.Fatalf("%q is a name", s)
		}
	})
}
