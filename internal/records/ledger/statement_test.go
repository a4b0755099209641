package ledger_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func own(code ledger.Code) string { return ledger.Own(code, money.CNY, branch) }

// until ends days until a date is open.
func (b *bank) until(date string) {
	b.Helper()
	b.today = on(b, date)
	if err := b.days.Roll(b.Context(), b.today); err != nil {
		b.Fatal(err)
	}
	if err := b.end().Run(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// sheet reads the one balance sheet, which must balance.
func (b *bank) sheet(date clock.Date) (s ledger.BalanceSheet) {
	b.Helper()
	b.read(func(tx *db.Tx) error {
		all, err := b.books.BalanceSheets(b.Context(), tx, date, "")
		if err != nil || len(all) != 1 || !all[0].Balances() {
			b.Fatalf("balance sheets of %s: %+v, %v", date, all, err)
		}
		s = all[0]
		return nil
	})
	return s
}

func (b *bank) result(from, to string) int64 {
	b.Helper()
	var minor int64
	b.read(func(tx *db.Tx) error {
		all, err := b.books.ProfitAndLoss(b.Context(), tx, on(b, from), on(b, to), "")
		if len(all) == 1 {
			minor = all[0].Result.Minor()
		}
		return err
	})
	return minor
}

func TestYearIsClosedIntoRetainedEarnings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d) // on 22 November
		b.open(branch, "acct_a")
		b.fund(1000, "acct_a")
		b.mustPost(transfer("acct_a", own(ledger.FeeIncome), 70), transfer(own(ledger.InterestExpense), "acct_a", 20))
		b.until("2026-12-31")
		b.mustPost(transfer("acct_a", own(ledger.FeeIncome), 5))
		if s := b.sheet(on(t, "2026-12-31")); s.Profit != yuan(55) || s.Total != yuan(1000) || len(s.Equity) != 0 {
			t.Errorf("before the close %+v", s)
		}
		b.until("2027-01-02")
		s := b.sheet(on(t, "2026-12-31"))
		if s.Profit != yuan(0) || len(s.Equity) != 1 || s.Equity[0].Amount != yuan(55) || s.Equity[0].Heading.Code != ledger.RetainedEarnings {
			t.Errorf("after the close %+v", s)
		}
		b.mustPost(transfer("acct_a", own(ledger.FeeIncome), 3))
		for _, tc := range []struct {
			from, to string
			want     int64
		}{
			{"2026-01-01", "2026-12-31", 55}, {"2026-12-31", "2026-12-31", 5}, {"2026-11-22", "2026-11-22", 50}, {"2027-01-01", "2027-12-31", 3},
		} {
			if got := b.result(tc.from, tc.to); got != tc.want {
				t.Errorf("result from %s to %s is %d, want %d", tc.from, tc.to, got, tc.want)
			}
		}
		b.until("2028-01-01")
		if s := b.sheet(on(t, "2027-12-31")); s.Profit != yuan(0) || s.Equity[0].Amount != yuan(58) {
			t.Errorf("after the next close %+v", s)
		}
		b.verify()
	})
}

func TestSuspenseTellsHowLongItWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		waits := own(ledger.SuspenseLiability)
		b.mustPost(transfer(cash(), waits, 100))
		b.until("2026-11-25")
		b.mustPost(transfer(cash(), waits, 40), transfer(waits, "acct_a", 110)) // the oldest leaves first
		b.until("2026-11-30")
		b.read(func(tx *db.Tx) error {
			all, err := b.books.Suspended(t.Context(), tx, on(t, "2026-11-30"))
			if err != nil || len(all) != 1 || all[0].Balance != yuan(30) || len(all[0].Parts) != 1 || all[0].Age(on(t, "2026-11-30")) != 5 {
				t.Errorf("suspended %+v, %v", all, err)
			}
			all, err = b.books.Suspended(t.Context(), tx, on(t, "2026-11-23"))
			if err != nil || len(all) != 1 || all[0].Balance != yuan(100) || all[0].Age(on(t, "2026-11-23")) != 1 {
				t.Errorf("suspended on the 23rd %+v, %v", all, err)
			}
			return nil
		})
	})
}

// leave is for one change, as approval makes it.
type leave struct {
	kind   string
	change any
}

func (l leave) Covers(kind string, change any) bool {
	return kind == l.kind && reflect.DeepEqual(change, l.change)
}
func (leave) Request() string       { return "aprv_1" }
func (leave) Approvers() []id.Staff { return []id.Staff{"stff_checker"} }

