package payment

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// exportMost is the most lines of one list in a copy of a person's data; whoever has more asks for statements.
const exportMost = 10_000

// exported is the shape of payment.json in a person's copy of his data.
type exported struct {
	Transactions []exportedTransaction `json:"transactions"`
	Orders       []exportedOrder       `json:"orders"` // what moved no money: waiting, cancelled or refused
	Payees       []exportedPayee       `json:"payees"`
	Receiving    *exportedReceiving    `json:"receiving,omitempty"`
}

type exportedTransaction struct {
	ID           string      `json:"id"`
	Account      id.Account  `json:"account"`
	At           time.Time   `json:"at"`
	BusinessDate clock.Date  `json:"businessDate"`
	Direction    Direction   `json:"direction"`
	Amount       string      `json:"amount"`
	Currency     string      `json:"currency"`
	Balance      string      `json:"balance"`
	Counterparty string      `json:"counterparty,omitempty"` // masked: it is another person's
	Number       string      `json:"counterpartyAccount,omitempty"`
	Memo         string      `json:"memo,omitempty"`
	Transfer     id.Transfer `json:"transfer,omitempty"`
	Reversed     bool        `json:"reversed,omitempty"`
}

type exportedOrder struct {
	ID       id.Transfer `json:"id"`
	Account  id.Account  `json:"account"`
	Payee    string      `json:"payee"` // masked
	Number   string      `json:"payeeAccount"`
	Amount   string      `json:"amount"`
	Currency string      `json:"currency"`
	Arrival  Arrival     `json:"arrival"`
	State    State       `json:"state"`
	Refusal  string      `json:"refusal,omitempty"`
	Memo     string      `json:"memo,omitempty"`
	Device   id.Device   `json:"device,omitempty"`
	Address  string      `json:"address,omitempty"`
	MadeAt   time.Time   `json:"madeAt"`
	EndedAt  time.Time   `json:"endedAt,omitzero"`
}

type exportedPayee struct {
	Name     string    `json:"name"`
	Number   string    `json:"number"`
	Nickname string    `json:"nickname,omitempty"`
	MadeAt   time.Time `json:"madeAt"`
}

type exportedReceiving struct {
	Code         string `json:"code"`
	Discoverable bool   `json:"discoverable"`
}

// Export is everything about a person in this room (PIPL art. 45): the service is a customer.Exporter. Other people stay
// masked in it, as on every screen.
func (s *Service) Export(ctx context.Context, tx *db.Tx, customer id.Customer) (name string, data any, err error) {
	out := exported{Transactions: []exportedTransaction{}, Orders: []exportedOrder{}, Payees: []exportedPayee{}}
	if err := s.exportTransactions(ctx, tx, customer, &out); err != nil {
		return "", nil, fmt.Errorf("export transactions: %w", err)
	}
	if err := s.exportOrders(ctx, tx, customer, &out); err != nil {
		return "", nil, fmt.Errorf("export orders: %w", err)
	}
	rows, err := payeesOf(ctx, tx, customer)
	if err != nil {
		return "", nil, fmt.Errorf("export payees: %w", err)
	}
	for _, row := range rows {
		p, err := s.openPayee(ctx, tx, customer, row)
		if err != nil {
			return "", nil, err
		}
		out.Payees = append(out.Payees, exportedPayee{p.Name, p.Number, p.Nickname, p.MadeAt})
	}
	r, found, err := findReceiving(ctx, tx, customer)
	if err != nil {
		return "", nil, fmt.Errorf("export ways of receiving: %w", err)
	}
	if found {
		out.Receiving = &exportedReceiving{r.Code, r.Discoverable}
	}
	return "payment", out, nil
}

func (s *Service) exportTransactions(ctx context.Context, tx *db.Tx, customer id.Customer, out *exported) error {
	scan, err := s.newScan(ctx, tx, customer, Filter{})
	if err != nil {
		return err
	}
	all, err := scan.read(ctx, tx, exportMost, exportMost)
	for _, t := range all {
		out.Transactions = append(out.Transactions, exportedTransaction{
			ID: t.ID, Account: t.Account, At: t.At, BusinessDate: t.BusinessDate, Direction: t.Direction, Amount: t.Amount.String(),
			Currency: t.Amount.Currency().Code(), Balance: t.After.String(), Counterparty: t.Counterparty, Number: t.CounterpartyAccount,
			Memo: t.Memo, Transfer: t.Transfer, Reversed: t.Reversed,
		})
	}
	return err
}

func (s *Service) exportOrders(ctx context.Context, tx *db.Tx, customer id.Customer, out *exported) error {
	orders, err := unsettledOf(ctx, tx, customer, exportMost)
	if err != nil {
		return err
	}
	for _, t := range orders {
		seen, err := s.seen(ctx, tx, customer, t)
		if err != nil {
			return err
		}
		out.Orders = append(out.Orders, exportedOrder{
			ID: t.ID, Account: t.PayerAccount, Payee: maskedName(seen.Name), Number: seen.Number, Amount: t.Amount.String(),
			Currency: t.Amount.Currency().Code(), Arrival: t.Arrival, State: t.State, Refusal: t.Refusal, Memo: seen.Memo,
			Device: t.By.Device, Address: t.By.Address, MadeAt: t.MadeAt, EndedAt: t.EndedAt,
		})
	}
	return nil
}

// Erase removes what would still speak of a person once his key is gone: his payee book, whom he paid, how he is found,
// his receipts, and from where he ordered. The transfers stay, for the books and for the other party.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	if err := eraseCustomer(ctx, tx, customer); err != nil {
		return fmt.Errorf("erase payments of %s: %w", customer, err)
	}
	return nil
}
