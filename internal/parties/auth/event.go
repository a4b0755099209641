package auth

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
)

// publish tells other rooms a fact about a principal.
func (s *Service) publish(ctx context.Context, tx *db.Tx, by act.By, who Principal, f event.Fact) error {
	e := event.New(tx.Now(), event.Header{Subject: string(who), Trace: by.Trace}, f)
	if err := s.events.Publish(ctx, tx, []bus.Event{e}); err != nil {
		return fmt.Errorf("publish %s: %w", e.Type, err)
	}
	return nil
}

// tell sends a customer a security message about himself. Staff read theirs in the console's audit.
func (s *Service) tell(ctx context.Context, tx *db.Tx, who Principal, n notify.Notice) error {
	if n.Customer = who.customer(); n.Customer == "" {
		return nil
	}
	if err := s.messenger.Send(ctx, tx, []notify.Notice{n}); err != nil {
		return fmt.Errorf("send %s: %w", n.Template, err)
	}
	return nil
}
