package payment

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	sendBulkOperation = "payment.send_bulk"
	bulksAtOnce       = 8 // bulk payments of one transaction at most: 800 transfers
	bulksWaiting      = 256
)

// bulkRequest is an order of a bulk payment on its way into a batch.
type bulkRequest struct {
	by     act.By
	intent *BulkIntent
	key    once.Key // the client's key, bound to the intent
	proof  Proof
}

// locks names the rows that a request will lock: the payer's PIN and counters, and all accounts.
func (r bulkRequest) locks() []string {
	all := make([]string, 0, 2+len(r.intent.Items))
	all = append(all, string(r.intent.Payer), string(r.intent.PayerAccount))
	for i := range r.intent.Items {
		all = append(all, string(r.intent.Items[i].PayeeAccount))
	}
	return all
}

// bulkOptions bound the batcher of bulk payments: each of its acts is a hundred transfers.
func bulkOptions(o batch.Options) batch.Options {
	o.Size, o.Queue, o.Observe = bulksAtOnce, bulksWaiting, nil
	return o
}

// SendBulk does what a bulk intent says, once, when it is proved: each transfer is accepted or refused alone, and all of
// that is committed together. It answers after the commit. Repeating the key answers what the transfers are by then.
//
// A wrong PIN, a missing or too weak proof, an expired intent and a busy bank are no results: nothing is done, the key
// stays free.
func (s *Service) SendBulk(ctx context.Context, by act.By, o Order) (Bulk, error) {
	intent, err := s.OpenBulk(o.Intent)
	if err != nil {
		return Bulk{}, err
	}
	if intent.Payer != by.Customer() {
		return Bulk{}, ErrIntent.At("/intent")
	}
	r := bulkRequest{by: by, intent: intent, proof: o.Proof, key: once.Key{
		Principal: string(intent.Payer), Operation: sendBulkOperation, Key: o.Key, Body: sha256.Sum256([]byte(intent.ID)), Entity: string(intent.bulk()),
	}}
	if err := r.key.Check(); err != nil {
		return Bulk{}, err
	}
	return s.bulks.Do(ctx, r)
}

// bulk is one bulk payment of a batch on its way through the stages; its transfers are orders of the run like any other.
type bulk struct {
	bulkRequest

	id         id.Bulk
	result     Bulk
	err        error
	ownsKey    bool // this is the first use of the key
	ownsIntent bool // and, of this batch, of the intent
	repeated   bool // the key was used before
	begun      bool // its orders go through the stages
	asked      bool // its step-up was looked at
	weak       bool // its proof is too weak for one of its orders, and so for all
}

// sendBulks books the transfers of each bulk payment or refuses them alone; an error fails them all. It may run twice.
func (s *Service) sendBulks(ctx context.Context, tx *db.Tx, requests []bulkRequest) ([]batch.Outcome[Bulk], error) {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return nil, err
	}
	r := &run{s: s, tx: tx, today: today, bulks: make([]*bulk, len(requests))}
	for i, q := range requests {
		r.bulks[i] = &bulk{bulkRequest: q}
	}
	for _, stage := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"claim keys", r.claimBulks}, {"read parties", r.read}, {"prove", r.proveBulks}, {"count limits", r.limit}, {"screen", r.screen},
		{"turn away", r.turnAwayWeak}, {"lock accounts", r.lock}, {"book", r.book}, {"hold", r.hold}, {"write", r.write},
		{"keep lists", r.writeBulks}, {"release keys", r.releaseBulks},
	} {
		if err := stage.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", stage.name, err)
		}
	}
	out := make([]batch.Outcome[Bulk], len(r.bulks))
	for i, b := range r.bulks {
		out[i] = batch.Outcome[Bulk]{Value: b.result, Err: b.err}
	}
	return out, nil
}

