package customer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Rules answers what a figure is on a day; records/rule is one.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
}

// Days says on which day of the bank an instant falls; records/day is one.
type Days interface {
	Date(t time.Time) clock.Date
}

// Auditor keeps the record of acts; records/audit is one.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Messenger tells customers; records/notify is one.
type Messenger interface {
	Send(ctx context.Context, tx *db.Tx, notices []notify.Notice) error
}

// Vault seals personal fields under the key of their owner; platform/vault is one.
type Vault interface {
	Create(ctx context.Context, tx *db.Tx, owner string) error
	Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error)
	Prepare(ctx context.Context, tx *db.Tx, owners []string) error
	Destroy(ctx context.Context, tx *db.Tx, owner string) error
}

// Doorkeeper lets new customers in; parties/auth is one.
type Doorkeeper interface {
	CheckCode(ctx context.Context, by act.By, a auth.CodeAnswer) (auth.Verified, error)
	HashPassword(ctx context.Context, password crypto.Secret, personal ...string) (auth.NewPassword, error)
	Enrol(ctx context.Context, tx *db.Tx, by act.By, e auth.Enrolment) error
	OpenSession(ctx context.Context, tx *db.Tx, by act.By, c auth.Client, p auth.Principal) (auth.SignedIn, error)
}

// Guard keeps those out who should not be in; parties/auth is one.
type Guard interface {
	UseProof(ctx context.Context, tx *db.Tx, by act.By, p auth.Purpose, proof crypto.Secret, methods ...auth.Method) error
	SetState(ctx context.Context, tx *db.Tx, by act.By, p auth.Principal, to auth.State) error
	EndOtherSessions(ctx context.Context, by act.By) error
	ChangePassword(ctx context.Context, by act.By, c auth.Client, e auth.Evidence, password crypto.Secret) error
}

// Finder brings those back who have lost everything; parties/auth is one.
type Finder interface {
	CountStranger(ctx context.Context, by act.By, number string) error
	ReplaceLostPhone(ctx context.Context, by act.By, c auth.Client, r auth.Reverified) error
}

// Keypad sets the PIN of who is served at a counter; parties/auth is one.
type Keypad interface {
	SetPIN(ctx context.Context, by act.By, c auth.Client, e auth.Evidence, choice auth.PINChoice) error
}

// Contacts knows phones and mail addresses; parties/auth is one.
type Contacts interface {
	Contacts(ctx context.Context, tx *db.Tx, p auth.Principal) ([]auth.Contact, error)
	Find(ctx context.Context, tx *db.Tx, c auth.Contact) (auth.Principal, bool, error)
}

// Auth is what this room needs of parties/auth.
type Auth interface {
	Doorkeeper
	Guard
	Finder
	Contacts
	Keypad
}

// Tie keeps a customer from leaving while it holds: an account that is open, a loan that is not paid back.
type Tie interface {
	// Tied is nil when nothing binds the customer, else a fault that says what does.
	Tied(ctx context.Context, tx *db.Tx, customer id.Customer) error
}

// Exporter gives and erases what one domain keeps about a person.
type Exporter interface {
	// Export is all personal data of the person in this domain, to be written as JSON under a name.
	Export(ctx context.Context, tx *db.Tx, customer id.Customer) (name string, data any, err error)
	// Erase removes what is not sealed under the person's key; the key itself is destroyed afterwards.
	Erase(ctx context.Context, tx *db.Tx, customer id.Customer) error
}

// Branches knows the tree of branches; parties/access is one.
type Branches interface {
	// BranchPath is the path of an open branch: the codes from the head office down to it.
	BranchPath(ctx context.Context, code string) (string, error)
}

// flat is a bank that has a head office and branches right below it.
type flat struct{}

// BranchPath implements Branches.
func (flat) BranchPath(_ context.Context, code string) (string, error) {
	if code == act.HeadOffice {
		return "/" + code + "/", nil
	}
	return "/" + act.HeadOffice + "/" + code + "/", nil
}

// Parts is what the room works with.
type Parts struct {
	DB        *db.DB
	Clock     clock.Clock
	Ring      *crypto.Ring
	Vault     Vault
	Blobs     Blobs
	Jobs      Jobs
	Events    Publisher
	Audit     Auditor
	Rules     Rules
	Days      Days
	Messenger Messenger
	Auth      Auth
	Provider  Provider
	Branches  Branches   // nil: all stand right below the head office
	Ties      []Tie      // of the domains above
	Exporters []Exporter // of all domains; this room's own is always among them
}

