package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/api/console"
	"github.com/tongbao/tongbao/internal/api/mobile"
	"github.com/tongbao/tongbao/internal/oversight/compliance"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// begin makes a new bank ready, or finds an old one so: its rules, its products, its first day, its regular work.
func (b *Bank) begin(ctx context.Context, _ Options) error {
	if missing := b.Catalog.Missing(); len(missing) > 0 {
		return fmt.Errorf("texts are missing: %v", missing)
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"seed rules", b.Rules.Seed}, {"seed products", b.Products.Seed}, {"open the head office", b.openHeadOffice}, {"open the first day", b.openFirstDay}, {"plan regular work", b.plan},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// openFirstDay opens today's business date in a bank that has none.
func (b *Bank) openFirstDay(ctx context.Context) error {
	var open bool
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		days, err := b.Days.List(ctx, tx, clock.Date{}, 1)
		open = len(days) > 0
		return err
	})
	if err != nil || open {
		return err
	}
	return b.Days.Open(ctx, b.Days.Due(b.Clock.Now(), b.cutOff))
}

// openNotify opens the room that sends messages; the people it writes to come from a higher floor, later.
func (b *Bank) openNotify() error {
	mailer, err := b.Config.mailer()
	if err != nil {
		return err
	}
	sms, err := b.Config.sms(b.Clock.Now)
	if err != nil {
		return err
	}
	if !b.Config.Demo {
		if sms == nil {
			b.Log.Warn("no SMS gateway is set (--sms): no code reaches a phone, so nobody can register by phone or sign in on a new device")
		}
		if mailer == nil {
			b.Log.Warn("no mail server is set (--smtp): no code and no message leaves by mail")
		}
		if b.Config.AllowSimulators {
			b.Log.Warn("the built-in simulator checks identities (--allow-simulators): serve made-up people only")
		}
	}
	b.Notify, err = notify.New(notify.Parts{
		DB: b.DB, Clock: b.Clock, Zone: b.Zone, Catalog: b.Catalog, Vault: b.Vault, Rules: b.Rules, Audit: b.Audit, Jobs: b.Jobs,
		Directory: lateDirectory{b}, Mailer: mailer, SMS: sms, Demo: b.Config.Demo, InboxOnly: b.quiet,
	})
	if err != nil {
		return err
	}
	return b.Notify.Register(slices.Concat(auth.Templates(), access.Templates(), customer.Templates(), deposit.Templates(), payment.Templates(), insight.Templates())...)
}

// lateDirectory knows where people can be reached; customers open after notify.
type lateDirectory struct{ b *Bank }

// Contact implements notify.Directory.
func (l lateDirectory) Contact(ctx context.Context, tx *db.Tx, who id.Customer) (notify.Contact, error) {
	return l.b.Customers.Contact(ctx, tx, who)
}

// routine is work that comes round: its schedule, and what it does.
type routine struct {
	name, spec string
	do         func(context.Context) error
}

const routineTimeout = 10 * time.Minute

// plan registers the regular work of the bank; one node of a cluster does each.
func (b *Bank) plan(context.Context) error {
	discard := func(f func(context.Context) (int, error)) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f(ctx)
			return err
		}
	}
	routines := []routine{
		{"payment.due", "* * * * *", discard(b.Payments.SettleDue)},
		{"deposit.identify", "* * * * *", discard(b.Deposits.Identify)},
		{"approval.expire", "*/5 * * * *", discard(b.Approvals.Expire)},
		{"ledger.expire_holds", "*/5 * * * *", discard(b.Ledger.ExpireHolds)},
		{"ledger.expire_restraints", "*/5 * * * *", discard(b.Ledger.ExpireRestraints)},
		{"ledger.fold", "*/10 * * * *", discard(b.Ledger.Fold)},
		{"insight.statements", "*/5 * * * *", discard(b.Insight.Statements)},
		{"insight.budgets", "* * * * *", discard(b.Insight.CompareBudgets)},
		{"exchange.refresh", "*/5 * * * *", b.refreshRates},
		{"keys.move", "10 4 * * *", b.moveOldKeys},
		{"auth.purge", "20 3 * * *", func(ctx context.Context) error {
			_, err := b.Auth.Purge(ctx)
			return err
		}},
	}
	failed := []error{b.planEnd()}
	for _, r := range routines {
		failed = append(failed,
			b.Jobs.Register(r.name, job.Options{Timeout: routineTimeout}, func(ctx context.Context, _ job.Job) error { return r.do(ctx) }),
			b.Jobs.Every(r.name, r.spec, r.name))
	}
	return errors.Join(failed...)
}

// Start begins the work behind the acts: events, jobs, sealing the audit log.
func (b *Bank) Start(ctx context.Context) error {
	if err := b.Bus.Start(ctx); err != nil {
		return fmt.Errorf("start events: %w", err)
	}
	b.onClose(b.Bus.Close)
	b.onClose(b.Rules.Follow(ctx))
	if err := b.Jobs.Start(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	b.onClose(b.Jobs.Close)
	b.greetRates(ctx)
	b.Audit.Start(ctx)
	b.onClose(b.Audit.Close)
	watching, done := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { b.watchRing(watching, ringEvery) })
	b.onClose(func() { done(); watch.Wait() })
	return nil
}

// Texts are the words of all rooms.
func Texts() []i18n.Messages {
	return []i18n.Messages{
		vault.Texts(), blob.Texts(), bus.Texts(), job.Texts(),
		api.Texts(), mobile.Texts(), money.Texts(), interest.Texts(), audit.Texts(), day.Texts(), rule.Texts(), ledger.Texts(), notify.Texts(), auth.Texts(), access.Texts(), customer.Texts(), approval.Texts(), console.Texts(),
		catalog.Texts(), deposit.Texts(), exchange.Texts(), cash.Texts(), payment.Texts(), insight.Texts(), compliance.Texts(),
	}
}
