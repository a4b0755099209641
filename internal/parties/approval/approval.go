// Package approval keeps what several people of the bank decide together (四眼原则, 双人复核): who asked for which change,
// who agreed, and the leave to do it.
//
// Its words:
//
//   - A Kind is an act under four eyes: "payment.reverse". Its room describes it and does it; package app registers it.
//   - A Request asks for one act. It holds the exact change, as it was asked for and as it was before, and shows both.
//   - A Policy says for a kind, by amount and by the role of who asks, which Steps a request needs: one after the other,
//     each decided by somebody in one of the step's roles. No step can be the requester's, nor a second account's of the
//     same person, and nobody decides twice. A band without steps lets the act be done at once; some kinds forbid that.
//   - A Decision agrees or refuses. Refusing wants a reason. The hash of what was seen comes with it, so that nobody
//     agrees to something else than what was on the screen.
//   - A Grant is the leave itself. The last decision makes it, and the act runs in the same transaction with it; when the
//     transaction ends it covers nothing any more.
//   - A Delegation lets a deputy decide in somebody's place from one day to another. It is not handed on.
//
// The states of a request: waiting → executed, refused, withdrawn, expired; or overtaken, when what was to be changed has
// changed meanwhile; or failed, when a rule of the bank forbids the act by now.
//
//	r, err := approvals.Submit(ctx, by.Because("paid twice"), approval.Proposal{Kind: "payment.reverse", Params: p})
//	r, err = approvals.Decide(ctx, other, approval.Decision{Request: r.ID, Agree: true, Hash: r.Hash})   // executed
//
// What a change says may be personal, so it is sealed: under the customer's key when it is about a customer.
package approval

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "approval", Files: files} }

// The ways in which a request or a decision is refused.
var (
	// ErrNotFound says that there is no such request.
	ErrNotFound = fault.New(fault.NotFound, "approval.not_found")
	// ErrKind says that no act of that name is under four eyes.
	ErrKind = fault.New(fault.Invalid, "approval.unknown_kind")
	// ErrParams refuses a change that is not written as its kind wants.
	ErrParams = fault.New(fault.Invalid, "approval.bad_change")
	// ErrStaff says that only active staff ask and decide.
	ErrStaff = fault.New(fault.Denied, "approval.staff_only")
	// ErrReason wants to know why.
	ErrReason = fault.New(fault.Invalid, "approval.reason_needed")
	// ErrOwn refuses to let a person decide what he asked for, under whatever account.
	ErrOwn = fault.New(fault.Denied, "approval.own_request")
	// ErrTwice refuses a second decision of the same person, or in the place of somebody who decided himself.
	ErrTwice = fault.New(fault.Denied, "approval.decided_before")
	// ErrRole says that the present step wants somebody in another role.
	ErrRole = fault.New(fault.Denied, "approval.role_needed")
	// ErrEnded says that the request was decided, withdrawn or has expired: the state says which.
	ErrEnded = fault.New(fault.Conflict, "approval.ended")
	// ErrOvertaken says that what was to be changed is not as it was when the change was asked for.
	ErrOvertaken = fault.New(fault.Conflict, "approval.overtaken")
	// ErrSeen says that the decision is about something else than the request, or than its present step.
	ErrSeen = fault.New(fault.Conflict, "approval.other_seen")
	// ErrNotYours lets only the requester withdraw.
	ErrNotYours = fault.New(fault.Denied, "approval.not_yours")
	// ErrMany refuses more than DecisionsMost decisions at once.
	ErrMany = fault.New(fault.Invalid, "approval.too_many")
)

// Member is a member of staff, as this room needs to know him.
type Member struct {
	Person string   // the human being: two accounts of one person have the same
	Roles  []string // that he has, at the branch that was asked about
	Active bool
}

// Staff knows the bank's people; app hands in parties/access.
type Staff interface {
	// Member is a member of staff with the roles that reach a branch, or with all his roles when it is empty. Whoever is
	// not known is not active.
	Member(ctx context.Context, tx *db.Tx, staff id.Staff, branch string) (Member, error)
	// MayDecide says with a fault why somebody may not decide on a kind of act about a customer at a branch.
	MayDecide(ctx context.Context, tx *db.Tx, staff id.Staff, about About) error
}

