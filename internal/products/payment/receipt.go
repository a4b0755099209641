package payment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrReceipt says that there is no such receipt: never made, closed by its owner, or too old. It does not say which.
	ErrReceipt = fault.New(fault.NotFound, "payment.receipt_not_found")
	// ErrReceiptEarly says that no money has moved yet, so that there is nothing to confirm.
	ErrReceiptEarly = fault.New(fault.Conflict, "payment.receipt_too_early")
)

const (
	receiptCodeBits = 128
	receiptCodeMax  = 64  // characters that are hashed; a code has 22
	nobody          = "*" // the name of an owner who has left the bank
)

// Receipt is the bank's confirmation that the money of a transfer moved, and the link by which anyone who holds the
// paper can ask the bank whether it is true. Each party has a receipt, and a link, of its own.
type Receipt struct {
	ID       id.Receipt
	Transfer id.Transfer
	Code     string // 128 random bits: whoever has it may look
	URL      string // of the public page
	MadeAt   time.Time
}

// Party is a side of a transfer on a receipt.
type Party struct{ Name, Account string }

// Confirmation is what a receipt says.
type Confirmation struct {
	Bank         string
	Number       string // of the receipt
	Payer, Payee Party  // account numbers masked; of the names only the owner's own may be whole
	Amount       money.Amount
	Fee          money.Amount // shown to the payer alone
	Capitals     string       // amount in Chinese capitals; empty for other currencies than yuan
	Memo         string
	BusinessDate clock.Date
	At           time.Time // when it was settled
	Reversed     bool
	ReversedAt   time.Time
}

type receiptRow struct {
	id       id.Receipt
	transfer id.Transfer
	customer id.Customer
	code     []byte // sealed
	codeHash []byte
	madeAt   time.Time
}

func codeIn(receipt id.Receipt) crypto.AAD {
	return crypto.AAD{Table: "payment_receipt", Column: "code", Row: string(receipt)}
}

// Receipt is the caller's receipt of a transfer that he pays or gets. It is made the first time and stays the same.
// Errors: ErrNotFound, ErrReceiptEarly.
func (s *Service) Receipt(ctx context.Context, by act.By, transfer id.Transfer) (Receipt, error) {
	var receipt Receipt
	var found bool
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		receipt, found, err = s.findReceipt(ctx, tx, by.Customer(), transfer)
		return err
	})
	if err != nil || found {
		return receipt, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		receipt, err = s.makeReceipt(ctx, tx, by, transfer)
		return err
	})
	return receipt, err
}

func (s *Service) findReceipt(ctx context.Context, tx *db.Tx, owner id.Customer, transfer id.Transfer) (Receipt, bool, error) {
	row, found, err := receiptOf(ctx, tx, owner, transfer)
	if err != nil || !found {
		return Receipt{}, false, err
	}
	code, err := s.Vault.Open(ctx, tx, string(owner), codeIn(row.id), row.code)
	if err != nil {
		return Receipt{}, false, fmt.Errorf("open code of receipt %s: %w", row.id, err)
	}
	return s.receipt(row, string(code)), true, nil
}

func (s *Service) receipt(row receiptRow, code string) Receipt {
	url := strings.TrimSuffix(s.Papers.PublicURL, "/") + "/r/" + code
	return Receipt{ID: row.id, Transfer: row.transfer, Code: code, URL: url, MadeAt: row.madeAt}
}

func (s *Service) makeReceipt(ctx context.Context, tx *db.Tx, by act.By, transfer id.Transfer) (Receipt, error) {
	owner := by.Customer()
	t, found, err := findForParty(ctx, tx, owner, transfer)
	switch {
	case err != nil:
		return Receipt{}, err
	case !found:
		return Receipt{}, ErrNotFound
	case t.State != Settled && t.State != Reversed:
		return Receipt{}, ErrReceiptEarly
	}
	row := receiptRow{id: id.New[id.Receipt](tx.Now()), transfer: transfer, customer: owner, madeAt: tx.Now()}
	code := crypto.Token(receiptCodeBits)
	if row.code, err = s.Vault.Seal(ctx, tx, string(owner), codeIn(row.id), []byte(code)); err != nil {
		return Receipt{}, fmt.Errorf("seal code of receipt: %w", err)
	}
	row.codeHash = s.Tokens.TokenHash(code)
	made, err := insertReceipt(ctx, tx, row)
	if err != nil {
		return Receipt{}, fmt.Errorf("insert receipt: %w", err)
	}
	if !made { // asked for twice at once
		receipt, _, err := s.findReceipt(ctx, tx, owner, transfer)
		return receipt, err
	}
	err = s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: "payment.make_receipt", Subject: string(transfer), Customer: owner,
		Outcome: audit.Done, Detail: map[string]string{"receipt": string(row.id)}}})
	return s.receipt(row, code), err
}

