package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/money"
)

// AccruedCheck compares the interest that positions have accrued with the ledger's accrued interest, kind by kind (应计利息总分
// 核对). Both change in one transaction, so that on one view of the database they agree at any moment.
func (s *Service) AccruedCheck() day.Check {
	return day.Check{Name: "deposit.accrued", Run: func(ctx context.Context, tx *db.Tx, _ clock.Date) ([]day.Difference, error) {
		return s.accruedDifferences(ctx, tx)
	}}
}

func (s *Service) accruedDifferences(ctx context.Context, tx *db.Tx) ([]day.Difference, error) {
	sums, err := accruedSums(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("add up accrued interest: %w", err)
	}
	totals, err := s.Daybook.TrialBalance(ctx, tx, clock.Date{})
	if err != nil {
		return nil, err
	}
	booked := make(map[string]money.Amount)
	for _, t := range totals {
		if isPayable(t.Heading.Code) {
			booked[t.Account] = t.Balance()
		}
	}
	var found []day.Difference
	for k, sum := range sums {
		if booked[k.payable()].Minor() != sum.Minor() {
			found = append(found, day.Difference{Subject: k.payable(), Detail: fmt.Sprintf("positions %d, books %d", sum.Minor(), booked[k.payable()].Minor())})
		}
		delete(booked, k.payable())
	}
	for account, balance := range booked {
		if !balance.IsZero() {
			found = append(found, day.Difference{Subject: account, Detail: fmt.Sprintf("positions 0, books %d", balance.Minor())})
		}
	}
	return found, nil
}

// Accrual is the accrued interest of a kind of deposit in a branch, by both ways.
type Accrual struct {
	Kind      catalog.Kind
	Branch    string
	Account   string       // of the ledger
	Positions money.Amount // what accounts and deposits have accrued
	Books     money.Amount // what the ledger says
}

// Accruals are the accrued interest of all kinds of deposits as it stands, in the order of the ledger's accounts.
func (s *Service) Accruals(ctx context.Context, tx *db.Tx) ([]Accrual, error) {
	sums, err := accruedSums(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("add up accrued interest: %w", err)
	}
	totals, err := s.Daybook.TrialBalance(ctx, tx, clock.Date{})
	if err != nil {
		return nil, err
	}
	byAccount := make(map[string]pile, len(sums))
	for k := range sums {
		byAccount[k.payable()] = k
	}
	var all []Accrual
	for _, t := range totals {
		if !isPayable(t.Heading.Code) {
			continue
		}
		a := Accrual{Kind: kindOfPayable(t.Heading.Code), Branch: t.Branch, Account: t.Account, Books: t.Balance(), Positions: money.Zero(t.Debit.Currency())}
		if k, found := byAccount[t.Account]; found {
			a.Positions = sums[k]
		}
		all = append(all, a)
	}
	return all, nil
}

func isPayable(code ledger.Code) bool { return kindOfPayable(code) != "" }

// kindOfPayable is the kind of deposit whose accrued interest stands under a heading; none for other headings.
func kindOfPayable(code ledger.Code) catalog.Kind {
	for _, k := range []catalog.Kind{catalog.Current, catalog.Term, catalog.Notice, catalog.Certificate, catalog.Instalment, catalog.Pot} {
		if headingsOf(k).payable == code {
			return k
		}
	}
	return ""
}
