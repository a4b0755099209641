// Package customer keeps the people that the bank serves: who they are, what they agreed to, and how sure of it the bank is.
//
// Its words:
//
//   - A Customer is one person. The bank has one customer for one person: two cannot bear one ID number.
//   - A Level says how well the bank knows a person: 0 registered, 1 name and ID number agree with the register,
//     2 the document was seen too, 3 the face is the document's.
//   - A Verification is one way through the wizard: started → documents → face → submitted → passed or refused, or
//     manual_review between, when a person at the provider or in the bank has to look.
//   - A Provider answers whether name, number, document and face belong together. The built-in one is a Simulator.
//   - A Consent is what a person agreed to or took back, for one Purpose and one version of its text. Only what the
//     service cannot do without is necessary; nothing is refused for the rest (PIPL arts 15, 16, 29).
//   - An Access is one look at a person's data: who, when, why. The person reads the list.
//   - A Tie is what keeps a customer from leaving: an account that is still open.
//
// The states of a customer: registered → active ⇄ frozen → closing → closed. Active begins with level 1. Whoever is
// frozen or closing pays nothing out (Blocked). A closed customer's data are restricted and kept as long as the
// anti-money-laundering law wants (ten years); then the data key is destroyed and nothing can be read any more.
//
// A person registers with a code that went to his phone, and is verified:
//
//	r, err := customers.Register(ctx, by, client, customer.Registration{Code: code, Password: password, Consents: given})
//	v, err := customers.StartVerification(ctx, by, "王小明", "110101199003070070")
//	v, err = customers.AddDocument(ctx, by, customer.Front, picture)   // and Back
//	v, err = customers.AddFace(ctx, by, picture)
//	v, err = customers.SubmitVerification(ctx, by)                     // a job asks the provider; a message tells
//
// Real names and ID numbers are sealed under the customer's own key and found by blind index. Phones and mail
// addresses are auth's: it proved them.
package customer

import (
	"embed"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "customer", Files: files} }

// What keeps an act from a customer.
var (
	// ErrUnknown says that there is no such customer.
	ErrUnknown = fault.New(fault.NotFound, "customer.unknown")
	// ErrFrozen refuses an act of a customer whose money is frozen.
	ErrFrozen = fault.New(fault.Rejected, "customer.frozen")
	// ErrFrozenByBank refuses to lift a freeze that the bank laid.
	ErrFrozenByBank = fault.New(fault.Rejected, "customer.frozen_by_bank")
	// ErrClosing refuses an act of a customer who is leaving.
	ErrClosing = fault.New(fault.Rejected, "customer.closing")
	// ErrClosed refuses an act of a customer who has left.
	ErrClosed = fault.New(fault.Rejected, "customer.closed")
	// ErrState refuses an act that does not fit the customer's state.
	ErrState = fault.New(fault.Conflict, "customer.wrong_state")
)

// Kind is what a customer is. Companies come with their own acts.
type Kind string

// Person is a natural person.
const Person Kind = "person"

// State is where a customer stands.
type State string

// The states of a customer.
const (
	Registered State = "registered" // has signed up; the bank does not know who it is
	Active     State = "active"     // verified, at least by name and number
	Frozen     State = "frozen"     // nothing goes out
	Closing    State = "closing"    // is leaving, and may still stay
	Closed     State = "closed"     // has left; the data are restricted
)

// Level says how well the bank knows a person.
type Level int64

// The levels of verification.
const (
	LevelNone     Level = iota // phone or mail address only
	LevelNumber                // name and ID number agree with the register
	LevelDocument              // and the document was seen
	LevelFace                  // and the face is the document's
)

// Customer is one person, as the bank shows him to himself: nothing here is secret from the screen.
type Customer struct {
	ID         id.Customer
	Kind       Kind
	State      State
	Level      Level
	HomeBranch string
	Locale     i18n.Locale
	Nickname   string    // how the app greets; may be empty
	Name       Name      // real name; zero until verified
	IDNumber   string    // masked; empty until verified
	FrozenBy   FrozenBy  // who froze; empty when not frozen
	ClosesAt   time.Time // when a closing customer is gone; zero otherwise
	MadeAt     time.Time
	Birth      clock.Date // zero until verified
}

// FrozenBy says who froze a customer, and so who may lift it.
type FrozenBy string

// Who freezes.
const (
	ByCustomer FrozenBy = "customer"
	ByBank     FrozenBy = "bank"
)

// person is a row of customer_person, opened.
type person struct {
	id         id.Customer
	kind       Kind
	state      State
	level      Level
	homeBranch string
	locale     i18n.Locale
	nickname   string
	name       Name
	number     IDNumber
	face       id.Blob
	frozenBy   FrozenBy
	facts      int64
	madeAt     time.Time
	closesAt   time.Time
	closedAt   time.Time
	eraseOn    clock.Date
	erasedAt   time.Time
}

// blocked says why a person may pay nothing out; nil when nothing is in the way.
func (p person) blocked() error { return p.state.blocks(p.frozenBy) }

func (s State) blocks(by FrozenBy) error {
	switch {
	case s == Frozen && by == ByBank:
		return ErrFrozenByBank
	case s == Frozen:
		return ErrFrozen
	case s == Closing:
		return ErrClosing
	case s == Closed:
		return ErrClosed
	}
	return nil
}

// standing is the state of a person with whom nothing is wrong.
func (p person) standing() State {
	if p.level > LevelNone {
		return Active
	}
	return Registered
}

// know raises the level of a person of whom a step of the verification has been answered.
func (p *person) know(level Level, name Name, number IDNumber) {
	p.level = max(p.level, level)
	p.name, p.number = name, number
	if p.state == Registered {
		p.state = Active
	}
}

// freeze lets nothing out. A freeze of the bank is stronger than the person's own and replaces it.
func (p *person) freeze(by FrozenBy) error {
	switch {
	case p.state == Frozen && (p.frozenBy == by || p.frozenBy == ByBank):
		return nil
	case p.state == Closed:
		return ErrClosed
	}
	p.state, p.frozenBy, p.closesAt = Frozen, by, time.Time{} // who freezes does not leave
	return nil
}

// thaw lifts a person's own freeze.
func (p *person) thaw() error {
	switch {
	case p.state != Frozen:
		return ErrState.With("state", string(p.state))
	case p.frozenBy != ByCustomer:
		return ErrFrozenByBank
	}
	p.state, p.frozenBy = p.standing(), ""
	return nil
}

// leave begins to close.
func (p *person) leave(at time.Time) error {
	if err := p.blocked(); err != nil {
		return err
	}
	p.state, p.closesAt = Closing, at
	return nil
}

// stay takes the closing back.
func (p *person) stay() error {
	if p.state != Closing {
		return ErrState.With("state", string(p.state))
	}
	p.state, p.closesAt = p.standing(), time.Time{}
	return nil
}

// close ends the relationship; the data wait, restricted, for the day of their erasure.
func (p *person) close(at time.Time, eraseOn clock.Date) error {
	if p.state != Closing {
		return ErrState.With("state", string(p.state))
	}
	p.state, p.closesAt, p.closedAt, p.eraseOn = Closed, time.Time{}, at, eraseOn
	return nil
}

// shown is the person as the outside sees him.
func (p person) shown() Customer {
	return Customer{
		ID: p.id, Kind: p.kind, State: p.state, Level: p.level, HomeBranch: p.homeBranch, Locale: p.locale,
		Nickname: p.nickname, Name: p.name, IDNumber: p.number.String(), Birth: p.number.Birth(),
		FrozenBy: p.frozenBy, ClosesAt: p.closesAt, MadeAt: p.madeAt,
	}
}
