package deposit

import (
	"context"
	"slices"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrNotice says that notice cannot be given so: for no notice deposit, too early a day, or more than is there.
	ErrNotice = fault.New(fault.Rejected, "deposit.bad_notice")
	// ErrNoticeState says that the notice was used or cancelled before, or is not there.
	ErrNoticeState = fault.New(fault.Conflict, "deposit.notice_state")
)

// States of a notice.
const (
	noticeGiven     = "given"
	noticeUsed      = "used"
	noticeCancelled = "cancelled"
)

// noticesMax bounds the open notices of one deposit.
const noticesMax = 20

// NoticeGiven is a customer's notice that he will take money out on a day. It is good for that day and that amount: on
// another day, or for another amount, the withdrawal earns the demand rate, as without notice.
type NoticeGiven struct {
	ID      string
	Deposit id.Account
	Amount  money.Amount
	DueOn   clock.Date
	State   string
}

// GiveNotice keeps notice of a withdrawal, as many days ahead as the terms ask, at least. Errors: ErrDeposit, ErrNotice.
func (s *Service) GiveNotice(ctx context.Context, by act.By, account id.Account, amount money.Amount, on clock.Date) (NoticeGiven, error) {
	var n NoticeGiven
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		c, err := s.lockContract(ctx, tx, by, account)
		if err != nil {
			return err
		}
		given, err := noticesOf(ctx, tx, account, today, noticesMax)
		if err != nil {
			return err
		}
		promised := amount.Minor()
		for _, g := range given {
			promised += g.Amount.Minor()
		}
		switch {
		case c.Kind != catalog.Notice || !amount.IsPositive() || len(given) == noticesMax:
			return ErrNotice
		case on.Before(today.AddDays(c.terms.Deposit.NoticeDays)):
			return ErrNotice.At("/on").With("days", strconv.Itoa(c.terms.Deposit.NoticeDays))
		case promised > c.Principal.Minor():
			return ledger.ErrInsufficientFunds.At("/amount").With("available", c.Principal.String())
		}
		n = NoticeGiven{ID: id.Raw(tx.Now()), Deposit: account, Amount: amount, DueOn: on, State: noticeGiven}
		if err := insertNotice(ctx, tx, n, c.Customer); err != nil {
			return err
		}
		return s.noteDeposit(ctx, tx, by, account, "deposit.give_notice")
	})
	return n, err
}

// CancelNotice takes notice back. Errors: ErrDeposit, ErrNoticeState.
func (s *Service) CancelNotice(ctx context.Context, by act.By, account id.Account, notice string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.lockContract(ctx, tx, by, account); err != nil {
			return err
		}
		taken, err := endNotice(ctx, tx, account, notice, noticeCancelled)
		if err != nil {
			return err
		}
		if !taken {
			return ErrNoticeState
		}
		return s.noteDeposit(ctx, tx, by, account, "deposit.cancel_notice")
	})
}

// Notices are the open notices of a customer's deposit from today on. Error: ErrDeposit.
func (s *Service) Notices(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) ([]NoticeGiven, error) {
	rows, err := contractsOf(ctx, tx, customer, account)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrDeposit
	}
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	return noticesOf(ctx, tx, account, today, noticesMax)
}

// noticed finds the notice that fits a withdrawal: for this day and this amount.
func (s *Service) noticed(ctx context.Context, tx *db.Tx, c *Contract, d Draft, today clock.Date) (drawing, error) {
	how := drawing{closes: d.Closes}
	if c.Kind != catalog.Notice {
		return how, nil
	}
	given, err := noticesOf(ctx, tx, c.Account, today, noticesMax)
	for _, n := range given {
		if n.DueOn == today && n.Amount == d.Amount {
			how.notice = n.ID
			break
		}
	}
	return how, err
}

// noteDeposit keeps what was done to a deposit.
func (s *Service) noteDeposit(ctx context.Context, tx *db.Tx, by act.By, account id.Account, what string) error {
	return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: string(account), Customer: by.Customer(), Outcome: audit.Done}})
}

// SetRollover changes what becomes of a deposit on its last day; until that day is over. Errors: ErrDeposit, ErrRollover.
func (s *Service) SetRollover(ctx context.Context, by act.By, account id.Account, choice catalog.Rollover) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lockContract(ctx, tx, by, account)
		if err != nil {
			return err
		}
		if c.Matured || c.MaturesOn.IsZero() || !slices.Contains(c.terms.Deposit.Rollovers, choice) {
			return ErrRollover.At("/rollover")
		}
		c.Rollover = choice
		if err := saveContracts(ctx, tx, []*Contract{c}); err != nil {
			return err
		}
		return s.noteDeposit(ctx, tx, by, account, "deposit.set_rollover")
	})
}
