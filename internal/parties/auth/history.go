package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
)

const (
	signInsMost = 100 // of one page
	afterAll    = "~" // sorts after every cursor
)

// Attempt is a sign-in of the past, done or refused.
type Attempt struct {
	At      time.Time
	Method  Method
	Done    bool
	Code    string // why it was refused
	Name    string // coarse name of the device
	Network string // coarse address
	Cursor  string // for the page after it
}

// SignIns are the sign-ins of who acts, the latest first, after a cursor; an empty one begins with the latest.
func (s *Service) SignIns(ctx context.Context, by act.By, cursor string, limit int) ([]Attempt, error) {
	if cursor == "" {
		cursor = afterAll
	}
	var all []Attempt
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listSignIns(ctx, tx, Principal(by.Actor), cursor, min(max(limit, 1), signInsMost))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sign-ins: %w", err)
	}
	return all, nil
}

// noted is a sign-in that was done.
type noted struct {
	who       Principal
	method    Method
	session   Session
	newDevice bool
}

// noteSignIn writes a sign-in into history and audit, and tells other rooms.
func (s *Service) noteSignIn(ctx context.Context, tx *db.Tx, by act.By, c Client, n noted) error {
	a := Attempt{At: tx.Now(), Method: n.method, Name: c.name(), Network: network(by.Address)}
	if err := insertSignIn(tx, n.who, a); err != nil {
		return fmt.Errorf("note sign-in: %w", err)
	}
	tx.AfterCommit(func() { s.observe(n.method, "") })
	by = n.session.Identify(by)
	f := event.SignedIn{
		Principal: string(n.who), Session: n.session.ID, Device: n.session.Device, Method: string(n.method), NewDevice: n.newDevice,
	}
	if err := s.publish(ctx, tx, by, n.who, f); err != nil {
		return err
	}
	return s.record(ctx, tx, entry{
		by: by, act: "auth.sign_in", principal: n.who, subject: string(n.session.ID),
		detail: map[string]string{"method": string(n.method), "device": string(n.session.Device)},
	})
}
