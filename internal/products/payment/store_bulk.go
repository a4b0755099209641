package payment

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// bulkRow is a row as it stands.
type bulkRow struct {
	Bulk
	lines []bulkLine
}

// bulkLine says which transfer a line of the list became.
type bulkLine struct {
	line     int
	transfer id.Transfer
}

func insertBulks(tx *db.Tx, all []bulkRow) error {
	const q = `
		INSERT INTO payment_bulk (id, payer, account, arrival, transfers, made_at)
		SELECT r.id, r.payer, r.account, r.arrival, r.transfers, r.made_at
		  FROM ROWS($1: id TEXT, payer TEXT, account TEXT, arrival TEXT, transfers TEXT, made_at BIGINT) AS r`
	rows := db.NewRows(len(all))
	for _, b := range all {
		rows.Add(b.ID, b.Payer, b.Account, b.Arrival, linesText(b.lines), b.MadeAt)
	}
	return tx.Queue(q, rows)
}

func findBulks(ctx context.Context, tx *db.Tx, ids []id.Bulk) (map[id.Bulk]bulkRow, error) {
	const q = `
		SELECT b.id, b.payer, b.account, b.arrival, b.transfers, b.made_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN payment_bulk b ON b.id = r.id`
	if len(ids) == 0 {
		return nil, nil
	}
	rows := db.NewRows(len(ids))
	for _, i := range ids {
		rows.Add(i)
	}
	found := make(map[id.Bulk]bulkRow)
	err := tx.Each(ctx, func(r db.Row) error {
		var b bulkRow
		var text string
		if err := r.Scan(&b.ID, &b.Payer, &b.Account, &b.Arrival, &text, &b.MadeAt); err != nil {
			return err
		}
		var err error
		b.lines, err = parseLines(text)
		found[b.ID] = b
		return err
	}, q, rows)
	return found, err
}

// linesText writes lines as "line transfer", one after another with semicolons.
func linesText(lines []bulkLine) string {
	var b []byte
	for i, l := range lines {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(append(strconv.AppendInt(b, int64(l.line), 10), ' '), l.transfer...)
	}
	return string(b)
}

// parseLines reads what linesText wrote.
func parseLines(text string) ([]bulkLine, error) {
	var all []bulkLine
	for part := range strings.SplitSeq(text, ";") {
		number, transfer, found := strings.Cut(part, " ")
		n, err := strconv.Atoi(number)
		if err != nil || !found {
			return nil, fmt.Errorf("lines %q of a bulk payment cannot be read", text)
		}
		all = append(all, bulkLine{n, id.Transfer(transfer)})
	}
	return all, nil
}

// firstPaidOf says since when a payer has paid each of some accounts; who was never paid is left out.
func firstPaidOf(ctx context.Context, tx *db.Tx, payer id.Customer, accounts []id.Account) (map[id.Account]time.Time, error) {
	const q = `
		SELECT l.payee_account, l.first_at
		  FROM ROWS($1: account TEXT) AS r
		  JOIN payment_relation l ON l.payee_account = r.account AND l.customer = $2`
	rows := db.NewRows(len(accounts))
	for _, a := range accounts {
		rows.Add(a)
	}
	first := make(map[id.Account]time.Time, len(accounts))
	err := tx.Each(ctx, func(r db.Row) error {
		var account id.Account
		var at time.Time
		if err := r.Scan(&account, &at); err != nil {
			return err
		}
		first[account] = at
		return nil
	}, q, rows, payer)
	return first, err
}

// bookAccounts are the accounts of entries of a payee book; what is not in the owner's book is left out.
func bookAccounts(ctx context.Context, tx *db.Tx, owner id.Customer, payees []id.Payee) (map[id.Payee]id.Account, error) {
	const q = `
		SELECT p.id, p.payee_account
		  FROM ROWS($1: id TEXT) AS r
		  JOIN payment_payee p ON p.id = r.id AND p.customer = $2`
	if len(payees) == 0 {
		return nil, nil
	}
	rows := db.NewRows(len(payees))
	for _, p := range payees {
		rows.Add(p)
	}
	found := make(map[id.Payee]id.Account, len(payees))
	err := tx.Each(ctx, func(r db.Row) error {
		var payee id.Payee
		var account id.Account
		if err := r.Scan(&payee, &account); err != nil {
			return err
		}
		found[payee] = account
		return nil
	}, q, rows, owner)
	return found, err
}
