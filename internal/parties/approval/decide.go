package approval

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// DecisionsMost is how many requests can be decided in one call.
const DecisionsMost = 100

// Decision agrees to a request's present step, or refuses the request.
type Decision struct {
	Request id.Approval
	Agree   bool
	Reason  string // must be given to refuse
	Hash    string // of the request as it was seen
	Step    int    // the step that was seen
}

// Outcome is what became of one decision of several.
type Outcome struct {
	Request Request
	Err     error
}

// failure says that the act itself was refused when its leave was there.
type failure struct{ cause error }

// Error implements error.
func (f failure) Error() string { return "the approved act failed: " + f.cause.Error() }

// Decide takes the present step of a request. The last agreement does the act, in the same transaction; when that cannot
// be done any more, the request ends as overtaken or failed, with the code that says why, and no error. Errors:
// ErrNotFound, ErrStaff, ErrOwn, ErrTwice, ErrRole, ErrReason, ErrSeen, ErrEnded, and what keeps the staff from deciding.
func (s *Service) Decide(ctx context.Context, by act.By, d Decision) (Request, error) {
	if by.Kind != act.Staff {
		return Request{}, ErrStaff
	}
	if !d.Agree && d.Reason == "" {
		return Request{}, ErrReason.At("/reason")
	}
	var r Request
	var refusal error
	attempt := func(failed error) error {
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			refusal = nil
			var found bool
			var err error
			if r, found, err = findRequest(ctx, tx, d.Request, true); err != nil {
				return err
			}
			if !found {
				return ErrNotFound
			}
			refusal, err = s.decide(ctx, tx, by, d, &r, failed)
			return err
		})
	}
	err := attempt(nil)
	if f := (failure{}); errors.As(err, &f) { // what the act did is undone; that it failed is kept
		err = attempt(f.cause)
	}
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Request{}, err
	}
	return r, nil
}

// DecideMany takes several decisions, each in a transaction of its own. Errors: ErrMany.
func (s *Service) DecideMany(ctx context.Context, by act.By, all []Decision) ([]Outcome, error) {
	if len(all) > DecisionsMost {
		return nil, ErrMany
	}
	outcomes := make([]Outcome, len(all))
	for i, d := range all {
		outcomes[i].Request, outcomes[i].Err = s.Decide(ctx, by, d)
	}
	return outcomes, nil
}

// decide works on a locked request. A refusal that must leave a trace comes back beside a nil error, so that it commits.
func (s *Service) decide(ctx context.Context, tx *db.Tx, by act.By, d Decision, r *Request, failed error) (refusal, err error) {
	switch {
	case r.State != Waiting:
		return nil, ErrEnded.With("state", string(r.State))
	case !tx.Now().Before(r.ExpiresAt):
		return ErrEnded.With("state", string(Expired)), s.expire(ctx, tx, by, r)
	case d.Hash != r.Hash || d.Step != r.Step:
		return nil, ErrSeen
	}
	if err := s.unseal(ctx, tx, r); err != nil {
		return nil, err
	}
	taken, err := decisions(ctx, tx, r.ID)
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	me, err := s.decider(ctx, tx, id.Staff(by.Actor), *r, taken)
	if err != nil {
		return err, s.record(ctx, tx, by, *r, actDecide, err) // who tries what he may not is on record
	}
	me.Agree, me.Reason, me.At, me.Step = d.Agree, d.Reason, tx.Now(), r.Step
	if err := s.keep(ctx, tx, *r, me); err != nil {
		return nil, err
	}
	if err := s.record(ctx, tx, by, *r, actDecide, nil); err != nil {
		return nil, err
	}
	r.Taken = append(taken, me)
	switch {
	case !d.Agree:
		r.end(Refused, "", tx.Now())
	case failed != nil:
		r.end(Failed, fault.CodeOf(failed), tx.Now())
	case r.Step+1 < len(r.Steps):
		r.Step++
		if err := waitFor(ctx, tx, *r); err != nil {
			return nil, err
		}
		return nil, updateRequest(ctx, tx, *r)
	default:
		r.Step++
		if err := s.carryOut(ctx, tx, by, r); err != nil {
			return nil, err
		}
	}
	return nil, s.conclude(ctx, tx, by, *r)
}

// carryOut does the act, or finds that what it relies on has changed.
func (s *Service) carryOut(ctx context.Context, tx *db.Tx, by act.By, r *Request) error {
	k, known := s.kinds[r.Kind]
	if !known {
		return ErrKind
	}
	asker := r.asker(by)
	now, err := k.describe(ctx, tx, asker, r.Params)
	if err != nil {
		return final(err)
	}
	state, err := now.reliesOn()
	if err != nil {
		return err
	}
	if state != r.state {
		r.end(Overtaken, ErrOvertaken.Code(), tx.Now())
		return nil
	}
	approvers := make([]id.Staff, len(r.Taken))
	for i, t := range r.Taken {
		approvers[i] = t.Staff
	}
	g, spent := grant(*r, approvers)
	defer spent()
	if r.Result, err = k.execute(ctx, tx, asker, g, r.Params); err != nil {
		return final(err)
	}
	r.end(Executed, "", tx.Now())
	return s.executed(ctx, tx, asker, *r)
}

