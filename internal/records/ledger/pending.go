package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (l *Ledger) Open(ctx context.Context, tx *db.Tx, accounts []Account) error {
	panic("being written")
}
func (l *Ledger) Close(ctx context.Context, tx *db.Tx, account string) error { panic("being written") }
func (l *Ledger) Account(ctx context.Context, tx *db.Tx, account string) (Account, error) {
	panic("being written")
}
func (l *Ledger) Lock(ctx context.Context, tx *db.Tx, accounts []string) (map[string]Balance, error) {
	panic("being written")
}
func (l *Ledger) Balances(ctx context.Context, tx *db.Tx, accounts []string) (map[string]Balance, error) {
	panic("being written")
}
func (l *Ledger) Post(ctx context.Context, tx *db.Tx, journals []Journal) ([]Outcome, error) {
	panic("being written")
}
func (l *Ledger) Reversal(ctx context.Context, tx *db.Tx, original id.Journal) (Journal, error) {
	panic("being written")
}
func (l *Ledger) Journal(ctx context.Context, tx *db.Tx, journal id.Journal) (Posted, error) {
	panic("being written")
}
func (l *Ledger) Hold(ctx context.Context, tx *db.Tx, requests []HoldRequest) ([]HoldOutcome, error) {
	panic("being written")
}
func (l *Ledger) Release(ctx context.Context, tx *db.Tx, holds []id.Hold) ([]error, error) {
	panic("being written")
}
func (l *Ledger) Holds(ctx context.Context, tx *db.Tx, account string) ([]Hold, error) {
	panic("being written")
}
func (l *Ledger) ExpireHolds(ctx context.Context) (int, error) { panic("being written") }
func (l *Ledger) Freeze(ctx context.Context, tx *db.Tx, restraints []Restraint) ([]FreezeOutcome, error) {
	panic("being written")
}
func (l *Ledger) Thaw(ctx context.Context, tx *db.Tx, by act.By, restraints []id.Freeze) ([]error, error) {
	panic("being written")
}
func (l *Ledger) Restraints(ctx context.Context, tx *db.Tx, account string) ([]Restraint, error) {
	panic("being written")
}
func (l *Ledger) ExpireRestraints(ctx context.Context) (int, error) { panic("being written") }
func (l *Ledger) History(ctx context.Context, tx *db.Tx, q HistoryQuery) ([]Entry, error) {
	panic("being written")
}
func (l *Ledger) BalanceAt(ctx context.Context, tx *db.Tx, account string, date clock.Date) (Balance, error) {
	panic("being written")
}
func (l *Ledger) Fold(ctx context.Context) (int, error) { panic("being written") }
func (l *Ledger) TotalOf(ctx context.Context, tx *db.Tx, account string) (Total, error) {
	panic("being written")
}
func (l *Ledger) TrialBalance(ctx context.Context, tx *db.Tx, on clock.Date) ([]Total, error) {
	panic("being written")
}
func (l *Ledger) ControlTotals(ctx context.Context, tx *db.Tx) ([]ControlTotal, error) {
	panic("being written")
}
func (l *Ledger) Verify(ctx context.Context, o Options) (Report, error) { panic("being written") }

// Posted is a journal in the books.
type Posted struct {
	Journal
	BusinessDate clock.Date
	ReversedBy   id.Journal
	Entries      []Entry
}

// FreezeOutcome is what became of a restraint.
type FreezeOutcome struct {
	Err     error
	ID      id.Freeze
	Balance Balance
}
