package payment

import (
	"context"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const nicknameMax = 20 // characters

// Payee is an entry of a person's payee book.
type Payee struct {
	ID       id.Payee
	Name     string // masked, as it was when it was kept
	Number   string // masked
	Nickname string
	PaidAt   time.Time // last time the person paid it; zero when never
	MadeAt   time.Time
}

// payeeRow is a row as it stands, its personal fields sealed.
type payeeRow struct {
	Payee
	name, number, nickname []byte
}

func payeeField(column string, payee id.Payee) crypto.AAD {
	return crypto.AAD{Table: "payment_payee", Column: column, Row: string(payee)}
}

// Payees is the caller's payee book, those paid last first.
func (s *Service) Payees(ctx context.Context, by act.By) ([]Payee, error) {
	var out []Payee
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := payeesOf(ctx, tx, by.Customer())
		if err != nil {
			return err
		}
		for _, r := range rows {
			p, err := s.openPayee(ctx, tx, by.Customer(), r)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

func (s *Service) openPayee(ctx context.Context, tx *db.Tx, owner id.Customer, r payeeRow) (Payee, error) {
	for _, f := range []struct {
		column string
		sealed []byte
		to     *string
	}{{"name", r.name, &r.Name}, {"number", r.number, &r.Number}, {"nickname", r.nickname, &r.Nickname}} {
		if f.sealed == nil {
			continue
		}
		plain, err := s.Vault.Open(ctx, tx, string(owner), payeeField(f.column, r.ID), f.sealed)
		if err != nil {
			return Payee{}, fmt.Errorf("open %s of %s: %w", f.column, r.ID, err)
		}
		*f.to = string(plain)
	}
	return r.Payee, nil
}

// AddPayee keeps a payee in the caller's book. Errors: what Resolve refuses, ErrPayeeExists, ErrPayeesFull.
func (s *Service) AddPayee(ctx context.Context, by act.By, ref PayeeRef, nickname string) (Payee, error) {
	if utf8.RuneCountInString(nickname) > nicknameMax {
		return Payee{}, ErrBadNickname.At("/nickname")
	}
	if err := s.resolve(ctx, by, &ref); err != nil {
		return Payee{}, err
	}
	var p Payee
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.roomForPayee(ctx, tx, by.Customer()); err != nil {
			return err
		}
		p = Payee{ID: id.New[id.Payee](tx.Now()), Name: ref.found.Name, Number: ref.found.Number, Nickname: nickname, MadeAt: tx.Now()}
		row, err := s.sealPayee(ctx, tx, by.Customer(), p)
		if err != nil {
			return err
		}
		if err := insertPayee(ctx, tx, by.Customer(), ref.found.Account, row); err != nil {
			return err
		}
		return s.note(ctx, tx, by, actAddPayee, string(p.ID))
	})
	if db.IsUnique(err) {
		return Payee{}, ErrPayeeExists
	}
	return p, err
}

func (s *Service) roomForPayee(ctx context.Context, tx *db.Tx, owner id.Customer) error {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return err
	}
	most, err := s.Rules.Int(ctx, "payment.payee.most_count", today)
	if err != nil {
		return err
	}
	have, err := countPayees(ctx, tx, owner)
	if err != nil {
		return err
	}
	if have >= most {
		return ErrPayeesFull.With("max", strconv.FormatInt(most, 10))
	}
	return nil
}

func (s *Service) sealPayee(ctx context.Context, tx *db.Tx, owner id.Customer, p Payee) (payeeRow, error) {
	r := payeeRow{Payee: p}
	for _, f := range []struct {
		column, plain string
		to            *[]byte
	}{{"name", p.Name, &r.name}, {"number", p.Number, &r.number}, {"nickname", p.Nickname, &r.nickname}} {
		if f.plain == "" {
			continue
		}
		sealed, err := s.Vault.Seal(ctx, tx, string(owner), payeeField(f.column, p.ID), []byte(f.plain))
		if err != nil {
			return r, fmt.Errorf("seal %s: %w", f.column, err)
		}
		*f.to = sealed
	}
	return r, nil
}

// RenamePayee changes a nickname; empty takes it away. Errors: ErrPayee, ErrBadNickname.
func (s *Service) RenamePayee(ctx context.Context, by act.By, payee id.Payee, nickname string) error {
	if utf8.RuneCountInString(nickname) > nicknameMax {
		return ErrBadNickname.At("/nickname")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		row, err := s.sealPayee(ctx, tx, by.Customer(), Payee{ID: payee, Nickname: nickname})
		if err != nil {
			return err
		}
		n, err := setPayeeNickname(ctx, tx, by.Customer(), payee, row.nickname)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrPayee
		}
		return s.note(ctx, tx, by, actRenamePayee, string(payee))
	})
}

// RemovePayee takes a payee out of the book. Errors: ErrPayee.
func (s *Service) RemovePayee(ctx context.Context, by act.By, payee id.Payee) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := deletePayee(ctx, tx, by.Customer(), payee)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrPayee
		}
		return s.note(ctx, tx, by, actRemovePayee, string(payee))
	})
}

func (s *Service) note(ctx context.Context, tx *db.Tx, by act.By, what, subject string) error {
	return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: subject, Customer: by.Customer(), Outcome: audit.Done}})
}
