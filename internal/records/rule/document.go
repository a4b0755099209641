package rule

import (
	"fmt"
	"strings"
)

// Document writes rows as the page docs/rules.md: a table for each domain, for people who check the sources.
func Document(rows []Row) string {
	var page strings.Builder
	page.WriteString(`# Rules

Every figure that a law, a regulator or the bank may change, as it comes with the program
(` + "`internal/records/rule/figures.json`" + `; written by ` + "`make generate`" + `, do not edit).
A row holds from its day until the next row of its key. Grades: **A** primary text read, **B** official text seen through a
mirror, **C** press or law firm, **K** notes or code in public, **U** unverified or our own default.
`)
	domain := ""
	for _, row := range rows {
		if name, _, _ := strings.Cut(row.Key, "."); name != domain {
			domain = name
			page.WriteString("\n## " + domain + "\n\n| figure | value | from | source | grade | note |\n|---|---:|---|---|---|---|\n")
		}
		from := row.From.String()
		if !row.To.IsZero() {
			from += " to " + row.To.String()
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s | %s | %s | %s |\n", row.Key, row.shown(), from, row.Source, row.Grade, row.Note)
	}
	return page.String()
}

// shown is the value as people write it.
func (r Row) shown() string {
	if a, err := r.Amount(); err == nil {
		return a.String() + " " + string(r.Unit)
	}
	switch r.Unit {
	case Count, Ratio, Flag, Word:
		return r.Value
	}
	return r.Value + " " + string(r.Unit)
}
