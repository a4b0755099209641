package payment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// BulkChecked is what the payer looks at before he proves a bulk payment.
type BulkChecked struct {
	Intent    BulkIntent
	Token     string // the sealed intent; empty when no line can be paid
	Hash      []byte // what a passkey signs
	Payer     deposit.Holding
	Total     money.Amount // of the lines that can be paid
	ArrivesAt time.Time    // zero for real_time
	Ways      []auth.Method
	Warnings  []string // codes that are about the whole
	Lines     []BulkCheckedLine
}

// BulkCheckedLine is one line as the check found it.
type BulkCheckedLine struct {
	Payee    Resolved // empty when it was not found
	Amount   money.Amount
	Memo     string
	Refusal  error // why this line cannot be paid; the others still can
	NewPayee bool
	Warnings []string // codes
}

// validate refuses what is malformed; that is no matter of one line alone, for the client sent it.
func (d BulkDraft) validate() error {
	if len(d.Lines) == 0 || len(d.Lines) > bulkMost {
		return ErrBulkSize.At("/lines").With("max", strconv.Itoa(bulkMost))
	}
	currency := d.Lines[0].Amount.Currency()
	for n, l := range d.Lines {
		path := "/lines/" + strconv.Itoa(n)
		switch {
		case l.To.Number == "" && l.To.Payee == "":
			return ErrBulkPayee.At(path + "/payee")
		case l.Amount.Currency() != currency:
			return ledger.ErrCurrency.At(path + "/amount/currency")
		}
		if err := (Draft{Amount: l.Amount, Arrival: d.Arrival, Memo: l.Memo}).validate(); err != nil {
			return below(path, err)
		}
		if l.To.Number != "" {
			if err := deposit.CheckNumber(digits(l.To.Number)); err != nil {
				return at(err, path+"/payee/accountNumber")
			}
		}
	}
	return nil
}

// below moves the place that a fault points at below a line.
func below(path string, err error) error {
	e, ok := fault.From(err)
	if !ok || len(e.Fields()) == 0 || e.Fields()[0].Pointer == "/arrival" {
		return err
	}
	return fault.New(e.Kind(), e.Code()).At(path + e.Fields()[0].Pointer)
}

func digits(number string) string { return strings.ReplaceAll(number, " ", "") }

// CheckBulk resolves the payees of a list, applies the rules to its lines in their order without using anything up, and
// seals what would be done. A line that cannot be paid says why and is left out; SendBulk decides again.
func (s *Service) CheckBulk(ctx context.Context, by act.By, d BulkDraft) (BulkChecked, error) {
	if err := d.validate(); err != nil {
		return BulkChecked{}, err
	}
	c := &bulkCheck{s: s, by: by, draft: d, resolved: make([]Resolved, len(d.Lines)), orders: make([]order, len(d.Lines))}
	c.out.Lines = make([]BulkCheckedLine, len(d.Lines))
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		c.tx = tx
		for _, step := range []func(context.Context) error{c.payer, c.payees, c.begin, c.limits, c.screen, c.funds, c.finish} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(c.out.Intent.Items) == 0 {
		return c.out, err
	}
	if c.out.Hash, err = c.out.Intent.Hash(); err != nil {
		return c.out, err
	}
	c.out.Token, err = s.sealBulk(&c.out.Intent)
	return c.out, err
}

// bulkCheck is a bulk payment on its way through its check. An order that is settled was refused.
type bulkCheck struct {
	s        *Service
	tx       *db.Tx
	by       act.By
	draft    BulkDraft
	today    clock.Date
	resolved []Resolved
	orders   []order
	own      deposit.OwnLimits
	reduced  bool
	counters *deposit.Counters
	strong   bool // a line wants a stronger proof, and so the whole does
	out      BulkChecked
}

// refuse leaves a line out.
func (c *bulkCheck) refuse(n int, err error) {
	c.out.Lines[n].Refusal = err
	c.orders[n].settled = true
}

// pending runs f on the lines that can still be paid.
func (c *bulkCheck) pending(f func(n int, o *order)) {
	for n := range c.orders {
		if !c.orders[n].settled {
			f(n, &c.orders[n])
		}
	}
}

// payer reads who pays and from where; what stands against him stands against all lines.
func (c *bulkCheck) payer(ctx context.Context) error {
	who := c.by.Customer()
	var err error
	if c.out.Payer, err = c.s.Accounts.Holding(ctx, c.tx, who, c.draft.From); err != nil {
		return err
	}
	switch {
	case c.out.Payer.State != deposit.Open:
		return deposit.ErrClosed.At("/fromAccountId")
	case c.out.Payer.Currency != c.draft.Lines[0].Amount.Currency():
		return ledger.ErrCurrency.At("/lines/0/amount/currency")
	case c.out.Payer.Frozen():
		return ledger.ErrFrozen.At("/fromAccountId")
	}
	blocked, err := c.s.Persons.Blocked(ctx, c.tx, []id.Customer{who})
	if err != nil {
		return err
	}
	if err := blocked[who]; err != nil {
		return err
	}
	own, err := c.s.Limits.OwnLimitsOf(ctx, c.tx, []id.Customer{who})
	if err != nil {
		return err
	}
	reduced, err := c.s.reduced(ctx, c.tx, []id.Customer{who})
	if err != nil {
		return err
	}
	c.own, c.reduced = own[who], reduced[who]
	c.today, err = c.s.Days.Current(ctx, c.tx)
	return err
}

