package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// EndLoad is what a bench of end of day asks for.
type EndLoad struct {
	Database    string        // as in Load
	Accounts    int           // of the bank, those of the people who pay included
	Days        int           // that are ended: the first alone, the others while people pay
	Concurrency int           // people who pay at the same time
	Time        time.Duration // of the window that finds the usual rate of payments
	Progress    func(string)
}

const (
	endAccountsMin, endAccountsMax = 1000, 10_000_000
	endDaysMax                     = 31
	endPeople                      = 500  // customers who pay
	endSlice                       = 2000 // accounts opened, or journals booked, in one transaction
	movedPart                      = 5    // one account in so many moves on a day
)

var errEndLoad = errors.New("bench: an end of day has 1,000 to 10,000,000 accounts, 1 to 31 days, 1 to 4,096 callers and at most 10 minutes")

func (l *EndLoad) check() error {
	if l.Accounts < endAccountsMin || l.Accounts > endAccountsMax || l.Days < 1 || l.Days > endDaysMax ||
		l.Concurrency < 1 || l.Concurrency > concurrencyMax || l.Time <= 0 || l.Time > timeMax {
		return errEndLoad
	}
	if l.Progress == nil {
		l.Progress = func(string) {}
	}
	return nil
}

// shifted is a clock beside another.
type shifted struct {
	of clock.Clock
	by time.Duration
}

// Now implements clock.Clock.
func (s shifted) Now() time.Time { return s.of.Now().Add(s.by) }

// settleDay is the day of a quarter's last month on which current accounts are settled, by their seeded terms.
const settleDay = 20

// beforeSettlement is a clock on which today is the eve of the last settlement: the first day that is ended is an ordinary
// one, and the second pays the interest of every account, which is the hardest day there is. It lies in the past, because
// jobs keep the machine's time: what is made here is due at once.
func beforeSettlement(of clock.Clock) (clock.Clock, error) {
	zone, err := clock.Zone(zoneName)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(of.Now(), zone)
	eve := interest.LastSettlement(today, settleDay).AddDays(-1)
	return shifted{of, eve.Midnight(zone).Sub(today.Midnight(zone))}, nil
}

// EndOfDay measures the end of days of a bank with many accounts: the first day alone, when every account has moved, and
// the others beside payments, when a fifth of them have. On the second every account is paid its interest.
func EndOfDay(ctx context.Context, l EndLoad) (EndReport, error) {
	if err := l.check(); err != nil {
		return EndReport{}, err
	}
	eve, err := beforeSettlement(clock.System())
	if err != nil {
		return EndReport{}, err
	}
	w, err := found(ctx, Load{
		Database: l.Database, Customers: min(endPeople, l.Accounts/2), Concurrency: l.Concurrency, Time: l.Time, Shape: Random, Via: ViaService, Progress: l.Progress,
		clock: eve,
	})
	if err != nil {
		return EndReport{}, fmt.Errorf("make the bench's bank: %w", err)
	}
	defer w.remove()
	var seen Report
	if err := w.describe(ctx, &seen); err != nil {
		return EndReport{}, err
	}
	r := EndReport{Database: seen.Database, Settings: seen.Settings, Load: loadAverage(), Accounts: l.Accounts, Concurrency: l.Concurrency}
	e := &endBench{world: w, load: l, report: &r}
	if err := e.fill(ctx); err != nil {
		return r, fmt.Errorf("open accounts: %w", err)
	}
	if err := e.measureDays(ctx); err != nil {
		return r, err
	}
	return r, e.verify(ctx)
}

// endBench is a bench of end of day under way.
type endBench struct {
	*world
	load     EndLoad
	report   *EndReport
	accounts []id.Account // beside those of the people
}

