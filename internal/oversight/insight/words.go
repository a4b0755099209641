package insight

import (
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/money"
)

// words are the texts of one document in one language.
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

func (w words) amount(a money.Amount) string {
	return i18n.Amount(w.locale, a.String(), a.Currency().Code())
}

// signedAmount writes an entry's amount with a sign, as tables of one currency have it.
func signedAmount(t payment.Transaction) string {
	sign := "+"
	if t.Direction == payment.Out {
		sign = "-"
	}
	return sign + i18n.Grouped(t.Amount.String())
}

func grouped(a money.Amount) string { return i18n.Grouped(a.String()) }

const (
	secondLayout = "2006-01-02 15:04:05"
	paperMargin  = 40
	sealRadius   = 42
	sealRoom     = 96 // that a seal takes beside the facts
)

// paper is what the papers of this room share: head, foot, seal.
type paper struct {
	words
	bank, title, span string
	at                time.Time // of printing, in the bank's zone
}

func (p paper) open(number string) (*pdf.Document, error) {
	d, err := pdf.New(
		pdf.Info{Title: p.title + " " + p.span, Author: p.bank, Subject: number, Language: string(p.locale), At: p.at},
		pdf.Layout{Size: pdf.A4, Margin: paperMargin, Head: p.head, Foot: p.foot})
	if err != nil {
		return nil, err
	}
	d.Seal(d.Right()-sealRadius-4, d.Y()+sealRadius+4, sealRadius, pdf.Seal{
		Around: p.bank, Name: p.of("insight.paper.seal"), Under: p.at.Format(time.DateOnly)})
	d.Space(4)
	d.Heading(p.title)
	d.Space(6)
	return d, nil
}

func (p paper) head(d *pdf.Document) {
	const top = 26
	d.Coin(d.Left()+9, top+11, 9, pdf.Jade)
	d.Text(d.Left()+26, top, pdf.Large, p.bank)
	d.Text(d.Right(), top+6, pdf.Small.To(pdf.End), p.title+"  "+p.span)
	d.Line(d.Left(), top+27, d.Right(), top+27, 1, pdf.Jade)
	d.MoveTo(top + 36)
}

func (p paper) foot(d *pdf.Document, page, pages int) {
	d.Text(d.Size().Width/2, d.Bottom()+10, pdf.Small.To(pdf.Centre), fmt.Sprintf("%d/%d", page, pages))
}

// section sets the heading of a part, which never stands alone at the foot of a page.
func (p paper) section(d *pdf.Document, text string) {
	const room = 70
	d.Space(10)
	d.Need(room)
	style := pdf.Style{Size: 11.5, Colour: pdf.Jade}
	d.Text(d.Left(), d.Y(), style, text)
	d.Space(style.Height() + 3)
}

// table sets rows that are there.
func table(d *pdf.Document, t pdf.Table, rows [][]string) {
	next := 0
	d.Table(t, func() ([]string, bool) {
		if next == len(rows) {
			return nil, false
		}
		next++
		return rows[next-1], true
	})
}

// sign puts the bank's signature on a paper; without a signer, in tests and trials, it stays unsigned.
func (s *Service) sign(content []byte, at time.Time) ([]byte, error) {
	if s.Papers.Signer == nil {
		return content, nil
	}
	out, err := pdf.Sign(content, s.Papers.Signer, pdf.Signing{Name: s.Papers.Bank, At: at})
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	return out, nil
}
