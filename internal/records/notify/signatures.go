package notify

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Service sends and keeps messages.
type Service struct{}

// Register adds templates, before anything is sent.
func (s *Service) Register(templates ...Template) {}

// Send puts messages into inboxes and on their way, in the caller's transaction.
func (s *Service) Send(ctx context.Context, tx *db.Tx, notices []Notice) error { return nil }

// SendCode sends a one-time code, whatever the person prefers.
func (s *Service) SendCode(ctx context.Context, tx *db.Tx, c Code) error { return nil }

// List is a page of a customer's inbox, the latest first.
func (s *Service) List(ctx context.Context, q Query) ([]Message, error) { return nil, nil }

// Unread counts a customer's unread messages.
func (s *Service) Unread(ctx context.Context, customer id.Customer) (int64, error) { return 0, nil }

// Read marks a message as read.
func (s *Service) Read(ctx context.Context, customer id.Customer, message id.Message) error {
	return nil
}

// ReadAll marks all messages as read.
func (s *Service) ReadAll(ctx context.Context, customer id.Customer) error { return nil }

// Preferences are a customer's choices, all categories and channels.
func (s *Service) Preferences(ctx context.Context, customer id.Customer) ([]Preference, error) {
	return nil, nil
}

// SetPreferences changes choices.
func (s *Service) SetPreferences(ctx context.Context, by act.By, changes []Preference) error {
	return nil
}

// Query asks for a page of an inbox.
type Query struct {
	Customer id.Customer
	Locale   i18n.Locale
	Before   id.Message
	Limit    int
}

// Message is a message as its reader sees it.
type Message struct{ ID id.Message }

// Preference is one choice.
type Preference struct {
	Category Category
	Channel  Channel
	On       bool
	Fixed    bool
}
