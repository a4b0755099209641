package compliance

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/values/id"
)

// words are the texts of one report in one language.
type words struct {
	catalog *i18n.Catalog
	locale  i18n.Locale
}

// of is a text; parameters come as name, value, name, value.
func (w words) of(key string, params ...string) string {
	named := make(map[string]string, len(params)/2)
	for i := 0; i+1 < len(params); i += 2 {
		named[params[i]] = params[i+1]
	}
	return w.catalog.Text(w.locale, key, named)
}

// named is the text of a code, or the code itself when it has none.
func (w words) named(prefix, code string) string {
	if w.catalog.Has(prefix + code) {
		return w.of(prefix + code)
	}
	return code
}

const (
	paperMargin  = 40
	sealRadius   = 42
	sealRoom     = 96 // that a seal takes beside the facts
	secondLayout = "2006-01-02 15:04:05"
)

// reportPaper is a report being printed.
type reportPaper struct {
	words
	figures
	bank string
	at   time.Time // of printing, in the bank's zone
}

func (p reportPaper) month() string { return p.First.String()[:len("2006-01")] }

func (p reportPaper) print() ([]byte, error) {
	title := p.of("compliance.report.title")
	d, err := pdf.New(
		pdf.Info{Title: title + " " + p.month(), Author: p.bank, Subject: string(p.Record), Language: string(p.locale), At: p.at},
		pdf.Layout{Size: pdf.A4, Margin: paperMargin, Head: p.head, Foot: p.foot})
	if err != nil {
		return nil, err
	}
	d.Seal(d.Right()-sealRadius-4, d.Y()+sealRadius+4, sealRadius, pdf.Seal{
		Around: p.bank, Name: p.of("compliance.report.seal"), Under: p.at.Format(time.DateOnly)})
	d.Space(4)
	d.Heading(title)
	d.Space(6)
	lines, refusals, done, refused := p.lines()
	p.summary(d, done, refused)
	p.sealedLog(d)
	p.books(d)
	p.staff(d)
	p.taken(d)
	p.approvals(d)
	p.alerts(d)
	p.refusals(d, refusals)
	p.acts(d, lines)
	d.Space(12)
	d.Note(p.of("compliance.report.note", "bank", p.bank, "record", string(p.Record), "at", p.at.Format(secondLayout)))
	return d.Bytes()
}

func (p reportPaper) head(d *pdf.Document) {
	const top = 26
	d.Coin(d.Left()+9, top+11, 9, pdf.Jade)
	d.Text(d.Left()+26, top, pdf.Large, p.bank)
	d.Text(d.Right(), top+6, pdf.Small.To(pdf.End), p.of("compliance.report.title")+"  "+p.month())
	d.Line(d.Left(), top+27, d.Right(), top+27, 1, pdf.Jade)
	d.MoveTo(top + 36)
}

func (p reportPaper) foot(d *pdf.Document, page, pages int) {
	d.Text(d.Size().Width/2, d.Bottom()+10, pdf.Small.To(pdf.Centre), fmt.Sprintf("%d/%d", page, pages))
}

func (p reportPaper) summary(d *pdf.Document, done, refused int64) {
	span := p.of("compliance.report.span", "from", p.First.String(), "to", p.Last.String())
	if !p.Over {
		span += p.of("compliance.report.so_far", "at", p.at.Format(secondLayout))
	}
	d.PairsIn(d.Left(), d.Width()-sealRoom, 2,
		pdf.Pair{Label: p.of("compliance.report.period"), Value: span, Wide: true},
		pdf.Pair{Label: p.of("compliance.report.done"), Value: number(done)},
		pdf.Pair{Label: p.of("compliance.report.refused"), Value: number(refused)},
		pdf.Pair{Label: p.of("compliance.report.people"), Value: number(p.People)},
		pdf.Pair{Label: p.of("compliance.report.by"), Value: string(p.By), Wide: true},
		pdf.Pair{Label: p.of("compliance.report.record"), Value: string(p.Record), Wide: true})
	d.Space(6)
}

func (p reportPaper) sealedLog(d *pdf.Document) {
	p.section(d, "log")
	if p.Sealed == 0 {
		d.Note(p.of("compliance.report.unsealed", "waiting", number(p.Waiting)))
		return
	}
	d.Note(p.of("compliance.report.sealed", "size", number(p.Sealed), "waiting", number(p.Waiting)))
	d.Space(3)
	for _, text := range strings.Split(strings.TrimSpace(p.Checkpoint), "\n") {
		if text != "" {
			d.Note(text)
		}
	}
}

func (p reportPaper) books(d *pdf.Document) {
	rows := make([][]string, len(p.Examinations))
	for i, x := range p.Examinations {
		scope := p.of("compliance.report.whole")
		if x.Later {
			scope = p.of("compliance.report.since", "day", x.Since.String())
		} else if x.From != "" || x.To != "" {
			scope = cmp.Or(x.From, "…") + " – " + cmp.Or(x.To, "…")
		}
		state := p.of("compliance.books." + string(x.State))
		if b := x.Report.Breach; b != nil {
			state += " " + b.Rule + " " + b.Subject
		}
		rows[i] = []string{x.AskedAt.In(p.at.Location()).Format(secondLayout), scope, number(x.Report.Journals), number(x.Report.Entries), number(x.Report.Accounts), state}
	}
	p.table(d, "books", rows, column("at", 22), column("scope", 24).lines(2), amount("journals", 12), amount("entries", 12), amount("accounts", 12), column("found", 28).lines(3))
}

