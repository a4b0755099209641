package customer

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertPerson(tx *db.Tx, p person, branchPath string) error {
	const q = `
		INSERT INTO customer_person (id, kind, state, level, home_branch, branch_path, locale, facts, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	return tx.Queue(q, p.id, p.kind, p.state, p.level, p.homeBranch, branchPath, p.locale, p.facts, p.madeAt)
}

func updatePerson(ctx context.Context, tx *db.Tx, p sealedPerson, nameIndex []byte) error {
	const q = `
		UPDATE customer_person
		   SET state = $2, level = $3, locale = $4, nickname = $5, name = $6, name_index = $7, id_number = $8, face = $9,
		       frozen_by = $10, facts = $11, closes_at = $12, closed_at = $13, erase_on = $14
		 WHERE id = $1`
	_, err := tx.Exec(ctx, q, p.id, p.state, p.level, p.locale, null(p.sealedNickname), null(p.sealedName), null(nameIndex),
		null(p.sealedNumber), text(p.face), text(p.frozenBy), p.facts, p.closesAt, p.closedAt, p.eraseOn)
	return err
}

func erasePerson(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const q = `
		UPDATE customer_person
		   SET nickname = NULL, name = NULL, name_index = NULL, id_number = NULL, level = 0, face = NULL, erased_at = $2
		 WHERE id = $1`
	_, err := tx.Exec(ctx, q, customer, tx.Now())
	return err
}

func listPeople(ctx context.Context, tx *db.Tx, customers []id.Customer) ([]sealedPerson, error) {
	const q = `
		SELECT p.id, p.kind, p.state, p.level, p.home_branch, p.locale, p.nickname, p.name, p.id_number, p.face,
		       p.frozen_by, p.facts, p.made_at, p.closes_at, p.closed_at, p.erase_on, p.erased_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN customer_person p ON p.id = r.id`
	return db.List(ctx, tx, scanPerson, q, ids(customers))
}

func lockPerson(ctx context.Context, tx *db.Tx, customer id.Customer) (sealedPerson, bool, error) {
	const q = `
		SELECT id, kind, state, level, home_branch, locale, nickname, name, id_number, face,
		       frozen_by, facts, made_at, closes_at, closed_at, erase_on, erased_at
		  FROM customer_person
		 WHERE id = $1
		   FOR UPDATE`
	return db.Find(ctx, tx, scanPerson, q, customer)
}

func scanPerson(r db.Row) (sealedPerson, error) {
	var p sealedPerson
	err := r.Scan(&p.id, &p.kind, &p.state, &p.level, &p.homeBranch, &p.locale, &p.sealedNickname, &p.sealedName,
		&p.sealedNumber, &p.face, &p.frozenBy, &p.facts, &p.madeAt, &p.closesAt, &p.closedAt, &p.eraseOn, &p.erasedAt)
	return p, err
}

func eachState(ctx context.Context, tx *db.Tx, customers []id.Customer, each func(id.Customer, State, FrozenBy)) error {
	const q = `
		SELECT p.id, p.state, p.frozen_by
		  FROM ROWS($1: id TEXT) AS r
		  JOIN customer_person p ON p.id = r.id`
	return tx.Each(ctx, func(r db.Row) error {
		var c id.Customer
		var state State
		var by FrozenBy
		err := r.Scan(&c, &state, &by)
		if err == nil {
			each(c, state, by)
		}
		return err
	}, q, ids(customers))
}

func findLocale(ctx context.Context, tx *db.Tx, customer id.Customer) (i18n.Locale, State, bool, error) {
	const q = `SELECT locale, state FROM customer_person WHERE id = $1`
	type row struct {
		locale i18n.Locale
		state  State
	}
	found, ok, err := db.Find(ctx, tx, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.locale, &x.state)
		return x, err
	}, q, customer)
	return found.locale, found.state, ok, err
}

func listClosing(ctx context.Context, tx *db.Tx, at time.Time, limit int) ([]id.Customer, error) {
	const q = `
		SELECT id
		  FROM customer_person
		 WHERE state = 'closing' AND closes_at <= $1
		 ORDER BY closes_at
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Customer], q, at, limit)
}

