// Package fault is the closed set of ways in which an act of the bank can fail.
//
// A fault is declared beside the rule that it protects, once, and carries a kind (what sort of answer the
// caller gets) and a stable code, which is also the key of its text in the three languages:
//
//	var ErrInsufficientFunds = fault.New(fault.Rejected, "ledger.insufficient_funds")
//
// Anything that is not a fault is Internal: it is logged once at the edge and reaches the person as one
// neutral sentence. A fault never carries the rejected value itself, only where it stood.
package fault

import (
	"errors"
	"maps"
	"time"
)

// Kind says what sort of answer a fault is. There are eight, mapped once to HTTP by package api.
type Kind int

// The eight kinds.
const (
	Internal        Kind = iota // 500: ours to mend; the person reads one neutral sentence
	Invalid                     // 400: the request is malformed
	Unauthenticated             // 401: who are you, or prove it again (step-up)
	Denied                      // 403: known, and not allowed
	NotFound                    // 404: does not exist, or is another's
	Conflict                    // 409: the thing is in another state, or the same act is under way
	Rejected                    // 422: well formed, and a rule of the bank refuses it
	Busy                        // 429 or 503: later, with a time
)

// Field is one field of a request that is wrong, named by its JSON pointer, without its value.
type Field struct {
	Pointer string // for example /amount
	Code    string // for example money.too_precise
}

// Error is a fault. Make sentinels with New and compare them with errors.Is, which compares codes.
type Error struct {
	kind   Kind
	code   string
	params map[string]string
	fields []Field
	wait   time.Duration
	cause  error
}

// New declares a fault. The code is "domain.reason" and never changes once released.
func New(kind Kind, code string) *Error { return &Error{kind: kind, code: code} }

// Error names the code and, for the log, the cause.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.code + ": " + e.cause.Error()
	}
	return e.code
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is a fault with the same code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.code == e.code
}

// Kind says what sort of answer this is.
func (e *Error) Kind() Kind { return e.kind }

// Code is the stable code, also the key of its text.
func (e *Error) Code() string { return e.code }

// Params are the values that the text may show, such as a limit or a time; never what was sent.
func (e *Error) Params() map[string]string { return maps.Clone(e.params) }

// Fields are the fields that are wrong.
func (e *Error) Fields() []Field { return append([]Field(nil), e.fields...) }

// RetryAfter is how long to wait; zero when there is nothing to wait for.
func (e *Error) RetryAfter() time.Duration { return e.wait }

// With returns a copy that carries one more value for its text.
func (e *Error) With(name, value string) *Error {
	c := e.clone()
	if c.params == nil {
		c.params = make(map[string]string, 1)
	}
	c.params[name] = value
	return c
}

// At returns a copy that points at a field of the request. Without codes the field carries the fault's own.
func (e *Error) At(pointer string) *Error {
	c := e.clone()
	c.fields = append(c.fields, Field{Pointer: pointer, Code: e.code})
	return c
}

// WithFields returns a copy that lists wrong fields.
func (e *Error) WithFields(fields ...Field) *Error {
	c := e.clone()
	c.fields = append(c.fields, fields...)
	return c
}

// Wait returns a copy that says how long to wait.
func (e *Error) Wait(d time.Duration) *Error {
	c := e.clone()
	c.wait = d
	return c
}

// Because returns a copy that keeps the cause for the log; the person never sees it.
func (e *Error) Because(cause error) *Error {
	c := e.clone()
	c.cause = cause
	return c
}

func (e *Error) clone() *Error {
	c := *e
	c.params = maps.Clone(e.params)
	c.fields = append([]Field(nil), e.fields...)
	return &c
}

// From finds the fault in an error chain.
func From(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf is the kind of an error; what is not a fault is Internal.
func KindOf(err error) Kind {
	if e, ok := From(err); ok {
		return e.kind
	}
	return Internal
}

// CodeOf is the code of an error; what is not a fault is "internal".
func CodeOf(err error) string {
	if e, ok := From(err); ok {
		return e.code
	}
	return "internal"
}

// Final reports whether an error is the final answer to an act: refused by a rule, so that asking again with
// the same key gets the same answer. Malformed, unauthenticated, busy and internal answers are not final.
func Final(err error) bool {
	switch KindOf(err) {
	case Denied, NotFound, Conflict, Rejected:
		return true
	default:
		return false
	}
}
