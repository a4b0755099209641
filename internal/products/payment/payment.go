// Package payment moves money from one customer to another.
//
// A transfer has five beats for the person; two of them are acts of the bank. Check resolves the payee, applies
// limits and screening without using anything up, and returns an Intent: what exactly will be done, sealed, good for
// a few minutes in one session. Send names the intent and proves it, with the payment PIN or with a passkey that
// signs the intent's hash; the proof serves once, and so does the intent.
//
// A transfer is settled at once (real_time), or its money is held and moves about two hours later (ordinary) or the
// next day (next_day); until then the payer may cancel. Screening may delay a transfer, hold it for a person to look
// at, or refuse it. A mistake is reversed by staff, never by the customer:
//
//	settled → reversed
//	delayed → settled | cancelled | refused
//	held    → settled | refused
//	refused, cancelled, reversed: the end
//
// Send is the hot act of the bank: concurrent requests share one commit (send.go), and each is decided alone.
//
//	intent, err := payments.Check(ctx, by, payment.Draft{From: account, To: payment.Payee{Number: number}, Amount: amount})
//	transfer, err := payments.Send(ctx, by, payment.Order{Key: key, Intent: intent.Token, Proof: proof})
package payment

import (
	"context"
	"embed"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "payment", Files: files} }

// What payment refuses, and why.
var (
	ErrNotFound      = fault.New(fault.NotFound, "payment.not_found")
	ErrPayee         = fault.New(fault.NotFound, "payment.payee_not_found")
	ErrPayeeName     = fault.New(fault.Rejected, "payment.payee_name_differs")
	ErrPayeeClosed   = fault.New(fault.Rejected, "payment.payee_cannot_receive")
	ErrSelf          = fault.New(fault.Rejected, "payment.same_account")
	ErrAmount        = fault.New(fault.Invalid, "payment.bad_amount")
	ErrArrival       = fault.New(fault.Invalid, "payment.bad_arrival")
	ErrMemo          = fault.New(fault.Invalid, "payment.bad_memo")
	ErrIntent        = fault.New(fault.Invalid, "payment.bad_intent")
	ErrIntentExpired = fault.New(fault.Conflict, "payment.intent_expired")
	ErrIntentUsed    = fault.New(fault.Conflict, "payment.intent_used")
	ErrIntentSession = fault.New(fault.Conflict, "payment.intent_of_other_session")
	ErrProofNeeded   = fault.New(fault.Unauthenticated, "payment.proof_needed")
	ErrStrongNeeded  = fault.New(fault.Unauthenticated, "payment.stronger_proof_needed")
	ErrScreened      = fault.New(fault.Rejected, "payment.refused_by_screening")
	ErrState         = fault.New(fault.Conflict, "payment.wrong_state")
	ErrStaffOnly     = fault.New(fault.Denied, "payment.staff_only")
	ErrLookups       = fault.New(fault.Busy, "payment.too_many_lookups").Wait(time.Hour)
	ErrPayeeExists   = fault.New(fault.Conflict, "payment.payee_exists")
	ErrPayeesFull    = fault.New(fault.Rejected, "payment.payee_book_full")
	ErrAgain         = fault.New(fault.Busy, "payment.try_again").Wait(time.Second)
	ErrBadNickname   = fault.New(fault.Invalid, "payment.bad_nickname")
)

// Accounts is the part of deposit that payments need.
type Accounts interface {
	Accounts(ctx context.Context, tx *db.Tx, ids []id.Account) (map[id.Account]deposit.Account, error)
	FindByNumber(ctx context.Context, tx *db.Tx, number string) (deposit.Account, bool, error)
	FindForIncoming(ctx context.Context, tx *db.Tx, customer id.Customer) (deposit.Account, bool, error)
	Holding(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) (deposit.Holding, error)
	Holdings(ctx context.Context, tx *db.Tx, customer id.Customer) ([]deposit.Holding, error)
}

// Numbers finds accounts by their numbers, and reads numbers for people who are not the holder; they see them masked.
type Numbers interface {
	FindByNumbers(ctx context.Context, tx *db.Tx, numbers []string) (map[string]deposit.Account, error)
	MaskedNumbers(ctx context.Context, tx *db.Tx, accounts []deposit.Account) (map[id.Account]string, error)
}

// Limits is the part of deposit that limits payments.
type Limits interface {
	OwnLimitsOf(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]deposit.OwnLimits, error)
	OutUses(ctx context.Context, o deposit.Outgoing, on clock.Date) ([]deposit.Use, error)
	InUses(ctx context.Context, i deposit.Incoming, on clock.Date) ([]deposit.Use, error)
	Turnover(ctx context.Context, amount money.Amount, on clock.Date, accounts ...deposit.Account) ([]deposit.Use, error)
	BalanceMost(ctx context.Context, a deposit.Account, on clock.Date) (money.Amount, bool, error)
}

