// Package deposit keeps the accounts that customers hold with the bank.
//
// An account is opened under the terms of a product version, may be stopped and thawed, and is closed at zero:
// open → closed. While a restraint of the ledger forbids a direction, people see it as frozen; its own state does
// not change. Deposit never stores a balance: package ledger keeps it, under the same id.
//
// Personal accounts have a class (银发〔2016〕261号). Class I does everything, one for each person. Class II and III
// have limits that a law counts across all channels: limit.go owns every such counter, and the limits that the
// customer sets for himself. Who moves much through class III accounts is asked for a document: see identify.go.
//
//	account, err := deposits.Open(ctx, by, deposit.Opening{Customer: customer, Product: "current_1"})
package deposit

import (
	"context"
	"embed"
	"time"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "deposit", Files: files} }

// What deposit refuses, and why.
var (
	// ErrNotFound says that there is no such account, or that it is another's.
	ErrNotFound = fault.New(fault.NotFound, "deposit.account_not_found")
	// ErrLevel says that the person is not verified far enough for the product.
	ErrLevel = fault.New(fault.Rejected, "deposit.verification_needed")
	// ErrCount says that the person has as many accounts of the class as a regulation allows.
	ErrCount = fault.New(fault.Rejected, "deposit.too_many_accounts")
	// ErrClosed says that the account is closed.
	ErrClosed = fault.New(fault.Conflict, "deposit.account_closed")
	// ErrNotEmpty says that an account with money, holds or restraints cannot be closed.
	ErrNotEmpty = fault.New(fault.Conflict, "deposit.account_not_empty")
	// ErrOpenAccounts keeps a customer from leaving the bank while he holds accounts.
	ErrOpenAccounts = fault.New(fault.Conflict, "deposit.accounts_open")
	// ErrStopped says that the account is stopped already, or that there is no stop of the customer's to lift.
	ErrStopped = fault.New(fault.Conflict, "deposit.stop_state")
	// ErrNickname refuses a nickname of more than 20 characters.
	ErrNickname = fault.New(fault.Invalid, "deposit.bad_nickname")
)

// State is the state of an account.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Account is an account of a customer.
type Account struct {
	ID           id.Account
	Customer     id.Customer
	Class        int
	Product      string
	TermsVersion int
	Currency     money.Currency
	Branch       string
	State        State
	Tail         string // last four digits of its number
	OpenedAt     time.Time
	ClosedAt     time.Time
}

// Holding is an account as its holder sees it.
type Holding struct {
	Account
	Number   string // in full
	Nickname string
	Balance  ledger.Balance
}

// Frozen says that a restraint forbids money to leave, or to move at all.
func (h Holding) Frozen() bool { return h.Balance.Restraint != ledger.Unrestrained }

// Books is the part of the ledger that deposit needs.
type Books interface {
	Open(ctx context.Context, tx *db.Tx, accounts []ledger.Account) error
	Close(ctx context.Context, tx *db.Tx, account string) error
	Balances(ctx context.Context, tx *db.Tx, accounts []string) (map[string]ledger.Balance, error)
}

// Daybook is the part of the ledger that interest needs: what accounts held at the end of each day, and journals.
type Daybook interface {
	Post(ctx context.Context, tx *db.Tx, journals []ledger.Journal) ([]ledger.Outcome, error)
	Closings(ctx context.Context, tx *db.Tx, accounts []string, from, to clock.Date) (map[string][]ledger.Closing, error)
	BackValued(ctx context.Context, tx *db.Tx, accounts []string, booked clock.Date) (map[string][]ledger.Shift, error)
	TrialBalance(ctx context.Context, tx *db.Tx, on clock.Date) ([]ledger.Total, error)
}

// Proofs decides the proofs of acts that move money.
type Proofs interface {
	Prove(ctx context.Context, tx *db.Tx, proofs []auth.Proof) ([]auth.ProofResult, error)
}

// Blocks knows who may move nothing.
type Blocks interface {
	Blocked(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]error, error)
}

// Tokens seals what a client carries between check and confirm.
type Tokens interface {
	SealToken(p crypto.Purpose, plain []byte, bounds ...string) string
	OpenToken(p crypto.Purpose, token string, bounds ...string) ([]byte, error)
}

// Restrainer is the part of the ledger that stops and thaws accounts.
type Restrainer interface {
	Freeze(ctx context.Context, tx *db.Tx, restraints []ledger.Restraint) ([]ledger.FreezeOutcome, error)
	Thaw(ctx context.Context, tx *db.Tx, by act.By, restraints []id.Freeze) ([]error, error)
	Restraints(ctx context.Context, tx *db.Tx, account string) ([]ledger.Restraint, error)
	Lock(ctx context.Context, tx *db.Tx, accounts []string) (map[string]ledger.Balance, error)
}

// Days knows the business date.
type Days interface {
	Today(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Zone() *time.Location
}

// Rules answers dated figures.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Amount(ctx context.Context, key string, on clock.Date) (money.Amount, error)
	Decimal(ctx context.Context, key string, on clock.Date) (decimal.Decimal, error)
	Bool(ctx context.Context, key string, on clock.Date) (bool, error)
}

// Persons knows how far a person is verified.
type Persons interface {
	Find(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]customer.Customer, error)
}

// Vault seals what belongs to a customer.
type Vault interface {
	SealText(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain string) ([]byte, error)
	OpenText(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) (string, error)
}

// Index makes blind indexes of account numbers.
type Index interface {
	Index(field, normalised string) []byte
	Indexes(field, normalised string) [][]byte
}

// Auditor keeps what was done.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Publisher tells others.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Messenger sends messages to customers.
type Messenger interface {
	Send(ctx context.Context, tx *db.Tx, notices []notify.Notice) error
}

// Prover consumes the proof of a step-up.
type Prover interface {
	UseProof(ctx context.Context, tx *db.Tx, by act.By, p auth.Purpose, proof crypto.Secret, methods ...auth.Method) error
}

// Needs are the rooms that deposit stands on.
type Needs struct {
	DB         *db.DB
	Books      Books
	Restrainer Restrainer
	Days       Days
	Rules      Rules
	Catalog    *catalog.Catalog
	Persons    Persons
	Vault      Vault
	Index      Index
	Audit      Auditor
	Events     Publisher
	Prover     Prover
	Prefix     string // of account numbers
	Daybook    Daybook
	Proofs     Proofs
	Blocks     Blocks
	Tokens     Tokens
	Messages   Messenger
}

// Service keeps the accounts. It is safe for concurrent use.
type Service struct{ Needs }

// New makes the service.
func New(n Needs) *Service { return &Service{n} }
