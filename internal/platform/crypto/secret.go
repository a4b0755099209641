package crypto

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a text that never prints itself: not with any verb of fmt, not in a log, not in JSON. Reveal it where
// it is used and nowhere else. It can be read from JSON, flags and environment like any text.
type Secret string

// Reveal gives the text itself.
func (s Secret) Reveal() string { return string(s) }

// String redacts.
func (Secret) String() string { return redacted }

// Format redacts, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue redacts.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText redacts, for JSON and all else that writes text.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
