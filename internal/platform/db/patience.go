package db

import (
	"strconv"
	"time"
)

// lockNotAvailable is what PostgreSQL answers when a lock was waited for too long.
const lockNotAvailable = "55P03"

// IsLockWait reports whether a statement gave up waiting for a lock of somebody else's. The transaction is of no more use.
func IsLockWait(err error) bool { return state(err) == lockNotAvailable }

// WaitAtMost bounds how long the statements of fn wait for a lock of somebody else's; what follows waits as long as the
// connection allows. On SQLite there is one writer, so nothing is waited for inside a transaction. The bounds travel with the
// statements and cost no round trip; they are constants of the program, because each is prepared once.
func (t *Tx) WaitAtMost(d time.Duration, fn func() error) error {
	if t.dialect == sqlite {
		return fn()
	}
	t.queued = append(t.queued, statement{text: "SET LOCAL lock_timeout = " + strconv.FormatInt(d.Milliseconds(), 10)})
	if err := fn(); err != nil {
		return err
	}
	t.queued = append(t.queued, statement{text: "SET LOCAL lock_timeout TO DEFAULT"})
	return nil
}
