package approval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const ruleLife = "approval.request.life_hours"

// State is the state of a request.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Executed  State = "executed"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
	Overtaken State = "overtaken" // what it would change has changed meanwhile
	Failed    State = "failed"    // a rule of the bank forbids the act by now
)

// Change is what a request would do, for people and for the check before the act.
type Change struct {
	Subject  string       // id of what is changed
	Customer id.Customer  // whom it is about: his key seals the request; empty when it is about nobody
	Branch   string       // where it is decided; the requester's branch when empty
	Amount   money.Amount // by which the policy may ask for more steps; none when it has none
	Fields   []Field      // before → after
	State    any          // what the change relies on beside the fields' values before, such as a version
}

// Field is one line of a change.
type Field struct {
	Name   string `json:"name"` // key of its name in the texts
	Before string `json:"before"`
	After  string `json:"after"`
}

// Effect is one line of what a change would have done in the past.
type Effect struct {
	Name   string `json:"name"` // key of what is counted
	Of     int64  `json:"of"`   // how many there were in all
	Count  int64  `json:"count"`
	Amount string `json:"amount,omitempty"` // of those counted, with its currency
}

// Proposal asks for an act.
type Proposal struct {
	Kind   string
	Params any    // the change, of the kind's type; or the same as json.RawMessage
	Key    string // the client's key: the same one asks once; may be empty
}

// Request is a change that waits for decisions, or what became of it.
type Request struct {
	ID        id.Approval
	Kind      string
	Subject   string
	Customer  id.Customer
	Branch    string
	Amount    money.Amount // none when the act has none
	Requester id.Staff
	Hash      string // of the change and of what it relies on
	Steps     []Step
	Step      int // steps decided so far
	State     State
	Code      string // why it was overtaken or failed
	Result    string // id of what the act made
	MadeAt    time.Time
	ExpiresAt time.Time
	EndedAt   time.Time
	SeenAt    time.Time // when the requester saw how it ended

	Reason  string // why it is asked for
	Params  json.RawMessage
	Fields  []Field
	Effects []Effect
	Taken   []Taken // decisions, oldest first; only of Find

	person  string // of the requester
	policy  int
	channel act.Channel
	device  id.Device
	session id.Session
	state   [sha256.Size]byte // of what the change relies on
	sealed  []byte
}

// Taken is a decision that was taken.
type Taken struct {
	Step      int
	Staff     id.Staff
	InPlaceOf id.Staff // who was away
	Agree     bool
	Reason    string
	At        time.Time

	person string
	sealed []byte
}

// content is what is sealed of a request.
type content struct {
	Reason  string          `json:"reason"`
	Params  json.RawMessage `json:"params"`
	Fields  []Field         `json:"fields"`
	Effects []Effect        `json:"effects,omitempty"`
	State   string          `json:"state"` // hash of what the change relies on, in hex
}

// Submit asks for an act, with a reason. When the policy wants no step it is done at once, in the same transaction.
// Errors: ErrStaff, ErrReason, ErrKind, ErrParams, what the kind's room refuses, and those of package once.
func (s *Service) Submit(ctx context.Context, by act.By, p Proposal) (Request, error) {
	k, canonical, err := s.proposed(by, p)
	if err != nil {
		return Request{}, err
	}
	var effects []Effect
	if k.foresee != nil {
		if effects, err = k.foresee(ctx, canonical); err != nil {
			return Request{}, err
		}
	}
	var r Request
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		r = Request{
			ID: id.New[id.Approval](tx.Now()), Kind: k.Name, Params: canonical, Effects: effects, Reason: by.Reason, Requester: id.Staff(by.Actor),
			State: Waiting, MadeAt: tx.Now(), channel: by.Channel, device: by.Device, session: by.Session,
		}
		if again, err := s.claim(ctx, tx, by, p, &r); err != nil || again {
			return err
		}
		if err := s.fill(ctx, tx, by, k, &r); err != nil {
			return err
		}
		if len(r.Steps) > 0 {
			return s.open(ctx, tx, by, r)
		}
		g, spent := grant(r, nil)
		defer spent()
		if r.Result, err = k.execute(ctx, tx, by, g, r.Params); err != nil {
			return err
		}
		r.end(Executed, "", tx.Now())
		if err := s.open(ctx, tx, by, r); err != nil {
			return err
		}
		return s.executed(ctx, tx, by, r)
	})
	if err != nil {
		return Request{}, err
	}
	return r, nil
}

// proposed checks what can be checked without the database.
func (s *Service) proposed(by act.By, p Proposal) (Kind, json.RawMessage, error) {
	if by.Kind != act.Staff {
		return Kind{}, nil, ErrStaff
	}
	if by.Reason == "" {
		return Kind{}, nil, ErrReason.At("/reason")
	}
	k, known := s.kinds[p.Kind]
	if !known {
		return Kind{}, nil, ErrKind
	}
	written, err := json.Marshal(p.Params)
	if err != nil {
		return Kind{}, nil, ErrParams.Because(err)
	}
	canonical, err := k.read(written)
	return k, canonical, err
}

