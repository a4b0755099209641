// Package cash keeps the notes and coins of the bank's branches: where they lie, who holds them, and how they move.
//
// Its words:
//
//   - A Till is a teller's drawer (尾箱); a Vault is where a branch keeps the rest (库房). Both hold Pieces: so many notes
//     or coins of each denomination. A till belongs to nobody while it is closed, and to one teller while it is open:
//     closed ⇄ open. A teller has one till.
//   - A Movement is one change of what tills hold: cash that a customer pays in or draws, a hand-over between the vault and
//     a till, a delivery from or to the central bank, or a difference found when counting. Movements are never changed.
//   - Counting is blind: the teller says what is there, and then learns what should have been. A difference is booked at
//     once, over (长款) as something the bank owes, short (短款) as something it is owed, until it is cleared up.
//   - Cash is large when a customer's cash of a day, in or out, reaches what the bank must report (大额现金): then an
//     identity document must have been seen. From another figure on, paying out needs a second person's approval.
//
// A customer is served in person, so the act's channel is the branch, and the limits of the branch and of the account's
// class count: online and at the counter it is the same account, with the same counters, in the same books.
//
//	m, err := cash.PayIn(ctx, by, cash.Order{Account: account, Pieces: cash.Pieces{"CNY_note_100": 3}, Key: key})
//
// All tills and the vault of a branch stand in one account of the general ledger, so a hand-over books nothing.
package cash

import (
	"context"
	"embed"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
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
func Migrations() db.Migrations { return db.Migrations{Domain: "cash", Files: files} }

// What the counter refuses, and why.
var (
	// ErrStaff says that only staff at a branch do this.
	ErrStaff = fault.New(fault.Denied, "cash.staff_only")
	// ErrNoTill says that there is no such till, or that the teller has none open.
	ErrNoTill = fault.New(fault.NotFound, "cash.no_till")
	// ErrState says that the till is open already, closed, or another's.
	ErrState = fault.New(fault.Conflict, "cash.wrong_state")
	// ErrTaken says that the teller has another till open, or that the branch has its vault.
	ErrTaken = fault.New(fault.Conflict, "cash.taken")
	// ErrPieces refuses an unknown denomination, a negative number of pieces, or none at all.
	ErrPieces = fault.New(fault.Invalid, "cash.bad_pieces")
	// ErrStock says that the till does not hold these pieces.
	ErrStock = fault.New(fault.Rejected, "cash.not_in_till")
	// ErrAccount says that there is no such open account in the till's currency.
	ErrAccount = fault.New(fault.NotFound, "cash.no_account")
	// ErrIdentify asks for a document when the cash of the day is large.
	ErrIdentify = fault.New(fault.Rejected, "cash.identify")
	// ErrApproval says that so much is paid out only with the approval of another.
	ErrApproval = fault.New(fault.Rejected, "cash.approval_needed")
	// ErrBranch refuses a hand-over between branches: the cash would have to be booked on its way.
	ErrBranch = fault.New(fault.Rejected, "cash.other_branch")
)

// Accounts are the customers' accounts and their limits; products/deposit is one.
type Accounts interface {
	Accounts(ctx context.Context, tx *db.Tx, ids []id.Account) (map[id.Account]deposit.Account, error)
	OutUses(ctx context.Context, o deposit.Outgoing, on clock.Date) ([]deposit.Use, error)
	InUses(ctx context.Context, i deposit.Incoming, on clock.Date) ([]deposit.Use, error)
	Turnover(ctx context.Context, amount money.Amount, on clock.Date, accounts ...deposit.Account) ([]deposit.Use, error)
	BalanceMost(ctx context.Context, a deposit.Account, on clock.Date) (money.Amount, bool, error)
}

// Persons say who may pay nothing out; parties/customer is one.
type Persons interface {
	Blocked(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]error, error)
}

// Provers tell whether a PIN is the customer's; parties/auth is one.
type Provers interface {
	Prove(ctx context.Context, tx *db.Tx, proofs []auth.Proof) ([]auth.ProofResult, error)
}

// Books are the ledger.
type Books interface {
	Post(ctx context.Context, tx *db.Tx, journals []ledger.Journal) ([]ledger.Outcome, error)
	Lock(ctx context.Context, tx *db.Tx, accounts []string) (map[string]ledger.Balance, error)
}

// Days knows the business date.
type Days interface {
	Today(ctx context.Context, tx *db.Tx) (clock.Date, error)
}

// Rules answers dated figures.
type Rules interface {
	Amount(ctx context.Context, key string, on clock.Date) (money.Amount, error)
}

// Auditor keeps what was done.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Publisher tells others.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Needs are the rooms that cash stands on.
type Needs struct {
	DB       *db.DB
	Accounts Accounts
	Persons  Persons
	Provers  Provers
	Books    Books
	Days     Days
	Rules    Rules
	Audit    Auditor
	Events   Publisher
}

// Service keeps the tills. It is safe for concurrent use.
type Service struct {
	Needs
	known map[string]Denomination
}

// New makes the service.
func New(n Needs) (*Service, error) {
	all, err := Denominations()
	if err != nil {
		return nil, err
	}
	s := &Service{Needs: n, known: make(map[string]Denomination, len(all))}
	for _, d := range all {
		s.known[d.Code] = d
	}
	return s, nil
}

// Place is a till or a vault.
type Place string

// The places.
const (
	InVault Place = "vault"
	InTill  Place = "till"
)

// State is whether somebody holds a till.
type State string

// The states of a till.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Till is a drawer, or the vault of a branch.
type Till struct {
	ID        id.Till
	Branch    string
	Place     Place
	Name      string
	Currency  money.Currency
	State     State
	Teller    id.Staff // who holds it; empty while it is closed
	OpenedAt  time.Time
	CountedAt time.Time // when it was counted last
}

// Movement is one change of what a till holds.
type Movement struct {
	ID       id.Cash
	Kind     Kind
	Till     id.Till
	Other    id.Till // of a hand-over: where it went
	Account  id.Account
	Customer id.Customer
	Amount   money.Amount
	Pieces   Pieces // as the till sees them: more than zero came, less went
	Large    bool   // the customer's cash of the day is to be reported
	Journal  id.Journal
	On       clock.Date
	Branch   string
	Teller   id.Staff
	At       time.Time
}

// Kind says what a movement was.
type Kind string

// The kinds of movements.
const (
	PaidIn    Kind = "paid_in"   // a customer brought it
	PaidOut   Kind = "paid_out"  // a customer drew it
	HandOver  Kind = "hand_over" // between the vault and a till, or two tills
	Delivered Kind = "delivered" // from the central bank to a vault
	Returned  Kind = "returned"  // from a vault to the central bank
	Over      Kind = "over"      // counted more than should be there
	Short     Kind = "short"     // counted less
	Swapped   Kind = "swapped"   // counted as much, in other pieces
)

func checkTeller(by act.By) error {
	if by.Kind != act.Staff || by.Branch == "" {
		return ErrStaff
	}
	return nil
}
