package deposit

import (
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// soon is how many days ahead of its last day a deposit is brought before its holder: time enough to choose what becomes
// of it.
const soon = 7

// Kinds of what waits for a holder of deposits.
const (
	WaitsMaturity   = "deposit_matures"   // its last day is near
	WaitsTaking     = "deposit_matured"   // its last day is over, and it stays at the demand rate
	WaitsInstalment = "instalment_missed" // may still be made up
	WaitsNotice     = "notice_due"        // the day for which notice was given is today
	WaitsOffer      = "deposit_offered"   // a certificate is offered to him
)

// Waiting is something about deposits that a customer should look at.
type Waiting struct {
	Kind    string
	Deposit id.Account // none of an offer
	Name    catalog.Version
	On      clock.Date
	Days    int // until then; 0 for today
	Amount  money.Amount
}

// Waiting is what waits for a customer, the nearest first.
func (s *Service) Waiting(ctx context.Context, tx *db.Tx, customer id.Customer, held []Held) ([]Waiting, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, h := range held {
		if h.State != Open {
			continue
		}
		if w, waits := h.waits(today); waits {
			all = append(all, w)
		}
		if h.Kind != catalog.Notice {
			continue
		}
		given, err := noticesOf(ctx, tx, h.Account, today, noticesMax)
		if err != nil {
			return nil, err
		}
		for _, n := range given {
			if n.DueOn == today {
				all = append(all, Waiting{Kind: WaitsNotice, Deposit: h.Account, Name: h.Terms, On: today, Amount: n.Amount})
			}
		}
	}
	offers, err := s.Offers(ctx, tx, customer)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		if o.Buyer == customer {
			all = append(all, Waiting{Kind: WaitsOffer, Name: o.Terms, On: o.ExpiresOn, Days: o.ExpiresOn.Sub(today), Amount: o.Price})
		}
	}
	slices.SortStableFunc(all, func(a, b Waiting) int { return a.On.Compare(b.On) })
	return all, nil
}

// waits says what of a deposit itself waits.
func (h Held) waits(today clock.Date) (Waiting, bool) {
	w := Waiting{Deposit: h.Account, Name: h.Terms, Amount: h.Balance.Booked, On: h.MaturesOn}
	switch {
	case h.Pending > 0 && !h.Breached:
		w.Kind, w.On, w.Amount = WaitsInstalment, h.CollectOn, h.Monthly
	case h.MaturesOn.IsZero():
		return w, false
	case h.Matured:
		w.Kind = WaitsTaking
		return w, true
	case h.MaturesOn.Sub(today) <= soon:
		w.Kind = WaitsMaturity
	default:
		return w, false
	}
	w.Days = max(w.On.Sub(today), 0)
	return w, true
}

// Saved adds up what deposits in a currency hold, and what they have earned so far.
func Saved(held []Held, in money.Currency) (principal, accrued money.Amount, err error) {
	principal, accrued = money.Zero(in), money.Zero(in)
	for _, h := range held {
		if h.State != Open || h.Currency != in {
			continue
		}
		if principal, err = principal.Add(h.Balance.Booked); err != nil {
			return principal, accrued, err
		}
		if accrued, err = accrued.Add(h.Accrued); err != nil {
			return principal, accrued, err
		}
	}
	return principal, accrued, nil
}