// About is what a decision is about.
type About struct {
	Kind     string
	Branch   string
	Customer id.Customer // empty when it is about nobody
	Amount   money.Amount
}

// Rules answers what a figure is on a day; records/rule is one.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
	Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error)
}

// Days says on which day of the bank an instant falls; records/day is one.
type Days interface {
	Date(t time.Time) clock.Date
}

// Vault seals what a change says; platform/vault is one.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, plain []byte) ([]byte, error)
	Open(ctx context.Context, tx *db.Tx, owner string, aad crypto.AAD, sealed []byte) ([]byte, error)
}

// Auditor keeps what was done; records/audit is one.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Publisher tells others; platform/bus is one.
type Publisher interface {
	Publish(ctx context.Context, tx *db.Tx, events []bus.Event) error
}

// Parts is what the room works with.
type Parts struct {
	DB     *db.DB
	Clock  clock.Clock
	Staff  Staff
	Rules  Rules
	Days   Days
	Vault  Vault
	Audit  Auditor
	Events Publisher
}

// Service keeps requests and gives leave. It is safe for concurrent use once its kinds are registered.
type Service struct {
	Parts
	kinds map[string]Kind
}

// New makes the room; Register tells it the kinds before it serves.
func New(p Parts) (*Service, error) {
	s := &Service{Parts: p, kinds: make(map[string]Kind)}
	return s, s.Register(s.policyKind())
}

// Kind is an act under four eyes. Make it with Of.
type Kind struct {
	Name   string
	Policy Policy // in force until the bank decides another
	Least  int    // steps that no policy may go below

	read     func(params json.RawMessage) (canonical json.RawMessage, err error)
	describe func(ctx context.Context, tx *db.Tx, by act.By, params json.RawMessage) (Change, error)
	execute  func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, params json.RawMessage) (string, error)
	foresee  func(ctx context.Context, params json.RawMessage) ([]Effect, error)
}

// Executor is what a kind's room gives: how a change of type P is shown, and how it is done.
type Executor[P any] struct {
	// Describe reads what the change would do and refuses what cannot be asked for. It runs again before the act.
	Describe func(ctx context.Context, tx *db.Tx, by act.By, change P) (Change, error)
	// Execute does it in the transaction of the last decision and answers the id of what it made, if any. A fault that is
	// final ends the request.
	Execute func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, change P) (string, error)
	// Foresee says what the change would have done in the past; may be nil.
	Foresee func(ctx context.Context, change P) ([]Effect, error)
}

// Of makes a kind of act whose changes are of type P, written in JSON.
func Of[P any](name string, least int, policy Policy, e Executor[P]) Kind {
	k := Kind{Name: name, Least: least, Policy: policy}
	k.read = func(params json.RawMessage) (json.RawMessage, error) {
		p, err := decode[P](params)
		if err != nil {
			return nil, err
		}
		return json.Marshal(p)
	}
	k.describe = func(ctx context.Context, tx *db.Tx, by act.By, params json.RawMessage) (Change, error) {
		p, err := decode[P](params)
		if err != nil {
			return Change{}, err
		}
		return e.Describe(ctx, tx, by, p)
	}
	k.execute = func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, params json.RawMessage) (string, error) {
		p, err := decode[P](params)
		if err != nil {
			return "", err
		}
		return e.Execute(ctx, tx, by, g, p)
	}
	if e.Foresee != nil {
		k.foresee = func(ctx context.Context, params json.RawMessage) ([]Effect, error) {
			p, err := decode[P](params)
			if err != nil {
				return nil, err
			}
			return e.Foresee(ctx, p)
		}
	}
	return k
}

// Register adds kinds of acts, before the room serves. It refuses names that are taken and policies that cannot be kept.
func (s *Service) Register(kinds ...Kind) error {
	for _, k := range kinds {
		if _, taken := s.kinds[k.Name]; taken || k.Name == "" || k.execute == nil {
			return fmt.Errorf("approval: kind %q is not whole, or registered twice", k.Name)
		}
		k.Policy.Kind = k.Name
		if err := k.Policy.check(k.Least); err != nil {
			return fmt.Errorf("approval: policy of %s: %w", k.Name, err)
		}
		s.kinds[k.Name] = k
	}
	return nil
}
