// Package internal_test holds the house: which floor may use which, who owns a table, and the rules that
// every file keeps. This file has the floors; house_test.go the rules for Go, schema_test.go those for SQL,
// and rules_test.go shows that each rule can fail.
package internal_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tongbao/tongbao/internal/"

// tiers is the architecture, top row first. A package may import only packages
// in a lower row: no upward imports, no imports between neighbours, no cycles.
var tiers = [][]string{
	{"app"},
	{"api/mobile", "api/console", "api/partner"},
	{"api"},
	{"engagement/support", "engagement/community", "engagement/campaign"},
	{"oversight/risk", "oversight/insight", "oversight/compliance"},
	{"products/card", "products/loan", "products/wealth"},
	{"products/merchant", "products/bill"},
	{"products/payment", "products/cash"},
	{"products/clearing", "products/exchange"},
	{"products/deposit"},
	{"products/catalog"},
	{"parties/customer", "parties/approval"},
	{"parties/access"},
	{"parties/auth"},
	{"records/ledger", "records/rule", "records/notify"},
	{"records/day"},
	{"records/audit"},
	{"values/event"},
	{"platform/db/dbtest"}, // for tests alone
	{"values/act", "values/interest"},
	{"values/money", "values/id"},
	{"platform/bus", "platform/job", "platform/batch", "platform/once", "platform/blob"},
	{"platform/vault", "platform/s3"},
	{"platform/db"},
	{"platform/fault", "platform/clock", "platform/log", "platform/crypto", "platform/i18n", "platform/outbound", "platform/pdf", "platform/sheet"},
}

// only lists imports that few packages may use, and who may use them. An entry covers what is nested in it,
// on both sides: naming payment/rail lets that adapter use the import and keeps its domain clean.
var only = map[string][]string{
	"database/sql":                 {"platform/db"},
	"database/sql/driver":          {"platform", "values"}, // how a value is written to a column
	"modernc.org/sqlite":           {"platform/db"},
	"github.com/jackc/pgx/v5":      {"platform/db"},
	"github.com/nats-io":           {"platform/bus"},
	"github.com/tink-crypto":       {"platform/crypto"},
	"github.com/danielgtaylor":     {"api"},
	"github.com/signintech":        {"platform/pdf"},
	"github.com/xuri":              {"platform/sheet"},
	"github.com/go-webauthn":       {"parties/auth"},
	"github.com/minio":             {"platform/s3"},
	"github.com/cedar-policy":      {"parties/access"},
	"net/http":                     {"api", "app", "platform/outbound"},
	"math/rand":                    {},      // crypto/rand, through platform/crypto
	"math/rand/v2":                 {"app"}, // demo data are the same for the same seed
	"os/exec":                      {},
	"unsafe":                       {},
	"github.com/prometheus":        {"app", "platform"},
	"go.opentelemetry.io/otel/sdk": {"app"},
}

// home returns the tier row and the tier entry that owns a package path.
// A nested package (payment/iso20022) belongs to its parent.
func home(name string) (row int, owner string) {
	for p := name; ; p = path.Dir(p) {
		for i, names := range tiers {
			if slices.Contains(names, p) {
				return i, p
			}
		}
		if p == "." || p == "/" {
			return -1, ""
		}
	}
}

// within reports whether a path is the folder or lies in it.
func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

// forTests reports whether a package serves tests alone: dbtest, apptest.
func forTests(name string) bool { return strings.HasSuffix(path.Base(name), "test") }

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if from, ok := strings.CutPrefix(p.ImportPath, module); ok {
			for _, finding := range badImports(from, p.Imports) {
				t.Error(finding)
			}
		}
	}
}

// badImports says what is wrong with the imports of a package under internal.
func badImports(from string, imports []string) []string {
	var findings []string
	row, owner := home(from)
	if row < 0 {
		return []string{from + " has no tier: add it to the table"}
	}
	for _, imp := range imports {
		to, ours := strings.CutPrefix(imp, module)
		if !ours {
			if allowed, bad := forbidden(from, imp); bad {
				findings = append(findings, from+" imports "+imp+"; allowed only in "+strings.Join(allowed, ", "))
			}
			continue
		}
		toRow, toOwner := home(to)
		switch {
		case forTests(to) && !forTests(from):
			findings = append(findings, from+" imports "+to+": that is for tests")
		case toOwner != owner && toRow <= row:
			findings = append(findings, from+" imports "+to+": not a lower tier")
		}
	}
	return findings
}

// forbidden reports whether an import is limited to packages that from does not belong to; the closest entry counts.
func forbidden(from, imp string) (allowed []string, bad bool) {
	for p := imp; p != "." && p != "/"; p = path.Dir(p) {
		if allowed, limited := only[p]; limited {
			return allowed, !slices.ContainsFunc(allowed, func(a string) bool { return within(from, a) })
		}
	}
	return nil, false
}

// picture draws the floors: on a line, what stands right of > is lower.
func picture() string {
	var floors []string
	rooms := make(map[string][]string)
	for _, row := range tiers {
		floor := strings.Split(row[0], "/")[0]
		if forTests(row[0]) {
			continue
		}
		if !slices.Contains(floors, floor) {
			floors = append(floors, floor)
		}
		names := make([]string, len(row))
		for i, name := range row {
			names[i] = strings.TrimPrefix(name, floor+"/")
		}
		rooms[floor] = append(rooms[floor], strings.Join(names, " "))
	}
	var b strings.Builder
	for _, floor := range floors {
		b.WriteString((floor + "/             ")[:14] + strings.Join(rooms[floor], " > ") + "\n")
	}
	return b.String()
}

// TestFloorsPicture keeps the picture in the docs true; `make generate` writes it again (UPDATE_DOCS=1).
func TestFloorsPicture(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- floors: written by make generate -->\n```\n", "```\n<!-- floors end -->"
	file := filepath.Join("..", "docs", "architecture.md")
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		t.Skip("docs/architecture.md does not exist yet")
	}
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	shown, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the picture of the floors between these lines:\n%s%s", file, begin, end)
	}
	if shown == picture() {
		return
	}
	if os.Getenv("UPDATE_DOCS") == "" {
		t.Fatalf("the picture in %s is stale: make generate\n%s", file, picture())
	}
	if err := os.WriteFile(file, []byte(before+begin+picture()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
