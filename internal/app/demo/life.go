package demo

import (
	"context"
	"errors"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/products/payment"
)

// Days of the month on which regular payments are made.
const (
	wageDay = 10
	rentDay = 12
)

// purchase is something that people buy, with the usual range of its price in yuan.
type purchase struct {
	what      string
	low, high int
}

var purchases = [...]purchase{
	{"早餐", 6, 18}, {"午餐", 18, 45}, {"咖啡", 12, 38}, {"超市购物", 35, 260}, {"水果", 15, 80}, {"打车", 14, 70}, {"书店", 25, 160},
	{"药店", 18, 150}, {"加油", 180, 420}, {"聚餐", 90, 480}, {"电影票", 35, 110}, {"理发", 38, 168}, {"日用品", 20, 140},
}

var courtesies = [...]string{"生日快乐", "饭钱", "还你的", "一起买的", "谢谢帮忙", "房租水电", "给爸妈", "压岁钱", "车费", ""}

// spend lives through one day, in phases, so that who pays whom first does not depend on chance in the machine.
func (w *world) spend(ctx context.Context, day clock.Date) error {
	w.clock.Set(day.Midnight(w.zone).Add(opening))
	if err := w.bank.CloseDays(ctx); err != nil { // the day before, with all its steps
		return err
	}
	for _, phase := range []struct {
		hour int
		what func(clock.Date) []demoPayment
	}{{9, w.wages}, {10, w.trade}, {11, w.rents}, {13, w.shopping}, {15, w.restock}, {19, w.favours}} {
		w.clock.Set(day.Midnight(w.zone).Add(time.Duration(phase.hour) * time.Hour))
		if _, err := w.bank.Exchange.Refresh(ctx); err != nil {
			return err
		}
		list := phase.what(day)
		if err := w.all(ctx, len(list), func(ctx context.Context, i int) error { return w.pay(ctx, list[i]) }); err != nil {
			return err
		}
	}
	travelled := w.travel(ctx, day)
	_, due := w.bank.Payments.SettleDue(ctx)
	_, asked := w.bank.Deposits.Identify(ctx)
	return errors.Join(travelled, due, asked)
}

// tradeDays is how many days lie between two deliveries of a stall.
const tradeDays = 2

// trades are what the stalls take and spend at each delivery, in fen: a year of it goes beyond what class III moves
// without a document, for the second stall some ten days earlier.
var trades = [len(stallNames)]struct{ takes, spends int64 }{{139_00, 137_60}, {142_50, 141_80}}

// trade pays the stalls for what they delivered.
func (w *world) trade(day clock.Date) []demoPayment {
	return w.stalls(day, func(i int, s *soul) demoPayment {
		return demoPayment{from: w.byRole[employer][i], to: s, fen: trades[i].takes, memo: "早餐配送"}
	})
}

// restock has the stalls buy what they sell.
func (w *world) restock(day clock.Date) []demoPayment {
	return w.stalls(day, func(i int, s *soul) demoPayment {
		return demoPayment{from: s, to: w.byRole[shop][i], fen: trades[i].spends, memo: "进货"}
	})
}

func (w *world) stalls(day clock.Date, pay func(int, *soul) demoPayment) []demoPayment {
	if day.Sub(w.first)%tradeDays > 0 {
		return nil
	}
	var all []demoPayment
	for i, s := range w.byRole[stall] {
		all = append(all, pay(i, s))
	}
	return all
}

func (w *world) wages(day clock.Date) []demoPayment {
	if day.Day() != wageDay {
		return nil
	}
	var all []demoPayment
	for _, s := range w.byRole[household] {
		if s.class < 3 {
			boss := w.byRole[employer][s.works%len(w.byRole[employer])]
			all = append(all, demoPayment{from: boss, to: s, yuan: s.wage / 100, fen: int64(w.chance.IntN(100)), memo: "工资"})
		}
	}
	return all
}

func (w *world) rents(day clock.Date) []demoPayment {
	if day.Day() != rentDay {
		return nil
	}
	var all []demoPayment
	for _, s := range w.byRole[household] {
		if s.rent > 0 && s.class < 3 {
			owner := w.byRole[landlord][s.rents%len(w.byRole[landlord])]
			all = append(all, demoPayment{from: s, to: owner, yuan: s.rent / 100, memo: "房租"})
		}
	}
	return all
}

// shopping: everybody buys something about once a week, the ready person every other day.
func (w *world) shopping(clock.Date) []demoPayment {
	var all []demoPayment
	for i, s := range w.byRole[household] {
		often := 8
		if i == 0 {
			often = 2
		}
		if w.chance.IntN(often) > 0 {
			continue
		}
		p := purchases[w.chance.IntN(len(purchases))]
		store := w.byRole[shop][w.chance.IntN(len(w.byRole[shop]))]
		yuan := int64(p.low + w.chance.IntN(p.high-p.low))
		all = append(all, demoPayment{from: s, to: store, yuan: yuan, fen: int64(w.chance.IntN(10) * 10), memo: p.what})
	}
	return all
}

// favours: what people pay each other. Those with small accounts get pocket money.
func (w *world) favours(clock.Date) []demoPayment {
	var all []demoPayment
	homes := w.byRole[household]
	for i, s := range homes {
		often := 30
		if i == 0 {
			often = 9
		}
		if w.chance.IntN(often) > 0 {
			continue
		}
		to := homes[w.chance.IntN(len(homes))]
		if w.chance.IntN(6) == 0 {
			to = homes[0]
		}
		if to == s {
			continue
		}
		p := demoPayment{from: s, to: to, yuan: int64(10 + w.chance.IntN(490)), memo: courtesies[w.chance.IntN(len(courtesies))]}
		if w.chance.IntN(12) == 0 {
			p.arrival = payment.Ordinary
		}
		all = append(all, p)
	}
	return all
}

// finish leaves the ready person with something to look at today: payees in the book, a payment on its way.
func (w *world) finish(ctx context.Context) error {
	w.clock.Set(clock.System().Now().Add(-time.Hour))
	if err := w.bank.CloseDays(ctx); err != nil {
		return err
	}
	ready := w.byRole[household][0]
	for i, name := range []string{"房东", "妈妈", "室友"} {
		to := w.byRole[landlord][ready.rents%len(w.byRole[landlord])]
		if i > 0 {
			to = w.byRole[household][i*2]
		}
		if _, err := w.bank.Payments.AddPayee(ctx, ready.by, payment.PayeeRef{Number: to.number}, name); err != nil {
			return err
		}
	}
	if err := w.pay(ctx, demoPayment{from: ready, to: w.byRole[household][2], yuan: 200, memo: "明天的聚餐", arrival: payment.NextDay}); err != nil {
		return err
	}
	if err := w.bank.Bus.Drain(ctx); err != nil {
		return err
	}
	if err := w.bank.Jobs.Drain(ctx); err != nil {
		return err
	}
	_, err := w.bank.Audit.Seal(ctx)
	if err != nil {
		return err
	}
	return w.bank.Audit.Publish(ctx)
}
