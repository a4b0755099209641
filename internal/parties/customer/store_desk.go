package customer

import (
	"context"
	"slices"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// named asks for people of one name, whichever generation of the index knows them.
type named struct {
	indexes [][]byte
	after   id.Customer
	limit   int
}

func listNamed(ctx context.Context, tx *db.Tx, in access.Scope, n named) ([]id.Customer, error) {
	const q = `
		SELECT id
		  FROM customer_person
		 WHERE name_index = $1 AND id > $2 AND branch_path >= $3 AND branch_path < $4
		 ORDER BY id
		 LIMIT $5`
	from, to := in.Range()
	var all []id.Customer
	for _, index := range n.indexes {
		some, err := db.List(ctx, tx, db.Value[id.Customer], q, index, n.after, from, to, n.limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return all[:min(len(all), n.limit)], nil
}

// listReached are those of a list whose home branch a scope reaches.
func listReached(ctx context.Context, tx *db.Tx, in access.Scope, customers []id.Customer) ([]id.Customer, error) {
	const q = `
		SELECT p.id
		  FROM ROWS($1: id TEXT) AS r
		  JOIN customer_person p ON p.id = r.id
		 WHERE p.branch_path >= $2 AND p.branch_path < $3`
	from, to := in.Range()
	return db.List(ctx, tx, db.Value[id.Customer], q, ids(customers), from, to)
}
