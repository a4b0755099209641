package customer

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// What is wrong with a profile.
var (
	// ErrNickname refuses a nickname that is too long or holds what cannot be read.
	ErrNickname = fault.New(fault.Invalid, "customer.bad_nickname")
	// ErrLocale refuses a language that the bank does not speak.
	ErrLocale = fault.New(fault.Invalid, "customer.bad_locale")
)

const (
	nicknameMost      = 20 // characters
	nicknameMostBytes = nicknameMost * 2 * utf8.UTFMax
	marksMost         = 2 // accents on one letter
)

// Profile is what a customer sees of himself.
type Profile struct {
	Customer
	Contacts []auth.Contact // shown by their Masked
}

// ProfileChange changes what is not nil.
type ProfileChange struct {
	Nickname *string // empty takes it away
	Locale   *i18n.Locale
}

// Profile is the customer who acts, with his contacts.
func (s *Service) Profile(ctx context.Context, by act.By) (Profile, error) {
	var shown Profile
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		shown, err = s.ProfileIn(ctx, tx, by.Customer())
		return err
	})
	return shown, err
}

// ProfileIn is Profile in the caller's view of the database.
func (s *Service) ProfileIn(ctx context.Context, tx *db.Tx, customer id.Customer) (Profile, error) {
	p, err := s.person(ctx, tx, customer)
	if err != nil {
		return Profile{}, err
	}
	shown := Profile{Customer: p.shown()}
	shown.Contacts, err = s.auth.Contacts(ctx, tx, auth.Principal(p.id))
	return shown, err
}

// ChangeProfile changes nickname and language. Errors: ErrNickname, ErrLocale, ErrClosed.
func (s *Service) ChangeProfile(ctx context.Context, by act.By, c ProfileChange) (Profile, error) {
	nickname := ""
	if c.Nickname != nil {
		var err error
		if nickname, err = cleanNickname(*c.Nickname); err != nil {
			return Profile{}, err
		}
	}
	if c.Locale != nil {
		if _, ok := i18n.ParseLocale(string(*c.Locale)); !ok {
			return Profile{}, ErrLocale.At("/locale")
		}
	}
	_, err := s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if p.state == Closed {
			return ErrClosed
		}
		changed := map[string]string{}
		if c.Nickname != nil {
			p.nickname, changed["nickname"] = nickname, "changed"
		}
		if c.Locale != nil {
			p.locale, _ = i18n.ParseLocale(string(*c.Locale))
			changed["locale"] = string(p.locale)
		}
		return s.record(ctx, tx, by, p.id, note{act: actProfile, detail: changed})
	})
	if err != nil {
		return Profile{}, err
	}
	return s.Profile(ctx, by)
}

// cleanNickname trims and composes a nickname and refuses what others could not read: control and direction
// characters, private ones, heaps of accents.
func cleanNickname(s string) (string, error) {
	if len(s) > nicknameMostBytes || !utf8.ValidString(s) {
		return "", ErrNickname.At("/nickname")
	}
	s = norm.NFC.String(strings.TrimSpace(s))
	if utf8.RuneCountInString(s) > nicknameMost {
		return "", ErrNickname.At("/nickname")
	}
	marks := 0
	for _, r := range s {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) {
			marks++
		} else {
			marks = 0
		}
		if marks > marksMost || !readable(r) {
			return "", ErrNickname.At("/nickname")
		}
	}
	return s, nil
}

// readable reports whether a rune shows something, or joins two emoji into one.
func readable(r rune) bool {
	const joiner, replacement = '\u200d', '\ufffd'
	return r == joiner || r == ' ' || (unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != replacement)
}

// Find is the customers of a list, by id. Those who are unknown are missing.
func (s *Service) Find(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]Customer, error) {
	people, err := s.people(ctx, tx, customers)
	if err != nil {
		return nil, err
	}
	found := make(map[id.Customer]Customer, len(people))
	for _, p := range people {
		found[p.id] = p.shown()
	}
	return found, nil
}

// Names are the real names of customers who are verified and have not left.
func (s *Service) Names(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]Name, error) {
	people, err := s.people(ctx, tx, customers)
	if err != nil {
		return nil, err
	}
	names := make(map[id.Customer]Name, len(people))
	for _, p := range people {
		if !p.name.IsZero() && p.state != Closed {
			names[p.id] = p.name
		}
	}
	return names, nil
}

// NameOf is the real name of a customer: to show masked, or to seal whole into the papers of the person himself.
// Error: ErrUnknown for who is not verified or has left.
func (s *Service) NameOf(ctx context.Context, tx *db.Tx, customer id.Customer) (Name, error) {
	names, err := s.Names(ctx, tx, []id.Customer{customer})
	if err != nil {
		return Name{}, err
	}
	name, known := names[customer]
	if !known {
		return Name{}, ErrUnknown
	}
	return name, nil
}

// Blocked says who of these may pay nothing out, and why: ErrFrozen, ErrFrozenByBank, ErrClosing, ErrClosed, ErrUnknown.
// Whoever is not in the answer may. It is one statement and opens nothing: payments call it in each batch.
func (s *Service) Blocked(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]error, error) {
	if len(customers) == 0 {
		return nil, nil
	}
	blocked := make(map[id.Customer]error)
	for _, c := range customers {
		blocked[c] = ErrUnknown
	}
	err := eachState(ctx, tx, customers, func(c id.Customer, state State, by FrozenBy) {
		if refusal := state.blocks(by); refusal != nil {
			blocked[c] = refusal
		} else {
			delete(blocked, c)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read states of customers: %w", err)
	}
	return blocked, nil
}

// Contact is where messages for a customer go, and in which language: the service is notify's Directory. Who has left
// is not written to.
func (s *Service) Contact(ctx context.Context, tx *db.Tx, customer id.Customer) (notify.Contact, error) {
	locale, state, found, err := findLocale(ctx, tx, customer)
	if err != nil {
		return notify.Contact{}, fmt.Errorf("read language of %s: %w", customer, err)
	}
	if !found {
		return notify.Contact{}, ErrUnknown
	}
	to := notify.Contact{Locale: locale}
	if state == Closed {
		return to, nil
	}
	contacts, err := s.auth.Contacts(ctx, tx, auth.Principal(customer))
	if err != nil {
		return notify.Contact{}, err
	}
	for _, c := range contacts {
		switch c.Kind {
		case auth.Phone:
			to.Phone = c.Value
		case auth.Email:
			to.Email = c.Value
		}
	}
	return to, nil
}
