package insight

import (
	"bytes"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/platform/sheet"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/money"
)

// monthPaper is a monthly statement being printed.
type monthPaper struct {
	paper
	Figures
	number, url string
}

func (s *Service) statementPDF(f Figures, row keptRow, url string) ([]byte, error) {
	at := row.madeAt.In(s.Days.Zone())
	w := words{s.Texts, row.locale}
	p := monthPaper{paper{w, s.Papers.Bank, w.of("insight.paper.month"), monthName(row.locale, f.Month), at}, f, statementNumber(row.id), url}
	content, err := p.print()
	if err != nil {
		return nil, err
	}
	return s.sign(content, at)
}

func (p monthPaper) print() ([]byte, error) {
	d, err := p.open(p.number)
	if err != nil {
		return nil, err
	}
	d.PairsIn(d.Left(), d.Width()-sealRoom, 2,
		pdf.Pair{Label: p.of("payment.statement.holder"), Value: p.Holder.Reveal()},
		pdf.Pair{Label: p.of("insight.paper.number"), Value: p.number, Wide: true},
		pdf.Pair{Label: p.of("payment.statement.period"), Value: p.of("payment.statement.span", "from", p.From.String(), "to", p.To.String()), Wide: true})
	d.Space(22)
	p.totals(d)
	p.accounts(d)
	for _, line := range p.Lines {
		if line.Kind == catalog.Current {
			p.entries(d, line)
		}
	}
	p.end(d)
	return d.Bytes()
}

func (p monthPaper) totals(d *pdf.Document) {
	p.section(d, p.of("insight.paper.totals"))
	rows := make([][]string, len(p.Totals))
	for i, t := range p.Totals {
		rows[i] = []string{t.Currency.Code(), grouped(t.Opening), grouped(t.In), grouped(t.Out), grouped(t.Interest), grouped(t.Tax), grouped(t.Closing)}
	}
	money := func(key string) pdf.Column { return pdf.Column{Title: p.of(key), Share: 15, Align: pdf.End} }
	table(d, pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: p.of("payment.statement.currency"), Share: 10},
		money("payment.statement.opening"), money("insight.paper.in"), money("insight.paper.out"), money("insight.paper.interest"), money("insight.paper.tax"),
		money("payment.statement.closing"),
	}}, rows)
	d.Space(4)
	d.Note(p.of("insight.paper.own"))
}

func (p monthPaper) accounts(d *pdf.Document) {
	p.section(d, p.of("insight.paper.accounts"))
	rows := make([][]string, len(p.Lines))
	for i, line := range p.Lines {
		rows[i] = []string{line.title(), line.terms(p.words), line.Currency.Code(), grouped(line.Opening), grouped(line.In.Amount), grouped(line.Out.Amount),
			grouped(line.Interest), grouped(line.Closing)}
	}
	money := func(key string) pdf.Column { return pdf.Column{Title: p.of(key), Share: 13, Align: pdf.End} }
	table(d, pdf.Table{Style: pdf.Style{Size: 8, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: p.of("insight.paper.account"), Share: 20, Lines: 2}, {Title: p.of("insight.paper.terms"), Share: 22, Lines: 2}, {Title: p.of("payment.statement.currency"), Share: 11},
		money("payment.statement.opening"), money("payment.line.in"), money("payment.line.out"), {Title: p.of("insight.paper.interest"), Share: 10, Align: pdf.End},
		money("payment.statement.closing"),
	}}, rows)
}

// title is how a person knows one of his accounts: product, and the end of the number or the name of the goal.
func (line Line) title() string {
	switch {
	case line.Tail != "":
		return line.Product + " " + line.Tail
	case line.Name != "":
		return line.Product + " " + line.Name
	}
	return line.Product
}

// terms are rate and last day of a deposit, the number of an account.
func (line Line) terms(w words) string {
	switch {
	case line.Kind == catalog.Current:
		return line.Number
	case line.Matures.IsZero():
		return w.of("insight.paper.rate", "rate", line.Rate)
	}
	return w.of("insight.paper.rate_until", "rate", line.Rate, "on", line.Matures.String())
}

