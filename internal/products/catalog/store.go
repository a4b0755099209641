package catalog

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/interest"
)

func insert(ctx context.Context, tx *db.Tx, code string, kind Kind, version int, from, terms string) error {
	const product = `
		INSERT INTO catalog_product (code, kind, made_at) VALUES ($1, $2, $3)
		ON CONFLICT (code) DO NOTHING`
	if err := tx.Queue(product, code, kind, tx.Now()); err != nil {
		return err
	}
	const q = `
		INSERT INTO catalog_version (product, version, effective_from, terms, made_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (product, version) DO NOTHING`
	_, err := tx.Exec(ctx, q, code, version, from, terms, tx.Now())
	return err
}

func inForce(ctx context.Context, tx *db.Tx, product string, on clock.Date) (Version, bool, error) {
	const q = `
		SELECT v.product, p.kind, v.version, v.effective_from, v.terms
		  FROM catalog_version v
		  JOIN catalog_product p ON p.code = v.product
		 WHERE v.product = $1 AND v.effective_from <= $2
		 ORDER BY v.version DESC
		 LIMIT 1`
	return db.Find(ctx, tx, scan, q, product, on)
}

func list(ctx context.Context, tx *db.Tx, kind Kind, on clock.Date) ([]Version, error) {
	const q = `
		SELECT v.product, p.kind, v.version, v.effective_from, v.terms
		  FROM catalog_version v
		  JOIN catalog_product p ON p.code = v.product
		 WHERE p.kind = $1 AND v.version = (
			SELECT max(o.version) FROM catalog_version o WHERE o.product = v.product AND o.effective_from <= $2)
		 ORDER BY v.product
		 LIMIT 200`
	return db.List(ctx, tx, scan, q, kind, on)
}

func scan(r db.Row) (Version, error) {
	var v Version
	var text string
	if err := r.Scan(&v.Product, &v.Kind, &v.Number, &v.EffectiveFrom, &text); err != nil {
		return v, err
	}
	var err error
	v.Terms, err = parseTerms(v.Kind, text)
	return v, err
}

func versionOf(ctx context.Context, tx *db.Tx, product string, number int) (Version, bool, error) {
	const q = `
		SELECT v.product, p.kind, v.version, v.effective_from, v.terms
		  FROM catalog_version v
		  JOIN catalog_product p ON p.code = v.product
		 WHERE v.product = $1 AND v.version = $2`
	return db.Find(ctx, tx, scan, q, product, number)
}

func insertRates(ctx context.Context, tx *db.Tx, rates []Posted) error {
	const q = `
		INSERT INTO catalog_rate (product, effective_from, least, rate, source, made_at)
		SELECT r.product, r.effective_from, r.least, r.rate, r.source, r.made_at
		  FROM ROWS($1: product TEXT, effective_from TEXT, least BIGINT, rate BIGINT, source TEXT, made_at BIGINT) AS r
		 WHERE true
		ON CONFLICT (product, effective_from, least) DO NOTHING`
	rows := db.NewRows(len(rates))
	for _, r := range rates {
		rows.Add(r.Product, r.From, r.Least.Minor(), r.Rate, r.Source, tx.Now())
	}
	_, err := tx.Exec(ctx, q, rows)
	return err
}

// ratesOn reads the newest posted rates of every product that have begun.
func ratesOn(ctx context.Context, tx *db.Tx, on clock.Date) ([]postedRow, error) {
	const q = `
		SELECT r.product, r.effective_from, r.least, r.rate, r.source, p.kind
		  FROM catalog_rate r
		  JOIN catalog_product p ON p.code = r.product
		 WHERE r.effective_from = (
			SELECT max(o.effective_from) FROM catalog_rate o WHERE o.product = r.product AND o.effective_from <= $1)
		 ORDER BY r.product, r.least`
	return db.List(ctx, tx, scanPosted, q, on)
}

func historyOf(ctx context.Context, tx *db.Tx, product string, limit int) ([]postedRow, error) {
	const q = `
		SELECT r.product, r.effective_from, r.least, r.rate, r.source, p.kind
		  FROM catalog_rate r
		  JOIN catalog_product p ON p.code = r.product
		 WHERE r.product = $1
		 ORDER BY r.effective_from DESC, r.least
		 LIMIT $2`
	return db.List(ctx, tx, scanPosted, q, product, limit)
}

// postedRow is a posted rate as it stands: the currency of its amount is the product's.
type postedRow struct {
	product string
	from    clock.Date
	least   int64
	rate    interest.Rate
	source  string
	kind    Kind
}

func scanPosted(r db.Row) (p postedRow, err error) {
	err = r.Scan(&p.product, &p.from, &p.least, &p.rate, &p.source, &p.kind)
	return p, err
}
