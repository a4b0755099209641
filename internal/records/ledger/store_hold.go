package ledger

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func insertHolds(tx *db.Tx, holds []HoldRequest) error {
	const q = `
		INSERT INTO ledger_hold (id, account_id, amount, remaining, state, act, reference, actor_kind, actor, channel, trace,
		       placed_at, expires_at)
		SELECT r.id, r.account_id, r.amount, r.amount, 'live', r.act, r.reference, r.actor_kind, r.actor, r.channel, r.trace,
		       r.placed_at, r.expires_at
		  FROM ROWS($1: id TEXT, account_id TEXT, amount BIGINT, act TEXT, reference TEXT, actor_kind TEXT, actor TEXT,
		       channel TEXT, trace TEXT, placed_at BIGINT, expires_at BIGINT) AS r`
	rows := db.NewRows(len(holds))
	for _, h := range holds {
		rows.Add(string(h.ID), h.Account, h.Amount.Minor(), h.Act, h.Reference, string(h.By.Kind), h.By.Actor,
			string(h.By.Channel), h.By.Trace, tx.Now(), h.ExpiresAt)
	}
	return tx.Queue(q, rows)
}

// readHolds reads holds; what it says is certain for those whose account is locked.
func readHolds(ctx context.Context, tx *db.Tx, ids []id.Hold) (map[id.Hold]*hold, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	const q = `
		SELECT h.id, h.account_id, h.remaining, h.state, h.expires_at, h.ended_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_hold h ON h.id = r.id`
	rows := db.NewRows(len(ids))
	for _, h := range ids {
		rows.Add(string(h))
	}
	holds := make(map[id.Hold]*hold, len(ids))
	err := tx.Each(ctx, func(r db.Row) error {
		var h hold
		err := r.Scan(&h.id, &h.account, &h.remaining, &h.state, &h.expiresAt, &h.endedAt)
		holds[h.id] = &h
		return err
	}, q, rows)
	return holds, err
}

// saveHolds writes the holds that have changed.
func saveHolds(tx *db.Tx, holds map[id.Hold]*hold) error {
	const q = `
		UPDATE ledger_hold
		   SET remaining = r.remaining, state = r.state, ended_at = r.ended_at
		  FROM ROWS($1: id TEXT, remaining BIGINT, state TEXT, ended_at BIGINT) AS r
		 WHERE ledger_hold.id = r.id`
	rows := db.NewRows(len(holds))
	for _, h := range holds {
		if h.changed {
			rows.Add(string(h.id), h.remaining, string(h.state), h.endedAt)
		}
	}
	return tx.Queue(q, rows)
}

func listOverdueHolds(ctx context.Context, tx *db.Tx, limit int) ([]id.Hold, error) {
	const q = `
		SELECT id
		  FROM ledger_hold
		 WHERE state = 'live' AND expires_at <= $1
		 ORDER BY expires_at
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Hold], q, tx.Now(), limit)
}

func listLiveHolds(ctx context.Context, tx *db.Tx, account string, limit int) ([]Hold, error) {
	const q = `
		SELECT h.id, h.account_id, h.amount, h.remaining, h.state, h.act, h.reference, h.placed_at, h.expires_at, h.ended_at,
		       b.currency
		  FROM ledger_hold h
		  JOIN ledger_balance b ON b.account_id = h.account_id
		 WHERE h.account_id = $1 AND h.state = 'live'
		 ORDER BY h.id
		 LIMIT $2`
	return db.List(ctx, tx, scanHold, q, account, limit)
}

func scanHold(r db.Row) (Hold, error) {
	var h Hold
	var amount, remaining int64
	var currency money.Currency
	err := r.Scan(&h.ID, &h.Account, &amount, &remaining, &h.State, &h.Act, &h.Reference, &h.PlacedAt, &h.ExpiresAt,
		&h.EndedAt, &currency)
	h.Amount, h.Left = money.New(amount, currency), money.New(remaining, currency)
	return h, err
}
