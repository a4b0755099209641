package ledger_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func TestJournalsOfOneBatchSeeThoseBefore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(100, "acct_a")
		out := b.post(
			transfer("acct_a", "acct_b", 60),
			transfer("acct_a", "acct_b", 60), // only 40 are left
			transfer("acct_b", "acct_a", 50), // spends what the first brought
			transfer("acct_a", "acct_b", 90), // and this what the third did
		)
		for i, want := range []error{nil, ledger.ErrInsufficientFunds, nil, nil} {
			if !errors.Is(out[i].Err, want) {
				t.Errorf("journal %d: %v, want %v", i, out[i].Err, want)
			}
		}
		b.want("acct_a", 0, 0, 0)
		b.want("acct_b", 100, 0, 0)
		last := out[3].Balances
		if len(last) != 2 || last[0].Account != "acct_a" || last[0].Booked != yuan(0) || last[1].Number != 3 {
			t.Errorf("balances after the last journal: %+v", last)
		}
		if out[0].BusinessDate != b.today || out[0].At.IsZero() || out[0].Journal == "" {
			t.Errorf("outcome %+v", out[0])
		}
		b.verify()
	})
}

func TestJournalsThatAreWrongAreRefusedAlone(t *testing.T) {
	t.Parallel()
	with := func(change func(*ledger.Journal)) ledger.Journal {
		j := transfer("acct_a", "acct_b", 10)
		change(&j)
		return j
	}
	cases := map[string]struct {
		journal ledger.Journal
		want    error
	}{
		"no act":              {with(func(j *ledger.Journal) { j.Act = "" }), ledger.ErrBadJournal},
		"one line":            {with(func(j *ledger.Journal) { j.Lines = j.Lines[:1] }), ledger.ErrBadJournal},
		"an unbalanced sum":   {with(func(j *ledger.Journal) { j.Lines[0].Amount = yuan(11) }), ledger.ErrUnbalanced},
		"two currencies":      {with(func(j *ledger.Journal) { j.Lines[0].Amount = money.New(10, money.USD) }), ledger.ErrUnbalanced},
		"an amount of zero":   {transfer("acct_a", "acct_b", 0), ledger.ErrBadJournal},
		"a negative amount":   {transfer("acct_a", "acct_b", -5), ledger.ErrBadJournal},
		"no side":             {with(func(j *ledger.Journal) { j.Lines[0].Side = "" }), ledger.ErrBadJournal},
		"far too much":        {transfer("acct_a", "acct_b", 1<<62), ledger.ErrOverflow},
		"an unknown account":  {transfer("acct_x", "acct_b", 10), ledger.ErrAccountNotFound},
		"an unknown heading":  {transfer("glac_999999_CNY_0001", "acct_b", 10), ledger.ErrAccountNotFound},
		"a control account":   {transfer(ledger.Own(ledger.DepositsI, money.CNY, branch), "acct_b", 10), ledger.ErrAccountNotFound},
		"another currency":    {transfer("acct_a", "acct_usd", 10), ledger.ErrCurrency},
		"a closed account":    {transfer(cash(), "acct_closed", 10), ledger.ErrAccountClosed},
		"more than there is":  {transfer("acct_a", "acct_b", 101), ledger.ErrInsufficientFunds},
		"an unknown hold":     {with(func(j *ledger.Journal) { j.Captures = []ledger.Capture{{Hold: "hold_x", Amount: yuan(1)}} }), ledger.ErrHoldNotFound},
		"an unknown original": {with(func(j *ledger.Journal) { j.Reverses = "jrnl_x" }), ledger.ErrJournalNotFound},
	}
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b", "acct_closed")
		b.fund(100, "acct_a")
		b.write(func(tx *db.Tx) error {
			usd := ledger.Account{ID: "acct_usd", Code: ledger.DepositsI, Currency: money.USD, Branch: branch}
			if err := b.books.Open(t.Context(), tx, []ledger.Account{usd}); err != nil {
				return err
			}
			return b.books.Close(t.Context(), tx, "acct_closed")
		})
		for name, tc := range cases {
			out := b.post(transfer(cash(), "acct_b", 1), tc.journal, transfer(cash(), "acct_b", 1))
			if !errors.Is(out[1].Err, tc.want) {
				t.Errorf("%s: %v, want %v", name, out[1].Err, tc.want)
			}
			if out[0].Err != nil || out[2].Err != nil {
				t.Errorf("%s took its neighbours along: %v, %v", name, out[0].Err, out[2].Err)
			}
		}
		b.want("acct_a", 100, 0, 0)
		b.verify()
	})
}

