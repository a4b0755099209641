package db

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"time"
)

// plain turns an argument into one of nil, string, int64, bool and []byte.
func plain(v any) (any, error) {
	switch x := v.(type) {
	case nil, string, int64, bool, []byte:
		return x, nil
	case int:
		return int64(x), nil
	case time.Time:
		if x.IsZero() {
			return nil, nil
		}
		return x.UnixMicro(), nil
	case driver.Valuer:
		return x.Value()
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.String:
		return r.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), nil
	case reflect.Bool:
		return r.Bool(), nil
	case reflect.Slice:
		if r.Type().Elem().Kind() == reflect.Uint8 {
			return r.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("no database value for a %T", v)
}

// reader fills its destination from what either driver hands over; NULL becomes the zero value.
type reader struct{ dest any }

// Scan implements sql.Scanner for both drivers.
func (r *reader) Scan(src any) error {
	switch d := r.dest.(type) {
	case *string:
		return text(d, src)
	case *int64:
		return integer(d, src)
	case *time.Time:
		var micros int64
		if err := integer(&micros, src); err != nil {
			return err
		}
		*d = time.Time{}
		if src != nil {
			*d = time.UnixMicro(micros).UTC()
		}
		return nil
	case *bool:
		return truth(d, src)
	case *[]byte:
		return bytes(d, src)
	}
	return r.named(src)
}

// named fills a named type, such as an id, by its kind.
func (r *reader) named(src any) error {
	v := reflect.ValueOf(r.dest)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("cannot scan into a %T", r.dest)
	}
	v = v.Elem()
	switch v.Kind() {
	case reflect.String:
		var s string
		if err := text(&s, src); err != nil {
			return err
		}
		v.SetString(s)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var n int64
		if err := integer(&n, src); err != nil {
			return err
		}
		if v.OverflowInt(n) {
			return fmt.Errorf("%d does not fit a %T", n, r.dest)
		}
		v.SetInt(n)
	case reflect.Bool:
		var b bool
		if err := truth(&b, src); err != nil {
			return err
		}
		v.SetBool(b)
	default:
		return fmt.Errorf("cannot scan into a %T", r.dest)
	}
	return nil
}

func text(d *string, src any) error {
	switch s := src.(type) {
	case nil:
		*d = ""
	case string:
		*d = s
	case []byte:
		*d = string(s)
	default:
		return fmt.Errorf("cannot read a %T as text", src)
	}
	return nil
}

func integer(d *int64, src any) error {
	switch n := src.(type) {
	case nil:
		*d = 0
	case int64:
		*d = n
	case int32:
		*d = int64(n)
	default:
		return fmt.Errorf("cannot read a %T as an integer", src)
	}
	return nil
}

func truth(d *bool, src any) error {
	switch b := src.(type) {
	case nil:
		*d = false
	case bool:
		*d = b
	case int64:
		*d = b != 0
	default:
		return fmt.Errorf("cannot read a %T as a truth value", src)
	}
	return nil
}

func bytes(d *[]byte, src any) error {
	switch b := src.(type) {
	case nil:
		*d = nil
	case []byte:
		*d = append([]byte(nil), b...)
	case string:
		*d = []byte(b)
	default:
		return fmt.Errorf("cannot read a %T as bytes", src)
	}
	return nil
}
