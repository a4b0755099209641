package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

// PageMost is the most messages of one page.
const PageMost = 100

// Query asks for a page of an inbox, the latest first.
type Query struct {
	Customer id.Customer
	Locale   i18n.Locale // of the reader
	Before   id.Message  // the last message of the page before
	Limit    int         // PageMost when zero or more
}

// Message is a message as its reader sees it.
type Message struct {
	ID       id.Message
	Template string
	Category Category
	Subject  string // id of what it is about, empty when it is about nothing
	Title    string
	Body     string
	At       time.Time
	Read     bool
}

// note is a message as it is kept.
type note struct {
	id       id.Message
	template string
	category Category
	subject  string
	sealed   []byte
	at       time.Time
	readAt   time.Time
}

func pageOf(limit int) int {
	if limit <= 0 || limit > PageMost {
		return PageMost
	}
	return limit
}

// List is a page of a customer's inbox, written in the reader's language.
func (s *Service) List(ctx context.Context, q Query) ([]Message, error) {
	var page []Message
	err := s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		notes, err := listNotes(ctx, tx, q.Customer, q.Before, pageOf(q.Limit))
		if err != nil {
			return err
		}
		page = make([]Message, len(notes))
		for i, n := range notes {
			if page[i], err = s.message(ctx, tx, q, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return page, nil
}

func (s *Service) message(ctx context.Context, tx *db.Tx, q Query, n note) (Message, error) {
	var params map[string]string
	if err := s.open(ctx, tx, string(q.Customer), placeOfParams(n.id), n.sealed, &params); err != nil {
		return Message{}, err
	}
	return Message{
		ID: n.id, Template: n.template, Category: n.category, Subject: n.subject, At: n.at, Read: !n.readAt.IsZero(),
		Title: s.text(q.Locale, titleKey(n.template), params), Body: s.text(q.Locale, bodyKey(n.template), params),
	}, nil
}

// Unread counts a customer's unread messages.
func (s *Service) Unread(ctx context.Context, customer id.Customer) (count int64, err error) {
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		count, err = s.UnreadIn(ctx, tx, customer)
		return err
	})
	return count, err
}

// UnreadIn is Unread in the caller's view of the database.
func (s *Service) UnreadIn(ctx context.Context, tx *db.Tx, customer id.Customer) (int64, error) {
	count, err := countUnread(ctx, tx, customer)
	if err != nil {
		return 0, fmt.Errorf("count unread messages: %w", err)
	}
	return count, nil
}

// Read marks a message as read; it stays read from the first time on. ErrUnknown when the customer has no such message.
func (s *Service) Read(ctx context.Context, customer id.Customer, message id.Message) error {
	var found bool
	err := s.parts.DB.Write(ctx, func(tx *db.Tx) (err error) {
		found, err = markRead(ctx, tx, customer, message)
		return err
	})
	if err != nil {
		return fmt.Errorf("mark message %s as read: %w", message, err)
	}
	if !found {
		return ErrUnknown
	}
	return nil
}

// ReadAll marks all of a customer's messages as read.
func (s *Service) ReadAll(ctx context.Context, customer id.Customer) error {
	err := s.parts.DB.Write(ctx, func(tx *db.Tx) error { return markAllRead(ctx, tx, customer) })
	if err != nil {
		return fmt.Errorf("mark all messages as read: %w", err)
	}
	return nil
}
