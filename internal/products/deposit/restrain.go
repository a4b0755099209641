package deposit

import (
	"context"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// The ways in which an act of staff on an account is refused.
var (
	// ErrStaff says that only staff may do this, and say why.
	ErrStaff = fault.New(fault.Denied, "deposit.staff_only")
	// ErrOrder refuses a restraint without the order behind it, or with an amount where none belongs.
	ErrOrder = fault.New(fault.Invalid, "deposit.bad_order")
	// ErrNoRestraint says that there is no such restraint of the bank's on the account.
	ErrNoRestraint = fault.New(fault.NotFound, "deposit.no_restraint")
)

const (
	actRestrain = "deposit.restrain"
	actThaw     = "deposit.thaw"
	actRaise    = "deposit.raise_limit"
)

// ApprovalRaise is a limit above what a customer could set himself.
const ApprovalRaise = "deposit.raise_limit"

// Order is a restraint for an authority or the bank (冻结, 止付). It is the change that a request under four eyes holds.
type Order struct {
	Account   id.Account           `json:"account"`
	Kind      ledger.RestraintKind `json:"kind"`
	Minor     int64                `json:"minor,omitempty"` // for an amount: minor units of the account's currency
	Authority string               `json:"authority"`       // a court, the police; the bank's own when it is a stop
	Reference string               `json:"reference"`       // number of the order
	Until     time.Time            `json:"until,omitzero"`  // none: until it is lifted
}

// Lifting ends a restraint. It is the change that a request under four eyes holds.
type Lifting struct {
	Account   id.Account `json:"account"`
	Restraint id.Freeze  `json:"restraint"`
	Reference string     `json:"reference"` // number of the order that ends it
}

// AgreedLimit is what the bank and a customer agree on at the counter for the app, above what he could set himself.
type AgreedLimit struct {
	Customer    id.Customer `json:"customer"`
	SingleMinor int64       `json:"singleMinor"`
	DailyMinor  int64       `json:"dailyMinor"`
}

func staffOnly(by act.By) error {
	if by.Kind != act.Staff || by.Reason == "" {
		return ErrStaff
	}
	return nil
}

// Restrain places a restraint under four eyes. Errors: act.ErrNotApproved, ErrStaff, ErrOrder, ErrNotFound, and the ledger's.
func (s *Service) Restrain(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, o Order) (id.Freeze, error) {
	if err := staffOnly(by); err != nil {
		return "", err
	}
	if err := act.Approved(g, ApprovalRestrain, o); err != nil {
		return "", err
	}
	a, err := s.OrderedOn(ctx, tx, o)
	if err != nil {
		return "", err
	}
	r := ledger.Restraint{Account: string(a.ID), Kind: o.Kind, Act: actRestrain, Reference: o.Reference, By: by, ExpiresAt: o.Until}
	if o.Kind == ledger.FrozenAmount {
		r.Amount = money.New(o.Minor, a.Currency)
	}
	outcomes, err := s.Restrainer.Freeze(ctx, tx, []ledger.Restraint{r})
	if err != nil {
		return "", err
	}
	if outcomes[0].Err != nil {
		return "", outcomes[0].Err
	}
	by.OnBehalfOf = a.Customer
	if err := s.note(ctx, tx, by, a, actRestrain); err != nil {
		return "", err
	}
	return outcomes[0].Restraint, s.tell(ctx, tx, by, a, event.AccountFrozen{
		Account: a.ID, Customer: a.Customer, Freeze: outcomes[0].Restraint, Kind: string(o.Kind), By: string(by.Kind),
	})
}

// OrderedOn is the account that an order is about, when the order can be carried out. Errors: ErrOrder, ErrNotFound.
func (s *Service) OrderedOn(ctx context.Context, tx *db.Tx, o Order) (Account, error) {
	withAmount := o.Kind == ledger.FrozenAmount
	switch {
	case o.Reference == "" || o.Authority == "":
		return Account{}, ErrOrder.At("/reference")
	case o.Kind != ledger.EntryOnly && o.Kind != ledger.NoEntryNoExit && !withAmount:
		return Account{}, ErrOrder.At("/kind")
	case withAmount != (o.Minor > 0) || o.Minor < 0:
		return Account{}, ErrOrder.At("/minor")
	}
	return s.anyAccount(ctx, tx, o.Account)
}

func (s *Service) anyAccount(ctx context.Context, tx *db.Tx, account id.Account) (Account, error) {
	found, err := accountsByID(ctx, tx, []id.Account{account})
	if err != nil {
		return Account{}, err
	}
	a, known := found[account]
	if !known {
		return Account{}, ErrNotFound
	}
	return a, nil
}

// Restraints lists the live restraints of an account, whoever holds it: for staff.
func (s *Service) Restraints(ctx context.Context, tx *db.Tx, account id.Account) ([]ledger.Restraint, error) {
	return s.Restrainer.Restraints(ctx, tx, string(account))
}

// Liftable is the account and the restraint that would be lifted: one of the bank's, not the holder's own stop.
// Errors: ErrNotFound, ErrNoRestraint.
func (s *Service) Liftable(ctx context.Context, tx *db.Tx, l Lifting) (Account, ledger.Restraint, error) {
	a, err := s.anyAccount(ctx, tx, l.Account)
	if err != nil {
		return Account{}, ledger.Restraint{}, err
	}
	all, err := s.Restraints(ctx, tx, l.Account)
	if err != nil {
		return Account{}, ledger.Restraint{}, err
	}
	for _, r := range all {
		if r.ID == l.Restraint && r.Act != actStop {
			return a, r, nil
		}
	}
	return Account{}, ledger.Restraint{}, ErrNoRestraint
}

// Thaw lifts a restraint under four eyes. Errors: act.ErrNotApproved, ErrStaff, ErrNotFound, ErrNoRestraint, and the ledger's.
func (s *Service) Thaw(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, l Lifting) error {
	if err := staffOnly(by); err != nil {
		return err
	}
	if err := act.Approved(g, ApprovalThaw, l); err != nil {
		return err
	}
	a, _, err := s.Liftable(ctx, tx, l)
	if err != nil {
		return err
	}
	outcomes, err := s.Restrainer.Thaw(ctx, tx, by, []id.Freeze{l.Restraint})
	if err != nil {
		return err
	}
	if outcomes[0] != nil {
		return outcomes[0]
	}
	by.OnBehalfOf = a.Customer
	if err := s.note(ctx, tx, by, a, actThaw); err != nil {
		return err
	}
	return s.tell(ctx, tx, by, a, event.AccountThawed{Account: a.ID, Customer: a.Customer, Freeze: l.Restraint, By: string(by.Kind)})
}

// CheckAgreed refuses a limit that is more than the bank agrees to at the counter. Error: ErrOwnLimit.
func (s *Service) CheckAgreed(ctx context.Context, tx *db.Tx, l AgreedLimit) error {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return err
	}
	f := figures{s.Rules, ctx, today, nil}
	single, daily := f.figure("deposit.limit.agreed_single_minor"), f.figure("deposit.limit.agreed_daily_minor")
	cny := money.Zero(money.CNY)
	switch {
	case f.err != nil:
		return f.err
	case l.SingleMinor < 0 || l.SingleMinor > single:
		return ErrOwnLimit.At("/singleMinor").With("max", minor(single, cny))
	case l.DailyMinor < 0 || l.DailyMinor > daily:
		return ErrOwnLimit.At("/dailyMinor").With("max", minor(daily, cny))
	case l.SingleMinor > l.DailyMinor:
		return ErrOwnLimit.At("/singleMinor").With("max", minor(l.DailyMinor, cny))
	}
	return nil
}

// RaiseLimit sets what was agreed on, under four eyes. What a law limits for the account's class stays limited.
// Errors: act.ErrNotApproved, ErrStaff, ErrOwnLimit.
func (s *Service) RaiseLimit(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, l AgreedLimit) error {
	if err := staffOnly(by); err != nil {
		return err
	}
	if err := act.Approved(g, ApprovalRaise, l); err != nil {
		return err
	}
	if err := s.CheckAgreed(ctx, tx, l); err != nil {
		return err
	}
	now, err := s.OwnLimits(ctx, tx, l.Customer)
	if err != nil {
		return err
	}
	if err := saveOwnLimits(ctx, tx, l.Customer, OwnLimits{Single: l.SingleMinor, Daily: l.DailyMinor, Small: now.Small}); err != nil {
		return err
	}
	by.OnBehalfOf = l.Customer
	return s.Audit.Append(ctx, tx, []audit.Record{{
		By: by, Act: actRaise, Subject: string(l.Customer), Customer: l.Customer, Outcome: audit.Done,
		Detail: map[string]string{
			"single_minor": strconv.FormatInt(l.SingleMinor, 10), "daily_minor": strconv.FormatInt(l.DailyMinor, 10), "request": g.Request(),
		},
	}})
}