// Persons knows who people are and who may pay nothing out.
type Persons interface {
	Names(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]customer.Name, error)
	Blocked(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]error, error)
}

// Provers proves payments and finds people by their phone number.
type Provers interface {
	Prove(ctx context.Context, tx *db.Tx, proofs []auth.Proof) ([]auth.ProofResult, error)
	UseProof(ctx context.Context, tx *db.Tx, by act.By, p auth.Purpose, proof crypto.Secret, methods ...auth.Method) error
	ReducedUntil(ctx context.Context, tx *db.Tx, principals []auth.Principal) (map[auth.Principal]time.Time, error)
	Find(ctx context.Context, tx *db.Tx, c auth.Contact) (auth.Principal, bool, error)
}

// Books is the part of the ledger that moves and holds money.
type Books interface {
	Post(ctx context.Context, tx *db.Tx, journals []ledger.Journal) ([]ledger.Outcome, error)
	Hold(ctx context.Context, tx *db.Tx, requests []ledger.HoldRequest) ([]ledger.HoldOutcome, error)
	Release(ctx context.Context, tx *db.Tx, holds []id.Hold) ([]error, error)
	Reversal(ctx context.Context, tx *db.Tx, original id.Journal) (ledger.Journal, error)
}

// Lines reads what accounts hold and what happened on them.
type Lines interface {
	Lock(ctx context.Context, tx *db.Tx, accounts []string) (map[string]ledger.Balance, error)
	Balances(ctx context.Context, tx *db.Tx, accounts []string) (map[string]ledger.Balance, error)
	History(ctx context.Context, tx *db.Tx, q ledger.HistoryQuery) ([]ledger.Entry, error)
	BalanceAt(ctx context.Context, tx *db.Tx, account string, date clock.Date) (money.Amount, error)
	Journal(ctx context.Context, tx *db.Tx, journal id.Journal) (ledger.Posted, error)
}

// Days knows the business date and the bank's zone.
type Days interface {
	Today(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Zone() *time.Location
}

// Rules answers dated figures.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Amount(ctx context.Context, key string, on clock.Date) (money.Amount, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
}

// Vault seals what belongs to a customer.
type Vault interface {
	Prepare(ctx context.Context, tx *db.Tx, owners []string) error
	Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error)
}

// Tokens seals what a client carries between two steps, and signs documents.
type Tokens interface {
	SealToken(p crypto.Purpose, plain []byte, bounds ...string) string
	OpenToken(p crypto.Purpose, token string, bounds ...string) ([]byte, error)
	TokenHash(token string) []byte
	TokenHashes(token string) [][]byte
}

// Auditor keeps what was done.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Publisher tells others.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Needs are the rooms that payment stands on.
type Needs struct {
	DB       *db.DB
	Clock    clock.Clock
	Accounts Accounts
	Numbers  Numbers
	Limits   Limits
	Persons  Persons
	Provers  Provers
	Books    Books
	Lines    Lines
	Days     Days
	Rules    Rules
	Vault    Vault
	Tokens   Tokens
	Audit    Auditor
	Events   Publisher
	Screener Screener // the built-in rules when nil
	Papers   Papers   // what receipts and statements are printed with
	Batch    batch.Options
}

// Papers are the settings of receipts and statements.
type Papers struct {
	Bank      string // name of the bank
	PublicURL string // of the page that confirms a receipt
	Signer    interface {
		SignCMS(content []byte) ([]byte, error)
	}
}

// Service moves money. It is safe for concurrent use.
type Service struct {
	Needs
	batch *batch.Batcher[request, Transfer]
	turns once.Turns // of keys, on this node
	bulks *batch.Batcher[bulkRequest, Bulk]
}

// New makes the service and starts its batcher; Close stops it.
func New(n Needs) *Service {
	s := &Service{Needs: n}
	if s.Screener == nil {
		s.Screener = builtIn{n.Rules}
	}
	s.batch = batch.New(n.DB, n.Batch, request.locks, s.sendMany)
	s.bulks = batch.New(n.DB, bulkOptions(n.Batch), bulkRequest.locks, s.sendBulks)
	return s
}

// Waiting is how many payments wait for the next commit on this node.
func (s *Service) Waiting() int { return s.batch.Waiting() + s.bulks.Waiting() }

// Close lets what is under way finish.
func (s *Service) Close() {
	s.batch.Close()
	s.bulks.Close()
}