// payees finds all payees, a statement for each kind of reference, and refuses the lines whose payee is not to be paid.
func (c *bulkCheck) payees(ctx context.Context) error {
	accounts, err := c.accounts(ctx)
	if err != nil {
		return err
	}
	all := make([]deposit.Account, 0, len(accounts))
	customers := []id.Customer{c.by.Customer()}
	for n, a := range accounts {
		if a.ID == "" {
			c.refuse(n, ErrPayee)
			continue
		}
		all, customers = append(all, a), append(customers, a.Customer)
	}
	names, err := c.s.Persons.Names(ctx, c.tx, distinct(customers))
	if err != nil {
		return fmt.Errorf("names of payees: %w", err)
	}
	numbers, err := c.s.Numbers.MaskedNumbers(ctx, c.tx, distinct(all))
	if err != nil {
		return fmt.Errorf("numbers of payees: %w", err)
	}
	c.out.Intent.PayerName = names[c.by.Customer()].Reveal()
	c.pending(func(n int, _ *order) {
		a := accounts[n]
		whole := names[a.Customer].Reveal()
		c.resolved[n] = Resolved{Account: a, Name: customer.MaskName(whole), Number: numbers[a.ID], name: whole}
		switch line := &c.draft.Lines[n]; {
		case a.State != deposit.Open || a.Currency != c.out.Payer.Currency:
			c.refuse(n, ErrPayeeClosed)
		case line.To.Name != "" && line.To.Name != whole:
			c.refuse(n, ErrPayeeName)
		case a.ID == c.out.Payer.ID:
			c.refuse(n, ErrSelf)
		}
	})
	return nil
}

// accounts finds the account of each line; of one that is not found it is empty.
func (c *bulkCheck) accounts(ctx context.Context) ([]deposit.Account, error) {
	var numbers []string
	var entries []id.Payee
	for _, l := range c.draft.Lines {
		if l.To.Number != "" {
			numbers = append(numbers, digits(l.To.Number))
		} else {
			entries = append(entries, l.To.Payee)
		}
	}
	byNumber, err := c.s.Numbers.FindByNumbers(ctx, c.tx, distinct(numbers))
	if err != nil {
		return nil, err
	}
	book, err := bookAccounts(ctx, c.tx, c.by.Customer(), distinct(entries))
	if err != nil {
		return nil, err
	}
	ids := make([]id.Account, 0, len(book))
	for _, a := range book {
		ids = append(ids, a)
	}
	byID, err := c.s.Accounts.Accounts(ctx, c.tx, distinct(ids))
	if err != nil {
		return nil, err
	}
	out := make([]deposit.Account, len(c.draft.Lines))
	for n, l := range c.draft.Lines {
		if l.To.Number != "" {
			out[n] = byNumber[digits(l.To.Number)]
		} else {
			out[n] = byID[book[l.To.Payee]]
		}
	}
	return out, nil
}

// begin makes the intent, and of each line an order as Send would decide it.
func (c *bulkCheck) begin(ctx context.Context) error {
	now := c.tx.Now()
	life, err := c.s.Rules.Duration(ctx, "payment.intent.life_minutes", c.today)
	if err != nil {
		return err
	}
	ripe, err := c.s.Rules.Duration(ctx, "payment.payee.new_hours", c.today)
	if err != nil {
		return err
	}
	var accounts []id.Account
	c.pending(func(n int, _ *order) { accounts = append(accounts, c.resolved[n].Account.ID) })
	first, err := firstPaidOf(ctx, c.tx, c.by.Customer(), distinct(accounts))
	if err != nil {
		return err
	}
	i := &c.out.Intent
	i.ID, i.Payer, i.PayerAccount, i.PayerNumber = id.New[id.Intent](now), c.by.Customer(), c.out.Payer.ID, deposit.MaskNumber(c.out.Payer.Number)
	i.Arrival, i.Session, i.Device, i.ExpiresAt = c.draft.Arrival, c.by.Session, c.by.Device, now.Add(life)
	if c.out.ArrivesAt, err = c.s.due(ctx, i.Arrival, now, c.today); err != nil {
		return err
	}
	c.pending(func(n int, o *order) {
		line, payee := c.draft.Lines[n], c.resolved[n]
		since, paid := first[payee.Account.ID]
		own := payee.Account.Customer == i.Payer // one's own accounts are never new
		i.Items = append(i.Items, BulkItem{
			Line: n, Transfer: id.New[id.Transfer](now), Payee: payee.Account.Customer, PayeeAccount: payee.Account.ID, Amount: line.Amount,
			Name: payee.name, Number: payee.Number, Memo: line.Memo, NeverPaid: !own && !paid, NewPayee: !own && (!paid || now.Sub(since) < ripe),
		})
		*o = order{request: request{by: c.by, intent: i.single(len(i.Items) - 1)}, payer: c.out.Payer.Account, payee: payee.Account, own: c.own, reduced: c.reduced}
	})
	return nil
}

