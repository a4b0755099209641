package deposit

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// exported is the shape of deposit.json in a person's copy of his data.
type exported struct {
	Accounts  []exportedAccount `json:"accounts"`
	Deposits  []exportedDeposit `json:"deposits,omitempty"`
	OwnLimits *exportedLimits   `json:"ownLimits,omitempty"`
	Document  *exportedDocument `json:"documentAskedFor,omitempty"`
}

// exportedDocument is what was asked for when class III accounts had moved much.
type exportedDocument struct {
	State IdentificationState `json:"state"`
	DueOn clock.Date          `json:"dueOn"`
}

type exportedDeposit struct {
	ID           id.Account `json:"id"`
	Product      string     `json:"product"`
	TermsVersion int        `json:"termsVersion"`
	Linked       id.Account `json:"linked"`
	State        State      `json:"state"`
	Booked       string     `json:"booked"`
	Currency     string     `json:"currency"`
	Rate         string     `json:"rate"`
	OpenedOn     clock.Date `json:"openedOn"`
	MaturesOn    clock.Date `json:"maturesOn"`
	Rollover     string     `json:"rollover"`
	Goal         string     `json:"goal,omitempty"`
}

type exportedAccount struct {
	ID           id.Account `json:"id"`
	Number       string     `json:"number"`
	Nickname     string     `json:"nickname,omitempty"`
	Class        string     `json:"class"`
	Product      string     `json:"product"`
	TermsVersion int        `json:"termsVersion"`
	Currency     string     `json:"currency"`
	Branch       string     `json:"branch"`
	State        State      `json:"state"`
	Booked       string     `json:"booked"`
	OpenedAt     time.Time  `json:"openedAt"`
	ClosedAt     time.Time  `json:"closedAt,omitzero"`
}

// exportedLimits are in minor units, as they are kept.
type exportedLimits struct {
	SingleMinor int64 `json:"singleMinor"`
	DailyMinor  int64 `json:"dailyMinor"`
	SmallMinor  int64 `json:"smallMinor"`
}

// Export is everything about a person in this room (PIPL art. 45): the service is a customer.Exporter. What happened on
// the accounts is exported by package payment.
func (s *Service) Export(ctx context.Context, tx *db.Tx, customer id.Customer) (name string, data any, err error) {
	holdings, err := s.Holdings(ctx, tx, customer)
	if err != nil {
		return "", nil, fmt.Errorf("export accounts: %w", err)
	}
	out := exported{Accounts: make([]exportedAccount, 0, len(holdings))}
	for _, h := range holdings {
		out.Accounts = append(out.Accounts, exportedAccount{
			ID: h.ID, Number: h.Number, Nickname: h.Nickname, Class: roman[h.Class], Product: h.Product, TermsVersion: h.TermsVersion,
			Currency: h.Currency.Code(), Branch: h.Branch, State: h.State, Booked: h.Balance.Booked.String(), OpenedAt: h.OpenedAt, ClosedAt: h.ClosedAt,
		})
	}
	if err := s.exportDeposits(ctx, tx, customer, &out); err != nil {
		return "", nil, fmt.Errorf("export deposits: %w", err)
	}
	own, err := ownLimits(ctx, tx, []id.Customer{customer})
	if err != nil {
		return "", nil, fmt.Errorf("export own limits: %w", err)
	}
	if set, ok := own[customer]; ok {
		out.OwnLimits = &exportedLimits{set.Single, set.Daily, set.Small}
	}
	asked, found, err := identificationOf(ctx, tx, customer)
	if err != nil {
		return "", nil, fmt.Errorf("export identification: %w", err)
	}
	if found {
		out.Document = &exportedDocument{asked.State, asked.DueOn}
	}
	return "deposit", out, nil
}

func (s *Service) exportDeposits(ctx context.Context, tx *db.Tx, customer id.Customer, out *exported) error {
	deposits, err := s.Contracts(ctx, tx, customer)
	if err != nil {
		return err
	}
	for _, h := range deposits {
		out.Deposits = append(out.Deposits, exportedDeposit{
			ID: h.Account, Product: h.Product, TermsVersion: h.TermsVersion, Linked: h.Linked, State: h.State, Booked: h.Balance.Booked.String(),
			Currency: h.Currency.Code(), Rate: h.Rate.String(), OpenedOn: h.OpenedOn, MaturesOn: h.MaturesOn, Rollover: string(h.Rollover), Goal: h.Plan.Name,
		})
	}
	return nil
}

// Erase removes what would still name a person's accounts once his key is gone: the index and the last digits of their
// numbers, his limits, and his counters. The rows stay, for the books that point to them.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	if err := eraseCounters(ctx, tx, customer); err != nil {
		return fmt.Errorf("erase counters: %w", err)
	}
	if err := eraseIdentification(ctx, tx, customer); err != nil {
		return fmt.Errorf("erase identification: %w", err)
	}
	if err := eraseContracts(ctx, tx, customer); err != nil {
		return fmt.Errorf("erase names of goals: %w", err)
	}
	if err := eraseAccounts(ctx, tx, customer); err != nil {
		return fmt.Errorf("erase account numbers: %w", err)
	}
	return nil
}
