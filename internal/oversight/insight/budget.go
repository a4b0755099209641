package insight

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"

	"github.com/govalues/decimal"
)

// Parts of a budget from which on its owner is told that it is near its end, and that it is used up.
const (
	ruleNear = "insight.budget.near_ratio"
	ruleFull = "insight.budget.full_ratio"
)

// Level is how much of a budget is used.
type Level string

// The levels that are told.
const (
	Near Level = "near"
	Full Level = "full"
)

// Budget is what a person means to spend in a month at most.
type Budget struct {
	Category Category // Total for everything
	Amount   money.Amount
	Spent    money.Amount // this month so far
	Level    Level        // empty below near
}

// Budgets are a person's budgets and what is used of them in a month, the total first. Errors: ErrMonth, payment.ErrTooManyLines.
func (s *Service) Budgets(ctx context.Context, by act.By, m Month) ([]Budget, error) {
	var all []Budget
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, last, err := s.span(ctx, tx, m)
		if err != nil {
			return err
		}
		all, err = s.budgets(ctx, tx, by.Customer(), m.First(), last)
		return err
	})
	return all, err
}

func (s *Service) budgets(ctx context.Context, tx *db.Tx, owner id.Customer, from, to clock.Date) ([]Budget, error) {
	all, err := budgetsOf(ctx, tx, owner)
	if err != nil {
		return nil, fmt.Errorf("read budgets: %w", err)
	}
	if len(all) == 0 {
		return nil, nil
	}
	near, err := s.Rules.Decimal(ctx, ruleNear, to)
	if err != nil {
		return nil, err
	}
	full, err := s.Rules.Decimal(ctx, ruleFull, to)
	if err != nil {
		return nil, err
	}
	moves, err := s.moves(ctx, tx, owner, from, to)
	if err != nil {
		return nil, err
	}
	for i := range all {
		b := &all[i]
		if err := b.spend(moves); err != nil {
			return nil, err
		}
		if b.Level, err = b.level(near, full); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b Budget) int { return s.place(a.Category) - s.place(b.Category) })
	return all, nil
}

// place is where a category stands in the list; the total comes before all.
func (s *Service) place(c Category) int {
	return slices.IndexFunc(s.rules.Categories, func(row categoryRow) bool { return row.Key == c })
}

// spend adds up what went out for it.
func (b *Budget) spend(moves []Move) error {
	b.Spent = money.Zero(b.Amount.Currency())
	for _, m := range moves {
		if m.Direction != payment.Out || !m.counts(b.Amount.Currency()) || b.Category != Total && m.Category != b.Category {
			continue
		}
		var err error
		if b.Spent, err = b.Spent.Add(m.Amount); err != nil {
			return err
		}
	}
	return nil
}

func (b *Budget) level(near, full decimal.Decimal) (Level, error) {
	for _, step := range []struct {
		ratio decimal.Decimal
		level Level
	}{{full, Full}, {near, Near}} {
		mark, err := b.Amount.Mul(step.ratio, money.Up)
		if err != nil {
			return "", err
		}
		if b.Spent.Minor() >= mark.Minor() {
			return step.level, nil
		}
	}
	return "", nil
}

// SetBudget says how much a month may cost, in all or for a category. It is told anew what this month has come to.
// Errors: ErrCategory, ErrBudget.
func (s *Service) SetBudget(ctx context.Context, by act.By, c Category, most money.Amount) error {
	switch {
	case c != Total && (c == Own || !s.rules.allows(c, payment.Out)):
		return ErrCategory.At("/category")
	case most.Currency() != money.CNY || !most.IsPositive():
		return ErrBudget.At("/amount")
	}
	return s.changeBudget(ctx, by, "insight.set_budget", c, func(tx *db.Tx) error {
		if err := upsertBudget(ctx, tx, by.Customer(), c, most); err != nil {
			return err
		}
		return forgetAlerts(ctx, tx, by.Customer(), c)
	})
}

