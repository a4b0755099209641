package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/money"
)

func listEntries(ctx context.Context, tx *db.Tx, account string, after, before int64, limit int) ([]Entry, error) {
	const q = `
		SELECT e.journal_id, e.line, e.account_id, e.number, e.side, e.amount, e.balance_after, e.business_date,
		       e.value_date, j.act, j.reference, j.booked_at, a.currency
		  FROM ledger_entry e
		  JOIN ledger_journal j ON j.id = e.journal_id
		  JOIN ledger_account a ON a.id = e.account_id
		 WHERE e.account_id = $1 AND e.number > $2 AND e.number < $3
		 ORDER BY e.number DESC
		 LIMIT $4`
	return db.List(ctx, tx, scanEntry, q, account, after, before, limit)
}

func listOwnEntries(ctx context.Context, tx *db.Tx, o OwnQuery, limit int) ([]Entry, error) {
	const q = `
		SELECT e.journal_id, e.line, e.account_id, e.number, e.side, e.amount, e.balance_after, e.business_date,
		       e.value_date, j.act, j.reference, j.booked_at, a.currency
		  FROM ledger_entry e
		  JOIN ledger_journal j ON j.id = e.journal_id
		  JOIN ledger_account a ON a.id = e.account_id
		 WHERE e.account_id = $1 AND e.number IS NULL AND e.journal_id <= $2 AND (e.journal_id < $2 OR e.line < $3)
		 ORDER BY e.journal_id DESC, e.line DESC
		 LIMIT $4`
	return db.List(ctx, tx, scanEntry, q, o.Account, o.Before, o.Line, limit)
}

func scanEntry(r db.Row) (Entry, error) {
	var e Entry
	var amount, after int64
	var currency money.Currency
	err := r.Scan(&e.Journal, &e.Line, &e.Account, &e.Number, &e.Side, &amount, &after, &e.BusinessDate,
		&e.ValueDate, &e.Act, &e.Reference, &e.At, &currency)
	e.Amount, e.After = money.New(amount, currency), money.New(after, currency)
	return e, err
}

func readDate(ctx context.Context, tx *db.Tx, account string, number int64) (clock.Date, error) {
	const q = `SELECT business_date FROM ledger_entry WHERE account_id = $1 AND number = $2`
	return db.One(ctx, tx, db.Value[clock.Date], q, account, number)
}

func readAfter(ctx context.Context, tx *db.Tx, account string, number int64) (int64, error) {
	const q = `SELECT balance_after FROM ledger_entry WHERE account_id = $1 AND number = $2`
	return db.One(ctx, tx, db.Value[int64], q, account, number)
}
