package demo

import (
	"context"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	travelDay    = 15 // of the month on which people exchange
	travelsEvery = 5  // one of so many households has an account in another currency
)

// travel lets some people exchange yuan now and then: one in five holds dollars or Hong Kong dollars; the ready person has that
// still before him.
func (w *world) travel(ctx context.Context, day clock.Date) error {
	if day.Day() != travelDay {
		return nil
	}
	for i, s := range w.byRole[household] {
		if i == 0 || i%travelsEvery != 0 || s.class != 1 {
			continue
		}
		product, currency := "currency_usd", money.USD
		if i%(2*travelsEvery) != 0 {
			product, currency = "currency_hkd", money.HKD
		}
		if s.abroad == "" {
			a, err := w.bank.Deposits.Open(ctx, s.by, deposit.Opening{Customer: s.customer, Product: product})
			if err != nil {
				return err
			}
			s.abroad = a.ID
		}
		d := exchange.Draft{From: s.account, To: s.abroad, Amount: money.New(int64(100+w.chance.IntN(20)*10)*100, currency), Purpose: "travel"}
		if w.chance.IntN(4) == 0 {
			d.From, d.To, d.Purpose = d.To, d.From, ""
		}
		if err := w.exchange(ctx, s, d); err != nil {
			return err
		}
	}
	return nil
}

// exchange quotes and confirms. What a rule refuses (a limit, too little money) is part of life.
func (w *world) exchange(ctx context.Context, s *soul, d exchange.Draft) error {
	q, err := w.bank.Exchange.Check(ctx, s.by, d)
	if err == nil {
		_, err = w.bank.Exchange.Confirm(ctx, s.by, exchange.Confirmation{
			Key: id.Raw(w.clock.Now()), Quote: q.Token, Method: auth.MethodPIN, PIN: crypto.Secret(s.pin),
		})
	}
	switch fault.KindOf(err) {
	case fault.Rejected, fault.Busy, fault.Unauthenticated:
		return nil
	}
	return err
}
