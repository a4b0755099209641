package db

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// dialect is the name of a database's way of writing SQL.
type dialect string

const (
	sqlite   dialect = "sqlite"
	postgres dialect = "postgres"
)

var (
	rowsMacro = regexp.MustCompile(`ROWS\(\$(\d+):([^)]*)\)\s+(?:AS\s+)?([a-z_]+)`)
	argument  = regexp.MustCompile(`\$(\d+)`)
	lockWords = regexp.MustCompile(`\s+FOR (?:NO KEY )?(?:UPDATE|SHARE)(?: OF [a-z_]+(?:, ?[a-z_]+)*)?(?: SKIP LOCKED| NOWAIT)?`)
)

// Rows is a table that travels as one argument: the macro ROWS($1: id TEXT, amount BIGINT) AS r reads it.
type Rows struct {
	rows [][]any // of plain values
	err  error   // of the first value that has no plain one
}

// NewRows makes an empty table with room for n rows.
func NewRows(n int) *Rows { return &Rows{rows: make([][]any, 0, n)} }

// Add appends a row; its values stand in the order of the macro's columns. A value that no database can keep fails the
// statement that is given the table.
func (r *Rows) Add(values ...any) {
	for i, v := range values {
		x, err := plain(v)
		if err != nil && r.err == nil {
			r.err = fmt.Errorf("row %d column %d of ROWS: %w", len(r.rows), i, err)
		}
		values[i] = x
	}
	r.rows = append(r.rows, values)
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.rows) }

// translator writes statements in a database's dialect. What a text becomes is worked out once and remembered: texts
// are constants of the program, so there are few.
type translator struct {
	dialect dialect
	plans   sync.Map // text → *plan
}

// plan is what a text becomes: one statement, or the parts around the macro ROWS.
type plan struct {
	text string // without a macro
	rows *expansion
	err  error
}

// translate writes a statement in the dialect. On SQLite a table argument may need several statements.
func (t *translator) translate(q string, args []any) ([]statement, error) {
	p := t.plan(q)
	if p.err != nil {
		return nil, p.err
	}
	if p.rows == nil {
		values, err := plainAll(args)
		return []statement{{p.text, values}}, err
	}
	rows, ok := args[0].(*Rows)
	if !ok {
		return nil, fmt.Errorf("$1 of ROWS must be a *db.Rows, not a %T", args[0])
	}
	if rows.Len() == 0 || rows.err != nil {
		return nil, rows.err
	}
	rest, err := plainAll(args[1:])
	if err != nil {
		return nil, err
	}
	if t.dialect == postgres {
		return p.rows.postgres(rows, rest)
	}
	return p.rows.sqlite(rows, rest)
}

func (t *translator) plan(q string) *plan {
	if p, ok := t.plans.Load(q); ok {
		return p.(*plan) //nolint:forcetypeassert // only plans are stored
	}
	p := t.dialect.plan(q)
	t.plans.Store(q, p)
	return p
}

func (d dialect) plan(q string) *plan {
	macro := rowsMacro.FindStringSubmatchIndex(q)
	if macro == nil {
		if d == sqlite {
			q = numbered(lockWords.ReplaceAllString(q, ""), 0)
		}
		return &plan{text: q}
	}
	if q[macro[2]:macro[3]] != "1" {
		return &plan{err: errors.New("the table of ROWS must be $1")}
	}
	m := &expansion{
		before: q[:macro[0]], after: q[macro[1]:],
		name: q[macro[6]:macro[7]], columns: parseColumns(q[macro[4]:macro[5]]),
	}
	m.prepare(d)
	return &plan{rows: m}
}

// numbered turns $n into ?n, shifted.
func numbered(q string, shift int) string {
	return argument.ReplaceAllStringFunc(q, func(s string) string {
		n, _ := strconv.Atoi(s[1:]) // the expression matched digits only
		return "?" + strconv.Itoa(n+shift)
	})
}

func plainAll(args []any) ([]any, error) {
	values := make([]any, len(args))
	for i, a := range args {
		v, err := plain(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		values[i] = v
	}
	return values, nil
}

func compact(q string) string { return strings.Join(strings.Fields(q), " ") }
