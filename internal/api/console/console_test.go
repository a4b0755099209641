package console_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/api/console"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/fault/faulttest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

var update = flag.Bool("update", false, "write openapi.json and docs/permissions.md again")

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveRing()
	os.Exit(code)
}

// router has all routes and no rooms: enough to read the tables.
func router(t *testing.T) *api.Router {
	t.Helper()
	r := api.New(api.Config{
		Title: console.Title, Version: "v1", Prefix: console.Prefix, Audience: "console", Secure: true, Client: "1",
		Catalog: i18n.NewCatalog(api.Texts()), Log: slog.New(slog.DiscardHandler), Limits: api.NewLimiter(1, time.Now),
	})
	console.New(r, console.Rooms{})
	return r
}

// golden compares a file with what it should say, or writes it with -update.
func golden(t *testing.T, file string, now []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, now, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, now) {
		t.Errorf("%s is stale: go test ./internal/api/console -update", file)
	}
}

func TestEveryFaultOfTheConsoleHasATextInThreeLanguages(t *testing.T) {
	t.Parallel()
	catalog := i18n.NewCatalog(console.Texts())
	for _, hole := range catalog.Missing() {
		t.Error(hole)
	}
	seen := 0
	for _, code := range faulttest.Codes(t, faulttest.Internal(t)) {
		if strings.Contains(code.At, "/internal/api/console/") {
			seen++
			if !catalog.Has(code.Code) {
				t.Errorf("%s: %s has no text", code.At, code.Code)
			}
		}
	}
	if seen == 0 {
		t.Error("no fault was found: the search is broken")
	}
}

func TestTheDescriptionIsFresh(t *testing.T) {
	t.Parallel()
	text, err := router(t).Description()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	golden(t, "openapi.json", append(b.Bytes(), '\n'))
}

func TestEveryRouteNamesItsPermissionAndWhatItIsFor(t *testing.T) {
	t.Parallel()
	// Whoever adds a route without permission adds it here too, and thinks twice.
	free := []string{
		"DELETE /session", "GET /session", "POST /invitations/accept", "POST /invitations/look", "POST /sessions/passkey-options",
		"POST /sessions/password", "POST /sessions/second-factor",
	}
	var found []string
	ids := map[string]bool{}
	form := regexp.MustCompile(`^[a-z][a-zA-Z]+$`)
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		g := r.Guard
		switch {
		case g.Permission == "":
			found = append(found, name)
			if g.Public && g.Rate != api.Slow || !g.Public && g.Owner != api.Self {
				t.Errorf("%s is open to everybody and not slow, or to all staff and not about the caller", name)
			}
		case len(g.Purposes) == 0 || (g.Owner != api.Scope && g.Owner != api.Bank):
			t.Errorf("%s does not say what for, or how far it reaches: %+v", name, g)
		}
		for _, p := range g.Purposes {
			if !slices.Contains(access.Purposes(), access.Purpose(p)) {
				t.Errorf("%s is for %q, which is no purpose", name, p)
			}
		}
		if r.Summary == "" || strings.HasSuffix(r.Summary, ".") || r.Tag == "" || !form.MatchString(r.ID) || ids[r.ID] {
			t.Errorf("%s: summary %q, tag %q, id %q", name, r.Summary, r.Tag, r.ID)
		}
		ids[r.ID] = true
	}
	slices.Sort(found)
	if !slices.Equal(found, free) {
		t.Errorf("without permission: %v, want %v", found, free)
	}
}

// crew is one member of staff for each role, at the head office.
func crew(t *testing.T, b *apptest.Bank) map[access.Role]*apptest.Colleague {
	t.Helper()
	all := make(map[access.Role]*apptest.Colleague)
	for _, role := range access.Roles() {
		all[role] = b.NewColleague(role)
	}
	return all
}

// purposes are those of a route for which somebody may use it.
func purposes(t *testing.T, b *apptest.Bank, who id.Staff, g api.Guard) []access.Purpose {
	t.Helper()
	var all []access.Purpose
	for _, p := range g.Purposes {
		q := access.Question{
			Staff: who, Permission: access.Permission(g.Permission), Purpose: access.Purpose(p), About: access.Subject{Branch: act.HeadOffice},
		}
		d, err := b.Access.Decide(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if d.Allowed {
			all = append(all, q.Purpose)
		}
	}
	return all
}

// TestEachRoleReachesExactlyItsRoutes holds the matrix of roles and routes, which docs/permissions.md shows, and walks
// every route as every role, as a customer and as nobody: the edge answers as the matrix says.
func TestEachRoleReachesExactlyItsRoutes(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	staff, customer := crew(t, b), b.NewPerson()
	stranger := b.Staff()
	intruder := b.Staff()
	intruder.SetCookie("__Host-tongbao_console", customer.Token)
	var doc strings.Builder
	begin(&doc)
	for _, r := range b.ConsoleRouter("test").Routes() {
		if r.Guard.Permission == "" {
			continue
		}
		path := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(r.Path, "none")
		fmt.Fprintf(&doc, "| `%s %s` | %s |", r.Method, r.Path, r.Guard.Permission)
		for _, role := range access.Roles() {
			may := purposes(t, b, staff[role].ID, r.Guard)
			mark := " "
			stated := access.Purpose(r.Guard.Purposes[0])
			if len(may) > 0 {
				mark, stated = " ● ", may[0]
			}
			doc.WriteString(mark + "|")
			a := staff[role].Do(r.Method, path, nil, apptest.For(stated), apptest.NewKey())
			if denied := a.Status == http.StatusForbidden && a.Code() == "access.denied"; denied == (len(may) > 0) {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, role, a.Status, a.Code())
			}
			if a.Status >= http.StatusInternalServerError {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, role, a.Status, a.Body)
			}
		}
		doc.WriteString("\n")
		for who, c := range map[string]*apptest.Client{"nobody": stranger, "a customer": intruder} {
			if a := c.Do(r.Method, path, nil, apptest.NewKey()); a.Status != http.StatusUnauthorized {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, who, a.Status, a.Code())
			}
		}
	}
	golden(t, "../../../docs/permissions.md", []byte(doc.String()))
}

// begin writes the head of docs/permissions.md.
func begin(doc *strings.Builder) {
	doc.WriteString("# Permissions\n\nWritten by `go test ./internal/api/console -update`. ● : the role may use the route, for one of its purposes and within its\nbranches; what it is about may still forbid it (own account, own request, amount, hour). The policies that say so are in\n`internal/parties/access/policies`, and `POST /policies/try` explains any answer.\n\n| Route | Permission |")
	for _, role := range access.Roles() {
		doc.WriteString(" " + strings.ReplaceAll(string(role), "_", " ") + " |")
	}
	doc.WriteString("\n|---|---|" + strings.Repeat("---|", len(access.Roles())) + "\n")
}
