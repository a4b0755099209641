package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	mostFileLines     = 500
	mostFunctionLines = 70
)

// longFiles may be longer than mostFileLines, up to the number here: lower it when one shrinks, never raise it.
var longFiles = map[string]int{}

// rule is one rule of the house for Go files. It holds in all packages of internal but those of except.
type rule struct {
	name   string
	find   func(*room) []finding
	except []string
}

// houseRules are the rules beside the floors. Tests and packages for tests are held only to their size.
var houseRules = []rule{
	{name: "every exported name has a doc comment, and so has the package", find: undocumented},
	{name: "functions have at most 70 lines", find: longFunctions},
	{name: "there is no init", find: inits},
	{name: "no package keeps variable state", find: mutableVariables},
	{name: "any is written any", find: emptyInterfaces},
	{name: "the time comes from platform/clock or tx.Now", find: wallClocks,
		except: []string{"platform/clock", "platform/crypto"}}, // crypto: the birthday in a new key's certificate
	{name: "nothing travels in the context but session and trace", find: contextValues, except: []string{"api"}},
	{name: "leave for acts under four eyes is made by parties/approval alone", find: grants, except: []string{"parties/approval"}},
	{name: "a wire type is made of exported ones: huma loses the fields of others", find: hiddenParts},
	{name: "SQL lives in store*.go", find: strayStatements, except: []string{"platform/db"}},
	{name: "no floating point near money", find: floats, except: []string{"api", "app", "engagement", "oversight", "platform"}},
}

// room is one package's Go files without tests.
type room struct {
	name  string // path under internal: products/payment
	set   *token.FileSet
	files map[string]*ast.File // by file name
	info  *types.Info
	scope *types.Scope
}

type finding struct {
	at   token.Pos
	text string
}

func TestHouseRules(t *testing.T) {
	t.Parallel()
	for _, r := range rooms(t) {
		for _, finding := range broken(r) {
			t.Error(finding)
		}
	}
}

