package catalog

import (
	"context"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// newestVersion is the newest version of a product, begun or not, with its terms as text.
func newestVersion(ctx context.Context, tx *db.Tx, product string) (Version, string, bool, error) {
	const q = `
		SELECT v.product, p.kind, v.version, v.effective_from, v.terms
		  FROM catalog_version v
		  JOIN catalog_product p ON p.code = v.product
		 WHERE v.product = $1
		 ORDER BY v.version DESC
		 LIMIT 1`
	type row struct {
		v    Version
		text string
	}
	found, ok, err := db.Find(ctx, tx, func(r db.Row) (x row, err error) {
		if err = r.Scan(&x.v.Product, &x.v.Kind, &x.v.Number, &x.v.EffectiveFrom, &x.text); err == nil {
			x.v.Terms, err = parseTerms(x.v.Kind, x.text)
		}
		return x, err
	}, q, product)
	return found.v, found.text, ok, err
}

// insertVersion adds a version, unless its number is taken.
func insertVersion(ctx context.Context, tx *db.Tx, p Planned) (bool, error) {
	const q = `
		INSERT INTO catalog_version (product, version, effective_from, terms, made_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (product, version) DO NOTHING`
	n, err := tx.Exec(ctx, q, p.After.Product, p.After.Number, p.After.EffectiveFrom, p.text, tx.Now())
	return n == 1, err
}

func insertChange(ctx context.Context, tx *db.Tx, m Made) error {
	const q = `INSERT INTO catalog_change (product, version, asked_by, approved_by, request, made_at) VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := tx.Exec(ctx, q, m.Product, m.Number, m.AskedBy, strings.Join(m.ApprovedBy, " "), m.Request, tx.Now())
	return err
}

func versionsOf(ctx context.Context, tx *db.Tx, product string, limit int) ([]Made, error) {
	const q = `
		SELECT v.product, p.kind, v.version, v.effective_from, v.terms, v.made_at,
		       COALESCE(c.asked_by, ''), COALESCE(c.approved_by, ''), COALESCE(c.request, '')
		  FROM catalog_version v
		  JOIN catalog_product p ON p.code = v.product
		  LEFT JOIN catalog_change c ON c.product = v.product AND c.version = v.version
		 WHERE v.product = $1
		 ORDER BY v.version DESC
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (m Made, err error) {
		var text, approvers string
		if err = r.Scan(&m.Product, &m.Kind, &m.Number, &m.EffectiveFrom, &text, &m.MadeAt, &m.AskedBy, &approvers, &m.Request); err == nil {
			m.ApprovedBy = approversOf(approvers)
			m.Terms, err = parseTerms(m.Kind, text)
		}
		return m, err
	}, q, product, limit)
}

// plannedDays are the first days of versions that have not begun on a day, the last of each product.
func plannedDays(ctx context.Context, tx *db.Tx, on clock.Date) (map[string]clock.Date, error) {
	const q = `SELECT product, max(effective_from) FROM catalog_version WHERE effective_from > $1 GROUP BY product`
	all := make(map[string]clock.Date)
	err := tx.Each(ctx, func(r db.Row) error {
		var product string
		var from clock.Date
		err := r.Scan(&product, &from)
		all[product] = from
		return err
	}, q, on)
	return all, err
}
