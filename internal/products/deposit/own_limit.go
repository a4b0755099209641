package deposit

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Proof is the proof of a step-up.
type Proof = crypto.Secret

// What step-ups for deposits are for.
const (
	PurposeLimits auth.Purpose = "limits.raise"
	PurposeResume auth.Purpose = "account.resume"
)

// ErrOwnLimit refuses an own limit that is negative, higher than the bank allows, or at odds with the others.
var ErrOwnLimit = fault.New(fault.Rejected, "limit.bad_own_limit")

// OwnLimits are what a customer allows himself in the app, in minor units of CNY.
type OwnLimits struct {
	Single int64 // a transfer
	Daily  int64 // a day
	Small  int64 // up to which no PIN is asked, 0 for never
	Set    bool  // the customer has set them; otherwise the bank's defaults count
}

// LimitState is one limit with what is used and left of it.
type LimitState struct {
	Kind     LimitKind
	Most     money.Amount
	Used     money.Amount
	Left     money.Amount
	ResetsAt time.Time // zero for what never begins anew
}

// OwnLimitsOf reads what customers set, for a whole batch.
func (s *Service) OwnLimitsOf(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]OwnLimits, error) {
	return ownLimits(ctx, tx, customers)
}

// OwnLimits are the limits in force for a customer in the app, his own or the bank's defaults.
func (s *Service) OwnLimits(ctx context.Context, tx *db.Tx, customer id.Customer) (OwnLimits, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return OwnLimits{}, err
	}
	set, err := ownLimits(ctx, tx, []id.Customer{customer})
	if err != nil {
		return OwnLimits{}, err
	}
	if own, ok := set[customer]; ok {
		return own, nil
	}
	f := figures{s.Rules, ctx, today, nil}
	return OwnLimits{Single: f.channel(act.Mobile, "single"), Daily: f.channel(act.Mobile, "daily")}, f.err
}

// SetOwnLimits changes what the caller allows himself. Lowering is free; raising any of them needs a proof.
// Errors: ErrOwnLimit, and what the proof may be refused with.
func (s *Service) SetOwnLimits(ctx context.Context, by act.By, wanted OwnLimits, proof Proof) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		present, err := s.OwnLimits(ctx, tx, by.Customer())
		if err != nil {
			return err
		}
		if err := s.allowed(ctx, tx, wanted); err != nil {
			return err
		}
		if wanted.Single > present.Single || wanted.Daily > present.Daily || wanted.Small > present.Small {
			if err := s.Prover.UseProof(ctx, tx, by, PurposeLimits, proof); err != nil {
				return err
			}
		}
		if err := saveOwnLimits(ctx, tx, by.Customer(), wanted); err != nil {
			return err
		}
		return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: actLimits, Subject: string(by.Customer()), Customer: by.Customer(), Outcome: audit.Done}})
	})
}

// MostLimits are the highest own limits that the bank allows in the app.
func (s *Service) MostLimits(ctx context.Context, tx *db.Tx) (OwnLimits, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return OwnLimits{}, err
	}
	f := figures{s.Rules, ctx, today, nil}
	return OwnLimits{
		Single: f.channel(act.Mobile, "single_most"), Daily: f.channel(act.Mobile, "daily_most"), Small: f.figure("payment.small.single_most_minor"),
	}, f.err
}

func (s *Service) allowed(ctx context.Context, tx *db.Tx, w OwnLimits) error {
	most, err := s.MostLimits(ctx, tx)
	if err != nil {
		return err
	}
	cny := money.Zero(money.CNY)
	switch {
	case w.Single < 0 || w.Single > most.Single:
		return ErrOwnLimit.At("/single").With("max", minor(most.Single, cny))
	case w.Daily < 0 || w.Daily > most.Daily:
		return ErrOwnLimit.At("/daily").With("max", minor(most.Daily, cny))
	case w.Small < 0 || w.Small > most.Small:
		return ErrOwnLimit.At("/small").With("max", minor(most.Small, cny))
	case w.Single > w.Daily:
		return ErrOwnLimit.At("/single").With("max", minor(w.Daily, cny))
	}
	return nil
}

// LimitStates shows the limits on payments from an account in the app, without a PIN and at all: most, used, left, and
// when each begins anew. An account in another currency pays nobody, so that it has none.
func (s *Service) LimitStates(ctx context.Context, tx *db.Tx, a Account, reduced bool) ([]LimitState, error) {
	if a.Currency != money.CNY {
		return nil, nil
	}
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	own, err := ownLimits(ctx, tx, []id.Customer{a.Customer})
	if err != nil {
		return nil, err
	}
	uses, err := s.OutUses(ctx, Outgoing{
		Account: a, Amount: money.Zero(a.Currency), Channel: act.Mobile, Own: own[a.Customer], Reduced: reduced, Small: own[a.Customer].Small > 0,
	}, today)
	if err != nil {
		return nil, err
	}
	return s.states(ctx, tx, a.Currency, uses)
}

// ReceivingStates shows the limits of an account's class on what comes in, and what it may hold; none for class I.
func (s *Service) ReceivingStates(ctx context.Context, tx *db.Tx, a Account) ([]LimitState, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	uses, err := s.InUses(ctx, Incoming{Account: a, Amount: money.Zero(a.Currency)}, today)
	if err != nil {
		return nil, err
	}
	states, err := s.states(ctx, tx, a.Currency, uses)
	if err != nil {
		return nil, err
	}
	most, limited, err := s.BalanceMost(ctx, a, today)
	if err != nil || !limited {
		return states, err
	}
	balances, err := s.Books.Balances(ctx, tx, []string{string(a.ID)})
	if err != nil {
		return nil, fmt.Errorf("balance under its cap: %w", err)
	}
	booked := balances[string(a.ID)].Booked.Minor()
	return append(states, LimitState{
		Kind: BalanceCap, Most: most, Used: money.New(booked, a.Currency), Left: money.New(max(0, most.Minor()-booked), a.Currency),
	}), nil
}

// states reads the counters of uses.
func (s *Service) states(ctx context.Context, tx *db.Tx, currency money.Currency, uses []Use) ([]LimitState, error) {
	counters, err := PeekCounters(ctx, tx, uses)
	if err != nil {
		return nil, err
	}
	states := make([]LimitState, len(uses))
	for i, u := range uses {
		ends, err := resets(u.Period, s.Days.Zone())
		if err != nil {
			return nil, err
		}
		used, times := counters.Used(u)
		left := counters.Left(u)
		if u.Times > 0 && times >= u.Times {
			left = 0 // so often already that no amount passes
		}
		states[i] = LimitState{
			Kind: u.Kind, Most: money.New(u.Most, currency), Used: money.New(used, currency), Left: money.New(left, currency), ResetsAt: ends,
		}
	}
	return states, nil
}
