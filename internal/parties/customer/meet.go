package customer

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which the counter is refused.
var (
	// ErrNotMet says that this teller has not compared the person with his document a short while ago.
	ErrNotMet = fault.New(fault.Rejected, "customer.not_met")
	// ErrOtherPerson says that the document in hand is not the customer's.
	ErrOtherPerson = fault.New(fault.Rejected, "customer.other_document")
	// ErrNotCompared wants the person himself compared with the portrait.
	ErrNotCompared = fault.New(fault.Invalid, "customer.not_compared")
)

// ruleMet is how long a person who was met at the counter is served without being asked for the document again.
const ruleMet = "customer.counter.met_minutes"

// Meeting is a person at the counter with the original of his document (核验身份): what the reader of the document says,
// and that the teller has compared the portrait with the face.
type Meeting struct {
	Name     string
	IDNumber string
	Compared bool
}

// Met is a meeting that was recorded.
type Met struct {
	ID    id.Verification
	At    time.Time
	Until time.Time // as long as the person is served on it
	Level Level     // of the customer, after it
}

// Meet records that the customer stands at the counter with his document. Who is known by number and by the scans of his
// document becomes fully verified by it: a person has done what the app has a provider do with a face.
// Errors: ErrStaff, ErrNotCompared, ErrName, those of ParseIDNumber, ErrStep when not verified at all, ErrOtherPerson
// (which is recorded), ErrClosed.
func (s *Service) Meet(ctx context.Context, by act.By, m Meeting) (Met, error) {
	if by.Kind != act.Staff || by.Channel != act.Branch {
		return Met{}, ErrStaff
	}
	if !m.Compared {
		return Met{}, ErrNotCompared.At("/compared")
	}
	name, number, err := s.readIdentity(m.Name, m.IDNumber)
	if err != nil {
		return Met{}, err
	}
	var met Met
	_, err = s.change(ctx, by, func(tx *db.Tx, p *person) error {
		switch {
		case p.state == Closed:
			return ErrClosed
		case p.level == LevelNone:
			return ErrStep
		case p.name != name || p.number != number:
			if err := s.record(ctx, tx, by, p.id, note{act: actMeet, refused: ErrOtherPerson}); err != nil {
				return err
			}
			return kept{ErrOtherPerson}
		}
		met, err = s.noteMeeting(ctx, tx, by, p)
		return err
	})
	return met, err
}

func (s *Service) noteMeeting(ctx context.Context, tx *db.Tx, by act.By, p *person) (Met, error) {
	life, err := s.rules.Duration(ctx, ruleMet, s.days.Date(tx.Now()))
	if err != nil {
		return Met{}, err
	}
	met := Met{ID: id.New[id.Verification](tx.Now()), At: tx.Now(), Until: tx.Now().Add(life)}
	if err := insertMeeting(ctx, tx, by, p.id, met); err != nil {
		return Met{}, fmt.Errorf("keep meeting: %w", err)
	}
	if p.level == LevelDocument {
		p.know(LevelFace, p.name, p.number)
		fact := event.CustomerVerified{Customer: p.id, Verification: met.ID, Level: levelName(p.level)}
		if err := s.publish(ctx, tx, by, p, fact); err != nil {
			return Met{}, err
		}
	}
	met.Level = p.level
	detail := map[string]string{"level": strconv.Itoa(int(p.level))}
	return met, s.record(ctx, tx, by, p.id, note{act: actMeet, subject: string(met.ID), detail: detail})
}

// Attended is the meeting on which somebody of staff serves a customer now: his own, and not long ago. Error: ErrNotMet.
func (s *Service) Attended(ctx context.Context, by act.By) (Met, error) {
	var met Met
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		life, err := s.rules.Duration(ctx, ruleMet, s.days.Date(tx.Now()))
		if err != nil {
			return err
		}
		last, found, err := lastMeeting(ctx, tx, by.Customer(), id.Staff(by.Actor))
		if err != nil {
			return fmt.Errorf("read meeting: %w", err)
		}
		if last.Until = last.At.Add(life); !found || !tx.Now().Before(last.Until) {
			return ErrNotMet
		}
		p, err := s.person(ctx, tx, by.Customer())
		last.Level = p.level
		met = last
		return err
	})
	return met, err
}

// SetPINAtCounter lets a customer who was met choose his payment PIN at the counter's keypad; staff do not see it. One
// meeting is good for one PIN. Errors: ErrNotMet, and those of auth's PINs.
func (s *Service) SetPINAtCounter(ctx context.Context, by act.By, c auth.Client, pin crypto.Secret) error {
	met, err := s.Attended(ctx, by)
	if err != nil {
		return err
	}
	var p person
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = s.person(ctx, tx, by.Customer())
		return err
	})
	if err != nil {
		return err
	}
	evidence := auth.Evidence{Reverified: auth.Reverified{Principal: auth.Principal(p.id), Verification: met.ID, At: met.At}}
	return s.auth.SetPIN(ctx, by, c, evidence, auth.PINChoice{PIN: pin, Birth: p.number.Birth(), Avoid: []string{p.number.Reveal()}})
}
