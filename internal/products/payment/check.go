package payment

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const memoMax = 60 // characters

// Draft is a payment as it was filled in.
type Draft struct {
	From    id.Account
	To      PayeeRef
	Amount  money.Amount
	Arrival Arrival
	Memo    string
}

// Checked is what the payer looks at before he proves the payment.
type Checked struct {
	Intent    Intent
	Token     string // the sealed intent
	Hash      []byte // what a passkey signs
	Payer     deposit.Holding
	ArrivesAt time.Time // zero for real_time
	Ways      []auth.Method
	Warnings  []string // codes
	Limits    []deposit.Use
	Left      money.Amount // of the tightest limit of the day, before this payment
}

// Ways of proving beside those of auth.
const (
	// MethodNone is a small payment without a PIN (小额免密), to a payee paid before.
	MethodNone auth.Method = "none"
	// MethodStrong is a PIN and, beside it, the proof of a step-up for PurposeStrong.
	MethodStrong auth.Method = "pin_and_step_up"
)

// PurposeStrong is what a step-up for an unusual payment is for.
const PurposeStrong auth.Purpose = "payment.send"

// Codes of warnings that a check may show.
const (
	WarnNewPayee = "payment.warn_new_payee"
	WarnReduced  = "payment.warn_reduced"
	WarnLarge    = "payment.warn_large_total"
	WarnDelay    = "payment.warn_delayed_by_screening"
	WarnReview   = "payment.warn_review"
)

func (d Draft) validate() error {
	if !d.Amount.IsPositive() {
		return ErrAmount.At("/amount")
	}
	switch d.Arrival {
	case RealTime, Ordinary, NextDay:
	default:
		return ErrArrival.At("/arrival")
	}
	if utf8.RuneCountInString(d.Memo) > memoMax || strings.ContainsFunc(d.Memo, unicode.IsControl) {
		return ErrMemo.At("/memo")
	}
	return nil
}

// Check resolves the payee, applies the rules without using anything up, and seals what would be done. It refuses
// what Send would refuse as things stand; Send decides again.
func (s *Service) Check(ctx context.Context, by act.By, d Draft) (Checked, error) {
	if err := d.validate(); err != nil {
		return Checked{}, err
	}
	if err := s.resolve(ctx, by, &d.To); err != nil {
		return Checked{}, err
	}
	var c Checked
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		c, err = s.check(ctx, tx, by, d)
		return err
	})
	if err != nil {
		return Checked{}, err
	}
	if c.Hash, err = c.Intent.Hash(); err != nil {
		return Checked{}, err
	}
	c.Token = s.sealIntent(c.Intent)
	return c, nil
}

func (s *Service) check(ctx context.Context, tx *db.Tx, by act.By, d Draft) (Checked, error) {
	var c Checked
	var err error
	if c.Payer, err = s.Accounts.Holding(ctx, tx, by.Customer(), d.From); err != nil {
		return c, err
	}
	payee := d.To.found
	if err := s.parties(ctx, tx, c.Payer, payee.Account, d.Amount); err != nil {
		return c, err
	}
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return c, err
	}
	if c.Intent, err = s.intent(ctx, tx, by, d, c.Payer, payee, today); err != nil {
		return c, err
	}
	if c.ArrivesAt, err = s.due(ctx, d.Arrival, tx.Now(), today); err != nil {
		return c, err
	}
	return c, s.judge(ctx, tx, by, &c, payee.Account, today)
}

// parties refuses what can be seen without counting.
func (s *Service) parties(ctx context.Context, tx *db.Tx, payer deposit.Holding, payee deposit.Account, amount money.Amount) error {
	switch {
	case payer.ID == payee.ID:
		return ErrSelf.At("/payee")
	case payer.State != deposit.Open:
		return deposit.ErrClosed.At("/fromAccountId")
	case payer.Currency != amount.Currency():
		return ledger.ErrCurrency.At("/amount/currency")
	case payer.Currency != payee.Currency:
		return ErrPayeeClosed.At("/payee")
	case payer.Frozen():
		return ledger.ErrFrozen.At("/fromAccountId")
	}
	blocked, err := s.Persons.Blocked(ctx, tx, []id.Customer{payer.Customer})
	if err != nil {
		return err
	}
	if err := blocked[payer.Customer]; err != nil {
		return err
	}
	if payer.Balance.Available().Minor() < amount.Minor() {
		return ledger.ErrInsufficientFunds.At("/amount").With("available", payer.Balance.Available().String())
	}
	return nil
}

