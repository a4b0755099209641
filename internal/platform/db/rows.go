package db

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgtype"
)

// chunkMax bounds the rows of one SQLite statement; chunks are powers of two so that few texts are prepared.
const chunkMax = 256

// expansion writes the macro ROWS in a dialect.
type expansion struct {
	before, after string // the statement around the macro
	name          string // its alias
	columns       []column

	whole  string   // PostgreSQL: the statement
	chunks sync.Map // SQLite: chunk{rows, arguments before} → text
}

// chunk names the text of an SQLite statement for so many rows.
type chunk struct{ rows, before int }

// prepare works out what does not depend on the rows.
func (m *expansion) prepare(d dialect) {
	if d == sqlite {
		m.before = numbered(lockWords.ReplaceAllString(m.before, ""), -1)
		m.after = numbered(lockWords.ReplaceAllString(m.after, ""), -1)
		return
	}
	arrays := make([]string, len(m.columns))
	for i, c := range m.columns {
		arrays[i] = "$" + strconv.Itoa(i+1) + "::" + strings.ToLower(c.kind) + "[]"
	}
	shift := len(m.columns) - 1
	m.whole = shifted(m.before, shift) + "unnest(" + strings.Join(arrays, ", ") + ") AS " + m.name + "(" + m.names() + ")" + shifted(m.after, shift)
}

type column struct{ name, kind string }

func parseColumns(s string) []column {
	var all []column
	for part := range strings.SplitSeq(s, ",") {
		words := strings.Fields(part)
		if len(words) == 2 {
			all = append(all, column{words[0], words[1]})
		}
	}
	return all
}

func (m *expansion) names() string {
	names := make([]string, len(m.columns))
	for i, c := range m.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// postgres passes one array a column to unnest.
func (m *expansion) postgres(rows *Rows, rest []any) ([]statement, error) {
	args := make([]any, 0, len(m.columns)+len(rest))
	for i := range m.columns {
		array, err := m.array(rows, i)
		if err != nil {
			return nil, err
		}
		args = append(args, array)
	}
	return []statement{{m.whole, append(args, rest...)}}, nil
}

func shifted(q string, shift int) string {
	return argument.ReplaceAllStringFunc(q, func(s string) string {
		n, _ := strconv.Atoi(s[1:]) // the expression matched digits only
		return "$" + strconv.Itoa(n+shift)
	})
}

// array is a column of ROWS as pgx writes it: an array of values that have been made plain, NULL where one is nil. They
// stay boxed as they are; typed slices cost each value another box, and columns with NULL reflection as well.
type array struct {
	values []any
	sample any // of what the values are
}

// Dimensions implements pgtype.ArrayGetter.
func (a *array) Dimensions() []pgtype.ArrayDimension {
	return []pgtype.ArrayDimension{{Length: int32(len(a.values)), LowerBound: 1}}
}

// Index implements pgtype.ArrayGetter.
func (a *array) Index(i int) any { return a.values[i] }

// IndexType implements pgtype.ArrayGetter.
func (a *array) IndexType() any { return a.sample }

// array collects column i.
func (m *expansion) array(rows *Rows, i int) (*array, error) {
	switch m.columns[i].kind {
	case "TEXT":
		return collect[string](rows, i)
	case "BIGINT":
		return collect[int64](rows, i)
	case "BOOLEAN":
		return collect[bool](rows, i)
	case "BYTEA":
		return collect[[]byte](rows, i)
	}
	return nil, fmt.Errorf("ROWS knows no type %q", m.columns[i].kind)
}

func collect[T any](rows *Rows, i int) (*array, error) {
	var sample T
	a := &array{values: make([]any, len(rows.rows)), sample: sample}
	for n, r := range rows.rows {
		if i >= len(r) {
			return nil, fmt.Errorf("row %d of ROWS is short", n)
		}
		v, err := plain(r[i])
		if err != nil {
			return nil, err
		}
		if _, ok := v.(T); !ok && v != nil {
			return nil, fmt.Errorf("row %d column %d of ROWS is a %T", n, i, v)
		}
		a.values[n] = v
	}
	return a, nil
}

// sqlite writes VALUES lists of 256, 128 ... 1 rows.
func (m *expansion) sqlite(rows *Rows, rest []any) ([]statement, error) {
	var parts []statement
	left := rows.rows
	for size := chunkMax; size >= 1; size /= 2 {
		for len(left) >= size {
			p, err := m.chunk(left[:size], rest)
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
			left = left[size:]
		}
	}
	return parts, nil
}

func (m *expansion) chunk(rows [][]any, rest []any) (statement, error) {
	args := make([]any, 0, len(rest)+len(rows)*len(m.columns))
	args = append(args, rest...)
	for n, r := range rows {
		if len(r) != len(m.columns) {
			return statement{}, fmt.Errorf("row %d of ROWS has %d values, not %d", n, len(r), len(m.columns))
		}
		for _, v := range r {
			x, err := plain(v)
			if err != nil {
				return statement{}, err
			}
			args = append(args, x)
		}
	}
	return statement{m.text(chunk{len(rows), len(rest)}), args}, nil
}

func (m *expansion) text(c chunk) string {
	if t, ok := m.chunks.Load(c); ok {
		return t.(string) //nolint:forcetypeassert // only texts are stored
	}
	t := m.before + m.values(c.rows, c.before) + m.after
	m.chunks.Store(c, t)
	return t
}

// values is (SELECT column1 AS id, ... FROM (VALUES (?3,?), ...)) AS r. Only the first argument has a number: SQLite
// keeps numbered ones in a list that the driver searches for each argument, so that binding thousands took most of
// the time of a batch.
func (m *expansion) values(rows, before int) string {
	var b strings.Builder
	b.WriteString("(SELECT ")
	for i, c := range m.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "column%d AS %s", i+1, c.name)
	}
	b.WriteString(" FROM (VALUES ")
	n := before
	for r := range rows {
		if r > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for i := range m.columns {
			if i > 0 {
				b.WriteByte(',')
			}
			if n++; n == before+1 {
				b.WriteString("?" + strconv.Itoa(n))
			} else {
				b.WriteByte('?') // one more than the last
			}
		}
		b.WriteByte(')')
	}
	b.WriteString(")) AS " + m.name)
	return b.String()
}
