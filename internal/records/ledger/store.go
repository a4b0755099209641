package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// delta is what a batch adds to a general ledger account.
type delta struct{ debit, credit int64 }

// captured is what a journal took of a hold.
type captured struct {
	journal id.Journal
	hold    id.Hold
	amount  int64
}

// writes gathers the rows of a batch while it is decided.
type writes struct {
	journals *db.Rows
	entries  *db.Rows
	captures []captured
}

func (w *writes) journal(b *batch, j *Journal) {
	if w.journals == nil {
		w.journals = db.NewRows(0)
	}
	value := b.today
	if !j.ValueDate.IsZero() {
		value = j.ValueDate.String()
	}
	var reverses any
	if j.Reverses != "" {
		reverses = string(j.Reverses)
	}
	w.journals.Add(string(j.ID), j.Act, j.Reference, b.today, value, b.now.UnixMicro(), branchOf(j.By),
		string(j.By.Kind), j.By.Actor, string(j.By.OnBehalfOf), string(j.By.Channel), string(j.By.Device),
		string(j.By.Session), j.By.Trace, j.By.Reason, reverses)
}

func (w *writes) entry(b *batch, j *Journal, line int, account string, p *posting) {
	if w.entries == nil {
		w.entries = db.NewRows(0)
	}
	value := b.today
	if !j.ValueDate.IsZero() {
		value = j.ValueDate.String()
	}
	var number, after any
	if p.row != nil {
		number, after = p.row.number, p.row.booked
	}
	w.entries.Add(string(j.ID), int64(line), account, number, string(p.Side), p.Amount.Minor(), after, b.today, value)
}

// queue sends what was decided: one statement for each table, all in one round trip with what comes next.
func (w *writes) queue(tx *db.Tx, b *batch) error {
	if err := b.settleClaims(tx); err != nil {
		return err
	}
	if w.journals == nil {
		return nil
	}
	const insertJournals = `
		INSERT INTO ledger_journal (id, act, reference, business_date, value_date, booked_at, branch,
		       actor_kind, actor, on_behalf_of, channel, device, session, trace, reason, reverses)
		SELECT r.id, r.act, r.reference, r.business_date, r.value_date, r.booked_at, r.branch,
		       r.actor_kind, r.actor, r.on_behalf_of, r.channel, r.device, r.session, r.trace, r.reason, r.reverses
		  FROM ROWS($1: id TEXT, act TEXT, reference TEXT, business_date TEXT, value_date TEXT, booked_at BIGINT,
		       branch TEXT, actor_kind TEXT, actor TEXT, on_behalf_of TEXT, channel TEXT, device TEXT,
		       session TEXT, trace TEXT, reason TEXT, reverses TEXT) AS r`
	const insertEntries = `
		INSERT INTO ledger_entry (journal_id, line, account_id, number, side, amount, balance_after, business_date, value_date)
		SELECT r.journal_id, r.line, r.account_id, r.number, r.side, r.amount, r.balance_after, r.business_date, r.value_date
		  FROM ROWS($1: journal_id TEXT, line BIGINT, account_id TEXT, number BIGINT, side TEXT, amount BIGINT,
		       balance_after BIGINT, business_date TEXT, value_date TEXT) AS r`
	if err := tx.Queue(insertJournals, w.journals); err != nil {
		return err
	}
	if err := tx.Queue(insertEntries, w.entries); err != nil {
		return err
	}
	if err := saveBalances(tx, b.balances); err != nil {
		return err
	}
	if err := w.queueCaptures(tx, b); err != nil {
		return err
	}
	return insertDeltas(tx, b)
}

func (w *writes) queueCaptures(tx *db.Tx, b *batch) error {
	if len(w.captures) == 0 {
		return nil
	}
	const q = `
		INSERT INTO ledger_capture (journal_id, hold_id, amount)
		SELECT r.journal_id, r.hold_id, r.amount FROM ROWS($1: journal_id TEXT, hold_id TEXT, amount BIGINT) AS r`
	rows := db.NewRows(len(w.captures))
	for _, c := range w.captures {
		rows.Add(string(c.journal), string(c.hold), c.amount)
	}
	if err := tx.Queue(q, rows); err != nil {
		return err
	}
	return saveHolds(tx, b.holds)
}

// lockBalances locks guarded accounts in the order of their ids, and reads the locked rows: PostgreSQL hands out
// the version that it locked, so that this one statement reads nothing stale. Unknown accounts are left out.
func lockBalances(ctx context.Context, tx *db.Tx, accounts []string) (map[string]*row, error) {
	const q = `
		SELECT b.account_id, b.code, b.currency, b.branch, b.booked, b.held, b.frozen, b.number, b.restraint, b.closed_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_balance b ON b.account_id = r.id
		 ORDER BY b.account_id
		   FOR UPDATE OF b`
	return balanceRows(ctx, tx, accounts, q)
}