// fill opens the accounts that nobody signs in to, and gives each something to earn interest on.
func (e *endBench) fill(ctx context.Context) error {
	if err := e.open(ctx, options{relaxed: true}); err != nil {
		return err
	}
	defer e.close()
	n := e.load.Accounts - len(e.people)
	e.load.Progress(fmt.Sprintf("opening %d accounts …", n))
	for len(e.accounts) < n {
		if err := e.openSome(ctx, min(endSlice, n-len(e.accounts))); err != nil {
			return err
		}
	}
	return nil
}

// openSome opens accounts of class II through the bank's service, in the name of one person. How many one person may have
// is lifted for the bench: a million people would be another bench.
func (e *endBench) openSome(ctx context.Context, n int) error {
	owner := e.people[len(e.accounts)/endSlice%len(e.people)].by
	list := make([]deposit.Opening, n)
	for i := range list {
		list[i] = deposit.Opening{Customer: owner.Customer(), Product: "current_2"}
	}
	opened, err := e.bank.Deposits.OpenMany(ctx, act.Job("bench"), list)
	if err != nil {
		return err
	}
	journals := make([]ledger.Journal, n)
	for i, o := range opened {
		if o.Err != nil {
			return o.Err
		}
		e.accounts = append(e.accounts, o.Account.ID)
		journals[i] = fromOutside(o.Account.ID, money.New(1+e.chance.Int64N(fundsMinor), money.CNY))
	}
	return e.post(ctx, journals)
}

// move books payments between accounts that nobody signs in to, as a day brings them.
func (e *endBench) move(ctx context.Context) error {
	if err := e.open(ctx, options{relaxed: true}); err != nil {
		return err
	}
	defer e.close()
	pairs := e.load.Accounts / movedPart / 2
	e.load.Progress(fmt.Sprintf("moving %d accounts …", 2*pairs))
	for left := pairs; left > 0; left -= endSlice {
		journals := make([]ledger.Journal, min(endSlice, left))
		for i := range journals {
			from := e.chance.IntN(len(e.accounts))
			to := (from + 1 + e.chance.IntN(len(e.accounts)-1)) % len(e.accounts)
			journals[i] = ledger.Journal{Act: "bench.move", Reference: "bench", By: act.Job("bench"), Lines: []ledger.Line{
				{Account: string(e.accounts[from]), Side: ledger.Debit, Amount: money.New(1, money.CNY)},
				{Account: string(e.accounts[to]), Side: ledger.Credit, Amount: money.New(1, money.CNY)},
			}}
		}
		if err := e.post(ctx, journals); err != nil {
			return err
		}
	}
	return nil
}

