package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a session is refused.
var (
	// ErrSession says that nobody is signed in: no token, an unknown one, or a session that has ended.
	ErrSession = fault.New(fault.Unauthenticated, "auth.no_session")
	// ErrUnknownSession says that the principal has no such session.
	ErrUnknownSession = fault.New(fault.NotFound, "auth.unknown_session")
)

const (
	sessionTokenBits = 256
	sessionsMost     = 100             // shown in a list
	seenEvery        = 5 * time.Minute // how often last-seen is written, at most
	tokenMost        = 128             // characters of a token that are worth hashing
)

// Session is a sign-in of one device in one application.
type Session struct {
	ID        id.Session
	Principal Principal
	Kind      act.Kind
	Audience  Audience
	Device    id.Device
	Name      string // coarse name of the device
	Network   string // coarse address at sign-in
	Method    Method // by which it was opened
	MadeAt    time.Time
	SeenAt    time.Time // up to five minutes old
	ExpiresAt time.Time // whatever happens; idleness ends it earlier
	Current   bool      // the one that asks
	endedAt   time.Time
}

// SignedIn is a session that has just been opened.
type SignedIn struct {
	Session     Session
	Token       crypto.Secret // for the session cookie, or as bearer token
	DeviceToken crypto.Secret // for the device cookie
}

// Identify says in by who acts: the principal, his session and his device.
func (x Session) Identify(by act.By) act.By {
	by.Kind, by.Actor, by.Session, by.Device = x.Kind, string(x.Principal), x.ID, x.Device
	by.OnBehalfOf = x.Principal.customer()
	return by
}

// alive reports whether the session still holds at an instant.
func (x Session) alive(now time.Time, p policy) bool {
	idle, _ := p.session(x.Audience)
	return x.endedAt.IsZero() && now.Before(x.ExpiresAt) && now.Before(x.SeenAt.Add(idle))
}

// Authenticate finds the session of a token in an application. Error: ErrSession. What it finds it remembers for a few
// seconds: a session that ends on this node ends at once, one that ends on another node a few seconds later.
func (s *Service) Authenticate(ctx context.Context, a Audience, token crypto.Secret) (Session, error) {
	if token == "" || len(token) > tokenMost {
		return Session{}, ErrSession
	}
	now := s.clock.Now()
	hashes := s.ring.TokenHashes(token.Reveal())
	x, epoch, found := s.seen.find(hashes[0], now)
	if !found {
		var err error
		if x, err = s.readSession(ctx, hashes); err != nil {
			return Session{}, err
		}
		s.seen.put(hashes[0], x, now, epoch)
	}
	p, err := s.sessionLife(ctx, a, now)
	if err != nil {
		return Session{}, err
	}
	if x.Audience != a || !x.alive(now, p) {
		return Session{}, ErrSession
	}
	if now.Sub(x.SeenAt) >= seenEvery {
		if err := s.touch(ctx, x); err != nil {
			return Session{}, err
		}
		s.seen.touch(hashes[0], now)
		x.SeenAt = now
	}
	return x, nil
}

func (s *Service) readSession(ctx context.Context, hashes [][]byte) (Session, error) {
	var x Session
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		for _, hash := range hashes {
			var found bool
			var err error
			if x, found, err = findSession(ctx, tx, hash); err != nil || found {
				return err
			}
		}
		return ErrSession
	})
	if err != nil {
		return Session{}, fmt.Errorf("find session: %w", err)
	}
	return x, nil
}

func (s *Service) touch(ctx context.Context, x Session) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := touchSession(tx, x.ID); err != nil {
			return err
		}
		return touchDevice(tx, x.Device, x.Name)
	})
	if err != nil {
		return fmt.Errorf("note session as seen: %w", err)
	}
	return nil
}

// OpenSession signs a principal in who has just proved himself otherwise: at registration. It joins the transaction
// of the registration and makes the client a known device.
func (s *Service) OpenSession(ctx context.Context, tx *db.Tx, by act.By, c Client, who Principal) (SignedIn, error) {
	in, err := s.open(ctx, tx, opening{by: by, client: c, who: who, method: MethodPasswordAndCode})
	if err != nil {
		return SignedIn{}, err
	}
	return in, s.noteSignIn(ctx, tx, by, c, noted{who: who, method: MethodPasswordAndCode, session: in.Session})
}

// opening asks for a session.
type opening struct {
	by     act.By
	client Client
	who    Principal
	method Method
	device id.Device // the known device; empty: bind the client
}

