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

// Candidate is what screening sees of a payment. It has no Transfer yet when it is only checked.
type Candidate struct {
	Transfer     id.Transfer
	Payer, Payee id.Customer
	PayerAccount id.Account
	PayeeAccount id.Account
	Amount       money.Amount
	Arrival      Arrival
	NewPayee     bool
	Recent       Recent // what the payer did before, under lock
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

// builtIn are a few rules that catch the commonest fraud: large amounts to somebody never paid before, many payments in
// a short time, many new payees on one day.
type builtIn struct{ rules Rules }

// Codes of the built-in rules.
const (
	codeNewLarge = "screen.new_payee_large"
	codeLarge    = "screen.large"
	codeVeryHigh = "screen.very_large_new_payee"
	codePace     = "screen.many_payments"
	codePayees   = "screen.many_new_payees"
	codeDay      = "screen.large_day"
)

// figures are those of the built-in rules on a day.
type figures struct {
	hold, fresh, large, day int64 // minor units
	payments, payees        int64
	wait                    time.Duration
}

// Screen implements Screener. Own accounts pass.
func (b builtIn) Screen(ctx context.Context, _ *db.Tx, candidates []Candidate) ([]Decision, error) {
	out := make([]Decision, len(candidates))
	if len(candidates) == 0 {
		return out, nil
	}
	f, err := b.figures(ctx, candidates[0].Today)
	if err != nil {
		return nil, err
	}
	for i := range candidates {
		out[i] = f.decide(&candidates[i])
	}
	return out, nil
}

func (b builtIn) figures(ctx context.Context, on clock.Date) (figures, error) {
	var f figures
	for key, to := range map[string]*int64{
		"payment.screen.hold_minor": &f.hold, "payment.screen.new_payee_minor": &f.fresh, "payment.screen.step_up_minor": &f.large,
		"payment.transfer.certificate_daily_minor": &f.day,
	} {
		a, err := b.rules.Amount(ctx, key, on)
		if err != nil {
			return f, err
		}
		*to = a.Minor()
	}
	var err error
	if f.payments, err = b.rules.Int(ctx, "payment.screen.hourly_count", on); err != nil {
		return f, err
	}
	if f.payees, err = b.rules.Int(ctx, "payment.screen.payees_daily_count", on); err != nil {
		return f, err
	}
	f.wait, err = b.rules.Duration(ctx, "payment.screen.delay_hours", on)
	return f, err
}

// decide takes the strictest rule that fits.
func (f figures) decide(c *Candidate) Decision {
	amount := c.Amount.Minor()
	remote := c.By.Channel == act.Mobile || c.By.Channel == act.Partner // nobody of the bank sees the payer
	switch {
	case c.Payer == c.Payee:
		return Decision{Verdict: Allow}
	case c.NewPayee && amount >= f.hold:
		return Decision{Verdict: Review, Code: codeVeryHigh}
	case c.NewPayee && remote && c.Recent.NewPayees >= f.payees:
		return Decision{Verdict: Review, Code: codePayees}
	case c.NewPayee && amount >= f.fresh && c.Arrival != NextDay:
		return Decision{Verdict: Delay, Code: codeNewLarge, For: f.wait}
	case amount >= f.large:
		return Decision{Verdict: StepUp, Code: codeLarge}
	case remote && amount > f.day-c.Recent.Total.Minor():
		return Decision{Verdict: StepUp, Code: codeDay}
	case remote && c.Recent.Payments >= f.payments:
		return Decision{Verdict: StepUp, Code: codePace}
	}
	return Decision{Verdict: Allow}
}
