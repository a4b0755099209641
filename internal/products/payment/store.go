package payment

import (
	"context"
	"sort"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertTransfers(tx *db.Tx, transfers []Transfer) error {
	const q = `
		INSERT INTO payment_transfer
			(id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small,
			 channel, branch, actor, device, session, address, trace, intent, journal, hold, payer_view, payee_view,
			 ordered_on, made_at, due_at, settled_at, ended_at)
		SELECT r.id, r.payer, r.payer_account, r.payee, r.payee_account, r.amount, r.fee, r.currency, r.arrival, r.state, r.refusal,
		       r.screening, r.small, r.channel, r.branch, r.actor, r.device, r.session, r.address, r.trace, r.intent, r.journal,
		       r.hold, r.payer_view, r.payee_view, r.ordered_on, r.made_at, r.due_at, r.settled_at, r.ended_at
		  FROM ROWS($1: id TEXT, payer TEXT, payer_account TEXT, payee TEXT, payee_account TEXT, amount BIGINT, fee BIGINT,
		            currency TEXT, arrival TEXT, state TEXT, refusal TEXT, screening TEXT, small BOOLEAN, channel TEXT, branch TEXT,
		            actor TEXT, device TEXT, session TEXT, address TEXT, trace TEXT, intent TEXT, journal TEXT, hold TEXT,
		            payer_view BYTEA, payee_view BYTEA, ordered_on TEXT, made_at BIGINT, due_at BIGINT, settled_at BIGINT,
		            ended_at BIGINT) AS r`
	rows := db.NewRows(len(transfers))
	for _, t := range transfers {
		rows.Add(t.ID, t.Payer, t.PayerAccount, t.Payee, t.PayeeAccount, t.Amount.Minor(), t.Fee.Minor(), t.Amount.Currency().Code(),
			t.Arrival, t.State, t.Refusal, t.Screening, t.Small, t.By.Channel, t.By.Branch, t.By.Actor, t.By.Device, t.By.Session,
			t.By.Address, t.By.Trace, t.Intent, null(string(t.Journal)), null(string(t.Hold)), t.payerView, t.payeeView,
			t.OrderedOn, t.MadeAt, t.DueAt, t.SettledAt, t.EndedAt)
	}
	return tx.Queue(q, rows)
}

// null keeps an empty id as NULL.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func updateTransfer(tx *db.Tx, t Transfer) error {
	const q = `
		UPDATE payment_transfer
		   SET state = $2, refusal = $3, journal = $4, settled_at = $5, ended_at = $6, reversal = $7
		 WHERE id = $1`
	return tx.Queue(q, t.ID, t.State, t.Refusal, null(string(t.Journal)), t.SettledAt, t.EndedAt, null(string(t.Reversal)))
}

// relate counts whom people paid; rows are taken in one order.
func relate(tx *db.Tx, pairs map[relation]int64) error {
	const q = `
		INSERT INTO payment_relation (customer, payee_account, first_at, last_at, times)
		SELECT r.customer, r.payee_account, r.at, r.at, r.times
		  FROM ROWS($1: customer TEXT, payee_account TEXT, at BIGINT, times BIGINT) AS r
		 WHERE true
		ON CONFLICT (customer, payee_account) DO UPDATE
		   SET last_at = EXCLUDED.last_at, times = payment_relation.times + EXCLUDED.times`
	keys := make([]relation, 0, len(pairs))
	for k := range pairs {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if keys[i].customer != keys[j].customer {
			return keys[i].customer < keys[j].customer
		}
		return keys[i].account < keys[j].account
	})
	rows := db.NewRows(len(keys))
	for _, k := range keys {
		rows.Add(k.customer, k.account, tx.Now(), pairs[k])
	}
	return tx.Queue(q, rows)
}

func firstPaid(ctx context.Context, tx *db.Tx, payer id.Customer, account id.Account) (time.Time, bool, error) {
	const q = `SELECT first_at FROM payment_relation WHERE customer = $1 AND payee_account = $2`
	return db.Find(ctx, tx, db.Value[time.Time], q, payer, account)
}

func findForParty(ctx context.Context, tx *db.Tx, party id.Customer, transfer id.Transfer) (Transfer, bool, error) {
	const q = `
		SELECT id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small,
		       channel, branch, actor, device, session, address, trace, intent, journal, hold, payer_view, payee_view,
		       ordered_on, made_at, due_at, settled_at, ended_at, reversal
		  FROM payment_transfer
		 WHERE id = $2 AND (payer = $1 OR payee = $1 AND state IN ('settled', 'reversed'))`
	return db.Find(ctx, tx, scanTransfer, q, party, transfer)
}

