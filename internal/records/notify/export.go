package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// exportMost is the most messages in a copy of a person's data, the latest first.
const exportMost = 10_000

// exported is the shape of notify.json in a person's copy of his data.
type exported struct {
	Messages    []exportedMessage `json:"messages"`
	Preferences []exportedChoice  `json:"preferences"`
}

type exportedMessage struct {
	At      time.Time `json:"at"`
	Title   string    `json:"title"`
	Body    string    `json:"body"`
	About   string    `json:"about,omitempty"` // id of what it is about
	WasRead bool      `json:"read"`
}

type exportedChoice struct {
	Category Category `json:"category"`
	Channel  Channel  `json:"channel"`
	On       bool     `json:"on"`
}

// Export is everything about a person in this room (PIPL art. 45), his messages in his own language: the service is a
// customer.Exporter. Deliveries have no content once they are over, and are left out.
func (s *Service) Export(ctx context.Context, tx *db.Tx, customer id.Customer) (name string, data any, err error) {
	to, err := s.parts.Directory.Contact(ctx, tx, customer)
	if err != nil {
		return "", nil, fmt.Errorf("export messages: language of %s: %w", customer, err)
	}
	notes, err := listNotes(ctx, tx, customer, "", exportMost)
	if err != nil {
		return "", nil, fmt.Errorf("export messages: %w", err)
	}
	out := exported{Messages: make([]exportedMessage, 0, len(notes)), Preferences: []exportedChoice{}}
	for _, n := range notes {
		m, err := s.message(ctx, tx, Query{Customer: customer, Locale: to.Locale}, n)
		if err != nil {
			return "", nil, fmt.Errorf("export message %s: %w", n.id, err)
		}
		out.Messages = append(out.Messages, exportedMessage{m.At, m.Title, m.Body, m.Subject, m.Read})
	}
	made, err := readChoices(ctx, tx, []id.Customer{customer})
	if err != nil {
		return "", nil, fmt.Errorf("export preferences: %w", err)
	}
	for _, c := range Categories() {
		for _, ch := range Channels() {
			out.Preferences = append(out.Preferences, exportedChoice{c, ch, made.wants(customer, c, ch)})
		}
	}
	return "notify", out, nil
}

// Erase removes a person's messages, choices and deliveries. The last are sealed under a key that may not be his own.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	if err := eraseCustomer(ctx, tx, customer); err != nil {
		return fmt.Errorf("erase messages of %s: %w", customer, err)
	}
	return nil
}
