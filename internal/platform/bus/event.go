package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
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
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w", ErrEvent, e.Type, err)
	}
	if len(text) > bodyMax {
		return "", fmt.Errorf("%w: %s has %d bytes", ErrEvent, e.Type, len(text))
	}
	return string(text), nil
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
