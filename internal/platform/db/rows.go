package db

import (
	"fmt"
	"strconv"
	"strings"
)

// chunkMax bounds the rows of one SQLite statement; chunks are powers of two so that few texts are prepared.
const chunkMax = 256

// expansion writes the macro ROWS in a dialect.
type expansion struct {
	before, after string // the statement around the macro
	name          string // its alias
	columns       []column
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

func (m expansion) names() string {
	names := make([]string, len(m.columns))
	for i, c := range m.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// postgres passes one array a column to unnest.
func (m expansion) postgres(rows *Rows, rest []any) ([]statement, error) {
	arrays := make([]string, len(m.columns))
	args := make([]any, 0, len(m.columns)+len(rest))
	for i, c := range m.columns {
		arrays[i] = "$" + strconv.Itoa(i+1) + "::" + strings.ToLower(c.kind) + "[]"
		array, err := m.array(rows, i)
		if err != nil {
			return nil, err
		}
		args = append(args, array)
	}
	shift := len(m.columns) - 1
	q := shifted(m.before, shift) + "unnest(" + strings.Join(arrays, ", ") + ") AS " + m.name + "(" + m.names() + ")" + shifted(m.after, shift)
	return []statement{{q, append(args, rest...)}}, nil
}

func shifted(q string, shift int) string {
	return argument.ReplaceAllStringFunc(q, func(s string) string {
		n, _ := strconv.Atoi(s[1:]) // the expression matched digits only
		return "$" + strconv.Itoa(n+shift)
	})
}

// array collects column i as a typed slice that pgx sends as an array.
func (m expansion) array(rows *Rows, i int) (any, error) {
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

// collect makes a []T, or a []*T when a value is missing: pgx writes the first without reflection.
func collect[T any](rows *Rows, i int) (any, error) {
	out := make([]T, len(rows.rows))
	var missing []int
	for n, r := range rows.rows {
		if i >= len(r) {
			return nil, fmt.Errorf("row %d of ROWS is short", n)
		}
		v, err := plain(r[i])
		if err != nil {
			return nil, err
		}
		if v == nil {
			missing = append(missing, n)
			continue
		}
		typed, ok := v.(T)
		if !ok {
			return nil, fmt.Errorf("row %d column %d of ROWS is a %T", n, i, v)
		}
		out[n] = typed
	}
	if len(missing) == 0 {
		return out, nil
	}
	pointers := make([]*T, len(out))
	for n := range out {
		pointers[n] = &out[n]
	}
	for _, n := range missing {
		pointers[n] = nil
	}
	return pointers, nil
}

// sqlite writes VALUES lists of 256, 128 ... 1 rows.
func (m expansion) sqlite(rows *Rows, rest []any) ([]statement, error) {
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

func (m expansion) chunk(rows [][]any, rest []any) (statement, error) {
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
	clean := func(q string) string { return numbered(lockWords.ReplaceAllString(q, ""), -1) }
	text := clean(m.before) + m.values(len(rows), len(rest)) + clean(m.after)
	return statement{text, args}, nil
}

// values is (SELECT column1 AS id, ... FROM (VALUES (?3,?), ...)) AS r. Only the first argument has a number: SQLite
// keeps numbered ones in a list that the driver searches for each argument, so that binding thousands took most of
// the time of a batch.
func (m expansion) values(rows, before int) string {
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
