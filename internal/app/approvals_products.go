package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (b *Bank) restraints() approval.Executor[deposit.Order] {
	return approval.Executor[deposit.Order]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, o deposit.Order) (approval.Change, error) {
			a, err := b.Deposits.OrderedOn(ctx, tx, o)
			if err != nil {
				return approval.Change{}, err
			}
			live, err := b.Deposits.Restraints(ctx, tx, a.ID)
			return approval.Change{
				Subject: string(a.ID), Customer: a.Customer, Branch: a.Branch, State: a.State,
				Fields: []approval.Field{
					field("restraints", number(len(live)), number(len(live)+1)), field("restraint", "", string(o.Kind)), field("amount", "", whole(o.Minor)),
					field("authority", "", o.Authority), field("reference", "", o.Reference),
				},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, o deposit.Order) (string, error) {
			freeze, err := b.Deposits.Restrain(ctx, tx, by, g, o)
			return string(freeze), err
		},
	}
}

func (b *Bank) liftings() approval.Executor[deposit.Lifting] {
	return approval.Executor[deposit.Lifting]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, l deposit.Lifting) (approval.Change, error) {
			a, r, err := b.Deposits.Liftable(ctx, tx, l)
			return approval.Change{
				Subject: string(a.ID), Customer: a.Customer, Branch: a.Branch, State: r.ID,
				Fields: []approval.Field{field("restraint", string(r.Kind), ""), field("reference", r.Reference, l.Reference)},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, l deposit.Lifting) (string, error) {
			return string(l.Restraint), b.Deposits.Thaw(ctx, tx, by, g, l)
		},
	}
}

func (b *Bank) agreedLimits() approval.Executor[deposit.AgreedLimit] {
	return approval.Executor[deposit.AgreedLimit]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, l deposit.AgreedLimit) (approval.Change, error) {
			c, err := b.person(ctx, tx, l.Customer)
			if err != nil {
				return approval.Change{}, err
			}
			now, err := b.Deposits.OwnLimits(ctx, tx, l.Customer)
			if err != nil {
				return approval.Change{}, err
			}
			return approval.Change{
				Subject: string(c.ID), Customer: c.ID, Branch: c.HomeBranch, Amount: money.New(l.DailyMinor, money.CNY),
				Fields: []approval.Field{field("limit_single", whole(now.Single), whole(l.SingleMinor)), field("limit_daily", whole(now.Daily), whole(l.DailyMinor))},
			}, b.Deposits.CheckAgreed(ctx, tx, l)
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, l deposit.AgreedLimit) (string, error) {
			return string(l.Customer), b.Deposits.RaiseLimit(ctx, tx, by, g, l)
		},
	}
}

func (b *Bank) manualJournals() approval.Executor[ledger.Manual] {
	return approval.Executor[ledger.Manual]{
		Describe: func(_ context.Context, _ *db.Tx, _ act.By, m ledger.Manual) (approval.Change, error) {
			c := approval.Change{Subject: m.Reference}
			var debits int64
			for _, n := range m.Lines {
				side := field("debit", "", n.Account+" "+whole(n.Minor)+" "+n.Currency)
				if n.Side == ledger.Credit {
					side.Name = field("credit", "", "").Name
				} else {
					debits += n.Minor
				}
				c.Fields = append(c.Fields, side)
			}
			if err := m.Check(); err != nil {
				return approval.Change{}, err
			}
			c.Amount = money.New(debits, money.CNY)
			return c, nil
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, m ledger.Manual) (string, error) {
			o, err := b.Ledger.PostManual(ctx, tx, by, g, m)
			return string(o.Journal), err
		},
	}
}

func (b *Bank) ruleChanges() approval.Executor[rule.Change] {
	return approval.Executor[rule.Change]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, c rule.Change) (approval.Change, error) {
			compared, err := b.Figures.Compare(ctx, tx, c)
			return approval.Change{
				Subject: c.Key, State: compared.Known,
				Fields: []approval.Field{
					field("value", compared.Now.Value, c.Value), field("from", compared.Now.From.String(), c.From.String()),
					field("source", compared.Now.Source, c.Source), field("grade", string(compared.Now.Grade), string(c.Grade)),
				},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c rule.Change) (string, error) {
			return c.Key, b.Figures.Change(ctx, tx, by, g, c)
		},
		Foresee: func(ctx context.Context, c rule.Change) ([]approval.Effect, error) {
			effects, err := b.Figures.Foresee(ctx, c)
			all := make([]approval.Effect, len(effects))
			for i, e := range effects {
				all[i] = approval.Effect{Name: e.Name, Of: e.Of, Count: e.Count}
				if !e.Amount.Currency().IsZero() {
					all[i].Amount = e.Amount.String() + " " + e.Amount.Currency().Code()
				}
			}
			return all, err
		},
	}
}

