// Package exchange turns money of one currency into another, between a customer's own accounts.
//
// Its words:
//
//   - A middle Rate (中间价) is what one unit of a currency is worth in yuan. Rates come from a Source (a file, an address,
//     the demo's simulator) and are kept, each with its instant and its source; they are never changed.
//   - A Price is what the bank asks: the middle rate less a spread where it buys (现汇买入价), more where it sells (现汇卖出价).
//   - Side is the customer's: he buys a currency with yuan (购汇) or sells it for yuan (结汇). One side of an exchange is
//     always yuan.
//   - A Quote is a price that holds for some seconds, with what exactly would be paid and received, sealed. It is good once.
//   - An Exchange is a quote that was proved and booked.
//   - A Position is what the bank is long (more than zero) or short of a currency from its exchanges. The ledger keeps it on
//     the account 货币兑换 of each currency; what it cost in yuan stands on the one in yuan.
//   - A Valuation is a position at the end of a day at that day's middle rate; what it gained or lost is booked in yuan.
//
// The ledger knows no rates: a journal sums to zero in each currency by way of the position accounts.
//
//	quote, err := exchange.Check(ctx, by, exchange.Draft{From: yuan, To: dollars, Amount: money.New(100_00, money.USD), Purpose: "travel"})
//	x, err := exchange.Confirm(ctx, by, exchange.Confirmation{Key: key, Quote: quote.Token, Method: auth.MethodPIN, PIN: pin})
package exchange

import (
	"context"
	"embed"
	"log/slog"
	"time"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
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
func Migrations() db.Migrations { return db.Migrations{Domain: "exchange", Files: files} }

// What exchanging is refused for.
var (
	// ErrNoRate says that the bank has no rate for the currency.
	ErrNoRate = fault.New(fault.Rejected, "exchange.no_rate")
	// ErrStale says that the newest rate is too old to quote at.
	ErrStale = fault.New(fault.Rejected, "exchange.stale_rate")
	// ErrPair says that these two currencies are not exchanged: one side is yuan, the other a currency that is offered.
	ErrPair = fault.New(fault.Rejected, "exchange.no_pair")
	// ErrLeast says that an exchange is smaller than the least, and not all that is there.
	ErrLeast = fault.New(fault.Rejected, "exchange.least")
	// ErrDraft says that an order lacks what it needs, or names what it cannot.
	ErrDraft = fault.New(fault.Invalid, "exchange.bad_draft")
	// ErrPurpose asks what a currency is bought for.
	ErrPurpose = fault.New(fault.Invalid, "exchange.purpose")
	// ErrQuote says that a quote is not one that the bank gave this customer.
	ErrQuote = fault.New(fault.Invalid, "exchange.bad_quote")
	// ErrQuoteOld says that a quote's time is over: ask again.
	ErrQuoteOld = fault.New(fault.Conflict, "exchange.quote_expired")
	// ErrQuoteUsed says that a quote was acted on before.
	ErrQuoteUsed = fault.New(fault.Conflict, "exchange.quote_used")
	// ErrDay says that it is more than a person may exchange in a day.
	ErrDay = fault.New(fault.Rejected, "exchange.limit_daily")
	// ErrQuota says that it is more than a person may exchange in a year without papers.
	ErrQuota = fault.New(fault.Rejected, "exchange.quota_yearly")
	// ErrNotFound says that there is no such exchange of the customer's.
	ErrNotFound = fault.New(fault.NotFound, "exchange.not_found")
	// ErrRate refuses a text that is no rate, and a rate that no currency has.
	ErrRate = fault.New(fault.Invalid, "exchange.bad_rate")
	// ErrJump says that a source told a rate too far from the one before; it is not taken.
	ErrJump = fault.New(fault.Conflict, "exchange.rate_jumped")
	// ErrSource says that a source of rates does not answer, or not with rates.
	ErrSource = fault.New(fault.Busy, "exchange.source")
)

// Accounts are the customers' accounts; products/deposit is one.
type Accounts interface {
	Holding(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) (deposit.Holding, error)
	Offered(ctx context.Context, currency money.Currency, on clock.Date) (bool, error)
}

// Products are the accounts that are sold; products/catalog is one.
type Products interface {
	List(ctx context.Context, tx *db.Tx, kind catalog.Kind, on clock.Date) ([]catalog.Version, error)
}

// Books are the ledger.
type Books interface {
	Post(ctx context.Context, tx *db.Tx, journals []ledger.Journal) ([]ledger.Outcome, error)
	TrialBalance(ctx context.Context, tx *db.Tx, on clock.Date) ([]ledger.Total, error)
}

// Days knows the business date.
type Days interface {
	Today(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Zone() *time.Location
}

// Rules answers dated figures.
type Rules interface {
	Amount(ctx context.Context, key string, on clock.Date) (money.Amount, error)
	Decimal(ctx context.Context, key string, on clock.Date) (decimal.Decimal, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
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

// Auditor keeps what was done.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Publisher tells others.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Needs are the rooms that exchange stands on.
type Needs struct {
	DB       *db.DB
	Clock    clock.Clock
	Source   Source // of rates; none: nothing is exchanged
	Accounts Accounts
	Products Products
	Books    Books
	Days     Days
	Rules    Rules
	Proofs   Proofs
	Blocks   Blocks
	Tokens   Tokens
	Audit    Auditor
	Events   Publisher
	Log      *slog.Logger
}

// Service exchanges currencies. It is safe for concurrent use.
type Service struct{ Needs }

// New makes the service.
func New(n Needs) *Service {
	if n.Log == nil {
		n.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{n}
}

// Side is what the customer does with the currency that is not yuan.
type Side string

// The sides.
const (
	Buy  Side = "buy"  // he pays yuan for it (购汇)
	Sell Side = "sell" // he gets yuan for it (结汇)
)

// Exchange is money of one currency that became another.
type Exchange struct {
	ID       id.Exchange
	Customer id.Customer
	From, To id.Account
	Terms
	Journal id.Journal
	On      clock.Date // business date
	At      time.Time
}

// Paid is what left the account that the money came from.
func (t Terms) Paid() money.Amount {
	if t.Side == Buy {
		return t.Yuan
	}
	return t.Amount
}

// Received is what arrived.
func (t Terms) Received() money.Amount {
	if t.Side == Buy {
		return t.Amount
	}
	return t.Yuan
}

// house is the branch whose books hold the positions: the bank has one dealer, whoever the customer's branch is.
const house = act.HeadOffice
