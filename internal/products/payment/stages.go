package payment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// claim binds keys and intents; what was done before is read again.
func (r *run) claim(ctx context.Context) error {
	keys := make([]once.Key, 0, 2*len(r.orders))
	for _, o := range r.orders {
		keys = append(keys, o.key, o.single)
	}
	claims, err := once.Claimed(ctx, r.tx, keys)
	if err != nil {
		return err
	}
	var earlier []id.Transfer
	for i := range r.orders {
		o, key, single := &r.orders[i], claims[2*i], claims[2*i+1]
		switch {
		case key.Err != nil:
			o.repeated, o.stray = true, single.First
			o.turnAway(key.Err)
		case !key.First:
			o.repeated, o.settled, o.transfer.ID = true, true, id.Transfer(key.Entity)
			earlier = append(earlier, o.transfer.ID)
		case !single.First:
			o.turnAway(ErrIntentUsed)
		default:
			r.begin(o)
		}
	}
	return r.repeat(ctx, earlier)
}

// begin starts a new transfer, unless its intent is over.
func (r *run) begin(o *order) {
	now := r.tx.Now()
	switch {
	case now.After(o.intent.ExpiresAt):
		o.turnAway(ErrIntentExpired)
		return
	case o.intent.Session != o.by.Session:
		o.turnAway(ErrIntentSession)
		return
	}
	i := o.intent
	o.transfer = Transfer{
		ID: id.Transfer(o.key.Entity), Payer: i.Payer, PayerAccount: i.PayerAccount, Payee: i.Payee, PayeeAccount: i.PayeeAccount,
		Amount: i.Amount, Fee: i.Fee, Arrival: i.Arrival, Small: o.proof.Method == MethodNone, By: o.by, Intent: i.ID,
		OrderedOn: r.today, MadeAt: now,
	}
}

// repeat answers repeated keys with what they came to. A key repeated within this batch gets the answer of the
// first when that is decided (see finish).
func (r *run) repeat(ctx context.Context, earlier []id.Transfer) error {
	if len(earlier) == 0 {
		return nil
	}
	found, err := findMany(ctx, r.tx, earlier)
	if err != nil {
		return err
	}
	byID := make(map[id.Transfer]Transfer, len(found))
	for _, t := range found {
		byID[t.ID] = t
	}
	for i := range r.orders {
		o := &r.orders[i]
		if t, ok := byID[o.transfer.ID]; ok && o.repeated {
			o.transfer, o.err = t, t.fault()
		}
	}
	return nil
}

// read fetches what decisions need, a statement for each kind, and refuses what it shows to be impossible.
func (r *run) read(ctx context.Context) error {
	var accounts []id.Account
	var customers []id.Customer
	r.pending(func(o *order) {
		accounts = append(accounts, o.intent.PayerAccount, o.intent.PayeeAccount)
		customers = append(customers, o.intent.Payer)
	})
	if len(accounts) == 0 {
		return nil
	}
	found, err := r.s.Accounts.Accounts(ctx, r.tx, accounts)
	if err != nil {
		return err
	}
	blocked, err := r.s.Persons.Blocked(ctx, r.tx, customers)
	if err != nil {
		return err
	}
	own, err := r.s.Limits.OwnLimitsOf(ctx, r.tx, customers)
	if err != nil {
		return err
	}
	reduced, err := r.s.reduced(ctx, r.tx, customers)
	if err != nil {
		return err
	}
	r.pending(func(o *order) {
		o.payer, o.payee = found[o.intent.PayerAccount], found[o.intent.PayeeAccount]
		o.own, o.reduced = own[o.intent.Payer], reduced[o.intent.Payer]
		o.parties(blocked[o.intent.Payer])
	})
	return nil
}

func (o *order) parties(blocked error) {
	switch {
	case blocked != nil:
		o.refuse(fault.CodeOf(blocked))
	case o.payer.State != deposit.Open:
		o.refuse(deposit.ErrClosed.Code())
	case o.payee.State != deposit.Open:
		o.refuse(ErrPayeeClosed.Code())
	}
}

