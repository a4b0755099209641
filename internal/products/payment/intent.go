package payment

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Intent is a checked payment that awaits its proof: exactly what will be done. The client carries it sealed and
// cannot change it; that it serves once is decided at Send.
type Intent struct {
	ID           id.Intent    `json:"id"`
	Payer        id.Customer  `json:"payer"`
	PayerAccount id.Account   `json:"payerAccount"`
	Payee        id.Customer  `json:"payee"`
	PayeeAccount id.Account   `json:"payeeAccount"`
	Amount       money.Amount `json:"amount"`
	Fee          money.Amount `json:"fee"`
	Arrival      Arrival      `json:"arrival"`
	PayerView    View         `json:"payerView"`
	PayeeView    View         `json:"payeeView"`
	NewPayee     bool         `json:"newPayee"`  // first paid a short while ago, or never
	NeverPaid    bool         `json:"neverPaid"` // by this payer
	Session      id.Session   `json:"session"`
	Device       id.Device    `json:"device"`
	ExpiresAt    time.Time    `json:"expiresAt"`
}

// transfer is the id of what the intent becomes: one intent, one transfer, as the primary key of transfers sees to.
func (i Intent) transfer() id.Transfer { return id.Become[id.Transfer](i.ID) }

// intentBound ties tokens to their use.
const intentBound = "payment.send/2"

// Hash is what a passkey signs: of every field of the intent.
func (i Intent) Hash() ([]byte, error) {
	text, err := json.Marshal(i)
	if err != nil {
		return nil, fmt.Errorf("hash intent: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

func (s *Service) sealIntent(i Intent) string {
	return s.Tokens.SealToken(crypto.Intent, i.pack(), intentBound)
}

// Open reads an intent that Check sealed, or refuses it with ErrIntent.
func (s *Service) Open(token string) (Intent, error) {
	sealed, err := s.Tokens.OpenToken(crypto.Intent, token, intentBound)
	if err != nil {
		return Intent{}, ErrIntent.At("/intent")
	}
	return unpackIntent(sealed)
}

// texts are the fields of an intent that are text, in the order in which they are sealed.
func (i *Intent) texts() []*string {
	return []*string{
		(*string)(&i.ID), (*string)(&i.Payer), (*string)(&i.PayerAccount), (*string)(&i.Payee), (*string)(&i.PayeeAccount), (*string)(&i.Arrival),
		&i.PayerView.Name, &i.PayerView.Number, &i.PayerView.Own, &i.PayerView.Memo,
		&i.PayeeView.Name, &i.PayeeView.Number, &i.PayeeView.Own, &i.PayeeView.Memo, (*string)(&i.Session), (*string)(&i.Device),
	}
}

// pack writes an intent field by field, each text after its length. It is sealed, so nobody else reads it; as JSON it was
// twice as long, and reading it took a twentieth of a payment.
func (i *Intent) pack() []byte {
	const usual = 512 // bytes
	b := make([]byte, 0, usual)
	for _, t := range i.texts() {
		b = appendField(b, *t)
	}
	for _, a := range [...]money.Amount{i.Amount, i.Fee} {
		b = binary.AppendVarint(appendField(b, a.Currency().Code()), a.Minor())
	}
	b = binary.AppendVarint(b, i.ExpiresAt.UnixMicro())
	return append(b, flag(i.NewPayee), flag(i.NeverPaid))
}

func appendField(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

var errPacked = errors.New("a sealed intent cannot be read")

// unpackIntent reads what pack wrote.
func unpackIntent(packed []byte) (Intent, error) {
	p := unpacker{rest: packed}
	var i Intent
	for _, t := range i.texts() {
		*t = p.text()
	}
	i.Amount, i.Fee = p.amount(), p.amount()
	i.ExpiresAt = time.UnixMicro(p.number()).UTC()
	if p.broken || len(p.rest) != 2 {
		return Intent{}, errPacked
	}
	i.NewPayee, i.NeverPaid = p.rest[0] == 1, p.rest[1] == 1
	return i, nil
}

// unpacker reads fields one after another; broken stays set once one could not be read.
type unpacker struct {
	rest   []byte
	broken bool
}

func (p *unpacker) text() string {
	size, n := binary.Uvarint(p.rest)
	if n <= 0 || size > uint64(len(p.rest)-n) {
		p.broken = true
		return ""
	}
	text := string(p.rest[n : n+int(size)])
	p.rest = p.rest[n+int(size):]
	return text
}

func (p *unpacker) number() int64 {
	number, n := binary.Varint(p.rest)
	if n <= 0 {
		p.broken = true
		return 0
	}
	p.rest = p.rest[n:]
	return number
}

func (p *unpacker) amount() money.Amount {
	currency, err := money.ParseCurrency(p.text())
	if err != nil {
		p.broken = true
	}
	return money.New(p.number(), currency)
}
