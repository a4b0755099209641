package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a look is refused.
var (
	// ErrReason wants to know why, in words and by code.
	ErrReason = fault.New(fault.Invalid, "access.reason_needed")
	// ErrField says that there is no such field to be revealed.
	ErrField = fault.New(fault.Invalid, "access.unknown_field")
	// ErrLooks says that somebody has revealed as many fields today as he may.
	ErrLooks = fault.New(fault.Rejected, "access.looks_used_up")
)

// Field is a personal field that is masked until somebody says why he must see it.
type Field string

// The fields.
const (
	FieldName    Field = "name"
	FieldID      Field = "id_number"
	FieldPhone   Field = "phone"
	FieldMail    Field = "email"
	FieldAccount Field = "account_number"
	FieldPicture Field = "document"
)

// Fields are all of them.
func Fields() []Field {
	return []Field{FieldName, FieldID, FieldPhone, FieldMail, FieldAccount, FieldPicture}
}

// Reason says why a field is revealed.
type Reason string

// The reasons.
const (
	ReasonAsked     Reason = "asked"     // the customer asked for something that needs it
	ReasonRecognise Reason = "recognise" // to recognise who is there
	ReasonReview    Reason = "review"    // to decide a verification or a payment
	ReasonSuspicion Reason = "suspicion" // to follow a suspicion
	ReasonAuthority Reason = "authority" // an authority ordered it
)

// Reasons are all of them.
func Reasons() []Reason {
	return []Reason{ReasonAsked, ReasonRecognise, ReasonReview, ReasonSuspicion, ReasonAuthority}
}

const (
	noteLeast = 4   // characters of a reason in words
	noteMost  = 200 // characters
)

// Look asks to see a field of a customer whole.
type Look struct {
	Customer id.Customer
	Branch   string // home branch of the customer
	Field    Field
	Reason   Reason
	Note     string // the reason in words
	Purpose  Purpose
}

// look is a row of access_look.
type look struct {
	id     id.Look
	staff  id.Staff
	sealed []byte
	day    string
	Look
}

func (l look) place() crypto.AAD {
	return crypto.AAD{Table: "access_look", Column: "note", Row: string(l.id)}
}

// Reveal decides whether who acts may see a field, counts it, keeps the reason, and raises an alert when it is not like
// work; then shown reads the field in the same transaction. A refusal leaves its traces.
// Errors: ErrReason, ErrField, ErrDenied, ErrLooks.
func (s *Service) Reveal(ctx context.Context, by act.By, l Look, shown func(tx *db.Tx) error) error {
	l.Note = strings.TrimSpace(l.Note)
	size := utf8.RuneCountInString(l.Note)
	switch {
	case !slices.Contains(Fields(), l.Field):
		return ErrField.At("/field")
	case !slices.Contains(Reasons(), l.Reason):
		return ErrReason.At("/reason")
	case size < noteLeast || size > noteMost:
		return ErrReason.At("/note")
	}
	who := id.Staff(by.Actor)
	asked := Question{Staff: who, Permission: ActionReveal, Purpose: l.Purpose, About: Subject{Customer: l.Customer, Branch: l.Branch}}
	d, err := s.Decide(ctx, asked)
	if err != nil {
		return err
	}
	m, err := s.member(ctx, who)
	if err != nil {
		return err
	}
	if !d.Allowed {
		return s.refuseLook(ctx, by, m, l)
	}
	return s.reveal(ctx, by, m, l, shown)
}

// reveal counts and keeps a look that is allowed. Above the limit the look is refused, and that is kept.
func (s *Service) reveal(ctx context.Context, by act.By, m *member, l Look, shown func(tx *db.Tx) error) error {
	var refusal error
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		refusal = nil
		today := s.Days.Date(tx.Now())
		most, err := s.Rules.Int(ctx, "access.look.daily_count", today)
		if err != nil {
			return fmt.Errorf("read rule: %w", err)
		}
		used, err := countLook(ctx, tx, m.id, today)
		if err != nil {
			return fmt.Errorf("count look: %w", err)
		}
		if used > most {
			refusal = ErrLooks
			if err := s.alert(ctx, tx, by, m, finding{kind: AlertMany, looks: used}); err != nil {
				return err
			}
			return s.record(ctx, tx, by, note{act: ActLook, subject: string(l.Customer), of: l.Customer, refused: ErrLooks})
		}
		if err := s.keepLook(ctx, tx, by, m, l); err != nil {
			return err
		}
		if err := s.watch(ctx, tx, by, m, l, used); err != nil {
			return err
		}
		return shown(tx)
	})
	return errors.Join(err, refusal)
}

func (s *Service) keepLook(ctx context.Context, tx *db.Tx, by act.By, m *member, l Look) error {
	row := look{id: id.New[id.Look](tx.Now()), staff: m.id, day: s.Days.Date(tx.Now()).String(), Look: l}
	var err error
	if row.sealed, err = s.Vault.SealText(ctx, tx, vault.Bank, row.place(), l.Note); err != nil {
		return fmt.Errorf("seal reason: %w", err)
	}
	if err := insertLook(tx, row); err != nil {
		return fmt.Errorf("keep look: %w", err)
	}
	return s.record(ctx, tx, by, note{act: ActLook, subject: string(row.id), of: l.Customer, detail: map[string]string{
		"field": string(l.Field), "reason": string(l.Reason), "purpose": string(l.Purpose),
	}})
}

// refuseLook keeps that somebody wanted to see what he may not, and tells compliance when it was somebody close.
func (s *Service) refuseLook(ctx context.Context, by act.By, m *member, l Look) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		kind := AlertRefused
		switch m.tie(l.Customer) {
		case TieSelf:
			kind = AlertOwn
		case TieRelative:
			kind = AlertRelative
		}
		if err := s.alert(ctx, tx, by, m, finding{kind: kind, customer: l.Customer}); err != nil {
			return err
		}
		return s.record(ctx, tx, by, note{act: ActLook, subject: string(l.Customer), of: l.Customer, refused: ErrDenied})
	})
	return errors.Join(err, ErrDenied)
}

// Left is how many fields who acts may still reveal today.
func (s *Service) Left(ctx context.Context, who id.Staff) (int64, error) {
	var left int64
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		today := s.Days.Date(tx.Now())
		most, err := s.Rules.Int(ctx, "access.look.daily_count", today)
		if err != nil {
			return err
		}
		used, err := readLooks(ctx, tx, who, today)
		left = max(0, most-used)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count looks: %w", err)
	}
	return left, nil
}

// Seen is one look that was allowed.
type Seen struct {
	ID       id.Look
	Staff    id.Staff
	Customer id.Customer
	Field    Field
	Reason   Reason
	Note     string
	At       time.Time
}

// Looks are those of a member of staff, the newest first, before one (none: from the newest).
func (s *Service) Looks(ctx context.Context, who id.Staff, before id.Look, limit int) ([]Seen, error) {
	var all []Seen
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := listLooks(ctx, tx, who, before, min(max(limit, 1), pageMost))
		if err != nil {
			return err
		}
		for i, row := range rows {
			if rows[i].Seen.Note, err = s.Vault.OpenText(ctx, tx, vault.Bank, look{id: row.ID}.place(), row.sealed); err != nil {
				return err
			}
			all = append(all, rows[i].Seen)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list looks: %w", err)
	}
	return all, nil
}