// open opens a session, and binds the client first if it is not yet a known device.
func (s *Service) open(ctx context.Context, tx *db.Tx, o opening) (SignedIn, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return SignedIn{}, err
	}
	token, device, deviceToken := crypto.Secret(crypto.Token(sessionTokenBits)), o.device, o.client.Device
	if device == "" {
		if device, deviceToken, err = s.bindDevice(ctx, tx, o.who, o.client); err != nil {
			return SignedIn{}, err
		}
	} else if err := touchDevice(tx, device, o.client.name()); err != nil {
		return SignedIn{}, err
	}
	_, life := p.session(o.client.Audience)
	x := Session{
		ID: id.New[id.Session](tx.Now()), Principal: o.who, Kind: o.who.kind(), Audience: o.client.Audience, Device: device,
		Name: o.client.name(), Network: network(o.by.Address), Method: o.method,
		MadeAt: tx.Now(), SeenAt: tx.Now(), ExpiresAt: tx.Now().Add(life), Current: true,
	}
	if err := insertSession(ctx, tx, x, s.ring.TokenHash(token.Reveal())); err != nil {
		return SignedIn{}, fmt.Errorf("open session: %w", err)
	}
	return SignedIn{Session: x, Token: token, DeviceToken: deviceToken}, nil
}

// Sessions are the open sessions of who acts, the latest first.
func (s *Service) Sessions(ctx context.Context, by act.By) ([]Session, error) {
	var open []Session
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := s.policyAt(ctx, tx.Now())
		if err != nil {
			return err
		}
		all, err := listSessions(ctx, tx, Principal(by.Actor), tx.Now(), sessionsMost)
		for _, x := range all {
			if x.Current = x.ID == by.Session; x.alive(tx.Now(), p) {
				open = append(open, x)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return open, nil
}

// EndSession ends one session of who acts; his own, to sign out. Error: ErrUnknownSession.
func (s *Service) EndSession(ctx context.Context, by act.By, session id.Session) error {
	return s.write(ctx, func(tx *db.Tx) error {
		who := Principal(by.Actor)
		n, err := endSession(ctx, tx, who, session)
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if n == 0 {
			return ErrUnknownSession
		}
		s.forgetSessions(tx, who)
		return s.record(ctx, tx, entry{by: by, act: "auth.session.end", principal: who, subject: string(session)})
	})
}

// EndOtherSessions ends all sessions of who acts but the one that asks.
func (s *Service) EndOtherSessions(ctx context.Context, by act.By) error {
	return s.write(ctx, func(tx *db.Tx) error {
		who := Principal(by.Actor)
		if err := s.endSessions(ctx, tx, by, ending{who, by.Session, endedEverywhere}); err != nil {
			return err
		}
		return s.record(ctx, tx, entry{by: by, act: "auth.session.end_others", principal: who})
	})
}

// EndAllSessions ends all sessions of a principal in the transaction of an act that asks for it, such as a freeze.
func (s *Service) EndAllSessions(ctx context.Context, tx *db.Tx, by act.By, who Principal) error {
	if err := s.endSessions(ctx, tx, by, ending{who, "", endedByAct}); err != nil {
		return err
	}
	return s.record(ctx, tx, entry{by: by, act: "auth.session.end_all", principal: who})
}

// ending is whose sessions end, but which, and why.
type ending struct {
	who    Principal
	except id.Session
	reason string
}

// Why sessions end before their time, as event.SessionsEnded says it.
const (
	endedEverywhere = "signed_out_everywhere"
	endedByFactor   = "factor_changed"
	endedByState    = "state_changed" // suspended or closed
	endedByDevice   = "device_unbound"
	endedByAct      = "act" // another act asked for it
)

// endSessions ends the sessions of a principal but one, and the sign-ins that wait for a second factor.
func (s *Service) endSessions(ctx context.Context, tx *db.Tx, by act.By, e ending) error {
	n, err := endSessions(ctx, tx, e.who, e.except)
	if err != nil {
		return fmt.Errorf("end sessions of %s: %w", e.who, err)
	}
	if err := deleteTickets(ctx, tx, e.who); err != nil {
		return fmt.Errorf("end waiting sign-ins of %s: %w", e.who, err)
	}
	return s.ended(ctx, tx, by, e, n)
}

// ended makes this node forget what it knows of the principal's sessions, and tells other rooms that some ended.
func (s *Service) ended(ctx context.Context, tx *db.Tx, by act.By, e ending, n int64) error {
	s.forgetSessions(tx, e.who)
	if n == 0 {
		return nil
	}
	return s.publish(ctx, tx, by, e.who, event.SessionsEnded{Principal: string(e.who), Reason: e.reason, Count: int(n)})
}

// forgetSessions makes this node read the principal's sessions again once the transaction is durable.
func (s *Service) forgetSessions(tx *db.Tx, who Principal) {
	tx.AfterCommit(func() { s.seen.forget(who) })
}
