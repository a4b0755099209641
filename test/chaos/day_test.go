//go:build unix

package chaos_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// A bank that stood still since the eve of a settlement makes up its days, while the process that does it is killed: each
// account must have earned for each day once, and been paid once.
const (
	endAccounts  = 5000            // three slices of a step
	endDays      = 3               // that are looked at: the eve, the settlement, and the day after
	endWork      = 5 * endAccounts // items of those days
	settleDay    = 20              // of a quarter's last month, by the seeded terms
	endPatience  = 3 * time.Minute
	lookInterval = 2 * time.Millisecond
	againAfter   = 200 * time.Millisecond // while the lease of a killed process lapses
)

func TestEndOfDayOnSQLiteIsKilled(t *testing.T) {
	t.Parallel()
	killEnd(t, sqlite(t))
}

func TestEndOfDayOnPostgreSQLIsKilled(t *testing.T) {
	t.Parallel()
	killEnd(t, postgres(t).create(t, "bank"))
}

func killEnd(t *testing.T, database string) {
	t.Helper()
	e := foundEnd(t, seedOf(t), database)
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for range roundsOr(t, 1) {
		e.kill(t, d)
	}
	e.finish(t, d)
	e.count(t, d)
	(&node{bank: e.bank, database: database, data: e.data}).verify(t)
}

// endBank is a bank with accounts and days to end.
type endBank struct {
	*bank
	database string
	eve      clock.Date
}

// foundEnd makes the bank, on the eve of the last settlement that is over, through its own services.
func foundEnd(t *testing.T, seed uint64, database string) *endBank {
	t.Helper()
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	eve := interest.LastSettlement(clock.DateOf(watch(), zone).AddDays(-endDays), settleDay).AddDays(-1)
	folder := t.TempDir()
	e := &endBank{database: database, eve: eve, bank: &bank{
		data: filepath.Join(folder, "data"), keys: filepath.Join(folder, "keys"), chance: newChance(seed),
	}}
	open := apptest.Start(t, apptest.Options{Now: eve.Midnight(zone).Add(10 * time.Hour), Settings: func(c *app.Config) {
		c.Data, c.Keys, c.Database = e.data, e.keys, database
	}})
	defer open.Close()
	e.fill(t, open)
	return e
}

// fill opens accounts and puts money on them.
func (e *endBank) fill(t *testing.T, open *apptest.Bank) {
	t.Helper()
	ctx := t.Context()
	many := rule.Row{
		Key: "deposit.class_2.accounts_count", Value: "1000000", Unit: "count", From: e.eve, Source: "test/chaos", Grade: "U", Note: "Few people, many accounts.",
	}
	if err := open.DB.Write(ctx, func(tx *db.Tx) error { return open.Rules.Add(ctx, tx, []rule.Row{many}) }); err != nil {
		t.Fatal(err)
	}
	holder := open.NewPerson(apptest.NoAccount())
	for left := endAccounts; left > 0; left -= deposit.OpeningsMax {
		list := make([]deposit.Opening, min(left, deposit.OpeningsMax))
		for i := range list {
			list[i] = deposit.Opening{Customer: holder.Customer, Product: "current_2"}
		}
		opened, err := open.Deposits.OpenMany(ctx, act.Job("test/chaos"), list)
		if err != nil {
			t.Fatal(err)
		}
		e.endow(t, open, opened)
	}
}

