package cash

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Slip is the paper of a customer's cash at the counter (现金回单), with what other rooms know about it.
type Slip struct {
	Movement
	Bank    string // its name
	Holder  string // masked
	Account string // masked number
	Printed time.Time
	Zone    *time.Location
}

// Moved is a movement of a customer's cash at a branch. Error: ErrNoTill for what is none, or another branch's.
func (s *Service) Moved(ctx context.Context, tx *db.Tx, branch string, which id.Cash) (Movement, error) {
	m, found, err := findMovement(ctx, tx, which)
	if err != nil {
		return Movement{}, err
	}
	if !found || m.Branch != branch || m.Customer == "" {
		return Movement{}, ErrNoTill
	}
	return m, nil
}

const slipMargin = 40

// Print writes the slip in a language, half a sheet of paper.
func (s *Service) Print(p Slip, locale i18n.Locale) ([]byte, error) {
	w := slipWords{i18n.NewCatalog(Texts()), locale}
	title := w.of("cash.kind." + string(p.Kind))
	d, err := pdf.New(
		pdf.Info{Title: title + " " + string(p.ID), Author: p.Bank, Subject: title, Language: string(locale), At: p.Printed},
		pdf.Layout{Size: pdf.A5Landscape, Margin: slipMargin})
	if err != nil {
		return nil, fmt.Errorf("print slip %s: %w", p.ID, err)
	}
	p.head(d, title, w)
	const sealRadius = 42
	d.Seal(d.Right()-sealRadius-6, d.Bottom()-sealRadius-16, sealRadius, pdf.Seal{Around: p.Bank, Name: w.of("cash.slip.seal"), Under: p.On.String()})
	p.facts(d, w)
	s.pieces(d, p, w)
	d.Space(pdf.Small.Height())
	d.Paragraph(d.Left(), d.Y(), d.Width()-2*sealRadius-20, pdf.Small, 2, w.of("cash.slip.note", "bank", p.Bank, "at", p.at(p.Printed)))
	content, err := d.Bytes()
	if err != nil {
		return nil, fmt.Errorf("print slip %s: %w", p.ID, err)
	}
	return content, nil
}

func (p Slip) at(t time.Time) string { return t.In(p.Zone).Format("2006-01-02 15:04:05") }

func (p Slip) head(d *pdf.Document, title string, w slipWords) {
	const top = 28
	d.Coin(d.Left()+11, top+11, 11, pdf.Jade)
	d.Text(d.Left()+30, top, pdf.Large, p.Bank)
	d.Text(d.Size().Width/2, top, pdf.Large.To(pdf.Centre), title)
	number := pdf.Small.To(pdf.End)
	d.Text(d.Right(), top, number, w.of("cash.slip.number"))
	d.Text(d.Right(), top+number.Height(), number, string(p.ID))
	d.Line(d.Left(), top+28, d.Right(), top+28, 1, pdf.Jade)
	d.MoveTo(top + 38)
}

func (p Slip) facts(d *pdf.Document, w slipWords) {
	d.PairsIn(d.Left()+6, d.Width()-12, 2,
		pdf.Pair{Label: w.of("cash.slip.holder"), Value: p.Holder},
		pdf.Pair{Label: w.of("cash.slip.account"), Value: p.Account},
		pdf.Pair{Label: w.of("cash.slip.amount"), Value: i18n.Amount(w.locale, p.Amount.String(), p.Amount.Currency().Code()), Large: true},
		pdf.Pair{Label: w.of("cash.slip.capitals"), Value: money.Capitals(p.Amount), Wide: true},
		pdf.Pair{Label: w.of("cash.slip.day"), Value: p.On.String()},
		pdf.Pair{Label: w.of("cash.slip.at"), Value: p.at(p.At)},
		pdf.Pair{Label: w.of("cash.slip.branch"), Value: p.Branch},
		pdf.Pair{Label: w.of("cash.slip.teller"), Value: string(p.Teller)})
	d.Space(6)
}

// pieces lists what changed hands, the largest first.
func (s *Service) pieces(d *pdf.Document, p Slip, w slipWords) {
	var moved []Denomination
	for code, n := range p.Pieces {
		if known, ok := s.known[code]; ok && n != 0 {
			moved = append(moved, known)
		}
	}
	slices.SortFunc(moved, func(a, b Denomination) int { return int(b.Minor - a.Minor) })
	next := 0
	table := pdf.Table{Columns: []pdf.Column{
		{Title: w.of("cash.slip.denomination"), Share: 1, Align: pdf.End}, {Title: w.of("cash.slip.count"), Share: 1, Align: pdf.End},
		{Title: w.of("cash.slip.sum"), Share: 1, Align: pdf.End}, {Share: 1},
	}}
	d.Table(table, func() ([]string, bool) {
		if next == len(moved) {
			return nil, false
		}
		one := moved[next]
		next++
		n := max(p.Pieces[one.Code], -p.Pieces[one.Code])
		worth := money.New(one.Minor, p.Amount.Currency())
		return []string{i18n.Grouped(worth.String()), strconv.FormatInt(n, 10), i18n.Grouped(money.New(n*one.Minor, p.Amount.Currency()).String()), ""}, true
	})
}

// slipWords are the texts of a slip in one language.
type slipWords struct {
	catalog *i18n.Catalog
	locale  i18n.Locale
}

// of is a text; parameters come as name, value, name, value.
func (w slipWords) of(key string, params ...string) string {
	named := make(map[string]string, len(params)/2)
	for i := 0; i+1 < len(params); i += 2 {
		named[params[i]] = params[i+1]
	}
	return w.catalog.Text(w.locale, key, named)
}
