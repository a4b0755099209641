package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// lock says of each order whether its money moves now or is held, and locks all accounts at once when the batch both
// posts and holds, or when what a payee may hold has to be known before. Otherwise posting or holding locks them.
func (r *run) lock(ctx context.Context) error {
	var accounts []string
	var now, later int
	var capped bool
	var failed error
	r.pending(func(o *order) {
		due, err := r.s.due(ctx, o.intent.Arrival, r.tx.Now(), r.today)
		if err != nil {
			failed = errors.Join(failed, err)
			return
		}
		if o.transfer.State, o.transfer.DueAt = o.later(due); o.transfer.State == Settled {
			now++
		} else {
			later++
		}
		capped = capped || o.payee.Class > 2
		accounts = append(accounts, string(o.payer.ID), string(o.payee.ID))
	})
	if failed != nil || !capped && (now == 0 || later == 0) {
		return failed
	}
	balances, err := r.s.Lines.Lock(ctx, r.tx, accounts)
	if err != nil || !capped {
		return err
	}
	return r.ceilings(ctx, balances)
}

// later says whether an order's money is only held now, and until when. A delay never makes it arrive sooner.
func (o *order) later(due time.Time) (State, time.Time) {
	switch o.decision.Verdict {
	case Review:
		return Held, time.Time{}
	case Delay:
		return Delayed, latest(due, o.transfer.MadeAt.Add(o.decision.For))
	}
	if o.intent.Arrival != RealTime {
		return Delayed, due
	}
	return Settled, time.Time{}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ceilings refuses what would lift a class III account above what it may hold. What moves later is looked at again then.
func (r *run) ceilings(ctx context.Context, balances map[string]ledger.Balance) error {
	c := ceiling{s: r.s, on: r.today, balances: balances}
	var failed error
	r.pending(func(o *order) {
		crowded, err := c.admit(ctx, o.payee, o.intent.Amount.Minor(), o.transfer.State == Settled)
		switch {
		case errors.Is(err, deposit.ErrBalance):
			r.counters.Undo(o.uses)
			o.crowded = crowded
			o.refuse(deposit.ErrBalance.Code())
		case err != nil:
			failed = errors.Join(failed, err)
		}
	})
	return failed
}

// book posts what arrives at once.
func (r *run) book(ctx context.Context) error {
	var journals []ledger.Journal
	var orders []*order
	r.pending(func(o *order) {
		if o.transfer.State != Settled {
			return
		}
		o.transfer.Journal = id.New[id.Journal](r.tx.Now())
		journals, orders = append(journals, bookTransfer(o.transfer)), append(orders, o)
	})
	if len(journals) == 0 {
		return nil
	}
	outcomes, err := r.s.Books.Post(ctx, r.tx, journals)
	if err != nil {
		return err
	}
	refusals := make([]error, len(outcomes))
	for i, o := range orders {
		refusals[i] = outcomes[i].Err
		o.transfer.SettledAt = outcomes[i].At
	}
	return r.booked(ctx, orders, refusals)
}

// hold keeps the money of what moves later.
func (r *run) hold(ctx context.Context) error {
	var requests []ledger.HoldRequest
	var orders []*order
	var failed error
	r.pending(func(o *order) {
		o.transfer.Hold = id.New[id.Hold](r.tx.Now())
		request, err := holdTransfer(o.transfer)
		failed = errors.Join(failed, err)
		requests, orders = append(requests, request), append(orders, o)
	})
	if failed != nil || len(requests) == 0 {
		return failed
	}
	outcomes, err := r.s.Books.Hold(ctx, r.tx, requests)
	if err != nil {
		return err
	}
	refusals := make([]error, len(outcomes))
	for i := range outcomes {
		refusals[i] = outcomes[i].Err
	}
	return r.booked(ctx, orders, refusals)
}

// booked ends orders as the books decided. What they refused gives back what it had consumed.
func (r *run) booked(ctx context.Context, orders []*order, refusals []error) error {
	accounts := make([]id.Account, len(orders))
	for i, o := range orders {
		accounts[i] = o.payer.ID
	}
	codes, err := r.s.refusals(ctx, r.tx, accounts, refusals)
	if err != nil {
		return err
	}
	for i, o := range orders {
		o.settled = true
		if codes[i] == "" {
			continue
		}
		if o.payee.Class > 2 {
			if r.bounced == nil {
				r.bounced = make(map[id.Account]bool)
			}
			r.bounced[o.payee.ID] = true
		}
		r.counters.Undo(o.uses)
		o.refuse(codes[i])
	}
	return nil
}

// refusals are the codes under which what the books refused is kept, empty where they did not. That the payee's account
// is closed or frozen is told as that it cannot receive, and not in the words of the payer's own account.
func (s *Service) refusals(ctx context.Context, tx *db.Tx, payers []id.Account, errs []error) ([]string, error) {
	codes := make([]string, len(errs))
	var doubtful []string
	for i, err := range errs {
		switch {
		case err == nil:
			continue
		case fault.KindOf(err) == fault.Internal:
			return nil, fmt.Errorf("books refuse the journal itself: %w", err)
		case errors.Is(err, ledger.ErrFrozen) || errors.Is(err, ledger.ErrAccountClosed):
			doubtful = append(doubtful, string(payers[i]))
		}
		codes[i] = fault.CodeOf(err)
	}
	if len(doubtful) == 0 {
		return codes, nil
	}
	balances, err := s.Lines.Balances(ctx, tx, doubtful)
	if err != nil {
		return nil, err
	}
	for i, err := range errs {
		b := balances[string(payers[i])]
		if errors.Is(err, ledger.ErrFrozen) && b.Restraint == ledger.Unrestrained || errors.Is(err, ledger.ErrAccountClosed) && !b.Closed {
			codes[i] = ErrPayeeClosed.Code()
		}
	}
	return codes, nil
}
