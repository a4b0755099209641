package payment

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Verdict is what screening says of a payment (反电信网络诈骗法 arts 15–20 name the measures).
type Verdict string

// The verdicts.
const (
	Allow  Verdict = "allow"
	StepUp Verdict = "step_up" // ask for a stronger proof
	Delay  Verdict = "delay"   // settle later, so that the payer may think again
	Review Verdict = "hold"    // a person of the bank looks first
	Reject Verdict = "reject"
)

// Decision is a verdict and the code that says why.
type Decision struct {
	Verdict Verdict
	Code    string
	For     time.Duration // of a delay
}

// Candidate is what screening sees of a payment.
type Candidate struct {
	Transfer     id.Transfer
	Payer, Payee id.Customer
	PayerAccount id.Account
	PayeeAccount id.Account
	Amount       money.Amount
	Arrival      Arrival
	NewPayee     bool
	By           act.By
	At           time.Time
	Today        clock.Date
}

// Screener decides on payments before they are booked, one decision a candidate, in order. It runs in the
// transaction of the batch, and so never asks the network.
type Screener interface {
	Screen(ctx context.Context, tx *db.Tx, candidates []Candidate) ([]Decision, error)
}

func candidate(i Intent, by act.By, now time.Time, today clock.Date) Candidate {
	return Candidate{
		Payer: i.Payer, Payee: i.Payee, PayerAccount: i.PayerAccount, PayeeAccount: i.PayeeAccount, Amount: i.Amount,
		Arrival: i.Arrival, NewPayee: i.NewPayee, By: by, At: now, Today: today,
	}
}

// builtIn are a few rules that catch the commonest fraud: large amounts to somebody never paid before.
type builtIn struct{ rules Rules }

// Codes of the built-in rules.
const (
	codeNewLarge = "screen.new_payee_large"
	codeLarge    = "screen.large"
	codeVeryHigh = "screen.very_large_new_payee"
)

// Screen implements Screener. Own accounts pass.
func (b builtIn) Screen(ctx context.Context, _ *db.Tx, candidates []Candidate) ([]Decision, error) {
	out := make([]Decision, len(candidates))
	for i, c := range candidates {
		out[i] = Decision{Verdict: Allow}
		if c.Payer == c.Payee {
			continue
		}
		var err error
		if out[i], err = b.decide(ctx, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (b builtIn) decide(ctx context.Context, c Candidate) (Decision, error) {
	hold, err := b.rules.Amount(ctx, "payment.screen.hold_minor", c.Today)
	if err != nil {
		return Decision{}, err
	}
	fresh, err := b.rules.Amount(ctx, "payment.screen.new_payee_minor", c.Today)
	if err != nil {
		return Decision{}, err
	}
	large, err := b.rules.Amount(ctx, "payment.screen.step_up_minor", c.Today)
	if err != nil {
		return Decision{}, err
	}
	wait, err := b.rules.Duration(ctx, "payment.screen.delay_hours", c.Today)
	if err != nil {
		return Decision{}, err
	}
	switch amount := c.Amount.Minor(); {
	case c.NewPayee && amount >= hold.Minor():
		return Decision{Verdict: Review, Code: codeVeryHigh}, nil
	case c.NewPayee && amount >= fresh.Minor() && c.Arrival == RealTime:
		return Decision{Verdict: Delay, Code: codeNewLarge, For: wait}, nil
	case amount >= large.Minor():
		return Decision{Verdict: StepUp, Code: codeLarge}, nil
	}
	return Decision{Verdict: Allow}, nil
}