// measureDays ends each day, on a bank that waits for its disk.
func (e *endBench) measureDays(ctx context.Context) error {
	for n := range e.load.Days {
		if n > 0 {
			if err := e.move(ctx); err != nil {
				return err
			}
		}
		if err := e.measureDay(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (e *endBench) measureDay(ctx context.Context, n int) error {
	if err := e.open(ctx, options{size: e.world.load.Batch, workers: e.world.load.Workers}); err != nil {
		return err
	}
	defer e.close()
	if _, err := e.bank.Ledger.Fold(ctx); err != nil { // as a job does every few minutes
		return err
	}
	if n == 1 {
		e.load.Progress("paying, without an end of day …")
		until := clock.System().Now().Add(e.load.Time)
		usual, err := e.pay(ctx, func() bool { return clock.System().Now().After(until) })
		if err != nil {
			return err
		}
		e.report.UsualPerSecond = usual.rate()
	}
	today, err := e.today(ctx)
	if err != nil {
		return err
	}
	if err := e.bank.Days.Roll(ctx, today.AddDays(1)); err != nil {
		return err
	}
	e.load.Progress(fmt.Sprintf("ending %s …", today))
	var over atomic.Bool
	var payments result
	var refused error // to pay
	var paying sync.WaitGroup
	if n > 0 {
		paying.Go(func() { payments, refused = e.pay(ctx, over.Load) })
	}
	began := clock.System().Now()
	err = e.bank.End.Run(ctx)
	took := clock.System().Now().Sub(began)
	over.Store(true)
	paying.Wait()
	if err := errors.Join(err, refused); err != nil {
		return err
	}
	return e.tell(ctx, today, took, payments)
}

func (e *endBench) today(ctx context.Context) (today clock.Date, err error) {
	err = e.bank.DB.Read(ctx, func(tx *db.Tx) (err error) {
		today, err = e.bank.Days.Current(ctx, tx)
		return err
	})
	return today, err
}

// pay lets people check and pay as fast as they are answered, until it is enough. A failure of the bank's own ends it.
func (e *endBench) pay(ctx context.Context, enough func() bool) (result, error) {
	began := clock.System().Now()
	var accepted, refused atomic.Int64
	var failed atomic.Pointer[error]
	var callers sync.WaitGroup
	for i := range e.load.Concurrency {
		chance := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // a load is repeatable, not secret
		callers.Go(func() {
			for ctx.Err() == nil && failed.Load() == nil && !enough() {
				err := (direct{e.world}).checkAndPay(ctx, e.pair(chance))
				switch {
				case err == nil:
					accepted.Add(1)
				case fault.KindOf(err) == fault.Internal:
					failed.Store(&err)
				default:
					refused.Add(1)
				}
			}
		})
	}
	callers.Wait()
	e.acknowledged.Add(accepted.Load())
	r := result{accepted: accepted.Load(), refused: refused.Load(), took: clock.System().Now().Sub(began)}
	if err := failed.Load(); err != nil {
		return r, *err
	}
	return r, ctx.Err()
}

// pair draws a payment between two people.
func (e *endBench) pair(chance *rand.Rand) *pair {
	from := chance.IntN(len(e.people))
	to := (from + 1 + chance.IntN(len(e.people)-1)) % len(e.people)
	return &pair{from: e.people[from], to: e.people[to], amount: money.New(1+chance.Int64N(amountsMost), money.CNY)}
}

// tell adds a day to the report.
func (e *endBench) tell(ctx context.Context, date clock.Date, took time.Duration, payments result) error {
	status, err := e.bank.DayStatus(ctx)
	if err != nil {
		return err
	}
	if len(status.Asides) > 0 || len(status.Ends) == 0 || status.Ends[0].Date != date || status.Ends[0].State != day.Locked {
		return fmt.Errorf("%w: %s is not locked, or something was set aside", errBreach, date)
	}
	one := EndedDay{Date: date.String(), Seconds: took.Seconds(), AccountsPerSecond: float64(e.load.Accounts) / took.Seconds()}
	for _, s := range status.Ends[0].Steps {
		one.Steps = append(one.Steps, EndedStep{Name: s.Name, Items: s.Done, Seconds: s.EndedAt.Sub(s.StartedAt).Seconds()})
	}
	if payments.took > 0 {
		one.TransfersPerSecond = payments.rate()
		if e.report.UsualPerSecond > 0 {
			one.OfUsual = one.TransfersPerSecond / e.report.UsualPerSecond
		}
	}
	e.report.Days = append(e.report.Days, one)
	return nil
}

// verify recomputes everything.
func (e *endBench) verify(ctx context.Context) error {
	if err := e.open(ctx, options{}); err != nil {
		return err
	}
	defer e.close()
	e.load.Progress("verifying …")
	if err := e.seal(ctx); err != nil {
		return err
	}
	books, err := e.books(ctx)
	if err != nil {
		return err
	}
	log, err := e.bank.Audit.Verify(ctx)
	if err != nil {
		return err
	}
	switch {
	case books.Breach != nil:
		return fmt.Errorf("%w: %v", errBreach, *books.Breach)
	case log.Breach != nil:
		return fmt.Errorf("%w: audit log: %v", errBreach, *log.Breach)
	}
	e.report.Verified = true
	return nil
}
