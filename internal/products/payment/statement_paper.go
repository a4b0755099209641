package payment

import (
	"fmt"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
)

// statementPaper is a statement being printed.
type statementPaper struct {
	Statement
	bank  string
	words words
	at    time.Time // of printing, in the bank's zone
}

func (p statementPaper) print() ([]byte, error) {
	title := p.words.of("payment.statement.title")
	d, err := pdf.New(
		pdf.Info{Title: title, Author: p.bank, Subject: p.span(), Language: string(p.words.locale), At: p.at},
		pdf.Layout{Size: pdf.A4, Margin: paperMargin, Head: p.head, Foot: p.foot})
	if err != nil {
		return nil, err
	}
	const sealRadius = 42
	d.Seal(d.Right()-sealRadius-4, d.Y()+sealRadius+4, sealRadius, pdf.Seal{
		Around: p.bank, Name: p.words.of("payment.receipt.seal"), Under: p.at.Format(time.DateOnly)})
	p.summary(d)
	p.lines(d)
	d.Space(10)
	d.Need(40)
	end := p.words.of("payment.statement.end")
	if len(p.Lines) == 0 {
		end = p.words.of("payment.statement.empty")
	}
	d.Text(d.Size().Width/2, d.Y(), pdf.Small.To(pdf.Centre), end)
	d.Space(pdf.Small.Height() + 6)
	d.Note(p.words.of("payment.statement.note", "bank", p.bank, "at", p.at.Format(secondLayout)))
	return d.Bytes()
}

func (p statementPaper) span() string {
	return p.words.of("payment.statement.span", "from", p.From.String(), "to", p.To.String())
}

func (p statementPaper) head(d *pdf.Document) {
	const top = 26
	d.Coin(d.Left()+9, top+11, 9, pdf.Jade)
	d.Text(d.Left()+26, top, pdf.Large, p.bank)
	d.Text(d.Right(), top+6, pdf.Small.To(pdf.End), p.words.of("payment.statement.title")+"  "+p.span())
	d.Line(d.Left(), top+27, d.Right(), top+27, 1, pdf.Jade)
	d.MoveTo(top + 36)
}

func (p statementPaper) foot(d *pdf.Document, page, pages int) {
	d.Text(d.Size().Width/2, d.Bottom()+10, pdf.Small.To(pdf.Centre), fmt.Sprintf("%d/%d", page, pages))
}

func (p statementPaper) summary(d *pdf.Document) {
	w := p.words
	sum := func(s Sum) string {
		return w.of("payment.statement.sum", "amount", amountText(w.locale, s.Amount), "count", strconv.Itoa(s.Count))
	}
	d.Space(4)
	d.Heading(w.of("payment.statement.title"))
	d.Space(6)
	const sealRoom = 96 // the seal stands right of the facts
	d.PairsIn(d.Left(), d.Width()-sealRoom, 2,
		pdf.Pair{Label: w.of("payment.statement.holder"), Value: p.Holder},
		pdf.Pair{Label: w.of("payment.statement.account"), Value: p.Account.Number},
		pdf.Pair{Label: w.of("payment.statement.period"), Value: p.span()},
		pdf.Pair{Label: w.of("payment.statement.currency"), Value: p.Opening.Currency().Code()},
		pdf.Pair{Label: w.of("payment.statement.opening"), Value: amountText(w.locale, p.Opening)},
		pdf.Pair{Label: w.of("payment.statement.closing"), Value: amountText(w.locale, p.Closing)},
		pdf.Pair{Label: w.of("payment.statement.in"), Value: sum(p.In)},
		pdf.Pair{Label: w.of("payment.statement.out"), Value: sum(p.Out)})
	d.Space(8)
}

func (p statementPaper) lines(d *pdf.Document) {
	w := p.words
	table := pdf.Table{
		Style: pdf.Style{Size: 8.5, Colour: pdf.Ink},
		Columns: []pdf.Column{
			{Title: w.of("payment.line.date"), Share: 12},
			{Title: w.of("payment.line.title"), Share: 13, Lines: 2},
			{Title: w.of("payment.line.counterparty"), Share: 21, Lines: 2},
			{Title: w.of("payment.line.memo"), Share: 22, Lines: 3},
			{Title: w.of("payment.line.amount"), Share: 16, Align: pdf.End},
			{Title: w.of("payment.line.balance"), Share: 16, Align: pdf.End},
		},
	}
	next := 0
	d.Table(table, func() ([]string, bool) {
		if next == len(p.Lines) {
			return nil, false
		}
		t := p.Lines[next]
		next++
		return p.row(t), true
	})
}

func (p statementPaper) row(t Transaction) []string {
	title := t.Title(p.words.catalog, p.words.locale)
	if t.Reversed {
		title += " (" + p.words.of("payment.line.reversed") + ")"
	}
	sign := "+"
	if t.Direction == Out {
		sign = "-"
	}
	other := t.Counterparty
	if t.CounterpartyAccount != "" {
		other += " " + t.CounterpartyAccount
	}
	return []string{t.BusinessDate.String(), title, other, t.Memo, sign + i18n.Grouped(t.Amount.String()), i18n.Grouped(t.After.String())}
}
