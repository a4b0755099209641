package cash

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	ruleLarge     = "cash.large_value_minor"
	ruleAuthorise = "cash.authorise.pay_out_minor"

	cashInDay  deposit.LimitKind = "cash_in_day"
	cashOutDay deposit.LimitKind = "cash_out_day"
)

// Order asks for cash over the counter, from or into the teller's own till. It is also the change that a request under
// four eyes holds, without the key.
type Order struct {
	Till       id.Till    `json:"till"`
	Account    id.Account `json:"account"`
	Pieces     Pieces     `json:"pieces"`
	Identified bool       `json:"identified"` // the teller has seen the customer's document
	Key        string     `json:"-"`          // the client's key: the same one pays once

	PIN crypto.Secret `json:"-"` // that the customer types at the keypad, to draw cash
}

// PayIn takes cash from a customer. Errors: ErrStaff, ErrNoTill, ErrState, ErrPieces, ErrAccount, ErrIdentify, the limits of
// the account's class, and what the books refuse.
func (s *Service) PayIn(ctx context.Context, by act.By, o Order) (Movement, error) {
	return s.serve(ctx, by, PaidIn, o)
}

// PayOut gives cash to a customer who has typed his PIN. From a figure of the bank's on it takes PayOutApproved. Errors: those
// of PayIn, ErrApproval, those of the PIN, the limits of the branch, and what keeps the customer from paying.
func (s *Service) PayOut(ctx context.Context, by act.By, o Order) (Movement, error) {
	return s.serve(ctx, by, PaidOut, o)
}

// PayOutApproved is PayOut of any amount, under four eyes. The teller holds the till until the approval is there.
func (s *Service) PayOutApproved(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, o Order) (Movement, error) {
	if err := act.Approved(g, ApprovalPayOut, o); err != nil {
		return Movement{}, err
	}
	if err := checkTeller(by); err != nil {
		return Movement{}, err
	}
	return s.pay(ctx, tx, by, PaidOut, o)
}

// serve is a movement of a customer's cash in a transaction of its own, once for each key.
func (s *Service) serve(ctx context.Context, by act.By, kind Kind, o Order) (Movement, error) {
	if err := checkTeller(by); err != nil {
		return Movement{}, err
	}
	written, err := json.Marshal(o)
	if err != nil {
		return Movement{}, ErrPieces.Because(err)
	}
	key := once.Key{Principal: by.Actor, Operation: "cash." + string(kind), Key: o.Key, Body: sha256.Sum256(written)}
	if err := key.Check(); err != nil {
		return Movement{}, err
	}
	var m Movement
	var refusal error // of the PIN: it is counted, and leaves the key free
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		refusal = nil
		if kind == PaidOut {
			if err := s.withoutApproval(ctx, tx, o); err != nil {
				return err
			}
		}
		key.Entity = string(id.New[id.Cash](tx.Now()))
		claims, err := once.Claimed(ctx, tx, []once.Key{key})
		if err != nil {
			return err
		}
		switch claim := claims[0]; {
		case claim.Err != nil:
			return claim.Err
		case !claim.First:
			m, err = movement(ctx, tx, id.Cash(claim.Entity))
			return err
		}
		if kind == PaidOut {
			if refusal, err = s.prove(ctx, tx, by, o); err != nil {
				return err
			}
			if refusal != nil {
				return once.Release(ctx, tx, []once.Key{key})
			}
		}
		o := o
		o.Key = key.Entity
		m, err = s.pay(ctx, tx, by, kind, o)
		return err
	})
	if err == nil {
		err = refusal
	}
	return m, err
}

// prove asks whether the PIN is that of the account's holder, and counts a wrong one.
func (s *Service) prove(ctx context.Context, tx *db.Tx, by act.By, o Order) (refusal, err error) {
	found, err := s.Accounts.Accounts(ctx, tx, []id.Account{o.Account})
	if err != nil {
		return nil, err
	}
	a, known := found[o.Account]
	if !known {
		return ErrAccount, nil
	}
	by.OnBehalfOf, by.Channel = a.Customer, act.Branch
	results, err := s.Provers.Prove(ctx, tx, []auth.Proof{{By: by, Method: auth.MethodPIN, PIN: o.PIN}})
	if err != nil {
		return nil, fmt.Errorf("prove: %w", err)
	}
	return results[0].Err, nil
}

