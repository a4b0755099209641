// Package notify tells customers what happened: in the inbox of the app, by mail and by SMS.
//
// Its words:
//
//   - A Template is a kind of message. The domain that sends it registers it, and brings its texts in three languages.
//   - A Notice is one message to one customer. It is written in the transaction of the act that it tells about.
//   - A Category says what messages are about. People choose by category and Channel what reaches them where. What is
//     about their security, and what tells of their money in the inbox, cannot be switched off; offers are off until
//     somebody asks for them, and do not leave at night.
//   - A Code is a one-time code. It asks for no preference and goes to whoever is to prove that he has the phone.
//   - A delivery is one attempt to reach somebody outside the app: pending → sent → delivered or undelivered, or
//     pending → failed (refused for good, or too often) or skipped (nowhere to go, too late). What it says is sealed
//     while it is on its way and wiped when it is over: the log of deliveries has no content.
//
// Texts are not stored. A message keeps its template and its sealed parameters, and is written in the reader's language
// when it is read:
//
//	err := notify.Send(ctx, tx, []notify.Notice{{
//		Customer: payee, Template: "payment.received", Subject: string(t.ID),
//		Params: map[string]string{"amount": notify.Amount(t.Amount), "payer": masked},
//	}})
package notify

import (
	"context"
	"embed"
	"errors"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/outbound"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/id"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "notify", Files: files} }

// The ways in which telling somebody fails.
var (
	// ErrTemplate says that a template was never registered, or not whole; it is ours to mend.
	ErrTemplate = fault.New(fault.Internal, "notify.bad_template")
	// ErrNoChannel says that the bank has no way to such an address: no mail server, no gateway.
	ErrNoChannel = fault.New(fault.Rejected, "notify.no_channel")
	// ErrUnknown says that the customer has no such message.
	ErrUnknown = fault.New(fault.NotFound, "notify.unknown")
	// ErrChoice refuses a choice between categories or channels that do not exist.
	ErrChoice = fault.New(fault.Invalid, "notify.bad_choice")
	// ErrFixed refuses to switch off what must reach a customer.
	ErrFixed = fault.New(fault.Rejected, "notify.fixed")
	// ErrNotDemo says that this bank keeps no copies of what it sends.
	ErrNotDemo = fault.New(fault.NotFound, "notify.not_demo")
)

// Category is what a message is about.
type Category string

// The categories.
const (
	CategorySecurity    Category = "security"    // sign-ins, factors, devices
	CategoryTransaction Category = "transaction" // money that moved
	CategoryService     Category = "service"     // verification, limits, complaints
	CategoryMarketing   Category = "marketing"   // offers
)

// Categories lists them, in the order in which people are shown them.
func Categories() []Category {
	return []Category{CategorySecurity, CategoryTransaction, CategoryService, CategoryMarketing}
}

// Channel is a way to a person.
type Channel string

// The channels.
const (
	Inbox Channel = "inbox"
	Mail  Channel = "mail"
	SMS   Channel = "sms"
)

// Channels lists them, in the order in which people are shown them.
func Channels() []Channel { return []Channel{Inbox, Mail, SMS} }

// Contact is where a customer can be reached, and in which language. Empty fields are no way.
type Contact struct {
	Phone  string // +8613800138000
	Email  string
	Locale i18n.Locale
}

// Directory knows where customers can be reached; parties/customer is one.
type Directory interface {
	Contact(ctx context.Context, tx *db.Tx, customer id.Customer) (Contact, error)
}

// DirectoryFunc is a Directory made of a function: for those who make the directory after this room.
type DirectoryFunc func(ctx context.Context, tx *db.Tx, customer id.Customer) (Contact, error)

// Contact asks the function.
func (f DirectoryFunc) Contact(ctx context.Context, tx *db.Tx, customer id.Customer) (Contact, error) {
	return f(ctx, tx, customer)
}

// Rules answers what a figure is on a day; records/rule is one.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
}

// Vault seals personal fields; platform/vault is one.
type Vault interface {
	Prepare(ctx context.Context, tx *db.Tx, owners []string) error
	Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error)
}

// Auditor keeps the record of acts; records/audit is one.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Jobs runs work later; platform/job is one.
type Jobs interface {
	Register(kind string, o job.Options, h job.Handler) error
	Every(name, spec, kind string) error
	Enqueue(ctx context.Context, tx *db.Tx, requests ...job.Request) error
}

// Parts is what the room works with.
type Parts struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location // of the bank: its nights, its dates
	Catalog   *i18n.Catalog
	Vault     Vault
	Rules     Rules
	Audit     Auditor
	Jobs      Jobs
	Directory Directory
	Mailer    outbound.Mailer // nil when the bank has no mail server
	SMS       outbound.SMS    // nil when the bank has no gateway
	Demo      bool            // keep a copy of everything that is sent, in clear, for /dev/inbox; needs no mailer or gateway
	InboxOnly bool            // nothing leaves the bank: while a demo year is lived through
}

// Service sends and keeps messages. It is safe for concurrent use.
type Service struct {
	parts     Parts
	mu        sync.RWMutex
	templates map[string]Template
}

const (
	kindDeliver = "notify.deliver"
	kindPurge   = "notify.purge"
)

// New makes the room and registers its jobs, which therefore start after it.
func New(p Parts) (*Service, error) {
	s := &Service{parts: p, templates: make(map[string]Template)}
	return s, errors.Join(
		p.Jobs.Register(kindDeliver, job.Options{Attempts: attemptsMost, Timeout: time.Minute, Backoff: 3 * time.Second}, s.deliver),
		p.Jobs.Register(kindPurge, job.Options{Timeout: 10 * time.Minute}, s.purge),
		p.Jobs.Every(kindPurge, "40 3 * * *", kindPurge),
	)
}

// today is the bank's day of an instant, for its rules.
func (s *Service) today(at time.Time) clock.Date { return clock.DateOf(at, s.parts.Zone) }
