package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

func endTables() []db.Migrations { return append(tables(), job.Migrations()) }

type noAudit struct{}

func (noAudit) Append(context.Context, *db.Tx, []audit.Record) error { return nil }

// end is the end of day of a bank that has nothing but its books.
func (b *bank) end(more ...day.Check) *day.End {
	return day.NewEnd(day.EndNeeds{
		DB: b.db, Leases: job.NewLeases(b.db, "node"), Audit: noAudit{},
		Steps:  []day.Step{b.books.ExpireStep(), b.books.BalancesStep(), b.books.YearStep()},
		Checks: append(b.books.Checks(), more...),
	})
}

// closeDay rolls to the next day and ends the old one.
func (b *bank) closeDay() {
	b.Helper()
	b.roll()
	if err := b.end().Run(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func (b *bank) roll() {
	b.Helper()
	b.today = b.today.AddDays(1)
	if err := b.days.Roll(b.Context(), b.today); err != nil {
		b.Fatal(err)
	}
}

func on(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// valued is a transfer with a value date.
func valued(from, to string, minor int64, value clock.Date) ledger.Journal {
	j := transfer(from, to, minor)
	j.ValueDate = value
	return j
}

// steps writes closing balances as "date booked/valued".
func (b *bank) steps(account, from, to string) []string {
	b.Helper()
	var texts []string
	b.read(func(tx *db.Tx) error {
		all, err := b.books.Closings(b.Context(), tx, []string{account, "acct_unknown"}, on(b, from), on(b, to))
		if len(all) != 1 {
			b.Errorf("closings of %d accounts", len(all))
		}
		for _, c := range all[account] {
			texts = append(texts, fmt.Sprintf("%s %d/%d", c.Date.String()[5:], c.Booked.Minor(), c.Valued.Minor()))
		}
		return err
	})
	return texts
}

func (b *bank) steady(account, from, to string, want ...string) {
	b.Helper()
	if got := b.steps(account, from, to); !slices.Equal(got, want) {
		b.Errorf("%s from %s to %s: %q, want %q", account, from, to, got, want)
	}
}

func (b *bank) mustPost(journals ...ledger.Journal) []ledger.Outcome {
	b.Helper()
	out := b.post(journals...)
	for _, o := range out {
		if o.Err != nil {
			b.Fatal(o.Err)
		}
	}
	return out
}

func TestClosingBalancesAreThoseOfTheClosedDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d) // on 22 November
		b.open(branch, "acct_a", "acct_b", "acct_idle")
		b.fund(1000, "acct_a")
		b.mustPost(transfer("acct_a", "acct_b", 100), transfer("acct_a", "acct_b", 50))
		b.roll()
		b.mustPost(transfer("acct_a", "acct_b", 7)) // before the end of the day before has begun
		if err := b.end().Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.steady("acct_a", "2026-11-20", "2026-11-22", "11-20 0/0", "11-22 850/850")
		b.steady("acct_b", "2026-11-22", "2026-11-30", "11-22 150/150") // the 23rd is open
		b.closeDay()
		b.closeDay()
		b.steady("acct_b", "2026-11-22", "2026-11-30", "11-22 150/150", "11-23 157/157")
		b.steady("acct_b", "2026-11-24", "2026-11-24", "11-24 157/157")
		b.steady("acct_idle", "2026-11-22", "2026-11-24", "11-22 0/0")
		b.verify()
	})
}

func TestValueDatesChangeTheValuedBalanceOfDaysLongClosed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d) // on 22 November
		b.open(branch, "acct_a", "acct_b")
		b.fund(1000, "acct_a")
		b.closeDay()
		b.mustPost(transfer("acct_a", "acct_b", 100))
		b.closeDay()
		b.mustPost(valued("acct_a", "acct_b", 10, on(t, "2026-11-22"))) // booked on the 24th, and should have been two days before
		b.mustPost(valued("acct_a", "acct_b", 3, on(t, "2026-11-26")))  // counts from the day after tomorrow
		b.closeDay()
		b.closeDay()
		b.steady("acct_b", "2026-11-21", "2026-11-25", "11-21 0/0", "11-22 0/10", "11-23 100/110", "11-24 113/110")
		b.steady("acct_b", "2026-11-25", "2026-11-27", "11-25 113/110", "11-26 113/113")
		b.steady("acct_a", "2026-11-22", "2026-11-24", "11-22 1000/990", "11-23 900/890", "11-24 887/890")
		b.read(func(tx *db.Tx) error {
			shifts, err := b.books.BackValued(t.Context(), tx, []string{"acct_a", "acct_b"}, on(t, "2026-11-24"))
			if len(shifts["acct_b"]) != 1 || shifts["acct_b"][0].Amount != yuan(10) || shifts["acct_b"][0].From != on(t, "2026-11-22") ||
				shifts["acct_b"][0].Until != on(t, "2026-11-24") || shifts["acct_a"][0].Amount != yuan(-10) {
				t.Errorf("back-valued on the 24th: %+v", shifts)
			}
			none, err2 := b.books.BackValued(t.Context(), tx, []string{"acct_a", "acct_b"}, on(t, "2026-11-26"))
			if len(none) != 0 {
				t.Errorf("back-valued on the 26th: %+v", none)
			}
			return errors.Join(err, err2)
		})
		b.verify()
	})
}

