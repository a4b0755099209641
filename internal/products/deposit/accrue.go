package deposit

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Why end of day sets an item aside.
var (
	// ErrUnsettled says that a period must be settled before the days after it are accrued.
	ErrUnsettled = fault.New(fault.Conflict, "deposit.period_not_settled")
	// ErrUnaccrued says that a period cannot be settled before its last day is accrued.
	ErrUnaccrued = fault.New(fault.Conflict, "deposit.period_not_accrued")
)

const (
	correctedMax = 400   // periods that one back-valued entry may reach into
	missedMax    = 4_000 // days that are made up at once for one account
)

// Steps are what deposits do at the end of a day, in their order. They follow the ledger's closing balances.
func (s *Service) Steps() []day.Step {
	return []day.Step{
		{Name: "deposit.accrue", Items: dueToAccrueItems, Do: s.accrueMany},
		{Name: "deposit.reprice", Items: s.dueToRepriceItems, Do: s.repriceMany},
		{Name: "deposit.settle", Items: dueToSettleItems, Do: s.settleMany},
		{Name: "deposit.fee", Items: s.dueToPayItems, Do: s.chargeMany},
		{Name: "deposit.collect", Items: dueToCollectItems, Do: s.collectMany},
		{Name: "deposit.mature", Items: dueToMatureItems, Do: s.matureMany},
		{Name: "deposit.dormant", Items: s.dueToSleepItems, Do: s.sleepMany},
	}
}

func dueToAccrueItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	return dueToAccrue(ctx, tx, on, after, limit)
}

func dueToSettleItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	return dueToSettle(ctx, tx, on, after, limit)
}

// slice is some positions on their way through a step.
type slice struct {
	all   []*Position
	aside []day.Aside
}

// load locks the positions of a step that are open, with their terms.
func (s *Service) load(ctx context.Context, tx *db.Tx, items []string) (*slice, error) {
	rows, err := lockPositions(ctx, tx, items)
	if err != nil {
		return nil, fmt.Errorf("lock positions: %w", err)
	}
	out := &slice{}
	for i := range rows {
		p := &rows[i]
		v, err := s.Catalog.Version(ctx, tx, p.Product, p.TermsVersion)
		if err != nil {
			return nil, fmt.Errorf("terms of %s: %w", p.Account, err)
		}
		if p.terms = v.Terms; p.State == Open {
			out.all = append(out.all, p)
		}
	}
	return out, nil
}

// each runs f on every position that nothing stands against; those that fail are set aside, unchanged.
func (l *slice) each(f func(p *Position) error) {
	kept := l.all[:0]
	for _, p := range l.all {
		before := *p
		if err := f(p); err != nil {
			*p = before
			l.aside = append(l.aside, day.Aside{Item: string(p.Account), Err: err})
			continue
		}
		kept = append(kept, p)
	}
	l.all = kept
}

// keep leaves out what the step has nothing to do for.
func (l *slice) keep(wanted func(p *Position) bool) {
	kept := l.all[:0]
	for _, p := range l.all {
		if wanted(p) {
			kept = append(kept, p)
		}
	}
	l.all = kept
}

// accrueMany accrues a day for positions: one statement for each table, and one journal for each product's headings,
// booked into the day. A position that missed days makes them up.
func (s *Service) accrueMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	l, err := s.load(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	l.keep(func(p *Position) bool { return p.opens(on) && p.AccruedTo.Before(on) })
	l.each(func(p *Position) error {
		if !p.SettlesOn.IsZero() && p.SettlesOn.Before(on) {
			return ErrUnsettled
		}
		return nil
	})
	return l.aside, s.accrue(ctx, tx, l, on, act.Job("deposit.accrue"), on)
}

// accrue brings positions to the end of a day and books the difference, into a closed day unless it is zero.
func (s *Service) accrue(ctx context.Context, tx *db.Tx, l *slice, through clock.Date, by act.By, closed clock.Date) error {
	sums, err := s.balances(ctx, tx, l, through)
	if err != nil {
		return err
	}
	changes := make(piles)
	var corrections []Paid
	l.each(func(p *Position) error {
		if err := p.count(sums[p.Account], through); err != nil {
			return err
		}
		fixed, err := s.correct(ctx, tx, p, sums[p.Account].earlier, through)
		if err != nil {
			return err
		}
		p.AccruedTo = through
		change, err := p.recount()
		if err != nil {
			return err
		}
		corrections = append(corrections, fixed...)
		return changes.add(p, change)
	})
	return s.bookChanges(ctx, tx, l, changes, corrections, by, "deposit.accrue", closed)
}

