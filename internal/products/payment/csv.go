package payment

import (
	"context"
	"io"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/sheet"
	"github.com/tongbao/tongbao/internal/values/act"
)

// csvColumns are the keys of the headings, in order.
var csvColumns = []string{"date", "time", "account", "title", "in", "out", "balance", "currency", "counterparty", "other", "memo", "status", "transfer"}

// ExportCSV writes the transactions that a filter chooses as CSV (RFC 4180) in a language, newest first, while it reads
// them. No transaction of the database stays open while the reader is slow. An error before the first byte is the
// caller's to tell; one in the middle leaves the file short. A filter without dates covers the longest period of a
// statement. Errors: as Months.
func (s *Service) ExportCSV(ctx context.Context, by act.By, f Filter, locale i18n.Locale, out io.Writer) error {
	if err := f.validate(); err != nil {
		return err
	}
	f.Limit, f.Cursor = 0, ""
	var sc *scan
	var p period
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = s.bounded(ctx, tx, period{f.From, f.To}); err != nil {
			return err
		}
		f.From, f.To = p.from, p.to
		if sc, err = s.newScan(ctx, tx, by.Customer(), f); err != nil {
			return err
		}
		return sc.mustBeShort(ctx, tx, p)
	})
	if err != nil {
		return err
	}
	subject := string(f.Account)
	if subject == "" {
		subject = string(by.Customer())
	}
	if err := s.noteExport(ctx, by, "payment.export_transactions", subject, p); err != nil {
		return err
	}
	return sc.writeCSV(ctx, newWords(locale), out)
}

func (sc *scan) writeCSV(ctx context.Context, w words, out io.Writer) error {
	file := sheet.NewCSV(out)
	head := make([]string, len(csvColumns))
	for i, column := range csvColumns {
		head[i] = w.of("payment.line." + column)
	}
	if err := file.Row(head); err != nil {
		return err
	}
	for !sc.ended() {
		var some []Transaction
		err := sc.s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			some, err = sc.read(ctx, tx, scanChunk, scanMost)
			return err
		})
		if err != nil {
			return err
		}
		for _, t := range some {
			if err := file.Row(sc.csvRow(t, w)); err != nil {
				return err
			}
		}
	}
	return file.Close()
}

func (sc *scan) csvRow(t Transaction, w words) []string {
	in, out, status := t.Amount.String(), "", ""
	if t.Direction == Out {
		in, out = out, in
	}
	if t.Reversed {
		status = w.of("payment.line.reversed")
	}
	return []string{
		t.BusinessDate.String(), t.At.In(sc.s.Days.Zone()).Format(secondLayout), t.Tail, t.Title(w.catalog, w.locale), in, out,
		t.After.String(), t.Amount.Currency().Code(), t.Counterparty, t.CounterpartyAccount, t.Memo, status, string(t.Transfer),
	}
}
