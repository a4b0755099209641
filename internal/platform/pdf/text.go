package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Align is where a text stands in its width.
type Align int

// The ways to align.
const (
	Start Align = iota
	End
	Centre
)

// Colour is a colour of ink.
type Colour struct{ R, G, B uint8 }

// The inks: the light design tokens of the apps (web/shared/theme/tokens.css), so that paper and screen look alike.
var (
	Ink      = Colour{0x17, 0x21, 0x1c}
	Ink2     = Colour{0x56, 0x63, 0x5c}
	Hairline = Colour{0xd5, 0xdb, 0xd5}
	Ground   = Colour{0xf3, 0xf5, 0xf2}
	Jade     = Colour{0x0d, 0x76, 0x60}
	Cinnabar = Colour{0xbf, 0x3a, 0x2b}
)

// Style is how a text is set.
type Style struct {
	Size   float64 // in points
	Colour Colour
	Align  Align
}

// The styles of running text.
var (
	Body  = Style{Size: 9.5, Colour: Ink}
	Small = Style{Size: 8, Colour: Ink2}
	Large = Style{Size: 15, Colour: Ink}
)

const (
	leading  = 1.45 // line height, in sizes
	baseline = 0.88 // from the top of a Chinese character's square to the base line, in sizes
	ellipsis = "…"
)

// Height is the height of a line.
func (s Style) Height() float64 { return s.Size * leading }

// In is the style in another ink.
func (s Style) In(c Colour) Style {
	s.Colour = c
	return s
}

// To is the style with another alignment.
func (s Style) To(a Align) Style {
	s.Align = a
	return s
}

// Text sets one line with its top at y: from x, ending at x, or centred on x, as the style aligns.
func (d *Document) Text(x, y float64, style Style, text string) {
	d.use(style)
	text = d.visible(text)
	switch style.Align {
	case End:
		x -= d.measure(text)
	case Centre:
		x -= d.measure(text) / 2
	}
	d.put(x, y+(style.Height()-style.Size)/2+style.Size*baseline, text)
}

// Measure is the width of a text.
func (d *Document) Measure(style Style, text string) float64 {
	d.use(style)
	return d.measure(d.visible(text))
}

// Paragraph sets a text in lines of a width, at most so many, with the top of the first at y, and answers where the next
// thing may stand. A longer text ends in an ellipsis.
func (d *Document) Paragraph(x, y, width float64, style Style, lines int, text string) float64 {
	for _, line := range d.Wrap(width, style, lines, text) {
		at := x
		switch style.Align {
		case End:
			at += width
		case Centre:
			at += width / 2
		}
		d.Text(at, y, style, line)
		y += style.Height()
	}
	return y
}

// Heading sets a line of large text.
func (d *Document) Heading(text string) {
	d.Need(Large.Height())
	d.Text(d.Left(), d.y, Large, text)
	d.y += Large.Height()
}

// Note sets small text across the page.
func (d *Document) Note(text string) {
	lines := d.Wrap(d.Width(), Small, noteLines, text)
	d.Need(float64(len(lines)) * Small.Height())
	d.y = d.Paragraph(d.Left(), d.y, d.Width(), Small, noteLines, text)
}

const noteLines = 20

// Wrap breaks a text into lines of a width, at most so many: between Chinese characters, at spaces, and inside a word
// that is wider than a line.
func (d *Document) Wrap(width float64, style Style, most int, text string) []string {
	d.use(style)
	var lines []string
	line, used := "", 0.0
	for _, piece := range pieces(d.visible(text)) {
		w := d.measure(piece)
		if used+d.measure(strings.TrimRight(piece, " ")) > width && line != "" {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		for w > width && utf8.RuneCountInString(piece) > 1 {
			head := d.fitting(piece, width)
			lines = append(lines, head)
			piece = piece[len(head):]
			w = d.measure(piece)
		}
		line += piece
		used += w
	}
	if line = strings.TrimRight(line, " "); line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	if len(lines) <= most {
		return lines
	}
	last := lines[most-1]
	return append(lines[:most-1], d.fitting(last, width-d.measure(ellipsis))+ellipsis)
}

// fitting is the longest beginning of a text that fits into a width: at least one character.
func (d *Document) fitting(text string, width float64) string {
	used := 0.0
	for i, r := range text {
		used += d.measure(string(r))
		if i > 0 && used > width {
			return text[:i]
		}
	}
	return text
}

// pieces cuts a text where a line may break: after a space, and beside each Chinese character but before the marks that
// may not begin a line.
func pieces(text string) []string {
	var all []string
	begin := 0
	var before rune
	for i, r := range text {
		if i > begin && mayBreak(before, r) {
			all = append(all, text[begin:i])
			begin = i
		}
		before = r
	}
	return append(all, text[begin:])
}

func mayBreak(before, after rune) bool {
	if after == ' ' || strings.ContainsRune("，。、；：？！）》】」』”’,.;:?!)]}%", after) {
		return false
	}
	return before == ' ' || wide(before) || wide(after)
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

// use sets font, size and ink.
func (d *Document) use(style Style) {
	d.keep(d.gp.SetFont(family, "", style.Size))
	d.gp.SetTextColor(style.Colour.R, style.Colour.G, style.Colour.B)
}

func (d *Document) measure(text string) float64 {
	if text == "" || d.err != nil {
		return 0
	}
	width, err := d.gp.MeasureTextWidth(text)
	d.keep(err)
	return width
}

// put writes a text with its base line at y.
func (d *Document) put(x, y float64, text string) {
	if text == "" || d.err != nil {
		return
	}
	d.gp.SetXY(x, y)
	d.keep(d.gp.Text(text))
}