func (b *Bank) rateChanges() approval.Executor[catalog.RateChange] {
	return approval.Executor[catalog.RateChange]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, c catalog.RateChange) (approval.Change, error) {
			today, err := b.Days.Current(ctx, tx)
			if err != nil {
				return approval.Change{}, err
			}
			now, err := b.Products.PlannedRates(ctx, tx, c, today)
			out := approval.Change{Subject: c.Product}
			for _, p := range now {
				out.Fields = append(out.Fields, field("rate", p.Least.String()+": "+p.Rate.Percent()+"%", ""))
			}
			for _, t := range c.Tiers {
				out.Fields = append(out.Fields, field("rate", "", whole(t.LeastMinor)+": "+t.Rate.Percent()+"%"))
			}
			out.Fields = append(out.Fields, field("from", "", c.From.String()))
			return out, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, _ act.By, g act.Grant, c catalog.RateChange) (string, error) {
			today, err := b.Days.Today(ctx, tx)
			if err != nil {
				return "", err
			}
			return c.Product, b.Products.ChangeRates(ctx, tx, g, c, today)
		},
	}
}

func (b *Bank) versionChanges() approval.Executor[catalog.NewVersion] {
	return approval.Executor[catalog.NewVersion]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, n catalog.NewVersion) (approval.Change, error) {
			today, err := b.Days.Current(ctx, tx)
			if err != nil {
				return approval.Change{}, err
			}
			p, err := b.Products.PlanVersion(ctx, tx, n, today)
			return approval.Change{Subject: n.Product, State: p.Before.Number, Fields: versionFields(p)}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, n catalog.NewVersion) (string, error) {
			today, err := b.Days.Today(ctx, tx)
			if err != nil {
				return "", err
			}
			return n.Product, b.Products.AddVersion(ctx, tx, by, g, n, today)
		},
		Foresee: b.foreseeVersion,
	}
}

// versionFields are what a new version changes.
func versionFields(p catalog.Planned) []approval.Field {
	fields := []approval.Field{
		field("version", number(p.Before.Number), number(p.After.Number)), field("from", p.Before.EffectiveFrom.String(), p.After.EffectiveFrom.String()),
	}
	before, after := p.Before.Terms.Deposit, p.After.Terms.Deposit
	for _, f := range []approval.Field{
		field("least", plain(before.Least), plain(after.Least)), field("least_left", plain(before.LeastLeft), plain(after.LeastLeft)),
		field("least_out", plain(before.LeastOut), plain(after.LeastOut)), field("early_partial", number(before.EarlyPartial), number(after.EarlyPartial)),
		field("rollovers", fmt.Sprint(before.Rollovers), fmt.Sprint(after.Rollovers)), field("rate", tiers(p.RatesBefore), tiers(p.RatesAfter)),
	} {
		if f.Before != f.After {
			fields = append(fields, f)
		}
	}
	return fields
}

func plain(a money.Amount) string {
	if a.Currency().IsZero() {
		return ""
	}
	return a.String()
}

// tiers writes rates on one line: "0.00: 0.05%; 200000.00: 1.5%".
func tiers(all []catalog.Posted) string {
	parts := make([]string, len(all))
	for i, p := range all {
		parts[i] = p.Least.String() + ": " + p.Rate.Percent() + "%"
	}
	return strings.Join(parts, "; ")
}

func (b *Bank) foreseeVersion(ctx context.Context, n catalog.NewVersion) ([]approval.Effect, error) {
	var p catalog.Planned
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := b.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		p, err = b.Products.PlanVersion(ctx, tx, n, today)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := b.Deposits.Foresee(ctx, p)
	effect := func(name string, count int64, a money.Amount) approval.Effect {
		return approval.Effect{Name: "catalog.effect." + name, Of: f.Contracts, Count: count, Amount: a.String() + " " + a.Currency().Code()}
	}
	return []approval.Effect{
		effect("affected", f.Affected, f.Held), effect("renewed", f.Renewed, f.RenewedSum),
		effect("year_before", f.Affected+f.Renewed, f.Year.Before), effect("year_after", f.Affected+f.Renewed, f.Year.After),
	}, err
}

func (b *Bank) payOuts() approval.Executor[cash.Order] {
	return approval.Executor[cash.Order]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, o cash.Order) (approval.Change, error) {
			t, who, amount, err := b.Cash.Payable(ctx, tx, o)
			return approval.Change{
				Subject: string(o.Account), Customer: who, Branch: t.Branch, Amount: amount, State: t.Teller,
				Fields: []approval.Field{field("cash_out", "", amount.String())},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, o cash.Order) (string, error) {
			m, err := b.Cash.PayOutApproved(ctx, tx, by, g, o)
			return string(m.ID), err
		},
	}
}

func (b *Bank) deliveries() approval.Executor[cash.Delivery] {
	return approval.Executor[cash.Delivery]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, d cash.Delivery) (approval.Change, error) {
			t, amount, err := b.Cash.CheckDelivery(ctx, tx, d)
			name := "cash_in"
			if d.Back {
				name = "cash_out"
			}
			return approval.Change{
				Subject: string(t.ID), Branch: t.Branch, Amount: amount, Fields: []approval.Field{field(name, "", amount.String()), field("reference", "", d.Reference)},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, d cash.Delivery) (string, error) {
			m, err := b.Cash.Deliver(ctx, tx, by, g, d)
			return string(m.ID), err
		},
	}
}