// Blobs keeps pictures, sealed; platform/blob is one.
type Blobs interface {
	Put(ctx context.Context, tx *db.Tx, b blob.New) (string, error)
	Get(ctx context.Context, tx *db.Tx, owner, id string) (blob.Blob, error)
	Delete(ctx context.Context, tx *db.Tx, owner, id string) error
}

// Jobs enqueues background work; platform/job is one.
type Jobs interface {
	Enqueue(ctx context.Context, tx *db.Tx, requests ...job.Request) error
}

// Publisher publishes facts; platform/bus is one.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Service keeps customers. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	clock     clock.Clock
	ring      *crypto.Ring
	vault     Vault
	blobs     Blobs
	jobs      Jobs
	events    Publisher
	audit     Auditor
	rules     Rules
	days      Days
	messenger Messenger
	auth      Auth
	provider  Provider
	branches  Branches
	ties      []Tie
	exporters []Exporter
	easels    chan struct{} // one token for each picture that is being drawn
}

// New makes the room.
func New(p Parts) *Service {
	s := &Service{
		db: p.DB, clock: p.Clock, ring: p.Ring, vault: p.Vault, blobs: p.Blobs, jobs: p.Jobs, events: p.Events,
		audit: p.Audit, rules: p.Rules, days: p.Days, messenger: p.Messenger, auth: p.Auth, provider: p.Provider,
		ties: p.Ties, branches: p.Branches, easels: make(chan struct{}, easels),
	}
	if s.branches == nil {
		s.branches = flat{}
	}
	s.exporters = append([]Exporter{ownData{s}}, p.Exporters...)
	return s
}

// kept marks a refusal whose traces (counters, audit) must be committed although the act is refused.
type kept struct{ error }

// write runs fn in a transaction and commits when it succeeds or refuses with kept; other errors roll back.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx) error) error {
	var refusal error
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		refusal = nil
		err := fn(tx)
		if k := (kept{}); errors.As(err, &k) {
			refusal = k.error
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

// change locks the customer who acts, lets fn decide, and saves what it changed.
func (s *Service) change(ctx context.Context, by act.By, fn func(tx *db.Tx, p *person) error) (Customer, error) {
	var after Customer
	err := s.write(ctx, func(tx *db.Tx) error {
		var err error
		after, err = s.changeIn(ctx, tx, by, fn)
		return err
	})
	return after, err
}

// changeIn is change in the caller's transaction.
func (s *Service) changeIn(ctx context.Context, tx *db.Tx, by act.By, fn func(tx *db.Tx, p *person) error) (Customer, error) {
	p, err := s.lock(ctx, tx, by.Customer())
	if err != nil {
		return Customer{}, err
	}
	if err := fn(tx, &p); err != nil {
		return Customer{}, err
	}
	return p.shown(), s.save(ctx, tx, p)
}

// note is one act for the audit log.
type note struct {
	act     string
	subject string
	refused error
	detail  map[string]string
}

func (s *Service) record(ctx context.Context, tx *db.Tx, by act.By, customer id.Customer, n note) error {
	r := audit.Record{By: by, Act: n.act, Subject: n.subject, Customer: customer, Outcome: audit.Done, Detail: n.detail}
	if r.Subject == "" {
		r.Subject = string(customer)
	}
	if n.refused != nil {
		r.Outcome, r.Code = audit.Refused, fault.CodeOf(n.refused)
	}
	if err := s.audit.Append(ctx, tx, []audit.Record{r}); err != nil {
		return fmt.Errorf("record %s: %w", n.act, err)
	}
	return nil
}

// tell sends one message.
func (s *Service) tell(ctx context.Context, tx *db.Tx, customer id.Customer, template string, params map[string]string) error {
	n := notify.Notice{Customer: customer, Template: template, Params: params}
	if err := s.messenger.Send(ctx, tx, []notify.Notice{n}); err != nil {
		return fmt.Errorf("tell %s: %w", template, err)
	}
	return nil
}

// publish tells other rooms a fact about a person, and numbers it.
func (s *Service) publish(ctx context.Context, tx *db.Tx, by act.By, p *person, fact event.Fact) error {
	p.facts++
	h := event.Header{Subject: string(p.id), Sequence: p.facts, Trace: by.Trace}
	e := event.New(tx.Now(), h, fact)
	if err := s.events.Publish(ctx, tx, []bus.Event{e}); err != nil {
		return fmt.Errorf("publish %s: %w", e.Type, err)
	}
	return nil
}

// today is the day of the bank on which an act happens outside a transaction.
func (s *Service) today() clock.Date { return s.days.Date(s.clock.Now()) }