func (s *Service) bookChanges(ctx context.Context, tx *db.Tx, l *slice, changes piles, corrections []Paid, by act.By, what string, closed clock.Date) error {
	if len(l.all) == 0 {
		return nil
	}
	if err := s.post(ctx, tx, changes.journals(by, what, closed.String(), closed)); err != nil {
		return err
	}
	if err := insertInterest(tx, corrections); err != nil {
		return err
	}
	return savePositions(ctx, tx, l.all)
}

// post books journals on the bank's own accounts, which nothing can refuse.
func (s *Service) post(ctx context.Context, tx *db.Tx, journals []ledger.Journal) error {
	if len(journals) == 0 {
		return nil
	}
	outcomes, err := s.Daybook.Post(ctx, tx, journals)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return fmt.Errorf("book interest: %w", o.Err)
		}
	}
	return nil
}

// daily is what a product sum gains: the balances by value date of the days that are accrued, as steps, and what
// entries of these days were valued back into days before them.
type daily struct {
	steps   []ledger.Closing
	earlier []ledger.Shift
}

// balances reads what positions by product sum gain up to a day: together those that accrue this one day, and one by
// one those that missed days.
func (s *Service) balances(ctx context.Context, tx *db.Tx, l *slice, through clock.Date) (map[id.Account]daily, error) {
	all := make(map[id.Account]daily)
	byStart := make(map[clock.Date][]string)
	for _, p := range l.all {
		if p.terms.Interest.Method == catalog.ByProductSum {
			from := p.next(through)
			byStart[from] = append(byStart[from], string(p.Account))
		}
	}
	for from, accounts := range byStart {
		if from.After(through) || through.Sub(from) > missedMax {
			continue
		}
		steps, err := s.Daybook.Closings(ctx, tx, accounts, from, through)
		if err != nil {
			return nil, fmt.Errorf("closing balances: %w", err)
		}
		for account, some := range steps {
			d := all[id.Account(account)]
			d.steps = some
			all[id.Account(account)] = d
		}
		for on := from; !on.After(through); on = on.AddDays(1) {
			shifts, err := s.Daybook.BackValued(ctx, tx, accounts, on)
			if err != nil {
				return nil, fmt.Errorf("back-valued entries: %w", err)
			}
			for account, some := range shifts {
				d := all[id.Account(account)]
				d.earlier = append(d.earlier, some...)
				all[id.Account(account)] = d
			}
		}
	}
	return all, nil
}

// count adds the days up to one to the product sums: each day's balance by value date, and for entries that were valued
// back before the first of them, the days of this period that the sums had counted without them.
func (p *Position) count(d daily, through clock.Date) error {
	from := p.next(through)
	if p.PeriodFrom.IsZero() {
		p.begin(from)
	}
	if p.terms.Interest.Method != catalog.ByProductSum {
		return nil
	}
	for i, step := range d.steps {
		end := through.AddDays(1)
		if i+1 < len(d.steps) {
			end = d.steps[i+1].Date
		}
		if err := p.add(step.Valued, step.Date, end.Sub(step.Date)); err != nil {
			return err
		}
	}
	for _, shift := range d.earlier {
		begin, end := later(shift.From, p.PeriodFrom), earlier(shift.Until, from)
		if err := p.add(shift.Amount, begin, max(end.Sub(begin), 0)); err != nil {
			return err
		}
	}
	return nil
}