// limits tries the limits on the lines in their order, as they stand: what a line uses is gone for those after it.
func (c *bulkCheck) limits(ctx context.Context) error {
	var all []deposit.Use
	var failed error
	c.pending(func(n int, o *order) {
		uses, err := c.s.uses(ctx, o, c.tx.Now(), c.today)
		switch {
		case err == nil:
			o.uses = uses
			all = append(all, uses...)
		case fault.KindOf(err) == fault.Internal:
			failed = err
		default:
			c.refuse(n, err)
		}
	})
	if failed != nil {
		return failed
	}
	var err error
	if c.counters, err = deposit.PeekCounters(ctx, c.tx, all); err != nil {
		return err
	}
	c.pending(func(n int, o *order) {
		o.recent = o.since(c.counters)
		if err := c.counters.Try(o.uses); err != nil {
			c.refuse(n, err)
		}
	})
	return nil
}

// screen asks the screener about the lines that are within their limits.
func (c *bulkCheck) screen(ctx context.Context) error {
	var candidates []Candidate
	var lines []int
	c.pending(func(n int, o *order) {
		x := candidate(o.intent, c.by, c.tx.Now(), c.today)
		x.Recent = o.recent
		candidates, lines = append(candidates, x), append(lines, n)
	})
	if len(candidates) == 0 {
		return nil
	}
	decisions, err := c.s.Screener.Screen(ctx, c.tx, candidates)
	if err != nil {
		return fmt.Errorf("screen: %w", err)
	}
	for i, n := range lines {
		line := &c.out.Lines[n]
		switch decisions[i].Verdict {
		case Reject:
			c.counters.Undo(c.orders[n].uses)
			c.refuse(n, ErrScreened)
		case StepUp:
			c.strong = true
		case Delay:
			line.Warnings = append(line.Warnings, WarnDelay)
		case Review:
			line.Warnings = append(line.Warnings, WarnReview)
		}
	}
	return nil
}

// funds refuses the lines for which the account does not hold enough after those before them, and adds up the others.
func (c *bulkCheck) funds(context.Context) error {
	c.out.Total = money.Zero(c.out.Payer.Currency)
	left := c.out.Payer.Balance.Available().Minor()
	var failed error
	c.pending(func(n int, o *order) {
		minor := o.intent.Amount.Minor()
		if minor > left {
			c.refuse(n, ledger.ErrInsufficientFunds)
			return
		}
		left -= minor
		if c.out.Total, failed = c.out.Total.Add(o.intent.Amount); failed != nil {
			c.refuse(n, failed)
		}
	})
	return failed
}

// finish keeps in the intent what can be paid, and lists the ways to prove it and what the payer should know.
func (c *bulkCheck) finish(ctx context.Context) error {
	large, err := c.s.Rules.Amount(ctx, "payment.transfer.remind_daily_minor", c.today)
	if err != nil {
		return err
	}
	kept := c.out.Intent.Items[:0]
	reminded := false
	for _, x := range c.out.Intent.Items {
		o := &c.orders[x.Line]
		if o.settled {
			continue
		}
		kept = append(kept, x)
		if x.NewPayee {
			c.out.Lines[x.Line].Warnings = append([]string{WarnNewPayee}, c.out.Lines[x.Line].Warnings...)
		}
		reminded = reminded || x.Payee != c.out.Intent.Payer && x.Amount.Minor() > large.Minor()-o.recent.Total.Minor()
	}
	c.out.Intent.Items = kept
	for n := range c.out.Lines {
		line := &c.out.Lines[n]
		line.Payee, line.Amount, line.Memo = c.resolved[n], c.draft.Lines[n].Amount, c.draft.Lines[n].Memo
		line.NewPayee = c.orders[n].intent.NewPayee
	}
	if c.reduced {
		c.out.Warnings = append(c.out.Warnings, WarnReduced)
	}
	if reminded {
		c.out.Warnings = append(c.out.Warnings, WarnLarge)
	}
	c.out.Ways = []auth.Method{auth.MethodPIN, auth.MethodPasskey}
	if c.strong {
		c.out.Ways = []auth.Method{auth.MethodPasskey, MethodStrong}
	}
	return nil
}
