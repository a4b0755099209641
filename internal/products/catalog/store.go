package catalog

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
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
	v.Terms, err = parseTerms(text)
	return v, err
}
