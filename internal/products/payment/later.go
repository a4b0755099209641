package payment

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	dueBatch   = 200 // transfers settled in one transaction
	dueBatches = 500 // of one run; the rest waits for the next
)

// dueJob is who settles what is due.
const dueJob = "payment.due"

// SettleDue settles delayed transfers whose time has come, and says how many it looked at. It checks freezes and
// accounts again; what cannot be settled any more is refused, its hold released and its limits given back.
func (s *Service) SettleDue(ctx context.Context) (int, error) {
	total := 0
	for range dueBatches {
		n, err := s.settleSome(ctx)
		total += n
		if err != nil || n < dueBatch {
			return total, err
		}
	}
	return total, nil
}

func (s *Service) settleSome(ctx context.Context) (int, error) {
	n := 0
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.Days.Today(ctx, tx); err != nil {
			return err
		}
		due, err := lockDue(ctx, tx, tx.Now(), dueBatch)
		if err != nil {
			return err
		}
		n = len(due)
		return s.settle(ctx, tx, act.Job(dueJob), due)
	})
	return n, err
}

// settle books held transfers or refuses them, each alone.
func (s *Service) settle(ctx context.Context, tx *db.Tx, by act.By, transfers []Transfer) error {
	if len(transfers) == 0 {
		return nil
	}
	refused, err := s.recheck(ctx, tx, transfers)
	if err != nil {
		return err
	}
	var journals []ledger.Journal
	var posted []int
	for i, t := range transfers {
		if refused[i] == "" {
			journals = append(journals, bookTransfer(t, id.New[id.Journal](tx.Now()), ledger.Capture{Hold: t.Hold, Amount: t.Amount, Final: true}))
			posted = append(posted, i)
		}
	}
	outcomes, err := s.Books.Post(ctx, tx, journals)
	if err != nil {
		return err
	}
	for n, i := range posted {
		if err := outcomes[n].Err; err != nil {
			refused[i] = fault.CodeOf(err)
			continue
		}
		if err := transfers[i].settle(outcomes[n].Journal, tx.Now()); err != nil {
			return err
		}
	}
	return s.finish(ctx, tx, by, transfers, refused)
}

// recheck says why a transfer can no longer be settled; an empty code lets it pass.
func (s *Service) recheck(ctx context.Context, tx *db.Tx, transfers []Transfer) ([]string, error) {
	customers := make([]id.Customer, len(transfers))
	accounts := make([]id.Account, len(transfers))
	for i, t := range transfers {
		customers[i], accounts[i] = t.Payer, t.PayeeAccount
	}
	blocked, err := s.Persons.Blocked(ctx, tx, customers)
	if err != nil {
		return nil, err
	}
	found, err := s.Accounts.Accounts(ctx, tx, accounts)
	if err != nil {
		return nil, err
	}
	codes := make([]string, len(transfers))
	for i, t := range transfers {
		switch {
		case blocked[t.Payer] != nil:
			codes[i] = fault.CodeOf(blocked[t.Payer])
		case found[t.PayeeAccount].State != deposit.Open:
			codes[i] = ErrPayeeClosed.Code()
		}
	}
	return codes, nil
}

// finish writes what became of held transfers.
func (s *Service) finish(ctx context.Context, tx *db.Tx, by act.By, transfers []Transfer, refused []string) error {
	var records []audit.Record
	var facts []bus.Event
	for i := range transfers {
		t := &transfers[i]
		rec := audit.Record{By: by, Act: "payment.settle", Subject: string(t.ID), Customer: t.Payer, Outcome: audit.Done}
		if refused[i] != "" {
			if err := t.refuse(refused[i], tx.Now()); err != nil {
				return err
			}
			if err := s.letGo(ctx, tx, *t); err != nil {
				return err
			}
			rec.Outcome, rec.Code = audit.Refused, refused[i]
		}
		if err := updateTransfer(tx, *t); err != nil {
			return err
		}
		records = append(records, rec)
		facts = append(facts, s.fact(tx, by, *t, false))
	}
	if err := relate(tx, settledPairs(transfers)); err != nil {
		return err
	}
	if err := s.Audit.Append(ctx, tx, records); err != nil {
		return err
	}
	return s.Events.Publish(ctx, tx, facts)
}

func settledPairs(transfers []Transfer) map[relation]int64 {
	pairs := make(map[relation]int64)
	for _, t := range transfers {
		if t.State == Settled {
			pairs[relation{t.Payer, t.PayeeAccount}]++
		}
	}
	return pairs
}

// letGo releases a transfer's hold and gives its limits back to the day of the order.
func (s *Service) letGo(ctx context.Context, tx *db.Tx, t Transfer) error {
	accounts, err := s.Accounts.Accounts(ctx, tx, []id.Account{t.PayerAccount, t.PayeeAccount})
	if err != nil {
		return err
	}
	o := order{intent: Intent{Amount: t.Amount}, by: t.By}
	if t.Small {
		o.proof.Method = MethodNone
	}
	o.own = deposit.OwnLimits{Set: true, Single: t.Amount.Minor(), Daily: t.Amount.Minor()}
	uses, err := s.uses(ctx, o, accounts[t.PayerAccount], accounts[t.PayeeAccount], t.OrderedOn)
	if err != nil {
		return fmt.Errorf("limits of %s: %w", t.ID, err)
	}
	if err := deposit.GiveBack(ctx, tx, uses); err != nil {
		return err
	}
	outcomes, err := s.Books.Release(ctx, tx, []id.Hold{t.Hold})
	if err != nil {
		return err
	}
	return outcomes[0]
}

// Cancel takes a delayed transfer of the caller's back before it is due. Errors: ErrNotFound, ErrState.
func (s *Service) Cancel(ctx context.Context, by act.By, transfer id.Transfer) (Transfer, error) {
	var t Transfer
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.Days.Today(ctx, tx); err != nil {
			return err
		}
		var found bool
		var err error
		if t, found, err = lockForPayer(ctx, tx, by.Customer(), transfer); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if t.State == Cancelled {
			return nil // repeating an act answers its first result
		}
		if err := t.cancel(tx.Now()); err != nil {
			return err
		}
		if err := s.letGo(ctx, tx, t); err != nil {
			return err
		}
		return s.keep(ctx, tx, by, t, "payment.cancel")
	})
	return t, err
}

// keep writes a changed transfer with its record and its event.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by act.By, t Transfer, what string) error {
	if err := updateTransfer(tx, t); err != nil {
		return err
	}
	if err := s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: string(t.ID), Customer: t.Payer, Outcome: audit.Done}}); err != nil {
		return err
	}
	return s.Events.Publish(ctx, tx, []bus.Event{s.fact(tx, by, t, false)})
}