// prove checks PINs and passkeys. A wrong one is counted, and the order turned away.
func (r *run) prove(ctx context.Context) error {
	var proofs []auth.Proof
	var proved []*order
	var failed error
	r.pending(func(o *order) {
		p, needed, err := o.proofs()
		switch {
		case err != nil && fault.KindOf(err) == fault.Internal:
			failed = err
		case err != nil:
			o.turnAway(err)
		case needed:
			proofs, proved = append(proofs, p), append(proved, o)
		}
	})
	if failed != nil || len(proofs) == 0 {
		return failed
	}
	results, err := r.s.Provers.Prove(ctx, r.tx, proofs)
	if err != nil {
		return err
	}
	for i, o := range proved {
		if results[i].Err != nil {
			o.turnAway(results[i].Err)
		}
	}
	return nil
}

// proofs turns an order's proof into auth's. A small payment needs none, under the payer's own conditions.
func (o *order) proofs() (auth.Proof, bool, error) {
	p := auth.Proof{By: o.by, PIN: o.proof.PIN, Challenge: o.proof.Challenge, Credential: o.proof.Credential}
	switch o.proof.Method {
	case MethodNone:
		if !smallEnough(o.intent, o.own.Small) || o.reduced {
			return p, false, ErrProofNeeded
		}
		return p, false, nil
	case auth.MethodPIN, MethodStrong:
		p.Method = auth.MethodPIN
		return p, true, nil
	case auth.MethodPasskey:
		hash, err := o.intent.Hash()
		p.Method, p.Hash = auth.MethodPasskey, hash
		return p, true, err
	}
	return p, false, ErrProofNeeded
}

