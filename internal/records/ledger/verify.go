package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	verifyAccounts = 200             // accounts of one snapshot
	verifyJournals = 2000            // journals, holds or reversals of one snapshot
	verifyHorizon  = 5 * time.Minute // longer than any transaction may take: what is older is complete
	afterAllIDs    = "~"             // sorts after every id
)

// Options say what Verify looks at.
type Options struct {
	From     string         // first account; empty: from the first
	To       string         // last account; empty: to the last
	Since    Since          // only what came after a locked day; zero: everything
	Progress func(Progress) // called after each snapshot; may be nil
}

// whole reports whether all accounts are looked at, so that totals can be compared.
func (o Options) whole() bool { return o.From == "" && o.To == "" }

// Since is a locked day whose closing balances and totals are taken as they are kept: end of day compared them with each
// other, so a run that starts from them looks at the days after it alone. What was tampered with before is found by a run without it.
type Since struct {
	Day      clock.Date
	CutOffAt time.Time // when it was cut off: nothing was booked into later days before
}

// first is a sortable id before every journal of the days that are looked at.
func (s Since) first() string {
	if s.Day.IsZero() {
		return ""
	}
	return journalAt(s.CutOffAt.Add(-verifyHorizon))
}

// Progress tells how far a verification has come.
type Progress struct {
	Check string // what is being checked: "journals", "accounts", "holds", "reversals" or "totals"
	Done  int64  // how many of them so far
}

// Breach is a rule of the books that does not hold.
type Breach struct {
	Rule    string // "entry_chain", "balance_row", "journal_balance" ...
	Subject string // the account, journal or hold
	Detail  string // what was found, and what should be there
}

// Error tells it in a sentence.
func (b *Breach) Error() string { return fmt.Sprintf("%s of %s: %s", b.Rule, b.Subject, b.Detail) }

// Report is what Verify found.
type Report struct {
	Journals  int64
	Entries   int64
	Accounts  int64
	Holds     int64
	Reversals int64
	Breach    *Breach // the first that was found; nil when the books hold
}

// verification is one run.
type verification struct {
	ledger  *Ledger
	options Options
	report  Report
	totals  map[dayOf]delta // the general ledger as the entries make it

	controls map[dayOf]delta // what end of day kept of closing balances, when the run began
	folded   map[dayOf]delta // what the closing balances make
}

// Verify recomputes the books from their entries and compares them with everything else that is kept: journals
// balance, entries of an account count without gaps and carry the right balance, balance rows are what the entries,
// live holds and live restraints add up to, closing balances and value-date shifts are what the entries say and miss no
// day, reversals mirror their originals, the general ledger is what the entries say, and balances. It reads in short snapshots and disturbs nobody; journals are booked meanwhile. With a range of
// accounts only those accounts are checked, and with Since only what came after a locked day.
//
// It stops at the first breach, which the report names. The error is about the reading alone.
func (l *Ledger) Verify(ctx context.Context, o Options) (Report, error) {
	v := &verification{ledger: l, options: o, totals: make(map[dayOf]delta), folded: make(map[dayOf]delta)}
	steps := []func(context.Context) error{v.accounts}
	if o.whole() {
		steps = []func(context.Context) error{v.begin, v.journals, v.accounts, v.compareControls, v.holds, v.reversals, v.records}
	}
	if o.whole() && !o.Since.Day.IsZero() { // live holds and new reversals are seen with their accounts and journals
		steps = []func(context.Context) error{v.begin, v.journals, v.accounts, v.compareControls, v.records}
	}
	for _, step := range steps {
		err := step(ctx)
		var breach *Breach
		if errors.As(err, &breach) {
			v.report.Breach = breach
			break
		}
		if err != nil {
			return v.report, fmt.Errorf("verify: %w", err)
		}
	}
	return v.report, nil
}

// begin reads what is compared with what the run will have seen at its end.
func (v *verification) begin(ctx context.Context) error {
	return v.snapshot(ctx, func(tx *db.Tx) (err error) {
		v.controls, err = readControls(ctx, tx, v.options.Since.Day)
		return err
	})
}

func (v *verification) tell(check string, done int64) {
	if v.options.Progress != nil {
		v.options.Progress(Progress{check, done})
	}
}

// snapshot runs fn on one view of the database.
func (v *verification) snapshot(ctx context.Context, fn func(tx *db.Tx) error) error {
	return v.ledger.db.Read(ctx, fn)
}

// breach is the error that ends a run.
func breach(rule, subject, detail string, args ...any) error {
	return &Breach{Rule: rule, Subject: subject, Detail: fmt.Sprintf(detail, args...)}
}

// journals checks every journal with its entries. The newest of them, which may still be joined by journals of older
// ids that commit late, are read in one last snapshot together with the totals that they must add up to.
func (v *verification) journals(ctx context.Context) error {
	after, horizon := v.options.Since.first(), ""
	for {
		done := false
		err := v.snapshot(ctx, func(tx *db.Tx) error {
			if horizon == "" {
				horizon = journalAt(tx.Now().Add(-verifyHorizon))
			}
			var err error
			after, done, err = v.journalPage(ctx, tx, after, horizon)
			return err
		})
		if err != nil {
			return err
		}
		v.tell("journals", v.report.Journals)
		if done {
			break
		}
	}
	return v.snapshot(ctx, func(tx *db.Tx) error {
		for done := false; !done; {
			var err error
			if after, done, err = v.journalPage(ctx, tx, after, afterAllIDs); err != nil {
				return err
			}
		}
		v.tell("journals", v.report.Journals)
		return v.compareTotals(ctx, tx)
	})
}

// journalAt is the least id of a journal made at an instant.
func journalAt(t time.Time) string {
	const chance = 15 // characters of chance at the end of an id
	made := string(id.New[id.Journal](t))
	return made[:len(made)-chance]
}

// compareTotals compares the general ledger with what the entries made of it, and control accounts with balances.
func (v *verification) compareTotals(ctx context.Context, tx *db.Tx) error {
	kept, err := readTotals(ctx, tx, v.options.Since.Day)
	if err != nil {
		return err
	}
	for k, want := range v.totals {
		if kept[k] != want {
			return breach("total", k.account+" on "+k.date, "debit %d, credit %d are kept; entries say %d, %d",
				kept[k].debit, kept[k].credit, want.debit, want.credit)
		}
		delete(kept, k)
	}
	for k, got := range kept {
		if got != (delta{}) {
			return breach("total", k.account+" on "+k.date, "debit %d, credit %d are kept; there are no entries", got.debit, got.credit)
		}
	}
	if err := v.trialBalance(ctx, tx); err != nil {
		return err
	}
	controls, err := v.ledger.ControlTotals(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range controls {
		if !c.Agrees() {
			return breach("control_total", c.Account, "entries make %d, balance rows %d", c.Entries.Minor(), c.Balances.Minor())
		}
	}
	v.tell("totals", int64(len(v.totals)))
	return nil
}

// trialBalance requires debits to equal credits in each currency and branch.
func (v *verification) trialBalance(ctx context.Context, tx *db.Tx) error {
	sums, err := listTotals(ctx, tx, clock.Date{})
	if err != nil {
		return err
	}
	net := make(map[string]int64)
	for _, s := range sums {
		o, ok := parseOwn(s.account)
		if !ok {
			return breach("total", s.account, "is no account of the general ledger")
		}
		net[o.currency.Code()+" in "+o.branch] += s.delta.debit - s.delta.credit
	}
	for book, sum := range net {
		if sum != 0 {
			return breach("trial_balance", book, "debits less credits are %d, not 0", sum)
		}
	}
	return nil
}
