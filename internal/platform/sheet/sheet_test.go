package sheet_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tongbao/tongbao/internal/platform/sheet"
)

var table = [][]string{
	{"编号", "备注"},
	{"audt_1", `=HYPERLINK("http://x")`},
	{"-5", "a,b\n\"c\""},
}

// safe is the table as a spreadsheet must read it.
var safe = [][]string{{"编号", "备注"}, {"audt_1", `'=HYPERLINK("http://x")`}, {"'-5", "a,b\n\"c\""}}

func write(t *testing.T, f sheet.File) {
	t.Helper()
	for _, row := range table {
		if err := f.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestATableIsWrittenAsCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	write(t, sheet.NewCSV(&out))
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || !slices.EqualFunc(rows, safe, slices.Equal) {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func TestATableIsWrittenAsExcel(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	f, err := sheet.NewExcel(&out, "审计")
	if err != nil {
		t.Fatal(err)
	}
	write(t, f)
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("审计")
	if err != nil || !slices.EqualFunc(rows, safe, slices.Equal) {
		t.Errorf("%q, %v", rows, err)
	}
	if _, err := sheet.NewExcel(&out, "a/b"); err == nil {
		t.Error("a name that no sheet may have was taken")
	}
}
