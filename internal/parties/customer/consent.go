package customer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// What is wrong with a choice.
var (
	// ErrConsentMissing says that a consent is missing without which the act cannot be done.
	ErrConsentMissing = fault.New(fault.Rejected, "customer.consent_missing")
	// ErrConsentNecessary says that the service cannot go on without this consent: to withdraw it is to leave.
	ErrConsentNecessary = fault.New(fault.Rejected, "customer.consent_necessary")
	// ErrConsentVersion says that the text has a newer version than the one that was shown.
	ErrConsentVersion = fault.New(fault.Conflict, "customer.consent_version")
	// ErrPurpose refuses a purpose that the bank does not ask consent for, or that is named twice.
	ErrPurpose = fault.New(fault.Invalid, "customer.bad_purpose")
)

// Purpose is what personal data are used for.
type Purpose string

// The purposes that the bank asks about.
const (
	Terms        Purpose = "terms"           // the contract itself
	Privacy      Purpose = "privacy"         // what the contract and the law need
	Biometrics   Purpose = "biometrics"      // the face, in verification and re-verification
	Personalised Purpose = "personalisation" // what is offered follows from what one does
	Marketing    Purpose = "marketing"       // offers by message
)

// ConsentText is the text that stands for a purpose: its title and words have the keys customer.consent.<purpose>.title
// and .text.
type ConsentText struct {
	Purpose   Purpose
	Version   int64 // in force
	Necessary bool  // the service cannot be given without it (PIPL art. 16)
	Separate  bool  // asked alone, at the moment when it is needed (PIPL art. 29)
}

// ConsentTexts are all purposes with the versions in force, in the order in which they are shown. A new text has a
// higher version; who agreed to an older one is asked again and has not agreed until then.
func ConsentTexts() []ConsentText {
	return []ConsentText{
		{Purpose: Terms, Version: 1, Necessary: true},
		{Purpose: Privacy, Version: 1, Necessary: true},
		{Purpose: Biometrics, Version: 1, Separate: true},
		{Purpose: Personalised, Version: 1},
		{Purpose: Marketing, Version: 1},
	}
}

// Choice gives consent to one version of a text, or takes it back.
type Choice struct {
	Purpose Purpose
	Version int64 // that was shown; ignored when taken back
	Given   bool
}

// Consent is where a customer stands with one purpose.
type Consent struct {
	ConsentText
	Given   bool      // to the version in force, and not taken back
	GivenTo int64     // version of the last choice; 0 when there was none
	At      time.Time // of the last choice
}

// ConsentChange is one line of the history: rows are only ever added.
type ConsentChange struct {
	ID      id.Consent
	Number  int64 // grows with each line of a customer
	Purpose Purpose
	Version int64
	Given   bool
	Channel act.Channel
	At      time.Time
}

func consentText(p Purpose) (ConsentText, error) {
	all := ConsentTexts()
	i := slices.IndexFunc(all, func(t ConsentText) bool { return t.Purpose == p })
	if i < 0 {
		return ConsentText{}, ErrPurpose
	}
	return all[i], nil
}

// check refuses a choice that cannot be made. Taking back is possible whatever version was agreed to.
func (c Choice) check() error {
	text, err := consentText(c.Purpose)
	switch {
	case err != nil:
		return err
	case !c.Given && text.Necessary:
		return ErrConsentNecessary.With("purpose", string(c.Purpose))
	case c.Given && c.Version != text.Version:
		return ErrConsentVersion.With("purpose", string(c.Purpose))
	}
	return nil
}

func checkChoices(choices []Choice) error {
	seen := make(map[Purpose]bool, len(choices))
	for i, c := range choices {
		if seen[c.Purpose] {
			return ErrPurpose.At("/consents/" + strconv.Itoa(i))
		}
		seen[c.Purpose] = true
		if err := c.check(); err != nil {
			f, _ := fault.From(err)
			return f.At("/consents/" + strconv.Itoa(i))
		}
	}
	return nil
}

// checkAdmission wants all necessary consents, and none of the others.
func checkAdmission(choices []Choice) error {
	for _, text := range ConsentTexts() {
		given := slices.ContainsFunc(choices, func(c Choice) bool { return c.Purpose == text.Purpose && c.Given })
		if text.Necessary && !given {
			return ErrConsentMissing.With("purpose", string(text.Purpose)).At("/consents")
		}
	}
	return checkChoices(choices)
}

