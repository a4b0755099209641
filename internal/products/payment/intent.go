package payment

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	fastjson "github.com/go-json-experiment/json"

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
const intentBound = "payment.send"

// Hash is what a passkey signs: of every field of the intent.
func (i Intent) Hash() ([]byte, error) {
	text, err := json.Marshal(i)
	if err != nil {
		return nil, fmt.Errorf("hash intent: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

func (s *Service) sealIntent(i Intent) (string, error) {
	text, err := json.Marshal(i)
	if err != nil {
		return "", fmt.Errorf("seal intent: %w", err)
	}
	return s.Tokens.SealToken(crypto.Intent, text, intentBound), nil
}

// Open reads an intent that Check sealed, or refuses it with ErrIntent.
func (s *Service) Open(token string) (Intent, error) {
	text, err := s.Tokens.OpenToken(crypto.Intent, token, intentBound)
	if err != nil {
		return Intent{}, ErrIntent.At("/intent")
	}
	var i Intent
	if err := fastjson.Unmarshal(text, &i); err != nil { // at each payment: a third of the time
		return Intent{}, fmt.Errorf("read intent: %w", err)
	}
	return i, nil
}
