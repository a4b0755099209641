package deposit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// sealedAccount is a row as it stands, its personal fields sealed.
type sealedAccount struct {
	Account
	number, nickname []byte
}

func insertAccount(ctx context.Context, tx *db.Tx, a Account, number, index []byte) error {
	rows := db.NewRows(1)
	addAccount(rows, a, number, index)
	return insertAccounts(ctx, tx, rows)
}

// addAccount adds a row for insertAccounts.
func addAccount(rows *db.Rows, a Account, number, index []byte) {
	rows.Add(a.ID, a.Customer, a.Class, a.Product, a.TermsVersion, a.Currency.Code(), a.Branch, a.State, number, index, a.Tail, a.OpenedAt)
}

func insertAccounts(ctx context.Context, tx *db.Tx, rows *db.Rows) error {
	const q = `
		INSERT INTO deposit_account
			(id, customer, class, product, terms_version, currency, branch, state, number, number_index, tail, opened_at)
		SELECT r.id, r.customer, r.class, r.product, r.terms_version, r.currency, r.branch, r.state, r.number, r.number_index, r.tail, r.opened_at
		  FROM ROWS($1: id TEXT, customer TEXT, class BIGINT, product TEXT, terms_version BIGINT, currency TEXT, branch TEXT, state TEXT,
		            number BYTEA, number_index BYTEA, tail TEXT, opened_at BIGINT) AS r`
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// countOfClasses counts the open accounts of customers in a currency by class.
func countOfClasses(ctx context.Context, tx *db.Tx, customers []id.Customer, currency money.Currency) (map[classOf]int64, error) {
	const q = `
		SELECT a.customer, a.class, count(*)
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_account a ON a.customer = r.id
		 WHERE a.state = 'open' AND a.currency = $2
		 GROUP BY a.customer, a.class`
	rows := db.NewRows(len(customers))
	for _, c := range customers {
		rows.Add(c)
	}
	all := make(map[classOf]int64)
	err := tx.Each(ctx, func(r db.Row) error {
		var k classOf
		var n int64
		err := r.Scan(&k.customer, &k.class, &n)
		all[k] = n
		return err
	}, q, rows, currency.Code())
	return all, err
}

// countOfClass counts a customer's open accounts of a class in a currency.
func countOfClass(ctx context.Context, tx *db.Tx, customer id.Customer, class int, currency money.Currency) (int64, error) {
	const q = `SELECT count(*) FROM deposit_account WHERE customer = $1 AND class = $2 AND currency = $3 AND state = 'open'`
	return db.One(ctx, tx, db.Value[int64], q, customer, class, currency.Code())
}

// nextSerial takes the next serial of a prefix; the row is locked until the account is there.
func nextSerial(ctx context.Context, tx *db.Tx, prefix string) (int64, error) {
	return nextSerials(ctx, tx, prefix, 1)
}

// nextSerials takes the next n serials of a prefix and answers the last of them.
func nextSerials(ctx context.Context, tx *db.Tx, prefix string, n int) (int64, error) {
	const q = `
		INSERT INTO deposit_serial (prefix, last) VALUES ($1, $2)
		ON CONFLICT (prefix) DO UPDATE SET last = deposit_serial.last + excluded.last
		RETURNING last`
	return db.One(ctx, tx, db.Value[int64], q, prefix, n)
}

func accountsOf(ctx context.Context, tx *db.Tx, customer id.Customer) ([]sealedAccount, error) {
	const q = `
		SELECT id, customer, class, product, terms_version, currency, branch, state, tail, opened_at, closed_at, number, nickname
		  FROM deposit_account
		 WHERE customer = $1
		 ORDER BY state DESC, id
		 LIMIT $2`
	return db.List(ctx, tx, scanSealed, q, customer, accountsMax)
}

func accountOf(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account) (sealedAccount, bool, error) {
	const q = `
		SELECT id, customer, class, product, terms_version, currency, branch, state, tail, opened_at, closed_at, number, nickname
		  FROM deposit_account
		 WHERE id = $2 AND customer = $1`
	return db.Find(ctx, tx, scanSealed, q, customer, account)
}

func accountsByID(ctx context.Context, tx *db.Tx, ids []id.Account) (map[id.Account]Account, error) {
	const q = `
		SELECT a.id, a.customer, a.class, a.product, a.terms_version, a.currency, a.branch, a.state, a.tail, a.opened_at, a.closed_at
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_account a ON a.id = r.id`
	rows := db.NewRows(len(ids))
	for _, i := range ids {
		rows.Add(i)
	}
	all := make(map[id.Account]Account, len(ids))
	err := tx.Each(ctx, func(r db.Row) error {
		a, err := scanAccount(r)
		all[a.ID] = a
		return err
	}, q, rows)
	return all, err
}

func accountByNumber(ctx context.Context, tx *db.Tx, indexes [][]byte) (Account, bool, error) {
	const q = `
		SELECT a.id, a.customer, a.class, a.product, a.terms_version, a.currency, a.branch, a.state, a.tail, a.opened_at, a.closed_at
		  FROM ROWS($1: number_index BYTEA) AS r
		  JOIN deposit_account a ON a.number_index = r.number_index
		 WHERE a.state = 'open'`
	rows := db.NewRows(len(indexes))
	for _, i := range indexes {
		rows.Add(i)
	}
	return db.Find(ctx, tx, scanAccount, q, rows)
}

// accountsByNumber finds open accounts by the blind indexes of their numbers: the account of each place that has one.
func accountsByNumber(ctx context.Context, tx *db.Tx, indexes [][][]byte) (map[int64]Account, error) {
	const q = `
		SELECT a.id, a.customer, a.class, a.product, a.terms_version, a.currency, a.branch, a.state, a.tail, a.opened_at, a.closed_at, r.place
		  FROM ROWS($1: place BIGINT, number_index BYTEA) AS r
		  JOIN deposit_account a ON a.number_index = r.number_index
		 WHERE a.state = 'open'`
	rows := db.NewRows(len(indexes))
	for place, generations := range indexes {
		for _, i := range generations {
			rows.Add(int64(place), i)
		}
	}
	found := make(map[int64]Account, len(indexes))
	err := tx.Each(ctx, func(r db.Row) error {
		var place int64
		var a Account
		err := r.Scan(&a.ID, &a.Customer, &a.Class, &a.Product, &a.TermsVersion, &a.Currency, &a.Branch, &a.State, &a.Tail, &a.OpenedAt,
			&a.ClosedAt, &place)
		found[place] = a
		return err
	}, q, rows)
	return found, err
}

func sealedByID(ctx context.Context, tx *db.Tx, ids []id.Account) ([]sealedAccount, error) {
	const q = `
		SELECT a.id, a.customer, a.class, a.product, a.terms_version, a.currency, a.branch, a.state, a.tail, a.opened_at, a.closed_at,
		       a.number, a.nickname
		  FROM ROWS($1: id TEXT) AS r
		  JOIN deposit_account a ON a.id = r.id`
	rows := db.NewRows(len(ids))
	for _, i := range ids {
		rows.Add(i)
	}
	return db.List(ctx, tx, scanSealed, q, rows)
}

func receivingAccount(ctx context.Context, tx *db.Tx, customer id.Customer, currency money.Currency) (Account, bool, error) {
	const q = `
		SELECT id, customer, class, product, terms_version, currency, branch, state, tail, opened_at, closed_at
		  FROM deposit_account
		 WHERE customer = $1 AND currency = $2 AND state = 'open'
		 ORDER BY class, id
		 LIMIT 1`
	return db.Find(ctx, tx, scanAccount, q, customer, currency.Code())
}

// receivingBeside is another open account of a customer's in a currency, class I before II before III.
func receivingBeside(ctx context.Context, tx *db.Tx, customer id.Customer, account id.Account, currency money.Currency) (Account, bool, error) {
	const q = `
		SELECT id, customer, class, product, terms_version, currency, branch, state, tail, opened_at, closed_at
		  FROM deposit_account
		 WHERE customer = $1 AND id <> $2 AND currency = $3 AND state = 'open'
		 ORDER BY class, id
		 LIMIT 1`
	return db.Find(ctx, tx, scanAccount, q, customer, account, currency.Code())
}

func setNickname(ctx context.Context, tx *db.Tx, account id.Account, sealed []byte) error {
	_, err := tx.Exec(ctx, `UPDATE deposit_account SET nickname = $2 WHERE id = $1`, account, sealed)
	return err
}

func setClosed(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, `UPDATE deposit_account SET state = $2, closed_at = $3 WHERE id = $1`, a.ID, a.State, a.ClosedAt)
	return err
}

