package db

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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
	lockWords = regexp.MustCompile(`\s+FOR (?:NO KEY )?(?:UPDATE|SHARE)(?: OF [a-z_, ]+)?(?: SKIP LOCKED| NOWAIT)?`)
)

// Rows is a table that travels as one argument: the macro ROWS($1: id TEXT, amount BIGINT) AS r reads it.
type Rows struct{ rows [][]any }

// NewRows makes an empty table with room for n rows.
func NewRows(n int) *Rows { return &Rows{rows: make([][]any, 0, n)} }

// Add appends a row; its values stand in the order of the macro's columns.
func (r *Rows) Add(values ...any) { r.rows = append(r.rows, values) }

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.rows) }

// translate writes a statement in the dialect. On SQLite a table argument may need several statements.
func (d dialect) translate(q string, args []any) ([]statement, error) {
	macro := rowsMacro.FindStringSubmatchIndex(q)
	if macro == nil {
		return d.ordinary(q, args)
	}
	at, err := strconv.Atoi(q[macro[2]:macro[3]])
	if err != nil || at != 1 || len(args) < 1 {
		return nil, fmt.Errorf("the table of ROWS must be $1")
	}
	rows, ok := args[0].(*Rows)
	if !ok {
		return nil, fmt.Errorf("$1 of ROWS must be a *db.Rows, not a %T", args[0])
	}
	if rows.Len() == 0 {
		return nil, nil
	}
	m := expansion{
		before: q[:macro[0]], after: q[macro[1]:],
		name: q[macro[6]:macro[7]], columns: parseColumns(q[macro[4]:macro[5]]),
	}
	rest, err := plainAll(args[1:])
	if err != nil {
		return nil, err
	}
	if d == postgres {
		return m.postgres(rows, rest)
	}
	return m.sqlite(rows, rest)
}

func (d dialect) ordinary(q string, args []any) ([]statement, error) {
	values, err := plainAll(args)
	if err != nil {
		return nil, err
	}
	if d == sqlite {
		q = numbered(lockWords.ReplaceAllString(q, ""), 0)
	}
	return []statement{{q, values}}, nil
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