// ProvePayOut asks whether the customer's PIN is right before others are asked to approve. Errors: ErrStaff, ErrAccount, and
// those of the PIN.
func (s *Service) ProvePayOut(ctx context.Context, by act.By, o Order) error {
	if err := checkTeller(by); err != nil {
		return err
	}
	var refusal error
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		refusal, err = s.prove(ctx, tx, by, o)
		return err
	})
	if err == nil {
		err = refusal
	}
	return err
}

// withoutApproval refuses to pay out what takes two people.
func (s *Service) withoutApproval(ctx context.Context, tx *db.Tx, o Order) error {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return err
	}
	amount, err := s.paid(o.Pieces, money.CNY)
	if err != nil {
		return err
	}
	most, err := s.Rules.Amount(ctx, ruleAuthorise, today)
	if err == nil && amount.Minor() >= most.Minor() {
		err = ErrApproval.With("amount", most.String())
	}
	return err
}

// pay decides and books cash of a customer. Locks: the day, the till, counters, the account.
func (s *Service) pay(ctx context.Context, tx *db.Tx, by act.By, kind Kind, o Order) (Movement, error) {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return Movement{}, err
	}
	t, err := s.lock(ctx, tx, by, o.Till)
	if err != nil {
		return Movement{}, err
	}
	if err := t.heldBy(by); err != nil {
		return Movement{}, err
	}
	m := Movement{ID: id.Cash(o.Key), Kind: kind, Till: t.ID, Account: o.Account, Pieces: o.Pieces, Branch: t.Branch, Teller: id.Staff(by.Actor), On: today}
	if kind == PaidOut {
		m.Pieces = o.Pieces.negative()
	}
	if m.Amount, err = s.paid(o.Pieces, t.Currency); err != nil {
		return Movement{}, err
	}
	found, err := s.Accounts.Accounts(ctx, tx, []id.Account{o.Account})
	if err != nil {
		return Movement{}, err
	}
	a, known := found[o.Account]
	if !known || a.State != deposit.Open || a.Currency != t.Currency {
		return Movement{}, ErrAccount
	}
	m.Customer = a.Customer
	by.OnBehalfOf, by.Channel = a.Customer, act.Branch
	if m.Large, err = s.limits(ctx, tx, a, m); err != nil {
		return Movement{}, err
	}
	if m.Large && !o.Identified {
		return Movement{}, ErrIdentify
	}
	return s.keep(ctx, tx, by, m)
}

// limits uses the limits that cash uses, and says whether the customer's cash of the day is to be reported.
func (s *Service) limits(ctx context.Context, tx *db.Tx, a deposit.Account, m Movement) (large bool, err error) {
	counted := deposit.Use{Subject: string(a.Customer), Kind: cashInDay, Period: m.On.String(), Amount: m.Amount.Minor()}
	var uses []deposit.Use
	if m.Kind == PaidIn {
		uses, err = s.Accounts.InUses(ctx, deposit.Incoming{Account: a, Amount: m.Amount}, m.On)
	} else {
		counted.Kind = cashOutDay
		if err := s.mayPay(ctx, tx, a.Customer); err != nil {
			return false, err
		}
		uses, err = s.Accounts.OutUses(ctx, deposit.Outgoing{Account: a, Amount: m.Amount, Channel: act.Branch}, m.On)
	}
	if err != nil {
		return false, err
	}
	turnover, err := s.Accounts.Turnover(ctx, m.Amount, m.On, a)
	if err != nil {
		return false, err
	}
	uses = append(append(uses, turnover...), counted)
	counters, err := deposit.LockCounters(ctx, tx, uses)
	if err != nil {
		return false, err
	}
	if err := counters.Try(uses); err != nil {
		return false, err
	}
	if err := counters.Save(tx); err != nil {
		return false, err
	}
	if err := s.underCap(ctx, tx, a, m); err != nil {
		return false, err
	}
	most, err := s.Rules.Amount(ctx, ruleLarge, m.On)
	used, _ := counters.Used(counted)
	return used >= most.Minor(), err
}