// broken lists what the house rules say about a package.
func broken(r *room) []string {
	var all []string
	for _, rule := range houseRules {
		if forTests(r.name) || slices.ContainsFunc(rule.except, func(e string) bool { return within(r.name, e) }) {
			continue
		}
		for _, f := range rule.find(r) {
			at := r.set.Position(f.at)
			all = append(all, fmt.Sprintf("%s:%d: %s (%s)", at.Filename, at.Line, f.text, rule.name))
		}
	}
	return all
}

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{".", "../cmd", "../test"} {
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) || (err == nil && d.Name() == "node_modules") {
				return fs.SkipDir
			}
			if err != nil || !strings.HasSuffix(name, ".go") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			most := max(mostFileLines, longFiles[filepath.ToSlash(name)])
			if n := strings.Count(string(text), "\n"); n > most && !generated(string(text)) {
				t.Errorf("%s has %d lines, more than %d: split it", name, n, most)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func generated(text string) bool {
	return regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`).MatchString(text)
}

// rooms parses every package under internal.
func rooms(t *testing.T) []*room {
	t.Helper()
	sources := make(map[string]map[string]string)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil || generated(string(text)) {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(name))
		if sources[folder] == nil {
			sources[folder] = make(map[string]string)
		}
		sources[folder][name] = string(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []*room
	for folder, files := range sources {
		all = append(all, newRoom(t, folder, files))
	}
	return all
}

func newRoom(t *testing.T, name string, sources map[string]string) *room {
	t.Helper()
	r := &room{name: name, set: token.NewFileSet(), files: make(map[string]*ast.File)}
	var files []*ast.File
	for file, text := range sources {
		parsed, err := parser.ParseFile(r.set, file, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		r.files[path.Base(filepath.ToSlash(file))] = parsed
		files = append(files, parsed)
	}
	// Imports are empty packages and errors are passed over: what is wanted is which name means which variable.
	r.info = &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	check := types.Config{Importer: emptyImports{}, Error: func(error) {}, DisableUnusedImportCheck: true}
	checked, _ := check.Check(name, r.set, files, r.info)
	r.scope = checked.Scope()
	return r
}

type emptyImports struct{}

var majorVersion = regexp.MustCompile(`/v\d+$`)

func (emptyImports) Import(name string) (*types.Package, error) {
	p := types.NewPackage(name, path.Base(majorVersion.ReplaceAllString(name, "")))
	p.MarkComplete()
	return p, nil
}

// each visits every node of the package's files.
func (r *room) each(visit func(ast.Node)) {
	for _, file := range r.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				visit(n)
			}
			return true
		})
	}
}

// members finds uses of the named members of a standard package, such as time.Now.
func (r *room) members(importPath string, names ...string) []finding {
	var all []finding
	r.each(func(n ast.Node) {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(names, sel.Sel.Name) {
			return
		}
		if x, ok := sel.X.(*ast.Ident); ok {
			if p, ok := r.info.Uses[x].(*types.PkgName); ok && p.Imported().Path() == importPath {
				all = append(all, finding{n.Pos(), importPath + "." + sel.Sel.Name})
			}
		}
	})
	return all
}

func undocumented(r *room) []finding {
	var all []finding
	documented := false
	for _, file := range r.files {
		documented = documented || strings.HasPrefix(file.Doc.Text(), "Package "+file.Name.Name+" ")
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && receiverExported(d) && d.Doc.Text() == "" {
					all = append(all, finding{d.Pos(), d.Name.Name + " has no doc comment"})
				}
			case *ast.GenDecl:
				all = append(all, undocumentedSpecs(d)...)
			}
		}
	}
	if !documented {
		for _, file := range r.files {
			return append(all, finding{file.Package, "no file says // Package " + file.Name.Name + " ..."})
		}
	}
	return all
}

// receiverExported is false for methods of unexported types: they are documented by the interface that they serve.
func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return true
		}
	}
}

func undocumentedSpecs(d *ast.GenDecl) []finding {
	var all []finding
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc.Text()+s.Doc.Text()+s.Comment.Text() == "" {
				all = append(all, finding{s.Pos(), s.Name.Name + " has no doc comment"})
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() && d.Doc.Text()+s.Doc.Text()+s.Comment.Text() == "" {
					all = append(all, finding{s.Pos(), name.Name + " has no doc comment"})
				}
			}
		}
	}
	return all
}

func longFunctions(r *room) []finding {
	var all []finding
	r.each(func(n ast.Node) {
		if d, ok := n.(*ast.FuncDecl); ok {
			lines := r.set.Position(d.End()).Line - r.set.Position(d.Pos()).Line + 1
			if lines > mostFunctionLines {
				all = append(all, finding{d.Pos(), fmt.Sprintf("%s has %d lines", d.Name.Name, lines)})
			}
		}
	})
	return all
}

func inits(r *room) []finding {
	var all []finding
	r.each(func(n ast.Node) {
		if d, ok := n.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" {
			all = append(all, finding{d.Pos(), "init"})
		}
	})
	return all
}

func emptyInterfaces(r *room) []finding {
	var all []finding
	r.each(func(n ast.Node) {
		if i, ok := n.(*ast.InterfaceType); ok && len(i.Methods.List) == 0 {
			all = append(all, finding{i.Pos(), "interface{}"})
		}
	})
	return all
}

func wallClocks(r *room) []finding {
	return r.members("time", "Now", "Since", "Until", "Local")
}

func contextValues(r *room) []finding {
	all := r.members("context", "WithValue")
	r.each(func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Value" {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "ctx" {
				all = append(all, finding{n.Pos(), "ctx.Value"})
			}
		}
	})
	return all
}

// grants finds types that could pass for an act.Grant.
func grants(r *room) []finding {
	var all []finding
	r.each(func(n ast.Node) {
		if d, ok := n.(*ast.FuncDecl); ok && d.Recv != nil && d.Name.Name == "Covers" {
			all = append(all, finding{d.Pos(), "a method Covers"})
		}
	})
	return all
}

// hiddenParts finds structs that embed an unexported struct with fields of the wire.
func hiddenParts(r *room) []finding {
	hidden := make(map[string]bool)
	structs := func(see func(name string, s *ast.StructType)) {
		for _, f := range r.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok {
					if s, ok := spec.Type.(*ast.StructType); ok {
						see(spec.Name.Name, s)
					}
				}
				return true
			})
		}
	}
	structs(func(name string, s *ast.StructType) {
		hidden[name] = !ast.IsExported(name) && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool { return f.Tag != nil })
	})
	var all []finding
	structs(func(name string, s *ast.StructType) {
		for _, f := range s.Fields.List {
			if part, ok := f.Type.(*ast.Ident); ok && len(f.Names) == 0 && hidden[part.Name] {
				all = append(all, finding{f.Pos(), name + " embeds " + part.Name})
			}
		}
	})
	return all
}

func floats(r *room) []finding {
	var all []finding
	r.each(func(n ast.Node) {
		if x, ok := n.(*ast.Ident); ok && (x.Name == "float64" || x.Name == "float32") {
			if o := r.info.Uses[x]; o != nil && o.Parent() == types.Universe {
				all = append(all, finding{n.Pos(), x.Name})
			}
		}
	})
	return all
}

var statement = regexp.MustCompile(`^\s*(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s|DELETE\s+FROM\s|WITH\s+\w+[\s(].*\bAS\b|(?:CREATE|ALTER|DROP)\s+TABLE\s|` +
	`select\s+.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s)`)

// statements returns the string literals that are SQL.
func statements(file *ast.File) []*ast.BasicLit {
	var all []*ast.BasicLit
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && statement.MatchString(text) {
				all = append(all, lit)
			}
		}
		return true
	})
	return all
}

func strayStatements(r *room) []finding {
	var all []finding
	for name, file := range r.files {
		if !strings.HasPrefix(name, "store") {
			for _, lit := range statements(file) {
				all = append(all, finding{lit.Pos(), "SQL outside store*.go"})
			}
		}
	}
	return all
}
