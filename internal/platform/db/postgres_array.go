package db

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"
)

// array is a column of ROWS on its way to PostgreSQL.
type array struct {
	rows   [][]any
	column int
	room   int // bytes that all columns of the statement take; told by the first
}

// arrayKinds are the types of arrays that ROWS passes, with the types of what is in them.
var arrayKinds = map[uint32]uint32{
	pgtype.TextArrayOID: pgtype.TextOID, pgtype.Int8ArrayOID: pgtype.Int8OID,
	pgtype.BoolArrayOID: pgtype.BoolOID, pgtype.ByteaArrayOID: pgtype.ByteaOID,
}

// registerArrays lets a connection write columns of ROWS by itself. The driver's own way to write arrays finds out anew
// for each element what it is, and took a third of the program's time with the database.
func registerArrays(m *pgtype.Map) {
	for of := range arrayKinds {
		if t, known := m.TypeForOID(of); known {
			m.RegisterType(&pgtype.Type{Name: t.Name, OID: t.OID, Codec: arrayCodec{t.Codec}})
		}
	}
}

type arrayCodec struct{ pgtype.Codec }

// PlanEncode implements pgtype.Codec.
func (c arrayCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(*array); ok && format == pgtype.BinaryFormatCode {
		return arrayPlan{arrayKinds[oid]}
	}
	return c.Codec.PlanEncode(m, oid, format, value)
}

type arrayPlan struct{ element uint32 }

const (
	arrayHead = 20 // bytes: one dimension, whether there are NULLs, the elements' type, how many, the first one's number
	cellHead  = 4  // bytes: length
)

// Encode implements pgtype.EncodePlan: PostgreSQL's binary form of an array of one dimension.
func (p arrayPlan) Encode(value any, to []byte) ([]byte, error) {
	a, ok := value.(*array)
	if !ok {
		return nil, fmt.Errorf("a %T is no column of ROWS", value)
	}
	to = slices.Grow(to, a.room)
	for _, n := range [...]uint32{1, 1, p.element, uint32(len(a.rows)), 1} {
		to = binary.BigEndian.AppendUint32(to, n)
	}
	for _, r := range a.rows {
		to = appendCell(to, r[a.column])
	}
	return to, nil
}

func appendCell(to []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return append(binary.BigEndian.AppendUint32(to, uint32(len(v))), v...)
	case int64:
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(to, 8), uint64(v))
	case bool:
		to = binary.BigEndian.AppendUint32(to, 1)
		if v {
			return append(to, 1)
		}
		return append(to, 0)
	case []byte:
		if v != nil {
			return append(binary.BigEndian.AppendUint32(to, uint32(len(v))), v...)
		}
	}
	return binary.BigEndian.AppendUint32(to, math.MaxUint32) // NULL: a length of -1
}

// sizeOf is how many bytes a column takes at most. It refuses rows of another width, and values that are not of the column's type.
func sizeOf(rows *Rows, column int, kind string) (int, error) {
	size := arrayHead
	for n, r := range rows.rows {
		if column >= len(r) {
			return 0, fmt.Errorf("row %d of ROWS is short", n)
		}
		fits := false
		size += cellHead
		switch v := r[column].(type) {
		case nil:
			fits = true
		case string:
			size += len(v)
			fits = kind == "TEXT"
		case int64:
			size += 8
			fits = kind == "BIGINT"
		case bool:
			size++
			fits = kind == "BOOLEAN"
		case []byte:
			size += len(v)
			fits = kind == "BYTEA"
		}
		if !fits {
			return 0, fmt.Errorf("row %d column %d of ROWS is a %T, not a %s", n, column, r[column], kind)
		}
	}
	return size, nil
}
