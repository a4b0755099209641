package db

import (
	"database/sql"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// postgresCursor reads the few types that the bank's columns have out of the server's bytes. The driver's own way asks
// for each value how it could be turned into what is wanted.
type postgresCursor struct {
	pgx.Rows
	results pgx.BatchResults
	fields  []pgconn.FieldDescription // of the rows, once the first was read
}

func (c *postgresCursor) close() {
	c.Rows.Close()
	_ = c.results.Close() // an error of the rows is in Err
}

// Scan implements cursor.
func (c *postgresCursor) Scan(dest ...any) error {
	if c.fields == nil {
		c.fields = c.FieldDescriptions()
	}
	values := c.RawValues()
	if len(values) != len(dest) {
		return fmt.Errorf("a row has %d columns, not %d", len(values), len(dest))
	}
	for i, raw := range values {
		r, ok := dest[i].(*reader)
		if ok && raw != nil && c.fields[i].DataTypeOID == pgtype.TextOID {
			if d, isText := r.dest.(*string); isText { // most columns
				*d = string(raw)
				continue
			}
		}
		value, known := readValue(raw, &c.fields[i])
		if !known {
			return c.Rows.Scan(dest...)
		}
		s, ok := dest[i].(sql.Scanner)
		if !ok {
			return fmt.Errorf("column %s cannot be read into a %T", c.fields[i].Name, dest[i])
		}
		if err := s.Scan(value); err != nil {
			return fmt.Errorf("read column %s: %w", c.fields[i].Name, err)
		}
	}
	return nil
}

// readValue is false for a type, or a form of it, that is left to the driver. Bytes are only good until the next row;
// readers copy them.
func readValue(raw []byte, f *pgconn.FieldDescription) (any, bool) {
	if raw == nil {
		return nil, true
	}
	if f.DataTypeOID == pgtype.TextOID {
		return string(raw), true // the same in both forms
	}
	if f.Format != pgtype.BinaryFormatCode {
		return nil, false
	}
	switch {
	case f.DataTypeOID == pgtype.Int8OID && len(raw) == 8:
		return int64(binary.BigEndian.Uint64(raw)), true
	case f.DataTypeOID == pgtype.Int4OID && len(raw) == 4:
		return int64(int32(binary.BigEndian.Uint32(raw))), true
	case f.DataTypeOID == pgtype.BoolOID && len(raw) == 1:
		return raw[0] == 1, true
	case f.DataTypeOID == pgtype.ByteaOID:
		return raw, true
	}
	return nil, false
}
