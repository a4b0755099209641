package exchange

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Confirmation proves a quote.
type Confirmation struct {
	Key        string // the client's, made when the form opened
	Quote      string // sealed
	Method     auth.Method
	PIN        crypto.Secret
	Challenge  id.Challenge // of a passkey
	Credential []byte       // the passkey's answer
}

// Operations of package once.
const (
	confirmOperation = "exchange.confirm"
	quoteOperation   = "exchange.quote"
)

// Confirm books a quote, once, when it is proved in its time, and answers the exchange. Repeating the key answers the same
// exchange. A refusal uses neither key nor quote up: a wrong PIN is counted, and nothing else of it is kept.
// Errors: ErrQuote, ErrQuoteOld, ErrQuoteUsed, ErrDay, ErrQuota, once.ErrKey, once.ErrReused, what proofs, blocks and the
// books refuse.
func (s *Service) Confirm(ctx context.Context, by act.By, c Confirmation) (Exchange, error) {
	q, err := s.OpenQuote(c.Quote)
	if err != nil {
		return Exchange{}, err
	}
	if q.Customer != by.Customer() {
		return Exchange{}, ErrQuote.At("/quote")
	}
	hash, err := q.Hash()
	if err != nil {
		return Exchange{}, err
	}
	var x Exchange
	var refused error
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		x, refused = Exchange{}, nil
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		entity := id.New[id.Exchange](tx.Now())
		keys := q.keys(c.Key, entity)
		if err := keys[0].Check(); err != nil {
			return err
		}
		claims, err := once.Claimed(ctx, tx, keys)
		if err != nil {
			return err
		}
		if first, again, err := repeated(claims); err != nil || !first {
			if err == nil {
				x, err = s.find(ctx, tx, by.Customer(), again)
			}
			return err
		}
		if q.Session != by.Session || tx.Now().After(q.ExpiresAt) {
			return ErrQuoteOld
		}
		proofs, err := s.Proofs.Prove(ctx, tx, []auth.Proof{{By: by, Method: c.Method, PIN: c.PIN, Challenge: c.Challenge, Credential: c.Credential, Hash: hash}})
		if err != nil {
			return err
		}
		if refused = proofs[0].Err; refused != nil {
			return once.Release(ctx, tx, keys)
		}
		x, err = s.book(ctx, tx, by, q, entity, today)
		return err
	})
	if err := errors.Join(err, refused); err != nil {
		return Exchange{}, err
	}
	return x, nil
}

// keys claim the client's key and the quote itself, so that it serves once.
func (q Quote) keys(key string, entity id.Exchange) []once.Key {
	body := sha256.Sum256([]byte(q.ID))
	return []once.Key{
		{Principal: string(q.Customer), Operation: confirmOperation, Key: key, Body: body, Entity: string(entity)},
		{Principal: string(q.Customer), Operation: quoteOperation, Key: string(q.ID), Body: body, Entity: string(entity)},
	}
}

// repeated says whether this is the first use of key and quote, and what the first use of the key made.
func repeated(claims []once.Claim) (first bool, again id.Exchange, err error) {
	switch key, quote := claims[0], claims[1]; {
	case key.Err != nil:
		return false, "", key.Err
	case !key.First:
		return false, id.Exchange(key.Entity), nil
	case !quote.First:
		return false, "", ErrQuoteUsed
	}
	return true, "", nil
}

// book does what a proved quote says. Locks, after the keys and the PIN: counters, accounts.
func (s *Service) book(ctx context.Context, tx *db.Tx, by act.By, q Quote, entity id.Exchange, today clock.Date) (Exchange, error) {
	blocked, err := s.Blocks.Blocked(ctx, tx, []id.Customer{q.Customer})
	if err != nil {
		return Exchange{}, err
	}
	if err := blocked[q.Customer]; err != nil {
		return Exchange{}, err
	}
	if err := s.consume(ctx, tx, q.Customer, q.Terms, today); err != nil {
		return Exchange{}, err
	}
	x := Exchange{ID: entity, Customer: q.Customer, From: q.From, To: q.To, Terms: q.Terms, On: today, At: tx.Now(), Journal: id.New[id.Journal](tx.Now())}
	outcomes, err := s.Books.Post(ctx, tx, []ledger.Journal{x.journal(by)})
	if err != nil {
		return Exchange{}, err
	}
	if err := outcomes[0].Err; err != nil {
		return Exchange{}, err
	}
	x.On = outcomes[0].BusinessDate
	if err := insertExchange(ctx, tx, by, x); err != nil {
		return Exchange{}, fmt.Errorf("keep exchange: %w", err)
	}
	return x, s.tell(ctx, tx, by, x)
}

// tell keeps the act in the audit log and publishes the fact.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by act.By, x Exchange) error {
	err := s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: actConfirm, Subject: string(x.ID), Customer: x.Customer, Outcome: audit.Done,
		Detail: map[string]string{"side": string(x.Side), "currency": x.Amount.Currency().Code(), "price": x.Price.String(), "middle": x.Middle.String(), "purpose": x.Purpose}}})
	if err != nil {
		return err
	}
	return s.Events.Publish(ctx, tx, []bus.Event{event.New(tx.Now(), event.Header{Subject: string(x.ID), BusinessDate: x.On, Trace: by.Trace}, event.CurrencyExchanged{
		Exchange: x.ID, Customer: x.Customer, From: x.From, To: x.To, Side: string(x.Side), Paid: x.Paid(), Received: x.Received(),
		Price: x.Price.String(), Middle: x.Middle.String(), Journal: x.Journal,
	})})
}