func later(a, b clock.Date) clock.Date {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b clock.Date) clock.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// correct recomputes settled periods into which entries were valued back: each at the rate that it was settled with. The
// difference is carried to the next settlement, and explained.
func (s *Service) correct(ctx context.Context, tx *db.Tx, p *Position, shifts []ledger.Shift, on clock.Date) ([]Paid, error) {
	var out []Paid
	for _, shift := range shifts {
		if !shift.From.Before(p.PeriodFrom) {
			continue
		}
		paid, err := settledAfter(ctx, tx, p.Account, shift.From, correctedMax)
		if err != nil {
			return nil, fmt.Errorf("settled periods of %s: %w", p.Account, err)
		}
		for _, period := range periods(append(paid, out...)) {
			part, err := p.correction(period, shift)
			if err != nil {
				return nil, err
			}
			if part.ProductSum.IsZero() {
				continue
			}
			if p.Carried, err = p.Carried.Add(part.Interest); err != nil {
				return nil, err
			}
			key := id.Raw(tx.Now())
			out = append(out, Paid{ID: key, Payment: key, Account: p.Account, Customer: p.Customer, Part: part, Tax: money.Zero(p.Currency),
				PaidTo: p.Account, PaidOn: on})
		}
	}
	return out, nil
}

// periods adds up what was paid for each settled period: its settlement and the corrections since.
func periods(paid []Paid) []Part {
	var all []Part
	for _, p := range paid {
		found := false
		for i := range all {
			if all[i].From == p.From && all[i].To == p.To {
				all[i].ProductSum = money.New(all[i].ProductSum.Minor()+p.ProductSum.Minor(), p.ProductSum.Currency())
				all[i].Interest = money.New(all[i].Interest.Minor()+p.Interest.Minor(), p.Interest.Currency())
				found = true
			}
		}
		if !found {
			all = append(all, p.Part)
		}
	}
	return all
}

// correction is what a shift changes in a settled period.
func (p *Position) correction(period Part, shift ledger.Shift) (Part, error) {
	begin, end := later(shift.From, period.From), earlier(shift.Until, period.To)
	days := int64(max(end.Sub(begin), 0))
	more, err := shift.Amount.MulFraction(days, 1, money.Down)
	if err != nil {
		return Part{}, err
	}
	sum, err := period.ProductSum.Add(more)
	if err != nil {
		return Part{}, err
	}
	whole, err := p.sumPart(PartCorrection, sum, period.From, period.To, period.Rate)
	if err != nil {
		return Part{}, err
	}
	whole.ProductSum = more
	whole.Interest, err = whole.Interest.Sub(period.Interest)
	return whole, err
}

// dueToRepriceItems lists positions that float and whose rate is not the one posted on the day. The items of products
// are walked one after the other; an item is product/account.
func (s *Service) dueToRepriceItems(ctx context.Context, tx *db.Tx, on clock.Date, after string, limit int) ([]string, error) {
	rates, err := s.Catalog.Rates(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	at, account, _ := strings.Cut(after, "/")
	var items []string
	for _, product := range floating(rates) {
		if product < at {
			continue
		}
		from := ""
		if product == at {
			from = account
		}
		some, err := dueToReprice(ctx, tx, product, rates.Floating(product), from, limit-len(items))
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			items = append(items, product+"/"+one)
		}
		if len(items) == limit {
			break
		}
	}
	return items, nil
}

// repriceMany gives positions the rate that is posted on the day. It holds for the whole period that is not settled yet:
// what was accrued is brought to it.
func (s *Service) repriceMany(ctx context.Context, tx *db.Tx, on clock.Date, items []string) ([]day.Aside, error) {
	accounts := make([]string, len(items))
	names := make(map[id.Account]string, len(items))
	for i, item := range items {
		_, accounts[i], _ = strings.Cut(item, "/")
		names[id.Account(accounts[i])] = item
	}
	l, err := s.load(ctx, tx, accounts)
	if err != nil {
		return nil, err
	}
	rates, err := s.Catalog.Rates(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	changes := make(piles)
	l.each(func(p *Position) error {
		p.Rate = rates.Floating(p.Product)
		change, err := p.recount()
		if err != nil {
			return err
		}
		return changes.add(p, change)
	})
	for i := range l.aside {
		l.aside[i].Item = names[id.Account(l.aside[i].Item)]
	}
	return l.aside, s.bookChanges(ctx, tx, l, changes, nil, act.Job("deposit.reprice"), "deposit.reprice", on)
}
