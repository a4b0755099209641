package db

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
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
		arrays[i] = "unnest($" + strconv.Itoa(i+1) + "::" + strings.ToLower(c.kind) + "[]) AS " + c.name
	}
	// In the list of a SELECT the arrays are walked side by side. As functions of FROM, each would first be written to a
	// table of its own and read back: a tenth of what a wide row costs.
	shift := len(m.columns) - 1
	m.whole = shifted(m.before, shift) + "(SELECT " + strings.Join(arrays, ", ") + ") AS " + m.name + shifted(m.after, shift)
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

// postgres passes one array a column to unnest.
func (m *expansion) postgres(rows *Rows, rest []any) ([]statement, error) {
	args := make([]any, 0, len(m.columns)+len(rest))
	arrays := make([]array, len(m.columns))
	room := 0
	for i, c := range m.columns {
		size, err := sizeOf(rows, i, c.kind)
		if err != nil {
			return nil, err
		}
		room += size
		arrays[i] = array{rows: rows.rows, column: i}
		args = append(args, &arrays[i])
	}
	arrays[0].room = room
	return []statement{{m.whole, append(args, rest...)}}, nil
}

func shifted(q string, shift int) string {
	return argument.ReplaceAllStringFunc(q, func(s string) string {
		n, _ := strconv.Atoi(s[1:]) // the expression matched digits only
		return "$" + strconv.Itoa(n+shift)
	})
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
		args = append(args, r...)
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
