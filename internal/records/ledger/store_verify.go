package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func verifyListJournals(ctx context.Context, tx *db.Tx, after, until string, limit int) ([]journalRow, error) {
	const q = `
		SELECT j.id, j.business_date, j.reverses, v.reversal
		  FROM ledger_journal j
		  LEFT JOIN ledger_reversal v ON v.original = j.reverses
		 WHERE j.id > $1 AND j.id <= $2
		 ORDER BY j.id
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (j journalRow, err error) {
		err = r.Scan(&j.id, &j.date, &j.reverses, &j.reversal)
		return j, err
	}, q, after, until, limit)
}

// verifyEachEntry reads entries by journal, also those whose journal is missing.
func verifyEachEntry(ctx context.Context, tx *db.Tx, after, until string, take func(entryRow) error) error {
	const q = `
		SELECT e.journal_id, e.line, e.account_id, e.number, e.side, e.amount, e.business_date, a.kind, a.code, a.currency, a.branch
		  FROM ledger_entry e
		  LEFT JOIN ledger_account a ON a.id = e.account_id
		 WHERE e.journal_id > $1 AND e.journal_id <= $2
		 ORDER BY e.journal_id, e.line`
	return tx.Each(ctx, func(r db.Row) error {
		var e entryRow
		err := r.Scan(&e.journal, &e.line, &e.account, &e.number, &e.side, &e.amount, &e.date, &e.kind, &e.code, &e.currency, &e.branch)
		if err != nil {
			return err
		}
		return take(e)
	}, q, after, until)
}

// readTotals reads the general ledger by account and day, folded or not, of the days after one.
func readTotals(ctx context.Context, tx *db.Tx, since clock.Date) (map[dayOf]delta, error) {
	const q = `
		SELECT s.account_id, s.business_date, CAST(SUM(s.debit) AS BIGINT), CAST(SUM(s.credit) AS BIGINT)
		  FROM (SELECT account_id, business_date, debit, credit FROM ledger_total
		         UNION ALL
		        SELECT account_id, business_date, debit, credit FROM ledger_delta) AS s
		 WHERE s.business_date > $1
		 GROUP BY s.account_id, s.business_date`
	totals := make(map[dayOf]delta)
	err := tx.Each(ctx, func(r db.Row) error {
		var k dayOf
		var d delta
		err := r.Scan(&k.account, &k.date, &d.debit, &d.credit)
		totals[k] = d
		return err
	}, q, since.String())
	return totals, err
}

// reversalRow is a row of ledger_reversal with what its journal says.
type reversalRow struct {
	original, reversal, reverses id.Journal
}

func verifyListReversals(ctx context.Context, tx *db.Tx, after string, limit int) ([]reversalRow, error) {
	const q = `
		SELECT v.original, v.reversal, j.reverses
		  FROM ledger_reversal v
		  LEFT JOIN ledger_journal j ON j.id = v.reversal
		 WHERE v.original > $1
		 ORDER BY v.original
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (v reversalRow, err error) {
		err = r.Scan(&v.original, &v.reversal, &v.reverses)
		return v, err
	}, q, after, limit)
}

// verifyListAccounts reads balance rows with their accounts, also those whose account is missing.
func verifyListAccounts(ctx context.Context, tx *db.Tx, from, until string, limit int) ([]*accountRow, error) {
	const facts = `
		SELECT b.account_id, a.kind, a.code, a.currency, a.branch
		  FROM ledger_balance b
		  LEFT JOIN ledger_account a ON a.id = b.account_id
		 WHERE b.account_id >= $1 AND b.account_id <= $2
		 ORDER BY b.account_id
		 LIMIT $3`
	var ids []string
	all, err := db.List(ctx, tx, func(r db.Row) (*accountRow, error) {
		var a accountRow
		var account string
		err := r.Scan(&account, &a.kind, &a.code, &a.current, &a.branch)
		ids = append(ids, account)
		return &a, err
	}, facts, from, until, limit)
	if err != nil {
		return nil, err
	}
	rows, err := readBalances(ctx, tx, append([]string(nil), ids...))
	for i, account := range ids {
		all[i].row = rows[account]
	}
	return all, err
}

// verifyEachGuardedEntry reads the entries of guarded accounts in the order of their numbers, also of accounts that
// have no balance row.
func verifyEachGuardedEntry(ctx context.Context, tx *db.Tx, from, until string, take func(entryRow) error) error {
	const q = `
		SELECT account_id, number, journal_id, line, side, amount, balance_after, business_date, value_date
		  FROM ledger_entry
		 WHERE account_id >= $1 AND account_id <= $2 AND number IS NOT NULL
		 ORDER BY account_id, number`
	return tx.Each(ctx, guardedEntry(take), q, from, until)
}

// verifyEachEntrySince reads the entries that accounts gained after a day, in the order of their numbers.
func verifyEachEntrySince(ctx context.Context, tx *db.Tx, from, until string, since clock.Date, take func(entryRow) error) error {
	const q = `
		SELECT e.account_id, e.number, e.journal_id, e.line, e.side, e.amount, e.balance_after, e.business_date, e.value_date
		  FROM ledger_balance b
		  JOIN ledger_entry e ON e.account_id = b.account_id AND e.number > COALESCE(
		       (SELECT MAX(c.number) FROM ledger_closing c WHERE c.account_id = b.account_id AND c.date <= $3), 0)
		 WHERE b.account_id >= $1 AND b.account_id <= $2 AND e.number IS NOT NULL
		 ORDER BY e.account_id, e.number`
	return tx.Each(ctx, guardedEntry(take), q, from, until, since)
}

func guardedEntry(take func(entryRow) error) func(db.Row) error {
	return func(r db.Row) error {
		var e entryRow
		if err := r.Scan(&e.account, &e.number, &e.journal, &e.line, &e.side, &e.amount, &e.after, &e.date, &e.value); err != nil {
			return err
		}
		return take(e)
	}
}

func verifyEachLiveHold(ctx context.Context, tx *db.Tx, from, until string, take func(string, int64) error) error {
	const q = `SELECT account_id, remaining FROM ledger_hold WHERE account_id >= $1 AND account_id <= $2 AND state = 'live'`
	return tx.Each(ctx, func(r db.Row) error {
		var account string
		var remaining int64
		if err := r.Scan(&account, &remaining); err != nil {
			return err
		}
		return take(account, remaining)
	}, q, from, until)
}

func verifyEachLiveRestraint(ctx context.Context, tx *db.Tx, from, until string, take func(string, restrained) error) error {
	const q = `SELECT account_id, kind, amount FROM ledger_restraint WHERE account_id >= $1 AND account_id <= $2 AND lifted_at IS NULL`
	return tx.Each(ctx, func(r db.Row) error {
		var account string
		var f restrained
		if err := r.Scan(&account, &f.kind, &f.amount); err != nil {
			return err
		}
		return take(account, f)
	}, q, from, until)
}

func verifyListHolds(ctx context.Context, tx *db.Tx, after string, limit int) ([]holdRow, error) {
	const q = `
		SELECT h.id, h.amount, h.remaining, h.state,
		       CAST(COALESCE((SELECT SUM(c.amount) FROM ledger_capture c WHERE c.hold_id = h.id), 0) AS BIGINT)
		  FROM ledger_hold h
		 WHERE h.id > $1
		 ORDER BY h.id
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (h holdRow, err error) {
		err = r.Scan(&h.id, &h.amount, &h.remaining, &h.state, &h.taken)
		return h, err
	}, q, after, limit)
}
