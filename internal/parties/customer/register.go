package customer

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Registration is what a person sends to become a customer.
type Registration struct {
	Code     auth.CodeAnswer // to the phone or mail address; its purpose is auth.CodeRegister
	Password crypto.Secret
	Consents []Choice    // all necessary ones, and what else the person likes
	Locale   i18n.Locale // language of messages; the client's when empty
}

// Welcome is a new customer, signed in.
type Welcome struct {
	Customer Customer
	SignedIn auth.SignedIn
}

// Admission is a person whose contact is proved and whose password is hashed.
type Admission struct {
	Contact    auth.Verified
	Password   auth.NewPassword
	Consents   []Choice
	Locale     i18n.Locale
	HomeBranch string // act.HeadOffice when empty
	branchPath string // of it
}

// Register makes a customer of who has proved a phone or mail address by a code, and signs him in on this device.
// One transaction makes the data key, the principal with contact and password, the customer and the consents.
// That a contact is taken (auth.ErrContactTaken) is said only now, to who has proved that it is his.
// Errors: ErrConsentMissing, ErrConsentVersion, ErrPurpose, and those of auth's codes and passwords.
func (s *Service) Register(ctx context.Context, by act.By, c auth.Client, r Registration) (Welcome, error) {
	if err := checkAdmission(r.Consents); err != nil {
		return Welcome{}, err
	}
	r.Code.Purpose = auth.CodeRegister
	contact, err := s.auth.CheckCode(ctx, by, r.Code)
	if err != nil {
		return Welcome{}, err
	}
	if _, taken := contact.Principal(); taken {
		return Welcome{}, auth.ErrContactTaken
	}
	password, err := s.auth.HashPassword(ctx, r.Password, contact.Contact().Value)
	if err != nil {
		return Welcome{}, err
	}
	a := Admission{Contact: contact, Password: password, Consents: r.Consents, Locale: r.Locale}
	if a.Locale == "" {
		a.Locale = c.Locale
	}
	if a, err = s.placed(ctx, a); err != nil {
		return Welcome{}, err
	}
	var w Welcome
	err = s.write(ctx, func(tx *db.Tx) error {
		p, own, err := s.admit(ctx, tx, by, a)
		if err != nil {
			return err
		}
		w.Customer = p.shown()
		w.SignedIn, err = s.auth.OpenSession(ctx, tx, own, c, auth.Principal(p.id))
		return err
	})
	return w, err
}

// Admit makes a customer whose contact somebody else has checked: staff at a branch (auth.Vouched), or the demo.
// Errors: as of Register.
func (s *Service) Admit(ctx context.Context, by act.By, a Admission) (Customer, error) {
	if err := checkAdmission(a.Consents); err != nil {
		return Customer{}, err
	}
	a, err := s.placed(ctx, a)
	if err != nil {
		return Customer{}, err
	}
	var c Customer
	err = s.write(ctx, func(tx *db.Tx) error {
		p, _, err := s.admit(ctx, tx, by, a)
		c = p.shown()
		return err
	})
	return c, err
}

// placed finds where the home branch stands.
func (s *Service) placed(ctx context.Context, a Admission) (Admission, error) {
	if a.HomeBranch == "" {
		a.HomeBranch = act.HeadOffice
	}
	var err error
	a.branchPath, err = s.branches.BranchPath(ctx, a.HomeBranch)
	return a, err
}

// admit writes all of a new customer, and returns who acts from now on.
func (s *Service) admit(ctx context.Context, tx *db.Tx, by act.By, a Admission) (person, act.By, error) {
	locale, ok := i18n.ParseLocale(string(a.Locale))
	if !ok {
		locale = i18n.ZhHans
	}
	p := person{
		id: id.New[id.Customer](tx.Now()), kind: Person, state: Registered, homeBranch: a.HomeBranch, locale: locale,
		madeAt: tx.Now(),
	}
	if by.Actor == "" { // nobody was signed in: the person acts for himself
		by.Kind, by.Actor = act.Customer, string(p.id)
	}
	by.OnBehalfOf = p.id
	if by.Branch == "" {
		by.Branch = p.homeBranch
	}
	if err := s.vault.Create(ctx, tx, string(p.id)); err != nil {
		return person{}, by, fmt.Errorf("make data key: %w", err)
	}
	err := s.auth.Enrol(ctx, tx, by, auth.Enrolment{Principal: auth.Principal(p.id), Contact: a.Contact, Password: a.Password})
	if err != nil {
		return person{}, by, err
	}
	if err := insertPerson(tx, p, a.branchPath); err != nil {
		return person{}, by, fmt.Errorf("keep customer: %w", err)
	}
	err = s.publish(ctx, tx, by, &p, event.CustomerRegistered{Customer: p.id, Channel: string(by.Channel), Branch: p.homeBranch})
	if err != nil {
		return person{}, by, err
	}
	if err := s.addConsents(ctx, tx, by, &p, a.Consents); err != nil {
		return person{}, by, err
	}
	if err := s.record(ctx, tx, by, p.id, note{act: actRegister}); err != nil {
		return person{}, by, err
	}
	if err := s.save(ctx, tx, p); err != nil {
		return person{}, by, err
	}
	return p, by, s.tell(ctx, tx, p.id, TemplateWelcome, nil)
}

// DeskAdmission is a person who becomes a customer at the counter: the code went to his phone, he chose the password at
// the keypad, and agreed to the texts there.
type DeskAdmission struct {
	Code       auth.CodeAnswer
	Password   crypto.Secret
	Consents   []Choice
	Locale     i18n.Locale
	HomeBranch string
}

// RegisterAtCounter makes a customer whom staff serve; nobody is signed in by it. The act is the teller's.
// Errors: ErrStaff, and as of Register.
func (s *Service) RegisterAtCounter(ctx context.Context, by act.By, d DeskAdmission) (Customer, error) {
	if by.Kind != act.Staff || by.Channel != act.Branch {
		return Customer{}, ErrStaff
	}
	if err := checkAdmission(d.Consents); err != nil {
		return Customer{}, err
	}
	d.Code.Purpose = auth.CodeRegister
	contact, err := s.auth.CheckCode(ctx, by, d.Code)
	if err != nil {
		return Customer{}, err
	}
	if _, taken := contact.Principal(); taken {
		return Customer{}, auth.ErrContactTaken
	}
	password, err := s.auth.HashPassword(ctx, d.Password, contact.Contact().Value)
	if err != nil {
		return Customer{}, err
	}
	return s.Admit(ctx, by, Admission{Contact: contact, Password: password, Consents: d.Consents, Locale: d.Locale, HomeBranch: d.HomeBranch})
}
