package customer

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The fields of blind indexes.
const (
	fieldNumber = "customer.id_number"
	fieldName   = "customer.name"
)

func (s *Service) numberIndexes(n IDNumber) [][]byte {
	return s.ring.Indexes(fieldNumber, n.Reveal())
}

// place says where a sealed field of this room stands.
func place(table, column, row string) crypto.AAD {
	return crypto.AAD{Table: "customer_" + table, Column: column, Row: row}
}

// sealed seals a text under a customer's key; an empty one stays NULL.
func (s *Service) sealed(ctx context.Context, tx *db.Tx, owner id.Customer, at crypto.AAD, text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	return s.vault.Seal(ctx, tx, string(owner), at, []byte(text))
}

func (s *Service) opened(ctx context.Context, tx *db.Tx, owner id.Customer, at crypto.AAD, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := s.vault.Open(ctx, tx, string(owner), at, sealed)
	return string(plain), err
}

// storedNumber is a number that was checked when it was stored.
func storedNumber(digits string) (IDNumber, error) {
	if digits == "" {
		return IDNumber{}, nil
	}
	if len(digits) != idNumberLength {
		return IDNumber{}, fmt.Errorf("stored ID number: %w", ErrIDNumberForm)
	}
	birth, err := clock.ParseDate(digits[6:10] + "-" + digits[10:12] + "-" + digits[12:14])
	if err != nil {
		return IDNumber{}, fmt.Errorf("stored ID number: %w", ErrIDNumberBirth)
	}
	return IDNumber{digits: digits, birth: birth}, nil
}

// sealedPerson is a row of customer_person, as it is stored.
type sealedPerson struct {
	person
	sealedNickname, sealedName, sealedNumber []byte
}

// open opens the personal fields of a row. Those of an erased customer are gone, and empty.
func (s *Service) open(ctx context.Context, tx *db.Tx, row sealedPerson) (person, error) {
	p := row.person
	if !p.erasedAt.IsZero() {
		return p, nil
	}
	var err error
	if p.nickname, err = s.opened(ctx, tx, p.id, place("person", "nickname", string(p.id)), row.sealedNickname); err != nil {
		return person{}, err
	}
	name, err := s.opened(ctx, tx, p.id, place("person", "name", string(p.id)), row.sealedName)
	if err != nil {
		return person{}, err
	}
	digits, err := s.opened(ctx, tx, p.id, place("person", "id_number", string(p.id)), row.sealedNumber)
	if err != nil {
		return person{}, err
	}
	p.name = Name{full: name}
	p.number, err = storedNumber(digits)
	return p, err
}

// person reads one customer. Error: ErrUnknown.
func (s *Service) person(ctx context.Context, tx *db.Tx, customer id.Customer) (person, error) {
	all, err := s.people(ctx, tx, []id.Customer{customer})
	if err == nil && len(all) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return person{}, err
	}
	return all[0], nil
}

