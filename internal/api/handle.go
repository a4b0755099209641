package api

import (
	"net/http"
	"strconv"

	"github.com/tongbao/tongbao/internal/values/id"
)

// Wire forms that many routes of all audiences share.
type (
	// None is nothing: of a request without body, or an answer without one.
	None struct{}
	// Body is a request that has only a body.
	Body[T any] struct{ Body T }
	// Answer is an answer's body.
	Answer[T any] struct{ Body T }
	// OfIDWith names a thing and says something of it.
	OfIDWith[T any] struct {
		OfID
		Body T
	}
)

// OfID names the thing that a route is about.
type OfID struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the thing"`
}

// Paging asks for a page of a list.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"512" doc:"What the page before said under next; empty for the first"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Items on a page"`
}

// With answers with a body, or the error.
func With[T any](v T, err error) (*Answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &Answer[T]{v}, nil
}

// Done answers with nothing, or the error.
func Done(err error) (*None, error) {
	if err != nil {
		return nil, err
	}
	return &None{}, nil
}

// ParseID reads an id of a request.
func ParseID[T id.Typed](s, pointer string) (T, error) {
	v, err := id.Parse[T](s)
	if err != nil {
		return "", id.ErrBad.At(pointer)
	}
	return v, nil
}

// Cursor reads a cursor that is an id; empty is the first page.
func Cursor[T id.Typed](s string) (T, error) {
	if s == "" {
		return "", nil
	}
	return ParseID[T](s, "cursor")
}

// NumberCursor reads a cursor that is a running number; empty is the first page.
func NumberCursor(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, ErrBadValue.At("cursor")
	}
	return n, nil
}

// List writes each element of a list.
func List[A, B any](all []A, wire func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = wire(a)
	}
	return out
}

// Get is a route that reads.
func Get(path, tag, name, summary string, g Guard) Route {
	return Route{Method: http.MethodGet, Path: path, Tag: tag, ID: name, Summary: summary, Guard: g}
}

// Post is a route that makes or does something.
func Post(path, tag, name, summary string, g Guard) Route {
	return Route{Method: http.MethodPost, Path: path, Tag: tag, ID: name, Summary: summary, Guard: g}
}

// Put is a route that sets something whole.
func Put(path, tag, name, summary string, g Guard) Route {
	return Route{Method: http.MethodPut, Path: path, Tag: tag, ID: name, Summary: summary, Guard: g}
}

// Patch is a route that changes parts of something.
func Patch(path, tag, name, summary string, g Guard) Route {
	return Route{Method: http.MethodPatch, Path: path, Tag: tag, ID: name, Summary: summary, Guard: g}
}

// Remove is a route that takes something away.
func Remove(path, tag, name, summary string, g Guard) Route {
	return Route{Method: http.MethodDelete, Path: path, Tag: tag, ID: name, Summary: summary, Guard: g}
}

// Created marks a route whose success is 201.
func Created(r Route) Route { r.Status = http.StatusCreated; return r }

// Slowly marks a guard of what costs a hash, a message or a look-up of a person.
func Slowly(g Guard) Guard { g.Rate = Slow; return g }