// claimBulks binds keys and intents, makes the orders of what goes on, and reads again what was done before.
func (r *run) claimBulks(ctx context.Context) error {
	keys := make([]once.Key, len(r.bulks))
	ids := make([]id.Bulk, len(r.bulks))
	for i, b := range r.bulks {
		keys[i] = b.key
	}
	claims, err := once.Claimed(ctx, r.tx, keys)
	if err != nil {
		return err
	}
	for i, claim := range claims {
		b := r.bulks[i]
		b.id, b.err, b.ownsKey, b.repeated = id.Bulk(claim.Entity), claim.Err, claim.First, !claim.First
		ids[i] = b.id
	}
	known, err := findBulks(ctx, r.tx, distinct(ids))
	if err != nil {
		return err
	}
	begun := make(map[id.Bulk]bool, len(r.bulks))
	for _, b := range r.bulks {
		row, used := known[b.id]
		switch {
		case b.err != nil:
		case b.repeated && used:
			if b.result, err = r.s.bulkOf(ctx, r.tx, row); err != nil {
				return err
			}
		case b.repeated: // of this very batch: see follow
		case used || begun[b.id]:
			b.err = ErrIntentUsed
		default:
			begun[b.id], b.ownsIntent = true, true
			r.beginBulk(b)
		}
	}
	return nil
}

// beginBulk makes an order of each line, unless the intent is over.
func (r *run) beginBulk(b *bulk) {
	now := r.tx.Now()
	switch {
	case now.After(b.intent.ExpiresAt):
		b.err = ErrIntentExpired
		return
	case b.intent.Session != b.by.Session:
		b.err = ErrIntentSession
		return
	}
	b.begun = true
	for n := range b.intent.Items {
		o := order{request: request{by: b.by, intent: b.intent.single(n), proof: b.proof}, bulk: b, ownsIntent: true}
		o.transfer.ID = b.intent.Items[n].Transfer
		r.begin(&o)
		r.orders = append(r.orders, o)
	}
}

// proveBulks checks one PIN or passkey for each list, also where rules have refused every line of it already.
func (r *run) proveBulks(ctx context.Context) error {
	var proofs []auth.Proof
	var proved []*bulk
	for _, b := range r.bulks {
		if !b.begun {
			continue
		}
		p, err := b.proofOf()
		if err != nil && fault.KindOf(err) == fault.Internal {
			return err
		}
		if err != nil {
			b.err = err
			continue
		}
		proofs, proved = append(proofs, p), append(proved, b)
	}
	if len(proofs) > 0 {
		results, err := r.s.Provers.Prove(ctx, r.tx, proofs)
		if err != nil {
			return err
		}
		for i, b := range proved {
			b.err = results[i].Err
		}
	}
	r.turnAwayBulks()
	return nil
}

// proofOf turns the proof of a list into auth's. A list always wants one, however small its payments are.
func (b *bulk) proofOf() (auth.Proof, error) {
	p := auth.Proof{By: b.by, PIN: b.proof.PIN, Challenge: b.proof.Challenge, Credential: b.proof.Credential}
	switch b.proof.Method {
	case auth.MethodPIN, MethodStrong:
		p.Method = auth.MethodPIN
		return p, nil
	case auth.MethodPasskey:
		hash, err := b.intent.Hash()
		p.Method, p.Hash = auth.MethodPasskey, hash
		return p, err
	}
	return p, ErrProofNeeded
}

// turnAwayBulks ends all orders of the lists that came to nothing as a whole, and gives back what they have consumed.
func (r *run) turnAwayBulks() {
	for i := range r.orders {
		o := &r.orders[i]
		if o.bulk.err == nil {
			continue
		}
		if !o.settled && r.counters != nil {
			r.counters.Undo(o.uses)
		}
		o.turnAway(o.bulk.err)
	}
}

// strongBulk is strong for a line of a list: the step-up serves the whole list, and is used once.
func (r *run) strongBulk(ctx context.Context, b *bulk) error {
	if b.asked || b.proof.Method == auth.MethodPasskey {
		return nil
	}
	b.asked = true
	if b.proof.Method != MethodStrong {
		b.weak, b.err = true, ErrStrongNeeded
		return nil
	}
	err := r.s.Provers.UseProof(ctx, r.tx, b.by, PurposeStrong, b.proof.StepUp, auth.MethodPassword, auth.MethodPasswordAndCode, auth.MethodPasskey)
	if err != nil && fault.KindOf(err) == fault.Internal {
		return err
	}
	b.weak, b.err = err != nil, err
	return nil
}

