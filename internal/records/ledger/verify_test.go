package ledger_test

import (
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

// growing lists the tables that refuse to be changed.
func growing() []string {
	return []string{"ledger_account", "ledger_journal", "ledger_entry", "ledger_capture"}
}

// disarm takes the refusals away, as one who owns the database could.
func (b *bank) disarm() {
	b.Helper()
	b.write(func(tx *db.Tx) error {
		for _, table := range growing() {
			drops := []string{"DROP TRIGGER " + table + "_no_update", "DROP TRIGGER " + table + "_no_delete"}
			if b.db.Kind() == "postgres" {
				drops = []string{"DROP TRIGGER " + table + "_append_only ON " + table}
			}
			for _, q := range drops {
				if _, err := tx.Exec(b.Context(), q); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// settled is a bank with some of everything.
func settled(t *testing.T, d *db.DB) *bank {
	b := newBank(t, d)
	b.open(branch, "acct_a", "acct_b")
	b.open("0002", "acct_c")
	b.fund(1_000, "acct_a", "acct_b", "acct_c")
	hold := b.place("acct_a", 50, b.never())
	b.place("acct_b", 20, b.never())
	b.freeze("acct_b", ledger.FrozenAmount, 30)
	b.freeze("acct_c", ledger.EntryOnly, 0)
	out := b.post(
		capturing("acct_a", "acct_b", 30, take(hold.Hold, 30, false)),
		transfer("acct_a", "acct_c", 10),
		transfer("acct_a", fees(), 2),
	)
	for _, o := range out {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	if o := b.reverse(out[2].Journal); o.Err != nil {
		t.Fatal(o.Err)
	}
	if _, err := b.books.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.fund(5, "acct_a")
	return b
}

// Each way of tampering with the books is found, and named.
func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	const ofA = ` WHERE account_id = 'acct_a'`
	for name, tc := range map[string]struct{ tamper, rule, subject string }{
		"an amount":                     {`UPDATE ledger_entry SET amount = amount + 1` + ofA + ` AND number = 2`, "journal_balance", "jrnl_"},
		"a side":                        {`UPDATE ledger_entry SET side = 'credit'` + ofA + ` AND number = 2`, "journal_balance", "jrnl_"},
		"both amounts of a journal":     {`UPDATE ledger_entry SET amount = amount + 1 WHERE journal_id = (SELECT journal_id FROM ledger_entry` + ofA + ` AND number = 2)`, "total", "glac_"},
		"another account's entry":       {`UPDATE ledger_entry SET account_id = 'acct_b', number = 99` + ofA + ` AND number = 1`, "entry_number", "acct_a"},
		"an account of another branch":  {`UPDATE ledger_entry SET account_id = 'acct_c', number = 99` + ofA + ` AND number = 1`, "journal_balance", "jrnl_"},
		"a removed line":                {`DELETE FROM ledger_entry` + ofA + ` AND number = 2`, "journal_lines", "jrnl_"},
		"a removed journal":             {`DELETE FROM ledger_journal WHERE act = 'test.reverse'`, "entry_journal", "jrnl_"},
		"a journal without lines":       {`INSERT INTO ledger_journal SELECT 'jrnl_x', act, reference, business_date, value_date, booked_at, branch, actor_kind, actor, on_behalf_of, channel, device, session, trace, reason, NULL FROM ledger_journal WHERE act = 'test.reverse'`, "journal_lines", "jrnl_x"},
		"an invented line":              {`INSERT INTO ledger_entry SELECT journal_id, 9, account_id, 99, side, amount, balance_after, business_date, value_date FROM ledger_entry` + ofA + ` AND number = 1`, "journal_lines", "jrnl_"},
		"a number":                      {`UPDATE ledger_entry SET number = 77` + ofA + ` AND number = 2`, "entry_number", "acct_a"},
		"a balance after":               {`UPDATE ledger_entry SET balance_after = balance_after + 1` + ofA + ` AND number = 2`, "entry_chain", "acct_a"},
		"a date of an entry":            {`UPDATE ledger_entry SET business_date = '2026-11-21'` + ofA + ` AND number = 2`, "journal_date", "jrnl_"},
		"a date of a journal":           {`UPDATE ledger_journal SET business_date = '2026-11-21' WHERE act = 'test.reverse'`, "journal_date", "jrnl_"},
		"a balance":                     {`UPDATE ledger_balance SET booked = booked + 1` + ofA, "control_total", "glac_201101_CNY_0001"},
		"two balances":                  {`UPDATE ledger_balance SET booked = booked + CASE account_id WHEN 'acct_a' THEN 1 ELSE -1 END WHERE account_id IN ('acct_a', 'acct_b')`, "balance_row", "acct_a"},
		"a count of entries":            {`UPDATE ledger_balance SET number = number + 1` + ofA, "balance_row", "acct_a"},
		"a held sum":                    {`UPDATE ledger_balance SET held = 0` + ofA, "held", "acct_a"},
		"a frozen sum":                  {`UPDATE ledger_balance SET frozen = 0 WHERE account_id = 'acct_b'`, "frozen", "acct_b"},
		"a restraint":                   {`UPDATE ledger_balance SET restraint = '' WHERE account_id = 'acct_c'`, "restraint", "acct_c"},
		"a removed balance row":         {`DELETE FROM ledger_balance` + ofA, "control_total", "glac_201101_CNY_0001"},
		"an account's branch":           {`UPDATE ledger_account SET branch = '0009' WHERE id = 'acct_a'`, "journal_balance", "jrnl_"},
		"an account's code":             {`UPDATE ledger_account SET code = '201102' WHERE id = 'acct_a'`, "total", "glac_2011"},
		"a removed account":             {`DELETE FROM ledger_account WHERE id = 'acct_a'`, "entry_account", "jrnl_"},
		"a balance row's branch":        {`UPDATE ledger_balance SET branch = '0009'` + ofA, "control_total", "glac_201101_CNY_000"},
		"a hold":                        {`UPDATE ledger_hold SET remaining = remaining + 1` + ofA, "held", "acct_a"},
		"a hold and its sum":            {`UPDATE ledger_hold SET remaining = remaining + 1` + ofA + `; UPDATE ledger_balance SET held = held + 1` + ofA, "hold", "hold_"},
		"a capture":                     {`UPDATE ledger_capture SET amount = amount + 100`, "hold", "hold_"},
		"a lifted restraint":            {`UPDATE ledger_restraint SET lifted_at = 1 WHERE account_id = 'acct_b'`, "frozen", "acct_b"},
		"a removed reversal":            {`DELETE FROM ledger_reversal`, "reversal", "jrnl_"},
		"a reversal of another journal": {`INSERT INTO ledger_reversal SELECT MIN(id), MAX(id) FROM ledger_journal`, "reversal", "jrnl_"},
		"a journal called a reversal":   {`UPDATE ledger_journal SET reverses = (SELECT original FROM ledger_reversal) WHERE act = 'test.transfer' AND id = (SELECT MAX(id) FROM ledger_journal)`, "reversal", "jrnl_"},
		"a total":                       {`UPDATE ledger_total SET debit = debit + 1 WHERE account_id = 'glac_100101_CNY_0001'`, "total", "glac_100101_CNY_0001"},
		"a removed total":               {`DELETE FROM ledger_total WHERE account_id = 'glac_602101_CNY_0001'`, "total", "glac_602101_CNY_0001"},
		"an invented total":             {`INSERT INTO ledger_total (account_id, business_date, debit, credit) VALUES ('glac_602101_CNY_0003', '2026-11-22', 1, 1)`, "total", "glac_602101_CNY_0003"},
		"a removed delta":               {`DELETE FROM ledger_delta`, "total", "glac_"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
				b := settled(t, d)
				b.verify()
				b.disarm()
				b.write(func(tx *db.Tx) error {
					for q := range strings.SplitSeq(tc.tamper, ";") {
						n, err := tx.Exec(t.Context(), q)
						if err != nil {
							return err
						}
						if n == 0 {
							t.Errorf("tampered with nothing: %s", q)
						}
					}
					return nil
				})
				report, err := b.books.Verify(t.Context(), ledger.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if report.Breach == nil {
					t.Fatal("not found")
				}
				if report.Breach.Rule != tc.rule || !strings.HasPrefix(report.Breach.Subject, tc.subject) {
					t.Errorf("found %s", report.Breach)
				}
			})
		})
	}
}

// A range of accounts finds what is wrong within it and nothing beside.
func TestVerifyLooksAtARange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := settled(t, d)
		var told []ledger.Progress
		look := func(from, to string) ledger.Report {
			t.Helper()
			report, err := b.books.Verify(t.Context(), ledger.Options{From: from, To: to, Progress: func(p ledger.Progress) { told = append(told, p) }})
			if err != nil {
				t.Fatal(err)
			}
			return report
		}
		whole := look("", "")
		if whole.Breach != nil || whole.Accounts != 3 || whole.Journals != 8 || whole.Entries != 20 || whole.Holds != 2 || whole.Reversals != 1 {
			t.Errorf("whole: %+v", whole)
		}
		if len(told) < 5 {
			t.Errorf("told %+v", told)
		}
		b.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE ledger_balance SET held = held + 1 WHERE account_id = 'acct_b'`)
			return err
		})
		for _, tc := range []struct {
			from, to string
			accounts int64
			broken   bool
		}{{"acct_a", "acct_a", 1, false}, {"acct_b", "acct_b", 0, true}, {"acct_c", "", 1, false}, {"acct_b", "acct_c", 0, true}, {"", "acct_a", 1, false}} {
			got := look(tc.from, tc.to)
			if (got.Breach != nil) != tc.broken || got.Accounts != tc.accounts {
				t.Errorf("from %q to %q: %+v", tc.from, tc.to, got)
			}
		}
	})
}

// After a locked day a run may look at what came later alone. It finds what is wrong there; what was tampered with before is
// found by a run of everything.
func TestVerifyGoesOnFromALockedDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := settled(t, d)
		b.closeDay()
		since := b.lockedDay()
		b.mustPost(transfer("acct_a", "acct_b", 7), transfer("acct_b", "acct_a", 3))
		b.open(branch, "acct_new")
		b.fund(11, "acct_new")
		look := func(o ledger.Options) ledger.Report {
			t.Helper()
			report, err := b.books.Verify(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			return report
		}
		if later := look(ledger.Options{Since: since}); later.Breach != nil || later.Accounts != 4 {
			t.Fatalf("after the locked day: %+v", later)
		}
		b.disarm()
		for _, tc := range []struct {
			tamper, rule string
			before       bool
		}{
			{`UPDATE ledger_entry SET balance_after = balance_after + 1 WHERE account_id = 'acct_b' AND number = (SELECT MAX(number) FROM ledger_entry WHERE account_id = 'acct_b')`, "entry_chain", false},
			{`UPDATE ledger_entry SET balance_after = balance_after - 1 WHERE account_id = 'acct_b' AND number = (SELECT MAX(number) FROM ledger_entry WHERE account_id = 'acct_b')`, "", false},
			{`UPDATE ledger_balance SET booked = booked + 1 WHERE account_id = 'acct_new'`, "control_total", false},
			{`UPDATE ledger_balance SET booked = booked - 1 WHERE account_id = 'acct_new'`, "", false},
			{`UPDATE ledger_entry SET balance_after = balance_after + 1 WHERE account_id = 'acct_a' AND number = 1`, "entry_chain", true},
		} {
			b.write(func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), tc.tamper)
				return err
			})
			later, whole := look(ledger.Options{Since: since}), look(ledger.Options{})
			wantLater := tc.rule
			if tc.before {
				wantLater = ""
			}
			if ruleOf(later) != wantLater || ruleOf(whole) != tc.rule {
				t.Errorf("%s: later %v, whole %v", tc.tamper, later.Breach, whole.Breach)
			}
		}
	})
}

// lockedDay is the newest day that is locked.
func (b *bank) lockedDay() (since ledger.Since) {
	b.Helper()
	b.read(func(tx *db.Tx) error {
		days, err := b.days.List(b.Context(), tx, clock.Date{}, 10)
		for _, d := range days {
			if since.Day.IsZero() && d.State == day.Locked {
				since = ledger.Since{Day: d.Date, CutOffAt: d.CutOffAt}
			}
		}
		return err
	})
	if since.Day.IsZero() {
		b.Fatal("no day is locked")
	}
	return since
}

func ruleOf(r ledger.Report) string {
	if r.Breach == nil {
		return ""
	}
	return r.Breach.Rule
}

// Verify reads in pages: a bank with more accounts and journals than fit one is read whole.
func TestVerifyReadsPages(t *testing.T) {
	t.Parallel()
	b := newBank(t, dbtest.SQLite(t, tables()...))
	accounts := names(450)
	b.open(branch, accounts...)
	for range 10 {
		var journals []ledger.Journal
		for _, a := range accounts {
			journals = append(journals, transfer(cash(), a, 1))
		}
		b.post(journals...)
	}
	report, err := b.books.Verify(t.Context(), ledger.Options{})
	if err != nil || report.Breach != nil || report.Accounts != 450 || report.Journals != 4500 || report.Entries != 9000 {
		t.Errorf("%+v, %v", report, err)
	}
}
