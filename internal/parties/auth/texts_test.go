package auth_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
)

func TestEveryRefusalAndMessageHasItsTextInThreeLanguages(t *testing.T) {
	t.Parallel()
	catalog := i18n.NewCatalog(auth.Texts())
	for _, hole := range catalog.Missing() {
		t.Error(hole)
	}
	for _, code := range declaredCodes(t) {
		if !catalog.Has(code) {
			t.Errorf("%s has no text", code)
		}
	}
	for _, m := range auth.Templates() {
		for _, part := range []string{"title", "body", "sms"} {
			if part == "sms" && !slices.Contains(m.Channels, notify.SMS) {
				continue
			}
			if !catalog.Has("notify." + m.Name + "." + part) {
				t.Errorf("%s has no %s", m.Name, part)
			}
		}
	}
	for _, locale := range i18n.Locales() {
		text := catalog.Text(locale, "notify.auth.code_sign_in.sms", map[string]string{"code": "123456", "minutes": "5"})
		if !strings.Contains(text, "123456") || strings.Contains(text, "{") {
			t.Errorf("%s: %s", locale, text)
		}
	}
}

// declaredCodes are the codes of all faults that the package declares.
func declaredCodes(t *testing.T) []string {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0) //nolint:staticcheck // no build tags here
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, file := range packages["auth"].Files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "New" {
				if lit, ok := call.Args[1].(*ast.BasicLit); ok {
					code, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					codes = append(codes, code)
				}
			}
			return true
		})
	}
	if len(codes) < 30 {
		t.Fatalf("found only %d faults", len(codes))
	}
	return codes
}
