// Package log makes the program's logger: structured by log/slog, with a net under it.
//
// The rule (style guide, 11) is that only ids are logged. The net catches what slips through: values under keys that
// say they are personal or secret (password, phone, payeeName), and texts that look like a mobile number, an identity
// number, an account or card number, or a mail address, wherever they stand, the message and errors included. A
// composite value is not written at all, because its fields cannot be judged: log its id.
//
//	logger, err := log.New(os.Stderr, "info", "json")
//	logger.Info("transfer settled", "transfer", t.ID)        // {"msg":"transfer settled","transfer":"tran_..."}
//	logger.Info("signed in", "phone", "13800138000")          // {"msg":"signed in","phone":"[redacted]"}
//
// Within a traced request each line carries the trace's id, so that the log, the trace and the problem answer that the
// customer saw can be laid side by side.
package log

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// Formats of log lines.
const (
	JSON = "json" // for machines
	Text = "text" // for a terminal
)

// New makes a redacting logger. The level is debug, info, warn or error, as slog reads it; the format is JSON or Text.
func New(w io.Writer, level, format string) (*slog.Logger, error) {
	var from slog.Level
	if err := from.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q: want debug, info, warn or error", level)
	}
	options := &slog.HandlerOptions{Level: from}
	switch format {
	case JSON:
		return slog.New(Redact(slog.NewJSONHandler(w, options))), nil
	case Text:
		return slog.New(Redact(slog.NewTextHandler(w, options))), nil
	}
	return nil, fmt.Errorf("log format %q: want json or text", format)
}

// Redact puts the net in front of a handler.
func Redact(to slog.Handler) slog.Handler { return handler{to} }

// handler cleans each record on its way to the next one.
type handler struct{ next slog.Handler }

func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redact(a))
		return true
	})
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		clean.AddAttrs(slog.String("trace", span.TraceID().String()))
	}
	return h.next.Handle(ctx, clean)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redact(a)
	}
	return handler{h.next.WithAttrs(clean)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.next.WithGroup(name)} }
