package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// journalRow is what Verify reads of a journal.
type journalRow struct {
	id       id.Journal
	date     clock.Date
	reverses id.Journal
	reversal id.Journal // what ledger_reversal says took the original back
}

// entryRow is what Verify reads of an entry.
type entryRow struct {
	journal  id.Journal
	line     int64
	account  string
	number   int64
	side     Side
	amount   int64
	after    int64
	date     clock.Date
	value    clock.Date
	kind     Kind // of its account, as everything that follows
	code     Code
	currency string
	branch   string
}

// control is the general ledger account that an entry counts to.
func (e *entryRow) control() (string, error) {
	if e.kind == Summed {
		return e.account, nil
	}
	currency, err := money.ParseCurrency(e.currency)
	if err != nil {
		return "", err
	}
	return Own(e.code, currency, e.branch), nil
}

// journalPage checks journals after one id and up to another, and says where it stopped and whether it is through.
func (v *verification) journalPage(ctx context.Context, tx *db.Tx, after, until string) (string, bool, error) {
	journals, err := verifyListJournals(ctx, tx, after, until, verifyJournals)
	if err != nil {
		return "", false, err
	}
	last, done := until, len(journals) < verifyJournals
	if !done {
		last = string(journals[len(journals)-1].id)
	}
	page := &journalCheck{v: v, journals: journals, sums: make(map[string]int64)}
	if err := verifyEachEntry(ctx, tx, after, last, page.entry); err != nil {
		return "", false, err
	}
	if err := page.finish(); err != nil {
		return "", false, err
	}
	v.report.Journals += int64(len(journals))
	return last, done, v.mirrors(ctx, tx, journals)
}

// journalCheck walks through journals and entries, both sorted by id.
type journalCheck struct {
	v        *verification
	journals []journalRow
	at       int              // the journal whose entries are being read
	line     int64            // its last line
	sums     map[string]int64 // its debits less credits, by currency and branch
}

// entry takes the next entry.
func (c *journalCheck) entry(e entryRow) error {
	for c.at < len(c.journals) && c.journals[c.at].id < e.journal {
		if err := c.close(); err != nil {
			return err
		}
	}
	if c.at == len(c.journals) || c.journals[c.at].id != e.journal {
		return breach("entry_journal", string(e.journal), "line %d has no journal", e.line)
	}
	switch {
	case e.line != c.line+1:
		return breach("journal_lines", string(e.journal), "line %d follows line %d", e.line, c.line)
	case e.date != c.journals[c.at].date:
		return breach("journal_date", string(e.journal), "line %d is booked on %s, the journal on %s", e.line, e.date, c.journals[c.at].date)
	case e.kind == "":
		return breach("entry_account", string(e.journal), "line %d is on %s, which does not exist", e.line, e.account)
	case e.kind == Control || (e.kind == Guarded) != (e.number > 0):
		return breach("entry_kind", string(e.journal), "line %d has number %d on the %s account %s", e.line, e.number, e.kind, e.account)
	}
	c.line = e.line
	c.v.report.Entries++
	return c.sum(&e)
}

// sum adds an entry to its journal and to the general ledger. Totals of days that are not looked at would be parts.
func (c *journalCheck) sum(e *entryRow) error {
	control, err := e.control()
	if err != nil {
		return breach("entry_account", string(e.journal), "line %d is in currency %q", e.line, e.currency)
	}
	added, signed := delta{debit: e.amount}, e.amount
	if e.side == Credit {
		added, signed = delta{credit: e.amount}, -e.amount
	}
	c.sums[e.currency+" in "+e.branch] += signed
	if e.date.After(c.v.options.Since.Day) {
		k := dayOf{control, e.date.String()}
		d := c.v.totals[k]
		c.v.totals[k] = delta{d.debit + added.debit, d.credit + added.credit}
	}
	return nil
}

// close ends the present journal and turns to the next.
func (c *journalCheck) close() error {
	j := string(c.journals[c.at].id)
	if c.line < 2 {
		return breach("journal_lines", j, "has %d lines", c.line)
	}
	for book, sum := range c.sums {
		if sum != 0 {
			return breach("journal_balance", j, "debits less credits of %s are %d, not 0", book, sum)
		}
	}
	clear(c.sums)
	c.at++
	c.line = 0
	return nil
}

func (c *journalCheck) finish() error {
	for c.at < len(c.journals) {
		if err := c.close(); err != nil {
			return err
		}
	}
	return nil
}

// mirrors checks the reversals among journals against their originals.
func (v *verification) mirrors(ctx context.Context, tx *db.Tx, journals []journalRow) error {
	originals := make(map[id.Journal]*was)
	both := db.NewRows(0)
	for _, j := range journals {
		if j.reverses == "" {
			continue
		}
		if j.reversal != j.id {
			return breach("reversal", string(j.id), "takes %s back, whose one reversal is %q", j.reverses, j.reversal)
		}
		for _, side := range []id.Journal{j.id, j.reverses} {
			originals[side] = &was{}
			both.Add(string(side))
		}
	}
	if err := readOriginals(ctx, tx, both, originals); err != nil {
		return err
	}
	for _, j := range journals {
		if j.reverses == "" {
			continue
		}
		was, is := originals[j.reverses], originals[j.id]
		if was.reversal || len(was.entries) == 0 || len(was.entries) != len(is.entries) {
			return breach("reversal", string(j.id), "cannot take %s back", j.reverses)
		}
		for i, e := range was.entries {
			n := is.entries[i]
			if e.account != n.account || e.amount != n.amount || e.side != n.side.Opposite() {
				return breach("reversal", string(j.id), "line %d does not mirror %s", i+1, j.reverses)
			}
		}
	}
	return nil
}

// reversals checks that every row of ledger_reversal stands for a journal that says the same.
func (v *verification) reversals(ctx context.Context) error {
	after := ""
	for {
		n := 0
		err := v.snapshot(ctx, func(tx *db.Tx) error {
			rows, err := verifyListReversals(ctx, tx, after, verifyJournals)
			for _, r := range rows {
				if r.reverses != r.original {
					return breach("reversal", string(r.original), "is said to be taken back by %s, which takes back %q", r.reversal, r.reverses)
				}
				after = string(r.original)
			}
			n = len(rows)
			return err
		})
		if err != nil {
			return err
		}
		v.report.Reversals += int64(n)
		v.tell("reversals", v.report.Reversals)
		if n < verifyJournals {
			return nil
		}
	}
}
