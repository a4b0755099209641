package auth

import (
	"context"

	"github.com/go-webauthn/webauthn/protocol"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertCeremony(ctx context.Context, tx *db.Tx, c ceremony) error {
	const q = `
		INSERT INTO auth_ceremony (id, use_for, principal, bound, challenge, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := tx.Exec(ctx, q, c.id, c.use, null(string(c.principal)), null(c.bound), c.challenge, c.expires)
	return err
}

// lockCeremonies locks the ceremonies that are answered, in the order of their ids.
func lockCeremonies(ctx context.Context, tx *db.Tx, answers []signature) (map[id.Challenge]ceremony, error) {
	const q = `
		SELECT c.id, c.use_for, c.principal, c.bound, c.challenge, c.expires_at, c.used_at
		  FROM auth_ceremony c
		  JOIN ROWS($1: id TEXT) AS r ON c.id = r.id
		 ORDER BY c.id
		   FOR UPDATE OF c`
	rows := db.NewRows(len(answers))
	seen := make(map[id.Challenge]bool, len(answers))
	for _, a := range answers {
		if which := a.answer.Challenge; !seen[which] {
			seen[which] = true
			rows.Add(string(which))
		}
	}
	all := make(map[id.Challenge]ceremony, len(answers))
	err := tx.Each(ctx, func(r db.Row) error {
		var c ceremony
		err := r.Scan(&c.id, &c.use, &c.principal, &c.bound, &c.challenge, &c.expires, &c.used)
		all[c.id] = c
		return err
	}, q, rows)
	return all, err
}

func useCeremonies(ctx context.Context, tx *db.Tx, all map[id.Challenge]ceremony) error {
	const q = `
		UPDATE auth_ceremony SET used_at = $2
		 WHERE used_at IS NULL AND id IN (SELECT r.id FROM ROWS($1: id TEXT) AS r)`
	rows := db.NewRows(len(all))
	for _, c := range all {
		if !c.used.IsZero() {
			rows.Add(string(c.id))
		}
	}
	_, err := tx.Exec(ctx, q, rows, tx.Now())
	return err
}

func insertPasskey(ctx context.Context, tx *db.Tx, k passkey) error {
	const q = `
		INSERT INTO auth_passkey (id, principal, credential, public_key, flags, counter, transports, format, name, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	_, err := tx.Exec(ctx, q, k.id, k.principal, k.credential, k.publicKey, k.flags, k.counter, k.transports, k.format, k.name, k.made)
	return err
}

func listPasskeys(ctx context.Context, tx *db.Tx, p Principal) ([]passkey, error) {
	const q = `
		SELECT id, principal, credential, public_key, flags, counter, transports, format, name, made_at, used_at
		  FROM auth_passkey
		 WHERE principal = $1
		 ORDER BY id DESC` // bounded by auth.passkey.most_count
	return db.List(ctx, tx, scanPasskey, q, p)
}

func scanPasskey(r db.Row) (passkey, error) {
	var k passkey
	err := r.Scan(&k.id, &k.principal, &k.credential, &k.publicKey, &k.flags, &k.counter, &k.transports, &k.format, &k.name, &k.made, &k.usedAt)
	return k, err
}

// findPasskeys reads the passkeys that answers name, by their credential ids.
func findPasskeys(ctx context.Context, tx *db.Tx, answers []*protocol.ParsedCredentialAssertionData) (map[string]passkey, error) {
	const q = `
		SELECT k.id, k.principal, k.credential, k.public_key, k.flags, k.counter, k.transports, k.format, k.name, k.made_at, k.used_at
		  FROM auth_passkey k
		  JOIN ROWS($1: credential BYTEA) AS r ON k.credential = r.credential
		 ORDER BY k.id
		   FOR UPDATE OF k`
	rows := db.NewRows(len(answers))
	seen := make(map[string]bool, len(answers))
	for _, a := range answers {
		if a != nil && !seen[string(a.RawID)] {
			seen[string(a.RawID)] = true
			rows.Add([]byte(a.RawID))
		}
	}
	all := make(map[string]passkey, rows.Len())
	err := tx.Each(ctx, func(r db.Row) error {
		k, err := scanPasskey(r)
		all[string(k.credential)] = k
		return err
	}, q, rows)
	return all, err
}

// notePasskeys keeps the counters of the passkeys that signed.
func notePasskeys(ctx context.Context, tx *db.Tx, results []signed) error {
	const q = `
		UPDATE auth_passkey SET flags = r.flags, counter = r.counter, used_at = $2
		  FROM ROWS($1: id TEXT, flags BIGINT, counter BIGINT) AS r
		 WHERE auth_passkey.id = r.id`
	last := make(map[id.Passkey]passkey, len(results))
	for _, r := range results {
		if r.err == nil {
			last[r.passkey.id] = r.passkey
		}
	}
	rows := db.NewRows(len(last))
	for _, k := range last {
		rows.Add(string(k.id), k.flags, k.counter)
	}
	_, err := tx.Exec(ctx, q, rows, tx.Now())
	return err
}

func deletePasskey(ctx context.Context, tx *db.Tx, p Principal, which id.Passkey) (int64, error) {
	const q = `DELETE FROM auth_passkey WHERE principal = $1 AND id = $2`
	return tx.Exec(ctx, q, p, which)
}

func deletePasskeys(ctx context.Context, tx *db.Tx, p Principal) error {
	const q = `DELETE FROM auth_passkey WHERE principal = $1`
	_, err := tx.Exec(ctx, q, p)
	return err
}
