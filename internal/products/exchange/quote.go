package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	quoteBound = "exchange.confirm"
	ruleLife   = "exchange.quote.life_seconds"
)

// Purposes are what a person may say that he buys a currency for.
func Purposes() []string {
	return []string{"travel", "study", "visit", "medical", "living", "other"}
}

// Draft is an exchange as it was filled in: from and to which of the caller's accounts, and one of the two amounts, in the
// currency of its side.
type Draft struct {
	From    id.Account   `json:"from"`
	To      id.Account   `json:"to"`
	Amount  money.Amount `json:"amount"`
	Purpose string       `json:"purpose,omitempty"` // of a purchase
}

// Terms are what exactly an exchange is.
type Terms struct {
	Side    Side         `json:"side"`
	Amount  money.Amount `json:"amount"` // in the other currency
	Yuan    money.Amount `json:"yuan"`   // what it costs or brings: Amount × Price, half a fen up
	Price   Rate         `json:"price"`
	Middle  Rate         `json:"middle"`
	RateAt  time.Time    `json:"rateAt"`  // of the middle rate
	Value   money.Amount `json:"value"`   // Amount × Middle, half a fen up
	Spread  money.Amount `json:"spread"`  // between Yuan and Value: what the bank earns
	Dollars money.Amount `json:"dollars"` // what it counts against limits, in US dollars, a part of a cent up
	Purpose string       `json:"purpose,omitempty"`
}

// Quote is a price that holds until ExpiresAt, for one exchange. The client carries it sealed.
type Quote struct {
	ID        id.Intent   `json:"id"`
	Customer  id.Customer `json:"customer"`
	Session   id.Session  `json:"session"`
	From      id.Account  `json:"from"`
	To        id.Account  `json:"to"`
	Terms     Terms       `json:"terms"`
	MadeAt    time.Time   `json:"madeAt"`
	ExpiresAt time.Time   `json:"expiresAt"`

	Token string `json:"-"` // the sealed quote
}

// Hash is what a passkey signs: of every field of the quote.
func (q Quote) Hash() ([]byte, error) {
	text, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("hash quote: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// Check quotes an exchange and seals the quote. Nothing is used up.
// Errors: ErrDraft, ErrPair, ErrPurpose, ErrNoRate, ErrStale, ErrLeast, ErrDay, ErrQuota, deposit.ErrNotFound,
// deposit.ErrClosed, ledger.ErrFrozen, ledger.ErrInsufficientFunds.
func (s *Service) Check(ctx context.Context, by act.By, d Draft) (Quote, error) {
	if !d.Amount.IsPositive() {
		return Quote{}, ErrDraft.At("/amount")
	}
	var q Quote
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		from, to, err := s.own(ctx, tx, by, d)
		if err != nil {
			return err
		}
		t, err := s.terms(ctx, tx, d, from, to, today)
		if err != nil {
			return err
		}
		if err := s.mayYet(ctx, tx, by.Customer(), t, today); err != nil {
			return err
		}
		life, err := s.Rules.Duration(ctx, ruleLife, today)
		q = Quote{ID: id.New[id.Intent](tx.Now()), Customer: by.Customer(), Session: by.Session, From: from.ID, To: to.ID, Terms: t,
			MadeAt: tx.Now(), ExpiresAt: tx.Now().Add(life)}
		return err
	})
	if err != nil {
		return Quote{}, err
	}
	text, err := json.Marshal(q)
	if err != nil {
		return Quote{}, fmt.Errorf("seal quote: %w", err)
	}
	q.Token = s.Tokens.SealToken(crypto.Intent, text, quoteBound)
	return q, nil
}

// OpenQuote reads a quote that Check sealed, or refuses it with ErrQuote.
func (s *Service) OpenQuote(token string) (Quote, error) {
	text, err := s.Tokens.OpenToken(crypto.Intent, token, quoteBound)
	if err != nil {
		return Quote{}, ErrQuote.At("/quote")
	}
	var q Quote
	if err := json.Unmarshal(text, &q); err != nil {
		return Quote{}, fmt.Errorf("read quote: %w", err)
	}
	q.Token = token
	return q, nil
}

