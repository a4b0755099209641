package internal_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// hooks are variables of libraries that must be set, because the library offers no other way.
var hooks = []string{"huma.NewErrorWithContext"}

// mutableVariables finds package variables that are more than a name for a fixed value. An error, a compiled regexp,
// an embedded file or a table may stand at package level: it has its value from the start, and nothing sets it later.
func mutableVariables(r *room) []finding {
	var all []finding
	for _, file := range r.files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.VAR {
				for _, spec := range d.Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok {
						all = append(all, r.stateful(d, spec)...)
					}
				}
			}
		}
	}
	r.each(func(n ast.Node) {
		for _, target := range targets(n) {
			if text := r.setsVariable(target); text != "" {
				all = append(all, finding{n.Pos(), text})
			}
		}
	})
	return all
}

// stateful finds a package variable that starts empty, or as something whose use is to change.
func (r *room) stateful(d *ast.GenDecl, spec *ast.ValueSpec) []finding {
	if spec.Names[0].Name == "_" || embedded(d.Doc) || embedded(spec.Doc) {
		return nil
	}
	if len(spec.Values) == 0 {
		return []finding{{spec.Pos(), spec.Names[0].Name + " starts without a value: it is made to be set"}}
	}
	var all []finding
	for _, value := range spec.Values {
		ast.Inspect(value, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.SelectorExpr:
				// sync.OnceFunc and OnceValue compute a fixed value late: nobody can set it.
				return !strings.HasPrefix(n.Sel.Name, "Once") || n.Sel.Name == "Once"
			case *ast.Ident:
				if o, ok := r.info.Uses[n].(*types.Builtin); ok && slices.Contains([]string{"make", "new"}, o.Name()) {
					all = append(all, finding{n.Pos(), spec.Names[0].Name + " is made with " + n.Name + ": it is made to be filled"})
				}
				if p, ok := r.info.Uses[n].(*types.PkgName); ok && within(p.Imported().Path(), "sync") {
					all = append(all, finding{n.Pos(), spec.Names[0].Name + " is a lock or shared state"})
				}
			}
			return true
		})
	}
	return all
}

// embedded reports whether a comment holds a go:embed directive.
func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// targets returns what a node sets, or gives away to be set.
func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return slices.DeleteFunc([]ast.Expr{n.Key, n.Value}, func(e ast.Expr) bool { return e == nil })
		}
	case *ast.UnaryExpr:
		if _, ok := n.X.(*ast.Ident); ok && n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) {
			return n.Args[:1]
		}
	}
	return nil
}

// setsVariable says which package variable an expression sets: one of this package, or one of another.
func (r *room) setsVariable(target ast.Expr) string {
	for {
		switch t := target.(type) {
		case *ast.IndexExpr:
			target = t.X
		case *ast.ParenExpr:
			target = t.X
		case *ast.StarExpr:
			target = t.X
		case *ast.SliceExpr:
			target = t.X
		case *ast.SelectorExpr:
			if x, ok := t.X.(*ast.Ident); ok {
				if _, ok := r.info.Uses[x].(*types.PkgName); ok {
					if slices.Contains(hooks, x.Name+"."+t.Sel.Name) {
						return ""
					}
					return "sets " + x.Name + "." + t.Sel.Name + ", a variable of another package"
				}
			}
			target = t.X
		case *ast.Ident:
			if v, ok := r.info.Uses[t].(*types.Var); ok && v.Parent() == r.scope {
				return "sets the package variable " + t.Name
			}
			return ""
		default:
			return ""
		}
	}
}
