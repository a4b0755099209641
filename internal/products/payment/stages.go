package payment

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

// claim binds keys, and turns away whose intent was used; what was done before is read again.
func (r *run) claim(ctx context.Context) error {
	keys := make([]once.Key, len(r.orders))
	for i := range r.orders {
		keys[i] = r.orders[i].key
	}
	claims, err := once.Claimed(ctx, r.tx, keys)
	if err != nil {
		return err
	}
	var earlier, fresh []id.Transfer
	begun := make(map[id.Transfer]bool, len(r.orders))
	for i, key := range claims {
		o := &r.orders[i]
		o.ownsKey = key.First
		o.transfer.ID = id.Transfer(key.Entity)
		switch {
		case key.Err != nil:
			o.repeated = true
			o.turnAway(key.Err)
		case !key.First:
			o.repeated, o.settled = true, true
			earlier = append(earlier, o.transfer.ID)
		case begun[o.transfer.ID]:
			o.turnAway(ErrIntentUsed)
		default:
			begun[o.transfer.ID], o.ownsIntent = true, true
			fresh = append(fresh, o.transfer.ID)
		}
	}
	used, err := known(ctx, r.tx, fresh)
	if err != nil {
		return err
	}
	r.pending(func(o *order) {
		if o.ownsIntent = !used[o.transfer.ID]; !o.ownsIntent {
			o.turnAway(ErrIntentUsed)
			return
		}
		r.begin(o)
	})
	return r.repeat(ctx, earlier)
}

// begin starts a new transfer, unless its intent is over.
func (r *run) begin(o *order) {
	i, now := o.intent, r.tx.Now()
	switch {
	case now.After(i.ExpiresAt):
		o.turnAway(ErrIntentExpired)
		return
	case i.Session != o.by.Session:
		o.turnAway(ErrIntentSession)
		return
	}
	o.transfer = Transfer{
		ID: o.transfer.ID, Payer: i.Payer, PayerAccount: i.PayerAccount, Payee: i.Payee, PayeeAccount: i.PayeeAccount,
		Amount: i.Amount, Fee: i.Fee, Arrival: i.Arrival, Small: o.proof.Method == MethodNone, By: o.by, Intent: i.ID,
		OrderedOn: r.today, MadeAt: now,
	}
}

// repeat answers repeated keys with what they came to. A key repeated within this batch gets the answer of the
// first when that is decided (see release).
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
	found, err := r.s.Accounts.Accounts(ctx, r.tx, distinct(accounts))
	if err != nil {
		return err
	}
	customers = distinct(customers)
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

// release frees the keys of orders that came to no result, and answers repetitions within the batch.
func (r *run) release(ctx context.Context) error {
	results := make(map[id.Transfer]*order, len(r.orders))
	var free []once.Key
	for i := range r.orders {
		o := &r.orders[i]
		if o.ownsIntent {
			results[o.transfer.ID] = o
		}
		if o.ownsKey && !o.final() {
			free = append(free, o.key)
		}
	}
	for i := range r.orders {
		if err := r.orders[i].follow(results); err != nil {
			return err
		}
	}
	if len(free) == 0 {
		return nil
	}
	return once.Release(ctx, r.tx, free)
}

// follow answers an order whose key or intent another order of the same batch has used first.
func (o *order) follow(results map[id.Transfer]*order) error {
	first := results[o.transfer.ID]
	switch {
	case o.repeated && o.err == nil && o.transfer.State == "":
		if first == nil {
			return fmt.Errorf("key of %s is claimed, and there is no such transfer", o.transfer.ID)
		}
		o.transfer, o.err = first.transfer, first.err
	case errors.Is(o.err, ErrIntentUsed) && first != nil && !first.final():
		o.err = once.ErrRunning // the intent is still good: the first order came to nothing
	}
	return nil
}

// distinct lists each value once, in the order of first appearance.
func distinct[T comparable](all []T) []T {
	seen := make(map[T]bool, len(all))
	once := make([]T, 0, len(all))
	for _, v := range all {
		if !seen[v] {
			seen[v] = true
			once = append(once, v)
		}
	}
	return once
}
