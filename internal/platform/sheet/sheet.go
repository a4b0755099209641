// Package sheet writes tables for spreadsheets, row by row, as CSV (RFC 4180) or as Excel (ISO/IEC 29500).
//
//	file := sheet.NewCSV(out)          // or sheet.NewExcel(out, "Audit")
//	err := file.Row([]string{"id", "act"})
//	...
//	err = file.Close()
//
// Cells are text. One that a spreadsheet would run as a formula is made harmless. Rows leave as they are written, or wait in
// a temporary file for the Excel archive, so that a long table needs little memory.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Media types of the two forms.
const (
	CSVType   = "text/csv; charset=utf-8"
	ExcelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// File is a table that is being written. Close ends it; what it wraps stays open.
type File interface {
	// Row adds a row; cells are made harmless.
	Row(cells []string) error
	// Close writes what is left.
	Close() error
}

// byteOrderMark tells spreadsheets that a file is UTF-8: without it, they read Chinese as noise.
const byteOrderMark = "\ufeff"

// NewCSV writes CSV.
func NewCSV(out io.Writer) File {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	return &csvFile{out: out, csv: w}
}

type csvFile struct {
	out   io.Writer
	csv   *csv.Writer
	begun bool
}

func (f *csvFile) Row(cells []string) error {
	if !f.begun {
		f.begun = true
		if _, err := io.WriteString(f.out, byteOrderMark); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	if err := f.csv.Write(harmless(cells)); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (f *csvFile) Close() error {
	f.csv.Flush()
	return f.csv.Error()
}

// NewExcel writes a workbook with one sheet of that name. Errors: of an impossible name.
func NewExcel(out io.Writer, name string) (File, error) {
	book := excelize.NewFile()
	if err := book.SetSheetName(book.GetSheetName(0), name); err != nil {
		return nil, fmt.Errorf("name the sheet: %w", err)
	}
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("begin the sheet: %w", err)
	}
	return &excelFile{out: out, book: book, stream: stream}, nil
}

type excelFile struct {
	out    io.Writer
	book   *excelize.File
	stream *excelize.StreamWriter
	rows   int
}

func (f *excelFile) Row(cells []string) error {
	f.rows++
	at, err := excelize.CoordinatesToCellName(1, f.rows)
	if err != nil {
		return err
	}
	row := make([]any, len(cells))
	for i, cell := range harmless(cells) {
		row[i] = cell
	}
	if err := f.stream.SetRow(at, row); err != nil {
		return fmt.Errorf("write row %d: %w", f.rows, err)
	}
	return nil
}

func (f *excelFile) Close() error {
	err := f.stream.Flush()
	if err == nil {
		err = f.book.Write(f.out)
	}
	if closed := f.book.Close(); err == nil { // its temporary file
		err = closed
	}
	return err
}

func harmless(cells []string) []string {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = text(cell)
	}
	return safe
}

// text makes a cell text where a spreadsheet would run it: a memo "=HYPERLINK(...)" that somebody sent with a cent
// must stay a memo (OWASP, CSV injection). Full-width signs count as the plain ones in Chinese and Japanese versions.
func text(cell string) string {
	if start := strings.TrimLeft(cell, " \u00a0\u3000\ufeff"); start != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(start)[0]) {
		return "'" + cell
	}
	return cell
}