// people reads customers, with one statement for the rows and one for the keys.
func (s *Service) people(ctx context.Context, tx *db.Tx, customers []id.Customer) ([]person, error) {
	if len(customers) == 0 {
		return nil, nil
	}
	rows, err := listPeople(ctx, tx, customers)
	if err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	owners := make([]string, 0, len(rows))
	for _, row := range rows {
		if row.erasedAt.IsZero() {
			owners = append(owners, string(row.id))
		}
	}
	if err := s.vault.Prepare(ctx, tx, owners); err != nil {
		return nil, err
	}
	all := make([]person, 0, len(rows))
	for _, row := range rows {
		p, err := s.open(ctx, tx, row)
		if err != nil {
			return nil, fmt.Errorf("open customer %s: %w", row.id, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// lock reads one customer for a change. Error: ErrUnknown.
func (s *Service) lock(ctx context.Context, tx *db.Tx, customer id.Customer) (person, error) {
	row, found, err := lockPerson(ctx, tx, customer)
	if err != nil {
		return person{}, fmt.Errorf("lock customer: %w", err)
	}
	if !found {
		return person{}, ErrUnknown
	}
	return s.open(ctx, tx, row)
}

// save writes a changed customer.
func (s *Service) save(ctx context.Context, tx *db.Tx, p person) error {
	row := sealedPerson{person: p}
	var err error
	if row.sealedNickname, err = s.sealed(ctx, tx, p.id, place("person", "nickname", string(p.id)), p.nickname); err != nil {
		return err
	}
	if row.sealedName, err = s.sealed(ctx, tx, p.id, place("person", "name", string(p.id)), p.name.Reveal()); err != nil {
		return err
	}
	if row.sealedNumber, err = s.sealed(ctx, tx, p.id, place("person", "id_number", string(p.id)), p.number.Reveal()); err != nil {
		return err
	}
	var index []byte
	if !p.name.IsZero() {
		index = s.ring.Index(fieldName, p.name.Reveal())
	}
	if err := updatePerson(ctx, tx, row, index); err != nil {
		return fmt.Errorf("save customer %s: %w", p.id, err)
	}
	return nil
}

// sealedVerification is a row of customer_verification, as it is stored.
type sealedVerification struct {
	verification
	sealedName, sealedNumber []byte
}

func (s *Service) openVerification(ctx context.Context, tx *db.Tx, row sealedVerification) (verification, error) {
	v := row.verification
	name, err := s.opened(ctx, tx, v.customer, place("verification", "name", string(v.id)), row.sealedName)
	if err != nil {
		return verification{}, err
	}
	digits, err := s.opened(ctx, tx, v.customer, place("verification", "id_number", string(v.id)), row.sealedNumber)
	if err != nil {
		return verification{}, err
	}
	v.name = Name{full: name}
	v.number, err = storedNumber(digits)
	return v, err
}

// newest is the last way of a customer through the wizard.
func (s *Service) newest(ctx context.Context, tx *db.Tx, customer id.Customer) (verification, bool, error) {
	row, found, err := newestVerification(ctx, tx, customer)
	if err != nil || !found {
		return verification{}, false, err
	}
	v, err := s.openVerification(ctx, tx, row)
	return v, err == nil, err
}

func (s *Service) findVerification(ctx context.Context, tx *db.Tx, which id.Verification) (verification, bool, error) {
	row, found, err := findVerification(ctx, tx, which)
	if err != nil || !found {
		return verification{}, false, err
	}
	v, err := s.openVerification(ctx, tx, row)
	return v, err == nil, err
}

func (s *Service) listUnfinished(ctx context.Context, tx *db.Tx, before time.Time, limit int) ([]verification, error) {
	rows, err := listUnfinished(ctx, tx, before, limit)
	if err != nil {
		return nil, err
	}
	all := make([]verification, 0, len(rows))
	for _, row := range rows {
		all = append(all, row.verification)
	}
	return all, nil
}

func (s *Service) insertVerification(ctx context.Context, tx *db.Tx, v verification) error {
	row := sealedVerification{verification: v}
	var err error
	if row.sealedName, err = s.sealed(ctx, tx, v.customer, place("verification", "name", string(v.id)), v.name.Reveal()); err != nil {
		return err
	}
	row.sealedNumber, err = s.sealed(ctx, tx, v.customer, place("verification", "id_number", string(v.id)), v.number.Reveal())
	if err != nil {
		return err
	}
	if err := insertVerification(ctx, tx, row, s.numberIndexes(v.number)[0]); err != nil {
		return fmt.Errorf("keep verification: %w", err)
	}
	return nil
}

// reindexBatch is how many customers Reindex moves in one transaction.
const reindexBatch = 200

// Reindex writes the blind indexes of names and ID numbers under the current generation, in short transactions, and says
// how many customers there were. Run it after the index keys were rotated; then the old generation can be retired.
func (s *Service) Reindex(ctx context.Context) (int64, error) {
	var moved int64
	var after id.Customer
	for {
		var some []id.Customer
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			var err error
			if some, err = listKnown(ctx, tx, after, reindexBatch); err != nil {
				return err
			}
			for _, customer := range some {
				p, err := s.lock(ctx, tx, customer)
				if err != nil {
					return err
				}
				if err := moveIdentity(ctx, tx, customer, s.numberIndexes(p.number)[0]); err != nil {
					return err
				}
				if err := s.save(ctx, tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return moved, fmt.Errorf("reindex customers: %w", err)
		}
		moved += int64(len(some))
		if len(some) < reindexBatch {
			return moved, nil
		}
		after = some[len(some)-1]
	}
}
