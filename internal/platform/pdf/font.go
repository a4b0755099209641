package pdf

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the font
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/signintech/gopdf"
)

// family is the name of the font inside a file. Six letters and + mark a subset (ISO 32000-1, 9.6.4).
const family = "TONGBA+NotoSansSC"

// font is Noto Sans SC Regular, whole, from npm's @expo-google-fonts/noto-sans-sc 0.4.3 (font/OFL.txt), compressed with gzip -9n.
//
//go:embed font/noto-sans-sc-regular.ttf.gz
var font []byte

// fontContainer is the parsed font, unpacked when the first document needs it: 10 MB.
var fontContainer = sync.OnceValues(func() (*gopdf.FontContainer, error) {
	packed, err := gzip.NewReader(bytes.NewReader(font))
	if err != nil {
		return nil, fmt.Errorf("unpack font: %w", err)
	}
	data, err := io.ReadAll(packed)
	if err != nil {
		return nil, fmt.Errorf("unpack font: %w", err)
	}
	container := new(gopdf.FontContainer)
	if err := container.AddTTFFontData(family, data); err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return container, nil
})

// visible is a text as it can be printed: nothing that steers (control and direction characters, variation selectors)
// remains, and what the font lacks is written as its code point.
func (d *Document) visible(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '\t' || r == '\n' || r == '\u2028' || r == '\u2029':
			out.WriteByte(' ')
		case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		case r == ' ' || r == '\u00a0' || r == '\u3000':
			out.WriteRune(r)
		case d.has(r):
			out.WriteRune(r)
		default:
			fmt.Fprintf(&out, "[U+%04X]", r)
		}
	}
	return out.String()
}

// has reports whether the font draws a character.
func (d *Document) has(r rune) bool {
	ok, err := d.gp.IsCurrFontContainGlyph(r)
	return err == nil && ok
}