// turnAwayWeak ends the lists of which a line wanted a stronger proof than they brought.
func (r *run) turnAwayWeak(context.Context) error {
	for _, b := range r.bulks {
		if b.weak {
			r.turnAwayBulks()
			return nil
		}
	}
	return nil
}

// bulkRecords are one audit record for each list, also for one that was turned away. Its transfers name its intent.
func (r *run) bulkRecords() []audit.Record {
	if len(r.bulks) == 0 {
		return nil
	}
	all := make([]audit.Record, 0, len(r.bulks))
	counts := make(map[*bulk]map[State]int, len(r.bulks))
	for i := range r.orders {
		o := &r.orders[i]
		if o.bulk == nil {
			continue
		}
		if counts[o.bulk] == nil {
			counts[o.bulk] = make(map[State]int)
		}
		counts[o.bulk][o.transfer.State]++
	}
	for _, b := range r.bulks {
		if b.repeated {
			continue
		}
		rec := audit.Record{By: b.by, Act: actSendBulk, Subject: b.key.Entity, Customer: b.intent.Payer, Outcome: audit.Done, Detail: map[string]string{
			"intent": string(b.intent.ID), "proof": string(b.proof.Method), "items": strconv.Itoa(len(b.intent.Items)),
		}}
		for state, n := range counts[b] {
			if state != "" {
				rec.Detail[string(state)] = strconv.Itoa(n)
			}
		}
		if b.err != nil {
			rec.Outcome, rec.Code = audit.Refused, fault.CodeOf(b.err)
		}
		all = append(all, rec)
	}
	return all
}

// writeBulks keeps the lists that came to a result.
func (r *run) writeBulks(context.Context) error {
	var rows []bulkRow
	for i := range r.orders {
		o := &r.orders[i]
		if o.bulk.err != nil {
			continue
		}
		b := o.bulk
		if b.result.ID == "" {
			b.result = Bulk{ID: b.id, Payer: b.intent.Payer, Account: b.intent.PayerAccount, Arrival: b.intent.Arrival, MadeAt: r.tx.Now()}
			rows = append(rows, bulkRow{Bulk: b.result})
		}
		line := b.intent.Items[len(b.result.Items)].Line
		b.result.Items = append(b.result.Items, BulkDone{Line: line, Seen: Seen{Transfer: o.transfer, View: o.intent.PayerView, Outgoing: true}})
		row := &rows[len(rows)-1]
		row.lines = append(row.lines, bulkLine{line, o.transfer.ID})
	}
	return insertBulks(r.tx, rows)
}

// releaseBulks frees the keys of lists that came to nothing, and answers repetitions within the batch.
func (r *run) releaseBulks(ctx context.Context) error {
	first := make(map[id.Bulk]*bulk, len(r.bulks))
	var free []once.Key
	for _, b := range r.bulks {
		if b.ownsIntent {
			first[b.id] = b
		}
		if b.ownsKey && b.err != nil {
			free = append(free, b.key)
		}
	}
	for _, b := range r.bulks {
		if err := b.follow(first[b.id]); err != nil {
			return err
		}
	}
	if len(free) == 0 {
		return nil
	}
	return once.Release(ctx, r.tx, free)
}

// follow answers a list whose key or intent another of the same batch has used first.
func (b *bulk) follow(first *bulk) error {
	switch {
	case b.repeated && b.err == nil && b.result.ID == "":
		if first == nil {
			return fmt.Errorf("key of %s is claimed, and there is no such bulk payment", b.id)
		}
		b.result, b.err = first.result, first.err
	case errors.Is(b.err, ErrIntentUsed) && first != nil && first.err != nil:
		b.err = once.ErrRunning // the intent is still good: the first came to nothing
	}
	return nil
}

// again tells an order that it may be asked for again, because what refused it was given back: by itself it comes to no
// result; as a line of a list, which has one key for all, it is refused, in these words only if it would pass now. A list
// that was turned away stays so.
func (r *run) again(o *order) {
	if o.bulk == nil {
		o.turnAway(ErrAgain)
		return
	}
	if o.bulk.err != nil || o.limited && r.counters.Try(o.uses) != nil {
		return
	}
	if o.limited {
		r.counters.Undo(o.uses)
	}
	o.refuse(ErrAgain.Code())
}
