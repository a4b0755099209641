package db

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

// refusal is the text by which an append-only table refuses to be changed, on both databases.
const refusal = "append-only table"

// IsUnique reports whether a write was refused because such a row exists.
func IsUnique(err error) bool {
	return state(err) == "23505" || code(err) == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code(err) == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// IsCheck reports whether a write was refused by a CHECK of the schema.
func IsCheck(err error) bool {
	return state(err) == "23514" || code(err) == sqlite3.SQLITE_CONSTRAINT_CHECK
}

// IsAppendOnly reports whether an update or deletion was refused because the table only grows.
func IsAppendOnly(err error) bool { return err != nil && strings.Contains(err.Error(), refusal) }

// passing reports whether the same transaction may succeed when run again.
func passing(err error) bool {
	if errors.Is(err, ErrBusy) {
		return false // it has waited long enough
	}
	switch state(err) {
	case "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006":
		return true
	}
	if code(err)&0xff == sqlite3.SQLITE_BUSY {
		return true
	}
	var connect *pgconn.ConnectError
	return errors.Is(err, errLost) || errors.As(err, &connect) || pgconn.SafeToRetry(err)
}

// busy turns what is left of passing failures into a fault that says when to come back.
func busy(err error) error {
	if err == nil {
		return nil
	}
	if _, isFault := fault.From(err); isFault || errors.Is(err, context.Canceled) {
		return err
	}
	if passing(err) || errors.Is(err, context.DeadlineExceeded) {
		return ErrBusy.Because(err)
	}
	return err
}

func state(err error) string {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return answer.Code
	}
	return ""
}

func code(err error) int {
	var answer *driver.Error
	if errors.As(err, &answer) {
		return answer.Code()
	}
	return 0
}
