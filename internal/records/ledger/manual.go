package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ActManual is the kind of act under which journals made by hand are approved, and the act that they are booked as.
const ActManual = "ledger.manual_journal"

// Manual is a journal that a member of staff makes by hand, in the form that is approved. A correction of a day that is
// over is booked into the open day: it names the journal that it corrects, and the value date from which it counts.
type Manual struct {
	Reference string       `json:"reference"` // of the paper behind it
	ValueDate clock.Date   `json:"valueDate"` // zero: the business date
	Corrects  id.Journal   `json:"corrects,omitempty"`
	Lines     []ManualLine `json:"lines"`
}

// ManualLine is one line of it.
type ManualLine struct {
	Account  string `json:"account"` // a customer's, or one of the bank's own
	Side     Side   `json:"side"`
	Minor    int64  `json:"minor"`    // amount in minor units
	Currency string `json:"currency"` // ISO 4217
}

// journal is the journal that a Manual asks for.
func (m Manual) journal(by act.By) (Journal, error) {
	j := Journal{Act: ActManual, Reference: m.Reference, By: by, ValueDate: m.ValueDate}
	for _, n := range m.Lines {
		currency, err := money.ParseCurrency(n.Currency)
		if err != nil {
			return Journal{}, err
		}
		j.Lines = append(j.Lines, Line{n.Account, n.Side, money.New(n.Minor, currency)})
	}
	return j, nil
}

// Check refuses a journal that could never be booked, before anybody is asked to agree to it. Errors: ErrBadManual,
// ErrUnevenManual.
func (m Manual) Check() error {
	if m.Reference == "" || len(m.Lines) < 2 {
		return ErrBadManual
	}
	sums := make(map[string]int64)
	for _, n := range m.Lines {
		if n.Minor <= 0 || n.Account == "" || n.Side != Debit && n.Side != Credit {
			return ErrBadManual.At("/lines")
		}
		if n.Side == Credit {
			sums[n.Currency] -= n.Minor
		} else {
			sums[n.Currency] += n.Minor
		}
	}
	for currency, sum := range sums {
		if sum != 0 {
			return ErrUnevenManual.At("/lines").With("currency", currency)
		}
	}
	return nil
}

// PostManual books a journal made by hand, with the leave of somebody else than its maker. Each leave is good for one
// journal. Errors: act.ErrNotApproved, ErrBadManual, ErrJournalNotFound, ErrApprovalUsed, and what Post refuses.
func (l *Ledger) PostManual(ctx context.Context, tx *db.Tx, by act.By, grant act.Grant, m Manual) (Outcome, error) {
	if err := act.Approved(grant, ActManual, m); err != nil {
		return Outcome{}, err
	}
	approvers := make([]string, 0, len(grant.Approvers()))
	for _, who := range grant.Approvers() {
		approvers = append(approvers, string(who))
		if string(who) == by.Actor {
			return Outcome{}, act.ErrNotApproved
		}
	}
	if m.Reference == "" || by.Reason == "" || len(approvers) == 0 {
		return Outcome{}, ErrBadManual
	}
	j, err := m.journal(by)
	if err != nil {
		return Outcome{}, ErrBadManual.Because(err)
	}
	if m.Corrects != "" {
		if _, err := l.Journal(ctx, tx, m.Corrects); err != nil {
			return Outcome{}, err
		}
	}
	outcomes, err := l.Post(ctx, tx, []Journal{j})
	if err != nil {
		return Outcome{}, err
	}
	if outcomes[0].Err != nil {
		return outcomes[0], outcomes[0].Err
	}
	err = insertManual(ctx, tx, outcomes[0].Journal, grant.Request(), strings.Join(approvers, " "), m.Corrects)
	if db.IsUnique(err) {
		return Outcome{}, ErrApprovalUsed.Because(err)
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("keep the approval: %w", err)
	}
	return outcomes[0], nil
}

// Corrections lists the journals that correct another, in their order, at most 500.
func (l *Ledger) Corrections(ctx context.Context, tx *db.Tx, journal id.Journal) ([]id.Journal, error) {
	all, err := listCorrections(ctx, tx, journal, historyMax)
	if err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	return all, nil
}
