// Package access knows the people who work for the bank, where they work, and what they may do.
//
// Its words:
//
//   - A Staff member is invited, becomes active with a password and a second factor (package auth), may be suspended,
//     and leaves for good: invited → active ⇄ suspended → left.
//   - A Branch stands in a tree below the head office. Its path names all branches above it: /0001/0200/0213/.
//   - A Role is what somebody works as. An Assignment gives a role at a branch, and below it, from one day to another.
//   - A Permission names one thing that can be done, as "customer.view"; the room whose act it is gives the name.
//   - A Purpose says what it is done for. The same look at a customer is right for who serves him and wrong for who
//     sells to him.
//   - A Policy (policies/*.cedar, in the Cedar language) permits or forbids. What no policy permits is denied, and one
//     that forbids outweighs all that permit.
//   - A Scope is the part of the bank in which somebody may do something. Every list for staff takes one, and it
//     stands in the list's SQL.
//   - A Tie names a customer whom a member of staff may not serve: himself or a relative.
//   - A Look is one reveal of a masked field; an Alert tells compliance of looks that are not like work.
//
// A role holds only where it was given: who asks about something at a branch has the roles that reach this branch.
//
//	d, err := access.Decide(ctx, access.Question{Staff: who, Permission: "customer.freeze_for_bank", Purpose: access.Risk,
//		About: access.Subject{Customer: customer, Branch: "0213"}})
//	if !d.Allowed { return access.ErrDenied }
//
// Policies are parsed once. An answer takes some microseconds and no query, because staff and branches are remembered
// for a few seconds: a change on this node holds at once, one on another node a few seconds later.
package access

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "access", Files: files} }

// ErrDenied says that no policy permits what was asked, or that one forbids it.
var ErrDenied = fault.New(fault.Denied, "access.denied")

// Rules answers what a figure is on a day; records/rule is one.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
	Amount(ctx context.Context, key string, on clock.Date) (money.Amount, error)
}

// Days says on which day of the bank an instant falls; records/day is one.
type Days interface {
	Date(t time.Time) clock.Date
	Zone() *time.Location
}

// Auditor keeps the record of acts; records/audit is one.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Vault seals personal fields; platform/vault is one.
type Vault interface {
	SealText(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, text string) ([]byte, error)
	OpenText(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) (string, error)
}

// Factors keep who can sign in, and how; parties/auth is one.
type Factors interface {
	Invite(ctx context.Context, tx *db.Tx, by act.By, who auth.Principal, mail auth.Contact) (auth.Invitation, error)
	InviteAgain(ctx context.Context, tx *db.Tx, by act.By, who auth.Principal) (auth.Invitation, error)
	SetState(ctx context.Context, tx *db.Tx, by act.By, who auth.Principal, to auth.State) error
	Contacts(ctx context.Context, tx *db.Tx, who auth.Principal) ([]auth.Contact, error)
}

// Messenger sends mail to staff; records/notify is one.
type Messenger interface {
	SendCode(ctx context.Context, tx *db.Tx, c notify.Code) error
}

// Parts is what the room works with.
type Parts struct {
	DB        *db.DB
	Clock     clock.Clock
	Ring      *crypto.Ring
	Vault     Vault
	Rules     Rules
	Days      Days
	Audit     Auditor
	Auth      Factors
	Messenger Messenger
	Link      func(invitation crypto.Secret) string // where the console takes invitations
}

// Service keeps staff and decides. It is safe for concurrent use.
type Service struct {
	Parts
	policies *policies
	seen     *memory
}

// New makes the room. It refuses policies that cannot be read.
func New(p Parts) (*Service, error) {
	read, err := readPolicies()
	if err != nil {
		return nil, fmt.Errorf("read the policies: %w", err)
	}
	return &Service{Parts: p, policies: read, seen: newMemory()}, nil
}

// note is one act for the audit log.
type note struct {
	act     string
	subject string
	of      id.Customer
	refused error
	detail  map[string]string
}

func (s *Service) record(ctx context.Context, tx *db.Tx, by act.By, n note) error {
	r := audit.Record{By: by, Act: n.act, Subject: n.subject, Customer: n.of, Outcome: audit.Done, Detail: n.detail}
	if n.refused != nil {
		r.Outcome, r.Code = audit.Refused, fault.CodeOf(n.refused)
	}
	if err := s.Audit.Append(ctx, tx, []audit.Record{r}); err != nil {
		return fmt.Errorf("record %s: %w", n.act, err)
	}
	return nil
}