// final marks the errors that end a request; others, such as a busy database, leave it waiting.
func final(err error) error {
	if fault.Final(err) {
		return failure{err}
	}
	return err
}

// grant makes the leave for a request, and a function that ends it.
func grant(r Request, approvers []id.Staff) (g Grant, spent func()) {
	g = Grant{kind: r.Kind, change: sha256.Sum256(r.Params), request: r.ID, approvers: approvers, live: new(atomic.Bool)}
	g.live.Store(true)
	return g, func() { g.live.Store(false) }
}

// asker is who asked, as the act's actor: the act is his, the decisions stand beside it.
func (r Request) asker(decider act.By) act.By {
	return act.By{
		Kind: act.Staff, Actor: string(r.Requester), OnBehalfOf: r.Customer, Channel: r.channel, Branch: r.Branch, Device: r.device, Session: r.session,
		Trace: decider.Trace, Reason: r.Reason,
	}
}

// decider finds in which capacity somebody may take the present step: for himself, or in the place of who is away.
func (s *Service) decider(ctx context.Context, tx *db.Tx, staff id.Staff, r Request, taken []Taken) (Taken, error) {
	me, err := s.Staff.Member(ctx, tx, staff, r.Branch)
	if err != nil {
		return Taken{}, err
	}
	switch {
	case !me.Active || me.Person == "":
		return Taken{}, ErrStaff
	case staff == r.Requester || me.Person == r.person:
		return Taken{}, ErrOwn
	case slices.ContainsFunc(taken, func(t Taken) bool { return t.person == me.Person || t.InPlaceOf == staff }):
		return Taken{}, ErrTwice
	}
	own := s.mayTake(ctx, tx, staff, me, r)
	if own == nil || fault.KindOf(own) == fault.Internal {
		return Taken{Staff: staff, person: me.Person}, own
	}
	absent, err := absentees(ctx, tx, staff, s.Days.Date(tx.Now()))
	if err != nil {
		return Taken{}, fmt.Errorf("read delegations: %w", err)
	}
	for _, a := range absent {
		them, err := s.Staff.Member(ctx, tx, a, r.Branch)
		if err != nil {
			return Taken{}, err
		}
		decided := slices.ContainsFunc(taken, func(t Taken) bool { return t.Staff == a || t.InPlaceOf == a || t.person == them.Person })
		if !them.Active || them.Person == r.person || decided {
			continue
		}
		if err := s.mayTake(ctx, tx, a, them, r); err == nil {
			return Taken{Staff: staff, person: me.Person, InPlaceOf: a}, nil
		} else if fault.KindOf(err) == fault.Internal {
			return Taken{}, err
		}
	}
	return Taken{}, own
}

// mayTake says whether a role of somebody's, and the bank's policies, let him take the present step.
func (s *Service) mayTake(ctx context.Context, tx *db.Tx, staff id.Staff, m Member, r Request) error {
	if !slices.ContainsFunc(m.Roles, func(role string) bool { return slices.Contains(r.Steps[r.Step].Roles, role) }) {
		return ErrRole
	}
	return s.Staff.MayDecide(ctx, tx, staff, About{Kind: r.Kind, Branch: r.Branch, Customer: r.Customer, Amount: r.Amount})
}

// keep writes a decision down.
func (s *Service) keep(ctx context.Context, tx *db.Tx, r Request, t Taken) error {
	if t.Reason != "" {
		var err error
		if t.sealed, err = s.Vault.Seal(ctx, tx, r.owner(), sealedIn("decision", "reason", t.row(r.ID)), []byte(t.Reason)); err != nil {
			return err
		}
	}
	if err := insertDecision(ctx, tx, r.ID, t); err != nil {
		return fmt.Errorf("keep decision: %w", err)
	}
	return nil
}

// row names a decision among those of its request.
func (t Taken) row(request id.Approval) string { return string(request) + "/" + strconv.Itoa(t.Step) }

// conclude writes how a request ended, and tells.
func (s *Service) conclude(ctx context.Context, tx *db.Tx, by act.By, r Request) error {
	if err := updateRequest(ctx, tx, r); err != nil {
		return fmt.Errorf("end request: %w", err)
	}
	if err := waitForNobody(ctx, tx, r.ID); err != nil {
		return fmt.Errorf("end request: %w", err)
	}
	return s.publish(ctx, tx, by, r, event.ApprovalEnded{Request: r.ID, Kind: r.Kind, Requester: r.Requester, State: string(r.State), Code: r.Code})
}

// Withdraw takes a request back that waits. Only who asked can. Errors: ErrNotFound, ErrNotYours, ErrEnded.
func (s *Service) Withdraw(ctx context.Context, by act.By, request id.Approval) (Request, error) {
	var r Request
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var found bool
		var err error
		if r, found, err = findRequest(ctx, tx, request, true); err != nil {
			return err
		}
		switch {
		case !found:
			return ErrNotFound
		case by.Kind != act.Staff || string(r.Requester) != by.Actor:
			return ErrNotYours
		case r.State != Waiting:
			return ErrEnded.With("state", string(r.State))
		}
		r.end(Withdrawn, "", tx.Now())
		if err := s.record(ctx, tx, by, r, actWithdraw, nil); err != nil {
			return err
		}
		return s.conclude(ctx, tx, by, r)
	})
	if err != nil {
		return Request{}, err
	}
	return r, nil
}
