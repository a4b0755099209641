package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

const insertReversals = `
	INSERT INTO ledger_reversal (original, reversal)
	SELECT r.original, r.reversal FROM ROWS($1: original TEXT, reversal TEXT) AS r`

// claimOriginals claims the journals that others want to take back, so that no other transaction can, and reads
// them. The claim of a reversal that is then refused is given back by settleClaims.
func claimOriginals(ctx context.Context, tx *db.Tx, reversals []*Journal) (map[id.Journal]*was, error) {
	if len(reversals) == 0 {
		return nil, nil
	}
	originals := make(map[id.Journal]*was, len(reversals))
	ids := db.NewRows(len(reversals))
	claims := db.NewRows(len(reversals))
	sorted := slices.SortedFunc(slices.Values(reversals), func(a, b *Journal) int {
		return strings.Compare(string(a.Reverses), string(b.Reverses))
	})
	for _, j := range sorted {
		if originals[j.Reverses] == nil {
			originals[j.Reverses] = &was{}
			ids.Add(string(j.Reverses))
			claims.Add(string(j.Reverses), string(j.ID))
		}
	}
	if err := claim(ctx, tx, claims, originals); err != nil {
		return nil, err
	}
	return originals, readOriginals(ctx, tx, ids, originals)
}

// claim inserts the rows that nobody has, and learns who has the others.
func claim(ctx context.Context, tx *db.Tx, claims *db.Rows, originals map[id.Journal]*was) error {
	const insert = insertReversals + ` WHERE true ON CONFLICT (original) DO NOTHING RETURNING original, reversal`
	err := tx.Each(ctx, func(r db.Row) error {
		var original, reversal id.Journal
		err := r.Scan(&original, &reversal)
		if err == nil {
			originals[original].claimed = reversal
		}
		return err
	}, insert, claims)
	if err != nil {
		return err
	}
	for _, o := range originals {
		if o.claimed == "" {
			o.by = "another" // which one does not matter here
		}
	}
	return nil
}

func readOriginals(ctx context.Context, tx *db.Tx, ids *db.Rows, originals map[id.Journal]*was) error {
	const q = `
		SELECT e.journal_id, e.account_id, e.side, e.amount, j.reverses
		  FROM ROWS($1: id TEXT) AS r
		  JOIN ledger_journal j ON j.id = r.id
		  JOIN ledger_entry e ON e.journal_id = r.id
		 ORDER BY e.journal_id, e.line`
	return tx.Each(ctx, func(r db.Row) error {
		var journal, reverses id.Journal
		var m mirrored
		if err := r.Scan(&journal, &m.account, &m.side, &m.amount, &reverses); err != nil {
			return err
		}
		o := originals[journal]
		o.entries = append(o.entries, m)
		o.reversal = reverses != ""
		return nil
	}, q, ids)
}

// settleClaims makes the claims say what was decided.
func (b *batch) settleClaims(tx *db.Tx) error {
	wrong, right := db.NewRows(0), db.NewRows(0)
	for original, o := range b.originals {
		if o.claimed == "" || o.claimed == o.by {
			continue
		}
		wrong.Add(string(original))
		if o.by != "" {
			right.Add(string(original), string(o.by))
		}
	}
	const remove = `DELETE FROM ledger_reversal WHERE original IN (SELECT r.original FROM ROWS($1: original TEXT) AS r)`
	if err := tx.Queue(remove, wrong); err != nil {
		return err
	}
	return tx.Queue(insertReversals, right)
}

// readJournal reads a journal as it was posted, and what took it back.
func readJournal(ctx context.Context, tx *db.Tx, journal id.Journal) (Posted, bool, error) {
	const q = `
		SELECT j.id, j.act, j.reference, j.business_date, j.value_date, j.booked_at, j.branch, j.actor_kind, j.actor,
		       j.on_behalf_of, j.channel, j.device, j.session, j.trace, j.reason, j.reverses, v.reversal
		  FROM ledger_journal j
		  LEFT JOIN ledger_reversal v ON v.original = j.id
		 WHERE j.id = $1`
	p, found, err := db.Find(ctx, tx, scanPosted, q, journal)
	if err != nil || !found {
		return Posted{}, false, err
	}
	const entries = `
		SELECT e.journal_id, e.line, e.account_id, e.number, e.side, e.amount, e.balance_after, e.business_date,
		       e.value_date, j.act, j.reference, j.booked_at, a.currency
		  FROM ledger_entry e
		  JOIN ledger_journal j ON j.id = e.journal_id
		  JOIN ledger_account a ON a.id = e.account_id
		 WHERE e.journal_id = $1
		 ORDER BY e.line`
	p.Entries, err = db.List(ctx, tx, scanEntry, entries, journal)
	return p, true, err
}

func scanPosted(r db.Row) (p Posted, err error) {
	err = r.Scan(&p.ID, &p.Act, &p.Reference, &p.BusinessDate, &p.ValueDate, &p.At, &p.By.Branch, &p.By.Kind, &p.By.Actor,
		&p.By.OnBehalfOf, &p.By.Channel, &p.By.Device, &p.By.Session, &p.By.Trace, &p.By.Reason, &p.Reverses, &p.ReversedBy)
	return p, err
}