// A journal between branches leaves each branch's books balanced: the ledger adds what they owe each other.
func TestBranchesOweEachOtherWhatTheirCustomersPay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		b.open("0002", "acct_b")
		b.fund(100, "acct_a")
		out := b.post(transfer("acct_a", "acct_b", 30))
		if out[0].Err != nil {
			t.Fatal(out[0].Err)
		}
		b.read(func(tx *db.Tx) error {
			for account, want := range map[string]int64{
				ledger.Own(ledger.InterBranch, money.CNY, branch): -30,
				ledger.Own(ledger.InterBranch, money.CNY, "0002"): 30,
				ledger.Own(ledger.DepositsI, money.CNY, "0002"):   30,
				cash(): 100,
			} {
				total, err := b.books.TotalOf(t.Context(), tx, account)
				if err != nil || total.Balance() != yuan(want) {
					t.Errorf("%s has %s, %v; want %d", account, total.Balance(), err, want)
				}
			}
			posted, err := b.books.Journal(t.Context(), tx, out[0].Journal)
			if err != nil || len(posted.Entries) != 4 {
				t.Errorf("journal has entries %+v, %v", posted.Entries, err)
			}
			return err
		})
		if o := b.reverse(out[0].Journal); o.Err != nil {
			t.Errorf("reversal between branches: %v", o.Err)
		}
		b.want("acct_a", 100, 0, 0)
		b.verify()
	})
}

func TestJournalKeepsWhoActed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		j := transfer(cash(), "acct_a", 5)
		j.By = teller.Because("counter")
		j.By.OnBehalfOf, j.By.Device, j.By.Session, j.By.Trace, j.By.Address = "cust_1", "devc_1", "sess_1", "trace", "10.0.0.1"
		j.ValueDate = b.today.AddDays(-2)
		out := b.post(j)
		b.read(func(tx *db.Tx) error {
			got, err := b.books.Journal(t.Context(), tx, out[0].Journal)
			if err != nil {
				return err
			}
			want := j.By
			want.Address = "" // the audit record alone keeps it
			if got.By != want || got.ValueDate != j.ValueDate || got.BusinessDate != b.today || got.Reference != "ref" {
				t.Errorf("posted %+v", got)
			}
			if _, err := b.books.Journal(t.Context(), tx, "jrnl_none"); !errors.Is(err, ledger.ErrJournalNotFound) {
				t.Errorf("unknown journal: %v", err)
			}
			return nil
		})
	})
}

func TestReversalMirrorsItsOriginalOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(100, "acct_a")
		original := b.post(transfer("acct_a", "acct_b", 70))[0].Journal
		b.post(transfer("acct_b", cash(), 60))
		if o := b.reverse(original); !errors.Is(o.Err, ledger.ErrInsufficientFunds) {
			t.Fatalf("reversed what was spent: %v", o.Err)
		}
		b.fund(60, "acct_b")
		wrong := transfer("acct_b", "acct_a", 69) // does not mirror it
		wrong.Reverses = original
		right := transfer("acct_b", "acct_a", 70)
		right.Lines[0], right.Lines[1] = right.Lines[1], right.Lines[0]
		right.Reverses = original
		out := b.post(wrong, right, right) // the refused ones leave no claim behind
		if !errors.Is(out[0].Err, ledger.ErrNotReversible) || out[1].Err != nil || !errors.Is(out[2].Err, ledger.ErrAlreadyReversed) {
			t.Fatalf("reversals: %v, %v, %v", out[0].Err, out[1].Err, out[2].Err)
		}
		if o := b.reverse(original); !errors.Is(o.Err, ledger.ErrAlreadyReversed) {
			t.Errorf("reversed twice: %v", o.Err)
		}
		if o := b.reverse(out[1].Journal); !errors.Is(o.Err, ledger.ErrNotReversible) {
			t.Errorf("reversed a reversal: %v", o.Err)
		}
		b.want("acct_a", 100, 0, 0)
		b.read(func(tx *db.Tx) error {
			p, err := b.books.Journal(t.Context(), tx, original)
			if err != nil || p.ReversedBy != out[1].Journal {
				t.Errorf("reversed by %q, %v", p.ReversedBy, err)
			}
			return nil
		})
		b.verify()
	})
}

func TestBooksRefuseToBeChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		b.fund(100, "acct_a")
		hold := b.place("acct_a", 10, b.never())
		j := transfer("acct_a", cash(), 10)
		j.Captures = []ledger.Capture{{Hold: hold.Hold, Amount: yuan(10)}}
		if o := b.post(j); o[0].Err != nil {
			t.Fatal(o[0].Err)
		}
		for _, q := range []string{
			`UPDATE ledger_entry SET amount = 1`, `DELETE FROM ledger_entry`,
			`UPDATE ledger_journal SET act = 'x'`, `DELETE FROM ledger_journal`,
			`UPDATE ledger_account SET owner = 'x'`, `DELETE FROM ledger_account`,
			`UPDATE ledger_capture SET amount = 1`, `DELETE FROM ledger_capture`,
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), q)
				return err
			})
			if !db.IsAppendOnly(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
		b.verify()
	})
}

func TestAccountsOpenOnceAndCloseAtZero(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		b.fund(5, "acct_a")
		open := func(a ledger.Account) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return b.books.Open(t.Context(), tx, []ledger.Account{a}) })
		}
		closing := func(account string) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return b.books.Close(t.Context(), tx, account) })
		}
		good := ledger.Account{ID: "acct_a", Code: ledger.DepositsI, Currency: money.CNY, Branch: branch}
		if err := open(good); !errors.Is(err, ledger.ErrAccountExists) {
			t.Errorf("opened twice: %v", err)
		}
		for name, change := range map[string]func(*ledger.Account){
			"no id":                 func(a *ledger.Account) { a.ID = "" },
			"a name of the bank's":  func(a *ledger.Account) { a.ID = cash() },
			"a heading of the bank": func(a *ledger.Account) { a.Code = ledger.Cash },
			"no currency":           func(a *ledger.Account) { a.Currency = 0 },
			"a strange branch":      func(a *ledger.Account) { a.Branch = "00_1" },
		} {
			a := good
			a.ID = "acct_new"
			change(&a)
			if err := open(a); !errors.Is(err, ledger.ErrBadAccount) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := closing("acct_a"); !errors.Is(err, ledger.ErrNotZero) {
			t.Errorf("closed with money in it: %v", err)
		}
		if o := b.post(transfer("acct_a", cash(), 5)); o[0].Err != nil {
			t.Fatal(o[0].Err)
		}
		f := b.freeze("acct_a", ledger.EntryOnly, 0)
		if err := closing("acct_a"); !errors.Is(err, ledger.ErrNotZero) {
			t.Errorf("closed under a restraint: %v", err)
		}
		if err := b.thaw(f.Restraint); err != nil {
			t.Fatal(err)
		}
		for _, want := range []error{nil, ledger.ErrAccountClosed} {
			if err := closing("acct_a"); !errors.Is(err, want) {
				t.Errorf("close: %v, want %v", err, want)
			}
		}
		if err := closing("acct_x"); !errors.Is(err, ledger.ErrAccountNotFound) {
			t.Errorf("closed what does not exist: %v", err)
		}
		if !b.balance("acct_a").Closed {
			t.Error("the balance does not say that it is closed")
		}
		b.verify()
	})
}