// RemoveBudget forgets a budget; one that there is not is no error.
func (s *Service) RemoveBudget(ctx context.Context, by act.By, c Category) error {
	return s.changeBudget(ctx, by, "insight.remove_budget", c, func(tx *db.Tx) error {
		return deleteBudget(ctx, tx, by.Customer(), c)
	})
}

func (s *Service) changeBudget(ctx context.Context, by act.By, what string, c Category, change func(tx *db.Tx) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := change(tx); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if err := watch(ctx, tx, by.Customer()); err != nil {
			return fmt.Errorf("watch budgets: %w", err)
		}
		return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: string(c), Customer: by.Customer(), Outcome: audit.Done}})
	})
}

// Watcher marks people with budgets who have paid: their spending is compared soon after (CompareBudgets).
func (s *Service) Watcher() bus.Consumer {
	return event.Consumer("insight-budgets",
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.TransferSettled) error {
			return markStale(ctx, tx, f.Parties.PayerCustomer)
		}),
		event.On(func(ctx context.Context, tx *db.Tx, _ bus.Event, f event.CashMoved) error {
			return markStale(ctx, tx, f.Customer)
		}))
}

const budgetsAtOnce = 500 // people that one run compares

// CompareBudgets tells those who have paid since what their budgets have come to: near and full, each once a month and
// budget. It says how many it told. A person is taken off the list before he is looked at, so that what he pays meanwhile
// puts him on it again; one whose books cannot be read goes back on it.
func (s *Service) CompareBudgets(ctx context.Context) (int, error) {
	var who []id.Customer
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		who, err = staleWatches(ctx, tx, budgetsAtOnce)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read whose budgets to compare: %w", err)
	}
	told := 0
	var failed error
	for _, customer := range who {
		n, err := s.compare(ctx, customer)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("compare budgets of %s: %w", customer, err))
		}
		told += n
	}
	return told, failed
}

func (s *Service) compare(ctx context.Context, owner id.Customer) (told int, err error) {
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return unmarkStale(ctx, tx, owner) }); err != nil {
		return 0, err
	}
	var month Month
	var all []Budget
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		month = MonthOf(today)
		all, err = s.budgets(ctx, tx, owner, month.First(), today)
		return err
	})
	all = slices.DeleteFunc(all, func(b Budget) bool { return b.Level == "" })
	if err == nil && len(all) > 0 {
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			told, err = s.tell(ctx, tx, owner, month, all)
			return err
		})
	}
	if fault.KindOf(err) == fault.Rejected { // more moves than one answer may have: nobody is told, and nothing is wrong
		return 0, nil
	}
	if err != nil { // for the next run
		_ = s.DB.Write(ctx, func(tx *db.Tx) error { return markStale(ctx, tx, owner) })
	}
	return told, err
}

// tell sends what was not told this month. Who is told that a budget is used up needs not hear that it was near.
func (s *Service) tell(ctx context.Context, tx *db.Tx, owner id.Customer, m Month, all []Budget) (int, error) {
	var notices []notify.Notice
	contact, err := s.Persons.Contact(ctx, tx, owner)
	if err != nil {
		return 0, err
	}
	for _, b := range all {
		first, err := insertAlert(ctx, tx, owner, m, b.Category, b.Level)
		if err != nil {
			return 0, fmt.Errorf("keep an alert: %w", err)
		}
		if !first {
			continue
		}
		if b.Level == Full {
			if _, err := insertAlert(ctx, tx, owner, m, b.Category, Near); err != nil {
				return 0, fmt.Errorf("keep an alert: %w", err)
			}
		}
		name := nameKey(b.Category)
		notices = append(notices, notify.Notice{Customer: owner, Template: noticeOf(b.Level), Subject: "budget", Params: map[string]string{
			"category": s.Texts.Text(contact.Locale, name, nil), "amount": notify.Amount(b.Amount), "spent": notify.Amount(b.Spent),
		}})
	}
	if len(notices) == 0 {
		return 0, nil
	}
	return len(notices), s.Notify.Send(ctx, tx, notices)
}