// claim answers an earlier request under the same key.
func (s *Service) claim(ctx context.Context, tx *db.Tx, by act.By, p Proposal, r *Request) (again bool, err error) {
	if p.Key == "" {
		return false, nil
	}
	key := once.Key{
		Principal: by.Actor, Operation: actSubmit, Key: p.Key, Body: sha256.Sum256(slices.Concat([]byte(p.Kind+"\x00"), r.Params)), Entity: string(r.ID),
	}
	if err := key.Check(); err != nil {
		return false, err
	}
	claims, err := once.Claimed(ctx, tx, []once.Key{key})
	if err != nil {
		return false, fmt.Errorf("claim the key of a request: %w", err)
	}
	if claims[0].Err != nil || claims[0].First {
		return false, claims[0].Err
	}
	first, found, err := findRequest(ctx, tx, id.Approval(claims[0].Entity), false)
	if err == nil && !found {
		err = ErrNotFound
	}
	if err != nil {
		return false, err
	}
	*r = first
	return true, s.unseal(ctx, tx, r)
}

// fill reads who asks, what would change and which steps that needs.
func (s *Service) fill(ctx context.Context, tx *db.Tx, by act.By, k Kind, r *Request) error {
	today := s.Days.Date(tx.Now())
	c, err := k.describe(ctx, tx, by, r.Params)
	if err != nil {
		return err
	}
	r.Subject, r.Customer, r.Branch, r.Amount, r.Fields = c.Subject, c.Customer, c.Branch, c.Amount, c.Fields
	if r.Branch == "" {
		r.Branch = branchOf(by)
	}
	me, err := s.Staff.Member(ctx, tx, r.Requester, r.Branch)
	if err != nil {
		return err
	}
	if !me.Active || me.Person == "" {
		return ErrStaff
	}
	r.person = me.Person
	if r.state, err = c.reliesOn(); err != nil {
		return err
	}
	r.Hash = r.hash()
	p, err := s.policy(ctx, tx, k)
	if err != nil {
		return err
	}
	r.Steps, r.policy = p.steps(r.Amount, me.Roles), p.Number
	r.ExpiresAt, err = s.expiry(ctx, tx, today)
	return err
}

func (s *Service) expiry(ctx context.Context, tx *db.Tx, today clock.Date) (time.Time, error) {
	life, err := s.Rules.Duration(ctx, ruleLife, today)
	return tx.Now().Add(life), err
}

// reliesOn is the hash of what must still be so when the change is made.
func (c Change) reliesOn() ([sha256.Size]byte, error) {
	before := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		before[i] = f.Name + "\x00" + f.Before
	}
	written, err := json.Marshal([]any{c.Subject, before, c.State})
	if err != nil {
		return [sha256.Size]byte{}, ErrParams.Because(err)
	}
	return sha256.Sum256(written), nil
}

// hash names what is decided: the change, and what it relies on.
func (r Request) hash() string {
	h := sha256.New()
	h.Write([]byte(r.Kind + "\x00"))
	h.Write(r.Params)
	h.Write(r.state[:])
	return hex.EncodeToString(h.Sum(nil))
}

func (r *Request) end(to State, code string, now time.Time) {
	r.State, r.Code, r.EndedAt = to, code, now
}

// open keeps a new request, which waits for its first step or, without steps, has been executed.
func (s *Service) open(ctx context.Context, tx *db.Tx, by act.By, r Request) error {
	var err error
	if r.sealed, err = s.seal(ctx, tx, r); err != nil {
		return err
	}
	if err := insertRequest(ctx, tx, r); err != nil {
		return fmt.Errorf("keep request: %w", err)
	}
	if r.State == Waiting {
		if err := waitFor(ctx, tx, r); err != nil {
			return err
		}
	}
	if err := s.record(ctx, tx, by, r, actSubmit, nil); err != nil {
		return err
	}
	return s.publish(ctx, tx, by, r, event.ApprovalRequested{
		Request: r.ID, Kind: r.Kind, Requester: r.Requester, Branch: r.Branch, Steps: len(r.Steps),
	})
}

func branchOf(by act.By) string {
	if by.Branch == "" {
		return act.HeadOffice
	}
	return by.Branch
}

// owner is whose key seals a request.
func (r Request) owner() string {
	if r.Customer != "" {
		return string(r.Customer)
	}
	return vault.Bank
}

func sealedIn(table, column, row string) crypto.AAD {
	return crypto.AAD{Table: "approval_" + table, Column: column, Row: row}
}

func (s *Service) seal(ctx context.Context, tx *db.Tx, r Request) ([]byte, error) {
	plain, err := json.Marshal(content{Reason: r.Reason, Params: r.Params, Fields: r.Fields, Effects: r.Effects, State: hex.EncodeToString(r.state[:])})
	if err != nil {
		return nil, fmt.Errorf("write request: %w", err)
	}
	return s.Vault.Seal(ctx, tx, r.owner(), sealedIn("request", "content", string(r.ID)), plain)
}

// unseal reads what a request says. Of a customer whose data were erased only the frame is left.
func (s *Service) unseal(ctx context.Context, tx *db.Tx, r *Request) error {
	plain, err := s.Vault.Open(ctx, tx, r.owner(), sealedIn("request", "content", string(r.ID)), r.sealed)
	if err != nil {
		return fmt.Errorf("open request %s: %w", r.ID, err)
	}
	var c content
	if err := json.Unmarshal(plain, &c); err != nil {
		return fmt.Errorf("read request %s: %w", r.ID, err)
	}
	state, err := hex.DecodeString(c.State)
	if err != nil {
		return fmt.Errorf("read request %s: %w", r.ID, err)
	}
	r.Reason, r.Params, r.Fields, r.Effects = c.Reason, c.Params, c.Fields, c.Effects
	copy(r.state[:], state)
	return nil
}
