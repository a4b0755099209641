package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// world is a demo bank in the making.
type world struct {
	bank   *app.Bank
	clock  *clock.Fake
	plan   Plan
	first  clock.Date
	today  clock.Date
	zone   *time.Location
	chance *rand.Rand

	client   auth.Client
	password auth.NewPassword
	pictures map[uint8][]byte
	people   []*soul
	byRole   map[role][]*soul
	paid     atomic.Int64
}

const (
	atOnce   = 32 // payments under way at the same time: they share commits
	settling = 60 * time.Second
)

// live makes the people and leads them through the plan's days.
func (w *world) live(ctx context.Context) error {
	if err := w.bank.Start(ctx); err != nil {
		return err
	}
	w.client = auth.Client{Audience: auth.App, Agent: "Tongbao demo", Locale: i18n.ZhHans}
	w.pictures = make(map[uint8][]byte)
	var err error
	if w.password, err = w.bank.Auth.HashPassword(ctx, crypto.Secret(Ready().Password)); err != nil {
		return err
	}
	if err := w.populate(ctx); err != nil {
		return err
	}
	if err := w.endow(ctx); err != nil {
		return err
	}
	for day := w.first; day.Before(w.today); day = day.AddDays(1) {
		if err := w.spend(ctx, day); err != nil {
			return fmt.Errorf("on %s: %w", day, err)
		}
		if err := w.save(ctx, day); err != nil {
			return fmt.Errorf("on %s: %w", day, err)
		}
	}
	return w.finish(ctx)
}

// populate makes everybody a customer before the year begins.
func (w *world) populate(ctx context.Context) error {
	w.people = w.cast()
	w.byRole = make(map[role][]*soul)
	for _, s := range w.people {
		w.byRole[s.role] = append(w.byRole[s.role], s)
	}
	for _, shade := range []uint8{60, 140, 220} {
		w.picture(shade)
	}
	if err := w.everybody(ctx, w.join); err != nil {
		return err
	}
	if err := w.bank.Jobs.Drain(ctx); err != nil { // the provider answers by a job
		return err
	}
	return w.everybody(ctx, w.openAccount)
}

func (w *world) everybody(ctx context.Context, do func(context.Context, *soul) error) error {
	return w.all(ctx, len(w.people), func(ctx context.Context, i int) error {
		if err := do(ctx, w.people[i]); err != nil {
			return fmt.Errorf("person %d: %w", i, err)
		}
		return nil
	})
}

// all runs n acts, some at a time, and stops at the first that fails.
func (w *world) all(ctx context.Context, n int, do func(context.Context, int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var first sync.Once
	var failed error
	room := make(chan struct{}, atOnce)
	for i := range n {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			if ctx.Err() != nil {
				return
			}
			if err := do(ctx, i); err != nil {
				first.Do(func() { failed = err })
				cancel()
			}
		})
	}
	wg.Wait()
	return failed
}

// endow gives the employers money from outside the bank: the central bank's account rises, and so does what the bank
// owes them.
func (w *world) endow(ctx context.Context) error {
	const yuan = 100
	return w.bank.DB.Write(ctx, func(tx *db.Tx) error {
		var journals []ledger.Journal
		for _, s := range w.byRole[employer] {
			amount := money.New(int64(w.plan.Customers)*300_000*yuan, money.CNY)
			journals = append(journals, ledger.Journal{
				Act: "demo.endowment", Reference: string(s.account), By: act.Job("demo"),
				Lines: []ledger.Line{
					{Account: ledger.Own(ledger.CentralBank, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: amount},
					{Account: string(s.account), Side: ledger.Credit, Amount: amount},
				},
			})
		}
		outcomes, err := w.bank.Ledger.Post(ctx, tx, journals)
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			if o.Err != nil {
				return o.Err
			}
		}
		return nil
	})
}

// payment is one payment of the demo's life.
type demoPayment struct {
	from, to *soul
	yuan     int64
	fen      int64
	memo     string
	arrival  payment.Arrival
}

// pay checks and sends. What a rule refuses (a limit, too little money) is part of life; anything else is a mistake.
func (w *world) pay(ctx context.Context, p demoPayment) error {
	by := p.from.by
	if p.from.role == employer {
		by.Channel = act.Batch // a list of wages, not a person with a phone
	}
	if p.arrival == "" {
		p.arrival = payment.RealTime
	}
	checked, err := w.bank.Payments.Check(ctx, by, payment.Draft{
		From: p.from.account, To: payment.PayeeRef{Number: p.to.number}, Amount: money.New(p.yuan*100+p.fen, money.CNY), Arrival: p.arrival, Memo: p.memo,
	})
	if err == nil {
		_, err = w.bank.Payments.Send(ctx, by, payment.Order{
			Key: id.Raw(w.clock.Now()), Intent: checked.Token, Proof: payment.Proof{Method: auth.MethodPIN, PIN: crypto.Secret(p.from.pin)},
		})
	}
	switch fault.KindOf(err) {
	case fault.Rejected, fault.Busy, fault.Unauthenticated:
		return nil
	}
	if err == nil {
		w.paid.Add(1)
	}
	return err
}