func TestHistoryIsCutByDateAndPagedByNumber(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		first := b.today
		for day := range 10 { // three entries on each of ten days, every other day
			for range 3 {
				b.fund(1, "acct_a")
			}
			if err := b.days.Roll(t.Context(), first.AddDays(2*(day+1))); err != nil {
				t.Fatal(err)
			}
		}
		b.read(func(tx *db.Tx) error {
			page := func(q ledger.HistoryQuery) []int64 {
				t.Helper()
				q.Account = "acct_a"
				entries, err := b.books.History(t.Context(), tx, q)
				if err != nil {
					t.Fatal(err)
				}
				var numbers []int64
				for _, e := range entries {
					numbers = append(numbers, e.Number)
					if e.After != yuan(e.Number) || e.Amount != yuan(1) || e.Side != ledger.Credit || e.Act != "test.transfer" {
						t.Errorf("entry %+v", e)
					}
				}
				return numbers
			}
			for name, tc := range map[string]struct {
				query       ledger.HistoryQuery
				first, last int64
			}{
				"the newest":                  {ledger.HistoryQuery{Limit: 4}, 30, 27},
				"the next page":               {ledger.HistoryQuery{Limit: 4, Before: 27}, 26, 23},
				"all":                         {ledger.HistoryQuery{}, 30, 1},
				"one day":                     {ledger.HistoryQuery{From: first.AddDays(4), To: first.AddDays(4)}, 9, 7},
				"days without entries around": {ledger.HistoryQuery{From: first.AddDays(3), To: first.AddDays(7)}, 12, 7},
				"from a day":                  {ledger.HistoryQuery{From: first.AddDays(18)}, 30, 28},
				"up to a day":                 {ledger.HistoryQuery{To: first.AddDays(1)}, 3, 1},
				"a period and a cursor":       {ledger.HistoryQuery{To: first.AddDays(5), Before: 5, Limit: 2}, 4, 3},
			} {
				got := page(tc.query)
				if len(got) == 0 || got[0] != tc.first || got[len(got)-1] != tc.last || int64(len(got)) != tc.first-tc.last+1 {
					t.Errorf("%s: %v, want %d to %d", name, got, tc.first, tc.last)
				}
			}
			if got := page(ledger.HistoryQuery{From: first.AddDays(100)}); len(got) != 0 {
				t.Errorf("the future has %v", got)
			}
			for days, want := range map[int]int64{-1: 0, 0: 3, 1: 3, 2: 6, 18: 30, 100: 30} {
				got, err := b.books.BalanceAt(t.Context(), tx, "acct_a", first.AddDays(days))
				if err != nil || got != yuan(want) {
					t.Errorf("balance after %d days: %s, %v; want %d", days, got, err, want)
				}
			}
			if _, err := b.books.BalanceAt(t.Context(), tx, "acct_x", first); !errors.Is(err, ledger.ErrAccountNotFound) {
				t.Errorf("balance of nobody: %v", err)
			}
			return nil
		})
		b.verify()
	})
}

func TestOwnHistoryIsPagedByJournalAndLine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		for i := range int64(4) { // each journal has two lines on the fee account
			j := transfer(cash(), fees(), 10+i)
			j.Lines = append(j.Lines, ledger.Line{Account: cash(), Side: ledger.Debit, Amount: yuan(100 + i)},
				ledger.Line{Account: fees(), Side: ledger.Credit, Amount: yuan(100 + i)})
			if o := b.post(j); o[0].Err != nil {
				t.Fatal(o[0].Err)
			}
		}
		b.read(func(tx *db.Tx) error {
			q := ledger.OwnQuery{Account: fees(), Limit: 3}
			var got []int64
			for {
				page, err := b.books.OwnHistory(t.Context(), tx, q)
				if err != nil {
					return err
				}
				for _, e := range page {
					got = append(got, e.Amount.Minor())
					q.Before, q.Line = e.Journal, e.Line
				}
				if len(page) < q.Limit {
					break
				}
			}
			if want := []int64{103, 13, 102, 12, 101, 11, 100, 10}; !slices.Equal(got, want) {
				t.Errorf("entries of %v, want %v", got, want)
			}
			return nil
		})
	})
}

