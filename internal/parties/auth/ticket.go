package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// ErrTicket says that the sign-in must begin again: its ticket is unknown, old, used, was tried too often, or comes
// from another device or network.
var ErrTicket = fault.New(fault.Unauthenticated, "auth.ticket_expired")

const ticketBits = 256

// ticket is a row of auth_ticket: half a sign-in.
type ticket struct {
	hash      []byte
	principal Principal
	method    Method // of the first factor
	device    []byte // hash of the client's token
	network   string
	audience  Audience
	tries     int64
	expires   time.Time
	used      time.Time
}

// bound names the ticket in what belongs to it: codes and ceremonies.
func (t ticket) bound() string { return base64.RawURLEncoding.EncodeToString(t.hash) }

// newTicket makes the ticket of a sign-in whose first factor was right.
func (s *Service) newTicket(ctx context.Context, tx *db.Tx, by act.By, c Client, who Principal, first Method) (ticket, crypto.Secret, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return ticket{}, "", err
	}
	token := crypto.Token(ticketBits)
	t := ticket{
		hash: s.ring.TokenHash(token), principal: who, method: first, device: s.ring.TokenHash(c.Device.Reveal()),
		network: network(by.Address), audience: c.Audience, expires: tx.Now().Add(p.ticketLife),
	}
	if err := insertTicket(ctx, tx, t); err != nil {
		return ticket{}, "", fmt.Errorf("keep ticket: %w", err)
	}
	return t, crypto.Secret(token), nil
}

// findTicket locks the ticket that a client shows. Error: ErrTicket.
func (s *Service) findTicket(ctx context.Context, tx *db.Tx, by act.By, c Client, token crypto.Secret) (ticket, error) {
	if token == "" || len(token) > tokenMost || c.Device == "" {
		return ticket{}, ErrTicket
	}
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return ticket{}, err
	}
	for _, hash := range s.ring.TokenHashes(token.Reveal()) {
		t, found, err := lockTicket(ctx, tx, hash)
		if err != nil {
			return ticket{}, fmt.Errorf("find ticket: %w", err)
		}
		if !found {
			continue
		}
		sameDevice := slices.ContainsFunc(s.ring.TokenHashes(c.Device.Reveal()), func(h []byte) bool { return bytes.Equal(h, t.device) })
		if !t.used.IsZero() || !tx.Now().Before(t.expires) || t.tries >= p.ticketTries || t.audience != c.Audience ||
			t.network != network(by.Address) || !sameDevice {
			return ticket{}, ErrTicket
		}
		return t, nil
	}
	return ticket{}, ErrTicket
}