// entries lists what happened on a current account.
func (p monthPaper) entries(d *pdf.Document, line Line) {
	p.section(d, p.of("insight.paper.entries", "account", line.title()))
	t := pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: p.of("payment.line.date"), Share: 12}, {Title: p.of("payment.line.title"), Share: 13, Lines: 2},
		{Title: p.of("payment.line.counterparty"), Share: 21, Lines: 2}, {Title: p.of("payment.line.memo"), Share: 22, Lines: 3},
		{Title: p.of("payment.line.amount"), Share: 16, Align: pdf.End}, {Title: p.of("payment.line.balance"), Share: 16, Align: pdf.End},
	}}
	rows := [][]string{{p.From.String(), p.of("payment.statement.opening"), "", "", "", grouped(line.Opening)}}
	for _, e := range line.Entries {
		other := e.Counterparty
		if e.CounterpartyAccount != "" {
			other += " " + e.CounterpartyAccount
		}
		rows = append(rows, []string{e.BusinessDate.String(), title(e, p.words), other, e.Memo, signedAmount(e), grouped(e.After)})
	}
	rows = append(rows, []string{p.To.String(), p.of("payment.statement.closing"), "", "", "", grouped(line.Closing)})
	table(d, t, rows)
}

func title(t payment.Transaction, w words) string {
	name := t.Title(w.catalog, w.locale)
	if t.Reversed {
		name += " (" + w.of("payment.line.reversed") + ")"
	}
	return name
}

// end sets the code by which the paper is checked, and how.
func (p monthPaper) end(d *pdf.Document) {
	const size = 58
	d.Space(12)
	d.Need(size + 14)
	x, y := d.Left(), d.Y()
	d.QR(x, y, size, p.url)
	d.Link(x, y, size, size, p.url)
	d.Text(x+size+12, y+2, pdf.Small.In(pdf.Jade), p.of("payment.receipt.verify"))
	note := p.of("insight.paper.note", "bank", p.bank, "at", p.at.Format(secondLayout))
	d.Paragraph(x+size+12, y+2+pdf.Small.Height(), d.Width()-size-12, pdf.Small, 4, note)
	d.Space(size)
}

// statementCSV writes every entry of a statement, account by account, each between its opening and closing balance.
func (s *Service) statementCSV(f Figures, l i18n.Locale) ([]byte, error) {
	w := words{s.Texts, l}
	var b bytes.Buffer
	file := sheet.NewCSV(&b)
	var head []string
	for _, key := range []string{"insight.paper.account", "payment.line.date", "payment.line.time", "payment.line.title", "payment.line.in", "payment.line.out",
		"payment.line.balance", "payment.line.currency", "payment.line.counterparty", "payment.line.other", "payment.line.memo", "payment.line.transfer"} {
		head = append(head, w.of(key))
	}
	rows := [][]string{head}
	for _, line := range f.Lines {
		rows = append(rows, line.balanceRow(f.From.String(), w.of("payment.statement.opening"), line.Opening))
		for _, e := range line.Entries {
			in, out := e.Amount.String(), ""
			if e.Direction == payment.Out {
				in, out = out, in
			}
			rows = append(rows, []string{line.title(), e.BusinessDate.String(), e.At.In(s.Days.Zone()).Format(secondLayout), title(e, w), in, out,
				e.After.String(), line.Currency.Code(), e.Counterparty, e.CounterpartyAccount, e.Memo, string(e.Transfer)})
		}
		rows = append(rows, line.balanceRow(f.To.String(), w.of("payment.statement.closing"), line.Closing))
	}
	for _, row := range rows {
		if err := file.Row(row); err != nil {
			return nil, err
		}
	}
	err := file.Close()
	return b.Bytes(), err
}

func (line Line) balanceRow(date, name string, balance money.Amount) []string {
	return []string{line.title(), date, "", name, "", "", balance.String(), line.Currency.Code(), "", "", "", ""}
}