func (s *Service) intent(ctx context.Context, tx *db.Tx, by act.By, d Draft, payer deposit.Holding, payee Resolved, today clock.Date) (Intent, error) {
	life, err := s.Rules.Duration(ctx, "payment.intent.life_minutes", today)
	if err != nil {
		return Intent{}, err
	}
	names, err := s.Persons.Names(ctx, tx, []id.Customer{payer.Customer})
	if err != nil {
		return Intent{}, err
	}
	fresh, never, err := s.newPayee(ctx, tx, payer.Customer, payee.Account, today)
	if err != nil {
		return Intent{}, err
	}
	payerNumber := deposit.MaskNumber(payer.Number)
	return Intent{
		ID: id.New[id.Intent](tx.Now()), Payer: payer.Customer, PayerAccount: payer.ID, Payee: payee.Account.Customer,
		PayeeAccount: payee.Account.ID, Amount: d.Amount, Fee: money.Zero(d.Amount.Currency()), Arrival: d.Arrival,
		PayerView: View{Name: payee.name, Number: payee.Number, Own: payerNumber, Memo: d.Memo},
		PayeeView: View{Name: names[payer.Customer].Reveal(), Number: payerNumber, Own: payee.Number, Memo: d.Memo},
		NewPayee:  fresh, NeverPaid: never, Session: by.Session, Device: by.Device, ExpiresAt: tx.Now().Add(life),
	}, nil
}

// newPayee says whether the payer has not paid this account long enough ago, and whether he never has. One's own
// accounts are never new.
func (s *Service) newPayee(ctx context.Context, tx *db.Tx, payer id.Customer, payee deposit.Account, today clock.Date) (fresh, never bool, err error) {
	if payee.Customer == payer {
		return false, false, nil
	}
	ripe, err := s.Rules.Duration(ctx, "payment.payee.new_hours", today)
	if err != nil {
		return false, false, err
	}
	first, found, err := firstPaid(ctx, tx, payer, payee.ID)
	return !found || tx.Now().Sub(first) < ripe, !found, err
}

// due is when a transfer ordered now arrives; zero for at once.
func (s *Service) due(ctx context.Context, a Arrival, now time.Time, today clock.Date) (time.Time, error) {
	key := map[Arrival]string{Ordinary: "payment.transfer.ordinary_delay_hours", NextDay: "payment.transfer.next_day_hours"}[a]
	if key == "" {
		return time.Time{}, nil
	}
	wait, err := s.Rules.Duration(ctx, key, today)
	return now.Add(wait), err
}

// judge looks at limits and screening as they stand, and lists the ways to prove. It does not look under the ceiling of
// a class III payee: who may ask again and again would learn what the payee holds.
func (s *Service) judge(ctx context.Context, tx *db.Tx, by act.By, c *Checked, payee deposit.Account, today clock.Date) error {
	own, err := s.Limits.OwnLimitsOf(ctx, tx, []id.Customer{c.Intent.Payer})
	if err != nil {
		return err
	}
	reduced, err := s.reduced(ctx, tx, []id.Customer{c.Intent.Payer})
	if err != nil {
		return err
	}
	o := order{request: request{by: by, intent: c.Intent}, payer: c.Payer.Account, payee: payee, own: own[c.Intent.Payer], reduced: reduced[c.Intent.Payer]}
	if o.uses, err = s.uses(ctx, &o, tx.Now(), today); err != nil {
		return at(err, "/amount")
	}
	counters, err := deposit.PeekCounters(ctx, tx, o.uses)
	if err != nil {
		return err
	}
	c.Limits = o.payerLimits()
	c.Left = tightest(counters, c.Limits, c.Payer.Balance.Available())
	o.recent = o.since(counters)
	if err := counters.Try(o.uses); err != nil {
		return at(err, "/amount", "left", c.Left.String())
	}
	candidate := candidate(c.Intent, by, tx.Now(), today)
	candidate.Recent = o.recent
	decisions, err := s.Screener.Screen(ctx, tx, []Candidate{candidate})
	if err != nil {
		return fmt.Errorf("screen: %w", err)
	}
	if err := s.remind(ctx, c, o.recent, today); err != nil {
		return err
	}
	return c.ways(decisions[0], tx.Now(), o.own.Small, o.reduced, by.Channel == act.Branch)
}

