package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/values/act"
)

type dayCommand struct {
	Close  dayClose  `cmd:"" help:"Cut the business day off if its time is over, and bring every closed day to its lock. May run beside serve."`
	Status dayStatus `cmd:"" help:"Show how the business days stand: steps, checks, what was set aside."`
	Retry  dayRetry  `cmd:"" help:"Do again what end of day has set aside for one account."`
}

// withBank opens a bank for one command, without serving it.
func withBank(ctx context.Context, c app.Config, do func(*app.Bank) error) error {
	l, err := logger(c.LogLevel, c.LogFormat)
	if err != nil {
		return err
	}
	bank, err := app.New(ctx, c, app.Options{Log: l})
	if err != nil {
		return err
	}
	defer bank.Close()
	return do(bank)
}

type dayClose struct {
	app.Config `embed:""`
}

// Run closes days; its error says where end of day has stopped.
func (d *dayClose) Run(ctx context.Context) error {
	return withBank(ctx, d.Config, func(b *app.Bank) error {
		if err := b.CloseDays(ctx); err != nil {
			return err
		}
		return showDays(ctx, b, false)
	})
}

type dayStatus struct {
	app.Config `embed:""`
	JSON       bool `name:"json" help:"Print it as JSON."`
}

// Run shows the days.
func (d *dayStatus) Run(ctx context.Context) error {
	return withBank(ctx, d.Config, func(b *app.Bank) error { return showDays(ctx, b, d.JSON) })
}

type dayRetry struct {
	app.Config `embed:""`
	Date       string `arg:"" help:"The closed business date, 2026-11-22."`
	Step       string `arg:"" help:"Name of the step, such as ledger.balances."`
	Item       string `arg:"" help:"What was set aside: an account's id."`
	Operator   string `required:"" help:"Who asks for it, for the audit log." placeholder:"NAME"`
}

// Run retries one item; its error is the reason why it failed again.
func (d *dayRetry) Run(ctx context.Context) error {
	date, err := clock.ParseDate(d.Date)
	if err != nil {
		return err
	}
	by := act.Job("tongbao day retry").Because("asked by " + d.Operator)
	return withBank(ctx, d.Config, func(b *app.Bank) error {
		return b.End.Retry(ctx, by, day.AsideKey{Date: date, Step: d.Step, Item: d.Item})
	})
}

func showDays(ctx context.Context, b *app.Bank, asJSON bool) error {
	s, err := b.DayStatus(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(s)
	}
	fmt.Print(dayText(s))
	return nil
}

// dayText is the status for a person.
func dayText(s app.DayStatus) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s is open\n", s.Open)
	for _, w := range s.Warnings {
		fmt.Fprintf(&t, "WARNING: %s\n", w)
	}
	for _, e := range s.Ends {
		fmt.Fprintf(&t, "%s %s", e.Date, e.State)
		if !e.LockedAt.IsZero() {
			fmt.Fprintf(&t, " after %s", e.LockedAt.Sub(e.BeganAt).Round(time.Millisecond))
		}
		t.WriteByte('\n')
		if e.State == day.Locked {
			continue
		}
		for _, p := range e.Steps {
			fmt.Fprintf(&t, "  %-24s %-8s %d done, %d set aside\n", p.Name, p.State, p.Done, p.Aside)
		}
		for _, c := range e.Checks {
			fmt.Fprintf(&t, "  %-24s %d differences %s\n", c.Name, c.Differences, c.Detail)
		}
		if e.Problem != "" {
			fmt.Fprintf(&t, "  STOPPED: %s\n", e.Detail)
		}
	}
	for _, a := range s.Asides {
		fmt.Fprintf(&t, "set aside: %s %s %s: %s (%d attempts)\n", a.Date, a.Step, a.Item, a.Detail, a.Attempts)
	}
	return t.String()
}
