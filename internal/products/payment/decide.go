package payment

import (
	"context"
	"errors"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Counters of the payer's pace, beside the limits of deposit: they forbid nothing, and screening looks at them.
const (
	paceHour      deposit.LimitKind = "pace_hour"       // payments to others
	pacePayeesDay deposit.LimitKind = "pace_payees_day" // payments to somebody never paid before
)

// Recent is what a payer did before a payment, in this batch too.
type Recent struct {
	Payments  int64        // to others, in this hour
	NewPayees int64        // payments of this day to somebody never paid before
	Total     money.Amount // of this day, through the same channel
}

// pace are the counters that screening looks at.
func pace(i Intent, now time.Time, today clock.Date) []deposit.Use {
	uses := []deposit.Use{{Subject: string(i.Payer), Kind: paceHour, Period: now.Format(hourLayout)}}
	if i.NeverPaid {
		uses = append(uses, deposit.Use{Subject: string(i.Payer), Kind: pacePayeesDay, Period: today.String()})
	}
	return uses
}

// uses lists the counters that an order moves: limits of the payer, of a class II or III payee, and the payer's pace.
// Between own accounts there are no limits: they are bound to each other. What class III accounts move counts even there.
func (s *Service) uses(ctx context.Context, o *order, now time.Time, today clock.Date) ([]deposit.Use, error) {
	turnover, err := s.Limits.Turnover(ctx, o.intent.Amount, today, o.payer, o.payee)
	if err != nil || o.payer.Customer == o.payee.Customer {
		return turnover, err
	}
	uses, err := s.Limits.OutUses(ctx, deposit.Outgoing{
		Account: o.payer, Amount: o.intent.Amount, Channel: o.by.Channel, Small: o.proof.Method == MethodNone, Own: o.own, Reduced: o.reduced,
	}, today)
	if err != nil {
		return nil, err
	}
	incoming, err := s.Limits.InUses(ctx, deposit.Incoming{Account: o.payee, Amount: o.intent.Amount}, today)
	if err != nil {
		return nil, err
	}
	return append(append(append(uses, incoming...), turnover...), pace(o.intent, now, today)...), nil
}

// since reads from the counters of an order what its payer did before it.
func (o *order) since(c *deposit.Counters) Recent {
	recent := Recent{Total: money.Zero(o.intent.Amount.Currency())}
	for _, u := range o.uses {
		amount, times := c.Used(u)
		switch u.Kind {
		case paceHour:
			recent.Payments = times
		case pacePayeesDay:
			recent.NewPayees = times
		case deposit.DayOf(o.by.Channel):
			recent.Total = money.New(amount, o.intent.Amount.Currency())
		}
	}
	return recent
}

// limit locks the counters of all orders and consumes them in order.
func (r *run) limit(ctx context.Context) error {
	var all []deposit.Use
	var failed error
	r.pending(func(o *order) {
		uses, err := r.s.uses(ctx, o, r.tx.Now(), r.today)
		switch {
		case err == nil:
			o.uses = uses
			all = append(all, uses...)
		case fault.KindOf(err) == fault.Internal:
			failed = errors.Join(failed, err)
		default:
			o.refuse(fault.CodeOf(err))
		}
	})
	if failed != nil {
		return failed
	}
	var err error
	if r.counters, err = deposit.LockCounters(ctx, r.tx, all); err != nil {
		return err
	}
	r.pending(func(o *order) {
		o.recent = o.since(r.counters)
		switch err := r.counters.Try(o.uses); {
		case errors.Is(err, deposit.ErrSmall):
			o.turnAway(err) // with a PIN it may still go
		case err != nil:
			o.limited = true
			o.refuse(fault.CodeOf(err))
		}
	})
	return nil
}

// screen asks the screener about what was proved and is within its limits.
func (r *run) screen(ctx context.Context) error {
	var candidates []Candidate
	var orders []*order
	r.pending(func(o *order) {
		c := candidate(o.intent, o.by, r.tx.Now(), r.today)
		c.Transfer, c.Recent = o.transfer.ID, o.recent
		candidates, orders = append(candidates, c), append(orders, o)
	})
	if len(candidates) == 0 {
		return nil
	}
	decisions, err := r.s.Screener.Screen(ctx, r.tx, candidates)
	if err != nil {
		return err
	}
	for i, o := range orders {
		o.decision = decisions[i]
		o.transfer.Screening = decisions[i].Code
		switch decisions[i].Verdict {
		case Reject:
			o.refuse(ErrScreened.Code())
		case StepUp:
			if err := r.strong(ctx, o); err != nil {
				return err
			}
		}
		if o.settled {
			r.counters.Undo(o.uses)
		}
	}
	return nil
}

// strong asks for a passkey, or beside the PIN for a step-up by another factor: a PIN twice proves no more than once.
func (r *run) strong(ctx context.Context, o *order) error {
	if o.bulk != nil {
		return r.strongBulk(ctx, o.bulk)
	}
	switch o.proof.Method {
	case auth.MethodPasskey:
		return nil
	case auth.MethodPIN:
		if o.by.Kind == act.Staff && o.by.Channel == act.Branch { // he stands there, and his document was compared with him
			return nil
		}
	case MethodStrong:
		err := r.s.Provers.UseProof(ctx, r.tx, o.by, PurposeStrong, o.proof.StepUp, auth.MethodPassword, auth.MethodPasswordAndCode, auth.MethodPasskey)
		if err != nil && fault.KindOf(err) == fault.Internal {
			return err
		}
		if err != nil {
			o.turnAway(err)
		}
		return nil
	}
	o.turnAway(ErrStrongNeeded)
	return nil
}

// outrun turns those away that a limit or a ceiling refused for the sake of others of this batch who then came to
// nothing: what refused them is no longer true, and they may ask again.
func (r *run) outrun() {
	for i := range r.orders {
		o := &r.orders[i]
		if o.limited && r.counters.Returned(o.uses) || o.crowded && r.bounced[o.payee.ID] {
			r.again(o)
		}
	}
}
