package ledger

import (
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
)

// queueFill makes the rows in the database: round n of the pair at a place is the journal n × pairs + place of the call. In
// even rounds the first account pays, in odd ones the second.
func queueFill(tx *db.Tx, b *batch, by act.By, lines *db.Rows, size fillSize) error {
	const journals = `
		WITH RECURSIVE round(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM round WHERE n + 1 < CAST($2 AS BIGINT))
		INSERT INTO ledger_journal (id, act, reference, business_date, value_date, booked_at, branch,
		       actor_kind, actor, on_behalf_of, channel, device, session, trace, reason)
		SELECT CAST($4 AS TEXT) || substr(CAST(1000000000000000 + round.n * CAST($3 AS BIGINT) + r.place AS TEXT), 2), 'ledger.fill', r.account,
		       CAST($5 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS TEXT), '', CAST($10 AS TEXT), '', '', '', ''
		  FROM round CROSS JOIN ROWS($1: place BIGINT, line BIGINT, account TEXT, number BIGINT, booked BIGINT) AS r
		 WHERE r.line = 1`
	const entries = `
		WITH RECURSIVE round(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM round WHERE n + 1 < CAST($2 AS BIGINT))
		INSERT INTO ledger_entry (journal_id, line, account_id, number, side, amount, balance_after, business_date, value_date)
		SELECT CAST($4 AS TEXT) || substr(CAST(1000000000000000 + round.n * CAST($3 AS BIGINT) + r.place AS TEXT), 2), r.line, r.account,
		       r.number + round.n + 1, CASE WHEN round.n % 2 = r.line - 1 THEN 'debit' ELSE 'credit' END, 1,
		       r.booked + CASE WHEN round.n % 2 = 1 THEN 0 WHEN r.line = 1 THEN -1 ELSE 1 END, CAST($5 AS TEXT), CAST($5 AS TEXT)
		  FROM round CROSS JOIN ROWS($1: place BIGINT, line BIGINT, account TEXT, number BIGINT, booked BIGINT) AS r`
	at := journalAt(b.now)
	if err := tx.Queue(journals, lines, size.rounds, size.pairs, at, b.today, b.now.UnixMicro(), branchOf(by), string(by.Kind), by.Actor, string(by.Channel)); err != nil {
		return err
	}
	return tx.Queue(entries, lines, size.rounds, size.pairs, at, b.today)
}
