package deposit

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What limits refuse. Each fault says the limit and what is left of it.
var (
	ErrSingle       = fault.New(fault.Rejected, "limit.single")
	ErrChannelDay   = fault.New(fault.Rejected, "limit.daily")
	ErrChannelYear  = fault.New(fault.Rejected, "limit.yearly")
	ErrClassDay     = fault.New(fault.Rejected, "limit.class_daily")
	ErrClassYear    = fault.New(fault.Rejected, "limit.class_yearly")
	ErrIncomingDay  = fault.New(fault.Rejected, "limit.incoming_daily")
	ErrIncomingYear = fault.New(fault.Rejected, "limit.incoming_yearly")
	ErrBalance      = fault.New(fault.Rejected, "limit.class_balance")
	ErrSmall        = fault.New(fault.Unauthenticated, "limit.small_needs_pin")
)

// LimitKind names a counter.
type LimitKind string

// The counters. Those of a class are counted by account across all channels, because a law does so; those of a
// channel by customer, because the customer set them.
const (
	ClassOutDay  LimitKind = "class_out_day"
	ClassOutYear LimitKind = "class_out_year"
	ClassInDay   LimitKind = "class_in_day"
	ClassInYear  LimitKind = "class_in_year"
	SmallDay     LimitKind = "small_day"
	// ClassTurnover counts what a person's class III accounts move, in and out together, for ever: see Turnover.
	ClassTurnover LimitKind = "class_turnover"
)

// BalanceCap is what an account may hold at any time: shown among the limits, and no counter.
const BalanceCap LimitKind = "class_balance"

// DayOf is the counter of a customer's payments of a day through a channel.
func DayOf(c act.Channel) LimitKind { return LimitKind(c) + "_day" }

// yearOf is the same for a year.
func yearOf(c act.Channel) LimitKind { return LimitKind(c) + yearly }

// yearly ends the name of each counter of a year.
const yearly = "_year"

// Outgoing is money about to leave an account.
type Outgoing struct {
	Account Account
	Amount  money.Amount
	Channel act.Channel
	Small   bool // without a PIN (小额免密)
	Own     OwnLimits
	Reduced bool // a factor of the customer's changed a short while ago
}

// Incoming is money about to reach an account from one that is not bound to it.
type Incoming struct {
	Account Account
	Amount  money.Amount
}

// Use is one consumption of one counter.
type Use struct {
	Subject string // account or customer
	Kind    LimitKind
	Period  string // a day or a year
	Amount  int64  // minor units
	Most    int64  // minor units in the period
	Times   int64  // how often in the period; 0 for any number
	Err     *fault.Error
}

// OutCounters are the counters that an outgoing payment of a day moves, without their limits: to give back what an
// order consumed, whatever the limits have become since.
func OutCounters(o Outgoing, on clock.Date) []Use {
	customer, account, amount := string(o.Account.Customer), string(o.Account.ID), o.Amount.Minor()
	uses := []Use{
		{Subject: customer, Kind: DayOf(o.Channel), Period: on.String(), Amount: amount},
		{Subject: customer, Kind: yearOf(o.Channel), Period: year(on), Amount: amount},
	}
	if o.Account.Class > 1 {
		uses = append(uses,
			Use{Subject: account, Kind: ClassOutDay, Period: on.String(), Amount: amount},
			Use{Subject: account, Kind: ClassOutYear, Period: year(on), Amount: amount})
	}
	if o.Small {
		uses = append(uses, Use{Subject: customer, Kind: SmallDay, Period: on.String(), Amount: amount})
	}
	return uses
}

// InCounters are the counters that an incoming payment of a day moves, without their limits.
func InCounters(i Incoming, on clock.Date) []Use {
	if i.Account.Class == 1 {
		return nil
	}
	account, amount := string(i.Account.ID), i.Amount.Minor()
	return []Use{
		{Subject: account, Kind: ClassInDay, Period: on.String(), Amount: amount},
		{Subject: account, Kind: ClassInYear, Period: year(on), Amount: amount},
	}
}

