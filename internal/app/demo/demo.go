// Package demo makes a bank to try: made-up people of all ages and account classes, and a year of their life: wages,
// rent, shopping, and what people pay each other.
//
// Everything is done through the bank's own services, under a clock that is led through the year, so a demo bank obeys
// every rule and its books verify. Equal seeds make the same people do the same things; ids and keys differ. Names are
// put together at random from common syllables and belong to nobody.
package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// Plan says what to make.
type Plan struct {
	Customers int   // beside the employers and shops
	Seed      int64 // equal seeds make equal banks
	Days      int   // how much life before today; a year when zero
	Log       *slog.Logger
	Progress  func(string) // told in words what is being done
}

// Person is a customer who is ready to be used.
type Person struct {
	Phone    string `json:"phone"`
	Password string `json:"password"`
	PIN      string `json:"pin"`
}

// Ready is the person whom a demo bank always has: verified, paid every month, with a year behind him.
func Ready() Person {
	return Person{Phone: "13900000001", Password: "tongbao-2026-demo", PIN: "258036"}
}

const (
	yearDays     = 365
	customersMin = 5
	customersMax = 20_000
)

// Ensure makes the demo bank of the settings, unless it is there already, and returns its ready person.
func Ensure(ctx context.Context, c app.Config, p Plan) (Person, error) {
	if p.Customers < customersMin || p.Customers > customersMax {
		return Person{}, fmt.Errorf("a demo bank has %d to %d customers", customersMin, customersMax)
	}
	if p.Days == 0 {
		p.Days = yearDays
	}
	if p.Progress == nil {
		p.Progress = func(string) {}
	}
	c.Demo = true
	began := clock.System().Now()
	w, err := open(ctx, c, p)
	if err != nil {
		return Person{}, err
	}
	defer w.bank.Close()
	if done, err := w.made(ctx); err != nil || done {
		return Ready(), err
	}
	p.Progress(fmt.Sprintf("making a demo bank: %d customers and %d days of their life …", p.Customers, p.Days))
	if err := w.live(ctx); err != nil {
		return Person{}, fmt.Errorf("make the demo bank: %w", err)
	}
	p.Progress(fmt.Sprintf("done: %d payments in %s", w.paid.Load(), clock.System().Now().Sub(began).Round(time.Second)))
	return Ready(), nil
}

// open opens the bank under a clock that stands at the beginning of its life.
func open(ctx context.Context, c app.Config, p Plan) (*world, error) {
	zone, err := clock.Zone(c.Timezone)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(clock.System().Now(), zone)
	first := today.AddDays(-p.Days)
	fake := clock.NewFake(first.Midnight(zone).Add(opening))
	bank, err := app.New(ctx, c, app.Options{Clock: fake, Log: p.Log, Relaxed: true, Quiet: true, Verify: quickProvider(fake)})
	if err != nil {
		return nil, err
	}
	return &world{
		bank: bank, clock: fake, plan: p, first: first, today: today, zone: zone,
		chance: rand.New(rand.NewPCG(uint64(p.Seed), 0x746f6e67626f)), //nolint:gosec // a demo is repeatable, not secret
	}, nil
}

// opening is the hour at which a demo day begins.
const opening = 8 * time.Hour

// made says whether the ready person is there.
func (w *world) made(ctx context.Context) (bool, error) {
	contact, err := auth.ParsePhone(Ready().Phone)
	if err != nil {
		return false, err
	}
	found := false
	err = w.bank.DB.Read(ctx, func(tx *db.Tx) error {
		_, found, err = w.bank.Auth.Find(ctx, tx, contact)
		return err
	})
	return found, err
}
