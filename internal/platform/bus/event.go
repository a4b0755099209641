package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// bodyMax bounds an event as it travels; facts carry ids and codes, not documents.
const bodyMax = 64 << 10

// ErrEvent reports an event that cannot be published: a mistake of the program that publishes it.
var ErrEvent = errors.New("bus: not an event that can be published")

var (
	typeName   = regexp.MustCompile(`^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$`)
	typeFilter = regexp.MustCompile(`^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?:\.>)?$`)
)

// Event is a fact as it travels: the envelope, in plain types, around the payload in JSON.
type Event struct {
	ID           string          `json:"id"`                    // sortable, unique; the same at every delivery
	Type         string          `json:"type"`                  // "payment.transfer_settled"
	Version      int             `json:"version"`               // of the payload's shape
	Subject      string          `json:"subject"`               // id of what the fact is about
	Sequence     int64           `json:"sequence,omitempty"`    // of the subject's facts; 0 when they have no order
	BusinessDate clock.Date      `json:"businessDate,omitzero"` // the bank's day in which it happened
	At           time.Time       `json:"at"`                    // instant of the transaction
	Trace        string          `json:"trace,omitempty"`       // to find the logs
	Data         json.RawMessage `json:"data"`
}

// body writes the event as it travels.
func (e Event) body() (string, error) {
	if e.ID == "" || e.Version < 1 || e.Subject == "" || len(e.Data) == 0 || !typeName.MatchString(e.Type) {
		return "", fmt.Errorf("%w: %q version %d of %q, %d bytes", ErrEvent, e.Type, e.Version, e.Subject, len(e.Data))
	}
	if !json.Valid(e.Data) {
		return "", fmt.Errorf("%w: %s has broken data", ErrEvent, e.Type)
	}
	text := e.text()
	if len(text) > bodyMax {
		return "", fmt.Errorf("%w: %s has %d bytes", ErrEvent, e.Type, len(text))
	}
	return text, nil
}

// text is the envelope as json.Marshal writes it, field by field: every act writes one, and most of the time went into
// taking the data apart and putting it together again.
func (e Event) text() string {
	const envelope = 320 // bytes around the data, usually
	b := make([]byte, 0, envelope+len(e.Data))
	b = appendText(append(b, `{"id":`...), e.ID)
	b = appendText(append(b, `,"type":`...), e.Type)
	b = strconv.AppendInt(append(b, `,"version":`...), int64(e.Version), 10)
	b = appendText(append(b, `,"subject":`...), e.Subject)
	if e.Sequence != 0 {
		b = strconv.AppendInt(append(b, `,"sequence":`...), e.Sequence, 10)
	}
	if !e.BusinessDate.IsZero() {
		b = appendText(append(b, `,"businessDate":`...), e.BusinessDate.String())
	}
	b = append(e.At.AppendFormat(append(b, `,"at":"`...), time.RFC3339Nano), '"')
	if e.Trace != "" {
		b = appendText(append(b, `,"trace":`...), e.Trace)
	}
	return string(append(append(append(b, `,"data":`...), e.Data...), '}'))
}

// appendText writes a text of JSON: ids and codes as they stand, anything else by encoding/json.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s) // of a string, which cannot fail
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func parse(body []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	if e.ID == "" || e.Type == "" {
		return Event{}, fmt.Errorf("read event: %w", ErrEvent)
	}
	return e, nil
}