// OutUses lists the counters that an outgoing payment consumes on a day with their limits, or says with ErrSingle that
// it is too large by itself.
func (s *Service) OutUses(ctx context.Context, o Outgoing, on clock.Date) ([]Use, error) {
	f := figures{s.Rules, ctx, on, nil}
	own := f.own(o)
	if f.err != nil {
		return nil, f.err
	}
	if o.Amount.Minor() > own.Single {
		return nil, ErrSingle.With("limit", minor(own.Single, o.Amount))
	}
	uses := OutCounters(o, on)
	for i := range uses {
		u := &uses[i]
		switch u.Kind {
		case DayOf(o.Channel):
			u.Most, u.Err = own.Daily, ErrChannelDay
		case yearOf(o.Channel):
			u.Most, u.Err = f.channel(o.Channel, "yearly"), ErrChannelYear
		case ClassOutDay:
			u.Most, u.Err = f.class(o.Account, "out_daily"), ErrClassDay
		case ClassOutYear:
			u.Most, u.Err = f.class(o.Account, "out_yearly"), ErrClassYear
		case SmallDay:
			u.Most, u.Times, u.Err = f.figure("payment.small.daily_minor"), f.count("payment.small.daily_count"), ErrSmall
		}
	}
	return uses, f.err
}

// InUses lists the counters that an incoming payment consumes on a day with their limits.
func (s *Service) InUses(ctx context.Context, i Incoming, on clock.Date) ([]Use, error) {
	f := figures{s.Rules, ctx, on, nil}
	uses := InCounters(i, on)
	for n := range uses {
		u := &uses[n]
		if u.Kind == ClassInDay {
			u.Most, u.Err = f.class(i.Account, "in_daily"), ErrIncomingDay
		} else {
			u.Most, u.Err = f.class(i.Account, "in_yearly"), ErrIncomingYear
		}
	}
	return uses, f.err
}

// BalanceMost is what an account may hold at any time; the second result is false when a class knows no such limit.
func (s *Service) BalanceMost(ctx context.Context, a Account, on clock.Date) (money.Amount, bool, error) {
	if a.Class != 3 {
		return money.Amount{}, false, nil
	}
	most, err := s.Rules.Amount(ctx, "deposit.class_3.balance_minor", on)
	return most, true, err
}

// figures reads rule rows and keeps the first error, so that a list of limits reads as a list.
type figures struct {
	rules Rules
	ctx   context.Context //nolint:containedctx // lives as long as one call
	on    clock.Date
	err   error
}

func (f *figures) figure(key string) int64 {
	a, err := f.rules.Amount(f.ctx, key, f.on)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("limit: %w", err)
	}
	return a.Minor()
}

func (f *figures) count(key string) int64 {
	n, err := f.rules.Int(f.ctx, key, f.on)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("limit: %w", err)
	}
	return n
}

func (f *figures) channel(c act.Channel, what string) int64 {
	return f.figure("deposit.limit." + string(c) + "_" + what + "_minor")
}

func (f *figures) class(a Account, what string) int64 {
	return f.figure("deposit.class_" + strconv.Itoa(a.Class) + "." + what + "_minor")
}

// own is what the customer allows himself on the channel, cut while a changed factor is fresh.
func (f *figures) own(o Outgoing) OwnLimits {
	own := OwnLimits{Single: f.channel(o.Channel, "single"), Daily: f.channel(o.Channel, "daily")}
	if o.Own.Set && o.Channel == act.Mobile {
		own.Single, own.Daily = o.Own.Single, o.Own.Daily
	}
	if o.Reduced {
		own.Single, own.Daily = f.reduced(own.Single), f.reduced(own.Daily)
	}
	return own
}

// reduced is what is left of a limit while a changed factor is fresh, rounded down.
func (f *figures) reduced(limit int64) int64 {
	ratio, err := f.rules.Decimal(f.ctx, "deposit.limit.reduced_ratio", f.on)
	if err == nil {
		var part money.Amount
		if part, err = money.New(limit, money.CNY).Mul(ratio, money.Down); err == nil {
			return part.Minor()
		}
	}
	if f.err == nil {
		f.err = fmt.Errorf("limit: %w", err)
	}
	return 0
}

func year(d clock.Date) string { return strconv.Itoa(d.Year()) }

// minor writes minor units as an amount in the currency of another one.
func minor(units int64, like money.Amount) string { return money.New(units, like.Currency()).String() }

// resets is when a period ends, in the bank's zone.
func resets(period string, zone *time.Location) (time.Time, error) {
	if y, err := strconv.Atoi(period); err == nil {
		return time.Date(y+1, time.January, 1, 0, 0, 0, 0, zone), nil
	}
	d, err := clock.ParseDate(period)
	if err != nil {
		return time.Time{}, fmt.Errorf("period of a limit: %w", err)
	}
	return d.AddDays(1).Midnight(zone), nil
}