// own finds both accounts among the caller's.
func (s *Service) own(ctx context.Context, tx *db.Tx, by act.By, d Draft) (from, to deposit.Holding, err error) {
	if from, err = s.Accounts.Holding(ctx, tx, by.Customer(), d.From); err != nil {
		return from, to, at(err, "/fromAccountId")
	}
	if to, err = s.Accounts.Holding(ctx, tx, by.Customer(), d.To); err != nil {
		return from, to, at(err, "/toAccountId")
	}
	switch {
	case from.State != deposit.Open:
		return from, to, deposit.ErrClosed.At("/fromAccountId")
	case to.State != deposit.Open:
		return from, to, deposit.ErrClosed.At("/toAccountId")
	case from.Class != 1 || to.Class != 1: // classes II and III have limits that exchanges do not count
		return from, to, ErrPair.At("/fromAccountId")
	case (from.Currency == money.CNY) == (to.Currency == money.CNY):
		return from, to, ErrPair.At("/toAccountId")
	case d.Amount.Currency() != from.Currency && d.Amount.Currency() != to.Currency:
		return from, to, ErrDraft.At("/amount/currency")
	case from.Frozen():
		return from, to, ledger.ErrFrozen.At("/fromAccountId")
	}
	return from, to, nil
}

// at names the field that an account was given in.
func at(err error, pointer string) error {
	if err == deposit.ErrNotFound { //nolint:errorlint // only the plain refusal gets a place
		return deposit.ErrNotFound.At(pointer)
	}
	return err
}

// terms are what a draft comes to at the price of now.
func (s *Service) terms(ctx context.Context, tx *db.Tx, d Draft, from, to deposit.Holding, today clock.Date) (Terms, error) {
	t := Terms{Side: Buy, Purpose: d.Purpose}
	other := to.Currency
	if to.Currency == money.CNY {
		t.Side, other, t.Purpose = Sell, from.Currency, ""
	}
	if t.Side == Buy && !slices.Contains(Purposes(), t.Purpose) {
		return t, ErrPurpose.At("/purpose")
	}
	p, err := s.current(ctx, tx, other, today)
	if err != nil {
		return t, err
	}
	if err := t.at(p, d.Amount); err != nil {
		return t, err
	}
	if t.Dollars, err = s.dollars(ctx, tx, t); err != nil {
		return t, err
	}
	available := from.Balance.Available()
	if err := enough(t, available, p.Least); err != nil {
		return t, err
	}
	return t, nil
}

// enough refuses what is too small or more than there is. All that is left of another currency may be sold, however little.
func enough(t Terms, available, least money.Amount) error {
	all := t.Side == Sell && t.Amount == available
	switch {
	case t.Amount.Minor() < least.Minor() && !all:
		return ErrLeast.At("/amount").With("least", least.String()).With("currency", least.Currency().Code())
	case !t.Yuan.IsPositive():
		return ErrLeast.At("/amount").With("least", least.String()).With("currency", least.Currency().Code())
	case t.Paid().Minor() > available.Minor():
		return ledger.ErrInsufficientFunds.At("/amount")
	}
	return nil
}

// at prices the terms. The other currency's amount is what is traded, and its price in yuan is Amount × Price, half a fen up,
// however the order was typed: who types yuan gets the whole units of it, so that he pays for what he gets.
func (t *Terms) at(p Price, typed money.Amount) error {
	t.Price, t.Middle, t.RateAt, t.Amount = p.of(t.Side), p.Observed.Middle, p.At, typed
	var err error
	if typed.Currency() == money.CNY {
		rounding := money.Down // at most what was typed is paid
		if t.Side == Sell {
			rounding = money.Up // at least what was typed is received
		}
		if t.Amount, err = t.Price.Buys(typed, p.Currency, rounding); err != nil {
			return err
		}
	}
	if t.Yuan, err = t.Price.Worth(t.Amount, money.HalfUp); err != nil {
		return err
	}
	if t.Value, err = t.Middle.Worth(t.Amount, money.HalfUp); err != nil {
		return err
	}
	more, less := t.Yuan, t.Value
	if t.Side == Sell {
		more, less = less, more
	}
	t.Spread, err = more.Sub(less) // never less than zero: the price is on the bank's side of the middle, and rounding keeps order
	return err
}

// dollars is what an exchange counts against limits, at middle rates.
func (s *Service) dollars(ctx context.Context, tx *db.Tx, t Terms) (money.Amount, error) {
	if t.Amount.Currency() == money.USD {
		return t.Amount, nil
	}
	rates, err := latest(ctx, tx, []money.Currency{money.USD}, tx.Now())
	if err != nil {
		return money.Amount{}, fmt.Errorf("rate of the dollar: %w", err)
	}
	usd, known := rates[money.USD]
	if !known {
		return money.Amount{}, ErrNoRate
	}
	return usd.Observed.Middle.Buys(t.Value, money.USD, money.Up)
}