func (s *Service) mayPay(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	blocked, err := s.Persons.Blocked(ctx, tx, []id.Customer{customer})
	if err != nil {
		return err
	}
	return blocked[customer]
}

// underCap refuses to fill an account above what its class may hold.
func (s *Service) underCap(ctx context.Context, tx *db.Tx, a deposit.Account, m Movement) error {
	if m.Kind != PaidIn {
		return nil
	}
	most, limited, err := s.Accounts.BalanceMost(ctx, a, m.On)
	if err != nil || !limited {
		return err
	}
	balances, err := s.Books.Lock(ctx, tx, []string{string(a.ID)})
	if err != nil {
		return err
	}
	if balances[string(a.ID)].Booked.Minor()+m.Amount.Minor() > most.Minor() {
		return deposit.ErrBalance.With("limit", most.String())
	}
	return nil
}

// keep changes what the tills hold, books the movement, and tells.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by act.By, m Movement) (Movement, error) {
	if m.At = tx.Now(); m.ID == "" {
		m.ID = id.New[id.Cash](tx.Now())
	}
	if err := s.restock(ctx, tx, m.Till, m.Pieces); err != nil {
		return Movement{}, err
	}
	if m.Other != "" {
		if err := s.restock(ctx, tx, m.Other, m.Pieces.negative()); err != nil {
			return Movement{}, err
		}
	}
	m.Journal = id.New[id.Journal](tx.Now())
	if journal, books := book(m, by); books {
		outcomes, err := s.Books.Post(ctx, tx, []ledger.Journal{journal})
		if err != nil {
			return Movement{}, fmt.Errorf("book cash: %w", err)
		}
		if outcomes[0].Err != nil {
			return Movement{}, outcomes[0].Err
		}
	} else {
		m.Journal = ""
	}
	if err := insertMovement(ctx, tx, m, by); err != nil {
		return Movement{}, fmt.Errorf("keep movement: %w", err)
	}
	detail := map[string]string{"till": string(m.Till), "journal": string(m.Journal)}
	if m.Large {
		detail["large"] = "yes"
	}
	if err := s.record(ctx, tx, by, string(m.ID), m.Customer, "cash."+string(m.Kind), detail); err != nil {
		return Movement{}, err
	}
	return m, s.tell(ctx, tx, by, m)
}

func (s *Service) restock(ctx context.Context, tx *db.Tx, till id.Till, change Pieces) error {
	stock, err := stockOf(ctx, tx, till)
	if err != nil {
		return fmt.Errorf("read till: %w", err)
	}
	if err := stock.add(change); err != nil {
		return err
	}
	return saveStock(ctx, tx, till, stock)
}

func (s *Service) record(ctx context.Context, tx *db.Tx, by act.By, subject string, customer id.Customer, what string, detail map[string]string) error {
	r := audit.Record{By: by, Act: what, Subject: subject, Customer: customer, Outcome: audit.Done, Detail: detail}
	if err := s.Audit.Append(ctx, tx, []audit.Record{r}); err != nil {
		return fmt.Errorf("record %s: %w", what, err)
	}
	return nil
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, by act.By, m Movement) error {
	f := event.CashMoved{
		Movement: m.ID, Kind: string(m.Kind), Till: m.Till, Account: m.Account, Customer: m.Customer, Amount: m.Amount, Branch: m.Branch, Large: m.Large,
		Journal: m.Journal,
	}
	h := event.Header{Subject: string(m.Till), BusinessDate: m.On, Trace: by.Trace}
	if err := s.Events.Publish(ctx, tx, []bus.Event{event.New(tx.Now(), h, f)}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}