// erased says that the number is gone with its holder's data.
func (a sealedAccount) erased() bool { return a.Tail == "" }

func lockAccountsAfter(ctx context.Context, tx *db.Tx, after id.Account, limit int) ([]sealedAccount, error) {
	const q = `
		SELECT id, customer, class, product, terms_version, currency, branch, state, tail, opened_at, closed_at, number, nickname
		  FROM deposit_account
		 WHERE id > $1
		 ORDER BY id
		 LIMIT $2
		   FOR UPDATE`
	return db.List(ctx, tx, scanSealed, q, after, limit)
}

func saveNumberIndexes(tx *db.Tx, rows *db.Rows) error {
	const q = `
		UPDATE deposit_account SET number_index = r.number_index
		  FROM ROWS($1: id TEXT, number_index BYTEA) AS r
		 WHERE deposit_account.id = r.id`
	return tx.Queue(q, rows)
}

// eraseAccounts puts the account's id, which says nothing, in place of the index of its number.
func eraseAccounts(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	all, err := db.List(ctx, tx, db.Value[id.Account], `SELECT id FROM deposit_account WHERE customer = $1`, customer)
	if err != nil {
		return err
	}
	rows := db.NewRows(len(all))
	for _, a := range all {
		rows.Add(a, []byte(a))
	}
	const q = `
		UPDATE deposit_account SET number_index = r.number_index, tail = '', nickname = NULL
		  FROM ROWS($1: id TEXT, number_index BYTEA) AS r
		 WHERE deposit_account.id = r.id`
	_, err = tx.Exec(ctx, q, rows)
	return err
}

func scanAccount(r db.Row) (a Account, err error) {
	err = r.Scan(&a.ID, &a.Customer, &a.Class, &a.Product, &a.TermsVersion, &a.Currency, &a.Branch, &a.State, &a.Tail, &a.OpenedAt, &a.ClosedAt)
	return a, err
}

func scanSealed(r db.Row) (a sealedAccount, err error) {
	err = r.Scan(&a.ID, &a.Customer, &a.Class, &a.Product, &a.TermsVersion, &a.Currency, &a.Branch, &a.State, &a.Tail,
		&a.OpenedAt, &a.ClosedAt, &a.number, &a.nickname)
	return a, err
}