// screen asks the screener about what was proved.
func (r *run) screen(ctx context.Context) error {
	var candidates []Candidate
	var orders []*order
	r.pending(func(o *order) {
		c := candidate(o.intent, o.by, r.tx.Now(), r.today)
		c.Transfer = o.transfer.ID
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
	}
	return nil
}

// strong asks for a passkey, or for a step-up beside the PIN.
func (r *run) strong(ctx context.Context, o *order) error {
	switch o.proof.Method {
	case auth.MethodPasskey:
		return nil
	case MethodStrong:
		err := r.s.Provers.UseProof(ctx, r.tx, o.by, PurposeStrong, o.proof.StepUp)
		if fault.KindOf(err) == fault.Internal && err != nil {
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

// uses lists the counters that an order consumes, of the payer and, for a class II or III payee, of the payee.
func (s *Service) uses(ctx context.Context, o order, payer, payee deposit.Account, today clock.Date) ([]deposit.Use, error) {
	if payer.Customer == payee.Customer {
		return nil, nil // between own accounts: bound, outside every counter
	}
	uses, err := s.Limits.OutUses(ctx, deposit.Outgoing{
		Account: payer, Amount: o.intent.Amount, Channel: o.by.Channel, Small: o.proof.Method == MethodNone, Own: o.own, Reduced: o.reduced,
	}, today)
	if err != nil {
		return nil, err
	}
	incoming, err := s.Limits.InUses(ctx, deposit.Incoming{Account: payee, Amount: o.intent.Amount}, today)
	return append(uses, incoming...), err
}

// limit locks the counters of all orders and consumes them in order.
func (r *run) limit(ctx context.Context) error {
	var all []deposit.Use
	var failed error
	r.pending(func(o *order) {
		uses, err := r.s.uses(ctx, *o, o.payer, o.payee, r.today)
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
		if err := r.counters.Try(o.uses); errors.Is(err, deposit.ErrSmall) {
			o.turnAway(err) // with a PIN it may still go
		} else if err != nil {
			o.refuse(fault.CodeOf(err))
		}
	})
	return r.ceilings(ctx)
}

// ceilings refuses what would lift a class III account above what it may hold. Only then are balances locked early.
func (r *run) ceilings(ctx context.Context) error {
	var capped []string
	r.pending(func(o *order) {
		if o.payee.Class == 3 {
			capped = append(capped, string(o.intent.PayeeAccount), string(o.intent.PayerAccount))
		}
	})
	if len(capped) == 0 {
		return nil
	}
	balances, err := r.s.Lines.Lock(ctx, r.tx, capped)
	if err != nil {
		return err
	}
	coming := make(map[id.Account]int64)
	var failed error
	r.pending(func(o *order) {
		most, limited, err := r.s.Limits.BalanceMost(ctx, o.payee, r.today)
		if err != nil || !limited {
			failed = errors.Join(failed, err)
			return
		}
		after := balances[string(o.payee.ID)].Booked.Minor() + coming[o.payee.ID] + o.intent.Amount.Minor()
		if after > most.Minor() {
			r.counters.Undo(o.uses)
			o.refuse(deposit.ErrBalance.Code())
			return
		}
		coming[o.payee.ID] += o.intent.Amount.Minor()
	})
	return failed
}

// later says whether an order's money is only held now, and until when.
func (o *order) later(due time.Time) (State, time.Time) {
	switch o.decision.Verdict {
	case Review:
		return Held, time.Time{}
	case Delay:
		return Delayed, o.transfer.MadeAt.Add(o.decision.For)
	}
	if o.intent.Arrival != RealTime {
		return Delayed, due
	}
	return Settled, time.Time{}
}

// book posts what arrives at once.
func (r *run) book(ctx context.Context) error {
	var journals []ledger.Journal
	var orders []*order
	var failed error
	r.pending(func(o *order) {
		due, err := r.s.due(ctx, o.intent.Arrival, r.tx.Now(), r.today)
		if err != nil {
			failed = err
			return
		}
		if o.transfer.State, o.transfer.DueAt = o.later(due); o.transfer.State != Settled {
			return
		}
		o.transfer.Journal = id.New[id.Journal](r.tx.Now())
		journals, orders = append(journals, bookTransfer(o.transfer, o.transfer.Journal)), append(orders, o)
	})
	if failed != nil || len(journals) == 0 {
		return failed
	}
	outcomes, err := r.s.Books.Post(ctx, r.tx, journals)
	if err != nil {
		return err
	}
	for i, o := range orders {
		if err := outcomes[i].Err; err != nil {
			r.unbook(o, err)
			continue
		}
		o.transfer.SettledAt, o.settled = outcomes[i].At, true
	}
	return nil
}

// hold keeps the money of what moves later.
func (r *run) hold(ctx context.Context) error {
	var requests []ledger.HoldRequest
	var orders []*order
	r.pending(func(o *order) {
		o.transfer.Hold = id.New[id.Hold](r.tx.Now())
		total := money.New(o.intent.Amount.Minor()+o.intent.Fee.Minor(), o.intent.Amount.Currency())
		requests, orders = append(requests, holdTransfer(o.transfer, o.transfer.Hold, total)), append(orders, o)
	})
	if len(requests) == 0 {
		return nil
	}
	outcomes, err := r.s.Books.Hold(ctx, r.tx, requests)
	if err != nil {
		return err
	}
	for i, o := range orders {
		o.settled = true
		if err := outcomes[i].Err; err != nil {
			r.unbook(o, err)
		}
	}
	return nil
}

// unbook turns what the books refused into a refusal, and gives back what it had consumed.
func (r *run) unbook(o *order, err error) {
	r.counters.Undo(o.uses)
	o.transfer.Journal, o.transfer.Hold, o.transfer.DueAt = "", "", time.Time{}
	o.refuse(fault.CodeOf(err))
}

// release frees the keys of orders that came to no result, and answers repetitions within the batch.
func (r *run) release(ctx context.Context) error {
	results := make(map[id.Transfer]*order)
	var free []once.Key
	for i := range r.orders {
		o := &r.orders[i]
		if o.stray {
			free = append(free, o.single)
		}
		if o.repeated {
			continue
		}
		results[id.Transfer(o.key.Entity)] = o
		if !o.final() {
			free = append(free, o.key)
			if !errors.Is(o.err, ErrIntentUsed) {
				free = append(free, o.single)
			}
		}
	}
	for i := range r.orders {
		o := &r.orders[i]
		if first, ok := results[o.transfer.ID]; ok && o.repeated && o.err == nil && o.transfer.State == "" {
			o.transfer, o.err = first.transfer, first.err
		}
	}
	if len(free) == 0 {
		return nil
	}
	return once.Release(ctx, r.tx, free)
}

// sealed makes the two views of a transfer.
func (r *run) views(ctx context.Context, o *order) error {
	var err error
	if o.transfer.payerView, err = r.s.sealView(ctx, r.tx, string(o.transfer.Payer), "payer_view", o.transfer.ID, o.intent.PayerView); err != nil {
		return fmt.Errorf("seal payer's view: %w", err)
	}
	if o.transfer.payeeView, err = r.s.sealView(ctx, r.tx, string(o.transfer.Payee), "payee_view", o.transfer.ID, o.intent.PayeeView); err != nil {
		return fmt.Errorf("seal payee's view: %w", err)
	}
	return nil
}
