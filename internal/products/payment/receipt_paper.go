package payment

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	secondLayout = "2006-01-02 15:04:05"
	paperMargin  = 40
)

// ReceiptPDF prints the caller's receipt of a transfer in a language, signed by the bank. It says reversed when the
// transfer was. Errors: as Receipt.
func (s *Service) ReceiptPDF(ctx context.Context, by act.By, transfer id.Transfer, locale i18n.Locale) ([]byte, error) {
	receipt, err := s.Receipt(ctx, by, transfer)
	if err != nil {
		return nil, err
	}
	var confirmation Confirmation
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		confirmation, err = s.confirm(ctx, tx, by.Customer(), receipt, customer.Name.Reveal)
		return err
	})
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now().In(s.Days.Zone())
	paper, err := receiptPaper{confirmation, receipt, newWords(locale), at}.print()
	if err != nil {
		return nil, fmt.Errorf("print receipt %s: %w", receipt.ID, err)
	}
	return s.signed(paper, at)
}

// signed puts the bank's signature on a paper; without a signer, in tests and trials, it stays unsigned.
func (s *Service) signed(paper []byte, at time.Time) ([]byte, error) {
	if s.Papers.Signer == nil {
		return paper, nil
	}
	out, err := pdf.Sign(paper, s.Papers.Signer, pdf.Signing{Name: s.Papers.Bank, At: at})
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	return out, nil
}

// receiptPaper is a receipt being printed.
type receiptPaper struct {
	Confirmation
	receipt Receipt
	words   words
	at      time.Time // of printing, in the bank's zone
}

func (p receiptPaper) print() ([]byte, error) {
	title := p.words.of("payment.receipt.title")
	d, err := pdf.New(
		pdf.Info{Title: title + " " + p.Number, Author: p.Bank, Subject: title, Language: string(p.words.locale), At: p.at},
		pdf.Layout{Size: pdf.A5Landscape, Margin: paperMargin})
	if err != nil {
		return nil, err
	}
	p.head(d, title)
	const sealRadius = 46
	d.Seal(d.Right()-sealRadius-8, d.Bottom()-sealRadius-18, sealRadius, pdf.Seal{
		Around: p.Bank, Name: p.words.of("payment.receipt.seal"), Under: p.BusinessDate.String()})
	p.parties(d)
	if p.Reversed {
		d.Stamp(d.Right()-78, d.Y()+34, p.words.of("payment.receipt.reversed"), pdf.Cinnabar)
	}
	p.facts(d)
	p.foot(d)
	return d.Bytes()
}

func (p receiptPaper) head(d *pdf.Document, title string) {
	const top = 28
	d.Coin(d.Left()+11, top+11, 11, pdf.Jade)
	d.Text(d.Left()+30, top, pdf.Large, p.Bank)
	d.Text(d.Size().Width/2, top, pdf.Large.To(pdf.Centre), title)
	number := pdf.Small.To(pdf.End)
	d.Text(d.Right(), top, number, p.words.of("payment.receipt.number"))
	d.Text(d.Right(), top+number.Height(), number, p.Number)
	d.Line(d.Left(), top+28, d.Right(), top+28, 1, pdf.Jade)
	d.MoveTo(top + 38)
}

// parties sets payer and payee side by side.
func (p receiptPaper) parties(d *pdf.Document) {
	top := d.Y()
	half := d.Width()/2 - 8
	x, bottom := d.Left(), top
	for _, side := range []struct {
		key string
		Party
	}{{"payment.receipt.payer", p.Payer}, {"payment.receipt.payee", p.Payee}} {
		d.Panel(x, top, half, 18, pdf.Ground)
		d.Text(x+6, top+2, pdf.Body.In(pdf.Jade), p.words.of(side.key))
		d.MoveTo(top + 23)
		d.PairsIn(x+6, half-6, 1,
			pdf.Pair{Label: p.words.of("payment.receipt.name"), Value: side.Name},
			pdf.Pair{Label: p.words.of("payment.receipt.account"), Value: side.Account},
			pdf.Pair{Label: p.words.of("payment.receipt.bank"), Value: p.Bank})
		x, bottom = x+half+16, max(bottom, d.Y())
	}
	d.MoveTo(bottom + 2)
	d.Line(d.Left(), d.Y(), d.Right(), d.Y(), 0.6, pdf.Hairline)
	d.Space(7)
}

func (p receiptPaper) facts(d *pdf.Document) {
	w := p.words
	status := w.of("payment.receipt.settled")
	if p.Reversed {
		status = w.of("payment.receipt.reversedAt", "at", p.ReversedAt.In(p.at.Location()).Format(secondLayout))
	}
	facts := []pdf.Pair{{Label: w.of("payment.receipt.amount"), Value: amountText(w.locale, p.Amount), Large: true}}
	if p.Capitals != "" {
		facts = append(facts, pdf.Pair{Label: w.of("payment.receipt.capitals"), Value: p.Capitals, Wide: true})
	}
	facts = append(facts,
		pdf.Pair{Label: w.of("payment.receipt.date"), Value: p.BusinessDate.String()},
		pdf.Pair{Label: w.of("payment.receipt.at"), Value: p.At.In(p.at.Location()).Format(secondLayout)},
		pdf.Pair{Label: w.of("payment.receipt.state"), Value: status})
	if hasAmount(p.Fee) {
		facts = append(facts, pdf.Pair{Label: w.of("payment.receipt.fee"), Value: amountText(w.locale, p.Fee)})
	}
	facts = append(facts,
		pdf.Pair{Label: w.of("payment.receipt.transfer"), Value: string(p.receipt.Transfer), Wide: true},
		pdf.Pair{Label: w.of("payment.receipt.memo"), Value: p.Memo, Wide: true})
	const sealRoom = 104 // the seal stands right of the facts
	d.PairsIn(d.Left()+6, d.Width()-sealRoom-6, 2, facts...)
}

// foot sets the code by which the paper is checked, and how.
func (p receiptPaper) foot(d *pdf.Document) {
	const size = 58
	x, y := d.Left()+6, d.Bottom()-size
	d.QR(x, y, size, p.receipt.URL)
	d.Link(x, y, size, size, p.receipt.URL)
	d.Text(x+size+12, y+2, pdf.Small.In(pdf.Jade), p.words.of("payment.receipt.verify"))
	note := p.words.of("payment.receipt.note", "bank", p.Bank, "at", p.at.Format(secondLayout))
	d.Paragraph(x+size+12, y+2+pdf.Small.Height(), d.Width()-size-12-6-112, pdf.Small, 4, note)
}

func amountText(locale i18n.Locale, a money.Amount) string {
	return i18n.Amount(locale, a.String(), a.Currency().Code())
}