func TestJournalByHandNeedsLeaveForExactlyItsLines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		wrong := b.mustPost(transfer(cash(), "acct_a", 100))[0].Journal // it was for acct_b
		b.until("2026-11-25")
		clerk := act.By{Kind: act.Staff, Actor: "stff_maker", Branch: branch, Channel: act.Console, Reason: "booked to the wrong account"}
		m := ledger.Manual{Reference: "paper 7", ValueDate: on(t, "2026-11-22"), Corrects: wrong, Lines: []ledger.ManualLine{
			{Account: "acct_a", Side: ledger.Debit, Minor: 100, Currency: "CNY"}, {Account: "acct_b", Side: ledger.Credit, Minor: 100, Currency: "CNY"},
		}}
		given := leave{ledger.ActManual, m}
		more := m
		more.Lines = append([]ledger.ManualLine(nil), m.Lines...)
		more.Lines[0].Minor, more.Lines[1].Minor = 101, 101
		other := m
		other.Corrects = "jrnl_none"
		for name, tc := range map[string]struct {
			by    act.By
			grant act.Grant
			m     ledger.Manual
			err   error
		}{
			"without leave":            {clerk, nil, m, act.ErrNotApproved},
			"with leave for less":      {clerk, given, more, act.ErrNotApproved},
			"without a reason":         {clerk.Because(""), given, m, ledger.ErrBadManual},
			"for an unknown journal":   {clerk, leave{ledger.ActManual, other}, other, ledger.ErrJournalNotFound},
			"by the one who agreed":    {act.By{Kind: act.Staff, Actor: "stff_checker", Reason: "mine"}, given, m, act.ErrNotApproved},
			"with leave for something": {clerk, leave{"something.else", m}, m, act.ErrNotApproved},
		} {
			if _, err := b.manual(tc.by, tc.grant, tc.m); !errors.Is(err, tc.err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		done, err := b.manual(clerk, given, m)
		if err != nil || done.BusinessDate != on(t, "2026-11-25") {
			t.Fatalf("%+v, %v", done, err)
		}
		if _, err := b.manual(clerk, given, m); !errors.Is(err, ledger.ErrApprovalUsed) && !errors.Is(err, ledger.ErrInsufficientFunds) {
			t.Errorf("booked twice under one leave: %v", err)
		}
		b.until("2026-11-26")
		b.steady("acct_b", "2026-11-21", "2026-11-25", "11-21 0/0", "11-22 0/100", "11-25 100/100")
		b.read(func(tx *db.Tx) error {
			all, err := b.books.Corrections(t.Context(), tx, wrong)
			if len(all) != 1 || all[0] != done.Journal {
				t.Errorf("corrections %v", all)
			}
			return err
		})
		b.verify()
	})
}

func (b *bank) manual(by act.By, grant act.Grant, m ledger.Manual) (out ledger.Outcome, err error) {
	err = b.db.Write(b.Context(), func(tx *db.Tx) (err error) {
		out, err = b.books.PostManual(b.Context(), tx, by, grant, m)
		return err
	})
	return out, err
}

// A verification finds what was changed behind the books' back.
func TestVerifyFindsClosingBalancesThatWereChanged(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"a day that is missing": `INSERT INTO ledger_closing (account_id, date, number, booked, debit, credit) VALUES ('acct_b', '2026-11-23', 2, 150, 0, 50)`,
		"a balance of nobody":   `INSERT INTO ledger_closing (account_id, date, number, booked, debit, credit) VALUES ('acct_nobody', '2026-11-23', 2, 150, 0, 50)`,
		"a shift that is none": `INSERT INTO ledger_shift (journal_id, line, account_id, business_date, from_date, until_date, amount)
		                         VALUES ('jrnl_none', 1, 'acct_a', '2026-11-22', '2026-11-20', '2026-11-22', 5)`,
		"a control that differs":         `UPDATE ledger_control SET debit = debit + 1`,
		"an approval without a journal":  `INSERT INTO ledger_manual (journal_id, approval, approvers) VALUES ('jrnl_none', 'appr_1', 'stff_1')`,
		"a close of a year that is none": `INSERT INTO ledger_period (date, account_id, journal_id, debit, credit) VALUES ('2026-12-31', 'x', 'jrnl_none', 1, 0)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, endTables(), func(t *testing.T, d *db.DB) {
				b := newBank(t, d)
				b.open(branch, "acct_a", "acct_b")
				b.fund(1000, "acct_a")
				b.closeDay()
				b.verify()
				b.write(func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), harm)
					return err
				})
				report, err := b.books.Verify(t.Context(), ledger.Options{})
				if err != nil || report.Breach == nil {
					t.Errorf("everything holds: %v", err)
				}
			})
		})
	}
}
