package customer

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a look of staff is refused.
var (
	// ErrSearch wants a whole name, ID number, phone number or mail address: nothing is found by a part.
	ErrSearch = fault.New(fault.Invalid, "customer.bad_search")
	// ErrNoPicture says that a verification has no such picture.
	ErrNoPicture = fault.New(fault.NotFound, "customer.no_picture")
)

// Search is what staff look a person up by: exactly one field is set, and it must be whole.
type Search struct {
	Contact string // phone or mail address
	Number  string // ID number
	Name    string
	After   id.Customer // of a page before, for names
	Limit   int
}

// Search finds customers in a part of the bank by exact match of a blind index. Errors: ErrSearch, the faults of contacts.
func (s *Service) Search(ctx context.Context, in access.Scope, q Search) ([]Customer, error) {
	var all []Customer
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := s.lookUp(ctx, tx, in, q)
		if err != nil {
			return err
		}
		all, err = s.within(ctx, tx, in, found)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search customers: %w", err)
	}
	return all, nil
}

func (s *Service) lookUp(ctx context.Context, tx *db.Tx, in access.Scope, q Search) ([]id.Customer, error) {
	switch {
	case q.Contact != "":
		contact, err := auth.ParseContact(q.Contact)
		if err != nil {
			return nil, err
		}
		who, found, err := s.auth.Find(ctx, tx, contact)
		if err != nil || !found {
			return nil, err
		}
		customer, err := id.Parse[id.Customer](string(who))
		if err != nil {
			return nil, nil //nolint:nilerr // the contact is a member of staff's
		}
		return []id.Customer{customer}, nil
	case q.Number != "":
		number, err := ParseIDNumber(q.Number, s.days.Date(tx.Now()))
		if err != nil {
			return nil, ErrSearch.At("idNumber")
		}
		return listIdentities(ctx, tx, s.numberIndexes(number))
	case q.Name != "":
		name := strings.TrimSpace(q.Name)
		if ValidName(name) != nil {
			return nil, ErrSearch.At("name")
		}
		return listNamed(ctx, tx, in, named{s.ring.Indexes(fieldName, name), q.After, page(q.Limit)})
	}
	return nil, ErrSearch
}

// within opens those of a list that stand in a part of the bank, in the order of the list.
func (s *Service) within(ctx context.Context, tx *db.Tx, in access.Scope, customers []id.Customer) ([]Customer, error) {
	if len(customers) == 0 {
		return nil, nil
	}
	reached, err := listReached(ctx, tx, in, customers)
	if err != nil {
		return nil, fmt.Errorf("read home branches: %w", err)
	}
	people, err := s.people(ctx, tx, reached)
	if err != nil {
		return nil, err
	}
	byID := make(map[id.Customer]Customer, len(people))
	for _, p := range people {
		byID[p.id] = p.shown()
	}
	var all []Customer
	for _, c := range customers {
		if p, found := byID[c]; found {
			all = append(all, p)
			delete(byID, c)
		}
	}
	return all, nil
}

// Within is one customer, if he stands in a part of the bank. Error: ErrUnknown.
func (s *Service) Within(ctx context.Context, tx *db.Tx, in access.Scope, customer id.Customer) (Customer, error) {
	all, err := s.within(ctx, tx, in, []id.Customer{customer})
	if err != nil {
		return Customer{}, err
	}
	if len(all) == 0 {
		return Customer{}, ErrUnknown
	}
	return all[0], nil
}

// Reveal is a field of a customer, whole. Package access has decided that it may be seen and why; the look goes into
// the customer's own access log. Errors: ErrUnknown, access.ErrField for what is not kept here.
func (s *Service) Reveal(ctx context.Context, tx *db.Tx, by act.By, customer id.Customer, f access.Field) (string, error) {
	p, err := s.person(ctx, tx, customer)
	if err != nil {
		return "", err
	}
	value := ""
	switch f {
	case access.FieldName:
		value = p.name.Reveal()
	case access.FieldID:
		value = p.number.Reveal()
	case access.FieldPhone, access.FieldMail:
		contacts, err := s.auth.Contacts(ctx, tx, auth.Principal(customer))
		if err != nil {
			return "", err
		}
		for _, c := range contacts {
			if (c.Kind == auth.Phone) == (f == access.FieldPhone) {
				value = c.Value
			}
		}
	default:
		return "", access.ErrField
	}
	return value, s.LogAccess(ctx, tx, by, []Access{{Customer: customer, Purpose: AccessReveal(by.Reason), Fields: "customer.fields_" + string(f)}})
}

// AccessReveal is the code under which the customer reads why a field was revealed.
func AccessReveal(reason string) string { return "customer.access_" + reason }

// File is a case with what a person needs to decide it.
type File struct {
	Case
	Name     Name
	IDNumber IDNumber
	Pictures []string // front, back, face: those that are there
}

// File opens a case. That is a look at the person's data, and goes into his access log. Errors: ErrStaff, ErrCase.
func (s *Service) File(ctx context.Context, by act.By, in access.Scope, v id.Verification) (File, error) {
	var f File
	err := s.openCase(ctx, by, in, v, func(_ *db.Tx, row verification, c Customer) error {
		f = File{
			Case: Case{ID: row.id, Customer: row.customer, HomeBranch: c.HomeBranch, Step: row.step, Reason: row.reason, SubmittedAt: row.submittedAt},
			Name: row.name, IDNumber: row.number,
		}
		for _, name := range []string{string(Front), string(Back), "face"} {
			if row.shot(name) != "" {
				f.Pictures = append(f.Pictures, name)
			}
		}
		return nil
	})
	return f, err
}

// CasePicture is a picture of a case: front, back or face. Errors: ErrStaff, ErrCase, ErrNoPicture.
func (s *Service) CasePicture(ctx context.Context, by act.By, in access.Scope, v id.Verification, name string) (blob.Blob, error) {
	var picture blob.Blob
	err := s.openCase(ctx, by, in, v, func(tx *db.Tx, row verification, _ Customer) error {
		b := row.shot(name)
		if b == "" {
			return ErrNoPicture
		}
		var err error
		picture, err = s.blobs.Get(ctx, tx, string(row.customer), string(b))
		return err
	})
	return picture, err
}

// openCase reads a verification that waits for a person, in the part of the bank that the reader reaches.
func (s *Service) openCase(ctx context.Context, by act.By, in access.Scope, v id.Verification, read func(*db.Tx, verification, Customer) error) error {
	if by.Kind != act.Staff {
		return ErrStaff
	}
	return s.write(ctx, func(tx *db.Tx) error {
		row, found, err := s.findVerification(ctx, tx, v)
		if err != nil {
			return err
		}
		if !found || row.state != ManualReview {
			return ErrCase
		}
		c, err := s.Within(ctx, tx, in, row.customer)
		if err != nil {
			return ErrCase.Because(err)
		}
		if err := read(tx, row, c); err != nil {
			return err
		}
		return s.LogAccess(ctx, tx, by, []Access{{Customer: row.customer, Purpose: AccessReview, Fields: FieldsIdentity}})
	})
}

// shot is a picture of a verification by its name; empty when it was not taken.
func (v verification) shot(name string) id.Blob {
	switch name {
	case string(Front):
		return v.front
	case string(Back):
		return v.back
	case "face":
		return v.face
	}
	return ""
}
