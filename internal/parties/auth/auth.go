// Package auth knows who can sign in, by which factors, and who is signed in. Customers and staff are alike to it.
//
// Its words:
//
//   - A Principal can sign in: a customer or a member of staff. active ⇄ suspended → closed.
//   - A Contact (phone, mail address) is verified by a code and finds its principal by exact match.
//   - A Factor is what one proves oneself with: password, code, passkey, payment PIN.
//   - A Device is known once a second factor was passed on it. Its token is made anew at that moment, so that nobody
//     can plant a token and wait for it to become known.
//   - A Session is a sign-in of one device in one application. open → ended, by its owner, by a change of a factor,
//     by idleness or by age.
//   - A ticket is half a sign-in: the first factor was right and the second is awaited.
//   - A step-up proves oneself again inside a session, for one purpose and one use.
//   - A Proof proves one payment: by PIN, or by a passkey that signs the hash of what is paid.
//
// On a device that it knows, the bank asks for one factor, because the device is the other. On a new one it asks for
// two, and a code alone never opens it: codes are read over shoulders and out of stolen phones. A passkey that has
// verified its user is two factors in one.
//
// Nobody learns from the bank who is its customer: whoever asks about a stranger gets the same answer, after the
// same work. Wrong passwords are counted for each known device alone and, for unknown ones, for each network alone,
// so that nobody can lock a stranger out of his own phone.
//
// A factor changes only by Evidence as strong as itself (see accepts), or by a new verification of document and face.
// Then all other sessions end, old contacts are told, and limits are reduced for a day.
//
//	in, err := service.SignInByPassword(ctx, by, client, "13800138000", password)
//	if in.Pending != nil { // a new device
//		in, err = service.CompleteSignIn(ctx, by, client, auth.SecondFactor{Ticket: in.Pending.Ticket, Factor: factor})
//	}
//	session, err := service.Authenticate(ctx, auth.App, in.Session.Token)
package auth

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/notify"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "auth", Files: files} }

// Rules answers what a figure is on a day; records/rule is one.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
}

// Days says on which day of the bank an instant falls; records/day is one.
type Days interface {
	Date(t time.Time) clock.Date
}

// Auditor keeps the record of acts; records/audit is one.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Messenger sends codes and tells customers; records/notify is one.
type Messenger interface {
	Send(ctx context.Context, tx *db.Tx, notices []notify.Notice) error
	SendCode(ctx context.Context, tx *db.Tx, c notify.Code) error
}

// Publisher tells other rooms what happened; platform/bus is one.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Vault seals personal fields; platform/vault is one.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error)
}

// Site is the web site that passkeys belong to.
type Site struct {
	Host    string   // its domain, without port: passkeys are bound to it
	Name    string   // the bank's name, as the browser shows it
	Origins []string // of both applications, with scheme and port
	Native  []string // of native apps, such as android:apk-key-hash:...
}

// Parts is what the room works with.
type Parts struct {
	DB        *db.DB
	Clock     clock.Clock
	Ring      *crypto.Ring
	Passwords *crypto.Passwords
	Vault     Vault
	Rules     Rules
	Days      Days
	Audit     Auditor
	Messenger Messenger
	Events    Publisher
	Site      Site
	Observe   func(method Method, code string) // told of every sign-in, with the code of its refusal; may be nil
}

// Service keeps principals, their factors and their sessions. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	ring      *crypto.Ring
	passwords *crypto.Passwords
	vault     Vault
	rules     Rules
	days      Days
	audit     Auditor
	messenger Messenger
	events    Publisher
	webauthn  *webauthn.WebAuthn
	site      Site
	seen      *sessionCache
	observe   func(method Method, code string)
}

// New makes the room. It refuses a site that passkeys cannot be bound to.
func New(p Parts) (*Service, error) {
	library, err := newWebAuthn(p.Site)
	if err != nil {
		return nil, fmt.Errorf("bind passkeys to %s: %w", p.Site.Host, err)
	}
	if p.Observe == nil {
		p.Observe = func(Method, string) {}
	}
	return &Service{
		db: p.DB, clock: p.Clock, ring: p.Ring, passwords: p.Passwords, vault: p.Vault, rules: p.Rules, days: p.Days,
		audit: p.Audit, messenger: p.Messenger, events: p.Events, webauthn: library, site: p.Site, seen: newSessionCache(), observe: p.Observe,
	}, nil
}

// kept marks a refusal whose traces (counters, history, audit) must be committed although the act is refused.
type kept struct{ error }

// keep marks a refusal as kept.
func keep(refusal error) error { return kept{refusal} }

// write runs fn in a transaction and commits when it succeeds or refuses with keep; other errors roll back.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx) error) error {
	var refusal error
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		refusal = nil
		err := fn(tx)
		if k := (kept{}); errors.As(err, &k) {
			refusal = k.error
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}
