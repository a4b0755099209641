package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What people of a demo bank save, with a history: deposits of every kind, one that ends in three days, one that rolled
// over, one that was taken out early, an instalment that was missed, a certificate that is on offer. Days are counted back
// from today; none of it is left to chance, so that it disturbs nothing that is.

const (
	saving      = 20 * time.Hour // of a demo day, when its payments are made
	windfall    = 430_000        // yuan that the ready person begins with: what was left of selling a flat
	windfallFor = 260_000        // of the neighbour who offers him a certificate
	spared      = 500            // yuan that who saves all he has keeps for his shopping
)

// saver does one thing with deposits so many days before today.
type saver struct {
	before int
	who    *soul
	what   func(ctx context.Context, w *world, s *soul) error
}

// savers are what is done. A life that is shorter than a year leaves out what would have been before it.
func (w *world) savers() []saver {
	ready, neighbour := w.byRole[household][0], w.byRole[landlord][1]
	careless := w.byRole[household][len(w.byRole[household])-1]
	// What began then, for a year, ends in three days.
	soonEnds := w.today.Sub(w.today.AddDays(3).AddMonths(-12))
	return []saver{
		{yearDays, ready, gets(windfall)},
		{yearDays, neighbour, gets(windfallFor)},
		{soonEnds, ready, opens("term_1y", 20_000, catalog.RollAll)},
		{340, ready, opens("term_6m", 8_000, catalog.PayOut)},
		{330, ready, opens("term_3m", 10_000, catalog.RollAll)},
		{320, ready, opensPot(100, deposit.Plan{Name: "骑行去青海湖", Target: yuan(6_000), TargetOn: w.today.AddMonths(5), RoundTo: yuan(10), Monthly: yuan(300), Day: 15})},
		{310, ready, opens("term_2y", 30_000, catalog.StayPut)},
		{300, neighbour, opens("certificate_1y", 200_000, catalog.PayOut)},
		{250, ready, opens("notice_7d", 150_000, catalog.StayPut)},
		{200, ready, opens("certificate_3y", 200_000, catalog.PayOut)},
		{170, ready, opens("instalment_1y", 500, catalog.PayOut)},
		{120, ready, opensPot(2_000, deposit.Plan{Name: "应急金"})},
		{90, ready, takes("term_2y", 5_000)},
		{67, ready, notifies("notice_7d", 50_000, 7)},
		{60, ready, takes("notice_7d", 50_000)},
		{40, careless, opensAll("instalment_1y")},
		{2, ready, notifies("notice_7d", 50_000, 7)},
		{1, neighbour, offers("certificate_1y", ready)},
	}
}

// save does what of the plan falls on a day.
func (w *world) save(ctx context.Context, day clock.Date) error {
	w.clock.Set(day.Midnight(w.zone).Add(saving))
	for _, s := range w.savers() {
		if s.before != w.today.Sub(day) {
			continue
		}
		if err := s.what(ctx, w, s.who); err != nil {
			return fmt.Errorf("save: %w", err)
		}
	}
	return nil
}

func yuan(n int64) money.Amount { return money.New(n*100, money.CNY) }

// gets credits somebody with a sum from outside the bank, as the employers' endowment is: no demo limit lets so much pass
// with a PIN alone.
func gets(sum int64) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		return w.bank.DB.Write(ctx, func(tx *db.Tx) error {
			outcomes, err := w.bank.Ledger.Post(ctx, tx, []ledger.Journal{{
				Act: "demo.endowment", Reference: string(s.account), By: act.Job("demo"),
				Lines: []ledger.Line{
					{Account: ledger.Own(ledger.CentralBank, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: yuan(sum)},
					{Account: string(s.account), Side: ledger.Credit, Amount: yuan(sum)},
				},
			}})
			if err != nil {
				return err
			}
			return outcomes[0].Err
		})
	}
}

func opens(product string, sum int64, then catalog.Rollover) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		return w.proves(ctx, s, deposit.Draft{Kind: deposit.DraftOpen, Product: product, Linked: s.account, Amount: yuan(sum), Rollover: then})
	}
}

func opensPot(sum int64, plan deposit.Plan) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		return w.proves(ctx, s, deposit.Draft{Kind: deposit.DraftOpen, Product: "pot_1", Linked: s.account, Amount: yuan(sum), Plan: plan})
	}
}

// opensAll begins instalments of nearly all that somebody has: the next one is missed.
func opensAll(product string) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		var has money.Amount
		err := w.bank.DB.Read(ctx, func(tx *db.Tx) error {
			h, err := w.bank.Deposits.Holding(ctx, tx, s.customer, s.account)
			has = h.Balance.Booked
			return err
		})
		sum := has.Minor()/100 - spared
		if err != nil || sum <= 0 {
			return err
		}
		return opens(product, sum, catalog.PayOut)(ctx, w, s)
	}
}

func takes(product string, sum int64) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		held, found, err := w.held(ctx, s, product)
		if err != nil || !found {
			return err
		}
		return w.proves(ctx, s, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: held.Account, Amount: yuan(sum)})
	}
}

func notifies(product string, sum int64, days int) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		held, found, err := w.held(ctx, s, product)
		if err != nil || !found {
			return err
		}
		_, err = w.bank.Deposits.GiveNotice(ctx, s.by, held.Account, yuan(sum), clock.DateOf(w.clock.Now(), w.zone).AddDays(days))
		return err
	}
}

// offers somebody's certificate to another for what it is worth.
func offers(product string, to *soul) func(context.Context, *world, *soul) error {
	return func(ctx context.Context, w *world, s *soul) error {
		held, found, err := w.held(ctx, s, product)
		if err != nil || !found {
			return err
		}
		price, err := held.Principal.Add(held.Accrued)
		if err != nil {
			return err
		}
		return w.proves(ctx, s, deposit.Draft{Kind: deposit.DraftOffer, Deposit: held.Account, Amount: price, Buyer: to.number})
	}
}

// held is somebody's open deposit of a product.
func (w *world) held(ctx context.Context, s *soul, product string) (deposit.Held, bool, error) {
	var all []deposit.Held
	err := w.bank.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = w.bank.Deposits.Contracts(ctx, tx, s.customer)
		return err
	})
	for _, h := range all {
		if h.Product == product && h.State == deposit.Open {
			return h, true, err
		}
	}
	return deposit.Held{}, false, err
}

// proves checks an act and confirms it. What a rule refuses (too little money in a short life) is part of life.
func (w *world) proves(ctx context.Context, s *soul, d deposit.Draft) error {
	q, err := w.bank.Deposits.Check(ctx, s.by, d)
	if err == nil {
		_, err = w.bank.Deposits.Confirm(ctx, s.by, deposit.Confirmation{
			Key: id.Raw(w.clock.Now()), Quote: q.Token, Method: auth.MethodPIN, PIN: crypto.Secret(s.pin),
		})
	}
	if fault.KindOf(err) == fault.Rejected {
		return nil
	}
	return err
}
