package pdf

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/skip2/go-qrcode"
)

// Line draws a straight line.
func (d *Document) Line(x1, y1, x2, y2, width float64, c Colour) {
	d.stroke(width, c)
	d.gp.Line(x1, y1, x2, y2)
}

// Panel fills a rectangle.
func (d *Document) Panel(x, y, width, height float64, c Colour) {
	d.gp.SetFillColor(c.R, c.G, c.B)
	d.gp.RectFromUpperLeftWithStyle(x, y, width, height, "F")
}

// Coin draws the bank's mark, an old coin: round, with a square hole. The proportions are those of the apps' mark.
func (d *Document) Coin(x, y, r float64, c Colour) {
	unit := r / 47
	d.ring(x, y, r, 5*unit, c)
	d.stroke(5*unit, c)
	hole := 15 * unit
	d.gp.RectFromUpperLeftWithStyle(x-hole, y-hole, 2*hole, 2*hole, "D")
}

// Seal is what a seal says.
type Seal struct {
	Around string // along its upper edge: the bank
	Name   string // below the mark: what the seal is for, 电子回单专用章
	Under  string // small, along the lower edge: a number or a date; may be empty
}

// Seal draws a round seal around a point, in cinnabar. Draw it before the text
// that it stands on: as ink does, the later covers the earlier.
func (d *Document) Seal(x, y, r float64, seal Seal) {
	d.ring(x, y, r, r*0.045, Cinnabar)
	d.ring(x, y, r*0.92, r*0.012, Cinnabar)
	d.arc(x, y, r*0.74, Style{Size: arcSize(r, seal.Around), Colour: Cinnabar}, seal.Around)
	d.Coin(x, y-r*0.06, r*0.2, Cinnabar)
	name := Style{Size: r * 0.2, Colour: Cinnabar, Align: Centre}
	if w := d.Measure(name, seal.Name); w > r*1.5 {
		name.Size *= r * 1.5 / w
	}
	d.Text(x, y+r*0.38-name.Height()/2, name, seal.Name)
	if seal.Under != "" {
		under := Style{Size: r * 0.13, Colour: Cinnabar, Align: Centre}
		if w := d.Measure(under, seal.Under); w > r*1.1 {
			under.Size *= r * 1.1 / w
		}
		d.Text(x, y+r*0.64-under.Height()/2, under, seal.Under)
	}
}

// arcSize makes long names smaller, so that they leave the lower edge free.
func arcSize(r float64, text string) float64 {
	return min(r*0.26, r*2.6/float64(max(utf8.RuneCountInString(text), 1)))
}

// arc writes a text along the upper half of a circle, its characters standing upright on it.
func (d *Document) arc(x, y, r float64, style Style, text string) {
	d.use(style)
	text = d.visible(text)
	gap := style.Size * 0.18
	total := -gap
	for _, c := range text {
		total += d.measure(string(c)) + gap
	}
	along := -total / 2
	for _, c := range text {
		w := d.measure(string(c))
		angle := (along + w/2) / r // clockwise from the top
		cx, cy := x+r*math.Sin(angle), y-r*math.Cos(angle)
		d.gp.Rotate(-angle*180/math.Pi, cx, cy)
		d.put(cx-w/2, cy+style.Size*0.38, string(c))
		d.gp.RotateReset()
		along += w + gap
	}
}

// Stamp writes a word in a slanted frame across what stands there: 已冲正, reversed.
func (d *Document) Stamp(x, y float64, word string, c Colour) {
	style := Style{Size: 22, Colour: c, Align: Centre}
	half := d.Measure(style, word)/2 + 12
	d.gp.Rotate(14, x, y)
	d.stroke(2, c)
	d.gp.RectFromUpperLeftWithStyle(x-half, y-20, 2*half, 40, "D")
	d.Text(x, y-style.Height()/2, style, word)
	d.gp.RotateReset()
}

// QR draws a QR code of a text, at most so large, without the empty border: keep four modules around it free.
func (d *Document) QR(x, y, size float64, text string) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		d.keep(fmt.Errorf("QR code of %d bytes: %w", len(text), err))
		return
	}
	code.DisableBorder = true
	bits := code.Bitmap()
	module := math.Floor(size/float64(len(bits))*100) / 100 // files keep two decimals: no seams by rounding
	d.gp.SetFillColor(0, 0, 0)
	for row, line := range bits {
		for begin := 0; begin < len(line); begin++ {
			end := begin
			for end < len(line) && line[end] {
				end++
			}
			if end > begin {
				d.gp.RectFromUpperLeftWithStyle(x+float64(begin)*module, y+float64(row)*module, float64(end-begin)*module, module, "F")
				begin = end
			}
		}
	}
}

// Link makes an area open an address.
func (d *Document) Link(x, y, width, height float64, address string) {
	d.gp.AddExternalLink(address, x, y, width, height)
}

func (d *Document) ring(x, y, r, width float64, c Colour) {
	d.stroke(width, c)
	d.gp.Oval(x-r, y-r, x+r, y+r)
}

func (d *Document) stroke(width float64, c Colour) {
	d.gp.SetLineWidth(width)
	d.gp.SetStrokeColor(c.R, c.G, c.B)
}
