package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertRestraints(tx *db.Tx, restraints []Restraint) error {
	const q = `
		INSERT INTO ledger_restraint (id, account_id, kind, amount, act, reference, actor_kind, actor, channel, trace,
		       placed_at, expires_at, lifted_by)
		SELECT r.id, r.account_id, r.kind, r.amount, r.act, r.reference, r.actor_kind, r.actor, r.channel, r.trace,
		       r.placed_at, r.expires_at, ''
		  FROM ROWS($1: id TEXT, account_id TEXT, kind TEXT, amount BIGINT, act TEXT, reference TEXT, actor_kind TEXT,
		       actor TEXT, channel TEXT, trace TEXT, placed_at BIGINT, expires_at BIGINT) AS r`
	rows := db.NewRows(len(restraints))
	for _, f := range restraints {
		rows.Add(string(f.ID), f.Account, string(f.Kind), f.Amount.Minor(), f.Act, f.Reference, string(f.By.Kind), f.By.Actor,
			string(f.By.Channel), f.By.Trace, tx.Now(), f.ExpiresAt)
	}
	return tx.Queue(q, rows)
}

// findRestraints finds the accounts of restraints; those never change.
func findRestraints(ctx context.Context, tx *db.Tx, ids []id.Freeze) (map[id.Freeze]string, error) {
	const q = `SELECT f.id, f.account_id FROM ROWS($1: id TEXT) AS r JOIN ledger_restraint f ON f.id = r.id`
	found := make(map[id.Freeze]string, len(ids))
	err := tx.Each(ctx, func(r db.Row) error {
		var restraint id.Freeze
		var account string
		err := r.Scan(&restraint, &account)
		found[restraint] = account
		return err
	}, q, restraintRows(ids))
	return found, err
}

func restraintRows(ids []id.Freeze) *db.Rows {
	rows := db.NewRows(len(ids))
	for _, f := range ids {
		rows.Add(string(f))
	}
	return rows
}

// restrained is what a live restraint does.
type restrained struct {
	kind   RestraintKind
	amount int64
}

// readLiveRestraints reads all live restraints of locked accounts.
func readLiveRestraints(ctx context.Context, tx *db.Tx, locked map[string]*row) (map[string]map[id.Freeze]restrained, error) {
	const q = `
		SELECT f.id, f.account_id, f.kind, f.amount
		  FROM ROWS($1: account TEXT) AS r
		  JOIN ledger_restraint f ON f.account_id = r.account AND f.lifted_at IS NULL`
	rows := db.NewRows(len(locked))
	live := make(map[string]map[id.Freeze]restrained, len(locked))
	for account := range locked {
		rows.Add(account)
		live[account] = make(map[id.Freeze]restrained)
	}
	err := tx.Each(ctx, func(r db.Row) error {
		var restraint id.Freeze
		var account string
		var f restrained
		if err := r.Scan(&restraint, &account, &f.kind, &f.amount); err != nil {
			return err
		}
		live[account][restraint] = f
		return nil
	}, q, rows)
	return live, err
}

func markLifted(tx *db.Tx, ids []id.Freeze, by string) error {
	const q = `
		UPDATE ledger_restraint
		   SET lifted_at = $2, lifted_by = $3
		 WHERE id IN (SELECT r.id FROM ROWS($1: id TEXT) AS r)`
	return tx.Queue(q, restraintRows(ids), tx.Now(), by)
}

func listOverdueRestraints(ctx context.Context, tx *db.Tx, limit int) ([]id.Freeze, error) {
	const q = `
		SELECT id
		  FROM ledger_restraint
		 WHERE lifted_at IS NULL AND expires_at <= $1
		 ORDER BY expires_at
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Freeze], q, tx.Now(), limit)
}

func listRestraints(ctx context.Context, tx *db.Tx, account string, limit int) ([]Restraint, error) {
	const q = `
		SELECT f.id, f.account_id, f.kind, f.amount, f.act, f.reference, f.actor_kind, f.actor, f.channel, f.trace,
		       f.placed_at, f.expires_at, f.lifted_at, b.currency
		  FROM ledger_restraint f
		  JOIN ledger_balance b ON b.account_id = f.account_id
		 WHERE f.account_id = $1 AND f.lifted_at IS NULL
		 ORDER BY f.id
		 LIMIT $2`
	return db.List(ctx, tx, scanRestraint, q, account, limit)
}

func scanRestraint(r db.Row) (Restraint, error) {
	var f Restraint
	var amount int64
	var currency money.Currency
	err := r.Scan(&f.ID, &f.Account, &f.Kind, &amount, &f.Act, &f.Reference, &f.By.Kind, &f.By.Actor, &f.By.Channel,
		&f.By.Trace, &f.PlacedAt, &f.ExpiresAt, &f.LiftedAt, &currency)
	if f.Kind == FrozenAmount {
		f.Amount = money.New(amount, currency)
	}
	return f, err
}