func (p reportPaper) staff(d *pdf.Document) {
	rows := make([][]string, len(p.figures.Staff))
	for i, x := range p.figures.Staff {
		rows[i] = []string{string(x.Staff), p.Names[x.Staff], number(x.Records), number(x.Refused), number(x.OfInterest - x.RefusedOfThose), number(x.RefusedOfThose)}
	}
	p.table(d, "staff", rows, column("staff_id", 30), column("name", 14), amount("acts", 12), amount("refused", 12), amount("reveals", 14), amount("reveals_refused", 16))
	if more := p.People - int64(len(rows)); more > 0 {
		d.Note(p.of("compliance.report.more_staff", "count", number(more)))
	}
}

func (p reportPaper) taken(d *pdf.Document) {
	rows := make([][]string, len(p.Taken))
	for i, x := range p.Taken {
		what := p.named("", x.Subject)
		if x.Act == ActReport {
			what = p.of("compliance.report.title") + " " + x.Subject
		}
		rows[i] = []string{x.Actor, p.Names[id.Staff(x.Actor)], what, number(x.Records)}
	}
	p.table(d, "taken", rows, column("staff_id", 30), column("name", 16), column("what", 42).lines(2), amount("count", 12))
	if len(rows) == takenMost {
		d.Note(p.of("compliance.report.more_taken", "count", number(takenMost)))
	}
}

func (p reportPaper) approvals(d *pdf.Document) {
	var rows [][]string
	for from := 0; from < len(p.Approvals); {
		kind, n := p.Approvals[from].Kind, map[approval.State]int64{}
		for ; from < len(p.Approvals) && p.Approvals[from].Kind == kind; from++ {
			n[p.Approvals[from].State] += p.Approvals[from].Requests
		}
		rows = append(rows, []string{p.named("approval.kind.", kind), number(n[approval.Executed]), number(n[approval.Refused]),
			number(n[approval.Withdrawn] + n[approval.Expired]), number(n[approval.Overtaken] + n[approval.Failed])})
	}
	p.table(d, "approvals", rows, column("kind", 44), amount("executed", 14), amount("refused", 14), amount("lapsed", 14), amount("failed", 14))
}

func (p reportPaper) alerts(d *pdf.Document) {
	rows := make([][]string, len(p.Alerts))
	for i, x := range p.Alerts {
		rows[i] = []string{p.of("compliance.alert." + string(x.Kind)), p.of("compliance.finding." + cmp.Or(string(x.Finding), "open")), number(x.Alerts)}
	}
	p.table(d, "alerts", rows, column("kind", 44), column("finding", 40), amount("count", 16))
}

func (p reportPaper) refusals(d *pdf.Document, all []refusal) {
	slices.SortStableFunc(all, func(a, b refusal) int { return cmp.Compare(b.records, a.records) })
	rows := make([][]string, len(all))
	for i, x := range all {
		rows[i] = []string{x.code, x.act, number(x.records)}
	}
	p.table(d, "refusals", rows, column("code", 42), column("act", 42), amount("count", 16))
}

func (p reportPaper) acts(d *pdf.Document, all []line) {
	rows := make([][]string, len(all))
	for i, x := range all {
		rows[i] = []string{x.Act, p.of("compliance.kind." + string(x.Kind)), p.named("compliance.channel.", string(x.Channel)), number(x.done), number(x.refused)}
	}
	p.table(d, "acts", rows, column("act", 40), column("who", 16), column("channel", 16), amount("done", 14), amount("refused", 14))
}

// col is a column whose title is a text of this room.
type col struct {
	key   string
	shape pdf.Column
}

func column(key string, share float64) col { return col{key, pdf.Column{Share: share}} }

func amount(key string, share float64) col {
	return col{key, pdf.Column{Share: share, Align: pdf.End}}
}

func (c col) lines(n int) col {
	c.shape.Lines = n
	return c
}

// section sets the heading of a part, which never stands alone at the foot of a page.
func (p reportPaper) section(d *pdf.Document, key string) {
	const room = 70
	d.Space(10)
	d.Need(room)
	style := pdf.Style{Size: 11.5, Colour: pdf.Jade}
	d.Text(d.Left(), d.Y(), style, p.of("compliance.report."+key))
	d.Space(style.Height() + 3)
}

// table sets a part that is a table; an empty one says that there was nothing.
func (p reportPaper) table(d *pdf.Document, key string, rows [][]string, columns ...col) {
	p.section(d, key)
	if len(rows) == 0 {
		d.Note(p.of("compliance.report.nothing"))
		return
	}
	t := pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}}
	for _, c := range columns {
		c.shape.Title = p.of("compliance.column." + c.key)
		t.Columns = append(t.Columns, c.shape)
	}
	next := 0
	d.Table(t, func() ([]string, bool) {
		if next == len(rows) {
			return nil, false
		}
		next++
		return rows[next-1], true
	})
}

func number(n int64) string { return i18n.Grouped(strconv.FormatInt(n, 10)) }