func (e *endBank) endow(t *testing.T, open *apptest.Bank, opened []deposit.Opened) {
	t.Helper()
	journals := make([]ledger.Journal, len(opened))
	for i, o := range opened {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		amount := money.New(1+e.chance.Int64N(100_000_000), money.CNY)
		journals[i] = ledger.Journal{Act: "chaos.endow", By: act.Job("test/chaos"), Lines: []ledger.Line{
			{Account: ledger.Own(ledger.CentralBank, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: amount},
			{Account: string(o.Account.ID), Side: ledger.Credit, Amount: amount},
		}}
	}
	err := open.DB.Write(t.Context(), func(tx *db.Tx) error {
		outcomes, err := open.Ledger.Post(t.Context(), tx, journals)
		for _, o := range outcomes {
			if err == nil {
				err = o.Err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// close starts `tongbao day close`.
func (e *endBank) close(t *testing.T) *process {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return launch(t, exec.Command(name, "day", "close", "--demo", "--log-level", "warn", "--data", e.data, "--keys", e.keys, "--database", e.database))
}

// kill lets end of day do some of its work, and kills it in the middle of that.
func (e *endBank) kill(t *testing.T, d *db.DB) {
	t.Helper()
	done := e.done(t, d)
	if done >= endWork {
		t.Log("the days that are looked at are ended: killed in a later one")
	}
	until := done + 1 + e.chance.Int64N(max(endWork-done, 1))
	deadline := watch().Add(endPatience)
	p := e.close(t)
	for e.done(t, d) < until {
		select {
		case <-p.ended: // another's lease has not lapsed yet
			time.Sleep(againAfter)
			p = e.close(t)
		case <-time.After(lookInterval):
		}
		if watch().After(deadline) {
			t.Fatalf("end of day does not go on\n%s", p.errors)
		}
	}
	e.wait(time.Millisecond, 120*time.Millisecond)
	p.kill()
	t.Logf("killed when %d items were done", e.done(t, d))
}

// finish ends the days that are looked at; the long form all of them.
func (e *endBank) finish(t *testing.T, d *db.DB) {
	t.Helper()
	last := e.eve.AddDays(endDays - 1).String()
	left := `SELECT CAST(count(*) AS BIGINT) FROM day_business WHERE state <> 'LOCKED' AND date <= '` + last + `'`
	if long() {
		left = `SELECT CAST(count(*) AS BIGINT) FROM day_business WHERE state NOT IN ('LOCKED', 'OPEN')`
	}
	deadline := watch().Add(endPatience)
	p := e.close(t)
	for value(t, d, left) > 0 {
		select {
		case <-p.ended:
			time.Sleep(againAfter)
			p = e.close(t)
		case <-time.After(10 * lookInterval):
		}
		if watch().After(deadline) {
			t.Fatalf("%d days are not locked\n%s", value(t, d, left), p.errors)
		}
	}
	p.kill() // in the middle of some later day
}

// done is how many items of all steps are done.
func (e *endBank) done(t *testing.T, d *db.DB) int64 {
	t.Helper()
	return value(t, d, `SELECT CAST(COALESCE(sum(done), 0) AS BIGINT) FROM day_step`)
}

// count compares what was earned and paid with what the balances of the days say.
func (e *endBank) count(t *testing.T, d *db.DB) {
	t.Helper()
	settled := e.eve.AddDays(1)
	for what, c := range map[string]struct {
		query string
		want  int64
	}{
		"accounts accrued on the day of settlement": {`SELECT done FROM day_step WHERE name = 'deposit.accrue' AND date = '` + settled.String() + `'`, endAccounts},
		"accounts settled":                          {`SELECT done FROM day_step WHERE name = 'deposit.settle' AND date = '` + settled.String() + `'`, endAccounts},
		"accounts set aside":                        {`SELECT CAST(count(*) AS BIGINT) FROM day_aside`, 0},
		"accounts with an explanation of interest":  {`SELECT CAST(count(DISTINCT account) AS BIGINT) FROM deposit_interest`, endAccounts},
		"explanations":                              {`SELECT CAST(count(*) AS BIGINT) FROM deposit_interest`, endAccounts},
		"payments booked twice": {`SELECT CAST(count(*) AS BIGINT) FROM (
			SELECT reference FROM ledger_journal WHERE act = 'deposit.settle' GROUP BY reference HAVING count(*) > 1) AS twice`, 0},
		"accounts whose two days were not counted once": {`
			SELECT CAST(count(*) AS BIGINT) FROM deposit_interest i JOIN ledger_balance b ON b.account_id = i.account
			 WHERE i.product_sum <> 2 * (b.booked - i.interest) OR i.days <> 2`, 0},
		"accounts without interest that should have some": {`
			SELECT CAST(count(*) AS BIGINT) FROM deposit_interest WHERE interest = 0 AND rate > 0 AND product_sum > 720000`, 0},
		"accruals that the books do not have": {`
			SELECT CAST(count(*) AS BIGINT) FROM day_check WHERE differences <> 0`, 0},
	} {
		if got := value(t, d, c.query); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}
