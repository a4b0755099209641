package payment

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Proof proves a payment in one of the ways that Check listed.
type Proof struct {
	Method     auth.Method
	PIN        crypto.Secret
	Challenge  id.Challenge  // of a passkey
	Credential []byte        // the passkey's answer
	StepUp     crypto.Secret // for MethodStrong
}

// Order asks to do what an intent says.
type Order struct {
	Key    string // the client's, made when the form opened
	Intent string // sealed
	Proof  Proof
}

// request is an order on its way into a batch.
type request struct {
	by     act.By
	intent Intent
	key    once.Key // the client's key, bound to the intent
	proof  Proof
}

// locks names the rows that a request will lock: the payer's PIN and counters, and both accounts.
func (r request) locks() []string {
	return []string{string(r.intent.Payer), string(r.intent.PayerAccount), string(r.intent.PayeeAccount)}
}

// Operations of package once.
const (
	sendOperation   = "payment.send"
	cancelOperation = "payment.cancel"
)

// Send does what an intent says, once, when it is proved. It answers after the commit. Repeating the key answers
// with the first result, also when that was a refusal.
//
// A wrong PIN, a missing proof, an expired intent and a busy bank are no results: the key stays free.
func (s *Service) Send(ctx context.Context, by act.By, o Order) (Seen, error) {
	r, err := s.request(by, o)
	if err != nil {
		return Seen{}, err
	}
	done, err := s.turns.Take(ctx, r.key)
	if err != nil {
		return Seen{}, err
	}
	defer done()
	t, err := s.batch.Do(ctx, r)
	return Seen{Transfer: t, View: r.intent.PayerView, Outgoing: true}, err
}

// request opens the intent of an order and refuses what is wrong by itself.
func (s *Service) request(by act.By, o Order) (request, error) {
	intent, err := s.Open(o.Intent)
	if err != nil {
		return request{}, err
	}
	if intent.Payer != by.Customer() {
		return request{}, ErrIntent.At("/intent")
	}
	r := request{
		by: by, intent: intent, proof: o.Proof,
		key: once.Key{
			Principal: string(intent.Payer), Operation: sendOperation, Key: o.Key, Body: sha256.Sum256([]byte(intent.ID)),
			Entity: string(intent.transfer()),
		},
	}
	return r, r.key.Check()
}

// sendMany books each order or refuses it alone; an error fails them all. It may run twice: no network in here.
//
// Locks are taken in one order everywhere: business day, keys, PINs, limit counters, step-ups, accounts.
func (s *Service) sendMany(ctx context.Context, tx *db.Tx, requests []request) ([]batch.Outcome[Transfer], error) {
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return nil, err
	}
	r := &run{s: s, tx: tx, today: today, orders: make([]order, len(requests))}
	for i, q := range requests {
		r.orders[i] = order{request: q}
	}
	for _, stage := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"claim keys", r.claim}, {"read parties", r.read}, {"prove", r.prove}, {"count limits", r.limit}, {"screen", r.screen},
		{"lock accounts", r.lock}, {"book", r.book}, {"hold", r.hold}, {"write", r.write}, {"release keys", r.release},
	} {
		if err := stage.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", stage.name, err)
		}
	}
	return r.outcomes(), nil
}

// run is one batch on its way through the stages.
type run struct {
	s        *Service
	tx       *db.Tx
	today    clock.Date
	orders   []order
	counters *deposit.Counters
	bulks    []*bulk             // the lists whose orders these are, when they are of lists
	bounced  map[id.Account]bool // payees of credits that were counted under a ceiling and then refused by the books
}

// order is one request on its way.
type order struct {
	request

	bulk         *bulk // the list of which it is a line; nil for a payment by itself
	payer, payee deposit.Account
	own          deposit.OwnLimits
	reduced      bool
	recent       Recent
	uses         []deposit.Use
	decision     Decision
	transfer     Transfer // what it comes to, or what the first use of its key came to
	err          error
	settled      bool // nothing more to decide: repeated, refused, not proved, or held
	ownsKey      bool // this is the first use of the key
	ownsIntent   bool // and, of this batch, of the intent
	repeated     bool // the key was used before
	limited      bool // refused by a limit that others of the batch had used before it
	crowded      bool // refused by a ceiling under which others of the batch had come before it
}

// pending runs f on every order that is still to be decided.
func (r *run) pending(f func(o *order)) {
	for i := range r.orders {
		if o := &r.orders[i]; !o.settled {
			f(o)
		}
	}
}

// refuse ends an order by a rule: its key is consumed.
func (o *order) refuse(code string) {
	t := &o.transfer
	t.State, t.Refusal, t.EndedAt = Refused, code, t.MadeAt
	t.Journal, t.Hold, t.DueAt, t.SettledAt = "", "", time.Time{}, time.Time{}
	o.err, o.settled = t.fault(), true
}

// turnAway ends an order without a result: its key stays free.
func (o *order) turnAway(err error) {
	o.transfer.State, o.transfer.Refusal = "", ""
	o.err, o.settled = err, true
}

// final says whether an order came to a result of its own, which is kept.
func (o *order) final() bool { return !o.repeated && o.transfer.State != "" }

func (r *run) outcomes() []batch.Outcome[Transfer] {
	out := make([]batch.Outcome[Transfer], len(r.orders))
	for i, o := range r.orders {
		out[i] = batch.Outcome[Transfer]{Value: o.transfer, Err: o.err}
	}
	return out
}
