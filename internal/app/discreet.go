package app

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
)

// discreet sends spans on without what speaks of people: a collector is read by many. Only the words listed here pass; the
// caller's address and browser, and the path with its ids and the codes of receipts, do not. What was asked for is the
// route, which names the span.
type discreet struct{ trace.SpanExporter }

// told reports whether a collector may know an attribute.
func told(name attribute.Key) bool {
	switch name {
	case "http.request.method", "http.response.status_code", "http.route", "http.request.body.size", "http.response.body.size",
		"network.protocol.name", "network.protocol.version", "server.address", "url.scheme", "error.type":
		return true
	}
	return false
}

// ExportSpans implements trace.SpanExporter.
func (d discreet) ExportSpans(ctx context.Context, spans []trace.ReadOnlySpan) error {
	quiet := make([]trace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		quiet[i] = quietSpan{s}
	}
	return d.SpanExporter.ExportSpans(ctx, quiet)
}

// quietSpan is a span without the attributes and events that are not told.
type quietSpan struct{ trace.ReadOnlySpan }

// Attributes implements trace.ReadOnlySpan.
func (s quietSpan) Attributes() []attribute.KeyValue {
	return slices.DeleteFunc(slices.Clone(s.ReadOnlySpan.Attributes()), func(a attribute.KeyValue) bool { return !told(a.Key) })
}

// Events implements trace.ReadOnlySpan.
func (quietSpan) Events() []trace.Event { return nil }