func listErasing(ctx context.Context, tx *db.Tx, on clock.Date, limit int) ([]id.Customer, error) {
	const q = `
		SELECT id
		  FROM customer_person
		 WHERE state = 'closed' AND erased_at IS NULL AND erase_on <= $1
		 ORDER BY erase_on
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Customer], q, on, limit)
}

func insertIdentity(ctx context.Context, tx *db.Tx, index []byte, customer id.Customer) error {
	const q = `
		INSERT INTO customer_identity (id_index, customer_id, made_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	_, err := tx.Exec(ctx, q, index, customer, tx.Now())
	return err
}

func listIdentities(ctx context.Context, tx *db.Tx, indexes [][]byte) ([]id.Customer, error) {
	const q = `
		SELECT i.customer_id
		  FROM ROWS($1: id_index BYTEA) AS r
		  JOIN customer_identity i ON i.id_index = r.id_index`
	return db.List(ctx, tx, db.Value[id.Customer], q, byteRows(indexes))
}

func deleteIdentity(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	const q = `DELETE FROM customer_identity WHERE customer_id = $1`
	_, err := tx.Exec(ctx, q, customer)
	return err
}

func moveIdentity(ctx context.Context, tx *db.Tx, customer id.Customer, index []byte) error {
	const q = `UPDATE customer_identity SET id_index = $2 WHERE customer_id = $1`
	_, err := tx.Exec(ctx, q, customer, index)
	return err
}

func listKnown(ctx context.Context, tx *db.Tx, after id.Customer, limit int) ([]id.Customer, error) {
	const q = `
		SELECT customer_id
		  FROM customer_identity
		 WHERE customer_id > $1
		 ORDER BY customer_id
		 LIMIT $2`
	return db.List(ctx, tx, db.Value[id.Customer], q, after, limit)
}

func insertConsent(tx *db.Tx, customer id.Customer, c ConsentChange) error {
	const q = `
		INSERT INTO customer_consent (id, customer_id, number, purpose, version, given, channel, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	return tx.Queue(q, c.ID, customer, c.Number, c.Purpose, c.Version, c.Given, c.Channel, c.At)
}

// lastChoices are the newest lines of each purpose.
func lastChoices(ctx context.Context, tx *db.Tx, customer id.Customer) (map[Purpose]ConsentChange, error) {
	const q = `
		SELECT c.id, c.number, c.purpose, c.version, c.given, c.channel, c.at
		  FROM customer_consent c
		 WHERE c.customer_id = $1
		   AND c.number = (SELECT max(n.number) FROM customer_consent n WHERE n.customer_id = $1 AND n.purpose = c.purpose)`
	all, err := db.List(ctx, tx, scanConsent, q, customer)
	last := make(map[Purpose]ConsentChange, len(all))
	for _, c := range all {
		last[c.Purpose] = c
	}
	return last, err
}

func listConsents(ctx context.Context, tx *db.Tx, customer id.Customer, before int64, limit int) ([]ConsentChange, error) {
	const q = `
		SELECT id, number, purpose, version, given, channel, at
		  FROM customer_consent
		 WHERE customer_id = $1 AND ($2 = 0 OR number < $2)
		 ORDER BY number DESC
		 LIMIT $3`
	return db.List(ctx, tx, scanConsent, q, customer, before, limit)
}

func scanConsent(r db.Row) (ConsentChange, error) {
	var c ConsentChange
	err := r.Scan(&c.ID, &c.Number, &c.Purpose, &c.Version, &c.Given, &c.Channel, &c.At)
	return c, err
}

func insertAccesses(tx *db.Tx, by act.By, looks []Access) error {
	const q = `
		INSERT INTO customer_access (id, customer_id, at, kind, actor, purpose, fields)
		SELECT r.id, r.customer_id, r.at, r.kind, r.actor, r.purpose, r.fields
		  FROM ROWS($1: id TEXT, customer_id TEXT, at BIGINT, kind TEXT, actor TEXT, purpose TEXT, fields TEXT) AS r`
	rows := db.NewRows(len(looks))
	for _, a := range looks {
		rows.Add(id.New[id.Access](tx.Now()), a.Customer, tx.Now(), by.Kind, by.Actor, a.Purpose, a.Fields)
	}
	return tx.Queue(q, rows)
}

func listAccesses(ctx context.Context, tx *db.Tx, customer id.Customer, before id.Access, limit int) ([]Access, error) {
	const q = `
		SELECT id, customer_id, at, kind, actor, purpose, fields
		  FROM customer_access
		 WHERE customer_id = $1 AND ($2 = '' OR id < $2)
		 ORDER BY id DESC
		 LIMIT $3`
	return db.List(ctx, tx, func(r db.Row) (Access, error) {
		var a Access
		err := r.Scan(&a.ID, &a.Customer, &a.At, &a.Kind, &a.Actor, &a.Purpose, &a.Fields)
		return a, err
	}, q, customer, before, limit)
}

func ids(customers []id.Customer) *db.Rows {
	rows := db.NewRows(len(customers))
	seen := make(map[id.Customer]bool, len(customers))
	for _, c := range customers {
		if !seen[c] {
			seen[c] = true
			rows.Add(c)
		}
	}
	return rows
}

func byteRows(values [][]byte) *db.Rows {
	rows := db.NewRows(len(values))
	for _, v := range values {
		rows.Add(v)
	}
	return rows
}

// text is the argument for a text that may be missing.
func text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// null is the argument for bytes that may be missing.
func null(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}