// Consents is where the customer stands with each purpose.
func (s *Service) Consents(ctx context.Context, by act.By) ([]Consent, error) {
	var all []Consent
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = s.ConsentsIn(ctx, tx, by.Customer())
		return err
	})
	return all, err
}

// ConsentsIn is Consents in the caller's view of the database.
func (s *Service) ConsentsIn(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Consent, error) {
	last, err := lastChoices(ctx, tx, customer)
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	texts := ConsentTexts()
	all := make([]Consent, 0, len(texts))
	for _, text := range texts {
		c := Consent{ConsentText: text}
		if change, chosen := last[text.Purpose]; chosen {
			c.Given = change.Given && change.Version == text.Version
			c.GivenTo, c.At = change.Version, change.At
		}
		all = append(all, c)
	}
	return all, nil
}

// Choose gives and withdraws consents. Withdrawing is as easy as giving (PIPL art. 15) and ends the use from now on; it
// changes nothing of what was done before. A choice that stands already writes nothing.
// Errors: ErrPurpose, ErrConsentVersion, ErrConsentNecessary.
func (s *Service) Choose(ctx context.Context, by act.By, choices []Choice) ([]Consent, error) {
	if err := checkChoices(choices); err != nil {
		return nil, err
	}
	noFace := slices.ContainsFunc(choices, func(c Choice) bool { return c.Purpose == Biometrics && !c.Given })
	var after []Consent
	_, err := s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if p.state == Closed {
			return ErrClosed
		}
		before, err := s.ConsentsIn(ctx, tx, p.id)
		if err != nil {
			return err
		}
		if err := s.addConsents(ctx, tx, by, p, news(before, choices)); err != nil {
			return err
		}
		if noFace { // PIPL art. 47: what rested on the consent alone is deleted
			if err := s.forget(ctx, tx, p.id, p.face); err != nil {
				return err
			}
			p.face = ""
		}
		after, err = s.ConsentsIn(ctx, tx, p.id)
		return err
	})
	return after, err
}

// news are the choices that change something.
func news(before []Consent, choices []Choice) []Choice {
	return slices.DeleteFunc(slices.Clone(choices), func(c Choice) bool {
		i := slices.IndexFunc(before, func(b Consent) bool { return b.Purpose == c.Purpose })
		return i >= 0 && before[i].Given == c.Given
	})
}

// addConsents keeps choices that were checked.
func (s *Service) addConsents(ctx context.Context, tx *db.Tx, by act.By, p *person, choices []Choice) error {
	for _, c := range choices {
		text, err := consentText(c.Purpose)
		if err != nil {
			return err
		}
		change := ConsentChange{
			ID: id.New[id.Consent](tx.Now()), Purpose: c.Purpose, Version: text.Version, Given: c.Given,
			Channel: by.Channel, At: tx.Now(),
		}
		version := strconv.FormatInt(change.Version, 10)
		err = s.publish(ctx, tx, by, p, event.ConsentChanged{
			Customer: p.id, Consent: change.ID, Purpose: string(c.Purpose), Version: version, Given: c.Given,
		})
		if err != nil {
			return err
		}
		change.Number = p.facts
		if err := insertConsent(tx, p.id, change); err != nil {
			return fmt.Errorf("keep consent: %w", err)
		}
		name := actConsentWithdraw
		if c.Given {
			name = actConsentGive
		}
		err = s.record(ctx, tx, by, p.id, note{act: name, subject: string(change.ID), detail: map[string]string{
			"purpose": string(c.Purpose), "version": version,
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// ConsentHistory is all that the customer ever chose, the newest first, before the number of a line (0: from the newest).
func (s *Service) ConsentHistory(ctx context.Context, by act.By, before int64, limit int) ([]ConsentChange, error) {
	var all []ConsentChange
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listConsents(ctx, tx, by.Customer(), before, page(limit))
		return err
	})
	return all, err
}

// Agreed reports whether a customer has agreed to a purpose, in the version in force.
func (s *Service) Agreed(ctx context.Context, tx *db.Tx, customer id.Customer, p Purpose) (bool, error) {
	all, err := s.ConsentsIn(ctx, tx, customer)
	return slices.ContainsFunc(all, func(c Consent) bool { return c.Purpose == p && c.Given }), err
}

// pageMost bounds a page of any list.
const pageMost = 100

func page(limit int) int {
	if limit < 1 || limit > pageMost {
		return pageMost
	}
	return limit
}
