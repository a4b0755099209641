package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Posted is a journal in the books.
type Posted struct {
	ID           id.Journal
	Act          string
	Reference    string
	By           act.By // without the network address, which the audit record keeps
	BusinessDate clock.Date
	ValueDate    clock.Date
	At           time.Time
	Reverses     id.Journal // the journal that it takes back; empty if none
	ReversedBy   id.Journal // what took it back; empty if nothing did
	Entries      []Entry
}

// Journal reads a journal. Error: ErrJournalNotFound.
func (l *Ledger) Journal(ctx context.Context, tx *db.Tx, journal id.Journal) (Posted, error) {
	p, found, err := readJournal(ctx, tx, journal)
	if err != nil {
		return Posted{}, fmt.Errorf("read journal: %w", err)
	}
	if !found {
		return Posted{}, ErrJournalNotFound
	}
	return p, nil
}

// Reversal is the journal that takes another back: its lines mirrored, and linked to it. The caller gives it an act,
// a reference and who acts, and posts it. It is booked into the open day, whatever day the original is in (冲正).
// A reversal cannot be reversed: a wrong one is corrected by a journal of its own. What a hold lost by the original
// does not come back. Errors: ErrJournalNotFound, ErrAlreadyReversed, ErrNotReversible; Post decides again.
func (l *Ledger) Reversal(ctx context.Context, tx *db.Tx, original id.Journal) (Journal, error) {
	p, err := l.Journal(ctx, tx, original)
	switch {
	case err != nil:
		return Journal{}, err
	case p.Reverses != "":
		return Journal{}, ErrNotReversible
	case p.ReversedBy != "":
		return Journal{}, ErrAlreadyReversed
	}
	j := Journal{ID: id.New[id.Journal](tx.Now()), Reverses: original, Lines: make([]Line, len(p.Entries))}
	for i, e := range p.Entries {
		j.Lines[i] = Line{Account: e.Account, Side: e.Side.Opposite(), Amount: money.New(e.Amount.Minor(), e.Amount.Currency())}
	}
	return j, nil
}