// payerLimits are the limits among an order's counters that are the payer's own business.
func (o *order) payerLimits() []deposit.Use {
	var limits []deposit.Use
	for _, u := range o.uses {
		if u.Err != nil && u.Subject != string(o.payee.ID) {
			limits = append(limits, u)
		}
	}
	return limits
}

// remind warns when the transfers of the day add up to an amount at which a bank must remind the payer (银发〔2016〕261号).
func (s *Service) remind(ctx context.Context, c *Checked, recent Recent, today clock.Date) error {
	large, err := s.Rules.Amount(ctx, "payment.transfer.remind_daily_minor", today)
	if err != nil {
		return err
	}
	if c.Intent.Payer != c.Intent.Payee && c.Intent.Amount.Minor() > large.Minor()-recent.Total.Minor() {
		c.Warnings = append(c.Warnings, WarnLarge)
	}
	return nil
}

// ways lists how the payment may be proved, and what the payer should know.
func (c *Checked) ways(d Decision, now time.Time, small int64, reduced, counter bool) error {
	if c.Intent.NewPayee {
		c.Warnings = append(c.Warnings, WarnNewPayee)
	}
	if reduced {
		c.Warnings = append(c.Warnings, WarnReduced)
	}
	switch d.Verdict {
	case Reject:
		return ErrScreened
	case StepUp:
		c.Ways = []auth.Method{auth.MethodPasskey, MethodStrong}
		if counter { // a person of the bank has seen the payer and his document: that and the PIN are two factors
			c.Ways = []auth.Method{auth.MethodPIN}
		}
		return nil
	case Delay:
		c.Warnings = append(c.Warnings, WarnDelay)
		c.ArrivesAt = latest(c.ArrivesAt, now.Add(d.For))
	case Review:
		c.Warnings = append(c.Warnings, WarnReview)
	}
	c.Ways = []auth.Method{auth.MethodPIN, auth.MethodPasskey}
	if counter { // the payer types his PIN there; his passkey is at home
		c.Ways = []auth.Method{auth.MethodPIN}
		return nil
	}
	if d.Verdict == Allow && smallEnough(c.Intent, small) && !reduced {
		c.Ways = append([]auth.Method{MethodNone}, c.Ways...)
	}
	return nil
}

// smallEnough says whether an intent may go without a PIN: below what the payer chose, never to a new payee.
func smallEnough(i Intent, most int64) bool {
	return most > 0 && i.Amount.Minor() <= most && !i.NewPayee
}

// tightest is what the tightest of the limits leaves, or most when there are none.
func tightest(counters *deposit.Counters, limits []deposit.Use, most money.Amount) money.Amount {
	if len(limits) == 0 {
		return most
	}
	left := counters.Left(limits[0])
	for _, u := range limits[1:] {
		left = min(left, counters.Left(u))
	}
	return money.New(left, most.Currency())
}

// reduced says whose limits are cut because a factor changed a short while ago.
func (s *Service) reduced(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]bool, error) {
	principals := make([]auth.Principal, len(customers))
	for i, c := range customers {
		principals[i] = auth.Principal(c)
	}
	until, err := s.Provers.ReducedUntil(ctx, tx, principals)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Customer]bool, len(until))
	for p, t := range until {
		out[id.Customer(p)] = tx.Now().Before(t)
	}
	return out, nil
}
