// Package faulttest finds every fault that the program can answer with, so that a test can hold that each has a text.
package faulttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Code is a fault's code and where the source declares it.
type Code struct {
	Code string
	Kind string // Rejected, Internal ...
	At   string // file and line
}

// Codes are the codes of all calls of fault.New with a literal code in a folder of source, tests left out. Whoever makes
// a fault from a code that he keeps elsewhere, such as a refusal that is repeated, took it from one of these.
func Codes(t *testing.T, root string) []Code {
	t.Helper()
	var all []Code
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if kind, code, ok := declared(n); ok {
				all = append(all, Code{Code: code, Kind: kind, At: set.Position(n.Pos()).String()})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// declared reads fault.New(fault.Kind, "domain.reason").
func declared(n ast.Node) (kind, code string, ok bool) {
	call, isCall := n.(*ast.CallExpr)
	if !isCall || len(call.Args) != 2 {
		return "", "", false
	}
	if x, name := selector(call.Fun); x != "fault" || name != "New" {
		return "", "", false
	}
	literal, isLiteral := call.Args[1].(*ast.BasicLit)
	if !isLiteral {
		return "", "", false
	}
	code, err := strconv.Unquote(literal.Value)
	_, kind = selector(call.Args[0])
	return kind, code, err == nil
}

func selector(e ast.Expr) (x, name string) {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if i, ok := s.X.(*ast.Ident); ok {
		x = i.Name
	}
	return x, s.Sel.Name
}

// Internal is the folder of the program's packages, wherever in the repository the test runs.
func Internal(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	for ; err == nil && folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if _, missing := os.Stat(filepath.Join(folder, "go.mod")); missing == nil {
			return filepath.Join(folder, "internal")
		}
	}
	t.Fatal("no go.mod above the test: ", err)
	return ""
}