func TestTotalsAreTheSameBeforeAndAfterTheFold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a", "acct_b")
		b.fund(100, "acct_a")
		j := transfer("acct_a", "acct_b", 30)
		j.Lines[0].Amount = yuan(33)
		j.Lines = append(j.Lines, ledger.Line{Account: fees(), Side: ledger.Credit, Amount: yuan(3)})
		if o := b.post(j); o[0].Err != nil {
			t.Fatal(o[0].Err)
		}
		if err := b.days.Roll(t.Context(), b.today.AddDays(1)); err != nil {
			t.Fatal(err)
		}
		b.fund(7, "acct_b")
		check := func(when string) {
			b.read(func(tx *db.Tx) error {
				for on, want := range map[clock.Date][3]int64{{}: {107, 104, 3}, b.today: {100, 97, 3}} {
					totals, err := b.books.TrialBalance(t.Context(), tx, on)
					if err != nil || len(totals) != 3 {
						t.Fatalf("%s: totals %+v, %v", when, totals, err)
					}
					for i, w := range want {
						if totals[i].Balance() != yuan(w) {
							t.Errorf("%s: %s has %s, want %d", when, totals[i].Account, totals[i].Balance(), w)
						}
					}
				}
				controls, err := b.books.ControlTotals(t.Context(), tx)
				if err != nil || len(controls) != 1 || !controls[0].Agrees() || controls[0].Balances != yuan(104) {
					t.Errorf("%s: controls %+v, %v", when, controls, err)
				}
				return nil
			})
		}
		check("before")
		b.verify()
		if n, err := b.books.Fold(t.Context()); err != nil || n != 6 {
			t.Errorf("folded %d, %v", n, err)
		}
		if n, err := b.books.Fold(t.Context()); err != nil || n != 0 {
			t.Errorf("folded %d again, %v", n, err)
		}
		check("after")
		b.verify()
	})
}

// An own account that was opened in a transaction that failed is opened by the next one.
func TestOwnAccountsAreOpenedByTheFirstCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.open(branch, "acct_a")
		failed := errors.New("failed")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := b.books.Post(t.Context(), tx, []ledger.Journal{transfer(cash(), "acct_a", 1)}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		b.read(func(tx *db.Tx) error {
			if _, err := b.books.Account(t.Context(), tx, cash()); !errors.Is(err, ledger.ErrAccountNotFound) {
				t.Errorf("cash account: %v", err)
			}
			return nil
		})
		b.fund(1, "acct_a")
		b.fund(1, "acct_a")
		b.read(func(tx *db.Tx) error {
			a, err := b.books.Account(t.Context(), tx, cash())
			if err != nil || a.Kind != ledger.Summed || a.Code != ledger.Cash || a.Currency != money.CNY || a.Branch != branch {
				t.Errorf("cash account %+v, %v", a, err)
			}
			return nil
		})
		b.verify()
	})
}

func TestIDsAreThoseOfTheCaller(t *testing.T) {
	t.Parallel()
	b := newBank(t, dbtest.SQLite(t, tables()...))
	b.open(branch, "acct_a")
	j := transfer(cash(), "acct_a", 1)
	b.write(func(tx *db.Tx) error {
		j.ID = id.New[id.Journal](tx.Now())
		out, err := b.books.Post(t.Context(), tx, []ledger.Journal{j})
		if err == nil && out[0].Journal != j.ID {
			t.Errorf("journal %s became %s", j.ID, out[0].Journal)
		}
		return err
	})
}
