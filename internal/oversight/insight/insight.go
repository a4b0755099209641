// Package insight shows people their own money: what came and went, for what, and what they meant to spend.
//
// It keeps four things and computes the rest from the books whenever it is asked:
//
//   - a *statement* for each person and month (Statements makes them once the month's last day is locked): all accounts
//     and deposits with the ledger's closing balances, as a signed paper and as CSV, kept for good. Its totals are the
//     ledger's to the fen, or none is made.
//   - *corrections*: what a person says a transaction is, this one or all with the same party. Otherwise dated rules
//     decide (categories.json), the first that fits.
//   - *budgets*: how much a month may cost, in all and by category; near and full are told once a month.
//   - how far the work of a month has come.
//
// A *move* is a transaction with its *category*. What moves between a person's own accounts, deposits and pots is of the
// category own: no income and no spending. What was taken back (reversed) and its reversal count for nothing.
//
//	a, err := insight.Analysis(ctx, by, insight.Month{Year: 2026, Month: time.October}, money.CNY)
//	err = insight.Correct(ctx, by, insight.Correction{Transaction: t, Category: "dining", Always: true})
//
// Everything is of one person at a time: the room has no view over many.
package insight

import (
	"context"
	"embed"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"

	"github.com/govalues/decimal"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "insight", Files: files} }

// What insight refuses, and why.
var (
	// ErrMonth says that a month or year is not one, lies in the future, or before there were any.
	ErrMonth = fault.New(fault.Invalid, "insight.bad_month")
	// ErrCategory says that there is no such category for money that goes this way.
	ErrCategory = fault.New(fault.Invalid, "insight.bad_category")
	// ErrFixed says that the category of a transaction cannot be chosen: interest, fees, own savings, what was taken back.
	ErrFixed = fault.New(fault.Rejected, "insight.category_fixed")
	// ErrNoPayee says that a transaction has no other party, so that nothing can be said about all of his.
	ErrNoPayee = fault.New(fault.Rejected, "insight.no_payee")
	// ErrCorrections says that a person has corrected as much as may be.
	ErrCorrections = fault.New(fault.Rejected, "insight.too_many_corrections")
	// ErrBudget says that a budget is not an amount above zero in yuan.
	ErrBudget = fault.New(fault.Invalid, "insight.bad_budget")
	// ErrStatement says that there is no such statement, or that it is another's.
	ErrStatement = fault.New(fault.NotFound, "insight.statement_not_found")
	// ErrCursor says that a cursor is none of this list.
	ErrCursor = fault.New(fault.Invalid, "insight.bad_cursor")
)

// Payments is the part of payment that insight reads.
type Payments interface {
	Walk(ctx context.Context, tx *db.Tx, owner id.Customer, from, to clock.Date, visit func(payment.Transaction) error) error
	StatementOf(ctx context.Context, tx *db.Tx, owner id.Customer, account id.Account, from, to clock.Date) (payment.Statement, error)
}

// Deposits knows who holds what.
type Deposits interface {
	Holders(ctx context.Context, tx *db.Tx, after id.Customer, limit int) ([]id.Customer, error)
	Holdings(ctx context.Context, tx *db.Tx, customer id.Customer) ([]deposit.Holding, error)
	Contracts(ctx context.Context, tx *db.Tx, customer id.Customer) ([]deposit.Held, error)
	InterestPaid(ctx context.Context, tx *db.Tx, customer id.Customer, from, to clock.Date) ([]deposit.Paid, error)
}

// Books is the part of the ledger that insight reads.
type Books interface {
	Closings(ctx context.Context, tx *db.Tx, accounts []string, from, to clock.Date) (map[string][]ledger.Closing, error)
	History(ctx context.Context, tx *db.Tx, q ledger.HistoryQuery) ([]ledger.Entry, error)
	BalanceAt(ctx context.Context, tx *db.Tx, account string, date clock.Date) (money.Amount, error)
}

// Products names what is held.
type Products interface {
	Version(ctx context.Context, tx *db.Tx, product string, number int) (catalog.Version, error)
}

// Days knows the business date, and which days are locked.
type Days interface {
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	List(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]day.Business, error)
	Zone() *time.Location
}

// Rules answers dated figures.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Decimal(ctx context.Context, key string, on clock.Date) (decimal.Decimal, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
}

// Persons knows names and languages.
type Persons interface {
	Names(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]customer.Name, error)
	Contact(ctx context.Context, tx *db.Tx, who id.Customer) (notify.Contact, error)
}

// Vault seals what belongs to a customer.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error)
}

// Blobs keeps the papers.
type Blobs interface {
	Put(ctx context.Context, tx *db.Tx, n blob.New) (string, error)
	Get(ctx context.Context, tx *db.Tx, owner, id string) (blob.Blob, error)
	Delete(ctx context.Context, tx *db.Tx, owner, id string) error
}

// Tokens hashes the codes of links.
type Tokens interface {
	TokenHash(token string) []byte
	TokenHashes(token string) [][]byte
}

// Notifier sends messages to customers.
type Notifier interface {
	Send(ctx context.Context, tx *db.Tx, notices []notify.Notice) error
}

// Auditor keeps what was done.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Needs are the rooms that insight stands on.
type Needs struct {
	DB       *db.DB
	Clock    clock.Clock
	Payments Payments
	Deposits Deposits
	Books    Books
	Products Products
	Days     Days
	Rules    Rules
	Persons  Persons
	Vault    Vault
	Blobs    Blobs
	Tokens   Tokens
	Notify   Notifier
	Audit    Auditor
	Texts    *i18n.Catalog // of the whole bank: papers use the words of payments too
	Papers   payment.Papers
}

// Service answers about a person's money. It is safe for concurrent use.
type Service struct {
	Needs
	rules *ruleBook
}

// New makes the service. Error: the list of categories is not in order, a mistake of the program.
func New(n Needs) (*Service, error) {
	rules, err := readRules()
	if err != nil {
		return nil, err
	}
	return &Service{n, rules}, nil
}