// readBalances reads balance rows as they stand.
func readBalances(ctx context.Context, tx *db.Tx, accounts []string) (map[string]*row, error) {
	const q = `
		SELECT b.account_id, b.code, b.currency, b.branch, b.booked, b.held, b.frozen, b.number, b.restraint, b.closed_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_balance b ON b.account_id = r.id`
	return balanceRows(ctx, tx, accounts, q)
}

func balanceRows(ctx context.Context, tx *db.Tx, accounts []string, q string) (map[string]*row, error) {
	slices.Sort(accounts)
	accounts = slices.Compact(accounts)
	ids := db.NewRows(len(accounts))
	for _, a := range accounts {
		ids.Add(a)
	}
	found := make(map[string]*row, len(accounts))
	err := tx.Each(ctx, func(r db.Row) error {
		b, err := scanRow(r)
		if err == nil {
			found[b.account] = b
		}
		return err
	}, q, ids)
	return found, err
}

func scanRow(r db.Row) (*row, error) {
	var b row
	var code, currency, restraint string
	err := r.Scan(&b.account, &code, &currency, &b.branch, &b.booked, &b.held, &b.frozen, &b.number, &restraint, &b.closedAt)
	if err != nil {
		return nil, err
	}
	var known bool
	if b.heading, known = Code(code).Heading(); !known {
		return nil, fmt.Errorf("account %s has code %s, which is not in the chart", b.account, code)
	}
	if b.currency, err = money.ParseCurrency(currency); err != nil {
		return nil, fmt.Errorf("account %s: %w", b.account, err)
	}
	b.restraint = RestraintKind(restraint)
	b.control = Own(b.heading.Code, b.currency, b.branch)
	return &b, nil
}

// saveBalances writes the locked rows that have changed.
func saveBalances(tx *db.Tx, balances map[string]*row) error {
	const q = `
		UPDATE ledger_balance
		   SET booked = r.booked, held = r.held, frozen = r.frozen, number = r.number, restraint = r.restraint, closed_at = r.closed_at
		  FROM ROWS($1: account_id TEXT, booked BIGINT, held BIGINT, frozen BIGINT, number BIGINT, restraint TEXT, closed_at BIGINT) AS r
		 WHERE ledger_balance.account_id = r.account_id`
	rows := db.NewRows(len(balances))
	for _, b := range balances {
		if b.changed {
			rows.Add(b.account, b.booked, b.held, b.frozen, b.number, string(b.restraint), b.closedAt)
		}
	}
	return tx.Queue(q, rows)
}

// openFirst opens accounts of the bank itself, unless another transaction was first.
func openFirst(tx *db.Tx, accounts []Account) error {
	return tx.Queue(insertAccounts+` WHERE true ON CONFLICT (id) DO NOTHING`, accountRows(accounts))
}

const insertAccounts = `
	INSERT INTO ledger_account (id, kind, code, currency, branch, owner, opened_at)
	SELECT r.id, r.kind, r.code, r.currency, r.branch, r.owner, r.opened_at
	  FROM ROWS($1: id TEXT, kind TEXT, code TEXT, currency TEXT, branch TEXT, owner TEXT, opened_at BIGINT) AS r`

func accountRows(accounts []Account) *db.Rows {
	rows := db.NewRows(len(accounts))
	for _, a := range accounts {
		rows.Add(a.ID, string(a.Kind), string(a.Code), a.Currency.Code(), a.Branch, a.Owner, a.OpenedAt)
	}
	return rows
}

func insertBalances(ctx context.Context, tx *db.Tx, accounts []Account) error {
	const q = `
		INSERT INTO ledger_balance (account_id, code, currency, branch, booked, held, frozen, number, restraint)
		SELECT r.account_id, r.code, r.currency, r.branch, 0, 0, 0, 0, ''
		  FROM ROWS($1: account_id TEXT, code TEXT, currency TEXT, branch TEXT) AS r`
	rows := db.NewRows(len(accounts))
	for _, a := range accounts {
		rows.Add(a.ID, string(a.Code), a.Currency.Code(), a.Branch)
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

func findAccount(ctx context.Context, tx *db.Tx, account string) (Account, bool, error) {
	const q = `SELECT id, kind, code, currency, branch, owner, opened_at FROM ledger_account WHERE id = $1`
	return db.Find(ctx, tx, scanAccount, q, account)
}

func scanAccount(r db.Row) (a Account, err error) {
	err = r.Scan(&a.ID, &a.Kind, &a.Code, &a.Currency, &a.Branch, &a.Owner, &a.OpenedAt)
	return a, err
}

// insertDeltas keeps what the batch added to the general ledger, one row for each account that it touched.
func insertDeltas(tx *db.Tx, b *batch) error {
	const q = `
		INSERT INTO ledger_delta (id, account_id, business_date, debit, credit)
		SELECT r.id, r.account_id, $2, r.debit, r.credit
		  FROM ROWS($1: id TEXT, account_id TEXT, debit BIGINT, credit BIGINT) AS r`
	rows := db.NewRows(len(b.deltas))
	for account, d := range b.deltas {
		rows.Add(id.Raw(b.now), account, d.debit, d.credit)
	}
	return tx.Queue(q, rows, b.today)
}
