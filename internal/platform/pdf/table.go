package pdf

// Column is a column of a table.
type Column struct {
	Title string
	Share float64 // of the width, in proportion to the other columns' shares
	Align Align   // amounts stand at the End: the font's digits are all of one width
	Lines int     // that a cell may have; 1 when zero
}

// Table is rows under repeated headings.
type Table struct {
	Columns []Column
	Style   Style // Body when zero
}

const (
	cellPadding = 3.5
	cellGap     = 4 // kept free on each side of a cell's text
)

// Table sets a table row by row: next gives one row after the other until it is false. Headings are repeated on each page.
func (d *Document) Table(t Table, next func() ([]string, bool)) {
	if t.Style.Size == 0 {
		t.Style = Body
	}
	widths := d.shares(t.Columns)
	d.Need(2 * (t.Style.Height() + 2*cellPadding)) // no headings without a row
	d.tableHead(t, widths)
	for row, ok := next(); ok && d.err == nil; row, ok = next() {
		cells := make([][]string, len(t.Columns))
		most := 1
		for i, c := range t.Columns {
			cells[i] = d.Wrap(widths[i]-2*cellGap, t.Style, max(c.Lines, 1), row[i])
			most = max(most, len(cells[i]))
		}
		height := float64(most)*t.Style.Height() + 2*cellPadding
		if d.y+height > d.Bottom() {
			d.Page()
			d.tableHead(t, widths)
		}
		d.cells(t, widths, cells)
		d.y += height
		d.Line(d.Left(), d.y, d.Right(), d.y, 0.4, Hairline)
	}
}

func (d *Document) tableHead(t Table, widths []float64) {
	style := Small
	most := 1
	cells := make([][]string, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = d.Wrap(widths[i]-2*cellGap, style, 2, c.Title)
		most = max(most, len(cells[i]))
	}
	height := float64(most)*style.Height() + 2*cellPadding
	d.Panel(d.Left(), d.y, d.Width(), height, Ground)
	d.cells(Table{Columns: t.Columns, Style: style}, widths, cells)
	d.y += height
	d.Line(d.Left(), d.y, d.Right(), d.y, 0.8, Jade)
}

// cells sets the wrapped cells of one row.
func (d *Document) cells(t Table, widths []float64, cells [][]string) {
	x := d.Left()
	for i, c := range t.Columns {
		at := x + cellGap
		switch c.Align {
		case End:
			at = x + widths[i] - cellGap
		case Centre:
			at = x + widths[i]/2
		}
		y := d.y + cellPadding
		for _, line := range cells[i] {
			d.Text(at, y, t.Style.To(c.Align), line)
			y += t.Style.Height()
		}
		x += widths[i]
	}
}

func (d *Document) shares(columns []Column) []float64 {
	sum := 0.0
	for _, c := range columns {
		sum += c.Share
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = d.Width() * c.Share / sum
	}
	return widths
}

// Pair is a fact and what it is called.
type Pair struct {
	Label, Value string
	Wide         bool // takes a line of its own
	Large        bool // in large type, on a line of its own
}

const pairLines = 3

// Pairs sets facts in so many columns, labels before values.
func (d *Document) Pairs(columns int, pairs ...Pair) {
	d.PairsIn(d.Left(), d.Width(), columns, pairs...)
}

// PairsIn is Pairs in a part of the page's width.
func (d *Document) PairsIn(x, width float64, columns int, pairs ...Pair) {
	label := 0.0
	for _, p := range pairs {
		label = max(label, d.Measure(Small, p.Label))
	}
	label += 10
	for len(pairs) > 0 {
		n := 1
		for n < columns && n < len(pairs) && !pairs[0].alone() && !pairs[n].alone() {
			n++
		}
		d.pairRow(x, width, label, columns, pairs[:n])
		pairs = pairs[n:]
	}
}

func (p Pair) alone() bool { return p.Wide || p.Large }

func (p Pair) style() Style {
	if p.Large {
		return Large
	}
	return Body
}

func (d *Document) pairRow(x, width, label float64, columns int, pairs []Pair) {
	column := width / float64(columns)
	room := func(p Pair) float64 {
		if p.alone() {
			return width - label - cellGap
		}
		return column - label - cellGap
	}
	height := 0.0
	for _, p := range pairs {
		lines := len(d.Wrap(room(p), p.style(), pairLines, p.Value))
		height = max(height, float64(lines)*p.style().Height()+cellPadding)
	}
	d.Need(height)
	for i, p := range pairs {
		at := x + float64(i)*column
		d.Text(at, d.y+(p.style().Height()-Small.Height())/2, Small, p.Label)
		d.Paragraph(at+label, d.y, room(p), p.style(), pairLines, p.Value)
	}
	d.y += height
}