func findMany(ctx context.Context, tx *db.Tx, ids []id.Transfer) ([]Transfer, error) {
	const q = `
		SELECT t.id, t.payer, t.payer_account, t.payee, t.payee_account, t.amount, t.fee, t.currency, t.arrival, t.state, t.refusal,
		       t.screening, t.small, t.channel, t.branch, t.actor, t.device, t.session, t.address, t.trace, t.intent, t.journal,
		       t.hold, t.payer_view, t.payee_view, t.ordered_on, t.made_at, t.due_at, t.settled_at, t.ended_at, t.reversal
		  FROM ROWS($1: id TEXT) AS r
		  JOIN payment_transfer t ON t.id = r.id`
	rows := db.NewRows(len(ids))
	for _, i := range ids {
		rows.Add(i)
	}
	return db.List(ctx, tx, scanTransfer, q, rows)
}

// known says which transfers there are.
func known(ctx context.Context, tx *db.Tx, ids []id.Transfer) (map[id.Transfer]bool, error) {
	const q = `SELECT t.id FROM ROWS($1: id TEXT) AS r JOIN payment_transfer t ON t.id = r.id`
	if len(ids) == 0 {
		return nil, nil
	}
	rows := db.NewRows(len(ids))
	for _, i := range ids {
		rows.Add(i)
	}
	found, err := db.List(ctx, tx, db.Value[id.Transfer], q, rows)
	if err != nil {
		return nil, err
	}
	known := make(map[id.Transfer]bool, len(found))
	for _, i := range found {
		known[i] = true
	}
	return known, nil
}

func lockDue(ctx context.Context, tx *db.Tx, now time.Time, limit int) ([]Transfer, error) {
	const q = `
		SELECT id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small,
		       channel, branch, actor, device, session, address, trace, intent, journal, hold, payer_view, payee_view,
		       ordered_on, made_at, due_at, settled_at, ended_at, reversal
		  FROM payment_transfer
		 WHERE state = 'delayed' AND due_at <= $1
		 ORDER BY due_at, id
		 LIMIT $2
		   FOR UPDATE SKIP LOCKED`
	return db.List(ctx, tx, scanTransfer, q, now, limit)
}

func listDue(ctx context.Context, tx *db.Tx, now time.Time, limit int) ([]id.Transfer, error) {
	const q = `
		SELECT id
		  FROM payment_transfer
		 WHERE state = 'delayed' AND due_at <= $1
		 ORDER BY due_at, id
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Transfer], q, now, limit)
}

func lockForPayer(ctx context.Context, tx *db.Tx, payer id.Customer, transfer id.Transfer) (Transfer, bool, error) {
	const q = `
		SELECT id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small,
		       channel, branch, actor, device, session, address, trace, intent, journal, hold, payer_view, payee_view,
		       ordered_on, made_at, due_at, settled_at, ended_at, reversal
		  FROM payment_transfer
		 WHERE id = $2 AND payer = $1
		   FOR UPDATE`
	return db.Find(ctx, tx, scanTransfer, q, payer, transfer)
}

func lockTransfer(ctx context.Context, tx *db.Tx, transfer id.Transfer) (Transfer, bool, error) {
	const q = `
		SELECT id, payer, payer_account, payee, payee_account, amount, fee, currency, arrival, state, refusal, screening, small,
		       channel, branch, actor, device, session, address, trace, intent, journal, hold, payer_view, payee_view,
		       ordered_on, made_at, due_at, settled_at, ended_at, reversal
		  FROM payment_transfer
		 WHERE id = $1
		   FOR UPDATE`
	return db.Find(ctx, tx, scanTransfer, q, transfer)
}

func scanTransfer(r db.Row) (t Transfer, err error) {
	var amount, fee int64
	var currency money.Currency
	var by act.By
	err = r.Scan(&t.ID, &t.Payer, &t.PayerAccount, &t.Payee, &t.PayeeAccount, &amount, &fee, &currency, &t.Arrival, &t.State,
		&t.Refusal, &t.Screening, &t.Small, &by.Channel, &by.Branch, &by.Actor, &by.Device, &by.Session, &by.Address, &by.Trace,
		&t.Intent, &t.Journal, &t.Hold, &t.payerView, &t.payeeView, &t.OrderedOn, &t.MadeAt, &t.DueAt, &t.SettledAt, &t.EndedAt, &t.Reversal)
	t.Amount, t.Fee = money.New(amount, currency), money.New(fee, currency)
	by.Kind, by.OnBehalfOf = act.Customer, t.Payer
	if by.Actor != string(t.Payer) {
		by.Kind = act.Staff // who serves the payer
	}
	t.By = by
	return t, err
}

// countBetween counts what people ordered to pay to others in a span: all of it, and what is from least to below.
func countBetween(ctx context.Context, tx *db.Tx, s span, least, below int64) (of, count, sum int64, err error) {
	const q = `
		SELECT count(*), count(*) FILTER (WHERE amount >= $4 AND amount < $5),
		       CAST(coalesce(sum(amount) FILTER (WHERE amount >= $4 AND amount < $5), 0) AS BIGINT)
		  FROM payment_transfer
		 WHERE id >= $1 AND ordered_on >= $2 AND ordered_on <= $3 AND payer <> payee AND state <> 'refused'`
	err = tx.Each(ctx, func(r db.Row) error { return r.Scan(&of, &count, &sum) }, q, s.earliest, s.from, s.to, least, below)
	return of, count, sum, err
}
