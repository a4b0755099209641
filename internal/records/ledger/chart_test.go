package ledger_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/money"
)

func TestChartIsInOrderAndNamed(t *testing.T) {
	t.Parallel()
	texts := i18n.NewCatalog(ledger.Texts())
	for _, problem := range texts.Missing() {
		t.Error(problem)
	}
	chart := ledger.Chart()
	if !slices.IsSortedFunc(chart, func(a, b ledger.Heading) int { return slices.Compare([]byte(a.Code), []byte(b.Code)) }) {
		t.Error("the chart is not in the order of its codes")
	}
	normal := map[ledger.Class]ledger.Side{
		ledger.Asset: ledger.Debit, ledger.Expense: ledger.Debit, ledger.Common: ledger.Debit,
		ledger.Liability: ledger.Credit, ledger.Equity: ledger.Credit, ledger.Income: ledger.Credit,
	}
	for _, h := range chart {
		if !texts.Has(h.Name()) {
			t.Errorf("%s has no name", h.Code)
		}
		if h.Normal != normal[h.Class] {
			t.Errorf("%s is %s and increases by %s", h.Code, h.Class, h.Normal)
		}
		if found, ok := h.Code.Heading(); !ok || found != h {
			t.Errorf("%s finds %+v", h.Code, found)
		}
	}
	if _, ok := ledger.Code("999999").Heading(); ok {
		t.Error("found a heading that there is not")
	}
	if got := ledger.Own(ledger.FeeIncome, money.CNY, "0001"); got != "glac_602101_CNY_0001" {
		t.Errorf("own account %s", got)
	}
}

func TestEveryFaultHasAText(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	texts := i18n.NewCatalog(ledger.Texts())
	faults := 0
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if code, _ := strconv.Unquote(lit.Value); len(code) > 7 && code[:7] == "ledger." {
			faults++
			if !texts.Has(code) {
				t.Errorf("%s has no text", code)
			}
		}
		return true
	})
	if faults < 20 {
		t.Errorf("found %d faults", faults)
	}
}
