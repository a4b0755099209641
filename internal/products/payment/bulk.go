package payment

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	fastjson "github.com/go-json-experiment/json"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// A bulk payment (批量转账) is many transfers that one person orders together: one check, one sealed intent with one hash,
// one proof, one key, one audit record. Each of its transfers is accepted or refused alone and has a reference of its
// own, under which it is found, receipted, cancelled and reversed like any other.

// bulkMost is how many transfers one bulk payment may have; it bounds request, batch and lock time.
const bulkMost = 100

// What bulk payments refuse as a whole.
var (
	// ErrBulkSize says that a list is empty or longer than bulkMost.
	ErrBulkSize = fault.New(fault.Invalid, "payment.bulk_size")
	// ErrBulkPayee says that a line names its payee by something that is meant for one person who pays one other.
	ErrBulkPayee = fault.New(fault.Invalid, "payment.bulk_payee")
)

// BulkLine is one line of a bulk payment as it was filled in. Its payee is named by account number or payee book:
// phone numbers and QR codes are looked up one at a time, and counted.
type BulkLine struct {
	To     PayeeRef
	Amount money.Amount
	Memo   string
}

// BulkDraft is a bulk payment as it was filled in.
type BulkDraft struct {
	From    id.Account
	Arrival Arrival
	Lines   []BulkLine
}

// BulkIntent is a checked bulk payment that awaits its proof: exactly what will be done. It leaves out the lines that
// the check refused. What is equal for all lines stands in it once.
type BulkIntent struct {
	ID           id.Intent   `json:"id"`
	Payer        id.Customer `json:"payer"`
	PayerAccount id.Account  `json:"payerAccount"`
	PayerName    string      `json:"payerName"`
	PayerNumber  string      `json:"payerNumber"` // masked
	Arrival      Arrival     `json:"arrival"`
	Items        []BulkItem  `json:"items"`
	Session      id.Session  `json:"session"`
	Device       id.Device   `json:"device"`
	ExpiresAt    time.Time   `json:"expiresAt"`
}

// BulkItem is one transfer of a bulk intent.
type BulkItem struct {
	Line         int          `json:"line"` // of the draft, from 0
	Transfer     id.Transfer  `json:"transfer"`
	Payee        id.Customer  `json:"payee"`
	PayeeAccount id.Account   `json:"payeeAccount"`
	Amount       money.Amount `json:"amount"`
	Name         string       `json:"name"`
	Number       string       `json:"number"` // masked
	Memo         string       `json:"memo"`
	NewPayee     bool         `json:"newPayee"`
	NeverPaid    bool         `json:"neverPaid"`
}

// Bulk is what a bulk payment came to.
type Bulk struct {
	ID      id.Bulk
	Payer   id.Customer
	Account id.Account
	Arrival Arrival
	MadeAt  time.Time
	Items   []BulkDone // in the order of the list
}

// BulkDone is what one line came to.
type BulkDone struct {
	Line int
	Seen
}

// bulk is the id of what the intent becomes: one intent, one bulk payment, as the primary key sees to.
func (i *BulkIntent) bulk() id.Bulk { return id.Become[id.Bulk](i.ID) }

// single is the part of the intent that one transfer does, as if it had been checked by itself.
func (i *BulkIntent) single(n int) Intent {
	x := &i.Items[n]
	return Intent{
		ID: i.ID, Payer: i.Payer, PayerAccount: i.PayerAccount, Payee: x.Payee, PayeeAccount: x.PayeeAccount, Amount: x.Amount,
		Fee: money.Zero(x.Amount.Currency()), Arrival: i.Arrival,
		PayerView: View{Name: x.Name, Number: x.Number, Own: i.PayerNumber, Memo: x.Memo},
		PayeeView: View{Name: i.PayerName, Number: i.PayerNumber, Own: x.Number, Memo: x.Memo},
		NewPayee:  x.NewPayee, NeverPaid: x.NeverPaid, Session: i.Session, Device: i.Device, ExpiresAt: i.ExpiresAt,
	}
}

// bulkBound ties tokens to their use: an intent of one payment is none of a list, and the other way round.
const bulkBound = "payment.send_bulk"

// Hash is what a passkey signs: of every field of the whole list.
func (i *BulkIntent) Hash() ([]byte, error) {
	text, err := json.Marshal(i)
	if err != nil {
		return nil, fmt.Errorf("hash bulk intent: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

func (s *Service) sealBulk(i *BulkIntent) (string, error) {
	text, err := json.Marshal(i)
	if err != nil {
		return "", fmt.Errorf("seal bulk intent: %w", err)
	}
	return s.Tokens.SealToken(crypto.Intent, text, bulkBound), nil
}

// OpenBulk reads an intent that CheckBulk sealed, or refuses it with ErrIntent.
func (s *Service) OpenBulk(token string) (*BulkIntent, error) {
	text, err := s.Tokens.OpenToken(crypto.Intent, token, bulkBound)
	if err != nil {
		return nil, ErrIntent.At("/intent")
	}
	i := &BulkIntent{}
	if err := fastjson.Unmarshal(text, i); err != nil {
		return nil, fmt.Errorf("read bulk intent: %w", err)
	}
	return i, nil
}

// Bulk is one bulk payment of the caller's with what its transfers are now, or ErrNotFound.
func (s *Service) Bulk(ctx context.Context, by act.By, bulk id.Bulk) (Bulk, error) {
	var out Bulk
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := findBulks(ctx, tx, []id.Bulk{bulk})
		if err != nil {
			return err
		}
		row, found := rows[bulk]
		if !found || row.Payer != by.Customer() {
			return ErrNotFound
		}
		out, err = s.bulkOf(ctx, tx, row)
		return err
	})
	return out, err
}

// bulkOf reads the transfers of a bulk payment as its payer sees them.
func (s *Service) bulkOf(ctx context.Context, tx *db.Tx, row bulkRow) (Bulk, error) {
	ids := make([]id.Transfer, len(row.lines))
	for i, l := range row.lines {
		ids[i] = l.transfer
	}
	seen, err := s.Describe(ctx, tx, row.Payer, ids)
	if err != nil {
		return Bulk{}, err
	}
	out := row.Bulk
	for _, l := range row.lines {
		one, found := seen[l.transfer]
		if !found {
			return out, fmt.Errorf("bulk payment %s names %s, and there is no such transfer", out.ID, l.transfer)
		}
		out.Items = append(out.Items, BulkDone{Line: l.line, Seen: one})
	}
	return out, nil
}
