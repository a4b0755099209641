// Package pdf prints the bank's papers: receipts, statements, contracts.
//
// A Document is filled from the top of a page to its foot, in points (1/72 inch), with y growing downwards. Pages break
// by themselves where a table or a block no longer fits; a Layout says what stands at the head of each page, and the
// foot numbers them "1/3" once their count is known. Text is set in one font, Noto Sans SC, which has the characters of
// China's general standard table (通用规范汉字表) and so nearly every name. A character that it lacks is printed as its
// code point, [U+2A6A5]: a paper of a bank may look odd, but it never silently loses a part of a name.
//
//	doc, err := pdf.New(pdf.Info{Title: "电子回单", Language: "zh-Hans", Author: "通宝银行", At: now}, pdf.Layout{Size: pdf.A4, Margin: 48})
//	doc.Heading("电子回单")
//	doc.Pairs(2, pdf.Pair{Label: "金额", Value: "¥12.50"})
//	paper, err := doc.Bytes()
//	signed, err := pdf.Sign(paper, signer, pdf.Signing{Name: "通宝银行", At: now})
//
// The same document and the same Info.At give the same bytes. Sign puts a detached CMS signature over all of the file
// (ISO 32000-1, 12.8), so that a reader shows who issued the paper and that nobody changed it.
package pdf

import (
	"bytes"
	"fmt"
	"time"

	"github.com/signintech/gopdf"
)

// pagesMax bounds a document, so that a mistake of a caller cannot fill the memory.
const pagesMax = 2000

// ErrTooLong says that a document would have more pages than any paper of a bank has.
var ErrTooLong = fmt.Errorf("pdf: more than %d pages", pagesMax)

// Info is what a reader's window shows about the document.
type Info struct {
	Title    string
	Author   string
	Subject  string
	Language string    // BCP 47, for screen readers
	At       time.Time // when it was made; its zone is kept
}

// Size is the size of a page in points.
type Size struct{ Width, Height float64 }

// The sizes of paper that the bank prints on.
var (
	A4          = Size{595.28, 841.89}
	A5Landscape = Size{595.28, 419.53}
)

// Layout is what all pages of a document share.
type Layout struct {
	Size   Size
	Margin float64
	Head   func(*Document)                    // draws the top of each page and moves below it; may be nil
	Foot   func(d *Document, page, pages int) // draws the foot of each page, below Bottom; may be nil
}

// Document is one paper being made. A failure is kept and told by Bytes. It is not safe for concurrent use.
type Document struct {
	info   Info
	layout Layout
	gp     *gopdf.GoPdf
	pages  int
	y      float64
	err    error
}

// New begins a document with its first page.
func New(info Info, layout Layout) (*Document, error) {
	fonts, err := fontContainer()
	if err != nil {
		return nil, err
	}
	d := &Document{info: info, layout: layout, gp: &gopdf.GoPdf{}}
	d.gp.Start(gopdf.Config{PageSize: gopdf.Rect{W: layout.Size.Width, H: layout.Size.Height}})
	if err := d.gp.AddTTFFontFromFontContainer(family, fonts); err != nil {
		return nil, fmt.Errorf("use font: %w", err)
	}
	d.Page()
	return d, d.err
}

// Page begins the next page.
func (d *Document) Page() {
	if d.err != nil {
		return
	}
	if d.pages == pagesMax {
		d.err = ErrTooLong
		return
	}
	d.gp.AddPage()
	d.pages++
	d.y = d.layout.Margin
	if d.layout.Head != nil {
		d.layout.Head(d)
	}
}

// Size is the size of a page.
func (d *Document) Size() Size { return d.layout.Size }

// Left is the left edge of what may be printed on.
func (d *Document) Left() float64 { return d.layout.Margin }

// Right is the right edge of what may be printed on.
func (d *Document) Right() float64 { return d.layout.Size.Width - d.layout.Margin }

// Bottom is the lower edge of what may be printed on; the foot stands below it.
func (d *Document) Bottom() float64 { return d.layout.Size.Height - d.layout.Margin }

// Width is the width of what may be printed on.
func (d *Document) Width() float64 { return d.Right() - d.Left() }

// Y is where the next line goes.
func (d *Document) Y() float64 { return d.y }

// MoveTo sets where the next line goes.
func (d *Document) MoveTo(y float64) { d.y = y }

// Space leaves some paper empty.
func (d *Document) Space(height float64) { d.y += height }

// Need begins a new page when so much does not fit on this one.
func (d *Document) Need(height float64) {
	if d.y+height > d.Bottom() {
		d.Page()
	}
}

// Bytes is the finished file. The document takes nothing more afterwards.
func (d *Document) Bytes() ([]byte, error) {
	if d.layout.Foot != nil {
		for page := 1; page <= d.pages && d.err == nil; page++ {
			d.keep(d.gp.SetPage(page))
			d.layout.Foot(d, page, d.pages)
		}
	}
	if d.err != nil {
		return nil, d.err
	}
	var out bytes.Buffer
	if _, err := d.gp.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return finish(out.Bytes(), d.info)
}

// keep remembers the first failure.
func (d *Document) keep(err error) {
	if d.err == nil && err != nil {
		d.err = fmt.Errorf("page %d: %w", d.pages, err)
	}
}