func closedDay(date clock.Date, minor int64) ledger.Journal {
	j := transfer(ledger.Own(ledger.InterestExpense, money.CNY, branch), ledger.Own(ledger.InterestPayable, money.CNY, branch), minor)
	j.ClosedDay = date
	return j
}

func TestEndOfDayBooksIntoTheClosedDayUntilItIsTiedOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		closed := b.today
		if err := b.try(closedDay(closed, 5)); !errors.Is(err, day.ErrNotCutOff) {
			t.Errorf("booked for a day that is open: %v", err)
		}
		b.roll()
		if o := b.mustPost(closedDay(closed, 5))[0]; o.BusinessDate != closed {
			t.Errorf("booked into %s", o.BusinessDate)
		}
		if err := b.try(closedDay(closed, 5), transfer(cash(), "acct_a", 1)); !errors.Is(err, ledger.ErrMixedDays) {
			t.Errorf("booked for two days at once: %v", err)
		}
		onCustomer := transfer(cash(), "acct_a", 1)
		onCustomer.ClosedDay = closed
		byPerson := closedDay(closed, 1)
		byPerson.By = act.By{Kind: act.Staff, Actor: "stff_1"}
		for what, j := range map[string]ledger.Journal{"a customer's account": onCustomer, "a person": byPerson} {
			if o := b.post(j)[0]; !errors.Is(o.Err, ledger.ErrBadJournal) {
				t.Errorf("%s reached a closed day: %v", what, o.Err)
			}
		}
		if err := b.end().Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		late := b.mustPost(closedDay(closed, 2))[0] // what was set aside and is retried
		if late.BusinessDate != b.today {
			t.Errorf("booked into %s, which is locked", late.BusinessDate)
		}
		b.read(func(tx *db.Tx) error {
			p, err := b.books.Journal(t.Context(), tx, late.Journal)
			if p.ValueDate != closed {
				t.Errorf("valued on %s", p.ValueDate)
			}
			return err
		})
		b.verify()
	})
}

// try posts what fails as a whole.
func (b *bank) try(journals ...ledger.Journal) error {
	return b.db.Write(b.Context(), func(tx *db.Tx) error {
		_, err := b.books.Post(b.Context(), tx, journals)
		return err
	})
}

func TestDayIsNotTiedOutWhileBooksDiffer(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"a balance row that was changed":         `UPDATE ledger_balance SET booked = booked + 1 WHERE account_id = 'acct_a'`,
		"a general ledger that was changed":      `UPDATE ledger_delta SET debit = debit + 1 WHERE account_id = 'glac_100101_CNY_0001'`,
		"closing balances that were added twice": `INSERT INTO ledger_control (account_id, date, debit, credit) VALUES ('glac_201101_CNY_0001', '2026-11-21', 0, 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
				b := newBank(t, d)
				b.open(branch, "acct_a")
				b.fund(1000, "acct_a")
				b.write(func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), harm)
					return err
				})
				b.roll()
				if err := b.end().Run(t.Context()); !errors.Is(err, day.ErrNotTiedOut) {
					t.Errorf("tied out: %v", err)
				}
			})
		})
	}
}

func TestSubledgerMustExplainItsHeadings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		closed := b.today
		b.roll()
		b.mustPost(closedDay(closed, 5))
		payable := ledger.Own(ledger.InterestPayable, money.CNY, branch)
		for _, tc := range []struct {
			sums map[string]money.Amount
			ok   bool
		}{
			{map[string]money.Amount{payable: yuan(4)}, false},
			{map[string]money.Amount{}, false},
			{map[string]money.Amount{payable: yuan(5), ledger.Own(ledger.InterestPayable, money.CNY, "0002"): yuan(1)}, false},
			{map[string]money.Amount{payable: yuan(5), ledger.Own(ledger.InterestPayable, money.CNY, "0002"): yuan(0)}, true},
		} {
			check := b.books.Explained(ledger.Subledger{Name: "test.accrued", Codes: []ledger.Code{ledger.InterestPayable},
				Sums: func(context.Context, *db.Tx) (map[string]money.Amount, error) { return tc.sums, nil }})
			err := b.end(check).Run(t.Context())
			if (err == nil) != tc.ok {
				t.Errorf("with %v: %v", tc.sums, err)
			}
		}
	})
}

func TestHoldsThatAreOverExpireWithTheDay(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, db.Options{Clock: now}, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		b.fund(1000, "acct_a")
		b.write(func(tx *db.Tx) error {
			for _, hours := range []time.Duration{1, 100} {
				out, err := b.books.Hold(t.Context(), tx, []ledger.HoldRequest{{
					Account: "acct_a", Amount: yuan(int64(hours)), Act: "test.hold", By: teller, ExpiresAt: tx.Now().Add(hours * time.Hour),
				}})
				if err != nil || out[0].Err != nil {
					return errors.Join(err, out[0].Err)
				}
			}
			return nil
		})
		now.Advance(20 * time.Hour)
		b.closeDay()
		if got := b.balance("acct_a").Held; got != yuan(100) {
			t.Errorf("%s is still held", got)
		}
	})
}