// RevokeReceipt closes the link of the caller's receipt; papers that carry it can no longer be confirmed. The next
// Receipt makes another. Error: ErrReceipt.
func (s *Service) RevokeReceipt(ctx context.Context, by act.By, transfer id.Transfer) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		revoked, err := revokeReceipt(ctx, tx, by.Customer(), transfer)
		if err != nil {
			return fmt.Errorf("revoke receipt: %w", err)
		}
		if !revoked {
			return ErrReceipt
		}
		return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: "payment.revoke_receipt", Subject: string(transfer),
			Customer: by.Customer(), Outcome: audit.Done}})
	})
}

// PublicReceipt is what anyone who holds the code of a receipt may see: what the paper shows, with both names masked,
// and whether the transfer was reversed since. Codes are found by a keyed hash, so that neither the answer nor the time
// that it takes brings a guess closer. Error: ErrReceipt.
func (s *Service) PublicReceipt(ctx context.Context, code string) (Confirmation, error) {
	if len(code) > receiptCodeMax {
		code = code[:receiptCodeMax]
	}
	hashes := s.Tokens.TokenHashes(code)
	var confirmation Confirmation
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		row, found, err := receiptByCode(ctx, tx, hashes)
		if err != nil {
			return err
		}
		if !found {
			return ErrReceipt
		}
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		life, err := s.Rules.Duration(ctx, "payment.receipt.link_life_days", today)
		if err != nil {
			return err
		}
		if !tx.Now().Before(row.madeAt.Add(life)) {
			return ErrReceipt
		}
		confirmation, err = s.confirm(ctx, tx, row.customer, Receipt{ID: row.id, Transfer: row.transfer}, customer.Name.Masked)
		return err
	})
	if fault.KindOf(err) == fault.NotFound { // the owner's data were erased
		return Confirmation{}, ErrReceipt
	}
	return confirmation, err
}

// confirm gathers what a receipt says. The other party's name is always masked: a cent sent to a phone number must not
// buy the name behind it. own writes the owner's own.
func (s *Service) confirm(ctx context.Context, tx *db.Tx, owner id.Customer, r Receipt, own func(customer.Name) string) (Confirmation, error) {
	t, found, err := findForParty(ctx, tx, owner, r.Transfer)
	if err != nil {
		return Confirmation{}, err
	}
	if !found {
		return Confirmation{}, ErrReceipt
	}
	seen, err := s.seen(ctx, tx, owner, t)
	if err != nil {
		return Confirmation{}, err
	}
	names, err := s.Persons.Names(ctx, tx, []id.Customer{owner})
	if err != nil {
		return Confirmation{}, fmt.Errorf("name of owner: %w", err)
	}
	journal, err := s.Lines.Journal(ctx, tx, t.Journal)
	if err != nil {
		return Confirmation{}, fmt.Errorf("journal of %s: %w", t.ID, err)
	}
	p := Confirmation{
		Bank: s.Papers.Bank, Number: receiptNumber(r.ID), Amount: t.Amount, Capitals: money.Capitals(t.Amount), Memo: seen.Memo,
		BusinessDate: journal.BusinessDate, At: journal.At, Reversed: t.State == Reversed,
	}
	if p.Reversed {
		p.ReversedAt = t.EndedAt
	}
	me, other := Party{nobody, seen.Own}, Party{maskedName(seen.Name), seen.Number}
	if name, known := names[owner]; known {
		me.Name = own(name)
	}
	if seen.Outgoing {
		p.Payer, p.Payee, p.Fee = me, other, t.Fee
	} else {
		p.Payer, p.Payee = other, me
	}
	return p, nil
}

// receiptNumber is how a receipt's id is printed.
func receiptNumber(receipt id.Receipt) string {
	_, number, _ := strings.Cut(string(receipt), "_")
	return strings.ToUpper(number)
}
