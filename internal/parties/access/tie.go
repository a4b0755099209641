package access

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrTie refuses a tie that is neither to oneself nor to a relative.
var ErrTie = fault.New(fault.Invalid, "access.unknown_tie")

// TieKind says how a member of staff is tied to a customer.
type TieKind string

// The kinds of ties.
const (
	TieNone     TieKind = ""
	TieSelf     TieKind = "self"
	TieRelative TieKind = "relative"
)

// Tie names a customer whom a member of staff may not serve.
type Tie struct {
	Customer id.Customer
	Kind     TieKind
}

// tie is how somebody is tied to a customer.
func (m *member) tie(to id.Customer) TieKind {
	for _, t := range m.ties {
		if to != "" && t.Customer == to {
			return t.Kind
		}
	}
	return TieNone
}

// Tie notes that a member of staff is a customer, or a relative of one. Errors: ErrTie, ErrUnknown.
func (s *Service) Tie(ctx context.Context, by act.By, who id.Staff, t Tie) error {
	if t.Kind != TieSelf && t.Kind != TieRelative || t.Customer == "" {
		return ErrTie
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.lock(ctx, tx, who); err != nil {
			return err
		}
		if err := upsertTie(ctx, tx, who, t); err != nil {
			return fmt.Errorf("keep tie: %w", err)
		}
		tx.AfterCommit(s.seen.forgetAll)
		return s.record(ctx, tx, by, note{act: string(ActionTie), subject: string(who), of: t.Customer, detail: map[string]string{"kind": string(t.Kind)}})
	})
}
