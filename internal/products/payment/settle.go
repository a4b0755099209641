package payment

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// settlement is a slice of transfers whose money was held, under the locks of their rows, on the way to being settled
// or refused.
type settlement struct {
	s         *Service
	tx        *db.Tx
	by        act.By
	today     clock.Date
	transfers []Transfer
	codes     []string // why a transfer is refused; empty while it is not
	accounts  map[id.Account]deposit.Account
	counters  *deposit.Counters
}

// settle books held transfers or refuses them, each alone. The locks are taken in the order of the bank: the counters
// of all, since any may be refused, and then all their accounts.
func (s *Service) settle(ctx context.Context, tx *db.Tx, by act.By, today clock.Date, transfers []Transfer) error {
	if len(transfers) == 0 {
		return nil
	}
	b := &settlement{s: s, tx: tx, by: by, today: today, transfers: transfers, codes: make([]string, len(transfers))}
	for _, step := range []func(context.Context) error{b.lockCounters, b.recheck, b.book, b.write} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// refuseHeld refuses held transfers for a reason that is known.
func (s *Service) refuseHeld(ctx context.Context, tx *db.Tx, by act.By, today clock.Date, t *Transfer, code string) error {
	b := &settlement{s: s, tx: tx, by: by, today: today, transfers: []Transfer{*t}, codes: []string{code}}
	if err := b.lockCounters(ctx); err != nil {
		return err
	}
	err := b.write(ctx)
	*t = b.transfers[0]
	return err
}

func (b *settlement) lockCounters(ctx context.Context) error {
	ids := make([]id.Account, 0, 2*len(b.transfers))
	for _, t := range b.transfers {
		ids = append(ids, t.PayerAccount, t.PayeeAccount)
	}
	var err error
	if b.accounts, err = b.s.Accounts.Accounts(ctx, b.tx, distinct(ids)); err != nil {
		return err
	}
	var uses []deposit.Use
	for _, t := range b.transfers {
		uses = append(uses, b.consumed(t)...)
	}
	b.counters, err = deposit.LockCounters(ctx, b.tx, uses)
	return err
}

func (b *settlement) consumed(t Transfer) []deposit.Use {
	return consumed(t, b.accounts[t.PayerAccount], b.accounts[t.PayeeAccount])
}

// recheck finds what can no longer be settled, under the locks of the accounts.
func (b *settlement) recheck(ctx context.Context) error {
	customers := make([]id.Customer, len(b.transfers))
	locked := make([]string, 0, 2*len(b.transfers))
	for i, t := range b.transfers {
		customers[i] = t.Payer
		locked = append(locked, string(t.PayerAccount), string(t.PayeeAccount))
	}
	blocked, err := b.s.Persons.Blocked(ctx, b.tx, distinct(customers))
	if err != nil {
		return err
	}
	balances, err := b.s.Lines.Lock(ctx, b.tx, locked)
	if err != nil {
		return err
	}
	limit := ceiling{s: b.s, on: b.today, balances: balances}
	for i, t := range b.transfers {
		payee := b.accounts[t.PayeeAccount]
		switch {
		case blocked[t.Payer] != nil:
			b.codes[i] = fault.CodeOf(blocked[t.Payer])
			continue
		case payee.State != deposit.Open:
			b.codes[i] = ErrPayeeClosed.Code()
			continue
		}
		if _, err := limit.admit(ctx, payee, t.Amount.Minor(), true); errors.Is(err, deposit.ErrBalance) {
			b.codes[i] = deposit.ErrBalance.Code()
		} else if err != nil {
			return err
		}
	}
	return nil
}

// book posts what nothing stands against.
func (b *settlement) book(ctx context.Context) error {
	var journals []ledger.Journal
	var posted []int
	for i := range b.transfers {
		if b.codes[i] != "" {
			continue
		}
		t := b.transfers[i]
		t.Journal = id.New[id.Journal](b.tx.Now())
		j, err := captureTransfer(t)
		if err != nil {
			return err
		}
		journals, posted = append(journals, j), append(posted, i)
	}
	outcomes, err := b.s.Books.Post(ctx, b.tx, journals)
	if err != nil {
		return err
	}
	payers, errs := make([]id.Account, len(posted)), make([]error, len(posted))
	for n, i := range posted {
		payers[n], errs[n] = b.transfers[i].PayerAccount, outcomes[n].Err
	}
	codes, err := b.s.refusals(ctx, b.tx, payers, errs)
	if err != nil {
		return err
	}
	for n, i := range posted {
		if b.codes[i] = codes[n]; codes[n] != "" {
			continue
		}
		if err := b.transfers[i].settle(outcomes[n].Journal, b.tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// write keeps what became of the transfers; those refused let their money go and give their limits back.
func (b *settlement) write(ctx context.Context) error {
	var refused []Transfer
	all := make([]told, 0, len(b.transfers))
	for i := range b.transfers {
		t := &b.transfers[i]
		if code := b.codes[i]; code != "" {
			if err := t.refuse(code, b.tx.Now()); err != nil {
				return err
			}
			b.counters.Undo(b.consumed(*t))
			refused = append(refused, *t)
		}
		if err := updateTransfer(b.tx, *t); err != nil {
			return err
		}
		all = append(all, told{actSettle, *t})
	}
	if err := b.s.release(ctx, b.tx, refused); err != nil {
		return err
	}
	if err := b.counters.Save(b.tx); err != nil {
		return err
	}
	if err := relate(b.tx, paid(b.transfers)); err != nil {
		return err
	}
	return b.s.tell(ctx, b.tx, b.by, b.today, all)
}

// told is a transfer that an act has changed.
type told struct {
	act string
	Transfer
}

// tell keeps the records of changed transfers and publishes what became of them.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by act.By, today clock.Date, all []told) error {
	records := make([]audit.Record, len(all))
	facts := make([]bus.Event, len(all))
	for i, t := range all {
		records[i] = audit.Record{By: by, Act: t.act, Subject: string(t.ID), Customer: t.Payer, Outcome: audit.Done}
		if t.State == Refused {
			records[i].Outcome, records[i].Code = audit.Refused, t.Refusal
		}
		facts[i] = fact(tx, by, today, t.Transfer, false)
	}
	if err := s.Audit.Append(ctx, tx, records); err != nil {
		return fmt.Errorf("record what became of transfers: %w", err)
	}
	return s.Events.Publish(ctx, tx, facts)
}
